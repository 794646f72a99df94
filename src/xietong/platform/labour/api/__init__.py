"""Hours, skills, posts and shifts for programs."""

from . import posts, shifts, skills
from .hours import router

router.add_router("", skills.router)
router.add_router("", posts.router)
router.add_router("", shifts.router)

__all__ = ["router"]
