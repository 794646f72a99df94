"""Where an earlier plan stands in the columns and rows of a programme."""

import numpy as np
import polars as pl

from xietong.planning.programme import Programme
from xietong.planning.result import Plan
from xietong.planning.sets import Floats
from xietong.planning.tables import PRICED, labels
from xietong.planning.terms import VALUATION


def resume(programme: Programme, plan: Plan) -> tuple[Floats, Floats]:
    """Return columns and prices, as shares of the last step, that `plan` has; 0 for what is new."""
    sets, columns = programme.sets, programme.columns
    x = np.zeros(columns.count)
    x[columns.runs] = placed(plan.runs, "technique", sets.techniques, "runs", sets.periods)
    startable = columns.starts >= 0
    starts = placed(plan.starts, "project", sets.projects, "starts", sets.periods)
    x[columns.starts[startable]] = starts[startable]
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


def placed(table: pl.DataFrame, name: str, ids: pl.Series, figure: str, periods: int) -> Floats:
    """Return the figures of `table` for the things `ids` in so many periods, (items, periods).

    What the table does not have is 0; what is not among the things or periods is passed over.
    """
    number = pl.DataFrame({name: ids, "item": np.arange(len(ids))})
    known = table.filter(pl.col("period") <= periods).join(number, on=name)
    result = np.zeros((len(ids), periods))
    result[known["item"].to_numpy(), known["period"].to_numpy() - 1] = known[figure].to_numpy()
    return result
