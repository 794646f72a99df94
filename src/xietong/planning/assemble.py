"""Puts the blocks together into the programme of an economy."""

import numpy as np

from xietong.planning.blocks import (
    balance,
    capacity,
    departure,
    labour,
    limits,
    objective,
    projects,
    strain,
    worst,
)
from xietong.planning.economy import Economy
from xietong.planning.programme import Block, Columns, Programme, lay_out
from xietong.planning.sets import Floats, Sets
from xietong.planning.terms import SEGMENTED


def assemble(
    economy: Economy, values: Floats, running: Floats | None, harmony: str = SEGMENTED
) -> Programme:
    """Return the programme of `economy`.

    `values` (wishes,) are the hours a unit by which wishes compare; `running`
    (techniques, periods) the runs of the plan that is being carried out, if there is one;
    `harmony` says whether the objective is in segments or smooth.
    """
    sets = economy.sets
    columns = lay_out(sets, running=running is not None, harmony=harmony)
    blocks: list[Block] = [
        balance.rows(sets, columns),
        capacity.rows(sets, columns),
        labour.rows(sets, columns),
        limits.rows(sets, columns),
        projects.rows(sets, columns),
        worst.rows(sets, columns),
        strain.rows(sets, columns),
    ]
    if running is not None:
        blocks.append(departure.rows(sets, columns, running))
    lower, upper, size = _boxes(economy, sets, columns)
    return Programme(
        sets=sets,
        columns=columns,
        lower=lower,
        upper=upper,
        size=size,
        blocks=tuple(blocks),
        steps=objective.steps(sets, columns, values, harmony),
    )


def _boxes(economy: Economy, sets: Sets, columns: Columns) -> tuple[Floats, Floats, Floats]:
    lower = np.zeros(columns.count)
    upper = np.full(columns.count, np.inf)
    size = np.ones(columns.count)
    pieces = columns.segments.shape[1]
    piece = np.repeat(sets.target[:, None] / pieces, pieces, axis=1)
    upper[columns.segments] = size[columns.segments] = piece
    upper[columns.worst] = 1.0
    size[columns.runs] = economy.largest_runs
    if len(columns.more):
        size[columns.more] = size[columns.less] = economy.largest_runs
    size[columns.strain] = sets.available[:, None]
    stored = columns.stocks >= 0
    size[columns.stocks[stored]] = economy.largest_supply[stored]
    last = columns.stocks[:, -1]
    lower[last[last >= 0]] = sets.final[last >= 0]
    startable = columns.starts >= 0
    size[columns.starts[startable]] = np.repeat(sets.most[:, None], sets.periods, 1)[startable]
    size[~((size > 0) & np.isfinite(size))] = 1.0
    return lower, upper, size
