"""The course of each product, gathered from the sums of closed rounds for the rules to judge."""

from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass

from xietong.platform.credits import queries as credits
from xietong.platform.decisions.models import Motion
from xietong.platform.products.models import Change, Product, Trial
from xietong.platform.products.rules import next_mode

from .estimate import Estimate, Pair, saturation
from .models import Standing
from .parameters import Limits
from .rules import Course, Observed, Tried, cost_of_step

LOOKED_BACK = 24  # rounds; the longest that any parameter can ask for, and some
EFFECT, PROMOTE, KEEP = "set_distribution", "promote", "keep"


@dataclass(frozen=True)
class Dossier:
    """What is known of a product when a round closes.

    `newest` is of everyone in that round, `recent` of the rounds under the present rule, `trial`
    the latest one of the next step. `cell` is the fewest persons behind any of its figures.
    """

    product: Product
    course: Course
    newest: Observed
    recent: Sequence[Observed]
    trial: Trial | None
    estimate: Estimate | None
    cell: int


@dataclass(frozen=True)
class _Past:
    """What was decided before, by product code; `expected` by code and rule."""

    since: Mapping[str, int]
    rolled_back: Mapping[str, int]
    kept: Mapping[str, int]
    voting: frozenset[str]
    trials: Mapping[str, Trial]
    expected: Mapping[tuple[str, str], float]


def dossiers(round_number: int, limits: Limits) -> list[Dossier]:
    """The dossier of every product that people could order in a round, by code."""
    rows: dict[str, list[Standing]] = defaultdict(list)
    for row in Standing.objects.filter(
        round_number__gt=round_number - LOOKED_BACK, round_number__lte=round_number
    ).order_by("product_id", "round_number", "apart"):
        rows[row.product_id].append(row)
    past = _past()
    rate = credits.rate(round_number)
    budget = float(rate.total_hours) * limits.budget_share if rate else 0.0
    products = Product.objects.in_bulk(list(rows))
    return [
        _dossier(products[code], found, past, round_number, limits, budget)
        for code, found in rows.items()
        if found[-1].round_number == round_number
    ]


def observed(rows: Sequence[Standing]) -> Observed:
    """The sums of these rows together."""
    return Observed(
        persons=sum(row.persons for row in rows),
        askers=sum(row.askers for row in rows),
        takers=sum(row.takers for row in rows),
        asked=sum(row.asked for row in rows),
        promised=sum(row.promised for row in rows),
        taken=sum(row.taken for row in rows),
        missed=sum(row.missed for row in rows),
    )


def _dossier(
    product: Product,
    rows: Sequence[Standing],
    past: _Past,
    number: int,
    limits: Limits,
    budget: float,
) -> Dossier:
    code = product.code
    since = past.since.get(code, 0)
    rest = {row.round_number: row for row in rows if not row.apart}
    apart = {row.round_number: row for row in rows if row.apart}
    # The rest alone while a region stands apart: it tells how the present rule does.
    seen = [observed([row]) for row in rest.values() if row.round_number >= since]
    newest = observed([row for row in rows if row.round_number == number])
    trial = past.trials.get(code)
    if trial and (trial.mode != next_mode(product.mode) or trial.first_round < since):
        trial = None
    tried = _tried(trial, apart, number) if trial else None
    estimate = _estimate(trial, rest, apart, limits) if trial else None
    last = rest[number]
    course = Course(
        mode=product.mode,
        observed=tuple(seen),
        tried=tried,
        waited=_waited(code, past, number),
        voting=code in past.voting,
        expected=past.expected.get((code, product.mode)),
        hours=cost_of_step(
            newest,
            estimate.per_head if estimate else None,
            mode=product.mode,
            value=last.value,
            price=last.price,
        ),
        budget=budget,
    )
    return Dossier(
        product=product,
        course=course,
        newest=newest,
        recent=seen[-limits.rounds :] or [newest],
        trial=trial,
        estimate=estimate,
        cell=min(
            [newest.askers]
            + [row.askers for n, row in apart.items() if trial and n >= trial.first_round]
        ),
    )


def _tried(trial: Trial, apart: Mapping[int, Standing], number: int) -> Tried:
    return Tried(
        observed=tuple(observed([apart[n]]) for n in _rounds_of(trial) if n in apart),
        over_since=None if trial.ended_round is None else number - trial.ended_round,
        failed=trial.failed,
    )


def _estimate(
    trial: Trial,
    rest: Mapping[int, Standing],
    apart: Mapping[int, Standing],
    limits: Limits,
) -> Estimate | None:
    def pairs(numbers: Iterable[int]) -> list[Pair]:
        return [
            (observed([apart[n]]).use, observed([rest[n]]).use)
            for n in numbers
            if n in apart and n in rest
        ]

    present = observed([rest[max(rest)]]).use
    before = pairs(n for n in sorted(apart) if n < trial.first_round)
    return saturation(pairs(_rounds_of(trial)), before, present, limits.levelled_rounds)


def _rounds_of(trial: Trial) -> range:
    last = trial.last_round if trial.ended_round is None else trial.ended_round
    return range(trial.first_round, last + 1)


def _waited(code: str, past: _Past, number: int) -> int | None:
    begun = [since[code] for since in (past.rolled_back, past.kept) if code in since]
    return number - max(begun) if begun else None


def _past() -> _Past:
    changes = Change.objects.order_by("product_id", "-id").distinct("product_id")
    latest = {change.product_id: change for change in changes}
    kept: dict[str, int] = {}
    expected: dict[tuple[str, str], float] = {}
    voting = set()
    for motion in Motion.objects.filter(effect=EFFECT).order_by("id"):
        subject = motion.subject
        code, high = subject["product"], subject["high"]
        if motion.state == Motion.State.OPEN:
            voting.add(code)
        elif motion.winner != PROMOTE:
            kept[code] = subject["round"]
        elif high is not None:
            expected[code, subject["mode"]] = float(high)
    return _Past(
        since={code: change.first_round for code, change in latest.items()},
        rolled_back={code: each.first_round for code, each in latest.items() if each.by_rule},
        kept=kept,
        voting=frozenset(voting),
        trials={
            trial.product_id: trial
            for trial in Trial.objects.order_by("product_id", "-id").distinct("product_id")
        },
        expected=expected,
    )
