"""The scarcest things come first, each with what all of it saves."""

from collections.abc import Callable
from typing import Any

import altair as alt
import pytest

from xietong.planning import Plan

Shown = Callable[[alt.Chart, int], list[dict[str, Any]]]


def test_that_the_bars_are_the_rents_of_the_plan(baked: Plan, shown: Shown) -> None:
    chart = baked.plot.bottlenecks(most=3)
    rows = shown(chart, 0)
    assert [row["rent"] for row in rows] == pytest.approx(baked.bottlenecks()["rent"][:3].to_list())
    assert [row["label"] for row in rows] == [
        "oven (period 1)", "smoke (period 2)", "oven (period 3)",
    ]  # fmt: skip
    assert chart.to_dict()["title"]["subtitle"] == "The 3 scarcest of 6 things"
