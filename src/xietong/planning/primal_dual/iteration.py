"""Restarted Halpern primal-dual steps that follow prices and flows.

    x'  =  the best of each column against prices y, a step from x
    y'  =  max(0, y + step · (A (2x' − x) − there))
    z   ←  share · (2z' − z) + (1 − share) · z⁰,   z = (x, y), share = (k + 1) / (k + 2)

z⁰ is moved up to z' when the steps have shrunk enough. The step of a column is its flow over all
its inputs and outputs at their prices, that of a row its price over all that flows through it: so
quantities move in proportion to what they are, prices too, whatever the units, and the steps are
short enough to converge (Pock and Chambolle 2011). At each restart the prices reached become the
measure: what has turned out scarce may move by as much as it is worth, and what is still short,
being scarcer than its price says, by half as much again each time.

Sources: Chambolle and Pock 2011; Lu and Yang 2024 (restarted Halpern); Applegate and others 2021
(restarts, and the pace between prices and runs).
"""

from dataclasses import dataclass

import numpy as np

from xietong.planning.primal_dual import kernels
from xietong.planning.primal_dual.problem import Problem
from xietong.planning.sets import Floats

FIRST_PACE = 20.0  # prices move first: labour values are a better guess than no runs at all
PACES = 1e5  # times faster or slower than that at most: neither may stand still for good
CLOSE = 0.95  # of the longest steps that are sure to converge
MUCH = 0.2  # steps shrunk to this share of those at the last restart: restart
SOME = 0.8  # … or to this, and growing again
LONG = 0.36  # … or this share of all iterations since the last restart
LOOK = 4  # iterations between looks at the length of steps
SHORT = 5e-6  # of all that is made and used of it: what is short by more is urgent
HASTE = 1.5  # times as far its price may move, from one restart to the next
CALM = 1.5  # times less far once it is not short any more
MOST_HASTE = 1e4
DEAREST = 1e9  # times its guess: prices move by no more than in proportion to that
LEAST = 1e-15  # of the largest flow
ENDLESS = 1e12  # times its guess: a price that only a contradiction drives so high


@dataclass(frozen=True)
class Objective:
    """What a problem minimises, column by column."""

    cost: Floats
    bend: Floats
    rise: Floats
    rise2: Floats
    constant: float = 0.0

    def at(self, problem: Problem, x: Floats) -> float:
        """Return the objective of `x`."""
        varying = self.cost @ x + 0.5 * (self.bend * x) @ x + self._beyond(problem, x).sum()
        return float(varying) + self.constant

    def _beyond(self, problem: Problem, x: Floats) -> Floats:
        result: Floats = self.rise * np.maximum(x - problem.kink, 0.0)
        result += self.rise2 * np.maximum(x - problem.kink2, 0.0)
        return result

    def least(self, problem: Problem, slope: Floats) -> Floats:
        """Return the least of each column's objective over its box, at `slope` besides its own.

        Summed, less prices times what is there, it bounds the objective from below.
        """
        r = self.cost + slope
        straight = self.bend <= 0
        x = np.where(r < 0, problem.kink, problem.lower)
        x = np.where(r + self.rise < 0, problem.kink2, x)
        x = np.where(r + self.rise + self.rise2 < 0, np.inf, x)
        curved = -r / np.where(straight, 1.0, self.bend)
        x = np.clip(np.where(straight, x, curved), problem.lower, problem.upper)
        result: Floats = r * x + 0.5 * self.bend * x * x + self._beyond(problem, x)
        return result


class Iteration:
    """The state between iterations: columns `x` and prices `y`, best answers to each other."""

    def __init__(self, problem: Problem, objective: Objective, x: Floats, y: Floats) -> None:
        self.problem = problem
        self.objective = objective
        self.x, self.y = x.copy(), y.copy()
        self._z, self._w = x.copy(), y.copy()
        self._x0, self._y0 = x.copy(), y.copy()
        self._past = np.empty_like(x)
        self.count = 0
        self.pace = FIRST_PACE
        self._since = 0
        self._first = self._last = np.inf
        self._urgency = np.ones(len(y))
        self._measure()

    def run(self, iterations: int) -> None:
        """Iterate."""
        p, o = self.problem, self.objective
        rows, columns = p.rows, p.transposed
        for _ in range(iterations):
            moved = self.pace * kernels.best_runs(
                columns.start, columns.column, columns.value, self._w, self._z, self._of_columns,
                self.pace, o.cost, o.bend, p.kink, o.rise, p.kink2, o.rise2, p.lower, p.upper,
                self.x, self._past,
            )  # fmt: skip
            moved += kernels.best_prices(
                rows.start, rows.column, rows.value, self._past, self._w, self._of_rows,
                self.pace, p.there, self.y,
            ) / self.pace  # fmt: skip
            self.count += 1
            if self._due(float(np.sqrt(moved))):
                self._restart()
            else:
                share = (self._since + 1) / (self._since + 2)
                kernels.towards_anchor(self._z, self.x, self._x0, share)
                kernels.towards_anchor(self._w, self.y, self._y0, share)
                self._since += 1

    def _due(self, moved: float) -> bool:
        """Whether to restart, the last step having been `moved` long."""
        if self._since % LOOK:
            return False
        if self._since == 0:
            self._first = self._last = moved
            return False
        shrunk = moved <= MUCH * self._first or (moved <= SOME * self._first and moved > self._last)
        self._last = moved
        return shrunk or self._since >= LONG * self.count + 8

    def _restart(self) -> None:
        by_runs = _distance(self.x - self._x0, self._of_columns)
        by_prices = _distance(self.y - self._y0, self._of_rows)
        if by_runs > 0 and by_prices > 0:
            pace = float(np.sqrt(self.pace * by_prices / by_runs))
            away = max(pace, FIRST_PACE) / min(pace, FIRST_PACE)
            self.pace = pace if away <= PACES else FIRST_PACE
        for state in (self._z, self._x0):
            state[:] = self.x
        for state in (self._w, self._y0):
            state[:] = self.y
        self._since = 0
        self._measure()

    def _measure(self) -> None:
        """Set the steps by the flows, by the prices reached and by what is still short."""
        p = self.problem
        if self.count:
            short = p.rows.times(self.x) - p.there > SHORT * p.rows.absolute_times(self.x)
            self._urgency = np.where(
                short & ~p.is_derived,
                np.minimum(self._urgency * HASTE, MOST_HASTE),
                np.maximum(self._urgency / CALM, 1.0),
            )
        price, flow = measures(p, self.y)
        price *= self._urgency
        self._of_rows = CLOSE * _over(price, p.rows.absolute_times(flow))
        self._of_columns = CLOSE * _over(flow, p.transposed.absolute_times(price))


def measures(problem: Problem, y: Floats) -> tuple[Floats, Floats]:
    """Return what prices `y` and flows are measured by, (rows,) and (columns,), above 0."""
    price = np.clip(y, problem.guess, DEAREST * problem.guess)
    return price, np.maximum(problem.flow, LEAST * problem.flow.max(initial=1.0))


def _distance(by: Floats, step: Floats) -> float:
    moving = step > 0
    return float(np.sqrt((by[moving] ** 2 / step[moving]).sum()))


def _over(above: Floats, below: Floats) -> Floats:
    return np.divide(above, below, out=np.zeros_like(above), where=below > 0)
