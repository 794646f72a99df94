"""Plans by prices and runs: certified, executable, and those that the simplex method finds."""

from collections.abc import Callable

import polars as pl
import pytest
from hypothesis import HealthCheck, given, settings
from tests.planning.test_planner import economies

from xietong.planning import ContradictionError, Economy, Plan, PlanningError, Progress, verify
from xietong.planning import plan as plan_of
from xietong.planning.generate import random_economy
from xietong.planning.terms import WORST

Tables = dict[str, pl.DataFrame]
few = settings(
    max_examples=15, deadline=None, suppress_health_check=list(HealthCheck), derandomize=True
)


def shares(plan: Plan) -> list[float]:
    return [round(float(share), 3) for share in plan.deliveries["share"]]


def two_needs(weights: tuple[float, float], tiers: tuple[str, str], capacity: float) -> Economy:
    """One product, as much of it as `capacity`, and two needs of 10 each."""
    return Economy(
        {
            "products": pl.DataFrame({"product": ["bread"], "unit": ["t"]}),
            "techniques": pl.DataFrame({"technique": ["bake"]}),
            "outputs": pl.DataFrame(
                {"technique": ["bake"], "product": ["bread"], "quantity": [1.0]}
            ),
            "labour": pl.DataFrame({"technique": ["bake"], "skill": ["work"], "hours": [1.0]}),
            "workforce": pl.DataFrame({"skill": ["work"], "hours": [100.0]}),
            "means": pl.DataFrame({"means": ["oven"], "available": [capacity]}),
            "occupies": pl.DataFrame({"technique": ["bake"], "means": ["oven"], "quantity": [1.0]}),
            "needs": pl.DataFrame(
                {
                    "need": ["a", "b"],
                    "tier": list(tiers),
                    "product": ["bread"] * 2,
                    "target": [10.0] * 2,
                    "weight": list(weights),
                }
            ),
        }
    )


def test_that_harmony_shares_out_what_is_scarce_by_weight_in_closed_form() -> None:
    # 2 (1.5 − a) = 1.5 − b where a + b = 1
    plan = plan_of(two_needs((2.0, 1.0), ("personal", "personal"), 10.0), harmony="smooth")
    assert shares(plan) == pytest.approx([5 / 6, 1 / 6], abs=2e-3)
    assert plan.certificate.harmony == "smooth"
    assert plan.certificate.gap <= 1e-3
    assert plan.certificate.shortage <= 1e-6


def test_that_an_earlier_tier_is_met_in_full_before_a_later_one() -> None:
    plan = plan_of(two_needs((0.1, 9.0), ("public", "reserve"), 12.0), harmony="smooth")
    assert shares(plan) == pytest.approx([1.0, 0.2], abs=2e-3)


def test_that_an_economy_with_every_feature_is_planned_as_by_the_simplex_method(
    bakery: Economy, baked: Plan
) -> None:
    plan = plan_of(bakery, harmony="smooth")
    assert verify(plan, bakery) == []
    assert plan.certificate.gap <= 1e-3
    by_simplex = {step.step: step.objective for step in baked.certificate.steps}
    # Segments lie below the smooth curve by at most an eighth of a hundredth.
    for step in plan.certificate.steps:
        assert step.objective == pytest.approx(by_simplex[step.step], abs=3e-3)


@few
@given(economies())
def test_that_every_smooth_plan_verifies_and_leaves_nobody_behind(tables: Tables) -> None:
    economy = Economy(tables)
    plan = plan_of(economy, harmony="smooth")
    assert verify(plan, economy) == []
    assert plan.certificate.shortage <= 1e-6
    steps = {step.step: step for step in plan.certificate.steps}
    if WORST in steps:
        best = {step.step: step.objective for step in plan_of(economy).certificate.steps}
        assert steps[WORST].objective == pytest.approx(best[WORST], abs=2e-3)


def test_that_a_tight_economy_of_a_thousand_products_is_certified_to_a_thousandth() -> None:
    economy = random_economy(1000, 1600, seed=3)
    plan = plan_of(economy, harmony="smooth")
    assert plan.certificate.gap <= 1e-3
    assert plan.certificate.shortage <= 1e-6
    assert verify(plan, economy) == []


def test_that_a_plan_made_again_from_itself_takes_fewer_iterations() -> None:
    economy = random_economy(300, 480, seed=1)
    counts: dict[str, int] = {}

    def counted(name: str) -> Callable[[Progress], None]:
        def count(progress: Progress) -> None:
            counts[name] = progress.iteration or counts.get(name, 0)

        return count

    first = plan_of(economy, harmony="smooth", progress=counted("cold"))
    again = plan_of(economy, harmony="smooth", start=first, progress=counted("warm"))
    assert again.certificate.shortage <= 1e-6
    assert counts["warm"] < counts["cold"]


def test_that_a_long_search_says_how_far_it_is() -> None:
    seen: list[Progress] = []
    plan_of(random_economy(300, 480, seed=1), harmony="smooth", progress=seen.append)
    assert seen[0].iteration == 256
    assert all(progress.gap is not None and progress.gap >= 0 for progress in seen[:-1])
    assert (seen[-1].done, seen[-1].steps) == (1, 1)


def test_that_the_best_so_far_is_returned_executable_when_time_is_over() -> None:
    economy = random_economy(300, 480, seed=1)
    plan = plan_of(economy, harmony="smooth", tolerance=1e-12, time_limit=0.01)
    assert plan.certificate.shortage <= 1e-6
    assert verify(plan, economy) == []


def test_that_final_stocks_that_nothing_can_leave_are_named(
    changed: Callable[..., Economy],
) -> None:
    economy = changed(stocks=lambda t: t.with_columns(final=pl.Series([500.0, 0.0])))
    with pytest.raises(ContradictionError) as error:
        plan_of(economy, harmony="smooth", time_limit=5.0)
    assert error.value.conflicts[0].commitments[0].product == "corn"


def test_that_another_harmony_is_refused(bakery: Economy) -> None:
    with pytest.raises(PlanningError, match="harmony is segments or smooth, not 'sweet'"):
        plan_of(bakery, harmony="sweet")


def test_that_departing_from_a_running_plan_costs_a_little(bakery: Economy) -> None:
    first = plan_of(bakery, harmony="smooth")
    again = plan_of(bakery, harmony="smooth", start=first)
    moved = float((first.runs["runs"] - again.runs["runs"]).abs().sum())
    assert moved <= 1e-2 * float(first.runs["runs"].sum())
