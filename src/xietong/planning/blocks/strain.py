"""Strain: what a means is used beyond nine tenths of its capacity.

    Σ_j q[j,m] x[j,t] − o[m,t]  ≤  0.9 · capacity[m,t]

for each means m and period t, in capacity units per period; o costs labour in the last step of
the objective.

Source: Beckmann, McGuire and Winsten 1956 (convex cost of congestion), here in two pieces.
"""

import numpy as np

from xietong.planning.blocks import capacity
from xietong.planning.programme import Block, Coefficients, Columns, grid
from xietong.planning.sets import Floats, Sets, totals
from xietong.planning.terms import STRAIN, STRAINED

KIND = "strain"


def rows(sets: Sets, columns: Columns) -> Block:
    """Return the strain of each means in each period."""
    row, items, periods = grid(len(sets.means), sets)
    c = Coefficients()
    capacity.use(c, sets, columns, share=STRAINED)
    c.add(row, columns.strain, -1.0)
    upper = np.repeat(STRAINED * sets.available, sets.periods)
    return Block(KIND, c.matrix(row.size, columns.count), upper, items, periods)


def cost(sets: Sets) -> Floats:
    """Return the hours that a unit of strain costs, (means,).

    It is a share of the labour that works with a unit of the means: the least of its techniques,
    so that a wasteful technique does not change it.
    """
    used = sets.occupies
    hours = totals(sets.labour.who, sets.labour.quantity, len(sets.techniques))
    least = np.full(len(sets.means), np.inf)
    np.minimum.at(least, used.what, hours[used.who] / used.quantity)
    return STRAIN * np.where(np.isfinite(least), least, 0.0)
