"""A small country in the layout of WIOD's national workbooks."""

import zipfile
from collections.abc import Sequence
from pathlib import Path
from xml.sax.saxutils import escape

import numpy as np
import pytest

from xietong.planning import plan, verify
from xietong.planning.sources import SourceError, import_economy
from xietong.planning.sources.wiod import national

CODES = ("A01", "C28", "Q", "U")
HEADING = [*national.HEADING, *CODES, *national.FINAL, national.OUTPUT]
DOMESTIC = {
    "A01": [10.0, 5.0, 1.0, 0.0, 50.0, 1.0, 3.0, 0.0, 2.0, 28.0, 100.0],
    "C28": [4.0, 6.0, 2.0, 0.0, 5.0, 0.0, 1.0, 22.0, -1.0, 11.0, 50.0],
    "Q": [0.0, 1.0, 2.0, 0.0, 17.0, 5.0, 15.0, 0.0, 0.0, 0.0, 40.0],
    "U": [0.0] * 11,
}
IMPORTED = {
    "A01": [1.0, 0.0, 0.0, 0.0, 4.0, 0.0, 0.0, 0.0, 0.0, 0.5, 0.0],
    "C28": [3.0, 5.0, 2.0, 0.0, 6.0, 0.0, 0.0, 9.0, 0.0, 0.0, 0.0],
    "Q": [0.0] * 11,
    "U": [0.0, 0.0, 0.0, 0.0, 2.0, 0.0, 0.0, 0.0, 0.0, 0.0, 0.0],
}
ADDED = [82.0, 33.0, 33.0, 0.0, *[0.0] * 7]


def rows(year: int) -> list[list[object]]:
    lines: list[list[object]] = []
    for origin, flows in (("Domestic", DOMESTIC), ("Imports", IMPORTED)):
        lines += [[float(year), code, f"Making {code}", origin, *flows[code]] for code in CODES]
    return [*lines, [float(year), "VA", "Value added", "TOT", *ADDED]]


def write(path: Path, lines: Sequence[Sequence[object]]) -> Path:
    """Write a workbook of one sheet, text shared as spreadsheet programs share it."""
    texts: list[str] = []
    cells = []
    for r, line in enumerate(lines, start=1):
        made = []
        for c, value in enumerate(line):
            place = f"{chr(ord('A') + c)}{r}"
            if isinstance(value, str):
                texts.append(value)
                made.append(f'<c r="{place}" t="s"><v>{len(texts) - 1}</v></c>')
            else:
                made.append(f'<c r="{place}"><v>{value}</v></c>')
        cells.append(f'<row r="{r}">{"".join(made)}</row>')
    main = "http://schemas.openxmlformats.org/spreadsheetml/2006/main"
    link = "http://schemas.openxmlformats.org/officeDocument/2006/relationships"
    package = "http://schemas.openxmlformats.org/package/2006/relationships"
    strings = "".join(f"<si><t>{escape(text)}</t></si>" for text in texts)
    parts = {
        "xl/workbook.xml": f'<workbook xmlns="{main}" xmlns:r="{link}"><sheets>'
        f'<sheet name="{national.SHEET}" sheetId="1" r:id="rId7"/></sheets></workbook>',
        "xl/_rels/workbook.xml.rels": f'<Relationships xmlns="{package}">'
        '<Relationship Id="rId7" Target="worksheets/sheet1.xml"/></Relationships>',
        "xl/sharedStrings.xml": f'<sst xmlns="{main}">{strings}</sst>',
        "xl/worksheets/sheet1.xml": f'<worksheet xmlns="{main}"><sheetData>{"".join(cells)}'
        "</sheetData></worksheet>",
    }
    with zipfile.ZipFile(path, "w") as book:
        for name, text in parts.items():
            book.writestr(name, text)
    return path


@pytest.fixture
def workbook(tmp_path: Path) -> Path:
    described = ["", "", "", "", *CODES, *national.FINAL, "Output"]
    return write(tmp_path / "NLD_NIOT_nov16.xlsx", [HEADING, described, *rows(2013), *rows(2014)])


def test_that_the_last_year_is_read_and_balances(workbook: Path) -> None:
    accounts, year = national.read_accounts(workbook)
    assert year == 2014
    assert accounts.industries == ("A01", "C28", "Q")
    assert accounts.output.tolist() == [100.0, 50.0, 40.0]
    assert accounts.imports.tolist() == [5.5, 25.0, 0.0, 2.0]
    assert np.abs(accounts.excess()).max() <= 1e-12
    assert accounts.hours.tolist() == pytest.approx([82e6 / 30, 33e6 / 30, 33e6 / 30])


def test_that_what_no_industry_makes_is_a_product_that_is_only_imported(workbook: Path) -> None:
    economy = national.read(workbook)
    assert "U" in economy.products["product"].to_list()
    assert economy.outputs.filter(product="U")["technique"].to_list() == ["import:U"]


def test_that_another_year_can_be_asked_for(workbook: Path) -> None:
    assert national.read(workbook, year=2013).title == "NLD 2013"
    with pytest.raises(SourceError, match="there is no year 1999; there is 2013, 2014"):
        national.read(workbook, year=1999)


@pytest.mark.parametrize("periods", [1, 3])
def test_that_the_country_can_be_planned(workbook: Path, periods: int) -> None:
    economy = import_economy("wiod", workbook, periods)
    assert economy.metadata["title_zh"] == "NLD 2014 年"
    planned = plan(economy)
    assert verify(planned, economy) == []
    assert planned.certificate.gap <= 1e-6
    assert planned.certificate.shortage <= 1e-6
    if periods == 1:
        assert planned.deliveries["share"].min() == pytest.approx(1.0, abs=1e-6)


def test_that_products_are_named_in_both_languages(workbook: Path) -> None:
    names = national.read(workbook).products.filter(product="C28")
    assert names.select("name_en", "name_zh").row(0) == ("Making C28", "机械设备")


def test_that_an_altered_number_is_refused_with_its_cell(tmp_path: Path) -> None:
    lines = rows(2014)
    lines[1][5] = 17.0
    file = write(tmp_path / "NLD_NIOT_nov16.xlsx", [HEADING, [], *lines])
    with pytest.raises(SourceError) as refused:
        national.read(file)
    assert refused.value.en == (
        'NLD_NIOT_nov16.xlsx, sheet "National IO-tables", row 4, column O: '
        "found 50 where the row's other cells give 61"
    )


def test_that_a_missing_row_or_column_is_named(tmp_path: Path) -> None:
    file = write(tmp_path / "NLD.xlsx", [HEADING, [], *rows(2014)[:-1]])
    with pytest.raises(SourceError, match='there is no row "VA", TOT'):
        national.read(file)
    file = write(tmp_path / "NLD.xlsx", [[*HEADING[:-1], "X"], [], *rows(2014)])
    with pytest.raises(SourceError, match='there is no column "GO"'):
        national.read(file)
    file = write(tmp_path / "NLD.xlsx", [["Jahr", *HEADING[1:]], [], *rows(2014)])
    with pytest.raises(SourceError, match='row 1, column A: expected "Year"'):
        national.read(file)


def test_that_what_is_no_workbook_is_refused(tmp_path: Path, workbook: Path) -> None:
    with pytest.raises(SourceError, match="cannot be opened"):
        national.read(tmp_path / "none.xlsx")
    (tmp_path / "text.xlsx").write_text("no")
    with pytest.raises(SourceError, match="not a readable Excel workbook"):
        national.read(tmp_path / "text.xlsx")
    with zipfile.ZipFile(tmp_path / "cut.xlsx", "w") as cut, zipfile.ZipFile(workbook) as whole:
        for part in whole.namelist()[:2]:
            cut.writestr(part, whole.read(part))
    with pytest.raises(SourceError, match="not a readable Excel workbook"):
        national.read(tmp_path / "cut.xlsx")
