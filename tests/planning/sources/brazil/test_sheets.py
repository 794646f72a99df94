"""Grids of cells, and errors that name the cell."""

import shutil
import sys
from pathlib import Path

import pytest

from xietong.planning.sources.brazil.sheets import Sheet, column_letters, read_sheets
from xietong.planning.sources.errors import SourceError

SHEET = Sheet("book.xls", "uses", [["Code", 3.0, 42, "", float("nan")]])


def test_that_columns_are_named_as_a_spreadsheet_names_them() -> None:
    assert [column_letters(n) for n in (0, 1, 25, 26, 51, 52, 701, 702)] == [
        *("A", "B", "Z", "AA", "AZ", "BA", "ZZ", "AAA")
    ]


def test_that_a_number_and_a_text_are_read_as_they_are() -> None:
    assert SHEET.number(0, 1) == 3.0
    assert SHEET.text(0, 0) == "Code"


def test_that_line_breaks_in_a_heading_read_as_single_spaces() -> None:
    assert Sheet("b", "s", [["Margem \nde\ncomércio "]]).text(0, 0) == "Margem de comércio"


@pytest.mark.parametrize(
    ("column", "en", "zh"),
    [
        (
            0,
            "column A: expected a number, found 'Code'",
            "第 1 行 A 列：应为数字，实为 'Code'",
        ),
        (2, "column C: expected a number, found 42", "第 1 行 C 列：应为数字，实为 42"),
        (3, "column D: expected a number, found ''", "第 1 行 D 列：应为数字，实为 ''"),
        (4, "column E: expected a number, found nan", "第 1 行 E 列：应为数字，实为 nan"),
        (5, "column F: the sheet ends before this cell", "第 1 行 F 列：工作表缺少此单元格"),
    ],
    ids=["text", "error code", "empty", "not finite", "beyond the end"],
)
def test_that_a_cell_without_a_number_is_refused_with_its_place(
    column: int, en: str, zh: str
) -> None:
    with pytest.raises(SourceError) as refused:
        SHEET.number(0, column)
    assert refused.value.en == f'book.xls, sheet "uses", row 1, {en}'
    assert refused.value.zh == f"book.xls 的工作表“uses”{zh}"


def test_that_a_number_where_a_label_belongs_is_refused_with_its_place() -> None:
    with pytest.raises(SourceError) as refused:
        SHEET.text(0, 1)
    assert refused.value.en == 'book.xls, sheet "uses", row 1, column B: expected text, found 3.0'


@pytest.mark.parametrize("size", [0, 10, 600, 80_000, 150_000])
def test_that_a_truncated_workbook_is_refused(workbooks: Path, tmp_path: Path, size: int) -> None:
    cut = tmp_path / "68_tab1_2021.xls"
    cut.write_bytes((workbooks / cut.name).read_bytes()[:size])
    with pytest.raises(SourceError) as refused:
        read_sheets(cut, ["oferta"])
    assert refused.value.en == f"{cut}: not a readable Excel 97-2003 workbook"
    assert refused.value.zh == f"{cut}：不是可读的 Excel 97-2003 工作簿"


def test_that_a_missing_workbook_is_refused(tmp_path: Path) -> None:
    with pytest.raises(SourceError) as refused:
        read_sheets(tmp_path / "none.xls", ["oferta"])
    assert refused.value.en == (
        f"{tmp_path / 'none.xls'}: cannot be opened (No such file or directory)"
    )


def test_that_a_workbook_without_the_sheet_is_refused(workbooks: Path, tmp_path: Path) -> None:
    swapped = tmp_path / "68_tab1_2021.xls"
    shutil.copy(workbooks / "68_tab2_2021.xls", swapped)
    with pytest.raises(SourceError) as refused:
        read_sheets(swapped, ["oferta"])
    assert refused.value.en == f'{swapped}: there is no sheet "oferta"'


def test_that_reading_without_the_reader_installed_says_what_to_install(
    workbooks: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setitem(sys.modules, "xlrd", None)
    with pytest.raises(SourceError) as refused:
        read_sheets(workbooks / "68_tab1_2021.xls", ["oferta"])
    assert refused.value.en == (
        "the source tables are not installed: pip install 'xietong[brazil]'"
    )
