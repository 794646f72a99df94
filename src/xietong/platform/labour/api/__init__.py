"""Hours, skills, posts, shifts and the duty rota for programs."""

from . import posts, rota, shifts, skills
from .hours import router

router.add_router("", skills.router)
router.add_router("", posts.router)
router.add_router("", shifts.router)
router.add_router("/rota", rota.router)

__all__ = ["router"]
