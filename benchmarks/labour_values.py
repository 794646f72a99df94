"""Labour values take little more than reading the matrix once a round.

A random economy of 10⁶ products, 1.6 · 10⁶ techniques and some 2 · 10⁷ inputs (or as many products
as the first argument says). The limit, in the same run: the coefficients and where they stand, read
from memory as fast as the machine reads, by as many threads, once for each round of the series.
Peer: SciPy's product of the same matrix with a vector, which is less than a round.
"""

import os
import sys
import time
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor

import numpy as np
import scipy.sparse as sp
from rich.console import Console
from rich.table import Table

from xietong.planning.generate import random_economy
from xietong.planning.values import series

BAR = 2.0  # times the limit
REPEATS = 5


def seconds(work: Callable[[], object]) -> float:
    """Return the least time of a few runs of `work`."""
    times = []
    for _ in range(REPEATS):
        began = time.perf_counter()
        work()
        times.append(time.perf_counter() - began)
    return min(times)


def bandwidth(size: int, threads: int) -> float:
    """Return how many bytes a second the threads together read of `size` bytes."""
    parts = np.array_split(np.ones(size // 8), threads)
    with ThreadPoolExecutor(threads) as pool:
        return size / seconds(lambda: list(pool.map(np.sum, parts)))


def main() -> None:
    products = int(float(sys.argv[1])) if len(sys.argv) > 1 else 1_000_000
    sets = random_economy(products, products * 8 // 5).sets
    threads = os.cpu_count() or 1
    inputs = sets.inputs
    matrix = sp.csr_matrix(
        (inputs.quantity, (inputs.who, sets.place_product[inputs.what])),
        shape=(len(sets.techniques), products),
    )
    size = matrix.data.nbytes + matrix.indices.nbytes + matrix.indptr.nbytes
    speed = bandwidth(size, threads)
    values, rounds = series(sets, sets.observed)
    whole = seconds(lambda: series(sets, sets.observed))
    limit = rounds * size / speed
    peer = rounds * seconds(lambda: matrix @ values)
    table = Table(
        title=f"{products:,} products, {matrix.nnz:,} inputs, {rounds} rounds, "
        f"{speed / 1e9:.1f} GB/s by {threads} threads"
    )
    for column in ("what", "s", "ms a round", "times the limit"):
        table.add_column(column, justify="left" if column == "what" else "right")
    for what, took in (
        ("reading the matrix once a round: the limit", limit),
        ("labour values, the choice of technique and all", whole),
        ("SciPy's product alone, one thread", peer),
    ):
        table.add_row(what, f"{took:.2f}", f"{1e3 * took / rounds:.1f}", f"{took / limit:.1f}")
    console = Console()
    console.print(table)
    console.print(f"bar: {BAR:g} times the limit: {'met' if whole <= BAR * limit else 'NOT met'}")


if __name__ == "__main__":
    main()
