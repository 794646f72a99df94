"""Reading work."""

from .hours import (
    MINUTES_AN_HOUR,
    EnterpriseHours,
    HoursToCertify,
    MemberHours,
    MemberWeek,
    WeekOfWork,
    hours_by_enterprise,
    hours_of,
    hours_of_members,
    hours_to_certify,
    week_of_members,
)

__all__ = [
    "MINUTES_AN_HOUR",
    "EnterpriseHours",
    "HoursToCertify",
    "MemberHours",
    "MemberWeek",
    "WeekOfWork",
    "hours_by_enterprise",
    "hours_of",
    "hours_of_members",
    "hours_to_certify",
    "week_of_members",
]
