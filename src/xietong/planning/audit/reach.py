"""How far any plan whatever could reach: the boxes in which the bound is taken.

A technique runs at most as often as the hours, means and limits there are allow, and as the
largest supply of each of its inputs: the initial stock and all that could have been made by then.
"""

import numpy as np
import numpy.typing as npt
import polars as pl

from xietong.planning.audit import accounts
from xietong.planning.audit.accounts import Tables

Floats = npt.NDArray[np.float64]


def reach(economy: Tables) -> tuple[pl.DataFrame, pl.DataFrame]:
    """Return `technique, period, runs` and `product, region, period, supply`: the largest."""
    last = economy["periods"].height
    periods = economy["periods"].select("period")
    everything = economy["techniques"].select("technique").join(periods, how="cross")
    works = (
        economy["projects"].join(economy["project_means"], on="project").join(periods, how="cross")
        .filter(pl.col("period") >= pl.col("earliest") + pl.col("build_time"))
        .select("means", "period", available=pl.col("capacity") * pl.col("most"))
    )  # fmt: skip
    there = (
        pl.concat([
            economy["means"].join(periods, how="cross").select("means", "period", "available"),
            works,
        ])
        .group_by("means", "period").agg(pl.col("available").sum())
    )  # fmt: skip
    home = economy["techniques"].select("technique", "region")
    offered = accounts.in_every_period(economy, "workforce").rename({"hours": "offered"})
    caps = [
        economy["occupies"].join(there, on="means").select(
            "technique", "period", "quantity", there="available"),
        economy["labour"].join(home, on="technique").join(offered, on=["region", "skill"]).select(
            "technique", "period", quantity="hours", there="offered"),
        economy["emits"].join(accounts.in_every_period(economy, "limits"), on="limit").select(
            "technique", "period", "quantity", there="amount"),
    ]  # fmt: skip
    capped = _least(everything, caps)
    eaten = economy["inputs"].filter(pl.col("quantity") > 0).join(periods, how="cross")
    runs = capped
    while True:
        supply = _supply(economy, runs, last)
        by_input = eaten.join(supply, on=accounts.SPOT, how="left").select(
            "technique", "period", "quantity", there=pl.col("supply").fill_null(0.0)
        )
        tighter = _least(everything, [*caps, by_input])
        if (tighter["runs"].is_infinite() == runs["runs"].is_infinite()).all():
            return tighter, _supply(economy, tighter, last)
        runs = tighter


def _least(everything: pl.DataFrame, caps: list[pl.DataFrame]) -> pl.DataFrame:
    most = (
        pl.concat(caps).filter(pl.col("quantity") > 0)
        .group_by("technique", "period")
        .agg(runs=(pl.col("there") / pl.col("quantity")).min())
    )  # fmt: skip
    return everything.join(
        most, on=["technique", "period"], how="left", maintain_order="left"
    ).with_columns(pl.col("runs").fill_null(float("inf")))


def _supply(economy: Tables, runs: pl.DataFrame, last: int) -> pl.DataFrame:
    made = (
        economy["outputs"].filter(pl.col("quantity") > 0)
        .join(economy["techniques"].select("technique", "lead_time"), on="technique")
        .join(runs, on="technique")
        .select("product", "region", period=pl.col("period") + pl.col("lead_time"),
                supply=pl.col("quantity") * pl.col("runs"))
        .filter(pl.col("period") <= last)
    )  # fmt: skip
    at_first = economy["stocks"].select(
        "product", "region", period=pl.lit(1, pl.Int64), supply="initial"
    )
    spots = pl.concat([made, at_first]).select("product", "region").unique()
    every = spots.join(economy["periods"].select("period"), how="cross").with_columns(supply=0.0)
    flow = (
        pl.concat([made, at_first, every]).group_by(accounts.SPOT).agg(pl.col("supply").sum())
        .sort(accounts.SPOT).join(economy["products"].select("product", "storable"), on="product",
                                  maintain_order="left")
    )  # fmt: skip
    stored = pl.col("supply").cum_sum().over("product", "region")
    return flow.select(*accounts.SPOT, supply=pl.when("storable").then(stored).otherwise("supply"))
