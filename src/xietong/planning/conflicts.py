"""Names the final stocks that contradict each other or what there is, and by how much.

A conflict is irreducible: no plan leaves all of its final stocks, and without any one of them
some plan leaves the others. Found by

    min θ   subject to the rows of the programme and
    s[i,r,T] + θ · final[i,r] ≥ final[i,r]   for the stocks in question,   0 ≤ θ ≤ 1

whose prices name a few stocks that cannot all be left; then one after the other is left out, and
stays out where the rest still contradict (deletion filter). Only commitments can contradict what
there is: needs are cut.

Sources: Gleeson and Ryan 1990 (vertices of the dual); Chinneck 2008 (elastic and deletion filter).
"""

from dataclasses import replace

import numpy as np
import scipy.sparse as sp

from xietong.planning.faults import Commitment, Conflict
from xietong.planning.programme import Block, Programme, Step
from xietong.planning.sets import Bools, Ints
from xietong.planning.solver import Solver

NOTABLE = 1e-7  # of the final stock
MOST = 10  # conflicts that are named


def conflicts(programme: Programme) -> list[Conflict]:
    """Return irreducible conflicts that share no commitment, at most MOST of them."""
    sets = programme.sets
    left = np.flatnonzero(sets.storable & (sets.final > 0))
    found: list[Conflict] = []
    while len(found) < MOST and (core := _irreducible(programme, left)).size:
        found.append(Conflict(tuple(_commitment(programme, core, place) for place in core)))
        left = np.setdiff1d(left, core)
    return found


def _irreducible(programme: Programme, places: Ints) -> Ints:
    """Return places of which no plan leaves all final stocks, none too many; or none."""
    share, priced = _give_way(programme, places, places[:0])
    if share <= NOTABLE:
        return places[:0]
    core = places[priced]
    for place in core:
        others = core[core != place]
        if _give_way(programme, others, others[:0])[0] > NOTABLE:
            core = others
    return core


def _commitment(programme: Programme, core: Ints, place: int) -> Commitment:
    sets = programme.sets
    share, _ = _give_way(programme, np.array([place]), core[core != place])
    return Commitment(
        product=sets.products[int(sets.place_product[place])],
        region=sets.regions[int(sets.place_region[place])],
        final=float(sets.final[place]),
        short=float(share * sets.final[place]),
    )


def _give_way(programme: Programme, soft: Ints, hard: Ints) -> tuple[float, Bools]:
    """Return the least share by which the final stocks of `soft` must fall short.

    Those of `hard` are left in full, those of other places not at all. With it, which of `soft`
    have a price.
    """
    sets, n = programme.sets, programme.columns.count
    k = len(soft)
    if not k:
        return 0.0, np.zeros(0, dtype=bool)
    final = sets.final[soft]
    row = np.arange(k)
    at = np.concatenate([programme.columns.stocks[soft, -1], np.full(k, n)])
    matrix = sp.csr_matrix(
        (np.concatenate([np.full(k, -1.0), -final]), (np.concatenate([row, row]), at)),
        shape=(k, n + 1),
    )
    wide = [
        replace(block, matrix=sp.hstack([block.matrix, sp.csr_matrix((len(block.upper), 1))]))
        for block in programme.blocks
    ]
    lower = np.zeros(n + 1)
    lower[programme.columns.stocks[hard, -1]] = sets.final[hard]
    vector = np.zeros(n + 1)
    vector[n] = -1.0
    elastic = replace(
        programme,
        columns=replace(programme.columns, count=n + 1),
        lower=lower,
        upper=np.append(programme.upper, 1.0),
        size=np.append(programme.size, 1.0),
        blocks=(*wide, Block("final", matrix, -final, soft, np.full(k, sets.periods - 1))),
        steps=(Step("final", vector),),
        offsets={},
    )
    solution = Solver(elastic).solve(0)
    prices = solution.prices[elastic.offsets["final"]] * final
    return float(solution.columns[n]), prices > NOTABLE * prices.max(initial=0.0)
