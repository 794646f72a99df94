"""What writes dossiers, and moves products towards need and back."""

from .review import publish_parameters, review
from .steps import put_to_vote, start_trial, take_step

__all__ = ["publish_parameters", "put_to_vote", "review", "start_trial", "take_step"]
