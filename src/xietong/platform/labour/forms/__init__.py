"""What a person fills in about hours, skills, posts and shifts."""

from .hours import (
    CorrectionForm,
    DisputeForm,
    HoursField,
    TeamForm,
    WeekForm,
    in_hours,
    shown_days,
)
from .posts import ArrangeForm, MixForm, SkillForm, WishForm
from .shifts import ShiftForm

__all__ = [
    "ArrangeForm",
    "CorrectionForm",
    "DisputeForm",
    "HoursField",
    "MixForm",
    "ShiftForm",
    "SkillForm",
    "TeamForm",
    "WeekForm",
    "WishForm",
    "in_hours",
    "shown_days",
]
