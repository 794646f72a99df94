from dataclasses import replace
from itertools import combinations
from random import Random

import numpy as np
from hypothesis import given, settings
from hypothesis import strategies as st
from scipy.optimize import linear_sum_assignment

from xietong.platform.labour.matching import (
    SHORTEST,
    Distance,
    Fitness,
    Hand,
    Match,
    Opening,
    Seat,
    Why,
    match,
    points,
    rooms,
)

FULL = 2400
SEED = "4f1d"


def post(id: str, places: int = 1, skill: str | None = None, **given: int) -> Opening:
    vacant = places * FULL
    return Opening(
        id, skill, (Seat(FULL),) * places, vacant, given.get("needed", vacant), given.get("has", 0)
    )


def hand(id: str, *choices: str, **given: object) -> Hand:
    return Hand(id, **{"minutes": FULL, "choices": choices, **given})  # type: ignore[arg-type]


def offered(found: list[Match]) -> dict[str, tuple[str, int]]:
    return {one.hand: (one.opening, one.seat.minutes) for one in found}


def test_that_everyone_gets_what_they_like_best_where_that_is_possible() -> None:
    hands = [hand("ana", "rice", "soap"), hand("bo", "soap", "rice")]
    found = match(hands, [post("rice"), post("soap")], SEED)
    assert offered(found) == {"ana": ("rice", FULL), "bo": ("soap", FULL)}
    assert [one.choice for one in found] == [1, 1]
    assert [one.lost for one in found] == [(), ()]


def test_that_a_confirmed_skill_goes_before_a_stated_one_and_that_before_learning() -> None:
    hands = [
        hand("ana", "mill", "any", learns=True),
        hand("bo", "mill", "any", skills={"miller": False}),
        hand("cy", "mill", "any", skills={"miller": True}),
    ]
    found = match(hands, [post("mill", skill="miller"), post("any", 2)], SEED)
    assert offered(found) == {"ana": ("any", FULL), "bo": ("any", FULL), "cy": ("mill", FULL)}
    assert [one.lost for one in found] == [(("mill", Why.SKILL),), (("mill", Why.SKILL),), ()]
    assert [one.fitness for one in found] == [
        Fitness.NEEDLESS,
        Fitness.NEEDLESS,
        Fitness.CONFIRMED,
    ]


def test_that_between_equals_the_longer_wait_decides() -> None:
    hands = [hand("ana", "rice"), hand("bo", "rice", waiting=3), hand("cy", "rice", waiting=2)]
    found = match(hands, [post("rice"), post("soap", 2)], SEED)
    assert offered(found)["bo"] == ("rice", FULL)
    assert [one.lost for one in found] == [
        (("rice", Why.WAITING),),
        (),
        (("rice", Why.WAITING),),
    ]


def test_that_between_equals_who_wait_equally_the_seed_decides() -> None:
    hands = [hand(name, "rice") for name in ("ana", "bo")]
    posts = [post("rice"), post("soap")]
    winners = {
        next(one.hand for one in match(hands, posts, str(seed)) if one.opening == "rice")
        for seed in range(20)
    }
    assert winners == {"ana", "bo"}
    loser = next(one for one in match(hands, posts, SEED) if one.opening == "soap")
    assert (loser.choice, loser.lost) == (None, (("rice", Why.LOT),))


def test_that_who_wants_little_is_offered_little() -> None:
    assert offered(match([hand("ana", "rice", minutes=1200)], [post("rice")], SEED)) == {
        "ana": ("rice", 1200)
    }


def test_that_a_choice_that_is_not_open_is_told() -> None:
    found = match([hand("ana", "gone", "rice")], [post("rice")], SEED)
    assert found[0].lost == (("gone", Why.CLOSED),)


def test_that_with_fewer_places_than_hands_the_open_hours_are_shared() -> None:
    hands = [hand(name, "rice") for name in ("ana", "bo", "cy")]
    found = match(hands, [post("rice")], SEED)
    assert offered(found) == dict.fromkeys(("ana", "bo", "cy"), ("rice", 800))
    assert [one.shares for one in found] == [False, False, False]


def test_that_with_no_open_hours_a_team_shares_its_own() -> None:
    full = Opening("rice", None, (), 0, needed=3 * FULL, holders=3)
    small = Opening("soap", None, (), 0, needed=FULL, holders=2)
    found = match([hand("ana", "soap")], [full, small], SEED)
    assert offered(found) == {"ana": ("rice", 1800)}
    assert found[0].shares
    assert found[0].lost == (("soap", Why.CLOSED),)


def test_that_a_post_taken_in_turn_gives_each_a_turn() -> None:
    seats = (Seat(FULL, 2, 0), Seat(FULL, 2, 1))
    found = match([hand("ana"), hand("bo")], [Opening("bins", None, seats)], SEED)
    assert {one.seat for one in found} == set(seats)


def test_that_nobody_is_offered_anything_where_no_work_is_needed() -> None:
    assert match([hand("ana", "rice")], [Opening("rice", None)], SEED) == []
    assert match([], [post("rice")], SEED) == []


SKILLS = ("baker", "miller", "smith")
POSTS = ("p1", "p2", "p3", "p4")
openings = st.lists(
    st.builds(
        lambda id, skill, places, has, region: replace(
            post(id, places, skill, needed=(places + has) * FULL + 60, has=has), region=region
        ),
        st.sampled_from(POSTS),
        st.sampled_from((None, *SKILLS)),
        st.integers(0, 3),
        st.integers(0, 2),
        st.sampled_from(("valley", "hill")),
    ),
    unique_by=lambda one: one.id,
    min_size=1,
)
hands = st.lists(
    st.builds(
        Hand,
        id=st.sampled_from([f"h{number}" for number in range(12)]),
        minutes=st.sampled_from((600, 1200, FULL)),
        choices=st.lists(st.sampled_from(POSTS), unique=True, max_size=4).map(tuple),
        skills=st.dictionaries(st.sampled_from(SKILLS), st.booleans()),
        learns=st.booleans(),
        anything=st.booleans(),
        waiting=st.integers(0, 9),
        home=st.sampled_from((None, "valley", "hill", "coast")),
        moves=st.booleans(),
    ),
    unique_by=lambda one: one.id,
    max_size=10,
)


@settings(max_examples=150, deadline=None)
@given(hands, openings)
def test_that_everyone_willing_gets_an_offer_and_no_place_is_offered_twice(
    willing: list[Hand], work: list[Opening]
) -> None:
    found = match(willing, work, SEED)
    assert [one.hand for one in found] == sorted(one.id for one in willing)
    for opening in work:
        here = [one for one in found if one.opening == opening.id]
        if any(one.shares for one in here):
            assert len(willing) > sum(len(each.seats) for each in work)
            assert all(one.shares and one.seat.minutes >= 1 for one in here)
        else:
            assert sum(one.seat.minutes for one in here) <= opening.vacant
        if len(here) > len(opening.seats):
            assert len(willing) > sum(len(each.seats) for each in work)


@settings(max_examples=150, deadline=None)
@given(hands, openings)
def test_that_the_sum_of_points_is_the_greatest_there_can_be(
    willing: list[Hand], work: list[Opening]
) -> None:
    found = match(willing, work, SEED)
    by_id = {one.id: one for one in work}
    people = {one.id: one for one in willing}
    _, room = rooms(sorted(work, key=lambda one: one.id), len(willing))
    seats = [one for one in work for _ in range(room[one.id])]
    worth = np.array([[points(each, seat) for seat in seats] for each in willing])
    best = worth[linear_sum_assignment(worth, maximize=True)].sum() if willing else 0
    assert sum(points(people[one.hand], by_id[one.opening]) for one in found) == best
    for one, other in combinations(found, 2):
        mine, theirs = people[one.hand], people[other.hand]
        kept = points(mine, by_id[one.opening]) + points(theirs, by_id[other.opening])
        swapped = points(mine, by_id[other.opening]) + points(theirs, by_id[one.opening])
        assert swapped <= kept


@settings(max_examples=100, deadline=None)
@given(hands, openings, st.randoms())
def test_that_the_order_in_which_people_come_does_not_matter(
    willing: list[Hand], work: list[Opening], order: Random
) -> None:
    found = match(willing, work, SEED)
    order.shuffle(willing)
    order.shuffle(work)
    assert match(willing, work, SEED) == found


@settings(max_examples=100, deadline=None)
@given(hands, openings)
def test_that_each_dearer_choice_that_went_elsewhere_is_explained(
    willing: list[Hand], work: list[Opening]
) -> None:
    people = {one.id: one for one in willing}
    for one in match(willing, work, SEED):
        choices = people[one.hand].choices
        dearer = choices if one.choice is None else choices[: one.choice - 1]
        assert tuple(post for post, _ in one.lost) == dearer


def test_that_open_hours_are_shared_down_to_four_hours_a_week() -> None:
    crowd = [hand(f"h{number}") for number in range(30)]
    divided, room = rooms([post("rice", needed=9000)], len(crowd))
    assert divided == {"rice": FULL // SHORTEST}
    assert room == {"rice": 30}
    assert {one.seat.minutes for one in match(crowd, [post("rice", needed=9000)], SEED)} == {300}


VALLEY = replace(post("rice", skill="miller"), region="valley")
HILL = replace(post("soap"), region="hill")


def test_that_work_where_one_lives_comes_before_better_fitting_work_elsewhere() -> None:
    found = match([hand("ana", home="valley")], [VALLEY, HILL], SEED)
    assert [(one.opening, one.distance) for one in found] == [("rice", Distance.NEAR)]


def test_that_who_is_willing_to_move_is_offered_what_fits_best() -> None:
    found = match([hand("ana", home="valley", moves=True)], [VALLEY, HILL], SEED)
    assert [(one.opening, one.distance) for one in found] == [("soap", Distance.MOVES)]


def test_that_a_choice_elsewhere_says_that_one_would_go() -> None:
    found = match([hand("ana", "soap", home="valley")], [VALLEY, HILL], SEED)
    assert [(one.opening, one.distance) for one in found] == [("soap", Distance.CHOSEN)]


def test_that_nobody_goes_without_because_all_work_is_far() -> None:
    hands = [hand(name, home="valley") for name in ("ana", "bo")]
    found = match(hands, [VALLEY, HILL], SEED)
    assert sorted((one.opening, one.distance) for one in found) == [
        ("rice", Distance.NEAR),
        ("soap", Distance.FAR),
    ]


def test_that_where_no_home_is_known_all_work_is_alike() -> None:
    (found,) = match([hand("ana")], [VALLEY, HILL], SEED)
    assert (found.opening, found.distance) == ("soap", Distance.UNKNOWN)


@settings(max_examples=150, deadline=None)
@given(hands, openings)
def test_that_as_long_as_places_suffice_everyone_has_a_whole_one(
    willing: list[Hand], work: list[Opening]
) -> None:
    """The law: who is willing has an offer, wherever they live and however far they would go."""
    found = match(willing, work, SEED)
    assert len(found) == len(willing)
    if sum(len(each.seats) for each in work) >= len(willing):
        people = {one.id: one for one in willing}
        assert all(one.seat.minutes == min(FULL, people[one.hand].minutes) for one in found)
        assert not any(one.shares for one in found)
