"""The tables of 2021 are read whole, and an altered cell anywhere is refused."""

import sys
from collections.abc import Mapping
from dataclasses import replace
from pathlib import Path

import numpy as np
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from xietong.planning.sources.brazil import SupplyUse, read_supply_use
from xietong.planning.sources.brazil.sheets import Sheet
from xietong.planning.sources.brazil.supply_use import parse_supply_use
from xietong.planning.sources.errors import SourceError

WIDTHS = {"oferta": 9, "producao": 69, "importacao": 1, "CI": 69, "demanda": 8}
TOTAL_ROW = 134


def with_cells(
    sheets: Mapping[str, Sheet], name: str, cells: Mapping[tuple[int, int], object]
) -> dict[str, Sheet]:
    rows = [list(row) for row in sheets[name].rows]
    for (row, column), value in cells.items():
        rows[row][column] = value
    return {**sheets, name: replace(sheets[name], rows=rows)}


def number(sheets: Mapping[str, Sheet], name: str, row: int, column: int) -> float:
    return sheets[name].number(row, column)


def refusal(sheets: Mapping[str, Sheet]) -> SourceError:
    with pytest.raises(SourceError) as refused:
        parse_supply_use(sheets, {})
    return refused.value


def test_that_the_published_totals_of_2021_are_read(table: SupplyUse) -> None:
    assert (len(table.products), len(table.industries)) == (128, 68)
    assert table.make.shape == table.use.shape == (128, 68)
    assert table.make.sum() == 16_581_873
    assert table.use.sum() == 8_867_874
    assert table.imports.sum() == 1_671_473
    assert table.exports.sum() == 1_722_169
    assert table.government.sum() == 1_671_535
    assert table.nonprofit.sum() == 115_048
    assert table.household.sum() == 5_415_523
    assert table.capital.sum() == 1_614_782
    assert table.inventories.sum() == 144_558
    assert table.taxes.sum() == 1_298_143
    assert table.jobs.sum() == 105_065_178


def test_that_a_cell_stands_under_its_product_and_industry(table: SupplyUse) -> None:
    rice, crops = table.products.index("01911"), table.industries.index("0191")
    assert table.make[rice, crops] == 31_603
    assert table.use[rice, crops] == 810
    assert table.household[rice] == 1_409
    assert table.jobs[crops] == 6_934_294


def test_that_every_product_is_used_as_much_as_it_is_supplied(table: SupplyUse) -> None:
    final = table.exports + table.government + table.nonprofit + table.household
    used = table.use.sum(axis=1) + final + table.capital + table.inventories
    supplied = table.supply + table.margins + table.taxes
    np.testing.assert_array_equal(used, supplied)


def test_that_the_tables_cannot_be_changed_once_read(table: SupplyUse) -> None:
    with pytest.raises(ValueError, match="read-only"):
        table.use[0, 0] = 0.0


def test_that_both_files_are_identified_by_their_hash(table: SupplyUse) -> None:
    assert set(table.files) == {"68_tab1_2021.xls", "68_tab2_2021.xls"}
    assert all(len(digest) == 64 for digest in table.files.values())


def test_that_reading_does_not_run_the_code_of_the_package_with_the_data() -> None:
    read_supply_use()
    assert "iotbr" not in sys.modules


def test_that_a_missing_package_says_what_to_install(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setitem(sys.modules, "iotbr", None)
    with pytest.raises(SourceError) as refused:
        read_supply_use()
    assert refused.value.en == (
        "the source tables are not installed: pip install 'xietong[brazil]'"
    )
    assert refused.value.zh == "没有安装来源数据，请运行 pip install 'xietong[brazil]'"


def test_that_a_folder_without_the_workbooks_is_refused(tmp_path: Path) -> None:
    with pytest.raises(SourceError, match=r"68_tab1_2021\.xls: cannot be opened"):
        read_supply_use(tmp_path)


@settings(
    max_examples=60, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture]
)
@given(data=st.data())
def test_that_one_number_changed_by_a_million_anywhere_is_refused_with_its_sheet_and_column(
    sheets: dict[str, Sheet], data: st.DataObject
) -> None:
    name = data.draw(st.sampled_from(sorted(WIDTHS)))
    row = data.draw(st.sampled_from([*range(5, 133), TOTAL_ROW]))
    column = data.draw(st.integers(2, 1 + WIDTHS[name]))
    change = data.draw(st.integers(-10, 10).filter(bool))
    cell = number(sheets, name, row, column) + change
    refused = refusal(with_cells(sheets, name, {(row, column): cell}))
    letters = "ABCDEFGHIJKLMNOPQRSTUVWXYZ"
    letter = letters[column] if column < 26 else letters[column // 26 - 1] + letters[column % 26]
    assert f'sheet "{name}", row {TOTAL_ROW + 1}, column {letter}: found ' in refused.en


@pytest.mark.parametrize("row", [5, 17, 18], ids=["value added", "output", "jobs"])
def test_that_one_number_changed_among_the_industries_is_refused(
    sheets: dict[str, Sheet], row: int
) -> None:
    cell = number(sheets, "VA", row, 30) + 1
    refused = refusal(with_cells(sheets, "VA", {(row, 30): cell}))
    assert 'sheet "VA"' in refused.en
    assert f"row {row + 1}, " in refused.en


def test_that_a_row_that_does_not_sum_is_refused_at_its_total(sheets: dict[str, Sheet]) -> None:
    cells = {(6, 70): number(sheets, "CI", 6, 70) + 3, (7, 70): number(sheets, "CI", 7, 70) - 3}
    assert refusal(with_cells(sheets, "CI", cells)).en == (
        '68_tab2_2021.xls, sheet "CI", row 7, column BS: '
        "found 63,324 where the table's other cells give 63,321"
    )


def test_that_supply_that_differs_from_the_other_sheets_is_refused(
    sheets: dict[str, Sheet],
) -> None:
    cells = {
        (5, 10): number(sheets, "oferta", 5, 10) + 1,
        (6, 10): number(sheets, "oferta", 6, 10) - 1,
    }
    refused = refusal(with_cells(sheets, "oferta", cells))
    assert refused.en == (
        '68_tab1_2021.xls, sheet "oferta", row 6, column K: '
        "found 43,758 where the table's other cells give 43,757"
    )
    assert refused.zh == (
        "68_tab1_2021.xls 的工作表“oferta”第 6 行 K 列："
        "数值为 43,758，而按表中其他单元格应为 43,757"
    )


def test_that_demand_that_differs_from_supply_is_refused(sheets: dict[str, Sheet]) -> None:
    up, down = 1.0, -1.0
    cells = {
        (row, column): number(sheets, "demanda", row, column) + change
        for row, change in ((5, up), (6, down))
        for column in (5, 8, 9)
    }
    assert refusal(with_cells(sheets, "demanda", cells)).en == (
        '68_tab2_2021.xls, sheet "demanda", row 6, column J: '
        "found 50,590 where the table's other cells give 50,589"
    )


def test_that_margins_handed_out_but_not_received_are_refused(sheets: dict[str, Sheet]) -> None:
    cells = {(row, 3): number(sheets, "oferta", row, 3) + 5 for row in (5, TOTAL_ROW)}
    cells |= {(row, 2): number(sheets, "oferta", row, 2) + 5 for row in (5, TOTAL_ROW)}
    assert refusal(with_cells(sheets, "oferta", cells)).en == (
        '68_tab1_2021.xls, sheet "oferta", row 135, column D: '
        "found 5 where the table's other cells give 0"
    )


@pytest.mark.parametrize(
    ("name", "column", "letter"),
    [("importacao", 2, "C"), ("CI", 2, "C"), ("demanda", 5, "F")],
)
def test_that_a_use_or_import_below_zero_is_refused_at_its_cell(
    sheets: dict[str, Sheet], name: str, column: int, letter: str
) -> None:
    moved = number(sheets, name, 8, column) + 7
    cells = {(8, column): -7.0, (9, column): number(sheets, name, 9, column) + moved}
    refused = refusal(with_cells(sheets, name, cells))
    assert refused.en.endswith(f'sheet "{name}", row 9, column {letter}: -7 is below zero')
    assert refused.zh.endswith(f"第 9 行 {letter} 列：-7 小于零")


def test_that_an_industry_without_jobs_is_refused(sheets: dict[str, Sheet]) -> None:
    refused = refusal(with_cells(sheets, "VA", {(18, 1): 0.0}))
    assert refused.en == (
        '68_tab2_2021.xls, sheet "VA", row 19, column B: every industry must have jobs'
    )


@pytest.mark.parametrize(
    ("name", "row", "column", "value", "expected"),
    [
        ("oferta", 3, 3, "Margem", 'row 4, column D: expected "Margem de comércio", found'),
        ("producao", 3, 2, "0192\nPecuária", 'row 4, column C: expected "0191", found'),
        ("CI", 5, 0, "01912", 'row 6, column A: expected "01911", found "01912"'),
        ("demanda", 134, 0, "", 'row 135, column A: expected "Total", found ""'),
        ("VA", 18, 0, "Horas", 'row 19, column A: expected "Fator trabalho (ocupações)", found'),
        ("importacao", 20, 2, "n/a", "row 21, column C: expected a number, found 'n/a'"),
    ],
)
def test_that_a_table_of_another_layout_is_refused_where_it_differs(
    sheets: dict[str, Sheet], name: str, row: int, column: int, value: str, expected: str
) -> None:
    refused = refusal(with_cells(sheets, name, {(row, column): value}))
    assert f'sheet "{name}", {expected}' in refused.en


def test_that_a_sheet_cut_short_is_refused_where_it_ends(sheets: dict[str, Sheet]) -> None:
    cut = replace(sheets["CI"], rows=sheets["CI"].rows[:100])
    assert refusal({**sheets, "CI": cut}).en == (
        '68_tab2_2021.xls, sheet "CI", row 101, column A: the sheet ends before this cell'
    )
