"""Reading work."""

from .disputes import (
    DisputeEntry,
    DisputeNumbers,
    dispute_numbers,
    disputes_of,
    due_disputes,
    hours_seen_by,
)
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
from .line import LineHours, line_hours_minimum, line_hours_of

__all__ = [
    "MINUTES_AN_HOUR",
    "DisputeEntry",
    "DisputeNumbers",
    "EnterpriseHours",
    "HoursToCertify",
    "LineHours",
    "MemberHours",
    "MemberWeek",
    "WeekOfWork",
    "dispute_numbers",
    "disputes_of",
    "due_disputes",
    "hours_by_enterprise",
    "hours_of",
    "hours_of_members",
    "hours_seen_by",
    "hours_to_certify",
    "line_hours_minimum",
    "line_hours_of",
    "week_of_members",
]
