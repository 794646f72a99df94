"""Solves the steps of an objective by prices and runs, to a stated gap, at any size.

All steps are solved as one blend. From its prices each step's own bound follows; a step that is
not proved within the tolerance, because later ones pull at it, is solved again without them, and
what it wins is held for those that come after.

Sources: Isermann 1982 (ordered objectives); Applegate and others 2021 (PDLP).
"""

import time
from collections.abc import Callable
from dataclasses import dataclass, replace

import numba
import numpy as np

from xietong.planning.economy import Economy
from xietong.planning.primal_dual.blend import blend, weights
from xietong.planning.primal_dual.bounds import Prover
from xietong.planning.primal_dual.finish import EXECUTABLE, Finisher
from xietong.planning.primal_dual.iteration import ENDLESS, Iteration, Objective
from xietong.planning.primal_dual.problem import Problem, reduce
from xietong.planning.programme import Programme
from xietong.planning.sets import Floats
from xietong.planning.solver import Solution
from xietong.planning.terms import LEISURE, SMALL

FEW = 300_000  # coefficients that one thread goes through faster than two can agree to share
THREADS = numba.get_num_threads()
FIRST_LOOK = 256
AGAIN = 32  # … if it starts from an earlier plan
LATER = 1.2  # looks lie this much further apart each time
AGAIN_FROM = (1.1, 1.6)  # times the iterations: gaps shrink about as one over them
AT_MOST = 40_000  # iterations of one blend
ENOUGH = 0.3  # of the tolerance: what is not proved by then, only solving a step alone proves
READY = 0.7  # of the tolerance: raw gap from which finishing is tried


@dataclass(frozen=True)
class Sight:
    """How far a long solve is: iterations, the widest gap so far and the seconds it may take."""

    iteration: int
    gap: float
    seconds_left: float | None


@dataclass(frozen=True)
class Answer:
    """The solution of each step, all with the same executable columns of the programme.

    The prices of the last are the valuations.
    """

    solutions: list[Solution]
    iterations: int
    shortage: float  # largest relative shortage before finishing
    short: float  # and after it


def solve(
    programme: Programme,
    economy: Economy,
    values: Floats,
    hours: Floats,
    tolerance: float,
    *,
    start: tuple[Floats, Floats] | None = None,
    seconds: float | None = None,
    sight: Callable[[Sight], None] = lambda _: None,
) -> Answer | None:
    """Return an answer in which every step's relative gap is at most `tolerance`, if it is found.

    `values` (wishes,) are hours a unit of each wish, `hours` (products,) of each product; `start`
    the columns and prices of an earlier plan. When `seconds` are over, or on Ctrl-C, the best so
    far is returned; None if there is none.
    """
    problem = reduce(programme, economy, hours)
    return _Solve(programme, problem, values, tolerance, start, seconds, sight).answer()


class _Solve:
    def __init__(
        self,
        programme: Programme,
        problem: Problem,
        values: Floats,
        tolerance: float,
        start: tuple[Floats, Floats] | None,
        seconds: float | None,
        sight: Callable[[Sight], None],
    ) -> None:
        self._programme = programme
        self._p = problem
        self._weight = weights(programme, values)
        self._tolerance = tolerance
        self._began = time.monotonic()
        self._seconds = seconds
        self._sight = sight
        few = len(problem.rows.value) < FEW
        numba.set_num_threads(1 if few else THREADS)
        self._finisher = Finisher(problem)
        self._prover = Prover(programme, problem, self._weight)
        self._count = 0
        self._shortage = np.inf
        self._best: Floats | None = None
        self._rank = (np.inf, np.inf)
        self._first = FIRST_LOOK if start is None else AGAIN
        if start is not None:
            self._x = np.clip(start[0][problem.columns], problem.lower, problem.upper)
            self._y = start[1][problem.kept] * self._weight[-1]
        else:
            self._x = np.clip(np.zeros(len(problem.columns)), problem.lower, problem.upper)
            self._y = np.where(np.arange(len(problem.there)) < problem.makers, problem.guess, 0.0)

    def answer(self) -> Answer | None:
        objective = blend(self._programme, self._p, self._weight)
        proofs: dict[int, Floats] = {}
        try:
            found = self._blend(objective, proofs)
            if found is None:
                return None
            found = self._separate(found, proofs)
        except KeyboardInterrupt:
            found = self._best
            if found is None:
                found = self._finisher.finish(objective, self._x, self._y)
                self._prices = self._y
        return self._answer(found, proofs)

    def _blend(self, objective: Objective, proofs: dict[int, Floats]) -> Floats | None:
        """Iterate until the finished columns are within the tolerance, or stop being better."""
        it = Iteration(self._p, objective, self._x, self._y)
        self._x, self._y = it.x, it.y
        look = self._first
        finish_from = 0
        self._best, self._rank = None, (np.inf, np.inf)
        self._prices = self._y
        while True:
            it.run(look - it.count)
            look = int(np.ceil(look * LATER))
            self._x, self._y = it.x, it.y
            raw = self._raw(objective, it, proofs)
            shortage = self._finisher.shortage(it.x)
            self._tell(it, raw)
            last = it.count >= AT_MOST or self._over() or self._contradicted(it)
            ready = raw <= READY * self._tolerance and it.count >= finish_from
            if not (ready or last):
                continue
            finished = self._finisher.finish(objective, it.x, it.y)
            rank = self._ranked(finished, it.y, proofs)
            finish_from = int(it.count * np.clip(rank[1] / self._tolerance, *AGAIN_FROM))
            if rank < self._rank:
                self._best, self._rank = finished, rank
                self._prices, self._shortage = it.y.copy(), shortage
            done = self._rank <= (EXECUTABLE, self._tolerance)
            # The blend may be solved without proving every step.
            if raw <= ENOUGH * self._tolerance and self._rank[0] <= EXECUTABLE:
                done = done or self._prover.gap(it.x, it.y, proofs) > self._tolerance
            if done or last:
                self._count = it.count
                return self._best

    def _contradicted(self, it: Iteration) -> bool:
        """Whether some price has run away: what is demanded then cannot be."""
        return bool((it.y > ENDLESS * self._p.guess).any())

    def _raw(self, objective: Objective, it: Iteration, proofs: dict[int, Floats]) -> float:
        """The widest gap of a step, or of the blend if later steps keep the step from its own."""
        p = self._p
        slope = p.transposed.times(it.y)
        least = objective.constant + float(objective.least(p, slope).sum() - it.y @ p.there)
        blended = abs(objective.at(p, it.x) - least)
        widest = 0.0
        for k, weight in enumerate(self._weight):
            reached = self._prover.reached(k, it.x)
            of_blend = blended / (weight * max(abs(reached), SMALL))
            own = self._prover.step_gap(k, it.x, proofs.get(k, it.y))
            widest = max(widest, min(own, of_blend))
        return widest

    def _separate(self, found: Floats, proofs: dict[int, Floats]) -> Floats:
        """Solve again, without later steps, each tier that the blend does not prove."""
        steps = self._programme.steps
        for k, step in enumerate(steps):
            if step.name == LEISURE or self._over():
                break
            if self._prover.step_gap(k, found, proofs.get(k, self._prices)) <= self._tolerance:
                continue
            alone = self._weight.copy()
            alone[k + 1 :] = 0.0
            objective = blend(self._programme, self._p, alone)
            self._x, self._y = found.copy(), self._prices.copy()
            prices = self._prices
            better, proofs[k] = self._alone(k, objective)
            self._hold(k, better)
            before = self._ranked(found, prices, proofs)
            rest = self._blend(blend(self._programme, self._p, self._weight), proofs)
            if rest is not None and self._rank < before:
                found = rest
            else:
                self._prices = prices
        return found

    def _ranked(self, x: Floats, y: Floats, proofs: dict[int, Floats]) -> tuple[float, float]:
        """What tells which of two solutions is better: the lesser is.

        What cannot be carried out is worse than any gap.
        """
        left = max(self._finisher.shortage(x), EXECUTABLE)
        return left, self._prover.gap(x, y, proofs)

    def _alone(self, k: int, objective: Objective) -> tuple[Floats, Floats]:
        """Solve step `k` and those before it; return columns and the prices that prove them."""
        it = Iteration(self._p, objective, self._x, self._y)
        look = FIRST_LOOK
        while True:
            it.run(look - it.count)
            look = int(np.ceil(look * LATER))
            raw = self._prover.step_gap(k, it.x, it.y)
            self._tell(it, raw)
            last = it.count >= AT_MOST or self._over()
            if raw <= READY * self._tolerance or last:
                best = self._finisher.finish(objective, it.x, it.y)
                if self._prover.step_gap(k, best, it.y) <= self._tolerance or last:
                    return best, it.y

    def _hold(self, k: int, x: Floats) -> None:
        """Give up nothing any more of what the steps up to `k` have won."""
        lower = self._p.lower.copy()
        held = self._prover.deliveries(k)
        lower[held] = np.maximum(lower[held], x[held] * (1.0 - 1e-6))
        self._p = replace(self._p, lower=lower)

    def _answer(self, x: Floats, proofs: dict[int, Floats]) -> Answer:
        solutions = [
            self._prover.solution(k, x, proofs.get(k, self._prices))
            for k in range(len(self._programme.steps))
        ]
        return Answer(solutions, self._count, self._shortage, self._finisher.shortage(x))

    def _over(self) -> bool:
        return self._seconds is not None and time.monotonic() - self._began > self._seconds

    def _tell(self, it: Iteration, gap: float) -> None:
        spent = time.monotonic() - self._began
        left = None
        if 0 < gap < 1:
            # Gaps shrink about as one over the iterations.
            left = spent * max(gap / self._tolerance - 1.0, 0.0)
        self._sight(Sight(it.count, gap, left))
