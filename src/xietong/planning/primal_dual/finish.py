"""Makes columns that are nearly in balance executable, losing as little as possible.

First every maker of one product is multiplied until products balance (Leontief's series, from
where it stands). Hours are met by a little less of the deliveries in the making. What then is
still short, being made by nothing that has room, is settled row by row: whoever would lose least
by it gives way, and so on down to a need. Where this does not help, the columns stay as they are.

Source: Leontief 1941; Ahuja, Magnanti and Orlin 1993 (label-correcting paths, with gains).
"""

import numpy as np
import scipy.sparse as sp

from xietong.planning.primal_dual import finishing, kernels
from xietong.planning.primal_dual.blend import PRIORITY
from xietong.planning.primal_dual.iteration import Objective
from xietong.planning.primal_dual.problem import Problem, Rows
from xietong.planning.sets import Floats

SWEEPS = 8
SETTLED = 1e-9
ROUNDING = 1e-7  # relative shortage that is left as it is
EXECUTABLE = 4e-7  # … and that a plan may have when it is handed out
PATH = 16  # how many techniques a cut is followed through
AGAIN = 4  # … and how many more in later rounds
ROUNDS = 20
STEPS = 3  # of settling a round, for each row
MORE = 1.05  # of what is over is taken back, so that few rounds do


class Finisher:
    """Finishes solutions of one problem."""

    def __init__(self, problem: Problem) -> None:
        self._p = problem
        rows, n = problem.rows, len(problem.upper)
        matrix = sp.csr_matrix((rows.value, rows.column, rows.start), (len(problem.there), n))
        balances = matrix[: problem.makers]
        making = balances.data < 0
        counted = np.concatenate([[0], np.cumsum(making)])
        self._making = Rows(
            counted[balances.indptr],
            balances.indices[making].astype(np.int64),
            -balances.data[making],
        )
        made = matrix.T.tocsr()
        supply = made.data < 0
        counted = np.concatenate([[0], np.cumsum(supply)])
        self._made = Rows(
            counted[made.indptr], made.indices[supply].astype(np.int64), -made.data[supply]
        )
        derived = matrix[np.flatnonzero(problem.is_derived)].tocoo()
        self._basic = np.intersect1d(derived.col[derived.data < 0], problem.deliveries)
        self._single = (np.diff(self._made.start) == 1).astype(np.int64)
        self._watched = (problem.is_hours | problem.is_derived).astype(np.int64)

    def finish(self, objective: Objective, x: Floats, y: Floats) -> Floats:
        """Return columns near `x`, worth nearly as much at prices `y`, that nothing is short of."""
        p = self._p
        x = np.clip(x, p.lower, p.upper)
        best, least = x.copy(), self.shortage(x)
        cost: Floats | None = None
        for _ in range(ROUNDS):
            if least <= EXECUTABLE:
                break
            self._balance(x)
            excess, used = self._excess(x)
            hours = p.is_hours & (excess > EXECUTABLE * p.there)
            if hours.any():
                self._ease(x, float((excess[hours] / p.there[hours]).max()))
            elif self._widest(excess, used) > EXECUTABLE:
                cost = self._settle(objective, x, y, excess, used, cost)
            short = self.shortage(x)
            if short < least:
                best, least = x.copy(), short
        return best

    def shortage(self, x: Floats) -> float:
        """Return the largest relative shortage of columns `x`."""
        return self._widest(*self._excess(x))

    def _widest(self, excess: Floats, used: Floats) -> float:
        short = (excess > 0) & ~self._p.is_derived
        return float((excess[short] / used[short]).max(initial=0.0))

    def _balance(self, x: Floats) -> None:
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

    def _excess(self, x: Floats) -> tuple[Floats, Floats]:
        """By how much the use of each row exceeds what is there, and the use."""
        rows = self._p.rows
        used, made = np.empty(len(self._p.there)), np.empty(len(self._p.there))
        kernels.use_and_supply(rows.start, rows.column, rows.value, x, used, made)
        return used - made - self._p.there, used

    def _ease(self, x: Floats, over: float) -> None:
        """Give up of the deliveries in the making as many hours as are over."""
        p = self._p
        given = p.deliveries[x[p.deliveries] > p.lower[p.deliveries]]
        partly = given[x[given] < p.upper[given] * finishing.FULL]
        part = partly if len(partly) else given
        worth = float(p.worth[part] @ x[part])
        if worth > 0:
            share = min(1.0, MORE * over * float(p.worth @ x) / worth)
            x[part] = np.maximum(x[part] * (1.0 - share), p.lower[part])

    def _settle(
        self, objective: Objective, x: Floats, y: Floats, excess: Floats, used: Floats,
        cost: Floats | None,
    ) -> Floats:  # fmt: skip
        """Settle what is short, in place; return what each row costs, to go on from."""
        p, rows, columns = self._p, self._p.rows, self._p.transposed
        # Only a need is lost by itself; a technique is no loss but for what it makes.
        need = np.zeros(len(x))
        d = p.deliveries
        need[d] = np.maximum(-(objective.cost[d] + objective.bend[d] * x[d]), 0.0)
        need[self._basic] *= PRIORITY  # the worst-met of them comes first of all
        path = PATH if cost is None else AGAIN
        if cost is None:
            cost = np.where(self._watched > 0, y, finishing.NEVER)
            cost[p.is_derived] = 0.0
        loss, effort = np.empty_like(x), np.empty_like(x)
        for _ in range(path):
            finishing.ways(
                columns.start, columns.column, columns.value, cost, need, x, p.upper, loss, effort
            )
            finishing.costs(
                rows.start, rows.column, rows.value, p.makers, x, used, loss, effort,
                self._watched, cost,
            )  # fmt: skip
        finishing.settle(
            rows.start, rows.column, rows.value, columns.start, columns.column, columns.value,
            self._making.start, self._making.column, self._making.value, p.makers, self._watched,
            self._made.start, self._made.column, self._made.value, need, cost, p.lower, p.upper,
            x, used, excess, ROUNDING * used, STEPS * len(excess),
        )  # fmt: skip
        return cost
