"""A national table of WIOD 2016: one workbook a country, all years in one sheet.

Each year has the domestic flows of 56 industries, the imported ones under the same codes, taxes,
value added and output. Source: Timmer and others 2015.
"""

import csv
import hashlib
from importlib import resources
from pathlib import Path

import numpy as np

from xietong.planning.economy import Economy
from xietong.planning.sources.accounts import Accounts, Array, Investment, Product, Use
from xietong.planning.sources.assumptions import GOODS_LOSS
from xietong.planning.sources.errors import SourceError
from xietong.planning.sources.names import Name
from xietong.planning.sources.package import Package
from xietong.planning.sources.sheets import Sheet
from xietong.planning.sources.wiod import assumptions as assumed
from xietong.planning.sources.xlsx import read_sheet

DESCRIPTION = Name(
    "Production, trade and final demand of a country in kind: 56 industries, from a national table "
    "of the World Input-Output Database, release 2016. The last year of the workbook.",
    "一国的生产、贸易与最终需求，以实物计：56 个行业，来自世界投入产出数据库 2016 年版的国家表，"
    "取工作簿中最后一年。",
)
SOURCES = (
    {
        "title": "World Input-Output Database, release 2016 (Timmer and others 2015)",
        "path": "https://www.rug.nl/ggdc/valuechain/wiod/wiod-2016-release",
    },
)
LICENCE = {
    "name": "CC-BY-4.0",
    "title": "Creative Commons Attribution 4.0",
    "path": "https://creativecommons.org/licenses/by/4.0/",
}
SHEET = "National IO-tables"
HEADING = ("Year", "Code", "Description", "Origin")
DOMESTIC, IMPORTED, TOTAL = "Domestic", "Imports", "TOT"
HOUSEHOLD, NONPROFIT, GOVERNMENT, CAPITAL = "CONS_h", "CONS_np", "CONS_g", "GFCF"
INVENTORIES, EXPORTS, OUTPUT, VALUE_ADDED = "INVEN", "EXP", "GO", "VA"
FINAL = (HOUSEHOLD, NONPROFIT, GOVERNMENT, CAPITAL, INVENTORIES, EXPORTS)
ROUNDING = 1.0  # million dollars
ALL_CAPITAL = Name("buildings, machines and all else", "建筑、机器及其他")


def read(path: Path, periods: int = 1, year: int | None = None) -> Economy:
    """Return the economy of a year of a workbook, the last one if none is given.

    Raises SourceError if the workbook is missing or altered, or does not have the year; the
    message names file, sheet, row and column.
    """
    accounts, year = read_accounts(path, year)
    country = path.name.partition("_")[0]
    package = Package(
        f"wiod-{country.lower()}-{year}",
        Name(f"{country} {year}", f"{country} {year} 年"),
        DESCRIPTION,
        SOURCES,
        LICENCE,
        assumed.ASSUMPTIONS,
    )
    digest = hashlib.sha256(path.read_bytes()).hexdigest()
    return package.economy(accounts, periods, [{"title": path.name, "sha256": digest}])


def read_accounts(path: Path, year: int | None = None) -> tuple[Accounts, int]:
    """Return the accounts of a year in million dollars, and the year. Raises as read does."""
    sheet = read_sheet(path, SHEET)
    for column, label in enumerate(HEADING):
        if sheet.cell(0, column) != label:
            raise sheet.error(0, column, f'expected "{label}"', f"应为“{label}”")
    heading = [str(cell).strip() for cell in sheet.rows[0]]
    rows = _rows_of_year(sheet, year)
    year = int(sheet.number(next(iter(rows.values())), 0))
    named = {code: row for (code, origin), row in rows.items() if origin == DOMESTIC}
    every = tuple(named)

    def block(origin: str, codes: tuple[str, ...], columns: tuple[str, ...]) -> Array:
        return np.array(
            [
                [sheet.number(_row(sheet, rows, c, origin), _column(sheet, heading, h))
                 for h in columns]
                for c in codes
            ]
        )  # fmt: skip

    output = block(DOMESTIC, every, (OUTPUT,))[:, 0]
    bought = block(IMPORTED, every, (*every, *FINAL)).sum(axis=1)
    # Some countries have no industry of a code; what they import under it stays a product.
    codes = tuple(c for c, x, m in zip(every, output, bought, strict=True) if x > 0 or m > 0)
    industries = tuple(c for c, x in zip(every, output, strict=True) if x > 0)
    columns = (*industries, *FINAL)
    domestic, imported = block(DOMESTIC, codes, columns), block(IMPORTED, codes, columns)
    made = block(DOMESTIC, codes, (OUTPUT,))[:, 0]
    for place in np.flatnonzero(np.abs(domestic.sum(axis=1) - made) > ROUNDING + 1e-6 * made):
        raise sheet.error(
            rows[codes[place], DOMESTIC], _column(sheet, heading, OUTPUT),
            f"found {made[place]:,g} where the row's other cells give "
            f"{domestic[place].sum():,g}",
            f"数值为 {made[place]:,g}，而按该行其他单元格应为 {domestic[place].sum():,g}",
        )  # fmt: skip
    flows = domestic + imported
    final = dict(zip(FINAL, flows[:, len(industries) :].T, strict=True))
    added = np.maximum(block(TOTAL, (VALUE_ADDED,), industries)[0], 0.0)
    basic = {code for kind in assumed.BASIC_PRODUCTS.value.values() for code in kind}
    household = tuple("basic" if code in basic else "personal" for code in codes)
    make = np.zeros((len(codes), len(industries)))
    for j, industry in enumerate(industries):
        make[codes.index(industry), j] = made[codes.index(industry)]
    accounts = Accounts(
        products=tuple(_product(code, str(sheet.cell(named[code], 2))) for code in codes),
        industries=industries,
        make=make,
        use=flows[:, : len(industries)],
        services=np.zeros((len(codes), len(codes))),
        imports=imported.sum(axis=1),
        exports=final[EXPORTS],
        earned=np.ones(len(codes)),
        uses=(
            Use("household", household, final[HOUSEHOLD]),
            Use("public", ("public",) * len(codes), final[GOVERNMENT] + final[NONPROFIT]),
        ),
        investment=(Investment("all", ALL_CAPITAL, final[CAPITAL], added / added.sum()),),
        inventories=final[INVENTORIES],
        hours=added * 1e6 / assumed.VALUE_ADDED_OF_AN_HOUR.value,
        taken={},
        unit=assumed.UNIT.value,
        currency_unit=assumed.FOREIGN_CURRENCY_UNIT.value,
        trader=None,
    )
    return accounts, year


def _rows_of_year(sheet: Sheet, year: int | None) -> dict[tuple[str, str], int]:
    """Return the row of each code and origin in a year, or else in the last."""
    years = {int(row[0]): None for row in sheet.rows[1:] if row and isinstance(row[0], float)}
    wanted = max(years, default=None) if year is None else year
    if wanted not in years:
        some = ", ".join(map(str, years)) or "none"
        raise SourceError(
            f'{sheet.book}, sheet "{sheet.name}": there is no year {wanted}; there is {some}',
            f"{sheet.book} 的工作表“{sheet.name}”：没有 {wanted} 年；现有 {some}",
        )
    return {
        (str(row[1]).strip(), str(row[3]).strip()): place
        for place, row in enumerate(sheet.rows)
        if len(row) > 3 and row[0] == wanted
    }


def _row(sheet: Sheet, rows: dict[tuple[str, str], int], code: str, origin: str) -> int:
    if (code, origin) not in rows:
        raise SourceError(
            f'{sheet.book}, sheet "{sheet.name}": there is no row "{code}", {origin}',
            f"{sheet.book} 的工作表“{sheet.name}”：没有“{code}”（{origin}）一行",
        )
    return rows[code, origin]


def _column(sheet: Sheet, heading: list[str], label: str) -> int:
    if label not in heading:
        raise SourceError(
            f'{sheet.book}, sheet "{sheet.name}": there is no column "{label}"',
            f"{sheet.book} 的工作表“{sheet.name}”：没有“{label}”一列",
        )
    return heading.index(label)


def _product(code: str, name: str) -> Product:
    text = resources.files(__package__).joinpath("names.csv").read_text(encoding="utf-8")
    chinese = {row["code"]: row["name_zh"] for row in csv.DictReader(text.splitlines())}
    keeps = code.startswith(assumed.GOODS.value) and code not in assumed.NO_GOODS.value
    loss = GOODS_LOSS.value if keeps else 0.0
    return Product(code, Name(" ".join(name.split()), chinese.get(code, name)), keeps, loss)
