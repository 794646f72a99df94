"""Brazil's supply and use tables of every year and level, read by their headings.

The workbooks of 2000 to 2009 were computed back and are not rounded; they have freight and
insurance of imports in a column of its own, and goods and services of trade apart. All are checked
by the same sums as those of 2021.
"""

import hashlib
from collections.abc import Sequence
from importlib.util import find_spec
from pathlib import Path

import numpy as np

from xietong.planning.sources.brazil.blocks import FIRST_ROW, HEADING_ROW, Array
from xietong.planning.sources.brazil.catalogue import LEVELS, UNCODED, catalogue
from xietong.planning.sources.brazil.sheets import Sheet, not_installed, read_sheets
from xietong.planning.sources.brazil.supply_use import JOBS_ROW, SupplyUse
from xietong.planning.sources.errors import SourceError

# Millions by which a sum of rounded numbers may differ from a rounded sum, and a share for sums
# that were not rounded.
ROUNDING = 3.0
SHARE = 1e-6

FIRST_SHEETS = ("oferta", "producao", "importacao")
SECOND_SHEETS = ("CI", "demanda", "VA")


def read_level(year: int, level: int, folder: Path | None = None) -> SupplyUse:
    """Read and check the supply and use tables of a year at a level of detail, one of LEVELS.

    Takes the folder that has a folder for each level; without one, that of the installed package
    `iotbr`. Raises SourceError if there is no such table, or a workbook is missing, unreadable,
    differs from the published layout or does not balance; the message names file, sheet, row and
    column.
    """
    if level not in LEVELS or year not in LEVELS[level]:
        raise SourceError(
            f"there is no table of {year} at level {level}", f"没有 {year} 年 {level} 级的表"
        )
    years = LEVELS[level]
    if folder is None:
        folder = _installed()
    folder = folder / f"nivel_{level}_{years[0]}_{years[-1]}_xls"
    sheets: dict[str, Sheet] = {}
    files: dict[str, str] = {}
    for part, names in ((1, FIRST_SHEETS), (2, SECOND_SHEETS)):
        file = f"{level}_tab{part}_{year}.xls"
        sheets |= read_sheets(folder / file, names)
        files[file] = hashlib.sha256((folder / file).read_bytes()).hexdigest()
    return _parse(sheets, files, level)


def _installed() -> Path:
    package = find_spec("iotbr")
    if package is None or not package.submodule_search_locations:
        raise not_installed()
    return Path(package.submodule_search_locations[0]) / "IBGE"


def _parse(sheets: dict[str, Sheet], files: dict[str, str], level: int) -> SupplyUse:
    known = catalogue(level)
    first = 1 if level == UNCODED else 2
    rows, industries = known.labels, known.industries

    def block(name: str, columns: int) -> Array:
        # The second workbook has names of its own for some products; its rows are known by sums.
        named = level != UNCODED or name in FIRST_SHEETS
        return _block(sheets[name], rows, first, columns, named=named)

    supply = block("oferta", 9)
    purchasers, trade, transport, *taxes, all_taxes, basic = supply.T
    make = block("producao", len(industries) + 1)
    use = block("CI", len(industries))
    imports = block("importacao", _width(sheets["importacao"], first)).sum(axis=1)
    abroad = sum(text.startswith("Exporta") for text in _headings(sheets["demanda"], first))
    demand = block("demanda", abroad + 7)
    exports = demand[:, :abroad].sum(axis=1)
    government, nonprofit, household, capital, inventories, final, whole = demand[:, abroad:].T
    made = make[:, :-1]
    for sheet, column, found, expected in (
        ("oferta", first + 7, all_taxes, np.sum(taxes, axis=0)),
        ("oferta", first + 8, basic, made.sum(axis=1) + imports),
        ("oferta", first, purchasers, basic + trade + transport + all_taxes),
        ("producao", first + len(industries), make[:, -1], made.sum(axis=1)),
        ("demanda", first + abroad + 5, final, demand[:, : abroad + 5].sum(axis=1)),
        ("demanda", first + abroad + 6, whole, final + use.sum(axis=1)),
        ("demanda", first + abroad + 6, whole, purchasers),
    ):
        _agree(sheets[sheet], column, found, expected)
    for column, margins in ((first + 1, trade), (first + 2, transport)):
        if abs(margins.sum()) > ROUNDING + SHARE * np.abs(margins).sum():
            raise sheets["oferta"].error(
                HEADING_ROW, column,
                f"margins sum to {margins.sum():,.0f}, not to zero",
                f"流通费用合计为 {margins.sum():,.0f}，应为零",
            )  # fmt: skip
    jobs = _jobs(sheets["VA"], len(industries))
    return SupplyUse(
        products=known.codes, industries=industries, make=made, imports=imports,
        trade_margins=trade, transport_margins=transport, taxes=all_taxes, use=use,
        exports=exports, government=government, nonprofit=nonprofit, household=household,
        capital=capital, inventories=inventories, jobs=jobs, files=files,
    )  # fmt: skip


def _headings(sheet: Sheet, first: int) -> list[str]:
    return [str(cell) for cell in sheet.rows[HEADING_ROW][first:]]


def _width(sheet: Sheet, first: int) -> int:
    return sum(bool(heading.strip()) for heading in _headings(sheet, first))


def _block(sheet: Sheet, labels: Sequence[str], first: int, columns: int, *, named: bool) -> Array:
    """Return the numbers under the headings, of rows that must bear the labels if `named`."""
    values = np.empty((len(labels), columns))
    for place, label in enumerate(labels):
        row = FIRST_ROW + place
        found = _label(sheet, row)
        # A workbook of 2016 has lost the zero in front of its codes.
        if named and found.lstrip("0") != _plain(label).lstrip("0"):
            raise sheet.error(
                row, 0, f'expected "{label}", found "{found}"', f"应为“{label}”，实为“{found}”"
            )
        for column in range(columns):
            values[place, column] = sheet.number(row, first + column)
    return values


def _label(sheet: Sheet, row: int) -> str:
    value = sheet.cell(row, 0)
    text = str(int(value)) if isinstance(value, float) else str(value)
    return _plain(text)


def _plain(text: str) -> str:
    """The label as all years have it: some set commas, others none."""
    return " ".join(text.replace(",", "").split())


def _agree(sheet: Sheet, column: int, found: Array, expected: Array) -> None:
    for row in np.flatnonzero(np.abs(found - expected) > ROUNDING + SHARE * np.abs(expected)):
        raise sheet.error(
            FIRST_ROW + int(row), column,
            f"found {found[row]:,.0f} where the table's other cells give {expected[row]:,.0f}",
            f"数值为 {found[row]:,.0f}，而按表中其他单元格应为 {expected[row]:,.0f}",
        )  # fmt: skip


def _jobs(sheet: Sheet, industries: int) -> Array:
    label = JOBS_ROW[1]
    for row in range(FIRST_ROW, len(sheet.rows)):
        if str(sheet.rows[row][0]).strip() == label:
            jobs = np.array([sheet.number(row, column) for column in range(1, 1 + industries)])
            for place in np.flatnonzero(jobs <= 0):
                raise sheet.error(
                    row, 1 + int(place), "every industry must have jobs", "每个行业都应有就业人数"
                )
            return jobs
    raise sheet.error(FIRST_ROW, 0, f'there is no row "{label}"', f"没有“{label}”一行")
