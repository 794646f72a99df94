"""Capital over several periods: it wears, is renewed, and projects add to it."""

from dataclasses import replace

import polars as pl
import pytest

from xietong.planning import Economy, plan
from xietong.planning.sources.accounts import Accounts
from xietong.planning.sources.assumptions import COMMON, Choices, choices
from xietong.planning.sources.tables import to_tables

Tables = dict[str, pl.DataFrame]


@pytest.fixture
def chosen() -> Choices:
    return choices(COMMON | {"UNEMPLOYMENT": replace(COMMON["SKILL"], value=0.3)})


@pytest.fixture
def tables(village: Accounts, chosen: Choices) -> Tables:
    return to_tables(village, chosen, periods=3)


def test_that_there_are_as_many_years_as_asked_for(tables: Tables) -> None:
    assert tables["periods"].rows() == [(1, 365.0), (2, 365.0), (3, 365.0)]


def test_that_investment_and_growth_of_stocks_are_no_needs_of_several_periods(
    village: Accounts, chosen: Choices, tables: Tables
) -> None:
    def kinds(tables: Tables) -> set[str]:
        return {need.partition(":")[0] for need in tables["needs"]["need"]}

    assert kinds(to_tables(village, chosen)) == {
        "household", "public", "investment", "inventory", "abroad",
    }  # fmt: skip
    assert kinds(tables) == {"household", "public", "abroad"}


def test_that_people_ask_for_a_tenth_more(tables: Tables) -> None:
    grain = tables["needs"].filter(need="household:grain")
    assert grain["target"].to_list() == [pytest.approx(66.0, rel=1e-15)]


def test_that_a_bundle_of_capital_holds_what_the_year_invested(tables: Tables) -> None:
    made = tables["inputs"].filter(technique="invest:all")
    assert made.select("product", "quantity").rows() == [("plough", 1.0)]
    assert tables["outputs"].filter(technique="invest:all")["product"].to_list() == ["capital:all"]


def test_that_runs_wear_out_four_fifths_of_what_was_invested(tables: Tables) -> None:
    wear = tables["inputs"].filter(product="capital:all")
    assert dict(zip(wear["technique"], wear["quantity"], strict=True)) == {
        "industry:farm": pytest.approx(0.8 * 22.5 / 100.0),
        "industry:smithy": pytest.approx(0.8 * 7.5 / 40.0),
        "shift:smithy:plough": pytest.approx(0.8 * 7.5 / 40.0),
        "shift:smithy:haircut": pytest.approx(0.8 * 7.5 / 40.0),
    }


def test_that_a_project_takes_the_capital_that_stands_behind_its_capacity(tables: Tables) -> None:
    assert tables["projects"].rows() == [
        ("build:farm", 2, 1, 20.0), ("build:smithy", 2, 1, 20.0),
    ]  # fmt: skip
    assert tables["project_means"].rows() == [
        ("build:farm", "industry:farm", 1.0), ("build:smithy", "industry:smithy", 0.4),
    ]  # fmt: skip
    taken = tables["project_inputs"]
    assert taken["product"].to_list() == ["capital:all", "capital:all"]
    assert taken["quantity"].to_list() == [
        pytest.approx(0.01 * 0.8 * 22.5 / 0.06), pytest.approx(0.01 * 0.8 * 7.5 / 0.06),
    ]  # fmt: skip


def test_that_the_plan_builds_what_it_needs_for_more_and_is_certified(tables: Tables) -> None:
    wish = pl.col("target") * pl.when(pl.col("need") == "household:haircut").then(1.5).otherwise(1)
    planned = plan(Economy(tables | {"needs": tables["needs"].with_columns(target=wish)}))
    assert planned.certificate.gap <= 1e-9
    assert planned.starts.filter(project="build:smithy")["starts"].sum() > 0
    cuts = planned.deliveries.filter(need="household:haircut").sort("period")["share"]
    assert cuts[1] > cuts[0] + 0.01
