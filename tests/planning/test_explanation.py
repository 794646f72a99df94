"""Explanations add up, say what scarce things are worth, and read like sentences."""

from collections.abc import Callable
from pathlib import Path

import polars as pl
import pytest

from xietong.planning import Economy, Plan, PlanningError, plan


def test_that_the_scarce_things_add_up_to_the_valuation(baked: Plan) -> None:
    for need in baked.deliveries["need"].unique():
        explanation = baked.explain(need)
        for d in explanation.deliveries:
            mine = explanation.scarce.filter(pl.col("period") == d.period)
            assert mine["value"].sum() == pytest.approx(d.valuation, rel=1e-4)
            assert mine["share"].sum() == pytest.approx(1.0)


def test_that_the_hours_of_a_unit_are_its_direct_labour_and_that_of_its_inputs(
    baked: Plan,
) -> None:
    (delivery,) = baked.explain("seed").deliveries
    assert delivery.period == 3
    # A tonne of corn: 2 hours on the farm, of which half a tonne of straw takes its part by
    # valuation (here none), and a tenth of a tonne of corn from the start.
    assert 2.0 <= delivery.hours <= 2.3


def bread(machines: float, target: float = 10.0, hours: float = 100.0) -> Economy:
    """Bread by machine (1 hour, 1 machine) or by hand (3 hours); beyond that, haircuts."""
    both = ["machine", "hand"]
    return Economy(
        {
            "products": pl.DataFrame({"product": ["bread", "haircut"], "unit": ["t", "cut"]}),
            "techniques": pl.DataFrame({"technique": [*both, "cut"]}),
            "outputs": pl.DataFrame(
                {
                    "technique": [*both, "cut"],
                    "product": ["bread", "bread", "haircut"],
                    "quantity": [1.0, 1.0, 1.0],
                }
            ),
            "labour": pl.DataFrame(
                {"technique": [*both, "cut"], "skill": ["work"] * 3, "hours": [1.0, 3.0, 1.0]}
            ),
            "workforce": pl.DataFrame({"skill": ["work"], "hours": [hours]}),
            "means": pl.DataFrame({"means": ["machine"], "available": [machines]}),
            "occupies": pl.DataFrame(
                {"technique": ["machine"], "means": ["machine"], "quantity": [1.0]}
            ),
            "needs": pl.DataFrame(
                {
                    "need": ["bread", "haircut"],
                    "tier": ["basic", "personal"],
                    "product": ["bread", "haircut"],
                    "target": [target, 5.0],
                }
            ),
        }
    )


def test_that_what_a_unit_of_means_saves_is_what_solving_again_saves() -> None:
    few, more = plan(bread(6.0)), plan(bread(6.5))
    machine = few.explain("bread").scarce.filter(pl.col("id") == "machine").row(0, named=True)
    saved = few.use_of_labour["used"].item() - more.use_of_labour["used"].item()
    assert saved == pytest.approx(0.5 * 2.0, abs=1e-6)
    # Less two hundredths of an hour of strain on the last tenth of the half machine.
    assert machine["rent"] == pytest.approx(2.0 - 0.1 * 0.02, abs=1e-6)
    assert machine["adds"] == pytest.approx(machine["rent"] / 3.0, abs=1e-6)


def test_that_what_a_unit_adds_to_a_cut_need_is_what_solving_again_adds() -> None:
    short, less_short = plan(bread(3.0, hours=15.0)), plan(bread(3.5, hours=15.0))
    got = [
        p.deliveries.filter(pl.col("need") == "bread")["delivered"][0] for p in (short, less_short)
    ]
    machine = short.explain("bread").scarce.filter(pl.col("id") == "machine").row(0, named=True)
    assert got == pytest.approx([7.0, 3.5 + 11.5 / 3.0])
    assert machine["adds"] * 0.5 == pytest.approx(got[1] - got[0], rel=2e-3)


def test_that_a_cut_is_said_with_its_amount_in_both_languages(baked: Plan) -> None:
    school = baked.explain("school")
    (d,) = school.deliveries
    assert d.share < 1.0
    english, chinese = school.text("en"), school.text("zh")
    assert f"cut by {d.target - d.delivered:.4g} of 4; {d.share:.1%} met" in english
    assert "One more unit would take" in english
    assert f"要求 4，削减 {d.target - d.delivered:.4g}，满足 {d.share:.1%}" in chinese
    assert "公共需求" in chinese


def test_that_products_go_by_their_names_where_the_plan_knows_its_economy(
    baked: Plan, tmp_path: Path
) -> None:
    assert baked.explain("school").text("zh").startswith("school（公共需求；面包，west，第 2 期）")
    assert "“玉米”的库存" in baked.explain("school").text("zh")
    assert "stock of corn" in baked.explain("school").text("en")
    baked.write(tmp_path)
    alone = Plan.read(tmp_path).explain("school")
    assert alone.text("zh").startswith("school（公共需求；bread，west，第 2 期）")


def test_that_a_need_met_in_full_is_said_so(baked: Plan) -> None:
    text = baked.explain("seed")
    assert "seed (reserve; corn, east, period 3): met in full, 9." in text.text("en")
    assert "全部满足，共 9。" in text.text("zh")


def test_that_an_unknown_need_is_refused(baked: Plan) -> None:
    with pytest.raises(PlanningError, match="the plan has no need 'cake'"):
        baked.explain("cake")


def test_that_what_cannot_be_made_is_explained_too(changed: Callable[..., Economy]) -> None:
    economy = changed(
        workforce=lambda f: f.with_columns(
            hours=pl.when(pl.col("region") == "west").then(0.0).otherwise("hours")
        )
    )
    explanation = plan(economy).explain("haircut")
    assert [d.delivered for d in explanation.deliveries] == [0.0, 0.0, 0.0]
    assert explanation.text("en").startswith("haircut (personal; haircut, west, period 1): cut by")


def test_that_an_explanation_is_a_table_with_heads_in_both_languages(baked: Plan) -> None:
    school = baked.explain("school")
    english, chinese = school.table("en"), school.table("zh")
    assert english.columns == [
        "period", "kind", "id", "where", "when", "a unit takes", "worth in hours", "share",
        "one more unit saves (hours)", "one more unit adds",
    ]  # fmt: skip
    assert english.rows() != chinese.rows()
    assert english.drop("kind").rows() == chinese.drop("类别").rows()
    assert set(english["kind"]) == {"skill", "limit", "initial stock"}
    assert "<h4>school (public)</h4>" in school._repr_html_()
