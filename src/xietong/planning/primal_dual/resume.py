"""Where an earlier plan stands in the columns and rows of a programme."""

import numpy as np
import polars as pl

from xietong.planning.programme import Programme
from xietong.planning.result import Plan
from xietong.planning.sets import Floats, Ints
from xietong.planning.tables import PRICED, labels
from xietong.planning.terms import VALUATION


def resume(programme: Programme, plan: Plan) -> tuple[Floats, Floats]:
    """Return columns and prices, as shares of the last step, that `plan` has; 0 for what is new."""
    sets, columns = programme.sets, programme.columns
    x = np.zeros(columns.count)
    _place(x, columns.runs, plan.runs, "technique", sets.techniques, "runs")
    if len(columns.starts):
        _place(x, columns.starts, plan.starts, "project", sets.projects, "starts")
    needs = sets.needs.gather(sets.wish_need)
    asked = pl.DataFrame({"need": needs, "period": sets.wish_period + 1})
    met = asked.join(
        plan.deliveries.select("need", "period", "delivered"),
        on=["need", "period"], how="left", maintain_order="left",
    )["delivered"].fill_null(0.0).to_numpy()  # fmt: skip
    parts = columns.segments.shape[1]
    x[columns.segments] = met[:, None] / parts
    here = pl.DataFrame(
        {
            "product": sets.products.gather(sets.place_product),
            "region": sets.regions.gather(sets.place_region),
        }
    )
    for t in sets.horizon:
        kept = columns.stocks[:, t] >= 0
        left = here.join(
            plan.stocks.filter(pl.col("period") == t + 1),
            on=["product", "region"], how="left", maintain_order="left",
        )["stock"].fill_null(0.0).to_numpy()  # fmt: skip
        x[columns.stocks[kept, t]] = left[kept]
    y = np.zeros(sum(len(block.upper) for block in programme.blocks))
    last = plan.prices.filter(pl.col("step") == VALUATION)
    for kind in PRICED:
        rows = labels(programme, kind)
        if rows.height:
            y[programme.offsets[kind]] = rows.join(
                last.filter(pl.col("kind") == kind).drop("step", "kind"),
                on=["id", "region", "period"], how="left", nulls_equal=True,
                maintain_order="left",
            )["value"].fill_null(0.0).to_numpy()  # fmt: skip
    return x, y


def _place(
    x: Floats, columns: Ints, table: pl.DataFrame, name: str, ids: pl.Series, figure: str
) -> None:
    """Set the columns, (items, periods), that `table` has figures for."""
    number = pl.DataFrame({name: ids, "item": np.arange(len(ids))})
    known = table.filter(pl.col("period") <= columns.shape[1]).join(number, on=name)
    at = columns[known["item"].to_numpy(), known["period"].to_numpy() - 1]
    x[at[at >= 0]] = known[figure].to_numpy()[at >= 0]
