"""Random economies that are tight and have hubs, like real ones.

A few products (energy, transport, repair) go into nearly everything; every product is counted in
a unit of its own; there is 5 % less labour than all needs would take, and a quarter of the means
are at their limit. Alternative techniques take other inputs at similar cost.

Source: Carvalho 2014 (hubs in production networks); Acemoglu and others 2012.
"""

import numpy as np
import numpy.typing as npt
import polars as pl
import scipy.sparse as sp

from xietong.planning.economy import Economy
from xietong.planning.faults import PlanningError

Floats = npt.NDArray[np.float64]
Ints = npt.NDArray[np.int64]

INPUTS = 12  # a technique, on average
SKILLS = 4
PASSED_ON = 0.5  # share of a product's value that is its inputs': national tables have about half
HUBS = 0.9  # exponent of the popularity of inputs, by rank
SHORT_OF_LABOUR = 0.05
AT_LIMIT = 0.25
SPARE = 0.4  # most spare capacity of the other means
LATE = 0.1  # share of techniques whose outputs appear a period later
TIERS = ("basic", "public", "personal", "reserve")
TIER_SHARES = (0.3, 0.15, 0.45, 0.1)


def random_economy(products: int, techniques: int, periods: int = 1, seed: int = 0) -> Economy:
    """Return a random economy.

    Args:
        products: how many there are, at least 1.
        techniques: how many there are, at least one for each product.
        periods: how many there are, at least 1.
        seed: the same seed gives the same economy.

    Raises:
        PlanningError: if the numbers do not allow an economy.
    """
    if products < 1 or periods < 1 or techniques < products:
        raise PlanningError(
            "give at least 1 product, 1 period, and as many techniques as products",
            "至少要有 1 种产品、1 个时期，工艺数不少于产品数",
        )
    rng = np.random.default_rng(seed)
    unit = np.exp(rng.normal(0.0, 2.0, products))  # hours that one unit is worth, roughly
    makes = np.concatenate([np.arange(products), rng.integers(0, products, techniques - products)])
    who, what, amount = _inputs(rng, makes, unit)
    hours = unit[makes] * (1.0 - PASSED_ON) * rng.uniform(0.8, 1.25, techniques)
    skill = rng.integers(0, SKILLS, techniques)
    late = (rng.random(techniques) < LATE) & (periods > 1)

    asked = rng.random(products) < 0.5
    asked[0] = True
    target = np.where(asked, rng.pareto(1.5, products) + 0.1, 0.0) / unit * 100.0
    first = who < products  # a basis: the first technique of each product meets all needs
    requirements = sp.csr_matrix(
        (amount[first], (what[first], who[first])), shape=(products, products)
    )
    runs = _total(requirements, target)
    worked = np.bincount(skill[:products], hours[:products] * runs, SKILLS)
    spare = np.where(rng.random(techniques) < AT_LIMIT, 1.0, 1.0 + SPARE * rng.random(techniques))
    # Alternatives are small: together they could take over a third of a product's making.
    capacity = spare * np.where(
        np.arange(techniques) < products, runs[makes], runs[makes] * rng.uniform(0, 0.3, techniques)
    )

    p, j = _names("p", products), _names("t", techniques)
    m = _names("m", techniques)
    wished = np.flatnonzero(target > 0)
    stock = makes[:products][late[:products]]
    tables = {
        "products": pl.DataFrame({"product": p}).with_columns(
            unit=pl.lit("unit"), loss=pl.Series(np.round(0.05 * rng.random(products), 4))
        ),
        "periods": pl.DataFrame({"period": np.arange(1, periods + 1)}),
        "techniques": pl.DataFrame({"technique": j, "lead_time": late.astype(np.int64)}),
        "inputs": pl.DataFrame(
            {"technique": j.gather(who), "product": p.gather(what), "quantity": amount}
        ),
        "outputs": pl.DataFrame({"technique": j, "product": p.gather(makes)}).with_columns(
            quantity=1.0
        ),
        "labour": pl.DataFrame(
            {"technique": j, "skill": _names("skill", SKILLS).gather(skill), "hours": hours}
        ),
        "workforce": pl.DataFrame(
            {"skill": _names("skill", SKILLS), "hours": (1.0 - SHORT_OF_LABOUR) * worked}
        ),
        "means": pl.DataFrame({"means": m, "available": capacity}),
        "occupies": pl.DataFrame({"technique": j, "means": m}).with_columns(quantity=1.0),
        "needs": pl.DataFrame(
            {
                "need": _names("need", products).gather(wished),
                "tier": rng.choice(TIERS, len(wished), p=TIER_SHARES),
                "product": p.gather(wished),
                "target": target[wished],
                "weight": np.round(rng.uniform(0.5, 2.0, len(wished)), 3),
            }
        ),
        # What a late technique will have made, the first period must find in stock.
        "stocks": pl.DataFrame({"product": p.gather(stock), "initial": runs[stock]}),
    }
    return Economy(
        tables,
        title=f"Random economy of {products} products, seed {seed}",
        metadata={"generator": {"products": products, "techniques": techniques,
                                "periods": periods, "seed": seed}},
    )  # fmt: skip


def _inputs(rng: np.random.Generator, makes: Ints, unit: Floats) -> tuple[Ints, Ints, Floats]:
    """Inputs of each technique: no technique takes its own product or one input twice."""
    products = len(unit)
    count = rng.poisson(INPUTS, len(makes))
    who = np.repeat(np.arange(len(makes)), count)
    popularity = (np.arange(products) + 1.0) ** -HUBS
    rank = rng.permutation(products)
    what = rank[rng.choice(products, len(who), p=popularity / popularity.sum())]
    pair = (who * products + what)[what != makes[who]]
    pair.sort()
    who, what = np.divmod(pair[np.diff(pair, prepend=-1) > 0], products)
    part = rng.exponential(1.0, len(who))
    share = part / np.bincount(who, part, len(makes))[who]
    passed = PASSED_ON * rng.uniform(0.6, 1.3, len(makes))
    return who, what, passed[who] * share * unit[makes[who]] / unit[what]


def _total(requirements: sp.csr_matrix, target: Floats) -> Floats:
    """Gross output for `target`: the series target + A target + A² target + …"""
    total, step = target.copy(), target
    while step.max(initial=0.0) > 1e-12 * total.max(initial=0.0):
        step = requirements @ step
        total += step
    return total


def _names(prefix: str, count: int) -> pl.Series:
    width = len(str(count))
    return pl.select(
        pl.lit(prefix) + pl.int_range(1, count + 1).cast(pl.String).str.zfill(width)
    ).to_series()
