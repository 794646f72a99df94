"""Solves the steps of an objective by prices and runs, to a stated gap, at any size.

All steps are solved as one blend. From its prices each step's own bound follows; a step that is
not proved within the tolerance, because later ones pull at it, is solved again without them, and
what it wins is held for those that come after. So is the worst-met need, where basic needs cannot
all be met.

Sources: Isermann 1982 (ordered objectives); Applegate and others 2021 (PDLP).
"""

import time
from collections.abc import Callable, Sequence
from dataclasses import dataclass, replace

import numba
import numpy as np

from xietong.planning.economy import Economy
from xietong.planning.primal_dual.blend import LEAST_WORK, PRIORITY, blend, weights
from xietong.planning.primal_dual.bounds import Prices, Prover
from xietong.planning.primal_dual.finish import EXECUTABLE, Finisher
from xietong.planning.primal_dual.iteration import ENDLESS, Iteration, Objective
from xietong.planning.primal_dual.problem import Problem, reduce
from xietong.planning.programme import Programme
from xietong.planning.sets import Floats
from xietong.planning.solver import Solution
from xietong.planning.terms import SMALL, WORST

FEW = 300_000  # coefficients that one thread goes through faster than two can agree to share
THREADS = numba.get_num_threads()
FIRST_LOOK = 256
AGAIN = 32  # … if it starts from an earlier plan
LATER = 1.2  # looks lie this much further apart each time
AGAIN_FROM = (1.1, 1.6)  # times the iterations: gaps shrink about as one over them
AT_MOST = 40_000  # iterations of one blend
SPARE = 0.1  # of the tolerance, as a share of what is used
SPARED = 3  # looks that are gone by with so much less, then one with all again
NEAR = 0.05  # relative shortage that finishing may mend
ENOUGH = 0.3  # of the tolerance: what is not proved by then, only solving a step alone proves
TRIES = 4  # at a step that is not proved
LIGHTER = (10.0, 3000.0)  # times, by how far it is from being proved
IN_VAIN = 0.9  # of the gap before: another try would not help
HAIR = 0.3  # of the tolerance is let go of what is held, lest prices pin down each need
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

    The valuations are the prices of the first blend, in which an hour can do a stated number of
    times as much for a tier as for the next, and not beyond all measure more.
    """

    solutions: list[Solution]
    valuation: Solution
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
) -> Answer:
    """Return an answer in which every step's relative gap is at most `tolerance`, if it is found.

    `values` (wishes,) are hours a unit of each wish, `hours` (products,) of each product; `start`
    the columns and prices of an earlier plan. When `seconds` are over, or on Ctrl-C, the best so
    far is returned.
    """
    problem = reduce(programme, economy, hours)
    return _Solve(programme, problem, values, tolerance, start, seconds, sight).answer()


@dataclass(frozen=True)
class _Found:
    """Finished columns, the prices of the blend they answer, and how good they are.

    `proofs` are the prices that prove each step best, of this or of another blend.
    """

    x: Floats
    prices: Prices
    shortage: float  # before finishing
    left: float  # and after it
    gaps: tuple[float, ...]
    proofs: tuple[Prices, ...]

    def rank(self, tolerance: float) -> tuple[float, int, float]:
        """Return what tells which of two is better: the lesser is.

        What cannot be carried out is worse than any gap, and a gap in an earlier step than one in
        a later step.
        """
        proved = next((k for k, gap in enumerate(self.gaps) if gap > tolerance), len(self.gaps))
        return max(self.left, EXECUTABLE), -proved, sum(self.gaps)


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
        self._prover = Prover(programme, problem, ENOUGH * tolerance)
        self._count = 0
        self._first = FIRST_LOOK if start is None else AGAIN
        if start is not None:
            self._x = np.clip(start[0][problem.columns], problem.lower, problem.upper)
            y = start[1][problem.kept] * self._weight[-1]
            self._y = np.minimum(y, PRIORITY ** len(self._weight) * problem.guess)
        else:
            self._x = np.clip(np.zeros(len(problem.columns)), problem.lower, problem.upper)
            self._y = np.where(np.arange(len(problem.there)) < problem.makers, problem.guess, 0.0)
        steps, prices = len(self._weight), Prices(self._y, self._weight)
        self._best = _Found(
            self._x, prices, np.inf, np.inf, gaps=(np.inf,) * steps, proofs=(prices,) * steps
        )

    def answer(self) -> Answer:
        valuing = None
        try:
            self._blend()
            valuing = self._best.prices
            self._separate()
        except KeyboardInterrupt:
            if self._best.left == np.inf:
                self._finish(blend(self._programme, self._p, self._weight))
        solutions = [
            self._prover.solution(k, self._best.x, proof)
            for k, proof in enumerate(self._best.proofs)
        ]
        x, last = self._best.x, len(solutions) - 1
        valuation = self._prover.solution(last, x, valuing or self._best.prices)
        return Answer(solutions, valuation, self._count, self._best.shortage, self._best.left)

    def _blend(self) -> None:
        """Iterate until the finished columns are within the tolerance, or stop being better."""
        objective = blend(self._programme, self._p, self._weight)
        it = Iteration(self._p, objective, self._x, self._y)
        self._x, self._y = it.x, it.y
        look, finish_from, spared = self._first, 0, 0
        while True:
            it.run(look - it.count)
            look = int(np.ceil(look * LATER))
            raw, own = self._raw(objective, it)
            self._tell(it, raw)
            self._count = it.count
            last = it.count >= AT_MOST or self._over() or self._contradicted(it)
            ready = raw <= READY * self._tolerance and it.count >= finish_from
            ready = spared > 0 or (ready and self._finisher.shortage(it.x) <= NEAR)
            if not (ready or last):
                continue
            finished = self._finish(objective)
            widest = max(finished.gaps)
            spared = 0 if finished.left <= EXECUTABLE else (spared + 1) % (SPARED + 1)
            it.problem = self._spared(it.x) if spared else self._p
            finish_from = int(it.count * np.clip(widest / self._tolerance, *AGAIN_FROM))
            # The blend may be solved without proving every tier.
            pulled = raw <= ENOUGH * self._tolerance and own > self._tolerance
            solved = pulled or widest <= self._tolerance
            if last or (solved and finished.left <= EXECUTABLE):
                return

    def _finish(self, objective: Objective) -> _Found:
        """Finish the columns reached, and keep them if they are the best so far."""
        x, prices = self._x.copy(), Prices(self._y.copy(), self._weight.copy())
        finished = self._finisher.finish(objective, x, prices.y)
        proofs = (prices,) * len(self._weight)
        found = _Found(
            finished,
            prices,
            shortage=self._finisher.shortage(x),
            left=self._finisher.shortage(finished),
            gaps=tuple(self._prover.gap(k, finished, prices) for k in range(len(proofs))),
            proofs=proofs,
        )
        found, best = self._proved(found, self._best.proofs), self._proved(self._best, proofs)
        self._best = min(best, found, key=lambda each: each.rank(self._tolerance))
        return found

    def _proved(self, found: _Found, proofs: Sequence[Prices]) -> _Found:
        """`found` with those of `proofs` that prove better what is not proved."""
        gaps, own = list(found.gaps), list(found.proofs)
        for k, prices in enumerate(proofs):
            if gaps[k] > self._tolerance and found.left < np.inf:
                gap = self._prover.gap(k, found.x, prices)
                if gap < gaps[k]:
                    gaps[k], own[k] = gap, prices
        return replace(found, gaps=tuple(gaps), proofs=tuple(own))

    def _spared(self, x: Floats) -> Problem:
        """The problem with a little less of everything.

        Columns nearly in balance, but not to be finished, become executable with it.
        """
        spare = SPARE * self._tolerance * self._finisher.used(x)
        return replace(self._p, there=self._p.there - np.where(self._p.is_derived, 0.0, spare))

    def _contradicted(self, it: Iteration) -> bool:
        """Whether some price has run away: what is demanded then cannot be.

        Where the worst-met need is held, its price may: what is held has been shown to be.
        """
        return bool(self._weight[0] > 0 and (it.y > ENDLESS * self._p.guess).any())

    def _raw(self, objective: Objective, it: Iteration) -> tuple[float, float]:
        """The widest gap of a step, or of the blend where later steps pull at it; that of a tier.

        What is held already and weighs nothing does not count.
        """
        p = self._p
        slope = p.transposed.times(it.y)
        least = objective.constant + float(objective.least(p, slope).sum() - it.y @ p.there)
        blended = max(abs(objective.at(p, it.x) - least), self._finisher.dearth(it.x, it.y))
        prices = Prices(it.y, self._weight)
        widest = own = 0.0
        for k, weight in enumerate(self._weight):
            if weight > 0:
                gap = self._prover.gap(k, it.x, prices)
                of_blend = blended / (weight * max(abs(self._prover.reached(k, it.x)), SMALL))
                widest = max(widest, min(gap, of_blend))
                own = max(own, gap if k < len(self._weight) - 1 else 0.0)
        return widest, own

    def _separate(self) -> None:
        """Solve again with less weight on later steps what the blend does not prove."""
        for k, step in enumerate(self._programme.steps[:-1]):
            if step.name == WORST and self._unproved(k):
                self._settle_worst()
                if self._unproved(k):
                    self._again()
                continue
            for _ in range(TRIES):
                if not self._unproved(k):
                    break
                gap = self._best.gaps[k]
                self._weight[k + 1 :] /= np.clip(2.0 * gap / self._tolerance, *LIGHTER)
                self._again()
                if self._best.gaps[k] > IN_VAIN * gap:
                    break

    def _unproved(self, k: int) -> bool:
        return self._best.gaps[k] > self._tolerance and not self._over()

    def _again(self) -> None:
        """Blend once more from the best so far."""
        self._x, self._y = self._best.x.copy(), self._best.prices.y.copy()
        self._blend()

    def _settle_worst(self) -> None:
        """Prove how far the worst-met need can be met at all, and hold nearly that.

        Alone it is worth all hours, so that its prices are in hours like all others. Weighed with
        the rest, its whole weight would lie on the few needs that are short, and their prices run
        away from all others.
        """
        best = self._best
        alone = np.zeros(len(self._weight))
        alone[0] = LEAST_WORK * self._weight[-1]
        objective = blend(self._programme, self._p, alone)
        it = Iteration(self._p, objective, best.x, np.zeros(len(best.prices.y)))
        look = FIRST_LOOK
        while True:
            it.run(look - it.count)
            look = int(np.ceil(look * LATER))
            prices = Prices(it.y.copy(), alone)
            raw = self._prover.gap(0, it.x, prices)
            self._tell(it, raw)
            last = it.count >= AT_MOST or self._over()
            better = best.x
            if raw <= ENOUGH * self._tolerance or last:
                better = self._finisher.finish(objective, it.x, it.y)
            if last or self._prover.gap(0, better, prices) <= READY * self._tolerance:
                break
        self._best = self._proved(best, (prices,))
        if self._best.gaps[0] > self._tolerance:
            self._p = replace(self._p, lower=self._prover.floors(better, HAIR * self._tolerance))
            self._weight[0] = 0.0

    def _over(self) -> bool:
        return self._seconds is not None and time.monotonic() - self._began > self._seconds

    def _tell(self, it: Iteration, gap: float) -> None:
        spent = time.monotonic() - self._began
        left = None
        if 0 < gap < 1:
            # Gaps shrink about as one over the iterations.
            left = spent * max(gap / self._tolerance - 1.0, 0.0)
        self._sight(Sight(it.count, gap, left))
