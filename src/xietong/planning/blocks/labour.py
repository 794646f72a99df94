"""Labour: nobody works more than they offer.

    Σ_j hours[j,k] x[j,t] + Σ_p quantity[p,o,k] z[p,t−o]  ≤  offered[r,k,t]

for each skill k, region r (of the techniques and projects) and period t, in hours per period.

Source: Kantorovich 1939.
"""

from xietong.planning.programme import Block, Coefficients, Columns, grid
from xietong.planning.sets import Sets

KIND = "skill"


def rows(sets: Sets, columns: Columns) -> Block:
    """Return the hours of each crew in each period."""
    row, items, periods = grid(len(sets.crew_skill), sets)
    c = Coefficients()
    work, building = sets.labour, sets.project_labour
    c.add(row[work.what], columns.runs[work.who], work.quantity[:, None])
    for t in sets.horizon:
        begun = t - building.offset
        ready = begun >= 0
        c.add(
            row[building.what[ready], t], columns.starts[building.who[ready], begun[ready]],
            building.quantity[ready],
        )  # fmt: skip
    return Block(KIND, c.matrix(row.size, columns.count), sets.offered.ravel(), items, periods)
