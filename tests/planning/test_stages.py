"""What one need takes, worked out alone, is what is kept where all needs' fit."""

import numpy as np
import polars as pl
import pytest

from xietong.planning import Economy, Plan, plan
from xietong.planning.assemble import assemble
from xietong.planning.contents import contents
from xietong.planning.format import PLAN, table
from xietong.planning.generate import random_economy
from xietong.planning.solver import Solver
from xietong.planning.stages import contents_of
from xietong.planning.values import yardstick

THING = ["product", "region", "period", "kind", "id", "at", "when"]


def without_contents(made: Plan) -> Plan:
    """The plan as if its economy were too large to keep what every product takes."""
    return Plan(
        {**made.tables, "contents": table(PLAN, "contents").empty()},
        made.certificate,
        economy=made.economy,
        made_from=made.made_from,
    )


@pytest.mark.parametrize("seed", [0, 1, 2])
def test_that_a_few_are_worked_out_backwards_as_all_are_forwards(seed: int) -> None:
    economy = random_economy(15, 22, 2, seed)
    programme = assemble(economy, yardstick(economy.sets), None)
    solver = Solver(programme)
    solution = [solver.solve(step) for step in range(len(programme.steps))][-1]
    every = contents(programme, solution)
    few = np.array([0, 3])
    spot = pl.DataFrame(
        {"need": economy.sets.needs.gather(economy.sets.wish_need[few]),
         "period": economy.sets.wish_period[few] + 1}
    )  # fmt: skip
    mine = economy.needs.drop("period").join(spot, on="need")
    expected = every.join(mine, on=["product", "region", "period"], how="semi").sort(THING)
    found = contents(programme, solution, few).sort(THING)
    assert found.select(THING).rows() == expected.select(THING).rows()
    for figure in ("quantity", "value"):
        assert found[figure].to_list() == pytest.approx(expected[figure].to_list(), rel=1e-8)


@pytest.mark.parametrize("seed", [0, 1, 2])
def test_that_what_a_need_takes_is_worth_its_valuation(seed: int) -> None:
    economy = random_economy(15, 22, 2, seed)
    made = plan(economy)
    valued = made.valuations.filter(pl.col("kind") == "product").select(
        "region", "period", product="id", valuation="value"
    )
    for need in made.deliveries["need"].unique(maintain_order=True):
        spot = ["product", "region", "period"]
        found = contents_of(made, economy, need).group_by(spot).agg(pl.col("value").sum())
        both = found.join(valued, on=spot)
        assert both.height == 2
        # The plan stands a hair beside the corner at which the valuations are taken.
        assert both["value"].to_list() == pytest.approx(both["valuation"].to_list(), rel=1e-2)


def test_that_a_plan_too_large_to_keep_it_explains_a_need_all_the_same(
    bakery: Economy, baked: Plan
) -> None:
    large = without_contents(baked)
    for need in baked.deliveries["need"].unique():
        kept, now = baked.explain(need), large.explain(need)
        for before, after in zip(kept.deliveries, now.deliveries, strict=True):
            assert after.hours == pytest.approx(before.hours, rel=1e-2)
            assert after.valuation == before.valuation
        shares = kept.scarce.join(
            now.scarce, on=["period", "kind", "id", "region", "when"], how="left",
            nulls_equal=True, suffix="_now",
        )  # fmt: skip
        assert shares["share_now"].fill_null(0.0).to_list() == pytest.approx(
            shares["share"].to_list(), abs=1e-2
        )
