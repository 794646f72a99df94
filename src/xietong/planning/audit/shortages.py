"""How far a plan asks for more than there is: the largest relative shortage of each kind."""

import polars as pl

from xietong.planning.audit import accounts
from xietong.planning.audit.accounts import Tables


def shortages(economy: Tables, plan: Tables) -> dict[str, float]:
    """Return the largest relative shortage of each kind; 0 where nothing is short.

    A balance is short by (use − supply) / use, a means, crew, limit or project by
    (used − there) / used, a final stock by what is missing of it, and a delivery by what it is
    above its target. A negative figure or a start outside its window is short by 1.
    """
    balance = accounts.balances(economy, plan)
    means = accounts.use_of_means(economy, plan)
    labour = accounts.use_of_labour(economy, plan)
    limits = accounts.use_of_limits(economy, plan)
    projects = economy["projects"].join(
        plan["starts"].group_by("project").agg(pl.col("starts").sum()), on="project"
    )
    left = plan["stocks"].filter(pl.col("period") == economy["periods"].height)
    final = economy["stocks"].join(left, on=["product", "region"], how="left").select(
        "final", stock=pl.col("stock").fill_null(0.0)
    )  # fmt: skip
    return {
        "product": _worst(balance["use"], balance["supply"]),
        "means": _worst(means["used"], means["available"]),
        "skill": _worst(labour["used"], labour["offered"]),
        "limit": _worst(limits["used"], limits["amount"]),
        "project": _worst(projects["starts"], projects["most"]),
        "final": _worst(final["final"], final["stock"]),
        "target": _worst(plan["deliveries"]["delivered"], plan["deliveries"]["target"]),
        "impossible": 1.0 if _impossible(economy, plan) else 0.0,
    }


def _worst(used: pl.Series, there: pl.Series) -> float:
    over = (used - there) / used
    worst = over.filter(used > there).max()
    return float(worst) if isinstance(worst, float) else 0.0


def _impossible(economy: Tables, plan: Tables) -> bool:
    for name, column in (
        ("runs", "runs"), ("deliveries", "delivered"), ("stocks", "stock"), ("starts", "starts"),
    ):  # fmt: skip
        if bool((plan[name][column] < 0).any()) or not bool(plan[name][column].is_finite().all()):
            return True
    last = economy["periods"].height
    windows = plan["starts"].filter(pl.col("starts") > 0).join(economy["projects"], on="project")
    outside = (pl.col("period") < pl.col("earliest")) | (
        pl.col("period") > pl.col("latest").fill_null(last)
    )
    passing = plan["stocks"].filter(pl.col("stock") > 0).join(economy["products"], on="product")
    return bool(windows.select(outside.any()).item()) or not bool(passing["storable"].all())
