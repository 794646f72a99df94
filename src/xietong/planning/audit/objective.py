"""What a plan reaches in each step of the objective, from the tables alone."""

from dataclasses import dataclass

import numpy as np
import polars as pl

from xietong.planning.audit import accounts
from xietong.planning.audit.book import Book, Figures, Floats, Ints, codes, sums
from xietong.planning.audit.yardstick import unit_values
from xietong.planning.format import TIERS
from xietong.planning.terms import (
    BEND,
    DEPARTURE,
    HARMONY,
    LEISURE,
    RISE,
    SEGMENTED,
    SHARES,
    SMOOTH,
    STRAIN,
    STRAINED,
    WORST,
)


@dataclass(frozen=True)
class Labour:
    """What counts as labour in the last step, all in hours."""

    offered: float  # in all
    runs: Floats  # a run, (techniques,)
    starts: Floats  # a start, (projects, periods)
    means: Floats  # a capacity unit beyond the strained share, (means,)


@dataclass(frozen=True)
class Wishes:
    """The needs in each period that count.

    `rows` has the columns of `needs` and `value` (hours per unit); the arrays are (wishes,):
    `importance` is the share in the weight · value · target of the tier.
    """

    rows: pl.DataFrame
    tier: Ints
    spot: Ints
    period: Ints
    target: Floats
    importance: Floats

    def find(self, asked: pl.DataFrame) -> Ints:
        """Return the wish of each row's need (`id`) and `period`, -1 where there is none."""
        book = self.rows.select(id="need", period="period").with_row_index("wish")
        found = asked.join(book, on=["id", "period"], how="left", maintain_order="left")["wish"]
        return found.cast(pl.Int64).fill_null(-1).to_numpy()


def asked(book: Book) -> pl.DataFrame:
    """Return every need in each period: the columns of `needs`, and `value` (hours per unit)."""
    every = accounts.in_every_period(book.economy, "needs")
    return every.with_columns(unit_values(book, every))


def counted(book: Book, every: pl.DataFrame) -> Wishes:
    """Return those of `every` need asked that count."""
    rows = every.filter(pl.col("target") * pl.col("weight") > 0)
    tier = codes(rows["tier"], pl.Series(TIERS))
    importance = (rows["weight"] * rows["value"] * rows["target"]).to_numpy()
    whole = sums(tier, importance, len(TIERS))
    return Wishes(
        rows=rows,
        tier=tier,
        spot=book.spot(rows),
        period=rows["period"].to_numpy() - 1,
        target=rows["target"].to_numpy(),
        importance=importance / whole[tier],
    )


def labour(book: Book) -> Labour:
    """Return what runs, starts and strained means cost in hours."""
    hours = sums(book.labour.who, book.labour.quantity, len(book.techniques))
    used = book.occupies
    least = np.full(len(book.means), np.inf)
    np.minimum.at(least, used.thing, hours[used.who] / used.quantity)
    return Labour(
        offered=float(book.offered.sum()) or 1.0,
        runs=hours,
        starts=book.project_labour.worth(np.ones_like(book.offered)),
        means=STRAIN * np.where(np.isfinite(least), least, 0.0),
    )


def reached(
    book: Book, plan: Figures, wished: Wishes, costs: Labour, harmony: str = SEGMENTED
) -> dict[str, float]:
    """Return what the plan reaches in each step, in order, as shares."""
    got = wished.rows.select("need", "period").join(
        plan.tables["deliveries"].select("need", "period", "delivered"),
        on=["need", "period"], how="left", maintain_order="left",
    )["delivered"]  # fmt: skip
    share = got.fill_null(0.0).to_numpy() / wished.target
    result: dict[str, float] = {}
    if (wished.tier == 0).any():
        result[WORST] = float(np.min(share[wished.tier == 0]))
    if harmony == SMOOTH:
        worth = RISE * share - BEND / 2 * share * share
    else:
        worth = np.interp(share, SHARES, HARMONY)
    for code, tier in enumerate(TIERS):
        mine = wished.tier == code
        if mine.any():
            result[tier] = float(wished.importance[mine] @ worth[mine])
    result[LEISURE] = _leisure(book, plan, costs)
    return result


def _leisure(book: Book, plan: Figures, costs: Labour) -> float:
    worked = book.labour.total(plan.runs).sum() + book.project_labour.total(plan.starts).sum()
    capacity = book.available + book.added(plan.starts)
    over = (book.occupies.total(plan.runs) - STRAINED * capacity).clip(0.0)
    departure = 0.0
    if plan.running is not None:
        departure = DEPARTURE * float(costs.runs @ np.abs(plan.runs - plan.running).sum(axis=1))
    spent = float(worked) + float(costs.means @ over.sum(axis=1)) + departure
    return 1.0 - spent / costs.offered
