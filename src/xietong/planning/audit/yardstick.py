"""The labour values by which needs compare, worked out anew from the tables."""

import os
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass

import numpy as np
import polars as pl

from xietong.planning.audit.book import Book, Floats, Ints, codes, sums

INFINITY = 1e30
NOWHERE = 1e15
SETTLED = 1e-13
ROUNDS = 20_000
PIECE = 1 << 17
LOWERED = 10  # rounds between two tries to start lower


def hours_per_unit(book: Book, runs: Floats) -> Floats:
    """Return the hours per unit of each product, (products,); NaN for what cannot be made.

    `runs` (techniques,) are the techniques that count; of a product that none of them makes, the
    technique of least labour does.
    """
    n, m = len(book.products), len(book.techniques)
    measure = book.economy["products"]["measure"].to_numpy()
    direct = sums(book.labour.who, book.labour.quantity, m)
    eaten = _pieces(book)
    made = book.product[book.outputs.thing]
    counts = measure[made] > 0
    made, made_by = made[counts], book.outputs.who[counts]
    quantity, measured = book.outputs.quantity[counts], measure[made]
    whole = sums(made_by, quantity * measured, m)
    amount = quantity * runs[made_by]
    total = sums(made, amount, n)
    given = np.bincount(made, minlength=n) == 0

    def taken(inputs: Floats) -> Floats:
        """Hours a unit of each product, if a unit of each input takes so many."""
        spent = direct.copy()

        def spend(piece: _Piece) -> None:
            worth = np.take(inputs, piece.product, mode="clip") * piece.quantity
            spent[piece.techniques] += np.add.reduceat(worth, piece.starts)

        if len(eaten) <= 1:
            for piece in eaten:
                spend(piece)
        else:
            with ThreadPoolExecutor(os.cpu_count()) as threads:
                list(threads.map(spend, eaten))
        each = spent[made_by] * measured / whole[made_by]
        best = np.full(n, INFINITY)
        np.minimum.at(best, made, each)
        mean = sums(made, amount * each, n) / np.where(total > 0, total, 1.0)
        hours = np.minimum(np.where(total > 0, mean, best), INFINITY)
        return np.where(given, 0.0, hours)

    alone = taken(np.zeros(n))
    hours = np.where(given, 0.0, INFINITY)
    for turn in range(ROUNDS):
        again = taken(hours)
        if (np.abs(again - hours) <= SETTLED * again).all():
            break
        if turn % LOWERED == LOWERED - 1:
            again = _lower(taken, alone, hours, again)
        hours = again
    return np.where(again < NOWHERE, again, np.nan)


@dataclass(frozen=True)
class _Piece:
    """The inputs of some techniques, those of `techniques[k]` from `starts[k]` on."""

    techniques: Ints
    starts: Ints
    product: Ints
    quantity: Floats


def _pieces(book: Book) -> list[_Piece]:
    """The inputs in order of techniques, in pieces that fit a processor's own memory."""
    who, product = book.inputs.who, book.product[book.inputs.thing]
    quantity = book.inputs.quantity
    if (who[1:] < who[:-1]).any():
        order = np.argsort(who, kind="stable")
        who, product, quantity = who[order], product[order], quantity[order]
    starts = np.flatnonzero(np.diff(who, prepend=-1))
    ends = np.append(starts, len(who))
    pieces, first = [], 0
    while first < len(starts):
        last = max(first + 1, int(np.searchsorted(starts, starts[first] + PIECE)))
        rows = slice(ends[first], ends[last])
        some = starts[first:last]
        pieces.append(_Piece(who[some], some - ends[first], product[rows], quantity[rows]))
        first = last
    return pieces


def _lower(
    taken: Callable[[Floats], Floats], alone: Floats, before: Floats, after: Floats
) -> Floats:
    """Start lower where hours still fall from far above, if they fall from there too.

    Where u > T(u), T monotone and concave with T(0) ≥ 0, no v = T(v) is above u: with the least
    s > 1 for which v ≤ s u, v ≤ T(s u) ≤ s T(u) < s u.
    """
    falling = (after > NOWHERE) & (after < before)
    fall = (before - after)[falling]
    share = 2.0 * np.max(alone[falling] / fall, initial=0.0)
    lower = after.copy()
    lower[falling] = np.minimum(share * before[falling], after[falling])
    holds = falling.any() and (taken(lower)[falling] < lower[falling]).all()
    return lower if holds else after


def unit_values(book: Book, wishes: pl.DataFrame) -> pl.Series:
    """Return the value of a unit of each of `wishes` (`product, target`), in hours.

    What has no labour value weighs, as a whole target, as much as the mean of the others.
    """
    observed = hours_per_unit(book, book.economy["techniques"]["runs"].to_numpy())
    hours = observed[codes(wishes["product"], book.products)]
    target = wishes["target"].to_numpy()
    valued = hours > 0
    some = valued & (target > 0)
    mean = float(np.mean(hours[some] * target[some])) if some.any() else 1.0
    instead = mean / np.where(target > 0, target, 1.0)
    return pl.Series("value", np.where(valued, hours, instead), pl.Float64)
