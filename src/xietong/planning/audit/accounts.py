"""The accounts of a plan: what is used and what there is, of everything, in every period."""

import numpy as np
import polars as pl

from xietong.planning.audit.book import Book, Figures, Floats, Tables


def balances(book: Book, plan: Figures) -> tuple[Floats, Floats]:
    """Return use and supply of each spot in each period, both (spots, periods), in units."""
    use = book.inputs.total(plan.runs) + plan.delivered + plan.stocks
    use += book.project_inputs.total(plan.starts)
    supply = book.outputs.total(plan.runs)
    supply[:, 0] += book.initial
    supply[:, 1:] += plan.stocks[:, :-1] * book.keeps[:, None]
    return use, supply


def use_of_means(book: Book, plan: Figures) -> pl.DataFrame:
    """Return `means, region, period, available, used`, in capacity units."""
    return _labelled(
        book.economy["means"].select("means", "region"), book.periods,
        available=book.available + book.added(plan.starts), used=book.occupies.total(plan.runs),
    )  # fmt: skip


def use_of_labour(book: Book, plan: Figures) -> pl.DataFrame:
    """Return `region, skill, period, offered, used`, in hours."""
    used = book.labour.total(plan.runs) + book.project_labour.total(plan.starts)
    return _labelled(book.crews, book.periods, offered=book.offered, used=used)


def use_of_limits(book: Book, plan: Figures) -> pl.DataFrame:
    """Return `limit, period, amount, used` wherever a limit is set, in its units."""
    limits = pl.DataFrame({"limit": book.limits})
    every = _labelled(limits, book.periods, amount=book.allowed, used=book.emits.total(plan.runs))
    return every.filter(pl.col("amount").is_finite())


def in_every_period(economy: Tables, name: str) -> pl.DataFrame:
    """Return the table with a row for each period where its `period` is empty."""
    frame = economy[name]
    periods = economy["periods"].select("period")
    every = frame.filter(pl.col("period").is_null()).drop("period").join(periods, how="cross")
    return pl.concat([frame.filter(pl.col("period").is_not_null()), every.select(frame.columns)])


def _labelled(items: pl.DataFrame, periods: int, **figures: Floats) -> pl.DataFrame:
    row = np.repeat(np.arange(items.height), periods)
    period = pl.Series("period", np.tile(np.arange(1, periods + 1), items.height), pl.Int64)
    columns = (pl.Series(name, values.ravel(), pl.Float64) for name, values in figures.items())
    return items[row].with_columns(period, *columns)
