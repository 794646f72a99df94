"""The first periods of an economy are an economy of their own."""

import pytest

from xietong.planning import Economy, PlanningError, plan, verify
from xietong.planning.horizon import first_periods


def test_that_all_periods_are_the_economy_itself(bakery: Economy) -> None:
    assert first_periods(bakery, 3).sha256 == bakery.sha256


def test_that_what_is_dated_later_is_gone(bakery: Economy) -> None:
    two = first_periods(bakery, 2)
    assert two.periods["period"].to_list() == [1, 2]
    assert two.workforce["period"].to_list() == [None, 1, 2]
    assert two.needs["need"].to_list() == ["bread-east", "bread-west", "school", "haircut"]
    assert two.limits.equals(bakery.limits)
    assert first_periods(bakery, 1).limits.is_empty()
    made = plan(two)
    assert verify(made, two) == []
    assert made.runs["period"].max() == 2


def test_that_projects_that_start_later_are_gone_with_all_that_is_theirs(
    bakery: Economy,
) -> None:
    late = Economy(
        {**bakery.tables, "projects": bakery.projects.with_columns(earliest=2, latest=3)}
    )
    assert first_periods(late, 2).projects["latest"].to_list() == [None]
    one = first_periods(late, 1)
    for name in ("projects", "project_inputs", "project_labour", "project_means"):
        assert one.tables[name].is_empty()


@pytest.mark.parametrize("periods", [0, 4])
def test_that_periods_that_are_not_there_are_refused(bakery: Economy, periods: int) -> None:
    with pytest.raises(PlanningError, match=f"plan 1 to 3 of them, not {periods}"):
        first_periods(bakery, periods)
