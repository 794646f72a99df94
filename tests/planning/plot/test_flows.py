"""What flows into a product flows out of it, and all of it comes from hours worked."""

from collections import defaultdict
from collections.abc import Callable
from typing import Any

import altair as alt
import polars as pl
import pytest

from xietong.planning import Plan, plan
from xietong.planning.generate import random_economy

Shown = Callable[[alt.Chart, int], list[dict[str, Any]]]


@pytest.fixture(scope="module")
def drawn() -> Plan:
    return plan(random_economy(30, 40, 2, 3))


def test_that_every_node_passes_on_what_it_gets(drawn: Plan, shown: Shown) -> None:
    chart = drawn.plot.flows(most=6)
    bands, nodes = shown(chart, 0), shown(chart, 1)
    gets: dict[str, float] = defaultdict(float)
    gives: dict[str, float] = defaultdict(float)
    for hours, link in {(p["hours"], p["link"]) for p in bands}:
        source, target = link.split(" → ")
        gives[source] += hours
        gets[target] += hours
    for node in nodes:
        sides = [gets, gives] if node["column"] == 1 else [gives if node["column"] == 0 else gets]
        for side in sides:
            assert side[node["label"]] == pytest.approx(node["hours"])


def test_that_the_hours_drawn_are_those_of_the_deliveries(drawn: Plan, shown: Shown) -> None:
    spot = ["product", "region", "period"]
    hours = drawn.contents.filter(pl.col("kind") == "skill").group_by(spot).agg(
        pl.col("quantity").sum()
    )  # fmt: skip
    taken = drawn.deliveries.join(hours, on=spot).select(
        (pl.col("delivered") * pl.col("quantity")).sum()
    )
    nodes = shown(drawn.plot.flows(), 1)
    for column in range(3):
        mine = sum(node["hours"] for node in nodes if node["column"] == column)
        assert mine == pytest.approx(taken.item())


def test_that_small_products_are_taken_together(drawn: Plan, shown: Shown) -> None:
    nodes = shown(drawn.plot.flows("zh", most=4), 1)
    products = [node["label"] for node in nodes if node["column"] == 1]
    assert len(products) == 5
    assert "其他" in products
