"""What happens to distribution when a round closes: sums are written, and the rules speak."""

from collections.abc import Mapping
from decimal import Decimal

from django.db import transaction

from xietong.platform.base import SMALLEST_CELL
from xietong.platform.products import actions as products
from xietong.platform.products.models import Product
from xietong.platform.products.queries import trials_over
from xietong.platform.record import actions as record
from xietong.platform.record.models import Parameter

from ..courses import Dossier, dossiers
from ..models import Move, Proposal
from ..parameters import DEFINITIONS, Limits, in_force
from ..rules import Verdict, quota_of, step_of, verdict
from ..wording import why_rolled_back
from .standings import write_standings


@transaction.atomic
def publish_parameters() -> None:
    """Define each parameter of the rules that a country does not have yet; others stay."""
    there = set(Parameter.objects.values_list("code", flat=True))
    for each in DEFINITIONS:
        if each.code not in there:
            record.define_parameter(
                each.code,
                name_en=each.name_en,
                name_zh=each.name_zh,
                value=Decimal(each.value),
                lowest=Decimal(each.lowest),
                highest=Decimal(each.highest),
                unit_en=each.unit_en,
                unit_zh=each.unit_zh,
                reason="As the rules of distribution are first published / 按需分配规则首次公布",
            )


@transaction.atomic
def review(round_number: int, *, values: Mapping[str, float]) -> None:
    """Write the dossiers of a settled round, and do what the published rules say by themselves.

    A trial whose rounds are over ends. What is to be rolled back is, with notice, from the first
    round whose orders are not open yet. Everything else is proposed and waits for people.

    Args:
        round_number: a settled round that has not been reviewed.
        values: hours of labour in a unit by product code.
    """
    publish_parameters()
    write_standings(round_number, values)
    limits = in_force()
    _end_trials(round_number)
    proposals = []
    for each in dossiers(round_number, limits):
        said = verdict(each.course, limits)
        proposals.append(_proposal(round_number, each, said, limits))
        if said.move == Move.ROLL_BACK:
            _roll_back(round_number, each, said, limits)
    Proposal.objects.bulk_create(proposals, batch_size=5000)


def _end_trials(round_number: int) -> None:
    for trial in trials_over(round_number):
        products.end_trial(trial, round_number=round_number, failed=False)


def _proposal(number: int, each: Dossier, said: Verdict, limits: Limits) -> Proposal:
    told = each.cell >= SMALLEST_CELL
    newest, free = each.newest, each.estimate if told else None
    to_mode = step_of(said, each.product.mode)
    return Proposal(
        round_number=number,
        product=each.product,
        move=said.move,
        reason=said.reason,
        mode=each.product.mode,
        to_mode=to_mode,
        to_quota=_quota(each, said.move, to_mode, limits),
        trial=each.trial,
        cover=newest.cover if told else None,
        use=newest.use if told else None,
        free_use=free.per_head if free else None,
        free_low=free.low if free else None,
        free_high=free.high if free else None,
        hours=each.course.hours if told else None,
        budget=each.course.budget,
    )


def _quota(each: Dossier, move: Move, to_mode: str, limits: Limits) -> int | None:
    if to_mode != Product.Mode.QUOTA:
        return None
    if each.product.mode == to_mode:
        return each.product.quota
    if move == Move.PROMOTE and each.trial:
        return each.trial.quota
    times = 1.0 if move == Move.ROLL_BACK else limits.quota_times
    return quota_of(each.recent, times)


def _roll_back(number: int, each: Dossier, said: Verdict, limits: Limits) -> None:
    if each.trial and each.trial.ended_round is None:
        products.end_trial(each.trial, round_number=number, failed=True)
    if said.of_trial:
        return
    mode = step_of(said, each.product.mode)
    reason = why_rolled_back(number, said.reason, each.newest)
    products.set_mode(
        each.product,
        mode=mode,
        quota=_quota(each, Move.ROLL_BACK, mode, limits),
        reason_en=reason.en,
        reason_zh=reason.zh,
        by_rule=True,
    )
