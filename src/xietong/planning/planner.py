"""Plans an economy: solves the steps in order, repairs, tabulates, certifies."""

import time
from collections.abc import Callable
from dataclasses import dataclass

from xietong.planning.assemble import assemble
from xietong.planning.audit.certificate import certify
from xietong.planning.conflicts import conflicts
from xietong.planning.economy import Economy
from xietong.planning.faults import ContradictionError, PlanningError
from xietong.planning.primal_dual.resume import placed, resume
from xietong.planning.primal_dual.stages import Sight, solve
from xietong.planning.repair import repair, shortage
from xietong.planning.result import Plan
from xietong.planning.sets import Floats
from xietong.planning.solver import Infeasible, OutOfTime, Solution, Solver
from xietong.planning.tables import tabulate
from xietong.planning.terms import SEGMENTED, SMALL, SMOOTH
from xietong.planning.values import hours_per_unit, yardstick

# For the valuations each step gives up this share of what it reached. At the very corner where
# nothing more can be had, prices are not unique; a hair's breadth from it they are the economy's.
VALUED = 1e-5


# Up to so many balances the simplex method finds a corner in seconds.
FEW_BALANCES = 4000
# Relative shortage that needs no repair: a plan may have twice as much.
EXECUTABLE = 5e-7

_Found = tuple[Floats, list[Solution], Solution | None]


@dataclass(frozen=True)
class Progress:
    """How far a plan is: `done` of `steps`, and the `step` being worked on.

    Where the solver knows them: the `iteration` it is in, the relative `gap` so far, and how many
    `seconds_left` it expects the step to take.
    """

    step: str
    done: int
    steps: int
    iteration: int | None = None
    gap: float | None = None
    seconds_left: float | None = None


def plan(
    economy: Economy,
    *,
    start: Plan | None = None,
    harmony: str | None = None,
    tolerance: float | None = None,
    time_limit: float | None = None,
    progress: Callable[[Progress], None] | None = None,
) -> Plan:
    """Return a plan that meets the needs in the order people chose, with the least labour.

    Args:
        economy: what there is and what is needed.
        start: the plan that is being carried out; departing from its runs costs a little. It may
            be of another economy: techniques and periods it does not have count as not run. The
            search begins where it is.
        harmony: `segments`, solved to a corner by the simplex method, or `smooth`, solved by
            prices and runs at any size; by itself, segments up to 4000 balances.
        tolerance: relative gap that each step is solved to; by itself 1e-7 with segments and
            1e-3 if smooth.
        time_limit: seconds; when they are over, the best plan so far is returned with its gap.
        progress: called before each step and after the last, and on the way of a long one.

    Returns:
        An executable plan with its certificate. Ctrl-C, too, ends the search: the best plan so
        far is returned with its gap.

    Raises:
        ContradictionError: if no plan leaves the final stocks asked for.
        PlanningError: if not even one plan was found within `time_limit`, or `harmony` is neither.
        KeyboardInterrupt: if not even one plan was found when Ctrl-C was pressed.

    Sources: Kantorovich 1939; Cockshott and Cottrell 1993; Isermann 1982 (ordered objectives).
    """
    sets = economy.sets
    if harmony is None:
        few = len(sets.place_product) * sets.periods <= FEW_BALANCES
        harmony = SEGMENTED if few else SMOOTH
    if harmony not in (SEGMENTED, SMOOTH):
        raise PlanningError(
            f"harmony is {SEGMENTED} or {SMOOTH}, not {harmony!r}",
            f"和谐函数只有 {SEGMENTED} 与 {SMOOTH} 两种，没有 {harmony!r}",
        )
    running = None
    if start is not None:
        running = placed(start.runs, "technique", sets.techniques, "runs", sets.periods)
    job = _Job(economy, start, running, harmony, tolerance, time_limit, progress)
    found = job.by_simplex() if harmony == SEGMENTED else job.by_prices()
    if found is None:
        raise PlanningError(
            f"no plan was found within {time_limit} seconds",
            f"在 {time_limit} 秒内没有找到任何计划",
        )
    columns, solutions, valuation = found
    programme = job.programme
    tables = tabulate(economy, programme, columns, solutions, valuation, job.values, running)
    return Plan(
        tables, certify(economy.tables, tables, harmony), economy=economy.sha256,
        title=economy.title, made_from=economy,
    )  # fmt: skip


class _Job:
    """One search for a plan."""

    def __init__(
        self,
        economy: Economy,
        start: Plan | None,
        running: Floats | None,
        harmony: str,
        tolerance: float | None,
        time_limit: float | None,
        progress: Callable[[Progress], None] | None,
    ) -> None:
        self._economy = economy
        self._start = start
        self._tolerance = tolerance
        self._progress = progress or (lambda _: None)
        self._time_limit = time_limit
        self._began = time.monotonic()
        self.values = yardstick(economy.sets)
        self.programme = assemble(economy, self.values, running, harmony)

    def by_simplex(self) -> _Found | None:
        """Solve step after step to a corner; None if there was not even time for the first."""
        programme = self.programme
        solver = Solver(programme, self._tolerance or 1e-7)
        solutions: list[Solution] = []
        valuation: Solution | None = None
        names = [step.name for step in programme.steps]
        for k, name in enumerate(names):
            try:
                self._progress(Progress(name, k, len(names)))
                solutions.append(solver.solve(k, self._left()))
                if k + 1 == len(names):
                    valuation = _value(solver, solutions, self._left())
            except Infeasible:
                self._contradicted()
                break  # rounding has closed the face of an earlier step: its plan stands
            except OutOfTime:
                break
            except KeyboardInterrupt:
                if not solutions:
                    raise
                break
        if not solutions:
            return None
        self._progress(Progress(names[-1], len(names), len(names)))
        return repair(programme, solutions[-1].columns), solutions, valuation

    def by_prices(self) -> _Found:
        """Solve all steps at once by prices and runs that answer each other."""
        programme, sets = self.programme, self._economy.sets
        names = [step.name for step in programme.steps]

        def seen(sight: Sight) -> None:
            self._progress(Progress(names[0], 0, 1, sight.iteration, sight.gap, sight.seconds_left))

        start = resume(programme, self._start) if self._start is not None else None
        answer = solve(
            programme,
            self._economy,
            self.values,
            hours_per_unit(sets, sets.observed),
            self._tolerance or 1e-3,
            start=start,
            seconds=self._left(),
            sight=seen,
        )
        columns = answer.solutions[-1].columns
        if answer.short > EXECUTABLE:
            self._contradicted()
            held = repair(programme, columns)
            if shortage(programme, held) < shortage(programme, columns):
                columns = held
        self._progress(Progress(names[-1], 1, 1, answer.iterations))
        return columns, answer.solutions, answer.valuation

    def _contradicted(self) -> None:
        if contradicting := conflicts(self.programme):
            raise ContradictionError(contradicting) from None

    def _left(self) -> float | None:
        if self._time_limit is None:
            return None
        return self._time_limit - (time.monotonic() - self._began)


def _value(solver: Solver, solutions: list[Solution], seconds: float | None) -> Solution:
    """Solve the last step again where each earlier one gives up a little, for its prices."""
    solver.release()
    for k, solution in enumerate(solutions[:-1]):
        solver.keep(k, solution.objective - VALUED * max(abs(solution.objective), SMALL))
    return solver.solve(len(solutions) - 1, seconds, hold=False)
