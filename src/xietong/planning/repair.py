"""Makes a solution executable: after it, nothing is short beyond rounding.

Figures below the solver's accuracy become 0, runs are held to the hours, means and limits there
are, and what then is missing is taken from deliveries first, then from stocks, and only where
neither suffices from the runs and projects that would use it.
"""

import numpy as np
import scipy.sparse as sp

from xietong.planning.programme import Block, Programme
from xietong.planning.sets import Floats, totals

ACCURACY = 1e-12  # of a column's own order of magnitude
ROUNDING = 1e-9  # relative shortage that is left as it is
ROUNDS = 100


def repair(programme: Programme, solution: Floats) -> Floats:
    """Return the columns `solution`, (columns,), made executable."""
    columns = programme.columns
    x = np.where(solution < ACCURACY * programme.size, 0.0, solution)
    x = np.clip(x, programme.lower, programme.upper)
    active = np.concatenate([columns.runs.ravel(), columns.starts[columns.starts >= 0]])
    for block in programme.blocks:
        if block.kind in ("means", "skill", "limit"):
            _hold(block, x, active)
    balance = next(block for block in programme.blocks if block.kind == "product")
    for _ in range(ROUNDS):
        for t in programme.sets.horizon:
            _take_from_deliveries(programme, balance, x, t)
            _take_from_stocks(programme, balance, x, t)
        if not _hold(balance, x, active):
            break
    return x


def _hold(block: Block, x: Floats, active: np.ndarray) -> bool:
    """Scale down each run and start by the worst overuse among the rows it uses.

    Returns whether anything had to be.
    """
    entries = block.matrix.tocoo()
    amount = entries.data * x[entries.col]
    n = len(block.upper)
    used = totals(entries.row, np.maximum(amount, 0.0), n)
    there = block.upper + totals(entries.row, np.maximum(-amount, 0.0), n)
    over = used > there * (1.0 + ROUNDING)
    if not over.any():
        return False
    left = np.ones(n)
    left[over] = there[over] / used[over]
    held = np.ones(len(x))
    mine = (entries.data > 0) & over[entries.row]
    np.minimum.at(held, entries.col[mine], left[entries.row[mine]])
    x[active] *= held[active]
    return True


def _short(programme: Programme, balance: Block, x: Floats, t: int) -> Floats:
    rows: sp.csr_matrix = balance.matrix[t :: programme.sets.periods]
    return np.clip(rows @ x - balance.upper[t :: programme.sets.periods], 0.0, None)


def _take_from_deliveries(programme: Programme, balance: Block, x: Floats, t: int) -> None:
    short = _short(programme, balance, x, t)
    sets, segments = programme.sets, programme.columns.segments
    now = np.flatnonzero(sets.wish_period == t)
    if not short.any() or not len(now):
        return
    place = sets.wish_place[now]
    given = totals(place, x[segments[now]].sum(axis=1), len(short))
    left = np.divide(given - short, given, out=np.ones_like(given), where=given > 0)
    x[segments[now]] *= np.clip(left, 0.0, 1.0)[place][:, None]


def _take_from_stocks(programme: Programme, balance: Block, x: Floats, t: int) -> None:
    short = _short(programme, balance, x, t)
    stocks = programme.columns.stocks[:, t]
    kept = stocks >= 0
    column = stocks[kept]
    x[column] = np.maximum(x[column] - short[kept], programme.lower[column])
