from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from functools import partial
from threading import Barrier
from uuid import UUID, uuid4

import pytest
from django.db import DatabaseError, IntegrityError, connection, transaction
from pytest_django import DjangoAssertNumQueries

from xietong.platform.base import Rejected
from xietong.platform.enterprises import actions as enterprises
from xietong.platform.labour import actions
from xietong.platform.labour.models import WorkRecord
from xietong.platform.labour.rules import Refusal
from xietong.platform.people.models import Person

from .conftest import Team


def logged() -> list[tuple[str, int, int]]:
    found = WorkRecord.objects.order_by("person__name", "week")
    return list(found.values_list("person__name", "week", "minutes"))


def certified() -> list[tuple[str, str | None]]:
    found = WorkRecord.objects.order_by("person__name", "week")
    return list(found.values_list("person__name", "certified_by__name"))


def log(by: Person, person: Person, week: int = 1, minutes: int = 2400) -> UUID:
    actions.log_hours(by, person=person, week=week, minutes=minutes)
    return WorkRecord.objects.get(person=person, week=week).id


def refusal_of(call: Callable[[], object]) -> Refusal:
    with pytest.raises(Rejected) as refused:
        call()
    assert isinstance(refused.value.reason, Refusal)
    return refused.value.reason


def test_that_a_person_logs_their_own_week_and_changes_it(team: Team) -> None:
    log(team.ana, team.ana, minutes=2400)
    log(team.ana, team.ana, minutes=2100)
    log(team.ana, team.ana, week=2, minutes=600)
    assert logged() == [("Ana", 1, 2100), ("Ana", 2, 600)]


def test_that_a_member_logs_for_the_whole_team_at_once(team: Team) -> None:
    log(team.ana, team.carla, minutes=60)
    actions.log_team_hours(
        team.bruno, week=1, minutes={team.ana.id: 2400, team.bruno.id: 2000, team.carla.id: 0}
    )
    assert logged() == [("Ana", 1, 2400), ("Bruno", 1, 2000)]
    assert set(WorkRecord.objects.values_list("logged_by__name", "enterprise_id")) == {
        ("Bruno", "workshop")
    }


def test_that_logging_a_team_takes_the_same_queries_for_one_and_three(
    team: Team, django_assert_num_queries: DjangoAssertNumQueries
) -> None:
    three = {person.id: 2400 for person in (team.ana, team.bruno, team.carla)}
    actions.log_team_hours(team.ana, week=1, minutes=three)
    for minutes in ({team.ana.id: 2400}, three):
        with django_assert_num_queries(7):
            actions.log_team_hours(team.ana, week=1, minutes=minutes)


@pytest.mark.parametrize("stranger", ["smith", "guest"])
def test_that_nobody_logs_for_another_team(team: Team, stranger: str) -> None:
    person: Person = getattr(team, stranger)
    assert refusal_of(lambda: log(person, team.ana)) is Refusal.NOT_A_TEAM_MATE
    assert refusal_of(lambda: log(team.ana, person)) is Refusal.NOT_A_TEAM_MATE
    assert logged() == []


def test_that_one_stranger_refuses_the_whole_list(team: Team) -> None:
    minutes = {team.ana.id: 2400, team.smith.id: 2400}
    reason = refusal_of(lambda: actions.log_team_hours(team.ana, week=1, minutes=minutes))
    assert reason is Refusal.NOT_A_TEAM_MATE
    assert logged() == []


@pytest.mark.parametrize(
    ("week", "minutes", "reason"),
    [
        (0, 60, Refusal.NO_SUCH_WEEK),
        (6, 60, Refusal.NO_SUCH_WEEK),
        (1, -1, Refusal.NO_SUCH_MINUTES),
        (1, 3601, Refusal.NO_SUCH_MINUTES),
    ],
)
def test_that_impossible_weeks_and_hours_are_refused(
    team: Team, week: int, minutes: int, reason: Refusal
) -> None:
    assert refusal_of(lambda: log(team.ana, team.ana, week, minutes)) is reason
    assert logged() == []


def test_that_hours_are_logged_only_while_a_round_runs(team: Team) -> None:
    enterprises.close_dispatch(1)
    assert refusal_of(lambda: log(team.ana, team.ana)) is Refusal.NO_OPEN_ROUND
    assert logged() == []


def test_that_hours_logged_in_another_enterprise_stay(team: Team) -> None:
    log(team.ana, team.ana)
    enterprises.leave(team.ana)
    enterprises.join(team.ana, "smithy")
    assert refusal_of(lambda: log(team.ana, team.ana, minutes=1)) is Refusal.WORKED_ELSEWHERE
    assert logged() == [("Ana", 1, 2400)]


def test_that_a_team_mate_certifies(team: Team) -> None:
    records = [log(team.ana, team.ana), log(team.carla, team.carla)]
    assert actions.certify(team.bruno, records=records) == 2
    assert certified() == [("Ana", "Bruno"), ("Carla", "Bruno")]


def test_that_certifying_again_changes_nothing(team: Team) -> None:
    record = log(team.ana, team.ana)
    actions.certify(team.bruno, records=[record])
    assert actions.certify(team.carla, records=[record]) == 0
    assert certified() == [("Ana", "Bruno")]


def test_that_nobody_certifies_their_own_hours(team: Team) -> None:
    records = [log(team.ana, team.ana), log(team.ana, team.bruno)]
    assert refusal_of(lambda: actions.certify(team.ana, records=records)) is Refusal.OWN_HOURS
    assert certified() == [("Ana", None), ("Bruno", None)]


@pytest.mark.parametrize("stranger", ["smith", "guest"])
def test_that_only_team_mates_certify(team: Team, stranger: str) -> None:
    records = [log(team.ana, team.ana)]
    person: Person = getattr(team, stranger)
    assert refusal_of(lambda: actions.certify(person, records=records)) is Refusal.NOT_A_TEAM_MATE
    assert certified() == [("Ana", None)]


def test_that_nobody_certifies_other_hours_than_they_have_seen(team: Team) -> None:
    seen = log(team.ana, team.ana, minutes=2400)
    log(team.ana, team.ana, minutes=3000)
    reason = refusal_of(lambda: actions.certify(team.bruno, records=[seen]))
    assert reason is Refusal.NO_SUCH_HOURS
    assert certified() == [("Ana", None)]


def test_that_an_unknown_record_refuses_all(team: Team) -> None:
    records = [log(team.ana, team.ana), uuid4()]
    assert refusal_of(lambda: actions.certify(team.bruno, records=records)) is Refusal.NO_SUCH_HOURS
    assert certified() == [("Ana", None)]


def test_that_hours_of_a_closed_round_are_not_certified(team: Team) -> None:
    records = [log(team.ana, team.ana)]
    enterprises.close_dispatch(1)
    enterprises.open_dispatch(2, [])
    assert refusal_of(lambda: actions.certify(team.bruno, records=records)) is Refusal.NO_OPEN_ROUND
    assert certified() == [("Ana", None)]


def test_that_certified_hours_are_final(team: Team) -> None:
    actions.certify(team.bruno, records=[log(team.ana, team.ana)])
    assert refusal_of(lambda: log(team.ana, team.ana, minutes=60)) is Refusal.CERTIFIED
    assert refusal_of(lambda: log(team.ana, team.ana, minutes=0)) is Refusal.CERTIFIED
    for statement in (
        "UPDATE labour_workrecord SET minutes = 60",
        "UPDATE labour_workrecord SET certified_by_id = NULL, certified_at = NULL",
        "DELETE FROM labour_workrecord",
    ):
        with (
            pytest.raises(DatabaseError, match="Cannot update or delete"),
            transaction.atomic(),
            connection.cursor() as cursor,
        ):
            cursor.execute(statement)
    assert logged() == [("Ana", 1, 2400)]


def test_that_the_database_itself_refuses_hours_outside_an_open_round(team: Team) -> None:
    log(team.ana, team.ana)
    enterprises.close_dispatch(1)
    with pytest.raises(IntegrityError, match="round 1 is closed for hours"), transaction.atomic():
        WorkRecord.objects.update(minutes=60)
    with pytest.raises(IntegrityError, match="round 1 is closed for hours"), transaction.atomic():
        WorkRecord.objects.update(certified_by=team.bruno, certified_at="2026-01-01T00:00Z")


def at_once(*calls: Callable[[], object]) -> list[object]:
    """What each call returned, or why it was refused; all start at the same moment."""
    barrier = Barrier(len(calls))

    def run(call: Callable[[], object]) -> object:
        try:
            barrier.wait()
            return call()
        except Rejected as refused:
            return refused.reason
        finally:
            connection.close()

    with ThreadPoolExecutor(len(calls)) as threads:
        return [done.result() for done in [threads.submit(run, call) for call in calls]]


@pytest.mark.django_db(transaction=True)
def test_that_hours_are_certified_once_when_two_certify_at_once(team: Team) -> None:
    actions.log_team_hours(team.ana, week=1, minutes={team.ana.id: 2400})
    records = list(WorkRecord.objects.values_list("id", flat=True))
    members = (team.bruno, team.carla, team.bruno, team.carla)
    counts = at_once(*(partial(actions.certify, by, records=records) for by in members))
    assert sorted(map(str, counts)) == ["0", "0", "0", "1"]


@pytest.mark.django_db(transaction=True)
def test_that_teams_logged_at_once_in_crossing_order_never_block_each_other(team: Team) -> None:
    persons = [team.ana, team.bruno, team.carla]

    def log_often(by: Person, order: list[Person], minutes: int) -> None:
        for _ in range(15):
            actions.log_team_hours(by, week=1, minutes={person.id: minutes for person in order})

    outcomes = at_once(
        lambda: log_often(team.ana, persons, 60),
        lambda: log_often(team.bruno, persons[::-1], 120),
        lambda: log_often(team.carla, persons[1:], 0),
        lambda: log_often(team.carla, persons[:2], 180),
    )
    assert outcomes == [None, None, None, None]
