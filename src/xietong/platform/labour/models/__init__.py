"""Hours, skills, posts and who has them, shifts."""

from .hours import MOST_MINUTES_A_WEEK, WEEKS_A_ROUND, Skill, WorkRecord
from .posts import (
    FULL_WEEK,
    LONGEST_TURN,
    Application,
    Assignment,
    Choice,
    Matching,
    Offer,
    PlaceAtWork,
    Post,
    WorkWithin,
)
from .shifts import REST, Shift, ShiftPlace, Swap
from .skills import PersonSkill, SkillShare

__all__ = [
    "FULL_WEEK",
    "LONGEST_TURN",
    "MOST_MINUTES_A_WEEK",
    "REST",
    "WEEKS_A_ROUND",
    "Application",
    "Assignment",
    "Choice",
    "Matching",
    "Offer",
    "PersonSkill",
    "PlaceAtWork",
    "Post",
    "Shift",
    "ShiftPlace",
    "Skill",
    "SkillShare",
    "Swap",
    "WorkRecord",
    "WorkWithin",
]
