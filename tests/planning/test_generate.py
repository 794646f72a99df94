"""Random economies: seeded, tight, plannable."""

import polars as pl
import pytest

from xietong.planning import Economy, PlanningError, plan
from xietong.planning.generate import random_economy


def test_that_the_same_seed_gives_the_same_economy_and_another_another() -> None:
    assert random_economy(20, 30, 2, 1).sha256 == random_economy(20, 30, 2, 1).sha256
    assert random_economy(20, 30, 2, 1).sha256 != random_economy(20, 30, 2, 2).sha256


def test_that_it_has_as_much_as_was_asked_for() -> None:
    economy = random_economy(50, 70, 3, 0)
    assert economy.products.height == 50
    assert economy.techniques.height == 70
    assert economy.periods.height == 3


def test_that_it_is_tight_and_its_plan_certified() -> None:
    result = plan(random_economy(60, 80, 1, 5))
    assert result.certificate.gap <= 1e-6
    assert result.certificate.shortage <= 1e-6
    assert (result.deliveries["share"] < 0.999).sum() > 0
    used = result.use_of_labour.select(pl.col("used").sum() / pl.col("offered").sum()).item()
    assert used > 0.9


@pytest.mark.parametrize(("products", "techniques", "periods"), [(0, 5, 1), (5, 4, 1), (5, 5, 0)])
def test_that_impossible_numbers_are_refused(products: int, techniques: int, periods: int) -> None:
    with pytest.raises(PlanningError, match="as many techniques as products"):
        random_economy(products, techniques, periods)


def test_that_hubs_go_into_most_techniques() -> None:
    economy: Economy = random_economy(200, 200, 1, 3)
    users = economy.inputs.group_by("product").len().sort("len", descending=True)
    assert users["len"][0] > 10 * users["len"].median()  # type: ignore[operator]
