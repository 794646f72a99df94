"""What one more unit saves or adds is what solving again, with one more unit, saves or adds.

The programme is solved by SciPy, with each step kept a hair below what the plan has reached, as
the valuations have it. Value is concave in what there is: so a little more gains no more, and a
little less loses no less, than the valuation says; and where both are the same, it is exact.
"""

from collections.abc import Iterable
from functools import cache

import numpy as np
import polars as pl
import pytest
import scipy.sparse as sp
from scipy.optimize import linprog

from xietong.planning import Economy, Plan, plan
from xietong.planning.assemble import assemble
from xietong.planning.blocks.objective import hours_offered
from xietong.planning.generate import random_economy
from xietong.planning.planner import VALUED
from xietong.planning.programme import stack
from xietong.planning.sources import import_economy
from xietong.planning.tables import labels
from xietong.planning.terms import SMALL, STRAINED
from xietong.planning.values import yardstick

Added = Iterable[tuple[int, float]]


class Again:
    """The last step of a plan, solved again with more or less of something."""

    def __init__(self, economy: Economy, made: Plan) -> None:
        self._programme = programme = assemble(economy, yardstick(economy.sets), None)
        self._offered = hours_offered(economy.sets)
        _, upper = stack(programme.blocks)
        rows = programme.matrix @ sp.diags_array(programme.size)
        largest, entries = np.zeros(rows.shape[0]), rows.tocoo()
        np.maximum.at(largest, entries.row, np.abs(entries.data))
        self._scale = 1.0 / np.where(largest > 0, largest, 1.0)
        reached = [step.objective for step in made.certificate.steps[:-1]]
        self._matrix = sp.vstack(
            [
                sp.diags_array(self._scale) @ rows,
                *(sp.csr_matrix(-s.vector * programme.size) for s in programme.steps[:-1]),
            ]
        )
        self._sides = np.concatenate(
            [upper * self._scale, [VALUED * max(abs(r), SMALL) - r for r in reached]]
        )
        self._cost = -programme.steps[-1].vector * programme.size
        self._bounds = np.stack([programme.lower, programme.upper], 1) / programme.size[:, None]

    def row(self, kind: str, name: str, region: str | None, period: int) -> int:
        mine = (pl.col("id") == name) & (pl.col("period") == period)
        if kind in ("product", "skill"):
            mine &= pl.col("region") == region
        named = labels(self._programme, kind).with_row_index()
        return int(self._programme.offsets[kind].start + named.filter(mine)["index"].item())

    def more(self, thing: dict[str, object], amount: float) -> list[tuple[int, float]]:
        """So much more of a thing, as the rows of the programme see it."""
        kind, name, period = str(thing["kind"]), str(thing["id"]), int(str(thing["period"]))
        region = None if thing["region"] is None else str(thing["region"])
        added = [(self.row(kind, name, region, period), amount)]
        if kind == "means":
            added.append((self.row("strain", name, None, period), STRAINED * amount))
        return added

    def hours(self, added: Added = ()) -> float:
        """The least hours with so much added to the rows; inf where it cannot be done at all."""
        sides = self._sides.copy()
        for row, amount in added:
            sides[row] += amount * self._scale[row]
        found = linprog(  # type: ignore[call-overload]
            self._cost, A_ub=self._matrix, b_ub=sides, bounds=self._bounds, method="highs",
            options={"primal_feasibility_tolerance": 1e-10, "dual_feasibility_tolerance": 1e-10},
        )  # fmt: skip
        return float(found.fun) * self._offered if found.status == 0 else np.inf


@cache
def planned(name: str) -> tuple[Economy, Plan, Again]:
    economy = (
        import_economy(name) if name == "brazil-2021" else random_economy(15, 22, 2, int(name))
    )
    made = plan(economy)
    return economy, made, Again(economy, made)


CASES = pytest.mark.parametrize("name", ["0", "1", "2", "3", "brazil-2021"])


@CASES
def test_that_a_valuation_is_what_one_more_unit_saves(name: str) -> None:
    _, made, again = planned(name)
    least = again.hours()
    exact = 0
    scarce = made.bottlenecks().head(6).rows(named=True)
    for thing in scarce:
        step = (1e-3 if name == "brazil-2021" else 1e-5) * thing["available"]
        gain = (least - again.hours(again.more(thing, step))) / step
        loss = (again.hours(again.more(thing, -step)) - least) / step
        assert gain <= thing["valuation"] * (1 + 1e-6)
        assert loss >= thing["valuation"] * (1 - 1e-6)
        exact += gain == pytest.approx(thing["valuation"], rel=1e-5)
    assert exact >= len(scarce) - 2  # the others stand at a kink


@CASES
def test_that_a_unit_of_a_scarce_thing_adds_what_the_explanation_says(name: str) -> None:
    _, made, again = planned(name)
    least = again.hours()
    need = made.deliveries.sort("share", "need")["need"][0]
    explanation = made.explain(need)
    delivery = explanation.deliveries[0]
    things = explanation.scarce.filter(
        pl.col("period") == delivery.period, pl.col("adds") > 0, pl.col("kind") != "stock"
    )
    assert things.height
    exact = 0
    for thing in things.head(3).rows(named=True):
        there = made.bottlenecks().filter(
            pl.col("kind") == thing["kind"], pl.col("id") == thing["id"],
            pl.col("period") == thing["when"],
        )["available"][0]  # fmt: skip
        step = 1e-5 * there
        more = again.more({**thing, "period": thing["when"]}, step)
        row = again.row("product", explanation.product, delivery.region, delivery.period)
        taken = (row, -thing["adds"] * step)
        saved = least - again.hours(more)
        left = least - again.hours([*more, taken])
        # One more unit pays for what it adds: no hour is saved; and at no kink is any lost.
        assert left <= 1e-3 * saved
        if saved == pytest.approx(thing["rent"] * step, rel=1e-5):
            assert left == pytest.approx(0.0, abs=1e-3 * saved)
            exact += 1
    assert exact >= 1
