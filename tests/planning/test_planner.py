"""The plan's laws, and the same optimum as a model written independently for SciPy."""

from collections.abc import Callable
from typing import Any

import numpy as np
import polars as pl
import pytest
from hypothesis import HealthCheck, assume, given, settings
from hypothesis import strategies as st
from scipy.optimize import linprog

from xietong.planning import (
    ContradictionError,
    Economy,
    Plan,
    PlanningError,
    Progress,
    plan,
    verify,
)

Tables = dict[str, pl.DataFrame]
TIERS = ("basic", "public", "personal", "reserve")
some = st.sampled_from([0.25, 0.5, 1.0, 1.5, 2.0, 3.0])
slow = settings(
    max_examples=15, deadline=None, suppress_health_check=[HealthCheck.too_slow], derandomize=True
)


@st.composite
def economies(draw: st.DrawFn) -> Tables:
    """Small economies with every feature of the format; each technique takes some labour."""
    n = draw(st.integers(1, 4))
    T = draw(st.integers(1, 3))
    regions = ["r1", "r2"][: draw(st.integers(1, 2))]
    products = [f"p{i}" for i in range(n)]
    region, product = st.sampled_from(regions), st.sampled_from(products)
    storable = draw(st.lists(st.booleans(), min_size=n, max_size=n))
    techniques, inputs, outputs, labour, occupies, emits = [], [], [], [], [], []
    for j in range(draw(st.integers(n, n + 3))):
        name, home = f"t{j}", draw(region)
        techniques.append((name, home, draw(st.integers(0, 1)), draw(st.sampled_from([0.0, 1.0]))))
        made = draw(st.sets(product, min_size=1, max_size=2)) | {products[j % n]}
        outputs += [(name, p, draw(some), draw(region)) for p in sorted(made)]
        eaten = draw(st.sets(product, max_size=2)) - made
        inputs += [(name, p, 0.3 * draw(some), draw(region)) for p in sorted(eaten)]
        labour += [(name, s, draw(some)) for s in draw(st.sampled_from([["a"], ["b"], ["a", "b"]]))]
        if draw(st.booleans()):
            occupies.append((name, "m", draw(some)))
        if draw(st.booleans()):
            emits.append((name, "l", draw(some)))
    needs = [
        (f"n{k}", draw(st.sampled_from(TIERS)), draw(product), draw(region),
         draw(st.one_of(st.none(), st.integers(1, T))), 4.0 * draw(some), draw(some))
        for k in range(draw(st.integers(1, 5)))
    ]  # fmt: skip
    stocks = [
        (p, r, 2.0 * draw(some), 0.0)
        for p, keeps in zip(products, storable, strict=True)
        for r in regions
        if keeps and draw(st.booleans())
    ]
    latest = draw(st.one_of(st.none(), st.integers(1, T)))
    return {
        "products": _frame(
            ["product", "unit", "storable", "loss", "measure"],
            [(p, "u", k, draw(st.sampled_from([0.0, 0.25])), draw(some))
             for p, k in zip(products, storable, strict=True)],
        ),
        "regions": _frame(["region"], [(r,) for r in regions]),
        "periods": _frame(["period"], [(t,) for t in range(1, T + 1)]),
        "techniques": _frame(["technique", "region", "lead_time", "runs"], techniques),
        "inputs": _frame(["technique", "product", "quantity", "region"], inputs),
        "outputs": _frame(["technique", "product", "quantity", "region"], outputs),
        "labour": _frame(["technique", "skill", "hours"], labour),
        "workforce": _frame(
            ["region", "skill", "hours"], [(r, s, 5 * draw(some)) for r in regions for s in "ab"]
        ),
        "means": _frame(["means", "region", "available"], [("m", regions[0], 4 * draw(some))]),
        "occupies": _frame(["technique", "means", "quantity"], occupies),
        "needs": _frame(
            ["need", "tier", "product", "region", "period", "target", "weight"], needs
        ),
        "stocks": _frame(["product", "region", "initial", "final"], stocks),
        "projects": _frame(
            ["project", "region", "earliest", "latest", "build_time", "most"],
            [("z", regions[-1], 1, latest, draw(st.integers(0, 1)), draw(some))],
        ),
        "project_inputs": _frame(
            ["project", "offset", "product", "quantity"],
            [("z", draw(st.integers(0, 1)), draw(product), 0.2 * draw(some))],
        ),
        "project_labour": _frame(
            ["project", "offset", "skill", "quantity"], [("z", 0, "a", draw(some)),
                                                         ("z", 1, "b", draw(some))],
        ),
        "project_means": _frame(["project", "means", "capacity"], [("z", "m", draw(some))]),
        "limits": _frame(
            ["limit", "period", "amount"],
            [("l", draw(st.one_of(st.none(), st.integers(1, T))), 4 * draw(some))],
        ),
        "emits": _frame(["technique", "limit", "quantity"], emits),
    }  # fmt: skip


def _frame(columns: list[str], rows: list[tuple[Any, ...]]) -> pl.DataFrame:
    return pl.DataFrame(rows, schema=columns, orient="row")


class Peer:
    """The programme written once more, variable by variable, for scipy.optimize.linprog."""

    def __init__(self, tables: Tables) -> None:
        self.e = {name: frame.to_dicts() for name, frame in tables.items()}
        self.T = len(self.e["periods"])
        self.names: dict[tuple[Any, ...], int] = {}
        self.rows: list[tuple[dict[int, float], float]] = []
        self.bounds: dict[int, tuple[float, float | None]] = {}
        self._build()

    def v(self, *name: Any) -> int:
        return self.names.setdefault(name, len(self.names))

    def periods(self, row: dict[str, Any]) -> list[int]:
        return [row["period"]] if row.get("period") else list(range(1, self.T + 1))

    def values(self) -> dict[str, float]:
        """Labour values by plain iteration, from above."""
        measure = {p["product"]: p["measure"] for p in self.e["products"]}
        runs = {t["technique"]: t["runs"] for t in self.e["techniques"]}
        value = dict.fromkeys(measure, 1e30)
        made = {o["product"] for o in self.e["outputs"]}
        value.update({p: 0.0 for p in measure if p not in made})
        for _ in range(2000):
            cost = dict.fromkeys(runs, 0.0)
            for row in self.e["labour"]:
                cost[row["technique"]] += row["hours"]
            for row in self.e["inputs"]:
                cost[row["technique"]] += row["quantity"] * value[row["product"]]
            whole = dict.fromkeys(runs, 0.0)
            for o in self.e["outputs"]:
                whole[o["technique"]] += measure[o["product"]] * o["quantity"]
            new = {}
            for p in value:
                each = [
                    (runs[o["technique"]] * o["quantity"],
                     cost[o["technique"]] * measure[p] / whole[o["technique"]])
                    for o in self.e["outputs"] if o["product"] == p
                ]  # fmt: skip
                total = sum(q for q, _ in each)
                if not each:
                    new[p] = 0.0
                elif total > 0:
                    new[p] = min(sum(q * c for q, c in each) / total, 1e30)
                else:
                    new[p] = min(min(c for _, c in each), 1e30)
            value = new
        return value

    def _build(self) -> None:
        e, T, v = self.e, self.T, self.v
        home = {t["technique"]: t["region"] for t in e["techniques"]}
        lead = {t["technique"]: t["lead_time"] for t in e["techniques"]}
        balance: dict[tuple[str, str, int], dict[int, float]] = {}
        row: dict[int, float]

        def add(row: dict[int, float], column: int, amount: float) -> None:
            row[column] = row.get(column, 0.0) + amount

        def spot(p: str, r: str, t: int) -> dict[int, float]:
            return balance.setdefault((p, r, t), {})

        for p in e["products"]:
            for r in e["regions"]:
                for t in range(1, T + 1):
                    row = spot(p["product"], r["region"], t)
                    if p["storable"]:
                        add(row, v("s", p["product"], r["region"], t), 1.0)
                        if t > 1:
                            add(row, v("s", p["product"], r["region"], t - 1), p["loss"] - 1.0)
        for t in range(1, T + 1):
            for i in e["inputs"]:
                add(spot(i["product"], i["region"], t), v("x", i["technique"], t), i["quantity"])
            for o in e["outputs"]:
                if t + lead[o["technique"]] <= T:
                    add(spot(o["product"], o["region"], t + lead[o["technique"]]),
                        v("x", o["technique"], t), -o["quantity"])  # fmt: skip
        for n in e["needs"]:
            for t in self.periods(n):
                for k in range(10):
                    g = v("g", n["need"], t, k)
                    self.bounds[g] = (0.0, n["target"] / 10)
                    add(spot(n["product"], n["region"], t), g, 1.0)
        region = {z["project"]: z["region"] for z in e["projects"]}
        open_ = {z["project"]: range(z["earliest"], (z["latest"] or T) + 1) for z in e["projects"]}
        for i in e["project_inputs"]:
            for t in open_[i["project"]]:
                if t + i["offset"] <= T:
                    add(spot(i["product"], region[i["project"]], t + i["offset"]),
                        v("z", i["project"], t), i["quantity"])  # fmt: skip
        initial = {(s["product"], s["region"], 1): s["initial"] for s in e["stocks"]}
        self.rows += [(row, initial.get(where, 0.0)) for where, row in balance.items()]
        for t in range(1, T + 1):
            for m in e["means"]:
                for share, extra in ((1.0, None), (0.9, v("o", m["means"], t))):
                    row = {}
                    for o in e["occupies"]:
                        if o["means"] == m["means"]:
                            add(row, v("x", o["technique"], t), o["quantity"])
                    for z in e["projects"]:
                        for a in e["project_means"]:
                            for u in open_[z["project"]]:
                                if u + z["build_time"] <= t:
                                    add(row, v("z", z["project"], u), -share * a["capacity"])
                    if extra is not None:
                        add(row, extra, -1.0)
                    self.rows.append((row, share * m["available"]))
            for w in e["workforce"]:
                row = {}
                for h in e["labour"]:
                    if (home[h["technique"]], h["skill"]) == (w["region"], w["skill"]):
                        add(row, v("x", h["technique"], t), h["hours"])
                for h in e["project_labour"]:
                    begun = t - h["offset"]
                    here = (region[h["project"]], h["skill"]) == (w["region"], w["skill"])
                    if here and begun in open_[h["project"]]:
                        add(row, v("z", h["project"], begun), h["quantity"])
                self.rows.append((row, w["hours"]))
            for limit in e["limits"]:
                if t in self.periods(limit):
                    row = {}
                    for m in e["emits"]:
                        add(row, v("x", m["technique"], t), m["quantity"])
                    self.rows.append((row, limit["amount"]))
        for z in e["projects"]:
            self.rows.append(
                ({v("z", z["project"], t): 1.0 for t in open_[z["project"]]}, z["most"])
            )
        for s in e["stocks"]:
            self.bounds[v("s", s["product"], s["region"], T)] = (s["final"], None)

    def steps(self) -> dict[str, dict[int, float]]:
        e, T, v = self.e, self.T, self.v
        value = self.values()
        wishes = [(n, t) for n in e["needs"] for t in self.periods(n)]
        known = [value[n["product"]] * n["target"] for n, _ in wishes
                 if 0 < value[n["product"]] < 1e15]  # fmt: skip
        mean = sum(known) / len(known) if known else 1.0
        importance = {}
        for n, t in wishes:
            unit = value[n["product"]]
            unit = unit if 0 < unit < 1e15 else mean / n["target"]
            importance[n["need"], t] = n["weight"] * unit * n["target"]
        result: dict[str, dict[int, float]] = {}
        if any(n["tier"] == "basic" for n, _ in wishes):
            w = v("w")
            self.bounds[w] = (0.0, 1.0)
            for n, t in wishes:
                if n["tier"] == "basic":
                    row = {v("g", n["need"], t, k): -1.0 for k in range(10)}
                    self.rows.append(({**row, w: n["target"]}, 0.0))
            result["worst"] = {w: 1.0}
        for tier in TIERS:
            mine = [(n, t) for n, t in wishes if n["tier"] == tier]
            whole = sum(importance[n["need"], t] for n, t in mine)
            if not mine:
                continue
            objective = {}
            for n, t in mine:
                for k in range(10):
                    slope = 1.5 - 0.5 * (2 * k + 1) / 10  # of 3/2 s − 1/2 s² between k/10, (k+1)/10
                    objective[v("g", n["need"], t, k)] = (
                        importance[n["need"], t] / whole / n["target"] * slope
                    )
            result[tier] = objective
        offered = sum(w["hours"] for w in e["workforce"]) * T
        cost: dict[int, float] = {}
        for t in range(1, T + 1):
            for h in e["labour"]:
                x = v("x", h["technique"], t)
                cost[x] = cost.get(x, 0.0) - h["hours"] / offered
            for m in e["means"]:
                hours = [
                    sum(h["hours"] for h in e["labour"] if h["technique"] == o["technique"])
                    / o["quantity"] for o in e["occupies"]
                ]  # fmt: skip
                cost[v("o", m["means"], t)] = -0.02 * min(hours, default=0.0) / offered
            for h in e["project_labour"]:
                if ("z", h["project"], t) in self.names and t + h["offset"] <= T:
                    z = v("z", h["project"], t)
                    cost[z] = cost.get(z, 0.0) - h["quantity"] / offered
        result["leisure"] = cost
        return result

    def solve(self) -> dict[str, tuple[float, float]]:
        """What each step reaches, and how exactly that is known.

        A row for each earlier step gives up a little, or rounding would make it infeasible; what
        that is worth to the later steps, its marginals say.
        """
        steps = self.steps()
        n = len(self.names)
        reached: dict[str, tuple[float, float]] = {}
        best: list[float] = []
        for name, objective in steps.items():
            for given_up in (1e-9, 1e-8, 1e-7):
                kept = [
                    ({column: -amount for column, amount in before.items()}, given_up - value)
                    for before, value in zip(steps.values(), best, strict=False)
                ]
                rows = [*self.rows, *kept]
                A, b = np.zeros((len(rows), n)), np.array([side for _, side in rows])
                for k, (row, _) in enumerate(rows):
                    for column, amount in row.items():
                        A[k, column] = amount
                c = np.zeros(n)
                for column, amount in objective.items():
                    c[column] = -amount
                bounds = [self.bounds.get(column, (0.0, None)) for column in range(n)]
                found = linprog(c, A_ub=A, b_ub=b, bounds=bounds, method="highs")
                if found.status == 0:
                    break
            assert found.status == 0, found.message
            best.append(-float(found.fun or 0.0))
            worth = np.abs(found.ineqlin.marginals[len(self.rows) :]).sum()
            reached[name] = (
                best[-1] + (1.0 if name == "leisure" else 0.0),
                1e-7 + 3.0 * given_up * float(worth),
            )
        return reached


def objectives(result: Plan) -> dict[str, float]:
    return {step.step: step.objective for step in result.certificate.steps}


@slow
@given(economies())
def test_that_the_optimum_is_that_of_an_independent_model(tables: Tables) -> None:
    agrees_with_the_peer(tables)


@pytest.mark.long
@settings(slow, max_examples=300)
@given(economies())
def test_that_the_optimum_is_that_of_an_independent_model_many_times(tables: Tables) -> None:
    agrees_with_the_peer(tables)


def agrees_with_the_peer(tables: Tables) -> None:
    result = plan(Economy(tables))
    expected = Peer(tables).solve()
    found = objectives(result)
    assert list(found) == list(expected)
    for step, (value, exactly) in expected.items():
        assert found[step] == pytest.approx(value, abs=exactly)
    assert result.certificate.shortage <= 1e-9
    assert result.certificate.gap <= 1e-6


@slow
@given(economies())
def test_that_every_plan_verifies(tables: Tables) -> None:
    economy = Economy(tables)
    assert verify(plan(economy), economy) == []


@slow
@given(economies(), st.randoms(use_true_random=False))
def test_that_the_bound_holds_for_arbitrary_prices(tables: Tables, random: Any) -> None:
    from xietong.planning.audit.certificate import certify

    economy = Economy(tables)
    result = plan(economy)
    prices = result.prices.with_columns(
        pl.Series("value", [v * random.uniform(0.0, 3.0) for v in result.prices["value"]])
    )
    steps = certify(economy.tables, {**result.tables, "prices": prices}).steps
    for step in steps:
        assert step.bound >= step.objective - 1e-9


@slow
@given(economies(), st.data())
def test_that_scaling_units_changes_nothing(tables: Tables, data: st.DataObject) -> None:
    product = data.draw(st.sampled_from(tables["products"]["product"].to_list()))
    factor = data.draw(st.sampled_from([1e-3, 8.0, 1e3]))
    scaled = dict(tables)
    mine = pl.col("product") == product
    for name, columns in {
        "inputs": ["quantity"], "outputs": ["quantity"], "needs": ["target"],
        "stocks": ["initial", "final"], "project_inputs": ["quantity"],
    }.items():  # fmt: skip
        scaled[name] = tables[name].with_columns(
            pl.when(mine).then(pl.col(c) * factor).otherwise(pl.col(c)).alias(c) for c in columns
        )
    scaled["products"] = tables["products"].with_columns(
        measure=pl.when(mine).then(pl.col("measure") / factor).otherwise("measure")
    )
    assert objectives(plan(Economy(scaled))) == pytest.approx(
        objectives(plan(Economy(tables))), abs=1e-7
    )


@slow
@given(economies(), st.data())
def test_that_more_of_anything_never_lowers_what_is_reached(
    tables: Tables, data: st.DataObject
) -> None:
    name, column = data.draw(
        st.sampled_from(
            [("workforce", "hours"), ("means", "available"), ("stocks", "initial"),
             ("limits", "amount"), ("projects", "most")]
        )
    )  # fmt: skip
    assume(tables[name].height > 0)
    more = {**tables, name: tables[name].with_columns(pl.col(column) * 1.5)}
    before, after = objectives(plan(Economy(tables))), objectives(plan(Economy(more)))
    for step in before:
        if step == "leisure":
            break  # a share of the hours offered, which may be more now
        assert after[step] >= before[step] - 1e-8
        if after[step] > before[step] + 1e-8:
            break  # what comes later may be less once this is more


@slow
@given(economies())
def test_that_a_useless_technique_changes_nothing(tables: Tables) -> None:
    wasteful = tables["techniques"].row(0, named=True)
    old, new = wasteful["technique"], "useless"
    more = dict(tables)
    more["techniques"] = pl.concat(
        [tables["techniques"], pl.DataFrame([{**wasteful, "technique": new, "runs": 0.0}])]
    )
    for name in ("inputs", "outputs", "labour", "occupies", "emits"):
        if tables[name].is_empty():
            continue
        worse = 2.0 if name != "outputs" else 0.5
        mine = tables[name].filter(pl.col("technique") == old)
        quantity = "hours" if name == "labour" else "quantity"
        copy = mine.with_columns(pl.lit(new).alias("technique"), pl.col(quantity) * worse)
        more[name] = pl.concat([tables[name], copy])
    assert objectives(plan(Economy(more))) == pytest.approx(
        objectives(plan(Economy(tables))), abs=1e-7
    )


@slow
@given(economies(), st.data())
def test_that_a_lower_tier_never_costs_a_higher_one(tables: Tables, data: st.DataObject) -> None:
    tier = data.draw(st.sampled_from(TIERS[1:]))
    without = {**tables, "needs": tables["needs"].filter(pl.col("tier") != tier)}
    assume(without["needs"].height > 0)
    # The values by which needs compare are those of the techniques, whatever is needed.
    alone, together = objectives(plan(Economy(without))), objectives(plan(Economy(tables)))
    for higher in ("worst", *TIERS[: TIERS.index(tier)]):
        if higher in alone:
            assert together[higher] == pytest.approx(alone[higher], abs=1e-8)


def test_that_the_worst_met_basic_need_comes_first(bakery: Economy, baked: Plan) -> None:
    shares = baked.deliveries.filter(pl.col("tier") == "basic")["share"]
    worst = objectives(baked)["worst"]
    assert shares.min() == pytest.approx(worst, abs=1e-9)
    assert verify(baked, bakery) == []


def test_that_final_stocks_that_nothing_can_leave_are_named_with_their_amounts(
    changed: Callable[..., Economy],
) -> None:
    economy = changed(stocks=lambda f: f.with_columns(final=pl.Series([5000.0, 0.0])))
    with pytest.raises(ContradictionError) as caught:
        plan(economy)
    ((conflict,),) = [c.commitments for c in caught.value.conflicts]
    assert (conflict.product, conflict.region, conflict.final) == ("corn", "east", 5000.0)
    # All corn of three periods: 18 at first, farms of 80 hours at 2 hours in periods 1 and 2.
    assert 4900.0 < conflict.short < 5000.0
    assert "corn in east is short by" in caught.value.text("en")
    assert "east 的 corn" in caught.value.text("zh")


def test_that_a_running_plan_is_kept_where_nothing_is_won_by_leaving_it() -> None:
    twins = Economy(
        {
            "products": pl.DataFrame({"product": ["bread"], "unit": ["t"]}),
            "techniques": pl.DataFrame({"technique": ["left", "right"]}),
            "outputs": pl.DataFrame(
                {"technique": ["left", "right"], "product": ["bread"] * 2, "quantity": [1.0, 1.0]}
            ),
            "labour": pl.DataFrame(
                {"technique": ["left", "right"], "skill": ["work"] * 2, "hours": [1.0, 1.0]}
            ),
            "workforce": pl.DataFrame({"skill": ["work"], "hours": [100.0]}),
            "needs": pl.DataFrame(
                {"need": ["bread"], "tier": ["basic"], "product": ["bread"], "target": [10.0]}
            ),
        }
    )
    tables = plan(twins).tables
    for runs in ([3.0, 7.0], [7.0, 3.0]):
        under_way = Plan(
            {**tables, "runs": tables["runs"].with_columns(pl.Series("runs", runs))},
            plan(twins).certificate,
            economy=twins.sha256,
        )
        kept = plan(twins, start=under_way)
        assert kept.runs["runs"].to_list() == pytest.approx(runs, abs=1e-6)
        assert kept.certificate.gap <= 1e-6
        assert verify(kept, twins) == []


def test_that_progress_names_each_step_and_the_end(bakery: Economy) -> None:
    seen: list[Progress] = []
    plan(bakery, progress=seen.append)
    steps = ["worst", "basic", "public", "personal", "reserve", "leisure"]
    assert seen == [
        *(Progress(step, k, 6) for k, step in enumerate(steps)),
        Progress("leisure", 6, 6),
    ]


def test_that_no_time_at_all_gives_one_clear_sentence(bakery: Economy) -> None:
    with pytest.raises(PlanningError, match="no plan was found within 0 seconds"):
        plan(bakery, time_limit=0)


def test_that_an_economy_without_needs_takes_no_labour(changed: Callable[..., Economy]) -> None:
    economy = changed(needs=lambda f: f.clear(), stocks=lambda f: f.with_columns(final=0.0))
    idle = plan(economy)
    assert idle.runs["runs"].sum() == 0.0
    assert [(s.step, s.objective) for s in idle.certificate.steps] == [("leisure", 1.0)]


def test_that_a_need_whose_target_is_nothing_is_met(changed: Callable[..., Economy]) -> None:
    economy = changed(needs=lambda f: f.with_columns(target=0.0))
    assert plan(economy).deliveries["share"].to_list() == [1.0] * 11
