"""Labour values: the hours that a unit of each product takes, all stages together.

    v[i] = Σ_j  share[i,j] · m[i] · ( l[j] + Σ_k a[k,j] v[k] ) / Σ_k m[k] b[k,j]

over the techniques j that make i: l hours a run, a inputs, b outputs, m the products' measure, by
which the labour of a run is shared among its joint outputs. share[i,j] is j's part in the making
of i; of a product that no technique in use makes, the technique of least labour counts alone. So
the values of all net output together are all the hours worked. The series v ← T(v) = l + v A is
summed from above, so that what cannot be made is found, not valued at nought.

From far above it would fall by the same share round after round. So once it falls everywhere, a
trial starts lower down, and stands if it falls there too: T is monotone and concave with
T(0) ≥ 0, and v = T(v) ≤ s u with the least s > 1 would mean v ≤ T(s u) ≤ s T(u) < s u.

Sources: Leontief 1941; Samuelson 1951 and Koopmans 1951 (choice of technique); Morishima 1973;
ISO 14044 (allocation by a physical measure).
"""

import os
from concurrent.futures import ThreadPoolExecutor
from itertools import pairwise

import numpy as np
import polars as pl
import scipy.sparse as sp

from xietong.planning.economy import Economy
from xietong.planning.faults import PlanningError
from xietong.planning.sets import Entries, Floats, Ints, Sets, codes, floats, totals

ABOVE = 1e30  # hours a unit, more than anything takes
UNMAKEABLE = 1e15  # what stays this high cannot be made
ROUNDS = 20_000
SETTLED = 1e-13
TRIED = (8, 16, 32, 64, 128, 256)  # rounds after which a lower start is tried
LARGE = 1_000_000  # coefficients from which on several processors are worth their while


def labour_values(economy: Economy, runs: pl.DataFrame | None = None) -> pl.DataFrame:
    """Return the labour value of each product.

    Args:
        economy: the economy; regions and periods are taken together.
        runs: how often each technique is run (columns `technique`, `runs`; several rows of one
            technique are added), as in `Plan.runs`. Without it the `runs` of the economy's
            techniques count, and where there are none, the technique of least labour.

    Returns:
        A frame with the columns `product` and `hours` (hours per unit); null for a product that
        its techniques cannot make without using up more of it, 0 for one that has no technique.

    Raises:
        PlanningError: if `runs` names a technique that the economy does not have.

    Source: Leontief 1941; the choice of technique, Samuelson 1951.
    """
    sets = economy.sets
    observed = sets.observed
    if runs is not None:
        strange = runs.filter(~pl.col("technique").is_in(sets.techniques.implode()))
        if strange.height:
            name = strange["technique"][0]
            raise PlanningError(
                f"technique {name!r} is not in the economy", f"经济数据中没有工艺 {name!r}"
            )
        technique = codes(runs["technique"], sets.techniques)
        observed = totals(technique, floats(runs["runs"]), len(sets.techniques))
    values = hours_per_unit(sets, observed)
    return pl.DataFrame({"product": sets.products, "hours": values}).with_columns(
        pl.col("hours").fill_nan(None)
    )


def hours_per_unit(sets: Sets, runs: Floats) -> Floats:
    """Return hours per unit of each product, (products,); NaN for what cannot be made.

    `runs` (techniques,) are the techniques in use.
    """
    return series(sets, runs)[0]


def series(sets: Sets, runs: Floats) -> tuple[Floats, int]:
    """Return the hours per unit as `hours_per_unit` does, and how many rounds the series took."""
    n, J = len(sets.products), len(sets.techniques)
    labour = totals(sets.labour.who, sets.labour.quantity, J)
    inputs = _Inputs(sets)
    outputs = _by_product(sets, sets.outputs).tocoo()
    i, j = outputs.row, outputs.col
    measured = outputs.data * sets.measure[i]
    whole = totals(j, measured, J)
    # A run whose outputs have no measure at all gives its labour to none of them.
    part = np.divide(sets.measure[i], whole[j], out=np.zeros(len(j)), where=whole[j] > 0)
    counted = part > 0
    i, j, part, made = (
        i[counted],
        j[counted],
        part[counted],
        outputs.data[counted] * runs[j[counted]],
    )
    total = totals(i, made, n)
    in_use = total[i] > 0
    mixed = sp.csr_matrix(
        (part[in_use] * made[in_use] / total[i[in_use]], (i[in_use], j[in_use])), shape=(n, J)
    )
    chosen, choices, choice_part = i[~in_use], j[~in_use], part[~in_use]
    order = np.argsort(chosen, kind="stable")
    chosen, choices, choice_part = chosen[order], choices[order], choice_part[order]
    first = np.flatnonzero(np.diff(chosen, prepend=-1))
    least = chosen[first]

    made_at_all = np.zeros(n, dtype=bool)
    made_at_all[i] = True

    def made_of(cost: Floats) -> Floats:
        value: Floats = np.asarray(mixed @ cost)
        if len(least):
            value[least] = np.minimum.reduceat(choice_part * cost[choices], first)
        return np.minimum(value, ABOVE)

    direct = made_of(labour)
    values = np.where(made_at_all, ABOVE, 0.0)
    proven, lowered = values, np.zeros(0, dtype=np.int64)
    for k in range(1, ROUNDS + 1):
        after = made_of(labour + inputs.cost(values))
        if not (after[lowered] < values[lowered]).all():
            values, lowered = proven, lowered[:0]
            continue
        before, values, proven, lowered = values, after, after, lowered[:0]
        if (np.abs(after - before) <= SETTLED * after).all():
            break
        if k in TRIED:
            lowered = np.flatnonzero((before > UNMAKEABLE) & (after < before))
            fall = (before - after)[lowered]
            share = 2.0 * np.max(direct[lowered] / fall, initial=0.0)
            values = after.copy()
            values[lowered] = np.minimum(share * before[lowered], after[lowered])
    return np.where(values < UNMAKEABLE, values, np.nan), k


class _Inputs:
    """The inputs of each technique, its rows shared out among the processors."""

    def __init__(self, sets: Sets) -> None:
        who, product = sets.inputs.who, sets.place_product[sets.inputs.what]
        quantity = sets.inputs.quantity
        if (np.diff(who) < 0).any():
            order = np.argsort(who, kind="stable")
            who, product, quantity = who[order], product[order], quantity[order]
        J, n = len(sets.techniques), len(sets.products)
        ends = np.concatenate([[0], np.cumsum(np.bincount(who, minlength=J))])
        parts = (os.cpu_count() or 1) if len(who) > LARGE else 1
        cuts = np.searchsorted(ends, np.linspace(0, len(who), parts + 1))
        cuts[0], cuts[-1] = 0, J
        self._parts = [
            sp.csr_matrix(
                (
                    quantity[ends[a] : ends[b]],
                    product[ends[a] : ends[b]].astype(np.int32),
                    ends[a : b + 1] - ends[a],
                ),
                shape=(b - a, n),
            )
            for a, b in pairwise(cuts)
        ]

    def cost(self, values: Floats) -> Floats:
        """Return what the inputs of a run of each technique are worth, (techniques,)."""
        if len(self._parts) == 1:
            return np.asarray(self._parts[0] @ values)
        with ThreadPoolExecutor(len(self._parts)) as threads:
            return np.concatenate(list(threads.map(lambda part: part @ values, self._parts)))


def _by_product(sets: Sets, entries: Entries) -> sp.csr_matrix:
    product: Ints = sets.place_product[entries.what]
    shape = (len(sets.products), len(sets.techniques))
    return sp.csr_matrix((entries.quantity, (product, entries.who)), shape=shape)


def yardstick(sets: Sets) -> Floats:
    """Return the value of one unit of each wish's product, (wishes,), by which wishes compare.

    A product without a labour value (a gift of nature, or what nothing can make) counts so that
    its target weighs as much as the mean of the others.
    """
    values = hours_per_unit(sets, sets.observed)[sets.place_product[sets.wish_place]]
    known = np.isfinite(values) & (values > 0) & (sets.target > 0)
    mean = float(np.mean(values[known] * sets.target[known])) if known.any() else 1.0
    asked = np.where(sets.target > 0, sets.target, 1.0)
    return np.where(np.isfinite(values) & (values > 0), values, mean / asked)
