"""Makes a solution executable: after it, nothing is short beyond rounding.

Figures below the solver's accuracy become 0, runs are held to the hours, means and limits there
are, and what then is missing is taken from deliveries first, then from stocks.
"""

import numpy as np

from xietong.planning.programme import Columns, Programme
from xietong.planning.sets import Floats

ACCURACY = 1e-12  # of a column's own order of magnitude


def repair(programme: Programme, solution: Floats) -> Floats:
    """Return the columns `solution`, (columns,), made executable."""
    sets, columns = programme.sets, programme.columns
    x = np.where(solution < ACCURACY * programme.size, 0.0, solution)
    x = np.clip(x, programme.lower, programme.upper)
    _hold_runs(programme, x)
    rows = programme.offsets["product"]
    balance = programme.matrix[rows]
    upper = programme.blocks[0].upper
    n = len(sets.place_product)
    for t in sets.horizon:
        short = ((balance @ x - upper).reshape(n, sets.periods)[:, t]).clip(0.0)
        if not short.any():
            continue
        _take_from_deliveries(programme, x, short, t)
        short = ((balance @ x - upper).reshape(n, sets.periods)[:, t]).clip(0.0)
        _take_from_stocks(columns, programme.lower, x, short, t)
    return x


def _hold_runs(programme: Programme, x: Floats) -> None:
    """Scale down each technique by the worst overuse among the rows it uses."""
    runs = programme.columns.runs
    J, T = runs.shape
    held = np.ones(J * T)
    for block in programme.blocks:
        if block.kind not in ("means", "skill", "limit"):
            continue
        used = block.matrix @ x
        over = np.divide(
            block.upper, used, out=np.ones_like(used), where=used > np.maximum(block.upper, 0.0)
        )
        entries = block.matrix.tocoo()
        mine = (entries.col < J * T) & (over[entries.row] < 1.0)
        np.minimum.at(held, entries.col[mine], over[entries.row[mine]])
    x[: J * T] *= held


def _take_from_deliveries(programme: Programme, x: Floats, short: Floats, t: int) -> None:
    sets, segments = programme.sets, programme.columns.segments
    now = np.flatnonzero(sets.wish_period == t)
    place = sets.wish_place[now]
    given = np.bincount(place, weights=x[segments[now]].sum(axis=1), minlength=len(short))
    left = np.divide(given - short, given, out=np.ones_like(given), where=given > 0).clip(0.0)
    x[segments[now]] *= left[place][:, None]


def _take_from_stocks(columns: Columns, lower: Floats, x: Floats, short: Floats, t: int) -> None:
    stocks = columns.stocks[:, t]
    kept = stocks >= 0
    x[stocks[kept]] = np.maximum(x[stocks[kept]] - short[kept], lower[stocks[kept]])
