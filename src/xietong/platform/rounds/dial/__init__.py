"""The policy dial: what the plan says a change of spread or of distribution would do."""

from .reckoning import reckoned
from .setting import Setting, Step, candidates, compared, observed_round, step_of, steps_to_share

__all__ = [
    "Setting",
    "Step",
    "candidates",
    "compared",
    "observed_round",
    "reckoned",
    "step_of",
    "steps_to_share",
]
