"""What one need takes, all stages together, worked out from a plan when somebody asks."""

from typing import TYPE_CHECKING

import numpy as np
import polars as pl

from xietong.planning.assemble import assemble
from xietong.planning.contents import contents
from xietong.planning.economy import Economy
from xietong.planning.programme import Programme
from xietong.planning.sets import Floats, Ints, codes, floats
from xietong.planning.solver import Solution
from xietong.planning.tables import PRICED, labels
from xietong.planning.terms import VALUATION
from xietong.planning.values import yardstick

if TYPE_CHECKING:
    from xietong.planning.result import Plan


def contents_of(plan: "Plan", economy: Economy, need: str) -> pl.DataFrame:
    """Return the contents of the product of `need`, in the columns of `contents`."""
    sets = economy.sets
    programme = assemble(economy, yardstick(sets), None, plan.certificate.harmony)
    wished = np.flatnonzero((sets.needs.gather(sets.wish_need) == need).to_numpy())
    columns = np.zeros(programme.columns.count)
    _place(columns, programme.columns.runs, codes(plan.runs["technique"], sets.techniques),
           plan.runs, "runs")  # fmt: skip
    spots = pl.DataFrame({"product": sets.products.gather(sets.place_product),
                          "region": sets.regions.gather(sets.place_region)})  # fmt: skip
    place = plan.stocks.join(
        spots.with_row_index("place"), on=["product", "region"], how="left", maintain_order="left"
    )["place"]
    _place(columns, programme.columns.stocks, place.to_numpy().astype(np.int64), plan.stocks,
           "stock")  # fmt: skip
    solution = Solution(columns, _prices(plan, programme), np.zeros(0), 0.0)
    return contents(programme, solution, wished)


def _place(columns: Floats, numbers: Ints, item: Ints, frame: pl.DataFrame, figure: str) -> None:
    """Write a plan's figures into their columns."""
    column = numbers[item, frame["period"].to_numpy() - 1]
    there = column >= 0
    columns[column[there]] = floats(frame[figure])[there]


def _prices(plan: "Plan", programme: Programme) -> Floats:
    """The prices of the valuations, a figure for each row of the programme."""
    key = ["kind", "id", "region", "period"]
    stated = plan.prices.filter(pl.col("step") == VALUATION).select(*key, "value")
    prices = np.zeros(programme.matrix.shape[0])
    for kind in PRICED:
        found = labels(programme, kind).join(
            stated, on=key, how="left", nulls_equal=True, maintain_order="left"
        )["value"]
        prices[programme.offsets[kind]] = floats(found.fill_null(0.0))
    return prices
