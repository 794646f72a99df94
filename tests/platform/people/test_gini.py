"""The Gini coefficient, in the one place where it is: the database's function `people_gini`."""

from itertools import product

import pytest
from django.db import connection
from hypothesis import given, settings
from hypothesis import strategies as st
from hypothesis.extra.django import TestCase

amounts = st.lists(st.integers(0, 10**12), max_size=40)


def gini(of: list[int]) -> float:
    with connection.cursor() as cursor:
        cursor.execute("SELECT people_gini(%s::bigint[])", [of])
        (found,) = cursor.fetchone()
    assert isinstance(found, float)
    return found


def by_definition(of: list[int]) -> float:
    """The mean difference of all pairs, over twice the mean."""
    if not sum(of):
        return 0.0
    return sum(abs(a - b) for a, b in product(of, of)) / (2 * len(of) * sum(of))


@pytest.mark.django_db
@pytest.mark.parametrize(
    ("of", "expected"),
    [
        ([], 0.0),
        ([7], 0.0),
        ([0, 0, 0], 0.0),
        ([5, 5, 5, 5], 0.0),
        ([0, 0, 0, 1], 0.75),
        ([3, 1], 0.25),
        (list(range(1, 101)), 0.33),
    ],
)
def test_that_gini_is_what_a_hand_reckons(of: list[int], expected: float) -> None:
    assert gini(of) == expected


class Laws(TestCase):
    @settings(max_examples=60, deadline=None)
    @given(amounts)
    def test_that_gini_is_as_it_was_defined(self, of: list[int]) -> None:
        assert gini(of) == pytest.approx(by_definition(of), abs=1e-12)
        assert 0 <= gini(of) < 1

    @settings(max_examples=30, deadline=None)
    @given(st.integers(0, 10**12), st.integers(1, 30))
    def test_that_gini_of_equals_is_nothing(self, amount: int, persons: int) -> None:
        assert gini([amount] * persons) == 0.0

    @settings(max_examples=30, deadline=None)
    @given(amounts, st.integers(1, 1000))
    def test_that_gini_is_the_same_in_any_unit_and_order(self, of: list[int], unit: int) -> None:
        assert gini([amount * unit for amount in reversed(of)]) == gini(of)
