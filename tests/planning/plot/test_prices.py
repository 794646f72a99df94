"""Labour values and valuations stand side by side."""

from collections.abc import Callable
from typing import Any

import altair as alt
import pytest

from xietong.planning import Plan

Shown = Callable[[alt.Chart, int], list[dict[str, Any]]]


def test_that_a_product_shows_its_labour_value_and_the_valuation_of_each_period(
    baked: Plan, shown: Shown
) -> None:
    points = shown(baked.plot.prices(), 1)
    bread = [row for row in points if row["label"] == "haircut"]
    (labour,) = {row["hours"] for row in bread if row["what"] == "labour value"}
    assert labour == pytest.approx(0.5)
    valued = baked.valuations.rows_by_key(["kind", "id", "region", "period"], named=True)
    for row in bread:
        if row["what"] == "valuation":
            (found,) = valued["product", "haircut", "west", row["when"]]
            assert row["hours"] == pytest.approx(found["value"])
