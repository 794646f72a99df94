"""Economies of 10³ to 10⁶ products, solved by prices and runs that answer each other.

Tight random economies with hubs, 1.6 techniques a product, in one period with smooth harmony; the
sizes can be given as arguments. Peers, in the same run, on the very same programme with all steps
in one blend: OR-tools PDLP as it comes, and PDLP with rows and columns scaled by flows and labour
values. Both sides are judged alike: largest relative shortage, and widest relative gap of a step by
the bound that their own prices prove. A peer is given ever narrower tolerances until both are
reached or its time limit is over; its time lies between that of the last run that had not reached
them and that of the run that had. Ours is timed up to the same figures, and on to an executable
plan with its certificate.
"""

import argparse
import time
from dataclasses import dataclass

import numba
import numpy as np
import scipy.sparse as sp
from ortools.pdlp import solve_log_pb2, solvers_pb2
from ortools.pdlp.python import pdlp
from rich.console import Console
from rich.table import Table

from tables import growth
from xietong.planning import Economy
from xietong.planning.assemble import assemble
from xietong.planning.audit.certificate import certify
from xietong.planning.generate import random_economy
from xietong.planning.primal_dual import stages
from xietong.planning.primal_dual.blend import blend, weights
from xietong.planning.primal_dual.bounds import Prices, Prover
from xietong.planning.primal_dual.iteration import Iteration, Objective
from xietong.planning.primal_dual.problem import Problem, reduce
from xietong.planning.programme import Programme
from xietong.planning.sets import Floats
from xietong.planning.tables import tabulate
from xietong.planning.terms import SMOOTH
from xietong.planning.values import hours_per_unit, yardstick

SHORTAGE = 1e-4
GAP = 1e-3
TOLERANCES = tuple(10.0 ** (-half / 2) for half in range(12, 25))  # 1e-6 to 1e-12
BARS = {"PDLP as it comes": 7.0, "PDLP, flow scaling": 1.5}
LOOK = 64  # iterations between two looks at our own columns
LEAST = 1e-15  # of the largest flow, as scale


class Watch:
    """Adds up the time of what happens inside it."""

    def __init__(self) -> None:
        self.seconds = self.processor = 0.0

    def __enter__(self) -> None:
        self._began = time.perf_counter(), time.process_time()

    def __exit__(self, *_: object) -> None:
        self.seconds += time.perf_counter() - self._began[0]
        self.processor += time.process_time() - self._began[1]


class Case:
    """One economy, its programme, and the judge of columns and prices."""

    def __init__(self, products: int) -> None:
        self.economy: Economy = random_economy(products, products * 8 // 5)
        sets = self.economy.sets
        self.values = yardstick(sets)
        self.hours = hours_per_unit(sets, sets.observed)
        self.programme: Programme = assemble(self.economy, self.values, None, SMOOTH)
        self.problem: Problem = reduce(self.programme, self.economy, self.hours)
        self._weight = weights(self.programme, self.values)
        self.objective: Objective = blend(self.programme, self.problem, self._weight)
        self._prover = Prover(self.programme, self.problem)
        rows = self.problem.rows
        self.matrix = sp.csr_matrix(
            (rows.value, rows.column, rows.start),
            shape=(len(self.problem.there), len(self.problem.upper)),
        )
        self._uses = sp.csr_matrix(self.matrix.maximum(0))

    def judge(self, x: Floats, y: Floats) -> tuple[float, float]:
        """Return the largest relative shortage, and the widest relative gap of a step."""
        p = self.problem
        used = np.asarray(self._uses @ x)
        short = np.where(p.is_derived, 0.0, np.asarray(self.matrix @ x) - p.there)
        some = short > 0
        prices = Prices(y, self._weight)
        gaps = [self._prover.gap(k, x, prices) for k in range(len(self._weight))]
        return float((short[some] / used[some]).max(initial=0.0)), max(gaps)


@dataclass(frozen=True)
class Run:
    """What a method reached, in how many iterations and seconds."""

    iterations: int
    seconds: float
    processor: float  # seconds of all threads
    shortage: float
    gap: float

    @property
    def reached(self) -> bool:
        return self.shortage <= SHORTAGE and self.gap <= GAP


def raw(case: Case, limit: float) -> Run:
    """Iterate, as the planner does, until columns and prices are as good as a peer's have to be."""
    p = case.problem
    numba.set_num_threads(1 if len(p.rows.value) < stages.FEW else stages.THREADS)
    guess = np.where(np.arange(len(p.there)) < p.makers, p.guess, 0.0)
    it = Iteration(p, case.objective, np.clip(np.zeros(len(p.upper)), p.lower, p.upper), guess)
    watch = Watch()
    while True:
        with watch:  # looking is no part of it, as it is none of a peer's time
            it.run(LOOK)
        run = Run(it.count, watch.seconds, watch.processor, *case.judge(it.x, it.y))
        if run.reached or watch.seconds > limit:
            return run


def certified(case: Case, limit: float) -> Run:
    """Solve to an executable plan; its shortage and gap are the certificate's."""
    watch = Watch()
    with watch:
        answer = stages.solve(
            case.programme, case.economy, case.values, case.hours, GAP, seconds=limit
        )
    if answer is None:
        raise SystemExit(f"no plan within {limit} s")
    last = answer.solutions[-1]
    tables = tabulate(
        case.economy, case.programme, last.columns, answer.solutions, last, case.values, None
    )
    c = certify(case.economy.tables, tables, SMOOTH)
    return Run(answer.iterations, watch.seconds, watch.processor, c.shortage, c.gap)


def peer(case: Case, scaled: bool, limit: float) -> tuple[Run, float]:
    """Run PDLP with ever narrower tolerances until it has reached what it has to.

    Returns also the seconds after which it surely had not: those of the last run that did not.
    """
    before = 0.0
    for tolerance in TOLERANCES:
        run, over = _pdlp(case, scaled, tolerance, limit)
        if run.reached or over:
            break
        before = run.seconds
    return run, before if run.reached else run.seconds


def _pdlp(case: Case, scaled: bool, tolerance: float, limit: float) -> tuple[Run, bool]:
    p, o = case.problem, case.objective
    # A kink is a column of its own, for what is beyond it, and a row.
    kinks = [
        (at, kink[at], rise[at])
        for kink, rise in ((p.kink, o.rise), (p.kink2, o.rise2))
        for at in [np.flatnonzero((rise > 0) & np.isfinite(kink))]
    ]
    at, beyond, rise = (np.concatenate(parts) for parts in zip(*kinks, strict=True))
    n, m, k = len(p.upper), len(p.there), len(at)
    of_kinks = sp.csr_matrix((np.ones(k), (np.arange(k), at)), shape=(k, n))
    none = sp.csr_matrix((m, k))
    matrix = sp.vstack([sp.hstack([case.matrix, none]), sp.hstack([of_kinks, -sp.eye(k)])])
    by_row, by_column = np.ones(m), np.ones(n)
    if scaled:
        by_row, by_column = _flow_scaling(case)
    by_row = np.concatenate([by_row, 1.0 / by_column[at]])
    by_column = np.concatenate([by_column, by_column[at]])

    qp = pdlp.QuadraticProgram()
    qp.resize_and_initialize(n + k, m + k)
    qp.constraint_matrix = sp.csc_matrix(sp.diags(by_row) @ matrix @ sp.diags(by_column))
    qp.constraint_lower_bounds = np.full(m + k, -np.inf)
    qp.constraint_upper_bounds = np.concatenate([p.there, beyond]) * by_row
    qp.variable_lower_bounds = np.concatenate([p.lower, np.zeros(k)]) / by_column
    qp.variable_upper_bounds = np.concatenate([p.upper, np.full(k, np.inf)]) / by_column
    qp.objective_vector = np.concatenate([o.cost, rise]) * by_column
    qp.set_objective_matrix_diagonal(np.concatenate([o.bend, np.zeros(k)]) * by_column**2)
    asked = solvers_pb2.PrimalDualHybridGradientParams()
    asked.num_threads = stages.THREADS
    asked.verbosity_level = 0
    asked.termination_criteria.time_sec_limit = limit
    optimal = asked.termination_criteria.simple_optimality_criteria
    optimal.eps_optimal_relative = tolerance
    optimal.eps_optimal_absolute = 0.0
    watch = Watch()
    with watch:
        result = pdlp.primal_dual_hybrid_gradient(qp, asked)
    x = np.clip((result.primal_solution * by_column)[:n], p.lower, p.upper)
    y = np.maximum(-(result.dual_solution * by_row)[:m], 0.0)
    log = result.solve_log
    over = log.termination_reason != solve_log_pb2.TERMINATION_REASON_OPTIMAL
    return Run(log.iteration_count, watch.seconds, watch.processor, *case.judge(x, y)), over


def _flow_scaling(case: Case) -> tuple[Floats, Floats]:
    """Return factors of rows and columns: the roots of our own first steps."""
    p, size = case.problem, abs(case.matrix)
    flow = np.maximum(p.flow, LEAST * p.flow.max())
    through, worth = np.asarray(size @ flow), np.asarray(size.T @ p.guess)
    return (
        np.sqrt(np.divide(p.guess, through, out=np.ones_like(through), where=through > 0)),
        np.sqrt(np.divide(flow, worth, out=np.ones_like(worth), where=worth > 0)),
    )


def main() -> None:
    asked = argparse.ArgumentParser(description=__doc__)
    asked.add_argument("products", nargs="*", type=float, default=[3e3, 1e4])
    asked.add_argument("--limit", type=float, default=120.0, help="seconds for one run of a peer")
    asked.add_argument("--no-peers", action="store_true")
    given = asked.parse_args()
    sizes = [int(n) for n in given.products]
    console = Console()
    warm = Case(100)  # compiles
    raw(warm, 1.0)
    certified(warm, 1.0)
    took: list[float] = []
    for products in sizes:
        case = Case(products)
        p = case.problem
        table = Table(
            title=f"{products:,} products: {len(p.there):,} rows, {len(p.upper):,} columns, "
            f"{case.matrix.nnz:,} coefficients"
        )
        for column in ("what", "iterations", "s", "processor s", "shortage", "gap"):
            table.add_column(column, justify="left" if column == "what" else "right")
        own, planned = raw(case, 10 * given.limit), certified(case, 10 * given.limit)
        took.append(planned.seconds)
        _add(table, "xietong, to the same figures", own)
        _add(table, "xietong, executable and certified", planned)
        verdicts = []
        for name, scaled in () if given.no_peers else zip(BARS, (False, True), strict=True):
            other, before = peer(case, scaled, given.limit)
            _add(table, name if other.reached else f"{name}: not reached", other)
            verdicts.append(_verdict(name, own, planned, other, before))
        console.print(table)
        for verdict in verdicts:
            console.print(verdict)
    if len(sizes) > 1:
        console.print(f"an executable, certified plan takes n to the {growth(sizes, took)}")


def _add(table: Table, what: str, run: Run) -> None:
    table.add_row(
        what, f"{run.iterations:,}", f"{run.seconds:.2f}", f"{run.processor:.2f}",
        f"{run.shortage:.1e}", f"{run.gap:.1e}",
    )  # fmt: skip


def _verdict(name: str, own: Run, planned: Run, other: Run, before: float) -> str:
    times, bar = (before, other.seconds), BARS[name]
    if own.reached and before >= bar * own.seconds:
        verdict = "met"
    else:
        verdict = "NOT met" if other.reached and times[1] < bar * own.seconds else "not decided"
    figures = [
        " to ".join(f"{t / ours.seconds:.1f}" for t in times) if other.reached
        else f"more than {before / ours.seconds:.1f}"
        for ours in (own, planned)
    ]  # fmt: skip
    return (
        f"{name}: {figures[0]} × ours to the same figures, {figures[1]} × ours to the certified "
        f"plan; bar {bar:g} ×: {verdict}"
    )


if __name__ == "__main__":
    main()
