from itertools import permutations
from random import Random

import pytest
from hypothesis import given
from hypothesis import strategies as st

from xietong.voting.approval import Tally, tally

OPTIONS = ("rest", "goods", "rail")
BALLOTS = st.lists(st.frozensets(st.sampled_from(OPTIONS)), max_size=12)
ORDERS = st.permutations(OPTIONS)


def ballots(*choices: str) -> list[frozenset[str]]:
    return [frozenset(choice.split()) for choice in choices]


def test_that_the_option_with_most_approvals_wins() -> None:
    assert tally(ballots("rest goods", "goods", "rail"), OPTIONS, tie_break=OPTIONS) == Tally(
        counts={"rest": 1, "goods": 2, "rail": 1}, ballots=3, winner="goods", tied=("goods",)
    )


@pytest.mark.parametrize("order", list(permutations(OPTIONS)))
def test_that_a_tie_goes_to_whoever_stands_first_in_the_given_order(order: tuple[str, ...]) -> None:
    counted = tally(ballots("rest", "goods", "rail"), OPTIONS, tie_break=order)
    assert (counted.winner, counted.tied) == (order[0], order)


def test_that_only_the_most_approved_take_part_in_a_tie() -> None:
    counted = tally(ballots("goods", "rail"), OPTIONS, tie_break=("rest", "rail", "goods"))
    assert (counted.winner, counted.tied) == ("rail", ("rail", "goods"))


def test_that_an_empty_ballot_is_counted_as_a_ballot_that_approves_nothing() -> None:
    counted = tally(ballots("", "rail"), OPTIONS, tie_break=OPTIONS)
    assert (counted.ballots, sum(counted.counts.values())) == (2, 1)


def test_that_without_ballots_all_are_tied_at_nothing() -> None:
    assert tally([], OPTIONS, tie_break=OPTIONS) == Tally(
        counts={"rest": 0, "goods": 0, "rail": 0}, ballots=0, winner="rest", tied=OPTIONS
    )


@given(BALLOTS, ORDERS)
def test_that_nobody_has_more_approvals_than_the_winner(
    cast: list[frozenset[str]], order: list[str]
) -> None:
    counted = tally(cast, OPTIONS, tie_break=order)
    assert counted.counts[counted.winner] == max(counted.counts.values())
    assert sum(counted.counts.values()) == sum(len(ballot) for ballot in cast)


@given(BALLOTS, ORDERS, st.randoms())
def test_that_the_order_of_ballots_does_not_matter(
    cast: list[frozenset[str]], order: list[str], random: Random
) -> None:
    shuffled = cast[:]
    random.shuffle(shuffled)
    assert tally(cast, OPTIONS, tie_break=order) == tally(shuffled, OPTIONS, tie_break=order)


@given(BALLOTS, ORDERS)
def test_that_one_more_approval_never_unseats_the_winner(
    cast: list[frozenset[str]], order: list[str]
) -> None:
    winner = tally(cast, OPTIONS, tie_break=order).winner
    assert tally([*cast, frozenset({winner})], OPTIONS, tie_break=order).winner == winner


def test_that_a_ballot_for_something_else_is_refused_with_its_number() -> None:
    with pytest.raises(ValueError, match="ballot 2 names 'war', which is no option"):
        tally(ballots("rest", "war"), OPTIONS, tie_break=OPTIONS)


@pytest.mark.parametrize("options", [(), ("rest", "rest")])
def test_that_options_must_be_there_and_differ(options: tuple[str, ...]) -> None:
    with pytest.raises(ValueError, match="there must be options, and each only once"):
        tally([], options, tie_break=options)


@pytest.mark.parametrize("order", [("rest", "goods"), ("rest", "goods", "war"), (*OPTIONS, "rest")])
def test_that_a_tie_is_broken_by_an_order_of_all_options(order: tuple[str, ...]) -> None:
    with pytest.raises(ValueError, match="must hold every option once"):
        tally([], OPTIONS, tie_break=order)
