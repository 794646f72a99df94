"""What is refused about hours, posts and shifts, and the rules by which posts open."""

from .hours import Refusal, refuse_impossible_hours
from .posts import PostRefusal

__all__ = ["PostRefusal", "Refusal", "refuse_impossible_hours"]
