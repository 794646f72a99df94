from collections.abc import Callable
from datetime import timedelta
from functools import partial
from typing import TYPE_CHECKING
from uuid import UUID

import pytest
from django.db import DatabaseError, IntegrityError, connection, transaction
from django.utils import timezone
from hypothesis import given
from hypothesis import strategies as st
from pytest_django import DjangoAssertNumQueries

from xietong.platform.base import Rejected
from xietong.platform.enterprises import actions as enterprises
from xietong.platform.labour import actions, queries
from xietong.platform.labour.models import Dispute, DisputeBallot, WorkRecord
from xietong.platform.labour.rules import Count, Refusal
from xietong.platform.people.models import Person
from xietong.platform.record.models import Submission

from .conftest import Team

if TYPE_CHECKING:
    from tests.platform.conftest import Crowd


def refusal_of(call: Callable[[], object]) -> Refusal:
    with pytest.raises(Rejected) as refused:
        call()
    assert isinstance(refused.value.reason, Refusal)
    return refused.value.reason


def sql(statement: str, *values: object) -> None:
    with transaction.atomic(), connection.cursor() as cursor:
        cursor.execute(statement, values or None)  # type: ignore[arg-type]


def logged(team: Team, minutes: int = 2400) -> UUID:
    actions.log_hours(team.ana, person=team.ana, week=1, minutes=minutes)
    return WorkRecord.objects.get().id


def certified(team: Team) -> UUID:
    record = logged(team)
    actions.certify(team.bruno, records=[record])
    return record


@pytest.fixture
def more(team: Team) -> list[Person]:
    """Dora and Edu work in the workshop too."""
    persons = Person.objects.bulk_create(
        Person(username=name.lower(), name=name) for name in ("Dora", "Edu")
    )
    enterprises.join_many([enterprises.Place(person, "workshop") for person in persons])
    return persons


def vote(dispute: Dispute, *votes: tuple[Person, bool]) -> list[UUID | None]:
    return [
        actions.vote_on_dispute(person, dispute=dispute.id, agrees=agrees)
        for person, agrees in votes
    ]


def test_that_refused_hours_are_certified_when_the_members_say_so(team: Team) -> None:
    record = logged(team)
    dispute = actions.open_dispute(team.ana, record=record, minutes=2400, why="  I was there. ")
    assert (dispute.why, dispute.quorum, dispute.certified) == ("I was there.", 1, False)
    assert queries.hours_to_certify(team.bruno) == []
    assert vote(dispute, (team.bruno, True), (team.carla, True)) == [None, record]
    found = WorkRecord.objects.get()
    assert (found.minutes, found.certified_by) == (2400, team.bruno)
    dispute.refresh_from_db()
    assert (dispute.state, dispute.yes, dispute.no) == ("upheld", 2, 0)
    assert [entry.kind for entry in Submission.objects.all()] == ["hours-dispute"]


def test_that_doubted_hours_are_corrected_when_the_members_say_so(team: Team) -> None:
    first = certified(team)
    dispute = actions.open_dispute(team.carla, record=first, minutes=1200, why="Half of it.")
    (correction,) = vote(dispute, (team.bruno, True))
    assert correction is not None
    found = WorkRecord.objects.get(id=correction)
    assert (found.corrects, found.minutes, found.certified_by) == (first, 1200, team.bruno)
    assert [hours.minutes for hours in queries.hours_of(team.ana, 1)] == [1200]


def test_that_the_last_ballot_that_could_change_it_decides(team: Team, more: list[Person]) -> None:
    record = certified(team)
    dispute = actions.open_dispute(team.carla, record=record, minutes=1200, why="Half of it.")
    dora, edu = more
    ballots = ((team.bruno, True), (team.bruno, False), (dora, True))
    assert vote(dispute, *ballots) == [None, None, None]
    assert Dispute.objects.get().state == "open"
    vote(dispute, (edu, True))
    found = Dispute.objects.get()
    assert (found.state, found.yes, found.no) == ("upheld", 2, 1)


def test_that_a_tie_leaves_the_hours_as_they_are(team: Team, more: list[Person]) -> None:
    dispute = actions.open_dispute(
        team.carla, record=certified(team), minutes=1200, why="Half of it."
    )
    assert vote(dispute, (team.bruno, False), (more[0], True)) == [None, None]
    sql("UPDATE labour_dispute SET due_at = now()")
    assert actions.decide_due_dispute(dispute.id) is None
    dispute.refresh_from_db()
    assert (dispute.state, dispute.yes, dispute.no) == ("rejected", 1, 1)
    assert WorkRecord.objects.count() == 1


def test_that_without_enough_ballots_a_dispute_is_overdue_for_everyone_to_see(
    team: Team, more: list[Person]
) -> None:
    dispute = actions.open_dispute(
        team.carla, record=certified(team), minutes=1200, why="Half of it."
    )
    assert dispute.due_at - timezone.now() > timedelta(days=13)
    assert queries.dispute_numbers(team.workshop) == queries.DisputeNumbers(1, 0, 0)
    vote(dispute, (team.bruno, True))
    sql("UPDATE labour_dispute SET due_at = now()")
    assert queries.due_disputes() == []
    assert actions.decide_due_dispute(dispute.id) is None
    dispute.refresh_from_db()
    assert (dispute.state, dispute.standing) == ("open", "overdue")
    assert queries.dispute_numbers(team.workshop) == queries.DisputeNumbers(1, 1, 0)
    assert vote(dispute, (more[0], True)) != [None]
    assert queries.dispute_numbers(team.workshop) == queries.DisputeNumbers(0, 0, 1)


def test_that_neither_party_nor_stranger_votes(team: Team) -> None:
    dispute = actions.open_dispute(
        team.carla, record=certified(team), minutes=1200, why="Half of it."
    )
    for person in (team.ana, team.carla, team.smith, team.guest):
        assert refusal_of(partial(vote, dispute, (person, True))) is Refusal.NO_BALLOT
        with (
            pytest.raises(IntegrityError, match="no ballot"),
            transaction.atomic(),
        ):
            DisputeBallot.objects.create(person=person, dispute=dispute, agrees=True)
    assert Dispute.objects.get().state == "open"


def test_that_disputed_hours_stay_until_the_dispute_is_over(team: Team) -> None:
    record = logged(team)
    dispute = actions.open_dispute(team.ana, record=record, minutes=2400, why="I was there.")
    assert refusal_of(lambda: actions.certify(team.bruno, records=[record])) is Refusal.DISPUTED
    assert refusal_of(lambda: logged(team, 60)) is Refusal.DISPUTED
    for statement in (
        "UPDATE labour_workrecord SET minutes = 60",
        "DELETE FROM labour_workrecord",
    ):
        with pytest.raises(DatabaseError, match="a dispute about these hours is open"):
            sql(statement)
    assert (
        refusal_of(lambda: actions.withdraw_dispute(team.bruno, dispute=dispute.id))
        is Refusal.NO_SUCH_DISPUTE
    )
    actions.withdraw_dispute(team.ana, dispute=dispute.id)
    assert actions.certify(team.bruno, records=[record]) == 1
    assert refusal_of(lambda: vote(dispute, (team.bruno, True))) is Refusal.DISPUTE_IS_OVER


def test_that_one_disputed_week_stops_a_statement_on_the_hours_of_all(team: Team) -> None:
    team_mates = {person.id: 2400 for person in (team.ana, team.bruno, team.carla)}
    actions.log_team_hours(team.ana, week=1, minutes=team_mates)
    record = WorkRecord.objects.get(person=team.ana).id
    actions.open_dispute(team.ana, record=record, minutes=2400, why="I was there.")
    for statement in (
        "UPDATE labour_workrecord SET certified_by_id = %s, certified_at = now() "
        "WHERE person_id <> %s",
        "UPDATE labour_workrecord SET week = 2 WHERE %s <> %s",
    ):
        with pytest.raises(DatabaseError, match="a dispute about these hours is open"):
            sql(statement, team.smith.pk, team.guest.pk)
    assert WorkRecord.objects.filter(week=1, certified_by=None).count() == 3


def test_that_what_cannot_be_disputed_is_refused(team: Team) -> None:
    record = logged(team)

    def open_(by: Person, minutes: int = 60, why: str = "Because.") -> Refusal:
        return refusal_of(lambda: actions.open_dispute(by, record=record, minutes=minutes, why=why))

    assert open_(team.bruno) is Refusal.NOT_YOURS_TO_DISPUTE
    assert open_(team.smith) is Refusal.NOT_A_TEAM_MATE
    assert open_(team.ana, why="  ") is Refusal.NO_REASON
    assert open_(team.ana, minutes=0) is Refusal.NOTHING_DISPUTED
    actions.certify(team.bruno, records=[record])
    assert open_(team.carla, minutes=2400) is Refusal.NOTHING_DISPUTED
    dispute = actions.open_dispute(team.carla, record=record, minutes=60, why="Because.")
    assert open_(team.bruno) is Refusal.DISPUTED
    vote(dispute, (team.bruno, False))
    assert open_(team.carla) is Refusal.DISPUTE_IS_OVER
    enterprises.leave(team.bruno)
    assert Dispute.objects.count() == 1


def test_that_where_nobody_works_in_any_other_enterprise_nothing_is_disputed(team: Team) -> None:
    record = certified(team)
    enterprises.leave(team.bruno)
    enterprises.leave(team.smith)
    assert (
        refusal_of(
            lambda: actions.open_dispute(team.carla, record=record, minutes=60, why="Because.")
        )
        is Refusal.NO_CONGRESS
    )


@pytest.mark.parametrize(
    "change",
    [
        "state = 'upheld', decided_at = now(), yes = 9, no = 0",
        "state = 'rejected', decided_at = now(), yes = 0, no = 9",
    ],
)
def test_that_the_database_itself_counts_the_ballots(team: Team, change: str) -> None:
    actions.open_dispute(team.carla, record=certified(team), minutes=1200, why="Half of it.")
    with pytest.raises(IntegrityError, match="the ballots do not decide so"):
        sql(f"UPDATE labour_dispute SET {change}")  # noqa: S608


def test_that_a_decided_dispute_is_final(team: Team) -> None:
    dispute = actions.open_dispute(team.carla, record=certified(team), minutes=60, why="So.")
    vote(dispute, (team.bruno, False))
    with pytest.raises(DatabaseError, match="Cannot update or delete"):
        sql("UPDATE labour_dispute SET state = 'open', decided_at = NULL")
    with pytest.raises(IntegrityError, match="no ballot"):
        sql("UPDATE labour_disputeballot SET agrees = true")


@given(st.integers(0, 9), st.integers(0, 9), st.integers(0, 9), st.integers(1, 20))
def test_that_what_is_decided_early_no_missing_ballot_could_change(
    yes: int, no: int, missing: int, quorum: int
) -> None:
    count = Count(yes, no, yes + no + missing)
    if count.decides(quorum=quorum, due=False):
        assert yes + no >= quorum
        assert all((yes + for_ > no + missing - for_) == (yes > no) for for_ in range(missing + 1))


@pytest.mark.parametrize("disputes", [1, 3])
def test_that_disputes_are_read_in_two_queries(
    team: Team, disputes: int, django_assert_num_queries: DjangoAssertNumQueries
) -> None:
    for week in range(1, disputes + 1):
        actions.log_hours(team.ana, person=team.ana, week=week, minutes=60)
        record = WorkRecord.objects.get(week=week)
        actions.open_dispute(team.ana, record=record.id, minutes=60, why="I was there.")
    with django_assert_num_queries(2):
        entries = list(queries.disputes_of(team.bruno))
    assert [(entry.may_vote, entry.mine) for entry in entries] == [(True, None)] * disputes
    assert [entry.may_withdraw for entry in queries.disputes_of(team.ana)] == [True] * disputes
    assert list(queries.disputes_of(team.smith)) == []


def test_that_eight_who_vote_at_once_decide_once(team: Team, eight_at_once: "Crowd") -> None:
    crowd = Person.objects.bulk_create(
        Person(username=f"p{number}", name=f"P {number}") for number in range(8)
    )
    enterprises.join_many([enterprises.Place(person, "workshop") for person in crowd])
    dispute = actions.open_dispute(team.carla, record=certified(team), minutes=60, why="So.")
    answers = eight_at_once(
        lambda number: actions.vote_on_dispute(crowd[number], dispute=dispute.id, agrees=True)
    )
    assert sum(isinstance(answer, UUID) for answer in answers) == 1
    assert set(map(str, answers)) - {"None", Refusal.DISPUTE_IS_OVER} == {
        str(WorkRecord.objects.get(corrects__isnull=False).id)
    }
