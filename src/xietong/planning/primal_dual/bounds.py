"""What the prices of a blend prove of each step.

For prices y ≥ 0 and weights w ≥ 0 of the earlier tiers, every plan that does at least as well in
them has

    g(x)  ≤  y·there − Σ w v + Σ over columns of the most of g + Σ w gᵢ − (yA) x   in its box

Of all weights of a tier the one is taken that makes the bound least; that is where its needs,
answering the prices, would be met just as far as they are.

Source: Everett 1963 (Lagrangian bounds).
"""

from collections.abc import Iterator, Mapping

import numpy as np

from xietong.planning.blocks.objective import hours_offered
from xietong.planning.primal_dual.blend import blend
from xietong.planning.primal_dual.problem import Problem
from xietong.planning.programme import Programme
from xietong.planning.sets import Floats, Ints
from xietong.planning.solver import Solution
from xietong.planning.terms import LEISURE, SMALL, WORST

FULL = 1.0 - 1e-9
NEARLY = 0.99
DEAR = 1000.0  # hours for what takes an hour: more than the last tiers would pay
PART = 0.1  # of what an early need is worth: more than any of two tiers later would pay
HALVINGS = 30
RANGE = 1e4  # a tier's weight is looked for within this factor of its weight in the blend


class Prover:
    """Proves steps of one programme from columns and prices of its problem."""

    def __init__(self, programme: Programme, problem: Problem, weight: Floats) -> None:
        self._programme = programme
        self._p = problem
        self._weight = weight
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
        self._hour = weight[-1] / hours_offered(programme.sets)
        b = problem.bounding
        self._bounded = np.searchsorted(columns, b.column)
        most = blocks["means"].upper[b.row - programme.offsets["means"].start] / b.amount
        self._binding = most <= problem.upper[self._bounded] * (1 + 1e-9)
        self._strained = np.searchsorted(columns, problem.straining.column)

    def deliveries(self, k: int) -> Ints:
        """Return the columns of the needs of the steps up to `k`."""
        return np.concatenate([needs for needs, _, _ in self._tiers[: k + 1]])

    def reached(self, k: int, x: Floats) -> float:
        """Return what step `k` reaches, a share."""
        name = self._steps[k].name
        if name == LEISURE:
            return self._steps[k].constant - self._leisure.at(self._p, x)
        if name == WORST:
            needs = self._tiers[k + 1][0]
            return float((x[needs] / self._p.upper[needs]).min(initial=1.0))
        needs, rise, bend = self._tiers[k]
        f = x[needs]
        return float(rise @ f - 0.5 * (bend * f) @ f)

    def gap(self, x: Floats, y: Floats, proofs: Mapping[int, Floats]) -> float:
        """Return the widest relative gap of all steps; a step in `proofs` has its own prices."""
        return max(self.step_gap(k, x, proofs.get(k, y)) for k in range(len(self._steps)))

    def step_gap(self, k: int, x: Floats, y: Floats) -> float:
        """Return the relative gap of step `k` that prices `y` prove."""
        reached = self.reached(k, x)
        if reached >= FULL:
            return 0.0
        bound = min(1.0, self._bound(k, x, y)[0])
        whole = 1.0 - bound if self._steps[k].name == LEISURE else abs(bound)
        return float(max(0.0, bound - reached) / max(whole, SMALL))

    def _bound(self, k: int, x: Floats, y: Floats) -> tuple[float, Floats, Floats]:
        """Return the least bound of step `k`, the weights of the earlier steps and the prices."""
        found = (self._bound_at(k, x, prices) for prices in self._proofs(k, x, y))
        return min(found, key=lambda bound: bound[0])

    def _proofs(self, k: int, x: Floats, y: Floats) -> Iterator[Floats]:
        """Yield prices, in units of step `k`, that may prove it: any prices prove something.

        Those of the blend, and the same without what concerns earlier steps only: the price of
        the worst-met need if it is met or nearly, and what is paid for the needs of tiers long
        before beyond a small part of their worth. What an hour costs in the blend for not being
        free, it may cost here for being used.
        """
        first = self._steps[0].name == WORST
        worst = self.reached(0, x) if k > 0 and first else 0.0
        capped = self._capped(k, x, y)
        for freed in (False, True):
            if (worst >= FULL and not freed) or (worst < NEARLY and freed):
                continue
            for paid in (y,) if capped is None else (y, capped):
                prices = paid / self._weight[k]
                if freed:
                    prices[self._of_worst] = 0.0
                yield prices
                if self._steps[k].name != LEISURE:
                    prices = prices.copy()
                    prices[self._p.is_hours] += self._hour / self._weight[k]
                    yield prices

    def _capped(self, k: int, x: Floats, y: Floats) -> Floats | None:
        """The prices, where needs of tiers before the last one pay `PART` of their worth at most.

        A need's first row is the balance of its product.
        """
        capped = np.minimum(y, DEAR * self._p.guess)
        to = self._p.transposed
        for i in range(k - 1):
            needs, rise, bend = self._tiers[i]
            worth = self._weight[i] * (rise - bend * x[needs])
            np.minimum.at(capped, to.column[to.start[needs]], PART * worth)
        return capped if (capped < y).any() else None

    def _bound_at(self, k: int, x: Floats, prices: Floats) -> tuple[float, Floats, Floats]:
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
                middle = self._weight[i] / self._weight[k]
                weight[i] = self._lightest(i, slope[needs], reached, middle)
                bound -= weight[i] * reached
        objective = blend(self._programme, p, weight)
        return bound - float(objective.least(p, slope).sum()), weight[:k], prices

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

    def solution(self, k: int, x: Floats, y: Floats) -> Solution:
        """Return the solution of step `k` in the programme's columns and rows."""
        p, programme = self._p, self._programme
        step = self._steps[k]
        prices = np.zeros(sum(len(block.upper) for block in programme.blocks))
        kept = np.zeros(k)
        if step.name == LEISURE or self.reached(k, x) < FULL:
            bound, kept, own = self._bound(k, x, y)
            if bound >= 1.0:  # no prices at all prove as much
                return Solution(self.columns(x), prices, np.zeros(k), self.reached(k, x))
            prices[p.kept] = own
            if step.name == LEISURE:
                self._rents(prices, -(self._leisure.cost + p.transposed.times(own)))
        return Solution(self.columns(x), prices, kept, self.reached(k, x))

    def _rents(self, prices: Floats, gain: Floats) -> None:
        """Set the prices of means and of strain from what one more run would gain."""
        p = self._p
        strain = np.zeros(len(gain))
        strain[self._strained] = np.clip(
            gain[self._strained], 0.0, self._leisure.rise[self._strained]
        )
        prices[p.straining.row] = strain[self._strained] / p.straining.amount
        rent = np.maximum(gain[self._bounded] - strain[self._bounded], 0.0) / p.bounding.amount
        prices[p.bounding.row] = np.where(self._binding, rent, 0.0)
