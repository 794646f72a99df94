"""Accounts become an economy: the year's own activity is a plan of it."""

from collections.abc import Callable
from dataclasses import replace

import numpy as np
import polars as pl
import pytest

from xietong.planning import Economy, plan
from xietong.planning.sources.accounts import Accounts
from xietong.planning.sources.assumptions import COMMON, Choices, choices
from xietong.planning.sources.tables import to_tables

Tables = dict[str, pl.DataFrame]
LeftOver = Callable[[Tables], dict[str, float]]


@pytest.fixture
def chosen() -> Choices:
    return choices(COMMON | {"UNEMPLOYMENT": replace(COMMON["SKILL"], value=0.2)})


@pytest.fixture
def tables(village: Accounts, chosen: Choices) -> Tables:
    return to_tables(village, chosen)


def entries(tables: Tables, name: str, technique: str) -> dict[str, float]:
    rows = tables[name].filter(technique=technique)
    return dict(zip(rows["product"], rows["quantity"], strict=True))


def test_that_the_accounts_balance(village: Accounts) -> None:
    assert village.excess().tolist() == [0.0, 0.0, 0.0]


def test_that_the_activity_of_the_year_meets_every_balance(
    tables: Tables, left_over: LeftOver
) -> None:
    rest = left_over(tables)
    assert set(rest) == {"grain", "plough", "haircut", "foreign_currency"}
    assert np.abs(list(rest.values())).max() <= 1e-15


def test_that_an_input_below_zero_is_an_output(tables: Tables) -> None:
    assert entries(tables, "inputs", "industry:smithy") == {"plough": 0.1, "haircut": 0.025}
    assert entries(tables, "outputs", "industry:smithy") == {
        "grain": 0.05, "plough": 0.75, "haircut": 0.25,
    }  # fmt: skip


def test_that_an_output_below_zero_is_an_input(village: Accounts, chosen: Choices) -> None:
    taking = replace(village, make=np.array([[100.0, 0.0], [0.0, 30.0], [-2.0, 12.0]]))
    tables = to_tables(taking, chosen)
    assert entries(tables, "inputs", "industry:farm")["haircut"] == 2.0 / 98.0
    assert entries(tables, "outputs", "industry:farm") == {"grain": 100.0 / 98.0}


def test_that_what_users_hand_back_and_services_drawn_from_stock_come_without_input(
    tables: Tables,
) -> None:
    back = tables["techniques"].filter(pl.col("technique").str.starts_with("return:"))
    assert dict(zip(back["technique"], back["runs"], strict=True)) == {
        "return:plough": 3.0, "return:haircut": 1.0,
    }  # fmt: skip
    assert entries(tables, "inputs", "return:plough") == {}
    assert entries(tables, "outputs", "return:plough") == {"plough": 1.0}
    assert tables["means"].filter(means="return:plough")["available"].to_list() == [3.0]


def test_that_a_surplus_is_a_need_and_a_deficit_a_credit(
    village: Accounts, tables: Tables, chosen: Choices
) -> None:
    assert tables["needs"].filter(need="abroad:foreign_currency")["target"].to_list() == [8.0]
    poor = to_tables(replace(village, earned=np.array([0.5, 1.0, 1.0])), chosen)
    assert poor["needs"].filter(product="foreign_currency").is_empty()
    credit = poor["means"].filter(means="credit:foreign_currency")
    assert credit["available"].to_list() == [2.0]
    assert entries(poor, "outputs", "credit:foreign_currency") == {"foreign_currency": 1.0}


def test_that_every_industry_can_shift_to_the_products_it_is_a_main_maker_of(
    tables: Tables,
) -> None:
    shifts = tables["techniques"].filter(pl.col("technique").str.starts_with("shift:"))
    assert shifts["technique"].to_list() == ["shift:smithy:plough", "shift:smithy:haircut"]
    assert entries(tables, "outputs", "shift:smithy:haircut") == {"haircut": 1.0}
    assert tables["occupies"].filter(technique="shift:smithy:haircut")["means"].to_list() == [
        "shift:smithy:haircut", "industry:smithy",
    ]  # fmt: skip


def test_that_no_more_of_a_limit_may_be_taken_than_the_year_took(tables: Tables) -> None:
    assert tables["limits"].rows() == [("water", 60.0)]
    taken = tables["emits"].filter(pl.col("technique").str.starts_with("industry:"))
    assert taken.rows() == [("industry:farm", "water", 0.5), ("industry:smithy", "water", 0.25)]


def test_that_the_unemployed_offer_hours_too(tables: Tables) -> None:
    assert tables["workforce"].rows() == [("work", 350.0)]


def test_that_the_plan_of_the_year_meets_all_needs_and_is_certified(tables: Tables) -> None:
    planned = plan(Economy(tables))
    assert planned.certificate.gap <= 1e-9
    assert planned.certificate.shortage <= 1e-9
    assert planned.deliveries["share"].min() == pytest.approx(1.0, abs=1e-9)
