"""Repair makes executable what is not, and leaves alone what is."""

from collections.abc import Callable

import numpy as np
import polars as pl
import pytest

from xietong.planning import Economy, plan
from xietong.planning.assemble import assemble
from xietong.planning.audit.book import Book, Figures
from xietong.planning.audit.shortages import shortages
from xietong.planning.repair import repair
from xietong.planning.solver import Solver
from xietong.planning.tables import tabulate
from xietong.planning.values import yardstick


@pytest.mark.parametrize("seed", range(5))
def test_that_a_plan_off_by_a_hundredth_becomes_executable(
    changed: Callable[..., Economy], seed: int
) -> None:
    economy = changed(stocks=lambda f: f.with_columns(final=0.0))
    values = yardstick(economy.sets)
    programme = assemble(economy, values, None)
    solver = Solver(programme)
    solutions = [solver.solve(step) for step in range(len(programme.steps))]
    rng = np.random.default_rng(seed)
    noise = 1.0 + 0.01 * rng.uniform(-1.0, 1.0, programme.columns.count)
    columns = repair(programme, solutions[-1].columns * noise)
    tables = tabulate(economy, programme, columns, solutions, None, values, None)
    book = Book(economy.tables)
    found = shortages(book, Figures(book, tables))
    assert max(found.values()) <= 1e-8, found
    served = float(tables["deliveries"]["share"].sum())
    assert served > 0.9 * float(plan(economy).deliveries["share"].sum())


def test_that_an_executable_plan_is_left_as_it_is(bakery: Economy) -> None:
    programme = assemble(bakery, yardstick(bakery.sets), None)
    solver = Solver(programme)
    for step in range(len(programme.steps)):
        solution = solver.solve(step)
    assert repair(programme, solution.columns) == pytest.approx(solution.columns, abs=1e-9)


def test_that_noise_without_supply_is_not_a_delivery(bakery: Economy) -> None:
    result = plan(bakery)
    tiny = result.runs.filter((pl.col("runs") > 0) & (pl.col("runs") < 1e-9))
    assert tiny.height == 0
