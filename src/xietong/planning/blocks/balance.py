"""Balance: nothing is used that is not there.

    Σ_j a[j,i,r] x[j,t] + Σ_n f[n,t] + Σ_p e[p,k,i] z[p,t−k] + s[i,r,t]
        ≤ Σ_j b[j,i,r] x[j,t−L_j] + (1 − loss_i) s[i,r,t−1] + [t = 1] initial[i,r]

for each product i, region r and period t that occur, in units of the product per period. What is
left over of what cannot be stored is lost (free disposal), hence ≤.

Source: Leontief 1941; Koopmans 1951 (activity analysis).
"""

import numpy as np

from xietong.planning.programme import Block, Coefficients, Columns, grid
from xietong.planning.sets import Sets

KIND = "product"


def rows(sets: Sets, columns: Columns) -> Block:
    """Return the balance of each place in each period."""
    n = len(sets.place_product)
    row, items, periods = grid(n, sets)
    c = Coefficients()
    into, out, built = sets.inputs, sets.outputs, sets.project_inputs
    c.add(row[into.what], columns.runs[into.who], into.quantity[:, None])
    c.add(row[sets.wish_place, sets.wish_period][:, None], columns.segments, 1.0)
    c.add(row, columns.stocks, 1.0)
    for t in sets.horizon:
        begun = t - sets.lead_time[out.who]
        ready = begun >= 0
        c.add(
            row[out.what[ready], t], columns.runs[out.who[ready], begun[ready]],
            -out.quantity[ready],
        )  # fmt: skip
        begun = t - built.offset
        ready = begun >= 0
        c.add(
            row[built.what[ready], t], columns.starts[built.who[ready], begun[ready]],
            built.quantity[ready],
        )  # fmt: skip
        if t > 0:
            c.add(row[:, t], columns.stocks[:, t - 1], -sets.keeps)
    upper = np.zeros((n, sets.periods))
    upper[:, 0] = sets.initial
    return Block(KIND, c.matrix(row.size, columns.count), upper.ravel(), items, periods)
