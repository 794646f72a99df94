"""The audit finds the same boxes and values as the planner, by its own way."""

import numpy as np
import pytest

from xietong.planning import Economy
from xietong.planning.audit.book import Book
from xietong.planning.audit.reach import reach
from xietong.planning.audit.yardstick import hours_per_unit
from xietong.planning.generate import random_economy
from xietong.planning.values import labour_values


@pytest.mark.parametrize(("periods", "seed"), [(1, 0), (3, 1), (4, 2)])
def test_that_no_technique_reaches_further_than_the_planner_thinks(periods: int, seed: int) -> None:
    agrees(random_economy(30, 45, periods, seed))


def test_that_projects_and_limits_are_reached_as_far(bakery: Economy) -> None:
    agrees(bakery)


def agrees(economy: Economy) -> None:
    runs, _ = reach(Book(economy.tables))
    assert runs == pytest.approx(economy.largest_runs, rel=1e-12)
    assert np.isfinite(economy.largest_runs).all()


@pytest.mark.parametrize("seed", [0, 1])
def test_that_the_yardstick_is_worked_out_alike(seed: int) -> None:
    economy = random_economy(40, 60, 1, seed)
    again = hours_per_unit(Book(economy.tables), economy.techniques["runs"].to_numpy())
    assert again == pytest.approx(labour_values(economy)["hours"].to_numpy(), rel=1e-11)
