"""The worst-met basic need: a share that every basic need reaches.

    target[n] · w  ≤  f[n]

for each basic need n in each period, if its target and weight are above 0, in units of its
product; 0 ≤ w ≤ 1.

Source: Kantorovich 1939 (the largest number of complete sets).
"""

import numpy as np

from xietong.planning.programme import Block, Coefficients, Columns
from xietong.planning.sets import Sets

KIND = "worst"


def rows(sets: Sets, columns: Columns) -> Block:
    """Return a row for each basic wish."""
    wishes = np.flatnonzero((sets.wish_tier == 0) & (sets.target * sets.weight > 0))
    row = np.arange(len(wishes))
    c = Coefficients()
    c.add(row, np.full(len(wishes), columns.worst), sets.target[wishes])
    c.add(row[:, None], columns.segments[wishes], -1.0)
    matrix = c.matrix(len(wishes), columns.count)
    return Block(KIND, matrix, np.zeros(len(wishes)), wishes, sets.wish_period[wishes])
