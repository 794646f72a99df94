"""Work: what people can do, and the hours they work."""

from .hours import MOST_MINUTES_A_WEEK, WEEKS_A_ROUND, Skill, WorkRecord

__all__ = ["MOST_MINUTES_A_WEEK", "WEEKS_A_ROUND", "Skill", "WorkRecord"]
