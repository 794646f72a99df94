"""What a person fills in about hours, skills, posts and shifts."""

from .hours import HoursField, TeamForm, WeekForm, in_hours
from .posts import ArrangeForm, MixForm, SkillForm, WishForm
from .shifts import ShiftForm

__all__ = [
    "ArrangeForm",
    "HoursField",
    "MixForm",
    "ShiftForm",
    "SkillForm",
    "TeamForm",
    "WeekForm",
    "WishForm",
    "in_hours",
]
