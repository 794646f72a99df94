"""Plans an economy: solves the steps in order, repairs, tabulates, certifies."""

import time
from collections.abc import Callable
from dataclasses import dataclass

import numpy as np
import polars as pl

from xietong.planning.assemble import assemble
from xietong.planning.audit.certificate import certify
from xietong.planning.conflicts import conflicts
from xietong.planning.economy import Economy
from xietong.planning.faults import ContradictionError, PlanningError
from xietong.planning.repair import repair
from xietong.planning.result import Plan
from xietong.planning.sets import Floats, Sets, codes, floats
from xietong.planning.solver import Infeasible, OutOfTime, Solution, Solver
from xietong.planning.tables import tabulate
from xietong.planning.terms import SMALL
from xietong.planning.values import yardstick

# For the valuations each step gives up this share of what it reached. At the very corner where
# nothing more can be had, prices are not unique; a hair's breadth from it they are the economy's.
VALUED = 1e-5


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
    tolerance: float = 1e-7,
    time_limit: float | None = None,
    progress: Callable[[Progress], None] | None = None,
) -> Plan:
    """Return a plan that meets the needs in the order people chose, with the least labour.

    Args:
        economy: what there is and what is needed.
        start: the plan that is being carried out; departing from its runs costs a little. It may
            be of another economy: techniques and periods it does not have count as not run.
        tolerance: relative gap that each step is solved to.
        time_limit: seconds; when they are over, the best plan so far is returned with its gap.
        progress: called before each step and after the last.

    Returns:
        An executable plan with its certificate. Ctrl-C, too, ends the search: the best plan so
        far is returned with its gap.

    Raises:
        ContradictionError: if no plan leaves the final stocks asked for.
        PlanningError: if not even one plan was found within `time_limit`.
        KeyboardInterrupt: if not even one plan was found when Ctrl-C was pressed.

    Sources: Kantorovich 1939; Cockshott and Cottrell 1993; Isermann 1982 (ordered objectives).
    """
    began = time.monotonic()
    sets = economy.sets
    values = yardstick(sets)
    running = _runs_of(start, sets) if start is not None else None
    programme = assemble(economy, values, running)
    solver = Solver(programme, tolerance)
    solutions: list[Solution] = []
    valuation: Solution | None = None
    names = [step.name for step in programme.steps]
    for k, name in enumerate(names):
        try:
            if progress is not None:
                progress(Progress(name, k, len(names)))
            solutions.append(solver.solve(k, _left(began, time_limit)))
            if k + 1 == len(names):
                valuation = _value(solver, solutions, _left(began, time_limit))
        except Infeasible:
            if contradicting := conflicts(programme):
                raise ContradictionError(contradicting) from None
            break  # rounding has closed the face of an earlier step: its plan stands, with its gap
        except OutOfTime:
            break
        except KeyboardInterrupt:
            if not solutions:
                raise
            break
    if not solutions:
        raise PlanningError(
            f"no plan was found within {time_limit} seconds",
            f"在 {time_limit} 秒内没有找到任何计划",
        )
    if progress is not None:
        progress(Progress(names[-1], len(names), len(names)))
    columns = repair(programme, solutions[-1].columns)
    tables = tabulate(economy, programme, columns, solutions, valuation, values, running)
    return Plan(
        tables, certify(economy.tables, tables), economy=economy.sha256, title=economy.title,
        made_from=economy,
    )  # fmt: skip


def _value(solver: Solver, solutions: list[Solution], seconds: float | None) -> Solution:
    """Solve the last step again where each earlier one gives up a little, for its prices."""
    solver.release()
    for k, solution in enumerate(solutions[:-1]):
        solver.keep(k, solution.objective - VALUED * max(abs(solution.objective), SMALL))
    return solver.solve(len(solutions) - 1, seconds, hold=False)


def _left(began: float, time_limit: float | None) -> float | None:
    return None if time_limit is None else time_limit - (time.monotonic() - began)


def _runs_of(start: Plan, sets: Sets) -> Floats:
    """Return the runs of the plan under way, (techniques, periods)."""
    known = start.runs.filter(
        pl.col("technique").is_in(sets.techniques.implode()) & (pl.col("period") <= sets.periods)
    )
    running = np.zeros((len(sets.techniques), sets.periods))
    running[codes(known["technique"], sets.techniques), known["period"].to_numpy() - 1] = floats(
        known["runs"]
    )
    return running
