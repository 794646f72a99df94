"""What happens by itself when a motion is decided, each effect under its name."""

from collections.abc import Callable
from decimal import Decimal

from xietong.platform.credits import actions as credits
from xietong.platform.credits import queries as credit_queries
from xietong.platform.labour.models import Skill
from xietong.platform.record import actions as record

from .models import Motion

Effect = Callable[[Motion], None]
_effects: dict[str, Effect] = {}


def register(name: str) -> Callable[[Effect], Effect]:
    """Decorator: run the function when a motion with this effect is decided.

    It takes the decided motion, with `winner` and `subject`, inside the transaction that decides
    it; what it raises leaves the motion open. Raises ValueError for a name that is taken.
    """

    def remember(effect: Effect) -> Effect:
        if _effects.setdefault(name, effect) is not effect:
            raise ValueError(f"the effect {name} is registered twice")
        return effect

    return remember


def registered(name: str) -> Effect:
    """The effect by its name. Raises LookupError."""
    return _effects[name]


@register("set_parameter")
def set_parameter(motion: Motion) -> None:
    """Set a parameter to what the winner says: subject {"code": …, "values": {option: "0.8"}}."""
    record.set_parameter(
        motion.subject["code"],
        value=Decimal(motion.subject["values"][motion.winner]),
        reason="vote / 表决",
    )


@register("set_spread")
def set_spread(motion: Motion) -> None:
    """Set how far skill factors may lie from 1, from a round on.

    Subject {"round": 4, "values": {option: thousandths}}.
    """
    credits.set_spread(
        _from_round(motion),
        thousandths=motion.subject["values"][motion.winner],
        decision=motion.pk,
    )


@register("set_factor")
def set_factor(motion: Motion) -> None:
    """Set what an hour by a skill counts, from a round on.

    Subject {"skill": code, "round": 4, "values": {option: thousandths}}.
    """
    credits.set_factor(
        Skill.objects.get(code=motion.subject["skill"]),
        round_number=_from_round(motion),
        thousandths=motion.subject["values"][motion.winner],
        decision=motion.pk,
    )


def _from_round(motion: Motion) -> int:
    """The round that was voted on, or the first whose rate is not published yet."""
    return max(int(motion.subject["round"]), credit_queries.first_unrated_round())
