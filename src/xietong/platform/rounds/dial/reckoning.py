"""What a setting of the dial would do, reckoned on the plan at work and the newest closed round.

The plan is made again with what people are expected to ask for of the products that move; hours,
prices and payout follow from it by the published rules. Each person's work of the closed round
counts by the factors as they would be, at the payout as it would be.
"""

from collections.abc import Iterable, Mapping
from dataclasses import asdict, dataclass, replace
from decimal import Decimal
from typing import Any

import polars as pl

from xietong.planning import Economy, Payout, PayoutBasis, Plan, labour_values, payout, read_payout
from xietong.platform.credits import queries as credits
from xietong.platform.distribution.models import Proposal
from xietong.platform.people.queries import numbers_on_the_roll
from xietong.platform.products.models import Product

from .. import payouts, scenarios
from ..economy import COMMON, HOUSEHOLD, LATER
from ..models import DialReading
from ..tiers import Tier
from .persons import goods_by_need, incomes, minutes_by_skill
from .setting import by_need

SECONDS = 300  # for planning again; what has been found by then is told with its gap
PLACES = Decimal("0.000001")


@dataclass(frozen=True)
class Expected:
    """What people asked for of a product that moves, and would ask for; in units."""

    product: str
    mode: str
    to_mode: str
    asked: float
    expected: float
    tried: bool


@dataclass(frozen=True)
class Side:
    """The plan on one side of the comparison, and the payout that follows from it."""

    economy: Economy
    plan: Plan
    basis: PayoutBasis
    payout: Payout

    @property
    def mean_issue(self) -> float:
        """What a worker is issued on the mean, in 1/1000 credits: allowances are shares of it."""
        basis = self.basis
        return self.payout.per_hour * float(basis.hours * basis.mean_factor) / basis.workers

    @property
    def hours_a_worker(self) -> float:
        return float(self.basis.hours) / self.basis.workers

    def tiers(self) -> dict[str, float]:
        """By tier, the share met of this round's needs, by labour."""
        content = {good.product: float(good.value) for good in self.basis.goods}
        wanted: dict[str, float] = dict.fromkeys(Tier, 0.0)
        met = dict(wanted)
        now = self.plan.deliveries.filter(pl.col("period") == 1)
        for tier, product, target, delivered in now.select(
            "tier", "product", "target", "delivered"
        ).iter_rows():
            wanted[tier] += target * content[product]
            met[tier] += min(target, delivered) * content[product]
        return {tier: met[tier] / wanted[tier] for tier in Tier if wanted[tier]}


def reckoned(reading: DialReading) -> dict[str, Any]:
    """The answer to a reading, to be kept as JSON; `[before, after]` wherever there are two.

    Hours are hours, credits and hours of labour content thousandths. Raises PlanningError.
    """
    scenario = reading.scenario
    packed = credits.payout_files(scenario.round_id)
    if packed is None:
        raise LookupError(f"round {scenario.round_id} has no payout to compare with")
    published = read_payout(packed)
    kept = scenarios.unzipped(scenario)
    before = Side(kept.origin(), kept, published.basis, published.payout)
    expected = _expected(kept.origin(), reading.steps)
    spreads = credits.spread_in(scenario.round_id), reading.spread
    factors = _factors(scenario.round_id, *spreads)
    worked = minutes_by_skill(reading.observed)
    after = _after(before, expected, _lift(worked, factors))
    sides = (before, after)
    return {
        "gap": after.plan.certificate.gap,
        "spread": spreads,
        "hours": [float(side.basis.hours) for side in sides],
        "tiers": _pairs(*(side.tiers() for side in sides)),
        "by_need": [by_need(side.basis.goods) for side in sides],
        "per_hour": [side.payout.per_hour for side in sides],
        "mean_factor": [float(side.basis.mean_factor) for side in sides],
        "allowances": _pairs(*(side.payout.allowances for side in sides)),
        "claimable": [side.payout.claimable for side in sides],
        "deductions": _pairs(*(side.payout.deductions for side in sides)),
        "factors": {skill: each for skill, each in factors.items() if each[0] != each[1]},
        **_persons(reading.observed, sides, factors),
        "steps": [
            asdict(each) | {"promised": [_promised(side, each.product) for side in sides]}
            for each in expected
        ],
    }


def _expected(economy: Economy, steps: Mapping[str, str]) -> list[Expected]:
    """By the newest dossier: what was tried, else as much as people asked for now."""
    targets = dict(economy.needs.filter(pl.col("period") == 1).select("need", "target").iter_rows())
    newest = {
        proposal.product_id: proposal
        for proposal in Proposal.objects.filter(product__in=steps)
        .order_by("product_id", "-round_number")
        .distinct("product_id")
    }
    persons = numbers_on_the_roll()
    everyone = persons.workers + persons.on_allowance
    found = []
    for product in Product.objects.filter(code__in=steps).order_by("code"):
        asked = targets.get(f"{HOUSEHOLD}:{product.code}", 0.0)
        proposal = newest.get(product.code)
        tried = proposal.free_use if proposal and proposal.to_mode != proposal.mode else None
        units = asked if tried is None else max(asked, tried * everyone)
        found.append(
            Expected(
                product=product.code,
                mode=product.mode,
                to_mode=steps[product.code],
                asked=asked,
                # What nobody asked for is no need of the plan, and nothing is known of it.
                expected=units if asked else 0.0,
                tried=tried is not None,
            )
        )
    return found


def _after(before: Side, expected: Iterable[Expected], lift: Decimal) -> Side:
    expected = list(expected)
    economy, drawn = before.economy, before.plan
    more = {each.product: each.expected for each in expected if each.expected > each.asked}
    if more:
        endings = {f"{HOUSEHOLD}:{product}": units for product, units in more.items()}
        targets: dict[Any, float | str] = {
            need: endings[ending]
            for need in economy.needs["need"]
            if (ending := need.split(":", 2)[2] if need.startswith(f"{LATER}:") else need)
            in endings
        }
        again = drawn.with_changes(targets=targets, time_limit=SECONDS)
        economy, drawn = again.economy, again.plan
    basis = replace(before.basis, mean_factor=(before.basis.mean_factor * lift).quantize(PLACES))
    if more:
        basis = _replanned(basis, economy, drawn)
    modes = {each.product: each.to_mode for each in expected}
    basis = replace(
        basis,
        goods=tuple(replace(good, mode=modes.get(good.product, good.mode)) for good in basis.goods),
    )
    return Side(economy, drawn, basis, payout(basis))


def _replanned(basis: PayoutBasis, economy: Economy, drawn: Plan) -> PayoutBasis:
    """The basis of a payout with the quantities, values and hours of another plan."""
    runs = scenarios.runs_now(drawn)
    values = dict(labour_values(economy, runs).iter_rows())
    flows = {flow.product: flow for flow in scenarios.flows(economy, drawn, runs, values)}
    now = drawn.deliveries.filter(pl.col("period") == 1)
    delivered = {
        need: payouts.promised_units(min(units, target))
        for need, units, target in now.select("need", "delivered", "target").iter_rows()
    }
    goods = []
    for good in basis.goods:
        flow = flows[good.product]
        goods.append(
            replace(
                good,
                value=payouts.value_of(flow.value),
                made=payouts.units_of(flow.made),
                used=payouts.units_of(flow.used),
                delivered=payouts.units_of(flow.delivered),
                opening=payouts.units_of(flow.opening),
                closing=payouts.units_of(flow.closing),
                promised=int(delivered.get(f"{HOUSEHOLD}:{good.product}", Decimal(0))),
            )
        )
    return replace(
        basis,
        hours=scenarios.hours_of(scenarios.tasks_of(economy, runs)),
        goods=tuple(goods),
        common=tuple(
            replace(use, quantity=delivered.get(f"{COMMON}:{use.need}", Decimal(0)))
            for use in basis.common
        ),
    )


def factor_in(factor: int, before: int, after: int) -> int:
    """What a factor becomes when the spread does; all in thousandths.

    In a narrower spread the nearest factor counts, as the law has it; in a wider one it lies as far
    out as it does in the present one.
    """
    if after < before:
        return min(max(factor, 1000 - after), 1000 + after)
    return 1000 + round((factor - 1000) * after / before) if before else factor


def _factors(round_number: int, before: int, after: int) -> dict[str, list[int]]:
    """By skill, what an hour counts by either spread, in thousandths."""
    return {
        line.skill.code: [line.thousandths, factor_in(line.thousandths, before, after)]
        for line in credits.factors_in(round_number)
    }


def _lift(worked: Mapping[str, int], factors: Mapping[str, list[int]]) -> Decimal:
    """By how much an hour counts more on the mean, if worked as in the closed round."""
    counted = [
        sum(minutes * factors.get(skill, [1000, 1000])[side] for skill, minutes in worked.items())
        for side in (0, 1)
    ]
    return Decimal(counted[1]) / counted[0] if counted[0] else Decimal(1)


def _persons(
    observed: int, sides: tuple[Side, Side], factors: Mapping[str, list[int]]
) -> dict[str, Any]:
    """How incomes are spread, and what kinds of household gain; None without a closed round."""
    rate = credits.rate(observed)
    if rate is None:
        return {"incomes": None, "kinds": []}
    mean_then = rate.per_hour * float(rate.total_hours * rate.mean_factor) / rate.workers
    hours_then = float(rate.total_hours) / rate.workers
    spread = incomes(
        observed,
        factors,
        for_a_minute=[
            side.payout.per_hour / 60 * side.hours_a_worker / hours_then for side in sides
        ],
        for_allowance=[side.mean_issue / mean_then if mean_then else 0.0 for side in sides],
    )
    told = spread.get(("before", "")), spread.get(("after", ""))
    kinds = {kind: cell.persons for (of, kind), cell in spread.items() if kind and of == "before"}
    taken = [goods_by_need(observed, side.basis.goods, kinds) for side in sides]
    return {
        "incomes": [asdict(cell) for cell in told if cell] or None,
        "kinds": [
            {
                "kind": kind,
                "persons": persons,
                "income": [spread[of, kind].mean for of in ("before", "after")],
                "by_need": [side[kind] for side in taken],
            }
            for kind, persons in kinds.items()
        ],
    }


def _promised(side: Side, product: str) -> int:
    return next((good.promised for good in side.basis.goods if good.product == product), 0)


def _pairs(before: Mapping[str, Any], after: Mapping[str, Any]) -> dict[str, list[Any]]:
    """By key of either, both values; 0 where one has none."""
    return {key: [before.get(key, 0), after.get(key, 0)] for key in {**before, **after}}
