"""The steps of the objective as vectors over the columns; `terms.py` says what they are.

    worst     w
    tier      Σ_n W[n] Σ_k slope[k] · g[n,k] / target[n],   W[n] = weight · value · target, ΣW = 1
    leisure   1 − ( Σ hours·x + Σ quantity·z + Σ strain·o + Σ departure·(more + less) ) / offered

f[n] = Σ_k g[n,k], g[n,k] ≤ target[n] / K; with smooth harmony instead

    tier      Σ_n W[n] h( f[n] / target[n] ),   h(s) = 3/2 s − 1/2 s²

All steps are shares.
"""

import numpy as np

from xietong.planning.blocks import strain
from xietong.planning.format import TIERS
from xietong.planning.programme import Columns, Step
from xietong.planning.sets import Floats, Sets, totals
from xietong.planning.terms import BEND, DEPARTURE, LEISURE, RISE, SLOPES, SMOOTH, WORST


def steps(sets: Sets, columns: Columns, values: Floats, harmony: str) -> tuple[Step, ...]:
    """Return the steps in order; `values` is the value of a unit of each wish, (wishes,)."""
    weights = sets.weight * values * sets.target
    result: list[Step] = []
    if ((sets.wish_tier == 0) & (weights > 0)).any():
        vector = np.zeros(columns.count)
        vector[columns.worst] = 1.0
        result.append(Step(WORST, vector))
    for code, tier in enumerate(TIERS):
        mine = np.flatnonzero((sets.wish_tier == code) & (weights > 0))
        if not len(mine):
            continue
        vector = np.zeros(columns.count)
        per_unit = weights[mine] / weights[mine].sum() / sets.target[mine]
        if harmony == SMOOTH:
            column = columns.segments[mine, 0]
            vector[column] = RISE * per_unit
            bend = np.zeros(columns.count)
            bend[column] = BEND * per_unit / sets.target[mine]
            result.append(Step(tier, vector, bend=bend))
        else:
            vector[columns.segments[mine]] = per_unit[:, None] * np.array(SLOPES)
            result.append(Step(tier, vector))
    result.append(Step(LEISURE, -_labour(sets, columns) / hours_offered(sets), constant=1.0))
    return tuple(result)


def hours_offered(sets: Sets) -> float:
    """Return all hours offered in all periods, or 1 where there are none."""
    return float(sets.offered.sum()) or 1.0


def _labour(sets: Sets, columns: Columns) -> Floats:
    hours = totals(sets.labour.who, sets.labour.quantity, len(sets.techniques))
    vector = np.zeros(columns.count)
    vector[columns.runs] = hours[:, None]
    vector[columns.strain] = strain.cost(sets)[:, None]
    if len(columns.more):
        vector[columns.more] = vector[columns.less] = DEPARTURE * hours[:, None]
    building = sets.project_labour
    for begun in sets.horizon:
        # Hours that fall after the last period are not offered in this plan.
        within = begun + building.offset < sets.periods
        column = columns.starts[building.who[within], begun]
        there = column >= 0
        np.add.at(vector, column[there], building.quantity[within][there])
    return vector
