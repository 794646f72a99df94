"""Plans read like a page, and their tables go where people work."""

import subprocess
import sys

import polars as pl
import pytest

from xietong.planning import Plan

WITHOUT_PANDAS = """
import sys
sys.modules["pandas"] = sys.modules["altair"] = None  # as if not installed
from xietong.planning import PlanningError, plan
from xietong.planning.generate import random_economy
result = plan(random_economy(5, 6, 1, 0))
for draw in (result.to_pandas, result.plot.needs):
    try:
        draw()
    except PlanningError as error:
        print(error.text("en"), error.text("zh"))
"""


def test_that_a_plan_prints_as_a_page_in_both_languages(baked: Plan) -> None:
    english, chinese = str(baked).splitlines(), baked.summary("zh").splitlines()
    assert english[:2] == [
        "Plan: Bakery",
        "  basic     2 of 6 needs met; the worst 83.3%, the mean 90.7%",
    ]
    assert "  hours     242.65 worked of 315 offered (77.0%)" in english
    assert english[6] == "Scarce: what one more unit would save, in hours"
    assert english[7].startswith("  means oven in east, period 1: 4.37")
    assert english[-1].startswith("Nothing is short by more than ")
    assert chinese[:2] == ["计划：Bakery", "  基本需求：6 项中满足 2 项；最差 83.3%，平均 90.7%"]
    assert "  工时：可提供 315，用去 242.65（77.0%）" in chinese
    assert len(chinese) == len(english)


def test_that_a_notebook_shows_a_plan_as_tables(baked: Plan) -> None:
    page = baked._repr_html_()
    assert page.startswith("<h4>Bakery: shortage ")
    assert page.count("<table") == 3


def test_that_bottlenecks_are_what_has_a_valuation_the_dearest_first(baked: Plan) -> None:
    scarce = baked.bottlenecks()
    valued = baked.valuations.filter(
        pl.col("kind").is_in(["skill", "means", "limit"]), pl.col("value") > 0
    )
    assert scarce.height == valued.height
    assert scarce["rent"].is_sorted(descending=True)
    for row in scarce.iter_rows(named=True):
        assert row["used"] == pytest.approx(row["available"])  # slack has no price
        assert row["rent"] == pytest.approx(row["valuation"] * row["available"])


def test_that_the_tables_go_to_pandas_as_they_are(baked: Plan) -> None:
    frames = baked.to_pandas()
    assert frames.keys() == baked.tables.keys()
    for name, table in baked.tables.items():
        assert list(frames[name].columns) == table.columns
        assert len(frames[name]) == table.height
    assert list(frames["deliveries"]["need"]) == baked.deliveries["need"].to_list()
    assert list(frames["runs"]["runs"]) == baked.runs["runs"].to_list()


def test_that_without_what_an_extra_brings_there_is_one_sentence_that_names_it() -> None:
    done = subprocess.run([sys.executable, "-c", WITHOUT_PANDAS], capture_output=True, text=True)
    assert done.stderr == ""
    assert done.stdout.splitlines() == [
        f'this needs {name}: pip install "xietong[{extra}]" '
        f'这需要 {name}：pip install "xietong[{extra}]"'
        for name, extra in (("pandas", "pandas"), ("Altair", "plot"))
    ]
