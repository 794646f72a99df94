"""Work: what people can do, the hours they work, and what they dispute about them."""

from .disputes import Dispute, DisputeBallot
from .hours import (
    DAYS_A_WEEK,
    MOST_MINUTES_A_DAY,
    MOST_MINUTES_A_WEEK,
    WEEKS_A_ROUND,
    Skill,
    WorkRecord,
)

__all__ = [
    "DAYS_A_WEEK",
    "MOST_MINUTES_A_DAY",
    "MOST_MINUTES_A_WEEK",
    "WEEKS_A_ROUND",
    "Dispute",
    "DisputeBallot",
    "Skill",
    "WorkRecord",
]
