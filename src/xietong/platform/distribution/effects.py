"""What happens by itself when people have voted on a product's next step."""

from xietong.platform.decisions.effects import register
from xietong.platform.decisions.models import Motion

from . import actions
from .courses import EFFECT, PROMOTE


@register(EFFECT, by_hand=True)
def set_distribution(motion: Motion) -> None:
    """Subject: product, mode_before, mode, quota; the option "promote" takes the step."""
    if motion.winner == PROMOTE:
        actions.take_step(motion)
