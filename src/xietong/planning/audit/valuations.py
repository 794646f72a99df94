"""What the valuations of a plan should be: the prices of their step, in hours."""

import numpy as np
import polars as pl

from xietong.planning.audit.book import Book, Figures, Floats, Ints, codes
from xietong.planning.audit.objective import Wishes, labour
from xietong.planning.audit.prices import PRODUCT, Prices, nothing, read
from xietong.planning.format import TIERS
from xietong.planning.terms import BEND, RISE, SEGMENTS, SLOPES, SMOOTH, STRAINED, VALUATION


def valuations(book: Book, plan: Figures, wished: Wishes, harmony: str) -> pl.Series | None:
    """Return the value of each row of the plan's table `valuations`, in hours per unit.

    None if the table has not exactly one row for each spot, crew, means and limit in each period
    and for each need.
    """
    shown = plan.tables["valuations"].with_row_index("row")
    prices = read(book, wished, plan.tables["prices"]).get(VALUATION, nothing(book, wished))
    product, skill = _of_kind(shown, "product"), _of_kind(shown, "skill")
    means, limit = _of_kind(shown, "means"), _of_kind(shown, "limit")
    need = _of_kind(shown, "need")
    given = plan.tables["deliveries"].select("need", "region", "period").with_row_index("item")
    asked = need.join(
        given, left_on=["id", "region", "period"], right_on=["need", "region", "period"],
        how="left", maintain_order="left",
    )["item"]  # fmt: skip
    once = np.ones((given.height, 1), dtype=bool)
    # One more unit of a means also moves the mark beyond which it is strained.
    capacity = prices.means + STRAINED * prices.strain
    right = np.full(shown.height, np.nan)
    for rows, item, price, there in (
        (product, book.spot(product.rename(PRODUCT)), prices.product, None),
        (skill, book.crew(skill["id"], skill["region"]), prices.skill, None),
        (means, _nowhere(means, codes(means["id"], book.means)), capacity, None),
        (limit, _nowhere(limit, codes(limit["id"], book.limits)), prices.limit,
         np.isfinite(book.allowed)),
        (need.with_columns(period=1), asked.cast(pl.Int64).fill_null(-1).to_numpy(),
         _worth(plan, prices, wished, harmony)[:, None], once),
    ):  # fmt: skip
        period = rows["period"].fill_null(0).to_numpy() - 1
        if (item < 0).any() or (period < 0).any() or (period >= price.shape[1]).any():
            return None
        cell = item * price.shape[1] + period
        expected = np.ones(price.size) if there is None else there.ravel()
        if not np.array_equal(np.bincount(cell, minlength=price.size), expected):
            return None
        right[rows["row"].to_numpy()] = price.ravel()[cell]
    if np.isnan(right).any():
        return None
    return pl.Series(right * labour(book).offered)


def _of_kind(shown: pl.DataFrame, kind: str) -> pl.DataFrame:
    return shown.filter(pl.col("kind") == kind)


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
