from decimal import Decimal

import pytest
from pytest_django import DjangoAssertNumQueries

from xietong.platform.decisions import actions, queries
from xietong.platform.decisions.models import Motion
from xietong.platform.people.models import Person
from xietong.platform.record import actions as record


@pytest.fixture
def motions(roll: list[Person]) -> list[Motion]:
    """Three open votes."""
    return [_motion(roll[0], f"p{number}") for number in range(3)]


def _motion(by: Person, code: str) -> Motion:
    record.define_parameter(
        code,
        name_en=code,
        name_zh=code,
        value=Decimal(1),
        lowest=Decimal(0),
        highest=Decimal(2),
    )
    return actions.put_parameter_to_vote(by, code=code, values=[Decimal(2)])


def test_that_open_motions_tell_whether_the_person_has_voted(
    motions: list[Motion], roll: list[Person]
) -> None:
    actions.cast_ballot(roll[0], motion=motions[1], choices=["2"])
    found = queries.open_motions(roll[0])
    assert [(motion.title_en, motion.has_voted) for motion in found] == [  # type: ignore[attr-defined]
        ("p2", False),
        ("p1", True),
        ("p0", False),
    ]
    assert not any(motion.has_voted for motion in queries.open_motions())  # type: ignore[attr-defined]


def test_that_nothing_is_counted_while_the_vote_is_open(
    motions: list[Motion], roll: list[Person]
) -> None:
    actions.cast_ballot(roll[0], motion=motions[0], choices=["2"])
    results = queries.results(queries.motion(motions[0].pk))
    assert [(result.option.key, result.approvals, result.won) for result in results] == [
        ("1", None, False),
        ("2", None, False),
    ]


def test_that_results_are_shown_in_the_order_of_the_options(
    motions: list[Motion], roll: list[Person]
) -> None:
    actions.cast_ballot(roll[0], motion=motions[0], choices=["2"])
    actions.decide(motions[0])
    results = queries.results(queries.motion(motions[0].pk))
    assert [(result.option.key, result.approvals, result.won) for result in results] == [
        ("1", 0, False),
        ("2", 1, True),
    ]


@pytest.mark.parametrize("items", [1, 3])
def test_that_a_page_of_decided_motions_takes_three_queries(
    motions: list[Motion],
    roll: list[Person],
    items: int,
    django_assert_num_queries: DjangoAssertNumQueries,
) -> None:
    for motion in motions[:items]:
        actions.cast_ballot(roll[0], motion=motion, choices=["2"])
        actions.decide(motion)
    with django_assert_num_queries(3):
        found = [
            (motion.title_en, len(motion.options.all())) for motion in queries.decided_motions()
        ]
    assert found == [(f"p{number}", 2) for number in reversed(range(items))]


def test_that_who_has_not_voted_has_no_ballot(motions: list[Motion], roll: list[Person]) -> None:
    assert queries.ballot_of(roll[0], motions[0]) is None
    actions.cast_ballot(roll[0], motion=motions[0], choices=[])
    assert queries.ballot_of(roll[0], motions[0]) == frozenset()
