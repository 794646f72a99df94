"""What the prices of a blend prove of each step.

For prices y ≥ 0 and weights w ≥ 0 of the earlier tiers, every plan that does at least as well in
them has

    g(x)  ≤  y·there − Σ w v + Σ over columns of the most of g + Σ w gᵢ − (yA) x   in its box

Of all weights of a tier the one is taken that makes the bound least; that is where its needs,
answering the prices, would be met just as far as they are.

Source: Everett 1963 (Lagrangian bounds).
"""

from collections.abc import Iterator
from dataclasses import dataclass

import numpy as np

from xietong.planning.blocks.objective import hours_offered
from xietong.planning.primal_dual.blend import LEAST_WORK, blend
from xietong.planning.primal_dual.problem import Problem
from xietong.planning.programme import Programme
from xietong.planning.sets import Floats, Ints
from xietong.planning.solver import Solution
from xietong.planning.terms import LEISURE, SMALL, WORST

FULL = 1.0 - 1e-9
DEAR = 1000.0  # hours for what takes an hour: more than the last tiers would pay
PARTS = (0.1, 0.01, 0.001)  # of what early needs are worth, to be paid for them at most
ROUNDING = 1e-6  # a bound this far below what is reached is rounding, not a proof
HALVINGS = 30
RANGE = 1e4  # a tier's weight is looked for within this factor of its weight in the blend


@dataclass(frozen=True)
class Prices:
    """Prices of the rows in a blend, and what each step weighs in it."""

    y: Floats
    weight: Floats


class Prover:
    """Proves steps of one programme from columns and prices of its problem."""

    def __init__(self, programme: Programme, problem: Problem, enough: float = 0.0) -> None:
        """`enough` is a relative gap: no better proof is looked for."""
        self._programme = programme
        self._p = problem
        self._enough = enough
        self._steps = programme.steps
        columns = problem.columns
        self._tiers: list[tuple[Ints, Floats, Floats]] = []
        for step in self._steps:
            needs = np.zeros(0, dtype=np.int64)
            if step.name not in (WORST, LEISURE):
                needs = np.flatnonzero(step.vector[columns])
            at = columns[needs]
            bend = step.bend[at] if step.bend is not None else np.zeros(len(at))
            self._tiers.append((needs, step.vector[at], bend))
        self._worst = int(np.searchsorted(columns, programme.columns.worst))
        only = np.zeros(len(self._steps))
        only[-1] = 1.0
        self._leisure = blend(programme, problem, only)
        blocks = {block.kind: block for block in programme.blocks}
        worst = programme.offsets["worst"]
        self._of_worst = (problem.kept >= worst.start) & (problem.kept < worst.stop)
        self._basic = np.searchsorted(columns, programme.columns.segments[blocks["worst"].items, 0])
        self._offered = hours_offered(programme.sets)
        b = problem.bounding
        self._bounded = np.searchsorted(columns, b.column)
        most = blocks["means"].upper[b.row - programme.offsets["means"].start] / b.amount
        self._binding = most <= problem.upper[self._bounded] * (1 + 1e-9)
        self._strained = np.searchsorted(columns, problem.straining.column)

    def floors(self, x: Floats, less: float) -> Floats:
        """Return the least of each column, each basic need as far as the worst met in `x`.

        But for the share `less` of it.
        """
        lower = self._p.lower.copy()
        floor = (1.0 - less) * self.reached(0, x) * self._p.upper[self._basic]
        lower[self._basic] = np.maximum(lower[self._basic], floor)
        return lower

    def reached(self, k: int, x: Floats) -> float:
        """Return what step `k` reaches, a share."""
        name = self._steps[k].name
        if name == LEISURE:
            return self._steps[k].constant - self._leisure.at(self._p, x)
        if name == WORST:
            needs = self._basic
            return float((x[needs] / self._p.upper[needs]).min(initial=1.0))
        needs, rise, bend = self._tiers[k]
        f = x[needs]
        return float(rise @ f - 0.5 * (bend * f) @ f)

    def gap(self, k: int, x: Floats, prices: Prices) -> float:
        """Return the relative gap of step `k` that `prices` prove, inf if it weighs nothing."""
        reached = self.reached(k, x)
        if reached >= FULL:
            return 0.0
        if prices.weight[k] == 0.0:
            return np.inf
        return self._gap(k, reached, self._bound(k, x, prices)[0])

    def _gap(self, k: int, reached: float, bound: float) -> float:
        bound = min(1.0, bound)
        whole = 1.0 - bound if self._steps[k].name == LEISURE else abs(bound)
        return float(max(0.0, bound - reached) / max(whole, SMALL))

    def _bound(self, k: int, x: Floats, prices: Prices) -> tuple[float, Floats, Floats]:
        """Return the least bound of step `k`, the weights of the earlier steps and the prices."""
        reached = self.reached(k, x)
        weight = prices.weight / prices.weight[k]
        best = (np.inf, np.zeros(k), prices.y)
        for y in self._proofs(k, x, prices):
            found = self._bound_at(k, x, y, weight)
            if reached - ROUNDING <= found[0] < best[0]:
                best = found
            if self._gap(k, reached, best[0]) <= self._enough:
                break
        return best

    def _proofs(self, k: int, x: Floats, prices: Prices) -> Iterator[Floats]:
        """Yield prices, in units of step `k`, that may prove it: any prices prove something.

        Those of the blend, and the same without what is paid for the needs of tiers long before
        beyond a small part of their worth. The worst-met need, once won, is worth nothing more, or
        just so much that no basic need falls below it. What an hour costs in the blend for not
        being free, it may cost here for being used.
        """
        weight = prices.weight / prices.weight[k]
        for part in (np.inf, *PARTS):
            capped = self._capped(k, x, prices.y / prices.weight[k], weight, part)
            if capped is None:
                return
            if k > 0:
                capped[self._of_worst] = 0.0
                if (held := self._held(x, capped, weight)) is not None:
                    yield from self._with_hours_used(k, held, weight)
            yield from self._with_hours_used(k, capped, weight)

    def _with_hours_used(self, k: int, y: Floats, weight: Floats) -> Iterator[Floats]:
        yield y
        if self._steps[k].name != LEISURE:
            used = y.copy()
            used[self._p.is_hours] += weight[-1] / self._offered
            yield used

    def _held(self, x: Floats, y: Floats, weight: Floats) -> Floats | None:
        """The prices with what each basic need costs above its worth on the worst met.

        None if that is nothing.
        """
        if self._steps[0].name != WORST or self.reached(0, x) >= FULL:
            return None
        needs, rise, bend = self._tiers[1]
        worth = np.zeros(len(x))
        worth[needs] = weight[1] * (rise - bend * x[needs])
        beyond = np.maximum(self._p.transposed.times(y) - worth, 0.0)[self._basic]
        if not beyond.any():
            return None
        held = y.copy()
        held[self._of_worst] = beyond
        return held

    def _capped(self, k: int, x: Floats, y: Floats, weight: Floats, part: float) -> Floats | None:
        """The prices, where needs of tiers before the last one pay `part` of their worth at most.

        None if that changes nothing. A need's first row is the balance of its product.
        """
        if part == np.inf:
            return y
        capped = np.minimum(y, DEAR * LEAST_WORK * weight[-1] / self._offered * self._p.guess)
        to = self._p.transposed
        for i in range(k - 1):
            needs, rise, bend = self._tiers[i]
            worth = weight[i] * (rise - bend * x[needs])
            np.minimum.at(capped, to.column[to.start[needs]], part * worth)
        return capped if k > 1 and (capped < y).any() else None

    def _bound_at(
        self, k: int, x: Floats, prices: Floats, middle: Floats
    ) -> tuple[float, Floats, Floats]:
        p = self._p
        slope = p.transposed.times(prices)
        weight = np.zeros(len(self._steps))
        weight[k] = 1.0
        bound = self._steps[k].constant + float(prices @ p.there)
        for i in range(k):
            needs = self._tiers[i][0]
            reached = self.reached(i, x)
            if self._steps[i].name == WORST:
                # As much as the worst-met need is priced, so that more or less of it is no matter.
                weight[i] = max(slope[self._worst], 0.0)
                bound -= weight[i] * reached
            elif len(needs):
                weight[i] = self._lightest(i, slope[needs], reached, middle[i])
                bound -= weight[i] * reached
        objective = blend(self._programme, p, weight)
        bound -= objective.constant + float(objective.least(p, slope).sum())
        return bound, weight[:k], prices

    def _lightest(self, i: int, cost: Floats, reached: float, middle: float) -> float:
        """The weight at which tier `i`, its needs at `cost` a unit, is met as far as reached."""
        needs, rise, bend = self._tiers[i]
        lower, upper = self._p.lower[needs], self._p.upper[needs]
        light, heavy = np.log(middle / RANGE), np.log(middle * RANGE)
        for _ in range(HALVINGS):
            weight = np.exp((light + heavy) / 2)
            curved = np.where(bend > 0, bend, 1.0)
            f = np.clip((rise - cost / weight) / curved, lower, upper)
            if float(rise @ f - 0.5 * (bend * f) @ f) < reached:
                light = (light + heavy) / 2
            else:
                heavy = (light + heavy) / 2
        return float(np.exp(heavy))

    def columns(self, x: Floats) -> Floats:
        """Return the programme's columns."""
        p = self._p
        full = np.zeros(self._programme.columns.count)
        full[p.columns] = x
        s, d = p.straining, p.departing
        full[s.into] = np.maximum(s.amount * (full[s.column] - s.start), 0.0)
        if len(d.more):
            by = full[self._programme.columns.runs.ravel()] - d.running
            full[d.more], full[d.less] = np.maximum(by, 0.0), np.maximum(-by, 0.0)
        worst = next((k for k, s in enumerate(self._steps) if s.name == WORST), None)
        if worst is not None:
            full[self._programme.columns.worst] = self.reached(worst, x)
        return full

    def solution(self, k: int, x: Floats, found: Prices) -> Solution:
        """Return the solution of step `k` in the programme's columns and rows."""
        p, programme = self._p, self._programme
        step = self._steps[k]
        prices = np.zeros(sum(len(block.upper) for block in programme.blocks))
        kept = np.zeros(k)
        if step.name == LEISURE or self.reached(k, x) < FULL:
            bound, kept, own = self._bound(k, x, found)
            if bound >= 1.0:  # no prices at all prove as much
                return Solution(self.columns(x), prices, np.zeros(k), self.reached(k, x))
            prices[p.kept] = own
            if step.name == LEISURE:
                self._rents(prices, -(self._leisure.cost + p.transposed.times(own)))
        return Solution(self.columns(x), prices, kept, self.reached(k, x))

    def _rents(self, prices: Floats, gain: Floats) -> None:
        """Set the prices of means and of strain from what one more run would gain at first.

        Strain is priced where it begins, a means where it ends; departing from the running plan
        may have taken part of the gain before.
        """
        p, rise, rise2 = self._p, self._leisure.rise, self._leisure.rise2
        at = self._strained
        first = p.kink[at] == p.straining.start
        begun = gain[at] - np.where(first, 0.0, rise[at])
        strain = np.clip(begun, 0.0, np.where(first, rise[at], rise2[at]))
        strain[p.straining.start >= p.upper[at]] = 0.0
        prices[p.straining.row] = strain / p.straining.amount
        at = self._bounded
        end = gain[at] - rise[at] * (p.kink[at] < p.upper[at])
        end -= rise2[at] * (p.kink2[at] < p.upper[at])
        rent = np.maximum(end, 0.0) / p.bounding.amount
        prices[p.bounding.row] = np.where(self._binding, rent, 0.0)
