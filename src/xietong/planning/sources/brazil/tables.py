"""From supply and use tables in money of one year to the tables of an economy in kind.

A unit of a product is what was worth one million reais of 2021 at basic prices, in its user's
hands. A run of an industry makes one million reais of output, a run of trade moves one unit. So
the activity of 2021 is itself a plan that meets every balance, which proves the conversion.
Besides its usual mix of products, an industry can shift some of its capacity to one of them.
"""

from collections.abc import Sequence

import numpy as np
import numpy.typing as npt
import polars as pl

from xietong.planning.sources.brazil import assumptions as assumed
from xietong.planning.sources.brazil.blocks import Array
from xietong.planning.sources.brazil.margins import margin_services
from xietong.planning.sources.brazil.names import Name, product_groups, product_names
from xietong.planning.sources.brazil.supply_use import SupplyUse
from xietong.planning.sources.errors import SourceError

IntArray = npt.NDArray[np.intp]

FOREIGN_CURRENCY = "foreign_currency"
FOREIGN_CURRENCY_NAME = Name("Foreign currency", "外汇")
DAYS = 365.0


def to_tables(table: SupplyUse) -> dict[str, pl.DataFrame]:
    """Return the economy's tables by name, quantities a year.

    Raises SourceError if margins cannot be placed or a service is drawn from stock.
    """
    techniques = _techniques(table)
    inputs, outputs = _coefficients(table)
    rows = (*table.products, FOREIGN_CURRENCY)
    columns = techniques["technique"]
    _, shifting = _shifts(table)
    hours = table.jobs * assumed.WEEKLY_HOURS.value * assumed.WORKING_WEEKS.value
    offered = hours.sum() / (1.0 - assumed.UNEMPLOYMENT.value)
    products = _products(table)
    return {
        "products": products,
        "periods": pl.DataFrame({"period": [1], "days": [DAYS]}),
        "techniques": techniques.drop("available", "industry"),
        "inputs": _entries(inputs, rows, columns),
        "outputs": _entries(outputs, rows, columns),
        "labour": pl.DataFrame(
            {
                "technique": columns[: len(hours) + len(shifting)],
                "skill": assumed.SKILL.value,
                "hours": np.concatenate([hours / table.output, (hours / table.output)[shifting]]),
            }
        ),
        "workforce": pl.DataFrame({"skill": [assumed.SKILL.value], "hours": [offered]}),
        "means": techniques.select("available", means="technique"),
        "occupies": pl.concat(
            [
                techniques.select("technique", means="technique"),
                # What is shifted takes the capacity of the industry as well as its own bound.
                techniques.drop_nulls("industry").select("technique", means="industry"),
            ]
        ).with_columns(quantity=1.0),
        "needs": _needs(table),
        "stocks": _stocks(table, products),
    }


def _shifts(table: SupplyUse) -> tuple[IntArray, IntArray]:
    """Products and industries (S,) of each way in which an industry can shift its mix."""
    several = (table.make > 0).sum(axis=0) > 1
    main = table.make >= assumed.MAIN_MAKER.value * table.make.sum(axis=1, keepdims=True)
    product, industry = np.nonzero(main & (table.make > 0) & several)
    return product, industry


def _techniques(table: SupplyUse) -> pl.DataFrame:
    """Industries, their shifts, imports, exports, in the order of the coefficients' columns.

    `runs` are those of 2021, `available` the most there can be; `industry` is the means of the
    industry whose mix is shifted.
    """
    industries = pl.DataFrame(
        {
            "technique": [f"industry:{code}" for code in table.industries],
            "enterprise": table.industries,
            "runs": table.output,
            "available": table.output * (1.0 + assumed.CAPACITY_MARGIN.value),
        }
    )
    product, industry = _shifts(table)
    codes = [table.industries[at] for at in industry]
    shifts = pl.DataFrame(
        {
            "technique": [
                f"shift:{code}:{table.products[at]}"
                for code, at in zip(codes, product, strict=True)
            ],
            "enterprise": codes,
            "runs": 0.0,
            "available": table.make[product, industry] * assumed.MIX_MARGIN.value,
            "industry": [f"industry:{code}" for code in codes],
        }
    )
    trade = [
        pl.DataFrame(
            {
                "technique": [f"{way}:{product}" for product in table.products],
                "enterprise": assumed.TRADE_ENTERPRISE.value,
                "runs": units,
                "available": units * (1.0 + margin),
            }
        ).filter(pl.col("runs") > 0)
        for way, units, margin in (
            ("import", table.imports, assumed.IMPORT_MARGIN.value),
            ("export", table.exports * table.basic_ratio, assumed.EXPORT_MARGIN.value),
        )
    ]
    return pl.concat([industries, shifts, *trade], how="diagonal")


def _coefficients(table: SupplyUse) -> tuple[Array, Array]:
    """Inputs and outputs of a run: products and last foreign currency, by techniques."""
    services = margin_services(table)
    unit = np.eye(len(table.products))
    bought, sold = table.imports > 0, table.exports > 0
    none = np.zeros(len(table.industries))
    own = table.use * table.basic_ratio[:, None]
    used = own + services @ table.make
    taken_back = np.maximum(-table.make, 0.0)
    product, industry = _shifts(table)
    shifted = (own / table.output)[:, industry] + services[:, product]
    no_money = np.zeros(len(product))
    inputs = np.block(
        [
            [
                *((used + taken_back) / table.output, shifted),
                *(services[:, bought], unit[:, sold]),
            ],
            [none, no_money, np.ones(bought.sum()), np.zeros(sold.sum())],
        ]
    )
    outputs = np.block(
        [
            [
                *(np.maximum(table.make, 0.0) / table.output, unit[:, product]),
                *(unit[:, bought], 0.0 * unit[:, sold]),
            ],
            [none, no_money, np.zeros(bought.sum()), 1.0 / table.basic_ratio[sold]],
        ]
    )
    return inputs, outputs


def _entries(matrix: Array, rows: Sequence[str], columns: pl.Series) -> pl.DataFrame:
    """The entries of a matrix of products by techniques that are not zero."""
    technique, product = np.nonzero(matrix.T)
    return pl.DataFrame(
        {
            "technique": columns[technique],
            "product": pl.Series(rows)[product],
            "quantity": matrix[product, technique],
        }
    )


def _products(table: SupplyUse) -> pl.DataFrame:
    names = [*(product_names()[code] for code in table.products), FOREIGN_CURRENCY_NAME]
    units = [assumed.UNIT.value] * len(table.products)
    return pl.DataFrame(
        {
            "product": [*table.products, FOREIGN_CURRENCY],
            "unit": [*units, assumed.FOREIGN_CURRENCY_UNIT.value],
            "name_en": [name.en for name in names],
            "name_zh": [name.zh for name in names],
            "storable": [*map(_keeps, table.products), True],
            "loss": [*map(_loss, table.products), 0.0],
        }
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


def _needs(table: SupplyUse) -> pl.DataFrame:
    basic = {product for kind in assumed.BASIC_PRODUCTS.value.values() for product in kind}
    household_tier = ["basic" if product in basic else "personal" for product in table.products]
    public, reserve = (len(table.products) * [tier] for tier in ("public", "reserve"))
    needs = [
        pl.DataFrame(
            {
                "need": [f"{use}:{product}" for product in table.products],
                "tier": tiers,
                "product": table.products,
                "target": bought * table.basic_ratio,
            }
        )
        for use, tiers, bought in (
            ("household", household_tier, table.household),
            ("public", public, table.government + table.nonprofit),
            ("investment", reserve, table.capital),
            ("inventory", reserve, table.inventories),
        )
    ]
    abroad = pl.DataFrame(
        {
            "need": f"abroad:{FOREIGN_CURRENCY}",
            "tier": "reserve",
            "product": FOREIGN_CURRENCY,
            "target": [table.exports.sum() - table.imports.sum()],
        }
    )
    return pl.concat([*needs, abroad]).filter(pl.col("target") > 0)


def _stocks(table: SupplyUse, products: pl.DataFrame) -> pl.DataFrame:
    storable, loss = (products[name].head(len(table.products)) for name in ("storable", "loss"))
    drawn = np.maximum(-table.inventories, 0.0) * table.basic_ratio
    for place in np.flatnonzero((drawn > 0) & ~storable.to_numpy()):
        product = table.products[place]
        raise SourceError(
            f"{product} cannot be stored, but the tables draw it from stock",
            f"{product} 不能储存，原表却动用了它的库存",
        )
    usual = table.supply * assumed.STOCK_DAYS.value / DAYS
    return pl.DataFrame(
        {
            "product": table.products,
            "initial": (usual + drawn) / (1.0 - loss.to_numpy()),
            "final": usual,
        }
    ).filter(storable)
