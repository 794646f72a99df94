"""From supply and use tables in money of one year to accounts in kind.

A unit of a product is what was worth one million reais of the year at basic prices, in its user's
hands.
"""

import polars as pl

from xietong.planning.sources import tables
from xietong.planning.sources.accounts import Accounts, Investment, Use
from xietong.planning.sources.assumptions import choices
from xietong.planning.sources.brazil import assumptions as assumed
from xietong.planning.sources.brazil.catalogue import FINEST, Catalogue, catalogue
from xietong.planning.sources.brazil.margins import margin_services
from xietong.planning.sources.brazil.supply_use import SupplyUse
from xietong.planning.sources.names import Name
from xietong.planning.sources.tables import FOREIGN_CURRENCY

__all__ = ["FOREIGN_CURRENCY", "to_accounts", "to_tables"]

ALL_CAPITAL = Name("buildings, machines and all else", "建筑、机器及其他")


def to_tables(table: SupplyUse, periods: int = 1) -> dict[str, pl.DataFrame]:
    """Return the tables of the economy of 2021 by name, quantities a year.

    Raises SourceError if margins cannot be placed.
    """
    return tables.to_tables(to_accounts(table), choices(assumed.ASSUMPTIONS), periods)


def to_accounts(
    table: SupplyUse, known: Catalogue | None = None, year: int = assumed.YEAR
) -> Accounts:
    """Return the year in kind; `known` says what the products are, those of level 68 if not given.

    Raises SourceError if margins cannot be placed.
    """
    known = catalogue(FINEST) if known is None else known
    ratio = table.basic_ratio
    public = ("public",) * len(table.products)
    # The tables do not say who invests: whoever makes more, in proportion.
    shares = table.output / table.output.sum()
    trader = assumed.TRADE_ENTERPRISE.value
    return Accounts(
        products=known.products,
        industries=table.industries,
        make=table.make,
        use=table.use * ratio[:, None],
        services=margin_services(table),
        imports=table.imports,
        exports=table.exports * ratio,
        earned=1.0 / ratio,
        uses=(
            Use("household", known.tiers, table.household * ratio),
            Use("public", public, (table.government + table.nonprofit) * ratio),
        ),
        investment=(Investment("all", ALL_CAPITAL, table.capital * ratio, shares),),
        inventories=table.inventories * ratio,
        hours=table.jobs * assumed.WEEKLY_HOURS.value * assumed.WORKING_WEEKS.value,
        taken={},
        unit=assumed.of_year(assumed.UNIT.value, year),
        currency_unit=assumed.of_year(assumed.FOREIGN_CURRENCY_UNIT.value, year),
        trader=trader if trader in table.industries else None,
    )
