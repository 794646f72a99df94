"""What if: changes name what they change, and the new plan stands beside the old one."""

import polars as pl
import pytest

from xietong.planning import (
    ContradictionError,
    Economy,
    EconomyError,
    Plan,
    PlanningError,
    plan,
    verify,
)
from xietong.planning.changes import changed


def test_that_an_amount_and_a_share_replace_what_was(bakery: Economy) -> None:
    other = changed(
        bakery,
        {
            "weights": {"school": 3},
            "targets": {"haircut": "50%"},
            "hours": {("work", "west"): "80%"},
            "means": {"oven": 0},
            "limits": {"smoke": 8},
            "stocks": {"corn": "0 %"},
        },
    )
    assert other.needs["weight"].to_list() == [1.0, 1.0, 3.0, 2.0, 1.0]
    assert other.needs["target"].to_list() == [10.0, 8.0, 4.0, 30.0, 9.0]
    assert other.workforce["hours"].to_list() == [80.0, 16.0, 20.0, 24.0]
    assert other.means["available"].to_list() == [0.0]
    assert other.limits["amount"].to_list() == [8.0]
    assert other.stocks["initial"].to_list() == [0.0, 3.0]
    untouched = set(bakery.tables) - {"needs", "workforce", "means", "limits", "stocks"}
    for name in untouched:
        assert other.tables[name].equals(bakery.tables[name])
    assert (other.title, other.metadata) == (bakery.title, bakery.metadata)


def test_that_everything_wrong_with_a_change_is_named_with_the_remedy(baked: Plan) -> None:
    with pytest.raises(EconomyError) as caught:
        baked.with_changes(
            targets={"schol": 1, "haircut": "many"},
            hours={"work": 80, ("work", "south"): 1},
            means={("oven", "east"): 1, "mill": 1},
            limits={("smoke", "east"): 1},
        )
    assert [fault.text("en") for fault in caught.value.faults] == [
        "needs, column need: 'schol' is not there; did you mean 'school'?",
        "needs, column need: 'many' is no share; give an amount, or a share such as '90%'",
        "workforce, column skill: 'work' is in several regions (east, west); name one, or give "
        "a share such as '90%'",
        "workforce, column skill: 'work' is not in south",
        "means, column means: 'mill' is not there",
        "limits, column limit: 'smoke' is of no region",
    ]
    assert caught.value.faults[0].text("zh") == (
        "needs 表 need 列：没有 'schol'；是否应为 'school'？"
    )
    assert caught.value.faults[3].text("zh") == "workforce 表 skill 列：south 没有 'work'"


def test_that_an_amount_below_zero_is_refused_as_in_a_table(baked: Plan) -> None:
    with pytest.raises(EconomyError, match=r"means, row 1, column available: -1\.0 is below 0"):
        baked.with_changes(means={"oven": -1})


def test_that_a_what_if_keeps_the_harmony_of_its_plan_unless_another_is_asked_for(
    bakery: Economy,
) -> None:
    smooth = plan(bakery, harmony="smooth")
    less = smooth.with_changes(hours={"work": "80%"})
    assert less.plan.certificate.harmony == "smooth"
    assert less.plan.certificate.gap <= 1e-3
    assert verify(less.plan, less.economy) == []
    segments = smooth.with_changes(hours={"work": "80%"}, harmony="segments")
    assert segments.plan.certificate.harmony == "segments"


def test_that_changing_nothing_changes_nothing(baked: Plan) -> None:
    same = baked.with_changes()
    assert same.changed_needs.is_empty()
    assert same.hours["difference"].abs().max() == pytest.approx(0.0, abs=1e-6)
    assert same.steps["before"].to_list() == pytest.approx(same.steps["after"].to_list(), abs=1e-8)
    assert same.economy.sha256 == baked.economy
    assert str(same).splitlines()[0] == "Nothing is changed:"
    assert str(same).splitlines()[-1] == "Every need gets what it got before."
    assert same.text("zh").splitlines()[-1] == "各项需求所得与之前相同。"


def test_that_the_new_plan_is_certified_and_its_differences_are_those_of_the_tables(
    baked: Plan,
) -> None:
    less = baked.with_changes(means={"oven": "50%"})
    assert verify(less.plan, less.economy) == []
    assert less.needs["difference"].to_list() == pytest.approx(
        (less.plan.deliveries["delivered"] - baked.deliveries["delivered"]).to_list()
    )
    assert less.means.filter(pl.col("period") == 1).row(0)[3:5] == (15.0, 7.5)
    assert less.hours["after"].sum() == pytest.approx(less.plan.use_of_labour["used"].sum())
    assert less.limits.rows() == [
        (
            "smoke", 2, 16.0, 16.0,
            pytest.approx(baked.use_of_limits["used"].item()),
            pytest.approx(less.plan.use_of_limits["used"].item()),
            pytest.approx(less.limits["after"].item() - less.limits["before"].item()),
        )
    ]  # fmt: skip
    worst = less.steps.row(0, named=True)
    assert worst["step"] == "worst"
    assert worst["after"] < worst["before"]


def test_that_a_comparison_reads_like_sentences_in_both_languages(baked: Plan) -> None:
    less = baked.with_changes(means={"oven": 0}, hours={("work", "west"): "80%"})
    english, chinese = less.text("en"), less.text("zh")
    assert english.startswith("hours of work in west → 80%; means oven → 0:\n  worst     83.33% →")
    assert "Less of:\n  bread-east (basic; bread, period 1): 8.33333 → 0\n" in english
    assert chinese.startswith(
        "工时 west 的 work → 80%；生产资料 oven → 0：\n  最差的基本需求：83.33%"
    )
    assert "减少：\n  bread-east（基本需求；面包，第 1 期）：8.33333 → 0\n" in chinese
    assert "<h4>hours of work in west → 80%; means oven → 0</h4>" in less._repr_html_()


def test_that_a_change_that_contradicts_a_commitment_says_so(baked: Plan) -> None:
    with pytest.raises(ContradictionError, match="corn"):
        baked.with_changes(stocks={"corn": 0}, hours={"work": "0%"})


def test_that_a_plan_that_was_read_has_to_be_told_its_economy(
    bakery: Economy, baked: Plan, tmp_path: object
) -> None:
    folder = f"{tmp_path}/plan"
    baked.write(folder)
    with pytest.raises(PlanningError, match=r"Plan.read\(folder, economy\) tells it"):
        Plan.read(folder).with_changes()
    told = Plan.read(folder, bakery).with_changes(targets={"school": 0})
    assert told.economy.needs["target"].to_list() == [10.0, 8.0, 0.0, 60.0, 9.0]
    with pytest.raises(PlanningError, match="the plan was made from another economy"):
        Plan.read(folder, told.economy)
