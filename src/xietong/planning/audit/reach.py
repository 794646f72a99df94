"""How far any plan whatever could reach: the boxes in which the bound is taken.

A technique runs at most as often as the hours, means and limits there are allow, and as the
largest supply of each of its inputs: the initial stock and all that could have been made by then.
"""

import numpy as np

from xietong.planning.audit.book import Book, Floats


def reach(book: Book) -> tuple[Floats, Floats]:
    """Return the largest runs, (techniques, periods), and the largest supply, (spots, periods)."""
    most = book.economy["projects"]["most"].to_numpy()
    first = book.open & (np.cumsum(book.open, axis=1) == 1)
    capacity = book.available + book.added(first * most[:, None])
    capped = np.minimum(book.occupies.most(capacity), book.labour.most(book.offered))
    runs = capped = np.minimum(capped, book.emits.most(book.allowed))
    while True:
        tighter = np.minimum(capped, book.inputs.most(_supply(book, runs)))
        if np.array_equal(np.isinf(tighter), np.isinf(runs)):
            return tighter, _supply(book, tighter)
        runs = tighter


def _supply(book: Book, runs: Floats) -> Floats:
    supply = book.outputs.total(runs)
    supply[:, 0] += book.initial
    return np.where(book.storable[:, None], np.cumsum(supply, axis=1), supply)
