"""Splitting sectors into products: every sum by sector stays what it was."""

import numpy as np
import polars as pl
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from xietong.planning import Economy, PlanningError
from xietong.planning.disaggregate import disaggregate
from xietong.planning.generate import random_economy


def whole(name: pl.Expr) -> pl.Expr:
    """The name without what was added to it for the part."""
    return name.str.replace(r"\.\d+$", "")


def totals(economy: Economy, table: str, column: str, keys: list[str]) -> dict[object, float]:
    """Sums by the sectors' names; what counts by run is multiplied by the runs observed."""
    frame = economy.tables[table]
    amount = pl.col(column)
    if "technique" in frame.columns and table != "techniques":
        frame = frame.join(
            economy.techniques.select("technique", part_of_all="runs"), on="technique"
        )
        amount = amount * pl.col("part_of_all")
    summed = (
        frame.with_columns(whole(pl.col(key)) for key in keys)
        .group_by(keys)
        .agg(amount.sum().alias("sum"))
    )
    return {row[:-1]: row[-1] for row in summed.iter_rows()}


SUMS = (
    ("techniques", "runs", ["technique"]),
    ("inputs", "quantity", ["technique", "product"]),
    ("outputs", "quantity", ["technique", "product"]),
    ("labour", "hours", ["technique", "skill"]),
    ("emits", "quantity", ["technique", "limit"]),
    ("occupies", "quantity", ["technique", "means"]),
    ("means", "available", ["means"]),
    ("needs", "target", ["need", "product"]),
    ("stocks", "initial", ["product"]),
    ("stocks", "final", ["product"]),
    ("project_inputs", "quantity", ["project", "product"]),
    ("project_labour", "quantity", ["project", "skill"]),
    ("project_means", "capacity", ["project", "means"]),
)


def assert_same_sums(sectors: Economy, products: Economy) -> None:
    for table, column, keys in SUMS:
        old, new = (totals(e, table, column, keys) for e in (sectors, products))
        assert set(old) == set(new), table
        for key, amount in old.items():
            assert new[key] == pytest.approx(amount, rel=1e-9, abs=0.0), (table, key)


def balance(economy: Economy) -> dict[str, float]:
    """By product, what the observed runs make less what they use up, over what they make."""
    runs = economy.techniques.select("technique", "runs")
    made, used = (
        economy.tables[name]
        .join(runs, on="technique")
        .group_by("product")
        .agg(amount=(pl.col("quantity") * pl.col("runs")).sum())
        for name in ("outputs", "inputs")
    )
    net = made.join(used, on="product", how="left", suffix="_used")
    left = 1.0 - net["amount_used"].fill_null(0.0) / net["amount"]
    return dict(zip(net["product"], left, strict=True))


@given(
    products=st.integers(2, 8), more=st.integers(0, 30), seed=st.integers(0, 2**32 - 1),
    periods=st.integers(1, 3),
)  # fmt: skip
@settings(max_examples=25, deadline=None)
def test_that_all_sums_by_sector_stay(products: int, more: int, seed: int, periods: int) -> None:
    made = random_economy(products, products + 3, periods, seed)
    observed = made.techniques.with_columns(
        runs=pl.Series(np.random.default_rng(seed).uniform(0.5, 2.0, made.techniques.height))
    )
    sectors = Economy({**made.tables, "techniques": observed})
    split = disaggregate(sectors, products + more, seed)
    assert split.products.height == products + more
    assert_same_sums(sectors, split)


def test_that_all_sums_stay_of_joint_products_regions_projects_and_limits(
    bakery: Economy,
) -> None:
    observed = bakery.techniques.with_columns(runs=pl.Series([3.0, 2.0, 1.0, 4.0]))
    sectors = Economy({**bakery.tables, "techniques": observed})
    split = disaggregate(sectors, 25, 3)
    assert_same_sums(sectors, split)
    assert split.regions.equals(sectors.regions)
    assert split.periods.equals(sectors.periods)


def test_that_each_part_of_a_sector_is_in_balance_where_the_sector_was() -> None:
    made = random_economy(6, 6, 1, 5)
    sectors = Economy({**made.tables, "techniques": made.techniques.with_columns(runs=pl.lit(2.0))})
    old, new = balance(sectors), balance(disaggregate(sectors, 40, 5))
    for part, left in new.items():
        assert left == pytest.approx(old[part.partition(".")[0]], abs=1e-9)


def test_that_parts_are_made_in_ways_of_their_own() -> None:
    split = disaggregate(random_economy(3, 3, 1, 1), 12, 1)
    hours = split.labour.filter(pl.col("technique").str.starts_with("t1."))["hours"]
    assert hours.n_unique() == hours.len() == 4


def test_that_the_same_seed_gives_the_same_economy_and_another_another() -> None:
    made = random_economy(4, 5, 1, 1)
    once, again, other = (disaggregate(made, 20, seed) for seed in (7, 7, 8))
    assert once.sha256 == again.sha256 != other.sha256
    assert once.metadata["disaggregation"] == {"of": made.sha256, "products": 20, "seed": 7}


def test_that_as_many_products_as_sectors_is_the_economy_itself_but_for_its_order() -> None:
    made = random_economy(4, 5, 1, 1)
    same = disaggregate(made, 4, 1)
    for table, frame in made.tables.items():
        numbers = [c for c in frame.columns if frame[c].dtype == pl.Float64]
        assert same.tables[table].drop(numbers).equals(frame.drop(numbers))
        for column in numbers:
            assert same.tables[table][column].to_numpy() == pytest.approx(
                frame[column].to_numpy(), rel=1e-15
            )


def test_that_names_are_given_to_parts_and_what_has_none_stays_whole() -> None:
    names = pl.DataFrame(
        {"product": ["p1"] * 3, "part": ["a", "b", "c"], "name_zh": ["甲", "乙", "丙"]}
    )
    split = disaggregate(random_economy(2, 2, 1, 1), 4, 1, names)
    assert split.products.select("product", "name_zh").rows() == [
        ("p1.a", "甲"), ("p1.b", "乙"), ("p1.c", "丙"), ("p2", None),
    ]  # fmt: skip


def test_that_a_number_of_products_that_cannot_be_is_refused() -> None:
    made = random_economy(3, 3, 1, 1)
    with pytest.raises(PlanningError) as refused:
        disaggregate(made, 2)
    assert refused.value.en.startswith("give a number of products from 3, the sectors, to")
    names = pl.DataFrame({"product": ["p1", "p1"], "part": ["a", "b"]})
    with pytest.raises(PlanningError, match="from 3, the sectors, to 4, the names there are"):
        disaggregate(made, 5, names=names)
    with pytest.raises(PlanningError, match="'p9' is no product of the economy"):
        disaggregate(made, 4, names=names.with_columns(product=pl.lit("p9")))
