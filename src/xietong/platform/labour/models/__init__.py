"""Hours and disputes about them, skills, posts, who holds them, shifts, and the duty rota."""

from .disputes import Dispute, DisputeBallot, Juror
from .hours import (
    DAYS_A_WEEK,
    MOST_MINUTES_A_DAY,
    MOST_MINUTES_A_WEEK,
    WEEKS_A_ROUND,
    Skill,
    WorkRecord,
)
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
from .rota import MINUTES_A_DAY, MINUTES_A_WEEK, Candidate, Part, Rota, Service, Turn
from .shifts import REST, Shift, ShiftPlace, Swap
from .skills import PersonSkill, SkillShare
from .turns import CAN_SERVE, Exchange, Exemption, Place

__all__ = [
    "CAN_SERVE",
    "DAYS_A_WEEK",
    "FULL_WEEK",
    "LONGEST_TURN",
    "MINUTES_A_DAY",
    "MINUTES_A_WEEK",
    "MOST_MINUTES_A_DAY",
    "MOST_MINUTES_A_WEEK",
    "REST",
    "WEEKS_A_ROUND",
    "Application",
    "Assignment",
    "Candidate",
    "Choice",
    "Dispute",
    "DisputeBallot",
    "Exchange",
    "Exemption",
    "Juror",
    "Matching",
    "Offer",
    "Part",
    "PersonSkill",
    "Place",
    "PlaceAtWork",
    "Post",
    "Rota",
    "Service",
    "Shift",
    "ShiftPlace",
    "Skill",
    "SkillShare",
    "Swap",
    "Turn",
    "WorkRecord",
    "WorkWithin",
]
