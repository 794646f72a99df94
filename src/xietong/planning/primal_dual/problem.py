"""A programme made ready for the primal-dual method: few rows, and costs with kinks.

    min  cost·x + ½ bend·x² + Σ rise (x − kink)⁺     subject to  A x ≤ there,  lower ≤ x ≤ upper

A row with a single column is a bound on it; strain and departure that concern a single column are
kinks in its cost. So a technique with means of its own has one column and no row but the balances
and the hours it shares with others.

Source: Andersen and Andersen 1995 (presolving).
"""

from dataclasses import dataclass

import numpy as np
import scipy.sparse as sp

from xietong.planning.blocks.objective import hours_offered
from xietong.planning.economy import Economy
from xietong.planning.primal_dual import kernels
from xietong.planning.programme import Block, Programme
from xietong.planning.sets import Bools, Floats, Ints

PRODUCT = "product"
DERIVED = ("strain", "worst")  # rows that say what something is, and bind nothing
UNNEEDED = 1e-2  # of what there may be of it at most
SERIES = 60


@dataclass(frozen=True)
class Rows:
    """A matrix in compressed rows, as the kernels take it."""

    start: Ints
    column: Ints
    value: Floats

    @classmethod
    def of(cls, matrix: sp.csr_matrix) -> "Rows":
        """Return the arrays of `matrix`."""
        return cls(
            matrix.indptr.astype(np.int64), matrix.indices.astype(np.int32), matrix.data
        )  # fmt: skip

    def times(self, x: Floats) -> Floats:
        """Return the matrix times `x`."""
        result = np.empty(len(self.start) - 1)
        kernels.times(self.start, self.column, self.value, x, result)
        return result

    def absolute_times(self, x: Floats) -> Floats:
        """Return the matrix of absolute values times `x`."""
        result = np.empty(len(self.start) - 1)
        kernels.absolute_times(self.start, self.column, self.value, x, result)
        return result


@dataclass(frozen=True)
class Bounding:
    """The programme's rows that bound one column here: `amount` a unit of `column`."""

    row: Ints
    column: Ints
    amount: Floats


@dataclass(frozen=True)
class Straining:
    """The programme's strain rows that one column fills: `amount` a unit of `column` into `into`,
    beyond `start` units."""

    row: Ints
    column: Ints
    amount: Floats
    into: Ints
    start: Floats


@dataclass(frozen=True)
class Departing:
    """The programme's columns of departure, `more` and `less` of each run than `running`."""

    more: Ints
    less: Ints
    running: Floats


@dataclass(frozen=True)
class Problem:
    """The rows and columns that are left, and how to get back to those of the programme.

    `kept` are the programme's rows that are rows here, `columns` its columns that are columns
    here; `bounding`, `straining` and `departing` count in the programme's rows and columns.
    """

    rows: Rows
    transposed: Rows
    there: Floats
    lower: Floats
    upper: Floats
    kink: Floats
    kink2: Floats
    flow: Floats  # how much of each column there is likely to be
    guess: Floats  # the price each row is likely to have
    makers: int  # rows before this are balances
    is_derived: Bools
    is_hours: Bools
    deliveries: Ints
    worth: Floats  # hours a unit of each delivery, (columns,); 0 for other columns
    kept: Ints
    columns: Ints
    bounding: Bounding
    straining: Straining
    departing: Departing


def reduce(programme: Programme, economy: Economy, values: Floats) -> Problem:
    """Return the problem of `programme`; `values` (products,) are hours a unit of each."""
    blocks = {block.kind: block for block in programme.blocks}
    columns, offsets, sets = programme.columns, programme.offsets, programme.sets
    runs = columns.runs.ravel()
    upper = programme.upper.copy()
    upper[runs] = np.minimum(upper[runs], economy.largest_runs.ravel())
    _enclose(upper, programme, economy)

    alone, column, amount = _single(blocks["means"])
    np.minimum.at(upper, column, blocks["means"].upper[alone] / amount)
    bounding = Bounding(alone + offsets["means"].start, column, amount)

    strained, straining = _strained(blocks["strain"], columns.strain.ravel())
    straining = Straining(
        straining.row + offsets["strain"].start,
        straining.column,
        straining.amount,
        straining.into,
        straining.start,
    )
    kink, kink2 = np.full((2, columns.count), np.inf)
    kink[straining.column] = straining.start
    dropped = np.zeros(columns.count, dtype=bool)
    dropped[straining.into] = True

    departing = Departing(columns.more.ravel(), columns.less.ravel(), np.zeros(0))
    if len(departing.more):
        running = blocks["departure"].upper
        departing = Departing(departing.more, departing.less, running)
        kink2[runs] = np.maximum(kink[runs], running)
        kink[runs] = np.minimum(kink[runs], running)
        dropped[departing.more] = dropped[departing.less] = True

    gone = {"means": alone, "strain": strained}
    rows: list[Ints] = []
    matrices: list[sp.csr_matrix] = []
    derived: list[Bools] = []
    hours: list[Bools] = []
    for block in programme.blocks:
        if block.kind == "departure":
            continue
        rest = np.ones(len(block.upper), dtype=bool)
        rest[gone.get(block.kind, np.zeros(0, dtype=np.int64))] = False
        where = np.flatnonzero(rest)
        matrices.append(block.matrix if rest.all() else block.matrix[where])
        rows.append(where + offsets[block.kind].start)
        derived.append(np.full(len(where), block.kind in DERIVED))
        hours.append(np.full(len(where), block.kind == "skill"))
    kept, some = np.concatenate(rows), np.flatnonzero(~dropped)
    matrix = sp.csr_matrix(sp.vstack(matrices, format="csr")[:, some])
    sides = np.concatenate([block.upper for block in programme.blocks])
    flow, throughput = _flows(programme, upper)
    guess = _guess(programme, values[sets.place_product], throughput)
    delivery = np.zeros(columns.count, dtype=bool)
    delivery[columns.segments] = True
    worth = np.zeros(columns.count)
    worth[columns.segments] = guess[sets.wish_place * sets.periods + sets.wish_period][:, None]
    return Problem(
        rows=Rows.of(matrix),
        transposed=Rows.of(sp.csr_matrix(matrix.T.tocsr())),
        there=sides[kept],
        lower=programme.lower[some],
        upper=upper[some],
        kink=kink[some],
        kink2=kink2[some],
        flow=flow[some],
        guess=guess[kept],
        makers=len(blocks[PRODUCT].upper),
        is_derived=np.concatenate(derived),
        is_hours=np.concatenate(hours),
        deliveries=np.flatnonzero(delivery[some]),
        worth=worth[some],
        kept=kept,
        columns=some,
        bounding=bounding,
        straining=straining,
        departing=departing,
    )


def _enclose(upper: Floats, programme: Programme, economy: Economy) -> None:
    """Bound stocks by what could be made at all, starts and strain by what may be built."""
    sets, columns = programme.sets, programme.columns
    stored = columns.stocks >= 0
    upper[columns.stocks[stored]] = np.maximum(
        economy.largest_supply[stored], programme.lower[columns.stocks[stored]]
    )
    startable = columns.starts >= 0
    upper[columns.starts[startable]] = np.repeat(sets.most[:, None], sets.periods, 1)[startable]
    added = sets.project_means
    built = np.bincount(added.what, added.quantity * sets.most[added.who], len(sets.means))
    upper[columns.strain] = (sets.available + built)[:, None]


def _single(block: Block) -> tuple[Ints, Ints, Floats]:
    """Return the rows with one coefficient above 0 and no other, their columns and these."""
    matrix = block.matrix
    one = np.flatnonzero(np.diff(matrix.indptr) == 1)
    at = matrix.indptr[one]
    positive = matrix.data[at] > 0
    return one[positive], matrix.indices[at][positive].astype(np.int64), matrix.data[at][positive]


def _strained(block: Block, into: Ints) -> tuple[Ints, Straining]:
    """Return the strain rows of means with one user, one row for each user at most."""
    matrix = block.matrix
    two = np.flatnonzero(np.diff(matrix.indptr) == 2)
    at = matrix.indptr[two]
    left, right = matrix.indices[at], matrix.indices[at + 1]
    own = into[two]
    swapped = left == own
    column = np.where(swapped, right, left).astype(np.int64)
    amount = np.where(swapped, matrix.data[at + 1], matrix.data[at])
    fits = np.flatnonzero((amount > 0) & (swapped | (right == own)))
    fits = fits[np.unique(column[fits], return_index=True)[1]]
    row, amount = two[fits], amount[fits]
    return row, Straining(row, column[fits], amount, own[fits], block.upper[row] / amount)


def _flows(programme: Programme, upper: Floats) -> tuple[Floats, Floats]:
    """Return how much of each column there is likely to be, and of each place in a period.

    Gross output is the series f + A f + A² f + … over an average period, each product made by its
    techniques in proportion to what they could make.

    Source: Leontief 1941.
    """
    sets, columns = programme.sets, programme.columns
    places, techniques = len(sets.place_product), len(sets.techniques)
    asked = np.bincount(sets.wish_place, sets.target, places) / sets.periods
    reach = upper[columns.runs]
    reach = np.where(np.isfinite(reach), reach, 0.0).mean(axis=1)
    out, into = sets.outputs, sets.inputs
    makes = out.quantity * reach[out.who]
    could = np.bincount(out.what, makes, places)
    per_unit = np.divide(
        makes, could[out.what] * out.quantity, out=np.zeros(len(makes)), where=makes > 0
    )
    total: Floats = asked.astype(np.float64)
    more = total
    for _ in range(SERIES):
        runs = np.bincount(out.who, per_unit * more[out.what], techniques)
        more = np.bincount(into.what, into.quantity * runs[into.who], places).astype(np.float64)
        if not (np.isfinite(more).all() and more.max(initial=0.0) > 1e-3 * total.max(initial=0.0)):
            break
        total = np.minimum(total + more, 10.0 * np.maximum(could, asked))
    need = np.zeros(techniques)
    np.maximum.at(need, out.who, total[out.what] / out.quantity)
    flow = np.where(np.isfinite(programme.size), programme.size, 1.0)
    flow[columns.runs] = np.minimum(upper[columns.runs], need[:, None])
    stored = columns.stocks >= 0
    flow[columns.stocks[stored]] = np.repeat(total[:, None], sets.periods, 1)[stored]
    # What nobody seems to need may yet be of use.
    flow = np.where(flow > 0, flow, UNNEEDED * upper)
    return np.where(np.isfinite(flow), flow, 0.0), total


def _guess(programme: Programme, values: Floats, throughput: Floats) -> Floats:
    """Return a likely price of each row, in hours.

    Products have their labour `values` (places,), hours are worth an hour, and what else is
    scarce a tenth of the hours there are, shared out evenly.
    """
    sets = programme.sets
    hours = hours_offered(sets) / sets.periods
    known = np.isfinite(values) & (values > 0)
    mean = float((values[known] * throughput[known]).mean()) if known.any() else 1.0
    price = np.where(known, values, mean / np.where(throughput > 0, throughput, 1.0))
    parts = []
    for block in programme.blocks:
        if block.kind == PRODUCT:
            parts.append(np.repeat(price, sets.periods))
        elif block.kind == "skill":
            parts.append(np.ones(len(block.upper)))
        else:
            amount = np.where(block.upper > 0, block.upper, 1.0)
            parts.append(0.1 * hours / max(len(block.upper), 1) / amount)
    return np.concatenate(parts)
