"""What happens by itself when people have chosen a scenario."""

from xietong.platform.decisions.effects import register
from xietong.platform.decisions.models import Motion

from . import actions


@register("adopt_scenario")
def adopt_scenario(motion: Motion) -> None:
    actions.adopt(motion.subject["round"], key=motion.winner)
