"""Solves the steps of a programme in order, through the simplex methods of OR-tools.

The rows are fixed once; each further step changes the objective and one right-hand side, so that
it starts from the basis of the one before. Columns are counted in their own order of magnitude
and rows divided by their largest coefficient.

Source: Dantzig 1963; Isermann 1982 (lexicographic linear programming).
"""

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

from xietong.planning.programme import Programme, stack
from xietong.planning.sets import Floats

# Objectives are shares of 1; the solver's tolerances are absolute and meant for figures like this.
MAGNIFIED = 1e4


@dataclass(frozen=True)
class Solution:
    """A basic solution: columns, and a price ≥ 0 for each row and each earlier step kept."""

    columns: Floats
    prices: Floats
    kept: Floats
    objective: float


class Infeasible(Exception):
    """No columns satisfy the rows."""


class OutOfTime(Exception):
    """The time limit came before the optimum."""


class Solver:
    """The programme inside the solver, with one row for each step that may be kept."""

    def __init__(self, programme: Programme) -> None:
        self._programme = programme
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
        kept = len(self._steps) - 1
        self._rows = rows.shape[0]
        model = model_pb2.ModelProto()
        n = len(self._size)
        model.variables.ids.extend(range(n))
        model.variables.lower_bounds.extend((programme.lower / self._size).tolist())
        model.variables.upper_bounds.extend((programme.upper / self._size).tolist())
        model.variables.integers.extend([False] * n)
        constraints = model.linear_constraints
        constraints.ids.extend(range(self._rows + kept))
        constraints.lower_bounds.extend([*(lower * self._scale).tolist(), *[-np.inf] * kept])
        constraints.upper_bounds.extend([*(upper * self._scale).tolist(), *[np.inf] * kept])
        filled = model.linear_constraint_matrix
        filled.row_ids.extend(
            np.repeat(np.arange(matrix.shape[0]), np.diff(matrix.indptr)).tolist()
        )
        filled.column_ids.extend(matrix.indices.tolist())
        filled.coefficients.extend(matrix.data.tolist())
        model.objective.maximize = True
        self._model = model
        self._basis: solution_pb2.BasisProto | None = None

    def keep(self, step: int, least: float) -> None:
        """From now on demand that the step's vector · columns is at least `least`."""
        self._model.linear_constraints.lower_bounds[self._rows + step] = MAGNIFIED * least

    def solve(self, step: int, seconds: float | None = None) -> Solution:
        """Maximise the step; raise Infeasible or OutOfTime."""
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
        prices = np.array(found.dual_solution.dual_values.values)
        columns = scaled * self._size
        return Solution(
            columns=columns,
            prices=prices[: self._rows] * self._scale / MAGNIFIED,
            kept=-prices[self._rows :],
            objective=float(self._programme.steps[step].vector @ columns),
        )

    def _run(self, seconds: float | None) -> result_pb2.SolveResultProto:
        parameters = parameters_pb2.SolveParametersProto()
        parameters.glop.CopyFrom(
            glop.GlopParameters(
                primal_feasibility_tolerance=1e-10,
                dual_feasibility_tolerance=1e-10,
                use_preprocessing=self._basis is None,
            )
        )
        if seconds is not None:
            parameters.time_limit.FromNanoseconds(max(int(seconds * 1e9), 1))
        hints = model_parameters_pb2.ModelSolveParametersProto()
        if self._basis is not None:
            hints.initial_basis.CopyFrom(self._basis)
        return core.solve(
            self._model,
            parameters_pb2.SOLVER_TYPE_GLOP,
            parameters_pb2.SolverInitializerProto(),
            parameters,
            hints,
            None,
            callback_pb2.CallbackRegistrationProto(),
            None,
            None,
        )
