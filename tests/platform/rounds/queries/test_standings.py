import pytest
from pytest_django import DjangoAssertNumQueries
from tests.platform import factories
from tests.platform.factories import Country

from xietong.platform.decisions.models import Motion
from xietong.platform.rounds.models import Round
from xietong.platform.rounds.queries import standings
from xietong.platform.rounds.queries.standings import Step

State = Round.State


def test_that_a_new_round_waits_for_its_orders_to_be_taken(country: Country) -> None:
    (first,) = standings.under_way()
    assert (first.number, first.state, first.next_step) == (1, State.GATHERING, Step.BEGIN_DRAFTING)
    assert (first.motion, first.vote_open, first.chosen) == (None, False, None)


def test_that_rounds_under_way_stand_with_the_furthest_on_first(voting: Country) -> None:
    assert [(each.number, each.state) for each in standings.under_way()] == [
        (1, State.DECIDING),
        (2, State.GATHERING),
    ]


def test_that_an_open_vote_is_shown_with_its_motion_and_can_be_ended(voting: Country) -> None:
    standing = standings.standing_of(1)
    assert standing.motion == Motion.objects.get().pk
    assert (standing.vote_open, standing.next_step) == (True, Step.END_VOTE)


def test_that_what_was_chosen_is_named_while_the_round_runs(voting: Country) -> None:
    voting.choose("leisure")
    standing = standings.standing_of(1)
    assert (standing.state, standing.vote_open, standing.next_step) == (
        State.RUNNING,
        False,
        Step.CLOSE,
    )
    assert standing.chosen is not None
    assert standing.chosen.key == "leisure"


def test_that_a_decided_round_waits_for_the_running_one(voting: Country) -> None:
    voting.choose()
    voting.order(units=2)
    voting.draft(2)
    voting.choose(number=2)
    standing = standings.standing_of(2)
    assert (standing.state, standing.vote_open, standing.next_step) == (State.DECIDING, False, None)


def test_that_a_failed_draft_can_be_drawn_again_and_one_in_the_making_cannot(
    country: Country,
) -> None:
    drafting = Round.objects.filter(number=1)
    drafting.update(state=State.DRAFTING)
    assert standings.standing_of(1).next_step is None
    assert standings.standing_of(1).being_drafted
    drafting.update(trouble="nothing can be made")
    assert standings.standing_of(1).next_step is Step.DRAFT_AGAIN
    assert not standings.standing_of(1).being_drafted


def test_that_only_rounds_whose_plan_is_or_was_at_work_have_figures(voting: Country) -> None:
    assert standings.numbers_with_a_plan() == []
    voting.choose()
    assert standings.numbers_with_a_plan() == [1]
    voting.close()
    assert standings.numbers_with_a_plan() == [1]


@pytest.mark.django_db
def test_that_the_list_of_rounds_takes_two_queries_for_one_round_and_for_three(
    django_assert_num_queries: DjangoAssertNumQueries,
) -> None:
    country = factories.found(1)
    with django_assert_num_queries(2):
        assert [each.number for each in standings.rounds()] == [1]
    for number in (1, 2):
        country.order(units=2)
        country.draft(number)
        country.choose(number=number)
    with django_assert_num_queries(2):
        assert [each.number for each in standings.rounds()] == [3, 2, 1]
