"""Hours, and the duty rota."""

from .hours import MOST_MINUTES_A_WEEK, WEEKS_A_ROUND, Skill, WorkRecord
from .rota import MINUTES_A_DAY, MINUTES_A_WEEK, Candidate, Rota, Service, Turn
from .turns import CAN_SERVE, Exchange, Exemption, Place

__all__ = [
    "CAN_SERVE",
    "MINUTES_A_DAY",
    "MINUTES_A_WEEK",
    "MOST_MINUTES_A_WEEK",
    "WEEKS_A_ROUND",
    "Candidate",
    "Exchange",
    "Exemption",
    "Place",
    "Rota",
    "Service",
    "Skill",
    "Turn",
    "WorkRecord",
]
