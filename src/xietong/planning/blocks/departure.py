"""Departure: how far runs move from the plan that is being carried out.

    x[j,t] − more[j,t] + less[j,t]  =  running[j,t]

for each technique j and period t, in runs; more and less cost labour in the last step of the
objective.

Source: Charnes and Cooper 1961 (goal programming).
"""

from xietong.planning.programme import Block, Coefficients, Columns, grid
from xietong.planning.sets import Floats, Sets

KIND = "departure"


def rows(sets: Sets, columns: Columns, running: Floats) -> Block:
    """Return the departure from the runs `running`, (techniques, periods)."""
    row, items, periods = grid(len(sets.techniques), sets)
    c = Coefficients()
    c.add(row, columns.runs, 1.0)
    c.add(row, columns.more, -1.0)
    c.add(row, columns.less, 1.0)
    matrix = c.matrix(row.size, columns.count)
    return Block(KIND, matrix, running.ravel(), items, periods, equal=True)
