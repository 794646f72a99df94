"""From a year's accounts to the tables of an economy in kind.

A run of an industry makes one unit of output, a run of trade moves one unit. So the activity of
the year is itself a plan that meets every balance, which proves the conversion. Besides its usual
mix of products, an industry can shift some of its capacity to one of them.
"""

from collections.abc import Sequence

import numpy as np
import numpy.typing as npt
import polars as pl

from xietong.planning.sources.accounts import Accounts, Array
from xietong.planning.sources.assumptions import Choices
from xietong.planning.sources.capital import add_capital
from xietong.planning.sources.names import Name

IntArray = npt.NDArray[np.intp]

FOREIGN_CURRENCY = "foreign_currency"
FOREIGN_CURRENCY_NAME = Name("Foreign currency", "外汇")
DAYS = 365.0


def to_tables(accounts: Accounts, chosen: Choices, periods: int = 1) -> dict[str, pl.DataFrame]:
    """Return the economy's tables by name, quantities a year.

    Of several `periods`, each a year, runs take what they wear out, the plan chooses what is built
    and stored, and people ask for more than the year gave them.
    """
    techniques = _techniques(accounts, chosen)
    columns = techniques["technique"]
    _, shifting = _shifts(accounts, chosen)
    inputs, outputs = _coefficients(accounts, chosen)
    rows = (*accounts.codes, FOREIGN_CURRENCY)
    producing = columns[: len(accounts.industries) + len(shifting)]
    hours = accounts.hours / accounts.output
    tables = {
        "products": _products(accounts),
        "periods": pl.DataFrame({"period": np.arange(1, periods + 1)}).with_columns(days=DAYS),
        "techniques": techniques.drop("available", "industry"),
        "inputs": _entries(inputs, rows, columns),
        "outputs": _entries(outputs, rows, columns),
        "labour": pl.DataFrame(
            {
                "technique": producing,
                "skill": chosen.skill,
                "hours": np.concatenate([hours, hours[shifting]]),
            }
        ),
        "workforce": pl.DataFrame(
            {
                "skill": [chosen.skill],
                "hours": [accounts.hours.sum() / (1.0 - chosen.unemployment)],
            }
        ),
        "means": techniques.select("available", means="technique"),
        "occupies": pl.concat(
            [
                techniques.select("technique", means="technique"),
                # What is shifted takes the capacity of the industry as well as its own bound.
                techniques.drop_nulls("industry").select("technique", means="industry"),
            ]
        ).with_columns(quantity=1.0),
        "needs": _needs(accounts, chosen, periods),
        "stocks": _stocks(accounts, chosen),
    }
    if accounts.taken:
        tables |= _limits(accounts, producing, shifting)
    if periods > 1:
        add_capital(tables, accounts, chosen, periods)
    return tables


def _shifts(accounts: Accounts, chosen: Choices) -> tuple[IntArray, IntArray]:
    """Products and industries (S,) of each way in which an industry can shift its mix."""
    make = accounts.make
    several = (make > 0).sum(axis=0) > 1
    main = make >= chosen.main_maker * make.sum(axis=1, keepdims=True)
    wanted = several & (chosen.mix_margin > 0)
    product, industry = np.nonzero(main & (make > 0) & wanted)
    return product, industry


def _techniques(accounts: Accounts, chosen: Choices) -> pl.DataFrame:
    """Industries, shifts, imports, exports, what comes of itself: the coefficients' columns.

    `runs` are those of the year, `available` the most there can be; `industry` is the means of the
    industry whose mix is shifted.
    """
    industries = pl.DataFrame(
        {
            "technique": [f"industry:{code}" for code in accounts.industries],
            "enterprise": accounts.industries,
            "runs": accounts.output,
            "available": accounts.output * (1.0 + chosen.capacity_margin),
        }
    )
    product, industry = _shifts(accounts, chosen)
    codes = [accounts.industries[at] for at in industry]
    shifts = pl.DataFrame(
        {
            "technique": [
                f"shift:{code}:{accounts.codes[at]}"
                for code, at in zip(codes, product, strict=True)
            ],
            "enterprise": codes,
            "runs": 0.0,
            "available": accounts.make[product, industry] * chosen.mix_margin,
            "industry": [f"industry:{code}" for code in codes],
        },
        schema_overrides={"technique": pl.String, "enterprise": pl.String, "industry": pl.String},
    )
    others = [
        pl.DataFrame(
            {
                "technique": [f"{way}:{product}" for product in products],
                "enterprise": pl.Series([enterprise] * len(products), dtype=pl.String),
                "runs": units,
                "available": units * (1.0 + margin),
            }
        ).filter(pl.col("runs") > 0)
        for way, products, units, margin, enterprise in (
            ("import", accounts.codes, accounts.imports, chosen.import_margin, accounts.trader),
            ("export", accounts.codes, accounts.exports, chosen.export_margin, accounts.trader),
            ("return", accounts.codes, accounts.handed_back, 0.0, None),
            ("credit", (FOREIGN_CURRENCY,), np.array([-accounts.surplus]), 0.0, None),
        )
    ]
    return pl.concat([industries, shifts, *others], how="diagonal")


def _coefficients(accounts: Accounts, chosen: Choices) -> tuple[Array, Array]:
    """Inputs and outputs of a run: products and last foreign currency, by techniques."""
    make, use, services = accounts.make, accounts.use, accounts.services
    unit = np.eye(len(accounts.products) + 1)
    goods, money = unit[:, :-1], unit[:, -1:]
    product, industry = _shifts(accounts, chosen)
    bought, sold = accounts.imports > 0, accounts.exports > 0
    back, lent = accounts.handed_back > 0, money[:, : int(accounts.surplus < 0)]
    taken = np.maximum(use, 0.0)
    given_back = np.maximum(-make, 0.0)
    used = (taken + services @ make + given_back) / accounts.output
    made = (np.maximum(make, 0.0) + np.maximum(-use, 0.0)) / accounts.output
    shifted = (taken / accounts.output)[:, industry] + services[:, product]

    def priceless(matrix: Array) -> Array:
        return np.vstack([matrix, np.zeros(matrix.shape[1])])

    inputs = np.hstack(
        [
            *(priceless(used), priceless(shifted), priceless(services[:, bought]) + money),
            *(goods[:, sold], 0.0 * goods[:, back], 0.0 * lent),
        ]
    )
    outputs = np.hstack(
        [
            *(priceless(made), goods[:, product], goods[:, bought]),
            *(money * accounts.earned[sold], goods[:, back], lent),
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


def _products(accounts: Accounts) -> pl.DataFrame:
    names = [*(product.name for product in accounts.products), FOREIGN_CURRENCY_NAME]
    return pl.DataFrame(
        {
            "product": [*accounts.codes, FOREIGN_CURRENCY],
            "unit": [*[accounts.unit] * len(accounts.products), accounts.currency_unit],
            "name_en": [name.en for name in names],
            "name_zh": [name.zh for name in names],
            "storable": [*(product.storable for product in accounts.products), True],
            "loss": [*(product.loss for product in accounts.products), 0.0],
        }
    )


def _needs(accounts: Accounts, chosen: Choices, periods: int) -> pl.DataFrame:
    goal = 1.0 + chosen.goal if periods > 1 else 1.0
    reserve = ("reserve",) * len(accounts.products)
    wanted = [(use.name, use.tiers, use.quantity * goal) for use in accounts.uses]
    if periods == 1:
        formed = [np.maximum(investment.quantity, 0.0) for investment in accounts.investment]
        wanted.append(("investment", reserve, np.sum(formed, axis=0)))
        wanted.append(("inventory", reserve, accounts.inventories))
    needs = [
        pl.DataFrame(
            {
                "need": [f"{name}:{product}" for product in accounts.codes],
                "tier": tiers,
                "product": accounts.codes,
                "target": quantity,
            }
        )
        for name, tiers, quantity in wanted
    ]
    abroad = pl.DataFrame(
        {
            "need": f"abroad:{FOREIGN_CURRENCY}",
            "tier": "reserve",
            "product": FOREIGN_CURRENCY,
            "target": [accounts.surplus],
        }
    )
    return pl.concat([*needs, abroad]).filter(pl.col("target") > 0)


def _stocks(accounts: Accounts, chosen: Choices) -> pl.DataFrame:
    loss = np.array([product.loss for product in accounts.products])
    usual = accounts.supply * chosen.stock_days / DAYS
    return pl.DataFrame(
        {
            "product": accounts.codes,
            "initial": (usual + accounts.drawn) / (1.0 - loss),
            "final": usual,
        }
    ).filter(pl.Series(accounts.storable))


def _limits(
    accounts: Accounts, producing: pl.Series, shifting: IntArray
) -> dict[str, pl.DataFrame]:
    """Nothing may be taken beyond what the year took."""
    emits = []
    for limit, taken in accounts.taken.items():
        per_run = taken / accounts.output
        emits.append(
            pl.DataFrame(
                {
                    "technique": producing,
                    "limit": limit,
                    "quantity": np.concatenate([per_run, per_run[shifting]]),
                }
            ).filter(pl.col("quantity") > 0)
        )
    amounts = [float(taken.sum()) for taken in accounts.taken.values()]
    return {
        "limits": pl.DataFrame({"limit": list(accounts.taken), "amount": amounts}),
        "emits": pl.concat(emits),
    }
