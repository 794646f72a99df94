"""The linear programme of an economy: columns, rows of each block, and the steps' objectives.

Every row reads use ≤ supply, so that every price is ≥ 0. Blocks append their rows; nothing here
knows what a row means.
"""

from collections.abc import Iterable
from dataclasses import dataclass, field

import numpy as np
import scipy.sparse as sp

from xietong.planning.sets import Floats, Ints, Sets
from xietong.planning.terms import SEGMENTED, SEGMENTS


@dataclass(frozen=True)
class Columns:
    """Where each variable stands: arrays of column numbers, in the shapes of their index sets."""

    runs: Ints  # (techniques, periods)
    stocks: Ints  # (places, periods); -1 where a product cannot be stored
    starts: Ints  # (projects, periods); -1 outside the window
    segments: Ints  # (wishes, segments); with smooth harmony one segment is the whole
    worst: int
    strain: Ints  # (means, periods)
    more: Ints  # (techniques, periods): runs above those of the running plan
    less: Ints  # and below
    count: int


def lay_out(sets: Sets, *, running: bool, harmony: str) -> Columns:
    """Number the columns; with `running`, departures from a running plan have columns too."""
    taken = 0

    def some(mask: np.ndarray) -> Ints:
        nonlocal taken
        numbers = np.full(mask.shape, -1, dtype=np.int64)
        n = int(mask.sum())
        numbers[mask] = np.arange(taken, taken + n)
        taken += n
        return numbers

    def every(*shape: int) -> Ints:
        return some(np.ones(shape, dtype=bool))

    T = sets.periods
    J, M = len(sets.techniques), len(sets.means)
    t = np.arange(T)
    open_ = (t >= sets.earliest[:, None]) & (t <= sets.latest[:, None])
    return Columns(
        runs=every(J, T),
        stocks=some(np.repeat(sets.storable[:, None], T, axis=1)),
        starts=some(open_),
        segments=every(len(sets.target), SEGMENTS if harmony == SEGMENTED else 1),
        worst=int(every(1)[0]),
        strain=every(M, T),
        more=every(J if running else 0, T),
        less=every(J if running else 0, T),
        count=taken,
    )


class Coefficients:
    """Gathers the entries of a block's rows."""

    def __init__(self) -> None:
        self._rows: list[Ints] = []
        self._columns: list[Ints] = []
        self._values: list[Floats] = []

    def add(self, rows: Ints, columns: Ints, values: Floats | float) -> None:
        """Add `values` at (`rows`, `columns`), broadcast together; column -1 is passed over."""
        rows, columns, amounts = np.broadcast_arrays(rows, columns, np.asarray(values, float))
        there = columns >= 0
        self._rows.append(rows[there])
        self._columns.append(columns[there])
        self._values.append(amounts[there])

    def matrix(self, rows: int, columns: int) -> sp.csr_matrix:
        if not self._rows:
            return sp.csr_matrix((rows, columns))
        places = (np.concatenate(self._rows), np.concatenate(self._columns))
        return sp.csr_matrix((np.concatenate(self._values), places), shape=(rows, columns))


@dataclass(frozen=True)
class Block:
    """Rows of one kind: `matrix` · columns ≤ `upper`, and = where `equal`.

    Row k is about item `items[k]` of the kind in period `periods[k]` (-1: no period).
    """

    kind: str
    matrix: sp.csr_matrix
    upper: Floats
    items: Ints
    periods: Ints
    equal: bool = False


@dataclass(frozen=True)
class Step:
    """One step of the objective: maximise `vector` · columns − ½ `bend` · columns² + `constant`.

    `bend` is None where the step is linear.
    """

    name: str
    vector: Floats
    constant: float = 0.0
    bend: Floats | None = None


@dataclass(frozen=True)
class Programme:
    """Maximise the steps in order, subject to the blocks and 0 or `lower` ≤ columns ≤ `upper`."""

    sets: Sets
    columns: Columns
    lower: Floats
    upper: Floats
    size: Floats  # the order of magnitude of each column, for scaling
    blocks: tuple[Block, ...]
    steps: tuple[Step, ...]
    offsets: dict[str, slice] = field(default_factory=dict)

    def __post_init__(self) -> None:
        start = 0
        for block in self.blocks:
            self.offsets[block.kind] = slice(start, start + len(block.upper))
            start += len(block.upper)

    @property
    def matrix(self) -> sp.csr_matrix:
        return sp.csr_matrix(sp.vstack([block.matrix for block in self.blocks]))


def grid(items: int, sets: Sets) -> tuple[Ints, Ints, Ints]:
    """Return row numbers (items, periods), and the item and period of each row in that order."""
    T = sets.periods
    rows = np.arange(items * T).reshape(items, T)
    return rows, np.repeat(np.arange(items), T), np.tile(np.arange(T), items)


def stack(blocks: Iterable[Block]) -> tuple[Floats, Floats]:
    """Return the lower and upper sides of all rows."""
    upper = [block.upper for block in blocks]
    lower = [b.upper if b.equal else np.full(len(b.upper), -np.inf) for b in blocks]
    return np.concatenate(lower), np.concatenate(upper)
