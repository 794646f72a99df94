"""Each need has one bar, the most missing first."""

from collections.abc import Callable
from typing import Any

import altair as alt
import pytest

from xietong.planning import Plan

Shown = Callable[[alt.Chart, int], list[dict[str, Any]]]


def test_that_each_need_has_a_bar_and_what_misses_most_comes_first(
    baked: Plan, shown: Shown
) -> None:
    chart = baked.plot.needs()
    rows = shown(chart, 0)
    assert {row["need"] for row in rows} == set(baked.deliveries["need"])
    assert rows[-1]["need"] == "seed"  # the only one that is met in every period
    haircut = next(row for row in rows if row["need"] == "haircut")
    assert haircut["share"] == pytest.approx((40 + 50 + 60) / 180)
    assert haircut["worst"] == pytest.approx(40 / 60)
    assert chart.to_dict()["title"]["subtitle"] == "4 of 5 needs are cut (line: worst period)"


def test_that_no_more_bars_are_drawn_than_asked_for(baked: Plan, shown: Shown) -> None:
    chart = baked.plot.needs("zh", most=2)
    assert len(shown(chart, 0)) == 2
    assert (
        chart.to_dict()["title"]["subtitle"]
        == "5 项需求中，4 项被削减（竖线：最差的一期）；图中为影响最大的 2 项"
    )
