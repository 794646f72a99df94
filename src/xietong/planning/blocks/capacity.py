"""Capacity: no means of production is used beyond what there is and what projects have added.

    Σ_j q[j,m] x[j,t]  ≤  available[m] + Σ_p capacity[p,m] Σ_{u ≤ t − build_time_p} z[p,u]

for each means m and period t, in capacity units per period.

Source: Kantorovich 1939.
"""

import numpy as np

from xietong.planning.programme import Block, Coefficients, Columns, grid
from xietong.planning.sets import Sets

KIND = "means"


def rows(sets: Sets, columns: Columns) -> Block:
    """Return the capacity of each means in each period."""
    row, items, periods = grid(len(sets.means), sets)
    c = Coefficients()
    use(c, sets, columns, share=1.0)
    upper = np.repeat(sets.available, sets.periods)
    return Block(KIND, c.matrix(row.size, columns.count), upper, items, periods)


def use(c: Coefficients, sets: Sets, columns: Columns, *, share: float) -> None:
    """Add the use of each means, less `share` of the capacity that projects have added."""
    row, _, _ = grid(len(sets.means), sets)
    used, added = sets.occupies, sets.project_means
    c.add(row[used.what], columns.runs[used.who], used.quantity[:, None])
    for t in sets.horizon:
        for begun in range(t + 1):
            there = begun + sets.build_time[added.who] <= t
            c.add(
                row[added.what[there], t], columns.starts[added.who[there], begun],
                -share * added.quantity[there],
            )  # fmt: skip
