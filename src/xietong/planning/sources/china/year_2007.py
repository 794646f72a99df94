"""China 2007: the input-output table of 135 sectors with final uses and value added.

The files are those of `eea`, which rewrote the tables of the National Bureau of Statistics as CSV,
in ten thousand yuan at producers' prices.
"""

import csv
from importlib import resources
from pathlib import Path

import numpy as np

from xietong.planning.economy import Economy
from xietong.planning.sources.accounts import Accounts, Array, Investment, Product, Use
from xietong.planning.sources.assumptions import GOODS_LOSS
from xietong.planning.sources.china import assumptions as assumed
from xietong.planning.sources.grid import agree, digests, read_grid, read_lines
from xietong.planning.sources.names import Name
from xietong.planning.sources.package import Package

TITLE = Name("China 2007", "中国 2007 年")
DESCRIPTION = Name(
    "Production, trade and final demand of China in 2007 in kind: 135 sectors.",
    "2007 年中国的生产、贸易与最终需求，以实物计：135 个部门。",
)
SOURCES = (
    {
        "title": "National Bureau of Statistics of China, input-output table 2007",
        "path": "https://www.stats.gov.cn/",
    },
    {"title": "sonya/eea, which ships the table", "path": "https://github.com/sonya/eea"},
)
LICENCE = {
    "name": "Apache-2.0",
    "title": "Apache License 2.0; statistics of the National Bureau of Statistics",
    "path": "https://www.apache.org/licenses/LICENSE-2.0",
}

SECTORS = "sectors.csv"
FLOWS = "intermediate_135x135_10kRMB.csv"
FINAL = "final_uses_import_output_10kRMB.csv"
ADDED = "value_added_10kRMB.csv"
FILES = (SECTORS, FLOWS, FINAL, ADDED)

RURAL, URBAN, GOVERNMENT, CAPITAL, INVENTORIES = "FU101", "FU102", "FU103", "FU201", "FU202"
INPUTS, FINAL_USES, EXPORTS, IMPORTS, ERROR = "TIU", "TFU", "EX", "IM", "ERR"
OUTPUT, TOTAL_INPUTS, TOTAL_ADDED = "GO", "TII", "TVA"
COMPENSATION, DEPRECIATION = "VA001", "VA003"
MILLION = 100.0  # of ten thousand yuan
ROUNDING = 1.0  # ten thousand yuan

ASSUMPTIONS = assumed.ASSUMPTIONS
CAPITAL_TITLE = Name("buildings, machines and all else", "建筑、机器及其他")


PACKAGE = Package("china-2007", TITLE, DESCRIPTION, SOURCES, LICENCE, ASSUMPTIONS)


def read(folder: Path, periods: int = 1) -> Economy:
    """Return the economy of 2007, of so many periods of a year each.

    Takes the folder with the published files. Raises SourceError if one is missing or altered; the
    message names file, row and column.
    """
    return PACKAGE.economy(read_accounts(folder), periods, digests(folder, FILES))


def read_accounts(folder: Path) -> Accounts:
    """Return the accounts of 2007 in million yuan. Raises SourceError as read does."""
    names = {line[0]: line[1] for line in read_lines(folder / SECTORS)[1:]}
    codes = tuple(names)
    flows, final, added = (read_grid(folder / file) for file in (FLOWS, FINAL, ADDED))
    flows.refuse_negative(codes, codes)
    final.refuse_negative(codes, (RURAL, URBAN, GOVERNMENT, CAPITAL, EXPORTS, IMPORTS, OUTPUT))
    added.refuse_negative((COMPENSATION, DEPRECIATION), codes)
    use = flows.block(codes, codes)
    column = {name: final.block(codes, [name])[:, 0] for name in final.columns}
    output = column[OUTPUT]
    uses = sum_of(column, RURAL, URBAN, GOVERNMENT, CAPITAL, INVENTORIES, EXPORTS)
    made = column[INPUTS] + column[FINAL_USES] - column[IMPORTS] + column[ERROR]
    for file, what, found, expected in (
        (FINAL, INPUTS, column[INPUTS], use.sum(axis=1)),
        (FINAL, FINAL_USES, column[FINAL_USES], uses),
        (FINAL, OUTPUT, output, made),
        (ADDED, TOTAL_INPUTS, added.block([TOTAL_INPUTS], codes)[0], use.sum(axis=0)),
        (ADDED, TOTAL_ADDED, added.block([TOTAL_ADDED], codes)[0] + use.sum(axis=0), output),
    ):
        agree(file, codes, what, found, expected, ROUNDING)
    worn = added.block([DEPRECIATION], codes)[0]
    hours = _jobs(codes, added.block([COMPENSATION], codes)[0]) * assumed.WORKING_HOURS.value
    basic = {code for kind in assumed.BASIC_PRODUCTS.value.values() for code in kind}
    household = tuple("basic" if code in basic else "personal" for code in codes)
    english = _english_names()
    return Accounts(
        products=tuple(
            _product(code, Name(english.get(code, zh), zh)) for code, zh in names.items()
        ),
        industries=codes,
        make=np.diag(output / MILLION),
        use=use / MILLION,
        services=np.zeros_like(use),
        imports=column[IMPORTS] / MILLION,
        exports=column[EXPORTS] / MILLION,
        earned=np.ones(len(codes)),
        uses=(
            Use("rural", household, column[RURAL] / MILLION),
            Use("urban", household, column[URBAN] / MILLION),
            Use("public", ("public",) * len(codes), column[GOVERNMENT] / MILLION),
        ),
        investment=(
            Investment("all", CAPITAL_TITLE, column[CAPITAL] / MILLION, worn / worn.sum()),
        ),
        inventories=sum_of(column, INVENTORIES, ERROR) / MILLION,
        hours=hours,
        taken={},
        unit=assumed.UNIT.value,
        currency_unit=assumed.FOREIGN_CURRENCY_UNIT.value,
        trader=None,
    )


def sum_of(column: dict[str, Array], *names: str) -> Array:
    """Return the sum of some columns."""
    total: Array = np.sum([column[name] for name in names], axis=0)
    return total


def _jobs(codes: tuple[str, ...], compensation: Array) -> Array:
    jobs = np.zeros(len(codes))
    for branch, (first, last) in assumed.BRANCHES.value.items():
        mine = np.array([first <= code <= last for code in codes])
        jobs[mine] = assumed.JOBS.value[branch] * compensation[mine] / compensation[mine].sum()
    return jobs


def _product(code: str, name: Name) -> Product:
    keeps = code <= assumed.LAST_GOOD.value and code not in assumed.SPOILS.value
    loss = assumed.FOOD_LOSS if code in assumed.FOODS.value else GOODS_LOSS
    return Product(code, name, keeps, loss.value if keeps else 0.0)


def _english_names() -> dict[str, str]:
    text = resources.files(__package__).joinpath("names.csv").read_text(encoding="utf-8")
    return {row["code"]: row["name_en"] for row in csv.DictReader(text.splitlines())}
