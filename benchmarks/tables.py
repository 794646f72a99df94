"""Everything but solving and repair, from a folder to a verified plan, for 10³ to 10⁶ products.

A random economy with 1.6 techniques a product is made, written, read and checked, indexed, put
together into the programme, and a plan of it tabulated, certified, written, read and verified. The
plan is none that a solver found: half of every need, made by the first technique of each product,
with some price on every other row. How the time grows is the exponent that fits
best, least squares on both logarithms. The sizes can be given as arguments.
"""

import json
import math
import resource
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable
from pathlib import Path
from typing import TypeVar

import numpy as np
import scipy.sparse as sp
from rich.console import Console
from rich.table import Table

from xietong.planning import Economy, Plan, verify
from xietong.planning.assemble import assemble
from xietong.planning.audit.certificate import certify
from xietong.planning.boxes import largest_runs
from xietong.planning.generate import random_economy
from xietong.planning.programme import Programme
from xietong.planning.sets import Floats, totals
from xietong.planning.solver import Solution
from xietong.planning.tables import tabulate
from xietong.planning.values import yardstick

SIZES = ("1e3", "1e4", "1e5", "1e6")
ONE = "--one"

T = TypeVar("T")


class Watch:
    """Seconds by stage."""

    def __init__(self) -> None:
        self.seconds: dict[str, float] = {}

    def __call__(self, name: str, work: Callable[[], T]) -> T:
        began = time.perf_counter()
        result = work()
        self.seconds[name] = time.perf_counter() - began
        return result


def make(watch: Watch, products: int, folder: Path) -> None:
    economy = watch("generate", lambda: random_economy(products, products * 8 // 5))
    watch("write the economy", lambda: economy.write(folder))


def plan(watch: Watch, folder: Path, out: Path) -> None:
    economy = watch("read, check, index", lambda: Economy.read(folder))
    watch("of it, boxes", lambda: largest_runs(economy.sets))
    values = watch("yardstick", lambda: yardstick(economy.sets))
    programme = watch("assemble", lambda: assemble(economy, values, None))
    x = _half(economy, programme)
    priced = _priced(programme, x)
    tables = watch(
        "tabulate", lambda: tabulate(economy, programme, x, priced, priced[-1], values, None)
    )
    certificate = watch("certify", lambda: certify(economy.tables, tables))
    made = watch("hash", lambda: Plan(tables, certificate, economy=economy.sha256))
    watch("write the plan", lambda: made.write(out))


def check(watch: Watch, folder: Path, out: Path) -> None:
    made = watch("read the plan", lambda: Plan.read(out))
    economy = Economy.read(folder)
    if faults := watch("verify", lambda: verify(made, economy)):
        raise SystemExit(f"the plan does not verify: {faults[0]}")


def stages(products: int, scratch: Path) -> dict[str, float]:
    """Return the seconds of each stage, and the largest memory in GB."""
    watch, folder, out = Watch(), scratch / "economy", scratch / "plan"
    make(watch, products, folder)
    plan(watch, folder, out)
    check(watch, folder, out)
    memory = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1e6
    return {**watch.seconds, "memory": memory}


def _half(economy: Economy, programme: Programme) -> Floats:
    """Half of every need, made by the first technique of each product."""
    sets, n = economy.sets, len(economy.sets.products)
    first = sets.inputs.who < n
    taken = sp.csr_matrix(
        (
            sets.inputs.quantity[first],
            (sets.place_product[sets.inputs.what[first]], sets.inputs.who[first]),
        ),
        shape=(n, n),
    )
    asked = 0.5 * sets.target
    runs = step = totals(sets.place_product[sets.wish_place], asked, n)
    while step.any():
        step = np.asarray(taken @ step)
        step[step < 1e-15 * runs] = 0.0
        runs = runs + step
    x = np.zeros(programme.columns.count)
    x[programme.columns.runs[:n, 0]] = runs
    pieces = programme.columns.segments
    x[pieces] = asked[:, None] / pieces.shape[1]
    return x


def _priced(programme: Programme, columns: Floats) -> list[Solution]:
    rng = np.random.default_rng(0)
    rows = sum(len(block.upper) for block in programme.blocks)
    return [
        Solution(columns, rng.random(rows) * (rng.random(rows) < 0.5), np.ones(k), 0.0)
        for k in range(len(programme.steps))
    ]


def main() -> None:
    if ONE in sys.argv:
        with tempfile.TemporaryDirectory() as scratch:
            print(json.dumps(stages(int(float(sys.argv[-1])), Path(scratch))))
        return
    sizes = [int(float(size)) for size in sys.argv[1:] or SIZES]
    results = []
    for size in sizes:
        # Each in a process of its own, so that memory is its own.
        command = [sys.executable, __file__, ONE, str(size)]
        done = subprocess.run(command, check=True, stdout=subprocess.PIPE, text=True)
        results.append(json.loads(done.stdout))
    table = Table(title="Seconds, but for solving and repair")
    table.add_column("products")
    for size in sizes:
        table.add_column(f"{size:,}", justify="right")
    table.add_column("grows as n to the", justify="right")
    for name in results[0]:
        if name != "memory":
            took = [result[name] for result in results]
            table.add_row(name, *(f"{t:.2f}" for t in took), growth(sizes, took))
    planned = [sum(r[name] for name in PLANNED) for r in results]
    table.add_row("folder to plan in its folder", *(f"{t:.2f}" for t in planned),
                  growth(sizes, planned), style="bold")  # fmt: skip
    table.add_row("memory, GB", *(f"{result['memory']:.2f}" for result in results), "")
    Console().print(table)


PLANNED = (
    "read, check, index", "yardstick", "assemble", "tabulate", "certify", "hash",
    "write the plan",
)  # fmt: skip


def growth(sizes: list[int], took: list[float]) -> str:
    """Return the exponent of the size by which the time grows."""
    if len(sizes) < 2:
        return ""
    x, y = np.log(sizes), [math.log(t) for t in took]
    return f"{np.polyfit(x, y, 1)[0]:.2f}"


if __name__ == "__main__":
    main()
