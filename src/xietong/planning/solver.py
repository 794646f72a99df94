"""Solves the steps of a programme in order, through the simplex methods of OR-tools.

What a step has won is held by its optimal face: rows with a price stay tight, columns with a
reduced cost stay at their bound (complementary slackness), so that later steps lose nothing of
it, not even a rounding. A row that demanded the step's value instead would carry prices of a
million and trade away small needs for it. The prices by which a later step proves its bound are
its own and as much of the earlier steps' as makes them all ≥ 0.

Each step starts from the basis of the one before. Columns are counted in their own order of
magnitude and rows divided by their largest coefficient.

Source: Dantzig 1963; Isermann 1982 (lexicographic linear programming).
"""

from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass

import numpy as np
import scipy.sparse as sp
from ortools.glop import parameters_pb2 as glop
from ortools.math_opt import (
    callback_pb2,
    model_parameters_pb2,
    model_pb2,
    parameters_pb2,
    result_pb2,
    solution_pb2,
)
from ortools.math_opt.core.python import solver as core
from ortools.util.python.pybind_solve_interrupter import PySolveInterrupter
from scipy.sparse.linalg import splu

from xietong.planning.programme import Programme, stack
from xietong.planning.sets import Floats

# Objectives are shares of 1; the solver's tolerances are absolute and meant for figures like this.
MAGNIFIED = 1e4
# Prices and reduced costs, in the solver's units, from which on they are no rounding.
PRICED = 1e-8
# How far the polished solution may be from the solver's own, which is within its tolerances.
AGREE = 1e-5
BASIC = solution_pb2.BASIS_STATUS_BASIC
# What is below 0 by less than this weakens a bound less than the prices that would lift it.
NEGLIGIBLE = 1e-10


@dataclass(frozen=True)
class Solution:
    """A basic solution: columns, and a price ≥ 0 for each row and each earlier step kept."""

    columns: Floats
    prices: Floats
    kept: Floats
    objective: float


@dataclass(frozen=True)
class _Face:
    """Where a step is optimal: its prices and reduced costs, with the prices of the earlier steps
    that are in them, and the rows and columns that it holds."""

    prices: Floats
    reduced: Floats
    kept: Floats
    rows: Floats
    columns: Floats


class Infeasible(Exception):
    """No columns satisfy the rows."""


class OutOfTime(Exception):
    """The time limit came before the optimum."""


class Solver:
    """The programme inside the solver, with one row for each step that may be kept."""

    def __init__(self, programme: Programme, tolerance: float = 1e-7) -> None:
        self._programme = programme
        # A gap gathers the rounding of many rows and columns.
        self._tolerance = min(tolerance * 1e-3, 1e-8)
        self._size = programme.size
        rows = programme.matrix @ sp.diags_array(self._size)
        largest = np.zeros(rows.shape[0])
        entries = rows.tocoo()
        np.maximum.at(largest, entries.row, np.abs(entries.data))
        self._scale = 1.0 / np.where(largest > 0, largest, 1.0)
        lower, upper = stack(programme.blocks)
        self._steps = [MAGNIFIED * step.vector * self._size for step in programme.steps]
        matrix = sp.vstack(
            [sp.diags_array(self._scale) @ rows, *(sp.csr_matrix(s) for s in self._steps[:-1])],
            format="csr",
        )
        matrix.sort_indices()
        self._matrix = matrix
        self._scaled = sp.csc_matrix(matrix[: rows.shape[0]])
        self._bounds = (programme.lower / self._size, programme.upper / self._size)
        self._sides = (lower * self._scale, upper * self._scale)
        self._faces: list[_Face] = []
        kept = len(self._steps) - 1
        self._rows = rows.shape[0]
        model = model_pb2.ModelProto()
        n = len(self._size)
        model.variables.ids.extend(range(n))
        model.variables.lower_bounds.extend(self._bounds[0].tolist())
        model.variables.upper_bounds.extend(self._bounds[1].tolist())
        model.variables.integers.extend([False] * n)
        constraints = model.linear_constraints
        constraints.ids.extend(range(self._rows + kept))
        constraints.lower_bounds.extend([*self._sides[0].tolist(), *[-np.inf] * kept])
        constraints.upper_bounds.extend([*self._sides[1].tolist(), *[np.inf] * kept])
        filled = model.linear_constraint_matrix
        filled.row_ids.extend(
            np.repeat(np.arange(matrix.shape[0]), np.diff(matrix.indptr)).tolist()
        )
        filled.column_ids.extend(matrix.indices.tolist())
        filled.coefficients.extend(matrix.data.tolist())
        model.objective.maximize = True
        self._model = model
        self._basis: solution_pb2.BasisProto | None = None

    def release(self) -> None:
        """Let go of everything that the steps solved so far have won."""
        model = self._model
        model.variables.lower_bounds[:] = self._bounds[0].tolist()
        model.variables.upper_bounds[:] = self._bounds[1].tolist()
        model.linear_constraints.lower_bounds[: self._rows] = self._sides[0].tolist()
        self._faces.clear()

    def keep(self, step: int, least: float) -> None:
        """From now on demand that the step's vector · columns is at least `least`."""
        self._model.linear_constraints.lower_bounds[self._rows + step] = MAGNIFIED * least

    def solve(self, step: int, seconds: float | None = None, *, hold: bool = True) -> Solution:
        """Maximise the step and, with `hold`, hold what it wins; raise Infeasible or OutOfTime."""
        vector = self._steps[step]
        some = np.flatnonzero(vector)
        coefficients = self._model.objective.linear_coefficients
        coefficients.Clear()
        coefficients.ids.extend(some.tolist())
        coefficients.values.extend(vector[some].tolist())
        result = self._run(seconds)
        reason = result.termination.reason
        if reason in (
            result_pb2.TERMINATION_REASON_INFEASIBLE,
            result_pb2.TERMINATION_REASON_INFEASIBLE_OR_UNBOUNDED,
        ):
            raise Infeasible
        if reason != result_pb2.TERMINATION_REASON_OPTIMAL:
            raise OutOfTime
        found = result.solutions[0]
        self._basis = found.basis
        scaled = np.array(found.primal_solution.variable_values.values)
        duals = np.array(found.dual_solution.dual_values.values)
        scaled, duals = self._polish(found.basis, scaled, duals, vector)
        columns = scaled * self._size
        prices, kept = duals[: self._rows], -duals[self._rows :]
        if hold:
            reduced = vector - self._scaled.T @ prices
            rows, bounds = self._hold(prices, reduced)
            kept = self._lift(prices, reduced)
            self._faces.append(_Face(prices.copy(), reduced, kept, rows, bounds))
        return Solution(
            columns=columns,
            prices=prices * self._scale / MAGNIFIED,
            kept=kept,
            objective=float(self._programme.steps[step].vector @ columns),
        )

    def _polish(
        self, basis: solution_pb2.BasisProto, columns: Floats, duals: Floats, vector: Floats
    ) -> tuple[Floats, Floats]:
        """Return the basic solution of the solver's basis to the last digits a computer keeps.

        The solver stops within its tolerances; what one step leaves there, the next would pay for
        many times over. Should the basis be too near a singular one, its own figures stand.
        """
        basic = np.array(basis.variable_status.values) == BASIC
        tight = np.array(basis.constraint_status.values) != BASIC
        if basic.sum() != tight.sum() or not basic.any():
            return columns, duals
        model = self._model
        ends = np.stack([model.variables.lower_bounds, model.variables.upper_bounds])
        sides = np.stack(
            [model.linear_constraints.lower_bounds, model.linear_constraints.upper_bounds]
        )
        at = np.where(np.abs(ends[0] - columns) <= np.abs(ends[1] - columns), ends[0], ends[1])
        polished = np.where(basic, 0.0, at)
        activity = self._matrix @ columns
        side = np.where(np.abs(sides[0] - activity) <= np.abs(sides[1] - activity), *sides)
        square = sp.csc_matrix(self._matrix[tight][:, basic])
        try:
            factors = splu(square)
        except RuntimeError:
            return columns, duals
        polished[basic] = _refined(factors.solve, square, (side - self._matrix @ polished)[tight])
        prices = np.zeros(len(duals))

        def transposed(right: Floats) -> Floats:
            found: Floats = factors.solve(right, trans="T")  # type: ignore[call-overload]
            return found

        prices[tight] = _refined(transposed, sp.csc_matrix(square.T), vector[basic])
        near = np.abs(polished - columns) <= AGREE * (1.0 + np.abs(columns))
        if not (near.all() and np.isfinite(prices).all()):
            return columns, duals
        return np.clip(polished, *ends), prices

    def _lift(self, prices: Floats, reduced: Floats) -> Floats:
        """Add of the earlier steps' prices, in place, what makes all of them ≥ 0.

        On the faces that are held, prices and reduced costs may have any sign; of each step,
        from the last back, as much is added as turns those that it holds. Returns the prices of
        the earlier steps themselves, (steps − 1,).
        """
        kept = np.zeros(len(self._steps) - 1)
        for step in reversed(range(len(self._faces))):
            face = self._faces[step]
            short = np.concatenate(
                [
                    _ratio(prices * face.rows, face.prices),
                    _ratio(reduced * face.columns, face.reduced),
                ]
            )
            weight = float(short.max(initial=0.0))
            prices += weight * face.prices
            reduced += weight * face.reduced
            kept += weight * face.kept
            kept[step] += weight
        return kept

    def _hold(self, prices: Floats, reduced: Floats) -> tuple[Floats, Floats]:
        """Hold the rows that have a price and the columns that have a reduced cost.

        Returns what was not held before: 1 for a row; 1 for a column at its upper bound and -1
        for one at its lower.
        """
        variables, constraints = self._model.variables, self._model.linear_constraints
        rows, columns = (prices > PRICED).astype(float), np.zeros(len(reduced))
        # A column without an upper bound cannot stand at it: its reduced cost is a rounding.
        bounded = np.isfinite(np.array(variables.upper_bounds))
        columns[(reduced > PRICED) & bounded], columns[reduced < -PRICED] = 1.0, -1.0
        for face in self._faces:
            rows[face.rows != 0] = 0.0
            columns[face.columns != 0] = 0.0
        for row in np.flatnonzero(rows):
            constraints.lower_bounds[row] = self._sides[1][row]
        for column in np.flatnonzero(columns > 0):
            variables.lower_bounds[column] = variables.upper_bounds[column]
        for column in np.flatnonzero(columns < 0):
            variables.upper_bounds[column] = variables.lower_bounds[column]
        return rows, columns

    def _run(self, seconds: float | None) -> result_pb2.SolveResultProto:
        parameters = parameters_pb2.SolveParametersProto()
        parameters.glop.CopyFrom(
            glop.GlopParameters(
                primal_feasibility_tolerance=self._tolerance,
                dual_feasibility_tolerance=self._tolerance,
                use_preprocessing=self._basis is None,
            )
        )
        if seconds is not None:
            parameters.time_limit.FromNanoseconds(max(int(seconds * 1e9), 1))
        hints = model_parameters_pb2.ModelSolveParametersProto()
        if self._basis is not None:
            hints.initial_basis.CopyFrom(self._basis)
        interrupter = PySolveInterrupter()

        def solve() -> result_pb2.SolveResultProto:
            return core.solve(
                self._model,
                parameters_pb2.SOLVER_TYPE_GLOP,
                parameters_pb2.SolverInitializerProto(),
                parameters,
                hints,
                None,
                callback_pb2.CallbackRegistrationProto(),
                None,
                interrupter,
            )

        # The solver itself does not hear Ctrl-C: this thread listens while another one solves.
        with ThreadPoolExecutor(1) as pool:
            solved = pool.submit(solve)
            try:
                return solved.result()
            except KeyboardInterrupt:
                interrupter.interrupt()
                raise


def _ratio(short: Floats, of: Floats) -> Floats:
    """Return how much of `of` must be added to what is short of 0."""
    some = short < -NEGLIGIBLE
    return -short[some] / np.abs(of[some])


def _refined(solve: Callable[[Floats], Floats], matrix: sp.csc_matrix, right: Floats) -> Floats:
    """Return the solution of `matrix` · x = `right`, refined against its own residual."""
    x = solve(right)
    for _ in range(2):
        x = x + solve(right - matrix @ x)
    return x
