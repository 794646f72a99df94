"""Labour values: Leontief's, shared among joint products, and none where nothing can be made."""

import numpy as np
import polars as pl
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from xietong.planning import Economy, Plan, PlanningError, labour_values
from xietong.planning.generate import random_economy
from xietong.planning.values import series


def economy(
    inputs: list[tuple[str, str, float]],
    outputs: list[tuple[str, str, float]],
    labour: dict[str, float],
    runs: dict[str, float] | None = None,
    measure: dict[str, float] | None = None,
) -> Economy:
    products = sorted({p for _, p, _ in inputs + outputs})
    techniques = sorted({j for j, _, _ in inputs + outputs} | set(labour))
    columns = ["technique", "product", "quantity"]
    return Economy(
        {
            "products": pl.DataFrame({"product": products}).with_columns(
                unit=pl.lit("u"),
                measure=pl.Series([(measure or {}).get(p, 1.0) for p in products]),
            ),
            "techniques": pl.DataFrame({"technique": techniques}).with_columns(
                runs=pl.Series([(runs or {}).get(j, 0.0) for j in techniques])
            ),
            "inputs": pl.DataFrame(inputs, schema=columns, orient="row"),
            "outputs": pl.DataFrame(outputs, schema=columns, orient="row"),
            "labour": pl.DataFrame(
                {"technique": list(labour), "hours": list(labour.values())}
            ).with_columns(skill=pl.lit("work")),
            "workforce": pl.DataFrame({"skill": ["work"], "hours": [1000.0]}),
            "needs": pl.DataFrame(
                schema={"need": pl.String, "tier": pl.String, "product": pl.String,
                        "target": pl.Float64}
            ),
        }
    )  # fmt: skip


def hours(of: Economy, runs: pl.DataFrame | None = None) -> dict[str, float | None]:
    return dict(labour_values(of, runs).iter_rows())


@settings(deadline=None)
@given(st.integers(1, 12), st.integers(0, 2**32 - 1))
def test_that_values_are_those_of_leontief_where_each_product_has_one_technique(
    n: int, seed: int
) -> None:
    rng = np.random.default_rng(seed)
    A = rng.random((n, n)) * 0.9 / n
    direct = rng.random(n) + 0.1
    name = [f"p{i:02}" for i in range(n)]
    made = economy(
        [(f"t{j}", name[i], A[i, j]) for i in range(n) for j in range(n)],
        [(f"t{j}", name[j], 1.0) for j in range(n)],
        {f"t{j}": direct[j] for j in range(n)},
    )
    exact = np.linalg.solve(np.eye(n) - A.T, direct)
    found = labour_values(made)["hours"].to_numpy()
    assert found == pytest.approx(exact, rel=1e-11)


@pytest.mark.parametrize("runs", ["chosen", "in use"])
def test_that_values_of_a_random_economy_are_those_of_a_dense_inverse(runs: str) -> None:
    economy = random_economy(300, 480, 1, 7)
    sets = economy.sets
    n, J = len(sets.products), len(sets.techniques)
    rng = np.random.default_rng(0)
    use = np.zeros(J) if runs == "chosen" else rng.uniform(0.1, 1.0, J)
    found, rounds = series(sets, use)
    inputs = np.zeros((n, J))
    np.add.at(inputs, (sets.place_product[sets.inputs.what], sets.inputs.who), sets.inputs.quantity)
    made = sets.place_product[sets.outputs.what]
    hours = np.bincount(sets.labour.who, sets.labour.quantity, J)
    if runs == "chosen":
        cost = hours + inputs.T @ found
        cheapest = np.array([np.flatnonzero(made == i)[np.argmin(cost[made == i])]
                             for i in range(n)])  # fmt: skip
        use[cheapest] = 1.0
    share = np.zeros((J, n))
    share[np.arange(J), made] = use / np.bincount(made, use, n)[made]
    exact = np.linalg.solve(np.eye(n) - (inputs @ share).T, share.T @ hours)
    assert found == pytest.approx(exact, rel=1e-9)
    assert rounds < 80  # from far above, without a lower start, it would take some 140


def test_that_without_observed_runs_the_technique_of_least_labour_counts() -> None:
    made = economy(
        [("dear", "coal", 1.0)],
        [("mine", "coal", 1.0), ("dear", "bread", 1.0), ("cheap", "bread", 1.0)],
        {"mine": 3.0, "dear": 1.0, "cheap": 2.0},
    )
    assert hours(made) == {"bread": 2.0, "coal": 3.0}


def test_that_observed_runs_weigh_the_techniques() -> None:
    made = economy(
        [],
        [("old", "bread", 2.0), ("new", "bread", 1.0)],
        {"old": 6.0, "new": 1.0},
        runs={"old": 1.0, "new": 1.0},
    )
    # Two thirds of the bread take 3 hours a unit, a third takes 1.
    assert hours(made) == {"bread": pytest.approx(7 / 3, rel=1e-12)}


def test_that_joint_products_share_the_labour_by_their_measure() -> None:
    sheep = economy(
        [], [("sheep", "wool", 2.0), ("sheep", "meat", 10.0)], {"sheep": 24.0},
        measure={"wool": 1.0, "meat": 1.0},
    )  # fmt: skip
    assert hours(sheep) == {"meat": 2.0, "wool": 2.0}
    dear_wool = economy(
        [], [("sheep", "wool", 2.0), ("sheep", "meat", 10.0)], {"sheep": 24.0},
        measure={"wool": 7.0, "meat": 1.0},
    )  # fmt: skip
    assert hours(dear_wool) == {"meat": 1.0, "wool": 7.0}


def test_that_what_eats_more_than_it_makes_has_no_value() -> None:
    made = economy(
        [("seed", "corn", 1.1), ("bake", "corn", 1.0)],
        [("seed", "corn", 1.0), ("bake", "bread", 1.0), ("cut", "haircut", 1.0)],
        {"seed": 1.0, "bake": 1.0, "cut": 0.5},
    )
    assert hours(made) == {"bread": None, "corn": None, "haircut": 0.5}


def test_that_what_no_technique_makes_carries_no_labour() -> None:
    made = economy([("bake", "manna", 1.0)], [("bake", "bread", 1.0)], {"bake": 1.0})
    assert hours(made) == {"bread": 1.0, "manna": 0.0}


def test_that_a_circle_of_trade_makes_nothing_out_of_nothing() -> None:
    made = economy(
        [("export", "cloth", 1.0), ("import", "money", 1.0)],
        [("export", "money", 1.0), ("import", "cloth", 1.0), ("weave", "cloth", 1.0)],
        {"weave": 4.0, "export": 0.0, "import": 1e-9},
    )
    assert hours(made) == {"cloth": 4.0, "money": 4.0}


def test_that_the_value_of_all_net_output_is_all_the_labour(bakery: Economy, baked: Plan) -> None:
    values = dict(baked.labour_values.iter_rows())
    runs = dict(baked.runs.group_by("technique").agg(pl.col("runs").sum()).iter_rows())
    net = 0.0
    for sign, table in ((1, bakery.outputs), (-1, bakery.inputs)):
        for technique, product, quantity, _ in table.iter_rows():
            net += sign * quantity * runs[technique] * values[product]
    worked = sum(h * runs[j] for j, _, h in bakery.labour.iter_rows())
    assert net == pytest.approx(worked, rel=1e-9)


def test_that_runs_of_an_unknown_technique_are_refused(bakery: Economy) -> None:
    runs = pl.DataFrame({"technique": ["alchemy"], "runs": [1.0]})
    with pytest.raises(PlanningError, match="technique 'alchemy' is not in the economy"):
        labour_values(bakery, runs)
