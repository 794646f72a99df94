"""Re-planning after a hundredth of the needs and hours has changed, against planning anew.

A tight random economy of 10⁴ products (or as many as the first argument says). A hundredth can be
of the lines: one need and one technique's hours in a hundred change by up to a fifth; or of the
amounts: all needs, and the hours that each skill has, change by up to 1 %. Its own cold solve has
the same certificate. Two questions: the new optimum from where the old plan stands, which is the
very programme that is solved cold; and `plan(changed, start=plan)`, which also counts what
departing from the runs under way costs.
"""

import sys
import time
from itertools import product

import numpy as np
import polars as pl
from rich.console import Console
from rich.table import Table

from xietong.planning import Economy, Plan, Progress, plan
from xietong.planning.assemble import assemble
from xietong.planning.audit.certificate import certify
from xietong.planning.generate import random_economy
from xietong.planning.primal_dual import stages
from xietong.planning.primal_dual.resume import resume
from xietong.planning.tables import tabulate
from xietong.planning.terms import SMOOTH
from xietong.planning.values import hours_per_unit, yardstick

BAR = 0.2  # of the cold solve
GAP = 1e-3
SHARE = 0.01
BY = 0.2
SEEDS = (0, 1)
LIMIT = 30.0  # seconds a solve may take


def lines(economy: Economy, rng: np.random.Generator) -> Economy:
    """Return the economy with one need and one technique's hours in a hundred changed."""
    tables = dict(economy.tables)
    for name, figure in (("needs", "target"), ("labour", "hours")):
        rows = tables[name].height
        by = np.where(rng.random(rows) < SHARE, rng.uniform(1 - BY, 1 + BY, rows), 1.0)
        tables[name] = tables[name].with_columns(pl.col(figure) * pl.Series(by))
    return Economy(tables, title=economy.title)


def amounts(economy: Economy, rng: np.random.Generator) -> Economy:
    """Return the economy with all needs and the hours there are changed by up to a hundredth."""
    tables = dict(economy.tables)
    for name, figure in (("needs", "target"), ("workforce", "hours")):
        by = rng.uniform(1 - SHARE, 1 + SHARE, tables[name].height)
        tables[name] = tables[name].with_columns(pl.col(figure) * pl.Series(by))
    return Economy(tables, title=economy.title)


def solve(economy: Economy, start: Plan | None) -> tuple[float, int, float]:
    """Return the seconds, iterations and certified gap of a solve that begins at `start`.

    Departing from `start` costs nothing here.
    """
    sets = economy.sets
    values = yardstick(sets)
    programme = assemble(economy, values, None, SMOOTH)
    hours = hours_per_unit(sets, sets.observed)
    began = time.perf_counter()
    at = resume(programme, start) if start is not None else None
    answer = stages.solve(programme, economy, values, hours, GAP, start=at, seconds=LIMIT)
    spent = time.perf_counter() - began
    if answer is None:
        raise SystemExit("no plan was found")
    last = answer.solutions[-1]
    tables = tabulate(economy, programme, last.columns, answer.solutions, last, values, None)
    return spent, answer.iterations, certify(economy.tables, tables, SMOOTH).gap


def planned(economy: Economy, start: Plan | None) -> tuple[float, int, float]:
    """Return the seconds, iterations and certified gap of a whole plan."""
    last = [0]

    def seen(progress: Progress) -> None:
        last[0] = progress.iteration or last[0]

    began = time.perf_counter()
    made = plan(economy, start=start, harmony=SMOOTH, time_limit=LIMIT, progress=seen)
    return time.perf_counter() - began, last[0], made.certificate.gap


def main() -> None:
    products = int(float(sys.argv[1])) if len(sys.argv) > 1 else 10_000
    plan(random_economy(100, 160), harmony=SMOOTH)  # compiles
    economy = random_economy(products, products * 8 // 5)
    before = plan(economy, harmony=SMOOTH)
    table = Table(title=f"{products:,} products: planning again, a hundredth changed")
    for column in ("change", "what", "iterations", "s", "gap", "of cold"):
        table.add_column(column, justify="left" if column in ("change", "what") else "right")
    shares = []
    for change, seed in product((lines, amounts), SEEDS):
        other = change(economy, np.random.default_rng(seed))
        for of, work in (("solve", solve), ("plan", planned)):
            cold = work(other, None)
            warm = work(other, before)
            share = warm[0] / cold[0]
            if work is solve:
                shares.append(share)
            for what, (spent, iterations, gap) in (
                (f"{of}, cold", cold),
                (f"{of}, from the old plan", warm),
            ):
                of_cold = f"{spent / cold[0]:.0%}"
                table.add_row(
                    f"{change.__name__} {seed}",
                    what,
                    f"{iterations:,}",
                    f"{spent:.2f}",
                    f"{gap:.1e}",
                    of_cold,
                )
    console = Console()
    console.print(table)
    worst = max(shares)
    console.print(
        f"bar: {BAR:.0%} of the cold solve: {min(shares):.0%} to {worst:.0%}, "
        f"{'met' if worst <= BAR else 'NOT met'}"
    )


if __name__ == "__main__":
    main()
