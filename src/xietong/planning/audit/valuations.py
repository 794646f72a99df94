"""What the valuations of a plan should be: the prices of their step, in hours."""

import numpy as np
import polars as pl

from xietong.planning.audit.book import Book, Figures, Floats, Ints, codes
from xietong.planning.audit.objective import Wishes, labour
from xietong.planning.audit.prices import PRODUCT, Prices
from xietong.planning.format import TIERS
from xietong.planning.terms import BEND, RISE, SEGMENTS, SLOPES, SMOOTH, STRAINED


def valuations(
    book: Book, plan: Figures, wished: Wishes, prices: Prices, harmony: str
) -> pl.Series | None:
    """Return the value of each row of the plan's table `valuations`, in hours per unit.

    `prices` are those of their step. None if the table has not exactly one row for each spot,
    crew, means and limit in each period and for each need.
    """
    shown = plan.tables["valuations"].with_row_index("row")
    kinds = ("product", "skill", "means", "limit", "need")
    product, skill, means, limit, need = (shown.filter(pl.col("kind") == k) for k in kinds)
    # One more unit of a means also moves the mark beyond which it is strained.
    capacity = prices.means + STRAINED * prices.strain
    worth = _worth(plan, prices, wished, harmony)[:, None]
    right = np.full(shown.height, np.nan)
    for rows, item, price, there in (
        (product, book.spot(product.rename(PRODUCT)), prices.product, np.isfinite(prices.product)),
        (skill, book.crew(skill["id"], skill["region"]), prices.skill, np.isfinite(prices.skill)),
        (means, _nowhere(means, codes(means["id"], book.means)), capacity, np.isfinite(capacity)),
        (limit, _nowhere(limit, codes(limit["id"], book.limits)), prices.limit,
         np.isfinite(book.allowed)),
        (need.with_columns(period=1), _delivery(plan, need), worth, np.isfinite(worth)),
    ):  # fmt: skip
        period = rows["period"].fill_null(0).to_numpy() - 1
        if (item < 0).any() or (period < 0).any() or (period >= price.shape[1]).any():
            return None
        cell = item * price.shape[1] + period
        if not np.array_equal(np.bincount(cell, minlength=price.size), there.ravel()):
            return None
        right[rows["row"].to_numpy()] = price.ravel()[cell]
    return None if np.isnan(right).any() else pl.Series(right * labour(book).offered)


def _delivery(plan: Figures, need: pl.DataFrame) -> Ints:
    """The row in `deliveries` of each need shown, -1 where there is none."""
    given = plan.tables["deliveries"].select("need", "region", "period").with_row_index("item")
    found = need.join(
        given, left_on=["id", "region", "period"], right_on=["need", "region", "period"],
        how="left", maintain_order="left",
    )["item"]  # fmt: skip
    return found.cast(pl.Int64).fill_null(-1).to_numpy()


def _nowhere(rows: pl.DataFrame, item: Ints) -> Ints:
    """The items, -1 where a region is named."""
    return np.where(rows["region"].is_null().to_numpy(), item, -1)


def _worth(plan: Figures, prices: Prices, wished: Wishes, harmony: str) -> Floats:
    """What the step would give for one more unit of each delivery, (deliveries,)."""
    given = plan.tables["deliveries"]
    share = given["share"].to_numpy()
    if harmony == SMOOTH:
        slope = RISE - BEND * share
    else:
        segment = (share * SEGMENTS).astype(np.int64).clip(0, SEGMENTS - 1)
        slope = np.array(SLOPES)[segment]
    wish = wished.find(given.select("period", id="need"))
    counts = wish >= 0
    mine = wish[counts]
    exchange = np.array([prices.steps.get(tier, 0.0) for tier in TIERS])[wished.tier[mine]]
    worth = np.zeros(len(share))
    worth[counts] = exchange * wished.importance[mine] / wished.target[mine] * slope[counts]
    worth[counts] += prices.worst[mine]
    return worth
