"""Makes a solution executable: after it, nothing is short beyond rounding.

Figures below the solver's accuracy become 0, and a delivery that is full up to rounding is full.
Runs are held to the hours, means and limits there are; what then is missing is taken from
deliveries first, then from stocks, and only where neither suffices from the runs and projects that
would use it.
"""

import numpy as np

from xietong.planning.programme import Block, Programme
from xietong.planning.sets import Floats, Ints, totals

ACCURACY = 1e-12  # of a column's own order of magnitude
# Relative shortage that is left as it is: a thousandth of what a plan may be short of.
ROUNDING = 1e-9
ROUNDS = 100


def repair(programme: Programme, solution: Floats) -> Floats:
    """Return the columns `solution`, (columns,), made executable."""
    columns = programme.columns
    x = np.where(solution < ACCURACY * programme.size, 0.0, solution)
    x = np.clip(x, programme.lower, programme.upper)
    # A later step may weigh a need a million times more than the earlier one that met it, and
    # would take even a rounding of it for a gain.
    full = x > (1.0 - ROUNDING / 10) * programme.upper
    x[full] = programme.upper[full]
    active = np.concatenate([columns.runs.ravel(), columns.starts[columns.starts >= 0]])
    for block in programme.blocks:
        if block.kind in ("means", "skill", "limit", "project"):
            _hold(block, x, active)
    balance = next(block for block in programme.blocks if block.kind == "product")
    for _ in range(ROUNDS):
        for t in programme.sets.horizon:
            _take_from_deliveries(programme, balance, x, t)
            _take_from_stocks(programme, balance, x, t)
        if not _hold(balance, x, active):
            break
    return x


def shortage(programme: Programme, x: Floats) -> float:
    """Return the largest relative shortage that the columns `x` leave."""
    most = 0.0
    for block in programme.blocks:
        if block.kind in ("product", "means", "skill", "limit", "project"):
            used, there = _use_and_supply(block, x)
            short = used > there
            most = max(most, float(((used - there)[short] / used[short]).max(initial=0.0)))
    return most


def _use_and_supply(block: Block, x: Floats) -> tuple[Floats, Floats]:
    """What each row's columns use, and what there is with what they supply."""
    entries = block.matrix.tocoo()
    amount = entries.data * x[entries.col]
    n = len(block.upper)
    used = totals(entries.row, np.maximum(amount, 0.0), n)
    return used, block.upper + totals(entries.row, np.maximum(-amount, 0.0), n)


def _hold(block: Block, x: Floats, active: Ints) -> bool:
    """Scale down each run and start by the worst overuse among the rows it uses.

    Returns whether anything had to be.
    """
    used, there = _use_and_supply(block, x)
    over = used > there * (1.0 + ROUNDING)
    if not over.any():
        return False
    left = np.ones(len(used))
    left[over] = there[over] / used[over]
    held = np.ones(len(x))
    entries = block.matrix.tocoo()
    mine = (entries.data > 0) & over[entries.row]
    np.minimum.at(held, entries.col[mine], left[entries.row[mine]])
    x[active] *= held[active]
    return True


def _short(programme: Programme, balance: Block, x: Floats, t: int) -> Floats:
    """By how much each place is short in the period, beyond rounding."""
    used, there = _use_and_supply(balance, x)
    short = np.where(used > there * (1.0 + ROUNDING), used - there, 0.0)
    return short[t :: programme.sets.periods]


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
