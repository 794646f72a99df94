"""The only code that writes about work."""

from .hours import certify, log_hours, log_team_hours

__all__ = ["certify", "log_hours", "log_team_hours"]
