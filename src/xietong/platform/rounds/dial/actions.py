"""Putting a question to the dial, working it out, and putting to the vote what it was asked."""

from collections.abc import Collection, Iterable
from datetime import timedelta
from uuid import UUID

from django.db import IntegrityError, transaction
from django.db.models import Q
from django.db.models.functions import Now

from xietong.planning import PlanningError, read_payout
from xietong.platform.base import Rejected, again_after_conflict, constraint_of
from xietong.platform.credits import queries as credits
from xietong.platform.decisions import actions as decisions
from xietong.platform.decisions.models import Motion
from xietong.platform.distribution import actions as distribution
from xietong.platform.people.models import Person
from xietong.platform.people.once import once
from xietong.platform.products.models import Product

from .. import tasks
from ..models import DialReading, Scenario
from ..rules import Refusal, may_ask
from . import reckoning
from .setting import Setting, Step, candidates, compared, observed_round, step_of, steps_to_share

# Drafts of plans come first.
AFTER_DRAFTS = -10
FAILED = "The dial could not be read; the fault has been logged / 测算未能完成，错误已记录"


@again_after_conflict
@once
@transaction.atomic
def ask(
    by: Person,
    *,
    spread: int | None = None,
    products: Collection[str] = (),
    percent: int | None = None,
    key: UUID | None = None,
) -> DialReading:
    """Ask what the plan says a change would do; who asks what was asked before gets that answer.

    Args:
        by: who asks.
        spread: of skill factors, in thousandths; by itself the present one.
        products: codes of those that take their next step towards need.
        percent: the share by need, of 100, up to which more products take a step, as
            `setting.candidates` orders them.

    Raises Rejected NO_PLAN_AT_WORK, SPREAD_OUT_OF_BOUNDS, NO_SUCH_STEP, NOTHING_CHANGED,
    ONE_AT_A_TIME, ENOUGH_FOR_TODAY, TOO_MANY_WAIT.
    """
    scenario = compared()
    packed = credits.payout_files(scenario.round_id) if scenario else None
    if scenario is None or packed is None:
        raise Rejected(Refusal.NO_PLAN_AT_WORK)
    present = credits.spread_in(scenario.round_id)
    if spread is not None and not 0 <= spread < 1000:
        raise Rejected(Refusal.SPREAD_OUT_OF_BOUNDS)
    steps = _steps(products)
    if percent is not None:
        goods = read_payout(packed).basis.goods
        steps += steps_to_share(percent / 100, goods, products, candidates())
    setting = Setting(
        present if spread is None else spread,
        {step.product.code: step.to_mode for step in steps},
    )
    if setting.spread == present and not setting.steps:
        raise Rejected(Refusal.NOTHING_CHANGED)
    return _asked(by, scenario, setting)


def answer(reading_id: UUID) -> None:
    """Work out a reading that waits, and keep the answer, or why there is none."""
    reading = (
        DialReading.objects.filter(pk=reading_id, answered_at=None)
        .select_related("scenario")
        .first()
    )
    if reading is None:
        return
    found, trouble = None, ""
    try:
        found = reckoning.reckoned(reading)
    except PlanningError as why:
        trouble = str(why)
    except Exception:
        # Whoever asked must not wait for ever, nor be kept from asking something else.
        _keep(reading_id, None, FAILED)
        raise
    _keep(reading_id, found, trouble)


@once
@transaction.atomic
def put_to_vote(
    by: Person, *, reading: DialReading, product: str = "", key: UUID | None = None
) -> Motion:
    """Let all decide on one change of a reading: the step of a product, or without one the spread.

    The motion leads to the reading. Raises Rejected NOT_IN_THE_READING, and what
    `decisions.put_spread_to_vote` and `distribution.put_to_vote` raise.
    """
    if product:
        if product not in reading.steps:
            raise Rejected(Refusal.NOT_IN_THE_READING, product)
        moved = Product.objects.get(code=product)
        return distribution.put_to_vote(by, product=moved, reading=reading.id)
    if reading.spread == credits.spread_in(reading.scenario.round_id):
        raise Rejected(Refusal.NOT_IN_THE_READING)
    return decisions.put_spread_to_vote(
        by,
        round_number=credits.first_unrated_round(),
        values=[reading.spread],
        reading=reading.id,
    )


def _steps(products: Iterable[str]) -> list[Step]:
    codes = set(products)
    # No text in PostgreSQL holds a NUL.
    known = Product.objects.filter(code__in=[code for code in codes if "\0" not in code])
    found = [step_of(product) for product in known]
    steps = [step for step in found if step]
    if missing := sorted(codes - {step.product.code for step in steps}):
        raise Rejected(Refusal.NO_SUCH_STEP, ", ".join(missing))
    return steps


def _asked(by: Person, scenario: Scenario, setting: Setting) -> DialReading:
    same = DialReading.objects.filter(
        scenario=scenario, observed=observed_round(), question=setting.question, trouble=""
    )
    if there := same.first():
        return there
    mine = Q(asked_by=by)
    waiting = DialReading.objects.filter(answered_at=None)
    refusal = may_ask(
        waiting.filter(mine).exists(),
        DialReading.objects.filter(mine, asked_at__gt=Now() - timedelta(days=1)).count(),
        waiting.count(),
    )
    if refusal:
        raise Rejected(refusal)
    try:
        with transaction.atomic():
            reading = DialReading.objects.create(
                scenario=scenario,
                observed=observed_round(),
                spread=setting.spread,
                steps=dict(setting.steps),
                question=setting.question,
                asked_by=by,
            )
    except IntegrityError as error:
        # Somebody has asked the same at this moment, or this person something else.
        if constraint_of(error) == "rounds_dialreading_once":
            return same.get()
        raise Rejected(Refusal.ONE_AT_A_TIME) from error
    tasks.read_dial.configure(
        queueing_lock=f"rounds.read_dial.{reading.id}", priority=AFTER_DRAFTS
    ).defer(reading=str(reading.id))
    return reading


def _keep(reading_id: UUID, found: object, trouble: str) -> None:
    DialReading.objects.filter(pk=reading_id, answered_at=None).update(
        answer=found, trouble=trouble, answered_at=Now()
    )
