"""Alternatives are nearly as good, certified, and as different as that allows."""

import pytest

from xietong.planning import Comparison, Economy, Plan, PlanningError, alternatives, plan, verify
from xietong.planning.assemble import assemble
from xietong.planning.generate import random_economy
from xietong.planning.measures import measures
from xietong.planning.values import yardstick

ASKED = ["leisure", "limits", "regions", "skill:work", "means:oven", "need:school"]


def raised(comparison: Comparison, asked: str) -> tuple[float, float]:
    """The measure in the best plan and in the alternative."""
    economy = comparison.economy
    (measure,) = measures(economy, assemble(economy, yardstick(economy.sets), None), asked)
    return measure.amount(comparison.before.tables), measure.amount(comparison.plan.tables)


@pytest.mark.parametrize("asked", ASKED)
def test_that_an_alternative_is_certified_and_loses_no_more_than_allowed(
    bakery: Economy, baked: Plan, asked: str
) -> None:
    found = alternatives(baked, asked, within=0.02)
    assert 1 <= len(found) <= 3
    for each in found:
        assert verify(each.plan, bakery) == []
        for step, before, after, _ in each.steps.iter_rows():
            assert after >= before - 0.02 * max(before, 0.01) - 1e-9, step


@pytest.mark.parametrize("asked", ["leisure", "limit:smoke", "means:oven", "need:school"])
def test_that_the_first_goes_farthest_and_the_others_part_of_the_way(
    baked: Plan, asked: str
) -> None:
    found = alternatives(baked, asked, within=0.02)
    best = raised(found[0], asked)[0]
    reached = [raised(each, asked)[1] for each in found]
    assert len(reached) == 3
    assert reached[0] == max(reached)
    assert sorted(reached)[0] > best
    assert sorted(reached)[:2] == pytest.approx(
        [best + part / 3 * (reached[0] - best) for part in (1, 2)], abs=1e-2 * (reached[0] - best)
    )


def test_that_whoever_may_lose_more_goes_at_least_as_far(baked: Plan) -> None:
    reached = [
        raised(alternatives(baked, "leisure", count=1, within=within)[0], "leisure")[1]
        for within in (0.005, 0.01, 0.05)
    ]
    assert reached == sorted(reached)


def test_that_nothing_is_given_up_for_nothing(baked: Plan) -> None:
    (less_smoke,) = alternatives(baked, "limits", count=1, within=0.02)
    given_up = {step for step, *_, change in less_smoke.steps.iter_rows() if change < -1e-9}
    # Smoke comes from the oven, which bakes for basic and public needs only.
    assert given_up == {"worst", "basic"}
    assert less_smoke.limits["difference"].item() < 0


def test_that_alternatives_for_several_differ_from_each_other() -> None:
    best = plan(random_economy(12, 20, 2, 5))
    found = alternatives(best, "skills", count=3, within=0.02)
    assert len(found) == 3
    assert len({each.why["en"] for each in found}) == 3
    for each in found:
        assert each.why["en"].endswith(", within 0.02 of the best")
        assert "的工时最少" in each.why["zh"]


def test_that_an_alternative_can_be_explained(baked: Plan) -> None:
    (more_school,) = alternatives(baked, "need:school", count=1, within=0.05)
    text = more_school.plan.explain("school").text("en")
    assert text.startswith("school (public; bread, west, period 2): cut by")
    assert "That is made up of" in text


def test_that_no_alternative_is_shown_that_is_no_different(baked: Plan) -> None:
    # All hours of west are worked for haircuts, whoever is asked to give up a millionth.
    assert alternatives(baked, "limits", within=1e-9) == ()


@pytest.mark.parametrize("asked", ["taste", "skill:nurse", "skill", "means"])
def test_that_an_unknown_difference_is_refused_with_what_there_is(baked: Plan, asked: str) -> None:
    with pytest.raises(PlanningError) as caught:
        alternatives(baked, asked)
    assert f"{asked!r} is nothing that plans of this economy differ in" in caught.value.text("en")
    assert "leisure, skills, limits, regions, skill:…" in caught.value.text("en")
    assert "可用：leisure、skills、limits" in caught.value.text("zh")


def test_that_no_alternative_or_no_room_is_refused(baked: Plan) -> None:
    for count, within in ((0, 0.1), (1, 0.0)):
        with pytest.raises(PlanningError, match="ask for at least 1 alternative"):
            alternatives(baked, count=count, within=within)
