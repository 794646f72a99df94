"""Plans nearly as good as the best that differ most from it: the scenarios that people vote on.

A plan g* is the best. An alternative x does in every step k nearly as well,

    g_k(x) ≥ g*_k − within · max(|g*_k|, 0.01)

and raises a measure m as far as that allows; among all that do, it is the best in the order of the
steps, so that nothing is given up for nothing. Where there are fewer measures than alternatives
asked for, some go only a part of the way from the best to the extreme. Of all these, each next
one chosen is the farthest from those chosen before, in the measures.

Sources: Brill 1979 (modelling to generate alternatives); DeCarolis 2011.
"""

from collections.abc import Callable, Mapping
from dataclasses import replace
from math import ceil

import numpy as np
import polars as pl
import scipy.sparse as sp

from xietong.planning.assemble import assemble
from xietong.planning.audit.book import Book, Figures
from xietong.planning.audit.certificate import certify
from xietong.planning.audit.objective import asked, counted, labour, reached
from xietong.planning.blocks.objective import hours_offered
from xietong.planning.comparison import Comparison
from xietong.planning.economy import Economy
from xietong.planning.faults import Language, PlanningError
from xietong.planning.measures import Measure, measures
from xietong.planning.planner import Progress
from xietong.planning.programme import Block, Programme, Step
from xietong.planning.repair import repair
from xietong.planning.result import Plan
from xietong.planning.sets import Floats, Sets, codes, floats
from xietong.planning.solver import Infeasible, Solution, Solver
from xietong.planning.tables import labels, tabulate, worth
from xietong.planning.terms import SEGMENTED, SMALL, VALUATION
from xietong.planning.values import yardstick

# Plans whose measures are nearer than this to those of another, in shares, are no alternatives.
DIFFERENT = 1e-4


def alternatives(
    plan: Plan,
    differ_in: str = "leisure",
    *,
    count: int = 3,
    within: float = 0.01,
    progress: Callable[[Progress], None] | None = None,
) -> tuple[Comparison, ...]:
    """Return up to `count` plans nearly as good as `plan` that differ most, each beside it.

    Args:
        plan: the best plan; it knows its economy (`Plan.read(folder, economy)`).
        differ_in: what they differ in. `leisure` (fewer hours), `skills` (fewer hours of each),
            `limits` (less of each, such as carbon) and `regions` (more for the needs of each); or
            one thing: `skill:nurse`, `limit:carbon`, `region:north`, `means:oven` (less use of
            it), `need:bread` (more of it).
        count: how many at most; fewer where fewer differ.
        within: how much each step of the objective may lose, relative to what the plan reaches.
        progress: called before each measure is raised.

    Returns:
        Certified plans, the most different first. Their certificates hold for the best plan's
        prices: a step's bound is on plans that do at least as well in the steps before, so that
        what is given up early widens the later gaps. What is given up is in `Comparison.steps`.

    Raises:
        PlanningError: if there is no such measure, or the plan does not know its economy.

    Sources: Brill 1979; DeCarolis 2011.
    """
    economy = plan.origin()
    if count < 1 or not within > 0:
        raise PlanningError(
            "ask for at least 1 alternative, within a share above 0 of the best",
            "至少要 1 个备选方案，且与最优的相对差距要大于 0",
        )
    values = yardstick(economy.sets)
    running = _running(plan.running, economy.sets)
    programme = assemble(economy, values, running)
    # The alternatives are found in segments; what a need is worth follows the plan's own harmony.
    own = assemble(economy, values, running, plan.certificate.harmony)
    near = _near(programme, economy, plan, within)
    chosen = measures(economy, programme, differ_in)
    parts = ceil(count / len(chosen))
    found: list[tuple[Plan, Measure, int]] = []
    for tried, measure in enumerate(chosen):
        if progress is not None:
            progress(Progress(measure.why["en"], tried, len(chosen)))
        at_best = measure.amount(plan.tables)
        extreme = _best(near, measure)
        reach = float(measure.vector @ extreme)
        for part in range(1, parts + 1):
            least = at_best + part / parts * (reach - at_best)
            x = extreme if part == parts else _best(near, measure, least)
            found.append((_tabled(plan, programme, own, x, values, running), measure, part))
    return tuple(
        Comparison(plan, found[k][0], economy, _why(found[k][1], found[k][2], parts, within))
        for k in _farthest(plan, [f[0] for f in found], chosen, count)
    )


def _near(programme: Programme, economy: Economy, plan: Plan, within: float) -> Programme:
    """The programme with a row for each step: nearly as good as the plan."""
    book = Book(economy.tables)
    wished = counted(book, asked(book))
    best = reached(book, Figures(book, plan.tables), wished, labour(book), SEGMENTED)
    least = [
        best[step.name] - within * max(abs(best[step.name]), SMALL) - step.constant
        for step in programme.steps
    ]
    rows = sp.csr_matrix(np.stack([-step.vector for step in programme.steps]))
    return _with(programme, "near", rows, -np.array(least))


def _with(programme: Programme, kind: str, rows: sp.csr_matrix, upper: Floats) -> Programme:
    none = np.full(len(upper), -1)
    block = Block(kind, rows, upper, np.arange(len(upper)), none)
    return replace(programme, blocks=(*programme.blocks, block), offsets={})


def _best(near: Programme, measure: Measure, least: float | None = None) -> Floats:
    """The columns of the best plan that raises the measure to the utmost, or to `least`."""
    if least is None:
        wanted = replace(near, steps=(Step("measure", measure.vector), *near.steps), offsets={})
    else:
        wanted = _with(near, "measure", sp.csr_matrix(-measure.vector[None, :]), np.array([-least]))
    solver = Solver(wanted)
    columns = solver.solve(0).columns
    for k in range(1, len(wanted.steps)):
        try:
            columns = solver.solve(k).columns
        except Infeasible:
            break  # rounding has closed the face of an earlier step
    return columns


def _tabled(
    plan: Plan,
    programme: Programme,
    own: Programme,
    x: Floats,
    values: Floats,
    running: Floats | None,
) -> Plan:
    """The columns as a plan, with the prices of the best plan, whose own programme is `own`."""
    economy = plan.origin()
    x = repair(programme, x)
    rows = programme.offsets[programme.blocks[-1].kind].stop
    unpriced = Solution(x, np.zeros(rows), np.zeros(0), 0.0)
    tables = tabulate(economy, programme, x, [unpriced], None, values, running)
    tables["prices"], tables["contents"] = plan.prices, plan.contents
    tables["valuations"] = _valuations(plan, own, tables["deliveries"], values)
    certificate = certify(economy.tables, tables, plan.certificate.harmony)
    return Plan(tables, certificate, economy=economy.sha256, title=economy.title, made_from=economy)


def _valuations(
    plan: Plan, programme: Programme, deliveries: pl.DataFrame, values: Floats
) -> pl.DataFrame:
    """The valuations of the best plan; what a need's next unit is worth depends on its share."""
    if plan.valuations.is_empty():
        return plan.valuations
    prices = plan.prices.filter(pl.col("step") == VALUATION)
    kept = dict(prices.filter(pl.col("kind") == "step").select("id", "value").iter_rows())
    key = ["kind", "id", "region", "period"]
    lifted = labels(programme, "worst").join(
        prices.select(*key, "value"), on=key, how="left", nulls_equal=True, maintain_order="left"
    )["value"]
    needs = worth(
        programme, kept, floats(lifted.fill_null(0.0)), deliveries, values,
        hours_offered(programme.sets),
    )  # fmt: skip
    return pl.concat([plan.valuations.filter(pl.col("kind") != "need"), needs])


def _farthest(plan: Plan, found: list[Plan], chosen: list[Measure], count: int) -> list[int]:
    """The places in `found` of the plans that differ most, each from all before and the best."""
    at = np.array([[m.amount(p.tables) for m in chosen] for p in (plan, *found)])
    picked = [0]
    while len(picked) <= count:
        distance = np.linalg.norm(at[:, None] - at[None, picked], axis=2).min(axis=1)
        if distance.max() < DIFFERENT:
            break
        picked.append(int(distance.argmax()))
    return [k - 1 for k in picked[1:]]


def _why(measure: Measure, part: int, parts: int, within: float) -> Mapping[Language, str]:
    en, zh = measure.why["en"], measure.why["zh"]
    some_en = f", {part}/{parts} of the way" if part < parts else ""
    some_zh = f"（走到 {part}/{parts}）" if part < parts else ""
    return {
        "en": f"{en[0].upper()}{en[1:]}{some_en}, within {within:.3g} of the best",
        "zh": f"{zh}{some_zh}，各步骤与最优相差不超过 {within:.3g}",
    }


def _running(running: pl.DataFrame, sets: Sets) -> Floats | None:
    """The runs of the plan that was under way, (techniques, periods), if there was one."""
    if running.is_empty():
        return None
    runs = np.zeros((len(sets.techniques), sets.periods))
    runs[codes(running["technique"], sets.techniques), running["period"].to_numpy() - 1] = floats(
        running["runs"]
    )
    return runs
