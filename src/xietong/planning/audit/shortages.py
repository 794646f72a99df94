"""How far a plan asks for more than there is: the largest relative shortage of each kind."""

import numpy as np
import polars as pl

from xietong.planning.audit import accounts
from xietong.planning.audit.book import Book, Figures, Floats


def shortages(book: Book, plan: Figures) -> dict[str, float]:
    """Return the largest relative shortage of each kind; 0 where nothing is short.

    A balance is short by (use − supply) / use, a means, crew, limit or project by
    (used − there) / used, a final stock by what is missing of it, and a delivery by what it is
    above its target. A negative figure, a stock of what there is none or a start outside its
    window is short by 1.
    """
    use, supply = accounts.balances(book, plan)
    worked = book.labour.total(plan.runs) + book.project_labour.total(plan.starts)
    given = plan.tables["deliveries"]
    return {
        "product": _worst(use, supply),
        "means": _worst(book.occupies.total(plan.runs), book.available + book.added(plan.starts)),
        "skill": _worst(worked, book.offered),
        "limit": _worst(book.emits.total(plan.runs), book.allowed),
        "project": _worst(plan.starts.sum(axis=1), book.economy["projects"]["most"].to_numpy()),
        "final": _worst(book.final, plan.stocks[:, -1]),
        "target": _worst(given["delivered"].to_numpy(), given["target"].to_numpy()),
        "impossible": 1.0 if _impossible(book, plan) else 0.0,
    }


def _worst(used: Floats, there: Floats) -> float:
    over = used > there
    return float(np.max(1.0 - there[over] / used[over], initial=0.0))


def _impossible(book: Book, plan: Figures) -> bool:
    for name, column in (
        ("runs", "runs"), ("deliveries", "delivered"), ("stocks", "stock"), ("starts", "starts"),
    ):  # fmt: skip
        figures = plan.tables[name][column]
        if bool((figures < 0).any()) or not bool(figures.is_finite().all()):
            return True
    kept = plan.tables["stocks"].filter(pl.col("stock") > 0)
    spot = book.spot(kept)
    if (spot < 0).any() or not book.storable[spot].all():
        return True
    return bool((plan.starts[~book.open] > 0).any())
