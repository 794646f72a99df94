"""United States 2017: make, use and import tables of 402 products with compensation of employees.

The files are those of `useeior`: the Bureau of Economic Analysis' detailed tables before
redefinitions, at producers' prices, in million dollars.
"""

from pathlib import Path

import numpy as np

from xietong.planning.economy import Economy
from xietong.planning.sources.accounts import Accounts
from xietong.planning.sources.assumptions import Assumption, collect
from xietong.planning.sources.grid import Grid, agree, digests, read_grid, read_lines
from xietong.planning.sources.names import Name
from xietong.planning.sources.package import Package
from xietong.planning.sources.us import assumptions
from xietong.planning.sources.us.final_uses import FINAL_USES, final_uses
from xietong.planning.sources.us.names import product

TITLE = Name("United States 2017", "美国 2017 年")
DESCRIPTION = Name(
    "Production, trade and final demand of the United States in 2017 in kind: 402 products and "
    "402 industries, with the labour of each.",
    "2017 年美国的生产、贸易与最终需求，以实物计：402 种产品、402 个行业，附各行业的劳动。",
)
SOURCES = (
    {
        "title": "Bureau of Economic Analysis, benchmark input-output accounts 2017",
        "path": "https://www.bea.gov/",
    },
    {
        "title": "useeior, United States Environmental Protection Agency",
        "path": "https://github.com/USEPA/useeior",
    },
)
LICENCE = {
    "name": "other-pd",
    "title": "Public domain: works of the United States government",
    "path": "https://www.bea.gov/help/guidelines-for-citing-bea",
}

NAMES = "Detail_CommodityCodeName_2017.csv"
MAKE = "Detail_Make_2017_BeforeRedef_17sch.csv"
USE = "Detail_Use_2017_PRO_BeforeRedef_17sch.csv"
FILES = (NAMES, MAKE, USE)

COMPENSATION = "V00100"
VALUE_ADDED = (COMPENSATION, "V00200", "V00300")
PRODUCT_OUTPUT = "T007"
INDUSTRY_OUTPUT = "T008"
# Sums of four hundred numbers that were rounded to millions one by one.
ROUNDING = 40.0

UNEMPLOYMENT = Assumption(
    0.044,
    "The mean of 2017 in the household survey of the Bureau of Labor Statistics. Those without "
    "work offer as many hours as everyone else.",
    "劳工统计局住户调查 2017 年平均失业率。没有工作的人愿意提供的工时与其他人一样。",
)
COMPENSATION_OF_AN_HOUR = Assumption(
    38.0,
    "The tables give what employees were paid, not how long they worked. An hour cost about 38 "
    "dollars with all contributions, on average; an industry that pays more is taken to use more "
    "hours. The self-employed are not counted.",
    "原表给出雇员报酬，没有工时。含各项缴费，一小时平均约 38 美元；"
    "报酬高的行业即视为用工时多。自雇者不计在内。",
)
ASSUMPTIONS = {**assumptions.ASSUMPTIONS, **collect(globals())}
del ASSUMPTIONS["WORKING_HOURS"]


PACKAGE = Package("us-2017", TITLE, DESCRIPTION, SOURCES, LICENCE, ASSUMPTIONS)


def read(folder: Path, periods: int = 1) -> Economy:
    """Return the economy of 2017, of so many periods of a year each.

    Takes the folder with the published files. Raises SourceError if one is missing or altered; the
    message names file, row and column.
    """
    return PACKAGE.economy(read_accounts(folder), periods, digests(folder, FILES))


def read_accounts(folder: Path) -> Accounts:
    """Return the accounts of 2017 in million dollars. Raises SourceError as read does."""
    names = {line[1]: line[2] for line in read_lines(folder / NAMES)[1:]}
    codes = tuple(names)
    make, use = read_grid(folder / MAKE), read_grid(folder / USE)
    industries = tuple(label for label in make.rows if label != PRODUCT_OUTPUT)
    make.refuse_negative(industries, codes)
    made = make.block(industries, codes).T
    supply, output = made.sum(axis=1), made.sum(axis=0)
    inputs = use.block(codes, industries)
    added = use.block(VALUE_ADDED, industries)
    columns = {name: use.block(codes, [name])[:, 0] for name in FINAL_USES}
    used = inputs.sum(axis=1) + np.sum(list(columns.values()), axis=0)
    _agree(make, industries, INDUSTRY_OUTPUT, make.block(industries, [INDUSTRY_OUTPUT]), output)
    _agree(make, codes, PRODUCT_OUTPUT, make.block([PRODUCT_OUTPUT], codes).T, supply)
    _agree(use, industries, INDUSTRY_OUTPUT, use.block([INDUSTRY_OUTPUT], industries).T, output)
    agree(USE, industries, "T005 + VA", inputs.sum(axis=0) + added.sum(axis=0), output, ROUNDING)
    agree(USE, codes, "T001 + F", used, supply, ROUNDING)
    use.refuse_negative([COMPENSATION], industries)
    final = final_uses(codes, industries, columns, output, added[2])
    return Accounts(
        products=tuple(product(code, name) for code, name in names.items()),
        industries=industries,
        make=made,
        use=inputs,
        services=np.zeros((len(codes), len(codes))),
        imports=final.imports,
        exports=final.exports,
        earned=np.ones(len(codes)),
        uses=final.uses,
        investment=final.investment,
        inventories=final.inventories,
        hours=added[0] * 1e6 / COMPENSATION_OF_AN_HOUR.value,
        taken={},
        unit=assumptions.UNIT.value,
        currency_unit=assumptions.FOREIGN_CURRENCY_UNIT.value,
        trader=None,
    )


def _agree(
    grid: Grid, labels: tuple[str, ...], total: str, found: np.ndarray, expected: np.ndarray
) -> None:
    agree(grid.file, labels, total, found[:, 0], expected, ROUNDING)
