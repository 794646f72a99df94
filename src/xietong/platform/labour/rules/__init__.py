"""What is refused about hours, posts and shifts, and the rules by which posts open."""

from .hours import (
    Count,
    Refusal,
    days_of,
    quorum_of,
    refuse_impossible_line,
    refuse_impossible_week,
    spread,
)
from .posts import PostRefusal

__all__ = [
    "Count",
    "PostRefusal",
    "Refusal",
    "days_of",
    "quorum_of",
    "refuse_impossible_line",
    "refuse_impossible_week",
    "spread",
]
