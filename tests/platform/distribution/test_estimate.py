import pytest
from hypothesis import given
from hypothesis import strategies as st

from xietong.platform.distribution.estimate import interval_of_median, saturation

uses = st.floats(0.01, 1000)


def test_that_use_there_against_use_elsewhere_is_carried_over_to_all() -> None:
    estimate = saturation([(2.0, 1.0), (3.0, 1.5), (2.0, 1.0)], [], present=2.0, rounds=3)
    assert estimate is not None
    assert (estimate.per_head, estimate.low, estimate.high) == (4.0, 4.0, 4.0)


def test_that_what_always_set_the_region_apart_falls_out() -> None:
    estimate = saturation([(3.0, 1.0)] * 2, [(1.5, 1.0)] * 3, present=1.0, rounds=2)
    assert estimate is not None
    assert estimate.per_head == pytest.approx(2.0)


def test_that_nothing_is_estimated_where_nobody_elsewhere_used_any() -> None:
    assert saturation([(3.0, 0.0)], [], present=1.0, rounds=2) is None


def test_that_the_interval_is_the_one_counted_by_hand() -> None:
    # Of three: the least is the median of 7 samples in 27, the greatest of 7.
    assert interval_of_median([3.0, 1.0, 2.0]) == (1.0, 3.0)
    # Of nine, the median is the second least or less in 1.7 %, the third in 9.5 %.
    assert interval_of_median([float(n) for n in range(1, 10)]) == (3.0, 7.0)


@given(st.lists(uses, min_size=1, max_size=12))
def test_that_the_interval_lies_among_the_values_and_holds_the_median(values: list[float]) -> None:
    low, high = interval_of_median(values)
    assert {low, high} <= set(values)
    assert low <= sorted(values)[(len(values) - 1) // 2] <= high


@given(st.lists(st.tuples(uses, uses), min_size=1, max_size=8), uses, st.floats(0.5, 2))
def test_that_a_season_that_moves_the_whole_country_changes_nothing(
    trial: list[tuple[float, float]], present: float, season: float
) -> None:
    calm = saturation(trial, [], present, 3)
    moved = saturation([(a * season, b * season) for a, b in trial], [], present, 3)
    assert calm is not None
    assert moved is not None
    assert moved.per_head == pytest.approx(calm.per_head)
