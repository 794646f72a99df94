"""The only code that writes about work."""

from .disputes import decide_due_dispute, open_dispute, vote_on_dispute, withdraw_dispute
from .hours import certify, correct_hours, log_hours, log_team_hours

__all__ = [
    "certify",
    "correct_hours",
    "decide_due_dispute",
    "log_hours",
    "log_team_hours",
    "open_dispute",
    "vote_on_dispute",
    "withdraw_dispute",
]
