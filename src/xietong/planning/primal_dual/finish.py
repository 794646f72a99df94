"""Makes columns that are nearly in balance executable, losing as little as possible.

First every maker of one product alone is multiplied until products balance (Leontief's series,
from where it stands). Then the price of what is still short rises until it is not: each column
that makes or takes it answers in proportion to what it is worth, what falls short by that is dealt
with in the same way, and so on down to the needs that are worth least. A column answers the less
the stiffer it is. Soft columns choose best and take long; so they are made stiffer, ten times each
round, until nothing is short.

Source: Leontief 1941; Hildreth 1957 (a quadratic programme by one price at a time).
"""

import numpy as np

from xietong.planning.primal_dual import finishing, kernels
from xietong.planning.primal_dual.iteration import Objective, measures
from xietong.planning.primal_dual.problem import Problem
from xietong.planning.sets import Floats

SWEEPS = 8
SETTLED = 1e-9
EXECUTABLE = 4e-7  # relative shortage that a plan may have when it is handed out
LESS = 0.9  # of it is allowed row by row: use may shrink while prices rise
AIM = 10.0  # times as much is aimed at to be left over, so that few steps do
SOFT = 10.0  # how stiff columns are in the first round: a tenth of a price moves a hundredth
STIFFER = 10.0
ROUNDS = 16
TIMES = 100  # as many coefficients as there are may be gone through in a round


class Finisher:
    """Finishes solutions of one problem."""

    def __init__(self, problem: Problem) -> None:
        self._p = problem
        supplied = np.concatenate([[0], np.cumsum(problem.transposed.value < 0)])
        self._single = np.diff(supplied[problem.transposed.start]) == 1

    def finish(self, objective: Objective, x: Floats, y: Floats) -> Floats:
        """Return columns near `x`, worth nearly as much at prices `y`, that nothing is short of.

        Where this cannot be done, those of the least shortage that were found.
        """
        p = self._p
        x = np.clip(x, p.lower, p.upper)
        best, least = x.copy(), self.shortage(x)
        if least <= EXECUTABLE:
            return best
        self._balance(x)
        stiffness = SOFT
        for _ in range(ROUNDS):
            x, waiting = self._raise(objective, x, y, stiffness)
            short = self.shortage(x)
            if short < least:
                best, least = x, short
            if not waiting:
                break
            stiffness *= STIFFER
        return best

    def shortage(self, x: Floats) -> float:
        """Return the largest relative shortage of columns `x`."""
        excess, used = self._excess(x)
        short = (excess > 0) & ~self._p.is_derived
        return float((excess[short] / used[short]).max(initial=0.0))

    def dearth(self, x: Floats, y: Floats) -> float:
        """Return what columns `x` are short of, at prices `y`."""
        return float(y @ np.maximum(self._excess(x)[0], 0.0))

    def used(self, x: Floats) -> Floats:
        """Return how much of each row columns `x` use."""
        return self._excess(x)[1]

    def _excess(self, x: Floats) -> tuple[Floats, Floats]:
        """By how much the use of each row exceeds what is there, and the use."""
        rows = self._p.rows
        used, made = np.empty(len(self._p.there)), np.empty(len(self._p.there))
        kernels.use_and_supply(rows.start, rows.column, rows.value, x, used, made)
        return used - made - self._p.there, used

    def _balance(self, x: Floats) -> None:
        """Multiply makers until products balance, in place."""
        p = self._p
        rows, columns = p.rows, p.transposed
        of_free, of_full = np.empty(p.makers), np.empty(p.makers)
        for _ in range(SWEEPS):
            finishing.factors(
                rows.start, rows.column, rows.value, x, p.upper, p.there, of_free, of_full
            )
            change = finishing.multiply(
                columns.start, columns.column, columns.value, p.makers, self._single,
                of_free, of_full, p.lower, p.upper, x,
            )  # fmt: skip
            if change <= SETTLED**2 * len(x):
                break

    def _raise(
        self, objective: Objective, x: Floats, y: Floats, stiffness: float
    ) -> tuple[Floats, bool]:
        """Raise the prices of what is short; return the columns and whether more is to be done."""
        p, o, rows, columns = self._p, objective, self._p.rows, self._p.transposed
        price, flow = measures(p, y)
        stiff = stiffness * np.divide(columns.absolute_times(price), flow)
        slope = o.cost + o.bend * x + columns.times(y)
        table = finishing.anchored(
            x, slope, o.bend, np.maximum(stiff, np.finfo(float).tiny), p.kink, o.rise, p.kink2,
            o.rise2, p.lower, p.upper,
        )  # fmt: skip
        excess, used = self._excess(x)
        allowed = np.where(p.is_derived, np.inf, LESS * EXECUTABLE * used)
        waiting = finishing.raise_prices(
            rows.start, rows.column, rows.value, columns.start, columns.column, columns.value,
            table, price, excess, allowed, AIM * allowed, TIMES * len(rows.value),
        )  # fmt: skip
        return table[:, finishing.AT].copy(), waiting > 0
