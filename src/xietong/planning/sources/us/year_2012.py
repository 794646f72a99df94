"""United States 2012: make and use tables with jobs, greenhouse gases, energy, water and land.

The tables are those of USEEIO 2.0.1-411: the Bureau of Economic Analysis' detailed tables with
waste management split. The published files label the industries (rows of the make table, columns
of the use table) with the codes of the products, but they stand in the industries' own order, in
which secondary aluminium and three government enterprises are industries, and scrap, used goods
and two bookkeeping products are none. That this order is right shows on the make table: it puts
nine tenths of all output on industries' own products, the printed labels one tenth.
"""

from pathlib import Path

import numpy as np

from xietong.planning.economy import Economy
from xietong.planning.sources.accounts import Accounts, Array
from xietong.planning.sources.assumptions import Assumption, collect
from xietong.planning.sources.grid import (
    agree,
    cell_error,
    digests,
    read_bare_grid,
    read_grid,
    read_lines,
)
from xietong.planning.sources.names import Name
from xietong.planning.sources.package import Package
from xietong.planning.sources.us import assumptions
from xietong.planning.sources.us.final_uses import FINAL_USES, final_uses
from xietong.planning.sources.us.names import product

TITLE = Name("United States 2012", "美国 2012 年")
DESCRIPTION = Name(
    "Production, trade and final demand of the United States in 2012 in kind: 411 products, "
    "411 industries, jobs, greenhouse gases, energy, water and land.",
    "2012 年美国的生产、贸易与最终需求，以实物计：411 种产品、411 个行业，"
    "附就业、温室气体、能源、用水与用地。",
)
SOURCES = (
    {
        "title": "USEEIO v2.0.1-411, United States Environmental Protection Agency",
        "path": "https://github.com/USEPA/useeior",
    },
    {
        "title": "Bureau of Economic Analysis, benchmark input-output accounts 2012",
        "path": "https://www.bea.gov/",
    },
)
LICENCE = {
    "name": "CC0-1.0",
    "title": "Creative Commons Zero v1.0 Universal",
    "path": "https://creativecommons.org/publicdomain/zero/1.0/",
}

SECTORS = "sectors.csv"
MAKE = "make_V_411x411_usd.csv"
USE = "use_U_414x431_usd.csv"
OUTPUT = "x_usd.csv"
INDICATORS = "direct_indicators_per_usd_incl_JOBS.csv"
FILES = (SECTORS, MAKE, USE, OUTPUT, INDICATORS)

VALUE_ADDED = ("V00100", "V00200", "V00300")
OPERATING_SURPLUS = "V00300"
JOBS = "JOBS [jobs]"
MILLION = 1e6
# The split of waste management left differences of up to half a hundredth between the tables.
ROUNDING = 0.006

NO_INDUSTRIES = Assumption(
    ("S00401", "S00402", "S00300", "S00900"),
    "Scrap, used goods, noncomparable imports and the rest of the world are products that no "
    "industry of the name makes.",
    "废料、旧货、不可比进口和“世界其他地区调整”只是产品，没有同名行业。",
)
INDUSTRIES_ONLY = Assumption(
    {"331314": "331200", "S00101": "491000", "S00201": "GSLGO", "S00202": "S00201"},
    "Secondary aluminium, federal and local power and local passenger transit are industries "
    "whose products are counted elsewhere. Each stands after the one named with it.",
    "再生铝、联邦与地方电力、地方公共客运是行业，其产品计入别处。各自排在所列行业之后。",
)
UNEMPLOYMENT = Assumption(
    0.081,
    "The mean of 2012 in the household survey of the Bureau of Labor Statistics. Those without "
    "work offer as many hours as everyone else.",
    "劳工统计局住户调查 2012 年平均失业率。没有工作的人愿意提供的工时与其他人一样。",
)
INDICATOR_OF_A_PRODUCT = Assumption(
    None,
    "Jobs, gases, energy, water and land are given per dollar of a product; an industry's are "
    "those of the products it makes.",
    "就业、温室气体、能源、用水与用地按每美元产品给出；一个行业的数量是其各产品之和。",
)
LIMITS = Assumption(
    {
        "greenhouse_gases": "GHG [kg CO2 eq]",
        "energy": "ENRG [MJ]",
        "water": "WATR [kg]",
        "land": "LAND [m2*yr]",
    },
    "No more may be taken than 2012 took: greenhouse gases in kilotonnes of CO2 equivalent, "
    "energy in terajoules, water in thousand cubic metres, land in square kilometres. What "
    "households burn themselves is not in it.",
    "不得超过 2012 年的数量：温室气体以千吨二氧化碳当量计，能源以太焦计，"
    "用水以千立方米计，用地以平方公里计。住户自身的燃烧不在其内。",
)
ASSUMPTIONS = {**assumptions.ASSUMPTIONS, **collect(globals())}


PACKAGE = Package("us-2012", TITLE, DESCRIPTION, SOURCES, LICENCE, ASSUMPTIONS)


def read(folder: Path, periods: int = 1) -> Economy:
    """Return the economy of 2012, of so many periods of a year each.

    Takes the folder with the published files. Raises SourceError if one is missing or altered; the
    message names file, row and column.
    """
    return PACKAGE.economy(read_accounts(folder), periods, digests(folder, FILES))


def read_accounts(folder: Path) -> Accounts:
    """Return the accounts of 2012 in million dollars. Raises SourceError as read does."""
    names = {line[0]: line[1] for line in read_lines(folder / SECTORS)[1:]}
    codes = tuple(names)
    industries = _industries(codes)
    make = read_grid(folder / MAKE)
    for label, code in zip((*make.rows, *make.columns), (*codes, *codes), strict=True):
        if label != code:
            raise cell_error(
                MAKE, label, label, f'expected "{code}" as in {SECTORS}',
                f"应与 {SECTORS} 一致，为“{code}”",
            )  # fmt: skip
    make.refuse_negative(codes, codes)
    use = read_bare_grid(
        folder / USE, (*codes, *VALUE_ADDED), (*map(_industry, industries), *FINAL_USES)
    )
    made = make.values.T / MILLION  # products by industries
    output = read_grid(folder / OUTPUT).block(codes, ["x"])[:, 0] / MILLION
    whole = np.abs(output)
    agree(MAKE, industries, "x", made.sum(axis=0), output, ROUNDING * whole)
    columns = {name: use.block(codes, [name])[:, 0] / MILLION for name in FINAL_USES}
    inputs = use.values[:, : len(codes)] / MILLION
    agree(USE, industries, "x", inputs.sum(axis=0), output, 1e-9 * whole)
    supply = made.sum(axis=1)
    final = final_uses(codes, industries, columns, output, use.row(OPERATING_SURPLUS)[: len(codes)])
    agree(
        USE, codes, "q", use.values[: len(codes)].sum(axis=1) / MILLION, supply,
        ROUNDING * (supply + final.imports),
    )  # fmt: skip
    indicators = read_grid(folder / INDICATORS)

    def of_industries(indicator: str) -> Array:
        total: Array = indicators.block([indicator], codes)[0] @ made
        return total

    jobs = of_industries(JOBS) * MILLION
    return Accounts(
        products=tuple(product(code, name) for code, name in names.items()),
        industries=industries,
        make=made,
        use=inputs[: len(codes)],
        services=np.zeros((len(codes), len(codes))),
        imports=final.imports,
        exports=final.exports,
        earned=np.ones(len(codes)),
        uses=final.uses,
        investment=final.investment,
        inventories=final.inventories,
        hours=jobs * assumptions.WORKING_HOURS.value,
        taken={limit: of_industries(name) for limit, name in LIMITS.value.items()},
        unit=assumptions.UNIT.value,
        currency_unit=assumptions.FOREIGN_CURRENCY_UNIT.value,
        trader=None,
    )


def _industries(products: tuple[str, ...]) -> tuple[str, ...]:
    industries = [code for code in products if code not in NO_INDUSTRIES.value]
    for industry, before in INDUSTRIES_ONLY.value.items():
        industries.insert(industries.index(before) + 1, industry)
    return tuple(industries)


def _industry(code: str) -> str:
    return f"industry {code}"
