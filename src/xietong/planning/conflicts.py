"""Names the final stocks that nothing can leave, and by how much.

    min Σ u[i,r] / final[i,r]   subject to the rows of the programme and
    s[i,r,T] + u[i,r] ≥ final[i,r],   u ≥ 0

Only commitments can contradict what there is: needs are cut.

Source: Chinneck 2008 (elastic filter).
"""

from dataclasses import replace

import numpy as np
import scipy.sparse as sp

from xietong.planning.faults import Conflict
from xietong.planning.programme import Block, Programme, Step
from xietong.planning.solver import Solver

NOTABLE = 1e-7  # of the final stock


def shortfalls(programme: Programme) -> list[Conflict]:
    """Return the fewest units by which final stocks must fall short, place by place."""
    sets = programme.sets
    demanded = np.flatnonzero(sets.storable & (sets.final > 0))
    final = sets.final[demanded]
    k, n = len(demanded), programme.columns.count
    u = np.arange(n, n + k)
    row = np.arange(k)
    stock = programme.columns.stocks[demanded, -1]
    rows = np.concatenate([row, row])
    matrix = sp.csr_matrix(
        (np.full(2 * k, -1.0), (rows, np.concatenate([stock, u]))), shape=(k, n + k)
    )
    wide = [
        replace(block, matrix=sp.hstack([block.matrix, sp.csr_matrix((len(block.upper), k))]))
        for block in programme.blocks
    ]
    vector = np.zeros(n + k)
    vector[u] = -1.0 / final
    elastic = replace(
        programme,
        columns=replace(programme.columns, count=n + k),
        lower=np.zeros(n + k),
        upper=np.concatenate([programme.upper, final]),
        size=np.concatenate([programme.size, final]),
        blocks=(*wide, Block("final", matrix, -final, demanded, np.full(k, sets.periods - 1))),
        steps=(Step("final", vector),),
        offsets={},
    )
    short = Solver(elastic).solve(0).columns[u]
    return [
        Conflict(
            product=sets.products[int(sets.place_product[place])],
            region=sets.regions[int(sets.place_region[place])],
            final=float(sets.final[place]),
            short=float(missing),
        )
        for place, missing in zip(demanded, short, strict=True)
        if missing > NOTABLE * sets.final[place]
    ]
