"""United States 2012, five years with projects and falling carbon, from folder to certified plan.

411 products by 411 industries; greenhouse gases fall by a twentieth a year. Peer, in the same run:
HiGHS through OR-tools on the very same matrix and steps, one after the other, without certificate,
valuations or explanation. The tables are looked for where XIETONG_DATA says, or else in
`../shared/data`. `--periods` plans fewer years, `--harmony smooth` to a
gap of a thousandth by prices and runs; the peer solves segments all the same.
"""

import argparse
import os
import tempfile
import time
from pathlib import Path

import polars as pl
from rich.console import Console
from rich.table import Table

from national_plan import bare
from xietong.planning import Economy, Progress, plan
from xietong.planning.assemble import assemble
from xietong.planning.sources import import_economy
from xietong.planning.terms import SEGMENTED, SMOOTH
from xietong.planning.values import yardstick

BAR = 1.3
FALL = 0.05
DATA = Path(os.environ.get("XIETONG_DATA", Path(__file__).parents[2] / "shared" / "data"))


def economy(periods: int) -> Economy:
    """Return the United States of 2012 for so many years, with greenhouse gases falling."""
    us = import_economy("us-2012", DATA / "us_2012_useeio_411", periods)
    of_gases = pl.col("limit") == "greenhouse_gases"
    gases = us.limits.filter(of_gases)["amount"][0]
    falling = pl.DataFrame({"period": range(1, periods + 1)}).select(
        limit=pl.lit("greenhouse_gases"),
        period=pl.col("period").cast(pl.Int64),
        amount=gases * (1.0 - FALL) ** (pl.col("period") - 1),
    )
    limits = pl.concat([us.limits.filter(~of_gases), falling])
    return Economy({**us.tables, "limits": limits}, title=us.title)


def main() -> None:
    asked = argparse.ArgumentParser(description=__doc__)
    asked.add_argument("--periods", type=int, default=5)
    asked.add_argument("--harmony", default=SEGMENTED, choices=[SEGMENTED, SMOOTH])
    asked.add_argument("--limit", type=float, help="seconds the plan may take")
    given = asked.parse_args()
    periods = given.periods
    console = Console()
    if not DATA.is_dir():
        console.print("the tables of 2012 are not at hand; XIETONG_DATA names their folder")
        return
    steps: list[tuple[str, float]] = []
    done: set[int] = set()
    with tempfile.TemporaryDirectory() as scratch:
        folder = Path(scratch) / "economy"
        economy(periods).write(folder)
        began = time.perf_counter()

        def reached(progress: Progress) -> None:
            if progress.done not in done:
                done.add(progress.done)
                steps.append((progress.step, time.perf_counter() - began))

        read = Economy.read(folder)
        made = plan(
            read, harmony=given.harmony, time_limit=given.limit, progress=reached
        )  # fmt: skip
        whole = time.perf_counter() - began
    programme = assemble(read, yardstick(read.sets), None)
    began = time.perf_counter()
    bare(programme)
    peer = time.perf_counter() - began
    rows, columns = programme.matrix.shape
    table = Table(
        title=f"United States 2012, {periods} years: {rows:,} rows, {columns:,} columns, "
        f"{programme.matrix.nnz:,} coefficients"
    )
    table.add_column("what")
    table.add_column("wall clock, s", justify="right")
    table.add_row("xietong: folder to certified, explained plan", f"{whole:.1f}")
    for (step, start), (_, end) in zip(steps, [*steps[1:], ("", whole)], strict=True):
        table.add_row(f"  from {step}", f"{end - start:.1f}")
    table.add_row("HiGHS: the same steps on the same matrix, bare", f"{peer:.1f}")
    console.print(table)
    c = made.certificate
    console.print(f"shortage {c.shortage:.1e}, gap {c.gap:.1e}")
    ratio = whole / peer
    console.print(f"bar: ≤ {BAR:g} × the bare solve: {ratio:.2f} ×, {_met(ratio <= BAR)}")


def _met(met: bool) -> str:
    return "met" if met else "NOT met"


if __name__ == "__main__":
    main()
