"""From supply and use tables in money of one year to accounts in kind.

A unit of a product is what was worth one million reais of the year at basic prices, in its user's
hands.
"""

import polars as pl

from xietong.planning.sources import tables
from xietong.planning.sources.accounts import Accounts, Investment, Product, Use
from xietong.planning.sources.assumptions import choices
from xietong.planning.sources.brazil import assumptions as assumed
from xietong.planning.sources.brazil.margins import margin_services
from xietong.planning.sources.brazil.names import product_groups, product_names
from xietong.planning.sources.brazil.supply_use import SupplyUse
from xietong.planning.sources.errors import SourceError
from xietong.planning.sources.names import Name
from xietong.planning.sources.tables import FOREIGN_CURRENCY

__all__ = ["FOREIGN_CURRENCY", "to_accounts", "to_tables"]

ALL_CAPITAL = Name("buildings, machines and all else", "建筑、机器及其他")


def to_tables(table: SupplyUse, periods: int = 1) -> dict[str, pl.DataFrame]:
    """Return the economy's tables by name, quantities a year.

    Raises SourceError if margins cannot be placed or a service is drawn from stock.
    """
    return tables.to_tables(to_accounts(table), choices(assumed.ASSUMPTIONS), periods)


def to_accounts(table: SupplyUse) -> Accounts:
    """Return the year in kind. Raises SourceError as to_tables does."""
    for product, change in zip(table.products, table.inventories, strict=True):
        if change < 0 and not _keeps(product):
            raise SourceError(
                f"{product} cannot be stored, but the tables draw it from stock",
                f"{product} 不能储存，原表却动用了它的库存",
            )
    ratio = table.basic_ratio
    basic = {product for kind in assumed.BASIC_PRODUCTS.value.values() for product in kind}
    household = tuple("basic" if product in basic else "personal" for product in table.products)
    public = ("public",) * len(table.products)
    # The tables do not say who invests: whoever makes more, in proportion.
    shares = table.output / table.output.sum()
    return Accounts(
        products=tuple(
            Product(code, product_names()[code], _keeps(code), _loss(code))
            for code in table.products
        ),
        industries=table.industries,
        make=table.make,
        use=table.use * ratio[:, None],
        services=margin_services(table),
        imports=table.imports,
        exports=table.exports * ratio,
        earned=1.0 / ratio,
        uses=(
            Use("household", household, table.household * ratio),
            Use("public", public, (table.government + table.nonprofit) * ratio),
        ),
        investment=(Investment("all", ALL_CAPITAL, table.capital * ratio, shares),),
        inventories=table.inventories * ratio,
        hours=table.jobs * assumed.WEEKLY_HOURS.value * assumed.WORKING_WEEKS.value,
        taken={},
        unit=assumed.UNIT.value,
        currency_unit=assumed.FOREIGN_CURRENCY_UNIT.value,
        trader=assumed.TRADE_ENTERPRISE.value,
    )


def _keeps(product: str) -> bool:
    if product in assumed.SPOILS.value:
        return False
    return product < assumed.FIRST_SERVICE.value or product in assumed.GOODS_AMONG_SERVICES.value


def _loss(product: str) -> float:
    if not _keeps(product):
        return 0.0
    if product_groups()[product] in ("farm", "food"):
        return assumed.FOOD_LOSS.value
    return assumed.GOODS_LOSS.value
