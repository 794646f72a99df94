"""The only code that writes hours and the duty rota."""

from .exemptions import ask_exemption, decide_exemption
from .hours import certify, log_hours, log_team_hours
from .rota import add_service, announce_rota, draw_rota
from .turns import (
    agree_exchange,
    confirm_turn,
    decline_exchange,
    offer_turn,
    propose_exchange,
    take_turn,
    volunteer,
    withdraw_offer,
)

__all__ = [
    "add_service",
    "agree_exchange",
    "announce_rota",
    "ask_exemption",
    "certify",
    "confirm_turn",
    "decide_exemption",
    "decline_exchange",
    "draw_rota",
    "log_hours",
    "log_team_hours",
    "offer_turn",
    "propose_exchange",
    "take_turn",
    "volunteer",
    "withdraw_offer",
]
