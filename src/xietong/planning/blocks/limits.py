"""Limits: water, carbon, land and whatever else may not be exceeded.

    Σ_j emits[j,l] x[j,t]  ≤  amount[l,t]

for each limit l and period t in which it is set, in the limit's units per period.

Source: Leontief 1970 (residuals as rows of the table).
"""

import numpy as np

from xietong.planning.programme import Block, Coefficients, Columns, grid
from xietong.planning.sets import Sets

KIND = "limit"


def rows(sets: Sets, columns: Columns) -> Block:
    """Return the use of each limit in each period."""
    row, items, periods = grid(len(sets.limits), sets)
    c = Coefficients()
    c.add(row[sets.emits.what], columns.runs[sets.emits.who], sets.emits.quantity[:, None])
    matrix = c.matrix(row.size, columns.count)
    upper = sets.allowed.ravel()
    there = np.flatnonzero(np.isfinite(upper))
    return Block(KIND, matrix[there], upper[there], items[there], periods[there])
