"""From columns that are nearly in balance to such as can be carried out."""

import numpy as np
import pytest

from xietong.planning.assemble import assemble
from xietong.planning.economy import Economy
from xietong.planning.generate import random_economy
from xietong.planning.primal_dual.blend import blend, weights
from xietong.planning.primal_dual.finish import EXECUTABLE, Finisher
from xietong.planning.primal_dual.iteration import Iteration
from xietong.planning.primal_dual.problem import Problem, reduce
from xietong.planning.programme import Programme
from xietong.planning.sets import Floats
from xietong.planning.values import hours_per_unit, yardstick


def made_ready(economy: Economy) -> tuple[Programme, Problem, Floats]:
    sets = economy.sets
    values = yardstick(sets)
    programme = assemble(economy, values, None, "smooth")
    return programme, reduce(programme, economy, hours_per_unit(sets, sets.observed)), values


def test_that_means_with_one_user_are_bounds_and_kinks_and_no_rows() -> None:
    economy = random_economy(30, 48, seed=2)
    programme, problem, _ = made_ready(economy)
    sets = economy.sets
    basic = int(((sets.wish_tier == 0) & (sets.target > 0)).sum())
    assert len(programme.matrix.indptr) - 1 == 30 + 48 + 4 + basic + 48
    assert len(problem.there) == 30 + 4 + basic
    runs = programme.columns.runs.ravel()
    assert np.isfinite(problem.upper).all()
    assert problem.kink[runs] == pytest.approx(0.9 * sets.available)


def test_that_finishing_leaves_nothing_short_and_loses_little() -> None:
    economy = random_economy(400, 640, seed=5)
    programme, problem, values = made_ready(economy)
    objective = blend(programme, problem, weights(programme, values))
    lower = np.clip(np.zeros(len(problem.upper)), problem.lower, problem.upper)
    iteration = Iteration(problem, objective, lower, problem.guess)
    iteration.run(1500)
    finisher = Finisher(problem)
    x = finisher.finish(objective, iteration.x, iteration.y)
    assert finisher.shortage(x) <= EXECUTABLE
    assert (x >= problem.lower).all() and (x <= problem.upper).all()
    lost = objective.at(problem, x) - objective.at(problem, iteration.x)
    whole = weights(programme, values)[-2]
    assert lost <= 0.02 * whole


def test_that_columns_out_of_nothing_are_left_with_nothing_short() -> None:
    economy = random_economy(50, 80, seed=7)
    programme, problem, values = made_ready(economy)
    objective = blend(programme, problem, weights(programme, values))
    finisher = Finisher(problem)
    x = finisher.finish(objective, np.zeros(len(problem.upper)), problem.guess)
    assert finisher.shortage(x) <= EXECUTABLE
