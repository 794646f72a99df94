"""The scarce things of a plan, by what they are worth."""

from collections.abc import Mapping

import polars as pl

USES = {
    "skill": ("use_of_labour", "skill", "region", "offered"),
    "means": ("use_of_means", "means", "region", "available"),
    "limit": ("use_of_limits", "limit", None, "amount"),
}


def bottlenecks(plan: Mapping[str, pl.DataFrame]) -> pl.DataFrame:
    """Return the skills, means and limits of a plan of which one more unit would save labour.

    Columns: `kind, id, region, period, available, used, valuation, rent`: of `available` units
    `used` are, one more would save `valuation` hours, all of them save `rent` hours. The greatest
    rent comes first.
    """
    parts = []
    for kind, (table, name, region, there) in USES.items():
        priced = plan["valuations"].filter(pl.col("kind") == kind)
        used = plan[table].select(
            id=name, at=pl.col(region) if region else pl.lit(None, pl.String), period="period",
            available=there, used="used",
        )  # fmt: skip
        # A means and a limit have their own name everywhere; a skill is of a region.
        on = ["id", "region", "period"] if kind == "skill" else ["id", "period"]
        both = used.with_columns(region="at").join(
            priced.select(*on, valuation="value"), on=on, how="inner"
        )
        parts.append(
            both.select(
                pl.lit(kind).alias("kind"), "id", pl.col("at").alias("region"), "period",
                "available", "used", "valuation",
                rent=pl.col("valuation") * pl.col("available"),
            )
        )  # fmt: skip
    return (
        pl.concat(parts)
        .filter(pl.col("rent") > 0)
        .sort("rent", "kind", "id", "period", descending=[True, False, False, False])
    )
