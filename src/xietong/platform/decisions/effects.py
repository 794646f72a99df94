"""What happens by itself when a motion is decided, each effect under its name."""

from collections.abc import Callable
from decimal import Decimal

from xietong.platform.credits import actions as credits
from xietong.platform.credits import queries as credit_queries
from xietong.platform.labour.models import Skill
from xietong.platform.people import actions as people
from xietong.platform.people.rules import present_round
from xietong.platform.record import actions as record

from .models import Motion

Effect = Callable[[Motion], None]
_effects: dict[str, Effect] = {}
_ended_by_hand: set[str] = set()


def register(name: str, *, by_hand: bool = False) -> Callable[[Effect], Effect]:
    """Decorator: run the function when a motion with this effect is decided.

    `by_hand`: who holds the planning duty may end such a vote; others end with what they are
    part of.

    It takes the decided motion, with `winner` and `subject`, inside the transaction that decides
    it; what it raises leaves the motion open. Raises ValueError for a name that is taken.
    """

    def remember(effect: Effect) -> Effect:
        if _effects.setdefault(name, effect) is not effect:
            raise ValueError(f"the effect {name} is registered twice")
        if by_hand:
            _ended_by_hand.add(name)
        return effect

    return remember


def registered(name: str) -> Effect:
    """The effect by its name. Raises LookupError."""
    return _effects[name]


def ended_by_hand(name: str) -> bool:
    """Whether a vote with this effect ends when who holds the planning duty says so."""
    return name in _ended_by_hand


@register("set_parameter", by_hand=True)
def set_parameter(motion: Motion) -> None:
    """Set a parameter to what the winner says: subject {"code": …, "values": {option: "0.8"}}."""
    record.set_parameter(
        motion.subject["code"],
        value=Decimal(motion.subject["values"][motion.winner]),
        reason="vote / 表决",
    )


@register("set_spread", by_hand=True)
def set_spread(motion: Motion) -> None:
    """Set how far skill factors may lie from 1, from a round on.

    Subject {"round": 4, "values": {option: thousandths}}.
    """
    credits.set_spread(
        _from_round(motion),
        thousandths=motion.subject["values"][motion.winner],
        decision=motion.pk,
    )


@register("set_factor", by_hand=True)
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


@register("set_allowance_rule", by_hand=True)
def set_allowance_rule(motion: Motion) -> None:
    """Lay down the rule that won: subject {"ground": …, "rules": {option: {"share": 600, …}}}.

    It holds from the next round; the present rule, which stands first, stays as it is.
    """
    if motion.winner == "0":
        return
    people.set_need_rule(
        motion.subject["ground"],
        **motion.subject["rules"][motion.winner],
        from_round=present_round() + 1,
        reason="vote / 表决",
        motion=motion.pk,
    )
