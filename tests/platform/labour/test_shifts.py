"""The week of an enterprise: shifts, who has them, and how members exchange them."""

from collections.abc import Callable
from functools import partial
from uuid import uuid4

import pytest

from xietong.platform.base import Rejected
from xietong.platform.enterprises import actions as enterprises
from xietong.platform.labour import actions
from xietong.platform.labour.models import Shift, ShiftPlace, Swap
from xietong.platform.labour.rules import PostRefusal
from xietong.platform.people.models import Person

from ..conftest import Crowd
from .conftest import Team
from .test_posts import broken_law, give

HOUR = 60
TAKE = "INSERT INTO labour_shiftplace (person_id, shift_id) VALUES (%s, %s)"


def refusal_of(call: Callable[[], object]) -> object:
    with pytest.raises(Rejected) as refused:
        call()
    return refused.value.reason


def shift(by: Person, weekday: int, starts: int, hours: int = 8, places: int = 1) -> Shift:
    return actions.plan_shift(
        by, weekday=weekday, starts=starts * HOUR, minutes=hours * HOUR, places=places
    )


def taken() -> set[tuple[str, int]]:
    return set(ShiftPlace.objects.values_list("person__name", "shift__weekday"))


def test_that_a_member_takes_a_shift_and_gives_it_back(team: Team) -> None:
    monday = shift(team.ana, 1, 8)
    actions.take_shift(team.bruno, shift=monday.id)
    actions.take_shift(team.bruno, shift=monday.id)
    assert taken() == {("Bruno", 1)}
    assert refusal_of(partial(actions.drop_shift, team.ana, shift=monday.id)) is (
        PostRefusal.SHIFT_TAKEN
    )
    actions.leave_shift(team.bruno, shift=monday.id)
    assert taken() == set()
    actions.drop_shift(team.ana, shift=monday.id)
    assert not Shift.objects.exists()


def test_that_a_shift_has_no_more_people_than_places(team: Team) -> None:
    monday = shift(team.ana, 1, 8)
    actions.take_shift(team.bruno, shift=monday.id)
    late = partial(actions.take_shift, team.carla, shift=monday.id)
    assert refusal_of(late) is PostRefusal.SHIFT_FULL
    assert broken_law(TAKE, team.carla.id, monday.id) == "labour_shiftplace_places"
    assert taken() == {("Bruno", 1)}


def test_that_only_members_take_and_plan_shifts(team: Team) -> None:
    monday = shift(team.ana, 1, 8)
    take = partial(actions.take_shift, team.smith, shift=monday.id)
    assert refusal_of(take) is PostRefusal.NO_SUCH_SHIFT
    assert refusal_of(lambda: shift(team.guest, 1, 8)) is PostRefusal.NOT_A_TEAM_MATE
    assert broken_law(TAKE, team.smith.id, monday.id) == "labour_shiftplace_of_member"


@pytest.mark.parametrize(
    ("weekday", "starts", "fits"),
    [(1, 23, False), (2, 2, False), (2, 3, True), (1, 13, False), (7, 13, True), (7, 14, False)],
)
def test_that_eleven_hours_of_rest_lie_between_two_shifts(
    team: Team, weekday: int, starts: int, fits: bool
) -> None:
    actions.take_shift(team.ana, shift=shift(team.ana, 1, 8).id)
    other = shift(team.ana, weekday, starts)
    if fits:
        actions.take_shift(team.ana, shift=other.id)
        return
    take = partial(actions.take_shift, team.ana, shift=other.id)
    assert refusal_of(take) is PostRefusal.NO_REST
    assert broken_law(TAKE, team.ana.id, other.id) == "labour_shiftplace_rest"


def test_that_shifts_stay_within_the_hours_of_the_posts(busy: Team) -> None:
    give(busy.guest, minutes=15 * HOUR)
    actions.take_shift(busy.guest, shift=shift(busy.ana, 1, 8).id)
    tuesday = shift(busy.ana, 2, 8)
    take = partial(actions.take_shift, busy.guest, shift=tuesday.id)
    assert refusal_of(take) is PostRefusal.BEYOND_ASSIGNMENT
    actions.take_shift(busy.guest, shift=shift(busy.ana, 2, 8, hours=7).id)
    for day in range(1, 6):
        actions.take_shift(busy.ana, shift=shift(busy.ana, day, 9).id)
    sixth = partial(actions.take_shift, busy.ana, shift=shift(busy.ana, 6, 9, hours=1).id)
    assert refusal_of(sixth) is PostRefusal.BEYOND_ASSIGNMENT


@pytest.mark.parametrize(
    ("weekday", "starts", "minutes", "places"),
    [(0, 0, 60, 1), (8, 0, 60, 1), (1, 1440, 60, 1), (1, 0, 0, 1), (1, 0, 721, 1), (1, 0, 60, 0)],
)
def test_that_impossible_shifts_are_refused(
    team: Team, weekday: int, starts: int, minutes: int, places: int
) -> None:
    plan = partial(
        actions.plan_shift,
        team.ana,
        weekday=weekday,
        starts=starts,
        minutes=minutes,
        places=places,
    )
    assert refusal_of(plan) is PostRefusal.NO_SUCH_TIMES
    unknown = partial(
        actions.plan_shift, team.ana, weekday=1, starts=0, minutes=60, places=1, skill="flyer"
    )
    assert refusal_of(unknown) is PostRefusal.NO_SUCH_SKILL
    assert not Shift.objects.exists()


def test_that_two_members_exchange_shifts_when_both_agree(team: Team) -> None:
    monday, tuesday = shift(team.ana, 1, 8), shift(team.ana, 2, 8)
    actions.take_shift(team.ana, shift=monday.id)
    actions.take_shift(team.bruno, shift=tuesday.id)
    asked = actions.ask_swap(team.ana, gives=monday.id, other=team.bruno.id, takes=tuesday.id)
    assert taken() == {("Ana", 1), ("Bruno", 2)}
    answer = partial(actions.answer_swap, swap=asked.id, agree=True)
    assert refusal_of(partial(answer, team.carla)) is PostRefusal.NO_SUCH_SWAP
    answer(team.bruno)
    assert taken() == {("Ana", 2), ("Bruno", 1)}
    assert refusal_of(partial(answer, team.bruno)) is PostRefusal.NO_SUCH_SWAP


def test_that_a_shift_is_handed_over_for_nothing_or_kept_when_the_other_declines(
    team: Team,
) -> None:
    monday = shift(team.ana, 1, 8)
    actions.take_shift(team.ana, shift=monday.id)
    for mate, agree in ((team.bruno, False), (team.carla, True)):
        asked = actions.ask_swap(team.ana, gives=monday.id, other=mate.id)
        actions.answer_swap(mate, swap=asked.id, agree=agree)
    assert taken() == {("Carla", 1)}


def test_that_an_exchange_without_rest_leaves_everything_as_it_was(team: Team) -> None:
    monday, late = shift(team.ana, 1, 8), shift(team.ana, 1, 20)
    actions.take_shift(team.ana, shift=monday.id)
    actions.take_shift(team.bruno, shift=late.id)
    asked = actions.ask_swap(team.ana, gives=monday.id, other=team.bruno.id)
    answer = partial(actions.answer_swap, team.bruno, swap=asked.id, agree=True)
    assert refusal_of(answer) is PostRefusal.NO_REST
    assert ShiftPlace.objects.filter(person=team.ana, shift=monday).exists()
    assert Swap.objects.filter(id=asked.id).exists()


def test_that_one_asks_only_team_mates_and_only_for_what_they_have(team: Team) -> None:
    monday = shift(team.ana, 1, 8)
    actions.take_shift(team.ana, shift=monday.id)
    ask = partial(actions.ask_swap, team.ana)
    assert refusal_of(partial(ask, gives=monday.id, other=team.smith.id)) is (
        PostRefusal.NOT_A_TEAM_MATE
    )
    assert refusal_of(partial(ask, gives=uuid4(), other=team.bruno.id)) is (
        PostRefusal.NO_SUCH_SHIFT
    )
    nothing = partial(ask, gives=monday.id, other=team.bruno.id, takes=monday.id)
    assert refusal_of(nothing) is PostRefusal.NO_SUCH_SHIFT
    asked = ask(gives=monday.id, other=team.bruno.id)
    actions.withdraw_swap(team.ana, swap=asked.id)
    assert not Swap.objects.exists()


def test_that_shifts_and_exchanges_end_with_the_place(team: Team) -> None:
    monday = shift(team.ana, 1, 8)
    actions.take_shift(team.ana, shift=monday.id)
    actions.ask_swap(team.ana, gives=monday.id, other=team.bruno.id)
    enterprises.leave(team.ana)
    assert taken() == set()
    assert not Swap.objects.exists()


@pytest.mark.django_db(transaction=True)
def test_that_the_last_place_of_a_shift_is_taken_once(team: Team, eight_at_once: Crowd) -> None:
    monday = shift(team.ana, 1, 8)
    crowd = Person.objects.bulk_create(
        Person(username=f"p{number}", name=f"P{number}") for number in range(8)
    )
    enterprises.join_many(enterprises.Place(person, "workshop") for person in crowd)
    outcomes = eight_at_once(lambda number: actions.take_shift(crowd[number], shift=monday.id))
    assert sorted(map(str, outcomes)) == ["None"] + ["shift_full"] * 7
    assert ShiftPlace.objects.count() == 1
