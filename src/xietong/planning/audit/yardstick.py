"""The labour values by which needs compare, worked out anew from the tables."""

import numpy as np
import numpy.typing as npt
import polars as pl

from xietong.planning.audit.accounts import Tables

Floats = npt.NDArray[np.float64]

INFINITY = 1e30
NOWHERE = 1e15


def hours_per_unit(economy: Tables, runs: pl.DataFrame) -> pl.DataFrame:
    """Return `product, hours`, null for what cannot be made.

    `runs` has the columns `technique, runs`: the techniques that count; of a product that none of
    them makes, the technique of least labour does.
    """
    products = economy["products"].select("product", "measure").with_row_index("i")
    techniques = (
        economy["techniques"].select("technique").with_row_index("j")
        .join(runs.group_by("technique").agg(pl.col("runs").sum()), on="technique", how="left",
              maintain_order="left")
    )  # fmt: skip
    n, m = products.height, techniques.height
    observed = techniques["runs"].fill_null(0.0).to_numpy()
    out = (
        economy["outputs"].join(products, on="product").join(techniques, on="technique")
        .filter((pl.col("quantity") > 0) & (pl.col("measure") > 0))
    )  # fmt: skip
    into = economy["inputs"].join(products, on="product").join(techniques, on="technique")
    work = economy["labour"].join(techniques, on="technique")
    direct = np.bincount(work["j"], work["hours"], m)
    made_by, made = out["j"].to_numpy(), out["i"].to_numpy()
    quantity, measure = out["quantity"].to_numpy(), out["measure"].to_numpy()
    whole = np.bincount(made_by, quantity * measure, m)
    amount = quantity * observed[made_by]
    total = np.bincount(made, amount, n)
    eaten_by, eaten, eats = into["j"].to_numpy(), into["i"].to_numpy(), into["quantity"].to_numpy()

    given = np.bincount(made, minlength=n) == 0
    hours = np.where(given, 0.0, INFINITY)
    for _ in range(20_000):
        spent = direct + np.bincount(eaten_by, eats * hours[eaten], m)
        each = spent[made_by] * measure / whole[made_by]
        best = np.full(n, INFINITY)
        np.minimum.at(best, made, each)
        mean = np.bincount(made, amount * each, n) / np.where(total > 0, total, 1.0)
        again = np.minimum(np.where(total > 0, mean, best), INFINITY)
        again[given] = 0.0
        done = np.all(np.abs(again - hours) <= 1e-13 * again)
        hours = again
        if done:
            break
    found = pl.Series("hours", hours)
    return products.select("product").with_columns(found).with_columns(
        hours=pl.when(pl.col("hours") < NOWHERE).then("hours")
    )  # fmt: skip


def unit_values(economy: Tables, wishes: pl.DataFrame) -> pl.Series:
    """Return the value of a unit of each of `wishes` (`product, target`), in hours.

    What has no labour value weighs, as a whole target, as much as the mean of the others.
    """
    hours = hours_per_unit(economy, economy["techniques"].select("technique", "runs"))
    value = wishes.join(hours, on="product", how="left", maintain_order="left")
    valued = (pl.col("hours") > 0).fill_null(False)
    mean = value.filter(valued & (pl.col("target") > 0)).select(
        (pl.col("hours") * pl.col("target")).mean()
    ).item()  # fmt: skip
    instead = (mean if mean is not None else 1.0) / pl.when(pl.col("target") > 0).then(
        "target"
    ).otherwise(1.0)
    return value.select(pl.when(valued).then("hours").otherwise(instead)).to_series()
