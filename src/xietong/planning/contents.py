"""What the valuation of each needed product is made of: hours of each skill, and scarce things.

    e[i] = Σ_j share[i,j] · part[i,j] / b[i,j] · ( d[j] + Σ_k a[k,j] e[k] )

over the suppliers j of the place and period i: runs in use, by what they deliver; stocks carried
over; initial stocks. d are the hours, capacities and limits a run takes; `part` shares them among
joint outputs in proportion to their valuations. Where nothing supplies i, the technique counts
that comes nearest to being worth while. By complementary slackness Σ_f e[i,f] · valuation[f] is the
valuation of i.

Source: Leontief 1941 (total requirements); Kantorovich 1959 (valuations through the stages).
"""

from dataclasses import dataclass

import numpy as np
import polars as pl
import scipy.sparse as sp

from xietong.planning.blocks.objective import hours_offered
from xietong.planning.programme import Programme
from xietong.planning.sets import Entries, Floats, Ints, Sets, totals
from xietong.planning.solver import Solution

NOTABLE = 1e-6  # share of a product's valuation below which a part is not listed
ROUNDS = 1_000
LARGEST = 2_000_000  # cells of nodes × scarce things that are still worked out


@dataclass(frozen=True)
class _Things:
    """What valuations are made of: their labels, what each costs in hours, and a run's use."""

    labels: pl.DataFrame  # kind, id, at, when
    value: Floats
    direct: sp.csr_matrix  # (run nodes, things)


def contents(programme: Programme, solution: Solution, wished: Ints | None = None) -> pl.DataFrame:
    """Return the contents of each place that a wish is for, in the wish's period.

    Columns: `product, region, period, kind, id, at, when, quantity, value`: a unit of the product
    takes `quantity` of the thing `id` in region `at` and period `when`, worth `value` hours. Kinds
    are skill, means, limit and stock. With `wished`, numbers of wishes, only theirs are worked out;
    without it, those of all, or none where the economy is too large for that.
    """
    sets = programme.sets
    T = sets.periods
    n, J = len(sets.place_product) * T, len(sets.techniques) * T
    prices = solution.prices[programme.offsets["product"]].clip(0.0) * hours_offered(sets)
    things = _things(programme, solution, prices)
    if wished is None and n * len(things.value) > LARGEST:
        return _labelled(sets, things, np.zeros((0, len(things.value))), np.zeros(0, np.int64))
    runs = solution.columns[programme.columns.runs].ravel()
    node, run, made = _by_run(sets, sets.outputs, late=True)
    eaten_node, eaten_run, eaten = _by_run(sets, sets.inputs, late=False)

    part = _parts(node, run, made, prices, sets.measure[sets.place_product[node // T]], J)
    supplied = made * runs[run]
    carried, keeps = _carried(programme, solution)
    first = np.zeros(n)
    first[::T] = sets.initial
    total = totals(node, supplied, n) + carried + first
    weight = _suppliers(node, run, made, supplied, total, prices, programme, solution)
    per_unit = sp.csr_matrix((weight * part / made, (node, run)), shape=(n, J))
    inputs = sp.csr_matrix((eaten, (eaten_run, eaten_node)), shape=(J, n))
    safe = np.where(total > 0, total, 1.0)
    before = sp.csr_matrix(
        (
            (carried / safe)[carried > 0] / keeps[carried > 0],
            (np.flatnonzero(carried > 0), np.flatnonzero(carried > 0) - 1),
        ),
        shape=(n, n),
    )
    own = per_unit @ things.direct + _initial(things, first / safe, T)
    onward = per_unit @ inputs + before
    nodes = np.unique(
        (sets.wish_place * T + sets.wish_period)[slice(None) if wished is None else wished]
    )
    if wished is None:
        return _labelled(sets, things, _settled(onward, own.toarray())[nodes], nodes)
    # From the few backwards: Σ_k e[i] onwardᵏ is how much of each node a unit of i takes.
    start = sp.csr_matrix(
        (np.ones(len(nodes)), (nodes, np.arange(len(nodes)))), shape=(n, len(nodes))
    )
    taken = _settled(onward.T.tocsr(), start.toarray())
    return _labelled(sets, things, np.asarray(taken.T @ own), nodes)


def _settled(onward: sp.csr_matrix, start: Floats) -> Floats:
    """Return the series start + onward · start + onward² · start + …"""
    total = start
    for _ in range(ROUNDS):
        after = np.asarray(start + onward @ total)
        settled = np.allclose(after, total, rtol=1e-10, atol=0.0)
        total = after
        if settled:
            break
    return total


def _by_run(sets: Sets, entries: Entries, *, late: bool) -> tuple[Ints, Ints, Floats]:
    """Coefficients as (place-period, technique-period, quantity), outputs after the lead time."""
    T = sets.periods
    begun = np.tile(np.arange(T), len(entries.who))
    who, what = np.repeat(entries.who, T), np.repeat(entries.what, T)
    then = begun + (sets.lead_time[who] if late else 0)
    there = then < T
    return (
        (what * T + then)[there],
        (who * T + begun)[there],
        np.repeat(entries.quantity, T)[there],
    )


def _parts(node: Ints, run: Ints, made: Floats, prices: Floats, measure: Floats, J: int) -> Floats:
    """The share of each output in its run: by valuation, or by measure where all are free."""
    valued, measured = made * prices[node], made * measure
    by_value, by_measure = totals(run, valued, J)[run], totals(run, measured, J)[run]
    share = np.divide(measured, by_measure, out=np.zeros_like(made), where=by_measure > 0)
    return np.divide(valued, by_value, out=share, where=by_value > 0)


def _carried(programme: Programme, solution: Solution) -> tuple[Floats, Floats]:
    sets, columns = programme.sets, programme.columns.stocks
    stocks = np.where(columns >= 0, solution.columns[columns], 0.0).clip(0.0)
    keeps = np.repeat(sets.keeps[:, None], sets.periods, axis=1)
    carried = np.zeros_like(stocks)
    carried[:, 1:] = stocks[:, :-1] * keeps[:, 1:]
    return carried.ravel(), keeps.ravel()


def _suppliers(
    node: Ints,
    run: Ints,
    made: Floats,
    supplied: Floats,
    total: Floats,
    prices: Floats,
    programme: Programme,
    solution: Solution,
) -> Floats:
    """The share of each run in the supply of each node; the nearest technique where there is none.

    Nearest is the one whose costs exceed its worth by the least part of them.
    """
    J = len(programme.sets.techniques) * programme.sets.periods
    columns = programme.columns.runs.ravel()
    gain = programme.steps[-1].vector[columns] - programme.matrix[:, columns].T @ solution.prices
    loss = -gain * hours_offered(programme.sets)
    worth = totals(run, made * prices[node], J)
    relative = np.divide(loss, worth, out=np.full(J, np.inf), where=worth > 0)
    weight = np.divide(supplied, total[node], out=np.zeros_like(supplied), where=total[node] > 0)
    none = np.flatnonzero(total[node] <= 0)
    order = none[np.lexsort((relative[run[none]], node[none]))]
    first = order[np.flatnonzero(np.diff(node[order], prepend=-1))]
    weight[first] = 1.0
    return weight


def _things(programme: Programme, solution: Solution, prices: Floats) -> _Things:
    sets, T = programme.sets, programme.sets.periods
    hours = hours_offered(sets)

    def priced(kind: str, rows: int) -> Floats:
        block = next(block for block in programme.blocks if block.kind == kind)
        found = np.zeros(rows * T)
        at = block.items * T + block.periods
        found[at] = solution.prices[programme.offsets[kind]].clip(0.0) * hours
        return found

    crews, means, limits = len(sets.crew_skill), len(sets.means), len(sets.limits)
    value = np.concatenate(
        [
            1.0 + priced("skill", crews),
            priced("means", means) + priced("strain", means),
            priced("limit", limits),
            prices[::T],
        ]
    )
    offsets = np.cumsum([0, crews * T, means * T, limits * T])
    who, what, quantity = [], [], []
    for offset, entries in zip(offsets, (sets.labour, sets.occupies, sets.emits), strict=False):
        item, run, amount = _by_run(sets, entries, late=False)
        who.append(run)
        what.append(item + offset)
        quantity.append(amount)
    direct = sp.csr_matrix(
        (np.concatenate(quantity), (np.concatenate(who), np.concatenate(what))),
        shape=(len(sets.techniques) * T, len(value)),
    )

    def labels(kind: str, ids: pl.Series, at: pl.Series | None, periods: int) -> pl.DataFrame:
        rows = np.repeat(np.arange(len(ids)), periods)
        return pl.DataFrame(
            {
                "id": ids.gather(rows),
                "at": at.gather(rows) if at is not None else pl.Series([None] * len(rows)),
                "when": np.tile(np.arange(1, periods + 1), len(ids)),
            },
            schema_overrides={"at": pl.String, "id": pl.String},
        ).select(pl.lit(kind).alias("kind"), pl.all())

    return _Things(
        pl.concat(
            [
                labels("skill", sets.crew_skill, sets.regions.gather(sets.crew_region), T),
                labels("means", sets.means, sets.regions.gather(sets.means_region), T),
                labels("limit", sets.limits, None, T),
                labels(
                    "stock", sets.products.gather(sets.place_product),
                    sets.regions.gather(sets.place_region), 1,
                ),
            ]
        ),
        value,
        direct,
    )  # fmt: skip


def _initial(things: _Things, share: Floats, T: int) -> sp.csr_matrix:
    """Each node's part from the initial stock: one unit of that stock a unit."""
    some = np.flatnonzero(share > 0)
    places = len(share) // T
    column = len(things.value) - places + some // T
    return sp.csr_matrix((share[some], (some, column)), shape=(len(share), len(things.value)))


def _labelled(sets: Sets, things: _Things, content: Floats, nodes: Ints) -> pl.DataFrame:
    value = content * things.value
    whole = value.sum(axis=1, keepdims=True)
    skill = (things.labels["kind"] == "skill").to_numpy()
    listed = (value > NOTABLE * whole) | ((content > 0) & skill)
    row, thing = np.nonzero(listed)
    place, period = np.divmod(nodes[row], sets.periods)
    return pl.concat(
        [
            pl.DataFrame(
                {
                    "product": sets.products.gather(sets.place_product[place]),
                    "region": sets.regions.gather(sets.place_region[place]),
                    "period": period + 1,
                }
            ),
            things.labels[thing],
            pl.DataFrame({"quantity": content[row, thing], "value": value[row, thing]}),
        ],
        how="horizontal",
    )
