"""Projects: no more starts than there may be.

    Σ_t z[p,t]  ≤  most[p]

for each project p, t in its window, in starts. What a start uses up and adds stands in the
balances, the labour and the capacity.

Source: Leontief 1953 (dynamic inverse); Kantorovich 1959 (investment by shadow prices).
"""

import numpy as np

from xietong.planning.programme import Block, Coefficients, Columns
from xietong.planning.sets import Sets

KIND = "project"


def rows(sets: Sets, columns: Columns) -> Block:
    """Return the starts of each project."""
    items = np.arange(len(sets.projects))
    c = Coefficients()
    c.add(items[:, None], columns.starts, 1.0)
    matrix = c.matrix(len(items), columns.count)
    return Block(KIND, matrix, sets.most, items, np.full(len(items), -1))
