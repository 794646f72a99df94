"""What an hour counts by the skill it was worked by, inside the spread that people have voted."""

from uuid import UUID

from django.db import connection, transaction

from xietong.platform.base import Rejected
from xietong.platform.labour.models import Skill
from xietong.platform.record.actions import submit

from ..models import Factor, Rate, Spread
from ..rules import Refusal


@transaction.atomic
def set_spread(round_number: int, *, thousandths: int, decision: UUID | None = None) -> Spread:
    """How far from 1 factors may lie from a round on, in thousandths; `decision` is a motion's id.

    Raises Rejected ROUND_HAS_BEGUN if that round has its rate, or a spread holds from a later one
    on, NOT_NARROWER without a decision.
    """
    _lock()
    last = Spread.objects.first()
    if _has_begun(round_number) or (last and round_number < last.round_number):
        raise Rejected(Refusal.ROUND_HAS_BEGUN, str(round_number))
    if decision is None and thousandths > (last.thousandths if last else 0):
        raise Rejected(Refusal.NOT_NARROWER)
    spread = Spread.objects.create(
        round_number=round_number, thousandths=thousandths, decision=decision
    )
    submit(
        "spread",
        {"round": round_number, "spread": thousandths, "decision": decision and str(decision)},
    )
    return spread


@transaction.atomic
def set_factor(
    skill: Skill, *, round_number: int, thousandths: int, decision: UUID | None = None
) -> Factor:
    """What an hour worked by a skill counts from a round on, in thousandths of an hour.

    Raises Rejected ROUND_HAS_BEGUN if that round has its rate, OUTSIDE_SPREAD.
    """
    _lock()
    if _has_begun(round_number):
        raise Rejected(Refusal.ROUND_HAS_BEGUN, str(round_number))
    spread = Spread.objects.filter(round_number__lte=round_number).first()
    if abs(thousandths - 1000) > (spread.thousandths if spread else 0):
        raise Rejected(Refusal.OUTSIDE_SPREAD)
    factor = Factor.objects.create(
        skill=skill, round_number=round_number, thousandths=thousandths, decision=decision
    )
    submit(
        "skill-factor",
        {
            "name_en": skill.name_en,
            "name_zh": skill.name_zh,
            "skill": skill.code,
            "round": round_number,
            "factor": thousandths,
            "decision": decision and str(decision),
        },
    )
    return factor


def _has_begun(round_number: int) -> bool:
    return Rate.objects.filter(round_number__gte=round_number).exists()


def _lock() -> None:
    """Spreads, factors and rates are written one at a time, as the tables' triggers have it."""
    with connection.cursor() as cursor:
        cursor.execute("SELECT pg_advisory_xact_lock(hashtext('credits_factor'))")
