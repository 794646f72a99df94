"""What a plan reaches in each step of the objective, from the tables alone."""

from dataclasses import dataclass

import numpy as np
import polars as pl

from xietong.planning.audit import accounts
from xietong.planning.audit.accounts import Tables
from xietong.planning.audit.yardstick import unit_values
from xietong.planning.format import TIERS
from xietong.planning.terms import (
    BEND,
    DEPARTURE,
    HARMONY,
    LEISURE,
    RISE,
    SHARES,
    SMOOTH,
    STRAIN,
    STRAINED,
    WORST,
)


@dataclass(frozen=True)
class Labour:
    """What counts as labour in the last step, all in hours.

    `offered` is the total; `runs` has `technique, hours` per run, `starts` `project, begun, hours`
    per start, `means` `means, cost` per capacity unit beyond the strained share.
    """

    offered: float
    runs: pl.DataFrame
    starts: pl.DataFrame
    means: pl.DataFrame


def wishes(economy: Tables) -> pl.DataFrame:
    """Return a row for each need in each period that counts.

    Columns: those of `needs`, `value` (hours per unit) and `importance`, the need's share in the
    weight · value · target of its tier.
    """
    every = accounts.in_every_period(economy, "needs")
    every = every.with_columns(value=unit_values(economy, every))
    counted = every.filter(pl.col("target") * pl.col("weight") > 0)
    return counted.with_columns(
        importance=pl.col("weight") * pl.col("value") * pl.col("target")
    ).with_columns(pl.col("importance") / pl.col("importance").sum().over("tier"))


def labour(economy: Tables) -> Labour:
    """Return what runs, starts and strained means cost in hours."""
    hours = economy["labour"].group_by("technique").agg(pl.col("hours").sum())
    runs = economy["techniques"].select("technique").join(
        hours, on="technique", how="left", maintain_order="left"
    ).with_columns(pl.col("hours").fill_null(0.0))  # fmt: skip
    last = economy["periods"].height
    starts = (
        economy["project_labour"].join(economy["periods"].select(begun="period"), how="cross")
        .filter(pl.col("begun") + pl.col("offset") <= last)
        .group_by("project", "begun").agg(hours=pl.col("quantity").sum())
    )  # fmt: skip
    means = (
        economy["occupies"].filter(pl.col("quantity") > 0).join(runs, on="technique")
        .group_by("means").agg(cost=(pl.col("hours") / pl.col("quantity")).min() * STRAIN)
    )  # fmt: skip
    offered = float(accounts.in_every_period(economy, "workforce")["hours"].sum()) or 1.0
    return Labour(offered, runs, starts, means)


def reached(
    economy: Tables, plan: Tables, wished: pl.DataFrame, harmony: str
) -> dict[str, float]:
    """Return what the plan reaches in each step, in order, as shares."""
    got = wished.join(plan["deliveries"].select("need", "period", "delivered"),
                      on=["need", "period"], how="left").with_columns(
        share=pl.col("delivered").fill_null(0.0) / pl.col("target")
    )  # fmt: skip
    result: dict[str, float] = {}
    basic = got.filter(pl.col("tier") == TIERS[0])
    if basic.height:
        result[WORST] = float(np.min(basic["share"].to_numpy()))
    for tier in TIERS:
        mine = got.filter(pl.col("tier") == tier)
        if mine.height:
            share = mine["share"].to_numpy()
            if harmony == SMOOTH:
                worth = RISE * share - BEND / 2 * share * share
            else:
                worth = np.interp(share, SHARES, HARMONY)
            result[tier] = float(mine["importance"].to_numpy() @ worth)
    result[LEISURE] = _leisure(economy, plan)
    return result


def _leisure(economy: Tables, plan: Tables) -> float:
    costs = labour(economy)
    worked = accounts.use_of_labour(economy, plan)["used"].sum()
    means = accounts.use_of_means(economy, plan).join(costs.means, on="means")
    strain = means.select(
        (pl.col("cost") * (pl.col("used") - STRAINED * pl.col("available")).clip(0.0)).sum()
    ).item()
    departure = 0.0
    if plan["running"].height:
        both = (
            costs.runs.join(economy["periods"].select("period"), how="cross")
            .join(plan["runs"], on=["technique", "period"], how="left")
            .join(plan["running"], on=["technique", "period"], how="left", suffix="_before")
            .fill_null(0.0)
        )  # fmt: skip
        departure = DEPARTURE * both.select(
            (pl.col("hours") * (pl.col("runs") - pl.col("runs_before")).abs()).sum()
        ).item()  # fmt: skip
    return 1.0 - (float(worked) + float(strain) + departure) / costs.offered
