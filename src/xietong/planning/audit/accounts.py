"""The accounts of a plan: what is used and what there is, of everything, in every period."""

from collections.abc import Mapping

import numpy as np
import numpy.typing as npt
import polars as pl

Floats = npt.NDArray[np.float64]
Tables = Mapping[str, pl.DataFrame]
SPOT = ["product", "region", "period"]


def balances(economy: Tables, plan: Tables) -> pl.DataFrame:
    """Return `product, region, period, use, supply` for all that occurs, in units."""
    last = economy["periods"].height
    runs = plan["runs"]
    made = (
        economy["outputs"]
        .join(economy["techniques"].select("technique", "lead_time"), on="technique")
        .join(runs, on="technique")
        .select(
            "product", "region", period=pl.col("period") + pl.col("lead_time"),
            supply=pl.col("quantity") * pl.col("runs"),
        )
        .filter(pl.col("period") <= last)
    )  # fmt: skip
    used = (
        economy["inputs"].join(runs, on="technique")
        .select(*SPOT, use=pl.col("quantity") * pl.col("runs"))
    )  # fmt: skip
    built = _of_starts(economy, plan, "project_inputs").join(
        economy["projects"].select("project", "region"), on="project"
    )
    kept = plan["stocks"].join(economy["products"].select("product", "loss"), on="product")
    at_first = economy["stocks"].select("product", "region", period=pl.lit(1, pl.Int64),
                                        supply="initial")  # fmt: skip
    return _totals(
        SPOT,
        made,
        used,
        at_first,
        plan["deliveries"].select(*SPOT, use="delivered"),
        built.select(*SPOT, use="amount"),
        plan["stocks"].select(*SPOT, use="stock"),
        kept.select(
            "product", "region", period=pl.col("period") + 1,
            supply=pl.col("stock") * (1 - pl.col("loss")),
        ).filter(pl.col("period") <= last),
        columns=("use", "supply"),
    )  # fmt: skip


def use_of_means(economy: Tables, plan: Tables) -> pl.DataFrame:
    """Return `means, region, period, available, used`, in capacity units."""
    used = economy["occupies"].join(plan["runs"], on="technique")
    periods = economy["periods"].select("period")
    added = (
        plan["starts"].rename({"period": "begun"})
        .join(economy["projects"].select("project", "build_time"), on="project")
        .join(economy["project_means"], on="project")
        .join(periods, how="cross")
        .filter(pl.col("period") >= pl.col("begun") + pl.col("build_time"))
        .select("means", "period", available=pl.col("capacity") * pl.col("starts"))
    )  # fmt: skip
    there = economy["means"].join(periods, how="cross")
    total = _totals(
        ["means", "period"],
        there.select("means", "period", "available"),
        added,
        used.select("means", "period", used=pl.col("quantity") * pl.col("runs")),
        columns=("available", "used"),
    )
    return total.join(economy["means"].select("means", "region"), on="means").select(
        "means", "region", "period", "available", "used"
    )


def use_of_labour(economy: Tables, plan: Tables) -> pl.DataFrame:
    """Return `region, skill, period, offered, used`, in hours."""
    worked = (
        economy["labour"].join(economy["techniques"].select("technique", "region"), on="technique")
        .join(plan["runs"], on="technique")
        .select("region", "skill", "period", used=pl.col("hours") * pl.col("runs"))
    )  # fmt: skip
    built = _of_starts(economy, plan, "project_labour").join(
        economy["projects"].select("project", "region"), on="project"
    )
    return _totals(
        ["region", "skill", "period"],
        in_every_period(economy, "workforce").select("region", "skill", "period", offered="hours"),
        worked,
        built.select("region", "skill", "period", used="amount"),
        columns=("offered", "used"),
    )


def use_of_limits(economy: Tables, plan: Tables) -> pl.DataFrame:
    """Return `limit, period, amount, used` wherever a limit is set, in its units."""
    allowed = in_every_period(economy, "limits")
    emitted = (
        economy["emits"].join(plan["runs"], on="technique")
        .join(allowed.select("limit", "period"), on=["limit", "period"])
        .select("limit", "period", used=pl.col("quantity") * pl.col("runs"))
    )  # fmt: skip
    return _totals(
        ["limit", "period"],
        allowed.select("limit", "period", "amount"),
        emitted,
        columns=("amount", "used"),
    )


def in_every_period(economy: Tables, name: str) -> pl.DataFrame:
    """Return the table with a row for each period where its `period` is empty."""
    frame = economy[name]
    periods = economy["periods"].select("period")
    every = frame.filter(pl.col("period").is_null()).drop("period").join(periods, how="cross")
    return pl.concat([frame.filter(pl.col("period").is_not_null()), every.select(frame.columns)])


def _of_starts(economy: Tables, plan: Tables, name: str) -> pl.DataFrame:
    last = economy["periods"].height
    return (
        economy[name].join(plan["starts"], on="project")
        .with_columns(
            period=pl.col("period") + pl.col("offset"),
            amount=pl.col("quantity") * pl.col("starts"),
        )
        .filter(pl.col("period") <= last)
    )  # fmt: skip


def _totals(key: list[str], *parts: pl.DataFrame, columns: tuple[str, str]) -> pl.DataFrame:
    schema = dict.fromkeys(columns, pl.Float64)
    rows = pl.concat(
        [
            part.select(
                *key,
                *(pl.col(c) if c in part.columns else pl.lit(0.0).alias(c) for c in schema),
            )
            for part in parts
        ]
    )
    return rows.group_by(key).agg(pl.col(c).sum() for c in columns).sort(key)
