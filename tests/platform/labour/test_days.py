from collections.abc import Callable
from decimal import Decimal
from fractions import Fraction
from functools import partial

import pytest
from django.db import DatabaseError, IntegrityError, connection, transaction
from django.utils.translation import override
from hypothesis import given
from hypothesis import strategies as st

from xietong.platform.base import Rejected
from xietong.platform.enterprises import actions as enterprises
from xietong.platform.enterprises.models import Membership
from xietong.platform.labour import actions, queries
from xietong.platform.labour.models import (
    MOST_MINUTES_A_DAY,
    MOST_MINUTES_A_WEEK,
    Skill,
    WorkRecord,
)
from xietong.platform.labour.rules import Refusal, days_of, spread
from xietong.platform.labour.wording import by_day
from xietong.platform.people import actions as people
from xietong.platform.people.models import Duty, Person
from xietong.platform.record import actions as record

from .conftest import Team

WEEK = [480, 480, 480, 480, 480, 0, 0]


def refusal_of(call: Callable[[], object]) -> Refusal:
    with pytest.raises(Rejected) as refused:
        call()
    assert isinstance(refused.value.reason, Refusal)
    return refused.value.reason


def sql(statement: str) -> None:
    with transaction.atomic(), connection.cursor() as cursor:
        cursor.execute(statement)


def make_manager(person: Person) -> None:
    Membership.objects.filter(person=person).update(manages=True)


@given(st.integers(0, MOST_MINUTES_A_WEEK))
def test_that_minutes_of_a_week_are_spread_evenly_within_the_daily_limit(minutes: int) -> None:
    days = spread(minutes)
    assert (len(days), sum(days)) == (7, minutes)
    assert all(0 <= day <= MOST_MINUTES_A_DAY for day in days)
    assert max(days[:5]) - min(days[:5]) <= 1
    assert days[5] == 0 or min(days[:5]) == MOST_MINUTES_A_DAY
    assert days[6] == 0 or days[5] == MOST_MINUTES_A_DAY


def test_that_days_are_kept_as_they_are_written(team: Team) -> None:
    days = [600, 0, 90, 0, 0, 30, 1]
    actions.log_hours(team.ana, person=team.ana, week=1, minutes=days)
    actions.log_hours(team.bruno, person=team.bruno, week=1, minutes=2401)
    assert list(WorkRecord.objects.order_by("person__name").values_list("days", "minutes")) == [
        (days, 721),
        ([481, 480, 480, 480, 480, 0, 0], 2401),
    ]


@pytest.mark.parametrize(
    ("days", "reason"),
    [
        ([601, 0, 0, 0, 0, 0, 0], Refusal.NO_SUCH_DAYS),
        ([-1, 60, 0, 0, 0, 0, 0], Refusal.NO_SUCH_DAYS),
        ([60] * 6, Refusal.NO_SUCH_DAYS),
        ([600] * 7, Refusal.NO_SUCH_MINUTES),
    ],
)
def test_that_impossible_days_are_refused(days: list[int], reason: Refusal) -> None:
    assert refusal_of(lambda: days_of(days)) is reason


@pytest.mark.parametrize(
    "change",
    [
        "days = '{601,0,0,0,0,0,0}', minutes = 601",
        "days = '{-1,61,0,0,0,0,0}', minutes = 60",
        "days = '{60,0,0,0,0,0}', minutes = 60",
        "days = '{60,NULL,0,0,0,0,0}', minutes = 60",
        "days = '{60,0,0,0,0,0,0}', minutes = 61",
        "days = '{600,600,600,600,600,600,600}', minutes = 4200",
        "days = '{0,0,0,0,0,0,0}', minutes = 0",
    ],
)
def test_that_the_database_itself_refuses_impossible_days(team: Team, change: str) -> None:
    actions.log_hours(team.ana, person=team.ana, week=1, minutes=WEEK)
    with pytest.raises(IntegrityError):
        sql(f"UPDATE labour_workrecord SET {change}")  # noqa: S608
    assert WorkRecord.objects.get().days == WEEK


def test_that_all_hours_are_on_the_line_but_for_who_manages(team: Team) -> None:
    make_manager(team.ana)
    people.give_duty(team.bruno, Duty.Kind.PLANNING)
    minutes = {person.id: WEEK for person in (team.ana, team.bruno, team.carla)}
    actions.log_team_hours(
        team.carla, week=1, minutes=minutes, line={team.ana.id: 300, team.carla.id: 1}
    )
    found = WorkRecord.objects.order_by("person__name")
    assert list(found.values_list("line_minutes", "manages", "holds_office")) == [
        (300, True, True),
        (2400, False, True),
        (2400, False, False),
    ]
    sql("UPDATE labour_workrecord SET line_minutes = 0, manages = true, holds_office = false")
    assert list(found.values_list("line_minutes", "manages", "holds_office")) == [
        (0, True, True),
        (2400, False, True),
        (2400, False, False),
    ]
    with pytest.raises(IntegrityError, match="labour_workrecord_line"):
        sql("UPDATE labour_workrecord SET line_minutes = 2401")


def test_that_more_hours_on_the_line_than_worked_are_refused(team: Team) -> None:
    make_manager(team.ana)
    reason = refusal_of(
        lambda: actions.log_hours(team.ana, person=team.ana, week=1, minutes=60, line=61)
    )
    assert reason is Refusal.NO_SUCH_LINE
    assert not WorkRecord.objects.exists()


def test_that_the_skill_of_a_place_stays_until_another_is_named(team: Team) -> None:
    Skill.objects.create(code="welding", name_en="Welding", name_zh="焊接")

    def skill_of(week: int) -> str | None:
        return WorkRecord.objects.get(week=week).skill_id

    actions.log_hours(team.ana, person=team.ana, week=1, minutes=60, skill="welding")
    actions.log_team_hours(team.bruno, week=2, minutes={team.ana.id: 60})
    actions.log_hours(team.ana, person=team.ana, week=3, minutes=60)
    assert [skill_of(week) for week in (1, 2, 3)] == ["welding", "welding", None]
    reason = refusal_of(
        lambda: actions.log_hours(team.ana, person=team.ana, week=4, minutes=60, skill="magic")
    )
    assert reason is Refusal.NO_SUCH_SKILL


def test_that_managers_stand_against_the_published_minimum(team: Team) -> None:
    make_manager(team.ana)
    (before,) = queries.line_hours_of(team.workshop, 1)
    assert (before.minutes, before.share, before.met) == (0, None, None)
    actions.log_hours(team.ana, person=team.ana, week=1, minutes=WEEK, line=480)
    actions.log_hours(team.ana, person=team.ana, week=2, minutes=WEEK, line=480)
    actions.certify(team.bruno, records=[WorkRecord.objects.get(week=1).id])
    (unset,) = queries.line_hours_of(team.workshop, 1)
    assert (unset.minutes, unset.line_minutes, unset.met) == (2400, 480, None)
    for minimum, met in (("0.2", True), ("0.200001", False)):
        record.define_parameter(
            "line_hours_minimum",
            name_en="Hours on the line",
            name_zh="一线工时",
            value=Decimal(minimum),
            lowest=Decimal(0),
            highest=Decimal(1),
        )
        (line,) = queries.line_hours_of(team.workshop, 1)
        assert (line.share, line.minimum, line.met) == (Fraction(1, 5), Fraction(minimum), met)


def corrected(team: Team, minutes: int = 1200) -> WorkRecord:
    """Ana's certified week and Bruno's correction of it, which waits."""
    actions.log_hours(team.ana, person=team.ana, week=1, minutes=WEEK)
    first = WorkRecord.objects.get()
    actions.certify(team.bruno, records=[first.id])
    correction = actions.correct_hours(team.bruno, record=first.id, minutes=minutes)
    return WorkRecord.objects.get(id=correction)


def test_that_a_correction_counts_once_another_member_certified_it(team: Team) -> None:
    correction = corrected(team)
    assert [hours.minutes for hours in queries.hours_of(team.ana, 1)] == [2400]
    assert queries.hours_to_certify(team.bruno) == []
    (waiting,) = queries.hours_to_certify(team.carla)
    assert (waiting.minutes, waiting.instead_of) == (1200, 2400)
    reason = refusal_of(lambda: actions.certify(team.bruno, records=[correction.id]))
    assert reason is Refusal.OWN_CORRECTION
    assert refusal_of(lambda: actions.certify(team.ana, records=[correction.id])) is (
        Refusal.OWN_HOURS
    )
    actions.certify(team.carla, records=[correction.id])
    (week,) = queries.hours_of(team.ana, 1)
    assert (week.minutes, week.corrected) == (1200, True)
    assert [(hours.logged, hours.certified) for hours in queries.hours_by_enterprise(1)] == [
        (0, 0),
        (1200, 1200),
    ]
    assert WorkRecord.objects.count() == 2


def test_that_a_correction_stays_within_the_assignment_too(team: Team) -> None:
    assert refusal_of(lambda: corrected(team, minutes=3001)) is Refusal.BEYOND_ASSIGNMENT


def test_that_only_certified_hours_that_stand_are_corrected(team: Team) -> None:
    correction = corrected(team)
    actions.certify(team.carla, records=[correction.id])
    first = WorkRecord.objects.get(corrects=None)
    for record_id in (first.id, team.ana.id):
        again = partial(actions.correct_hours, team.bruno, record=record_id, minutes=60)
        assert refusal_of(again) is Refusal.NO_SUCH_HOURS
    assert (
        refusal_of(lambda: actions.correct_hours(team.smith, record=correction.id, minutes=60))
        is Refusal.NOT_A_TEAM_MATE
    )
    actions.log_hours(team.ana, person=team.ana, week=2, minutes=60)
    fresh = WorkRecord.objects.get(week=2)
    assert (
        refusal_of(lambda: actions.correct_hours(team.bruno, record=fresh.id, minutes=30))
        is Refusal.NOT_CERTIFIED
    )


@pytest.mark.parametrize(
    "change",
    [
        "week = 2",
        "certified_by_id = logged_by_id, certified_at = now()",
        "certified_by_id = person_id, certified_at = now()",
        "corrects = id",
    ],
)
def test_that_the_database_itself_keeps_corrections_true(team: Team, change: str) -> None:
    corrected(team)
    with pytest.raises(DatabaseError):
        sql(f"UPDATE labour_workrecord SET {change} WHERE corrects IS NOT NULL")  # noqa: S608


MANY_WEEKS = """
    INSERT INTO labour_workrecord
        (person_id, id, enterprise_id, dispatch_id, week, days, minutes, line_minutes, manages,
         holds_office, logged_by_id)
    SELECT %s, gen_random_uuid(), 'workshop', given.number, given.week,
           '{60,0,0,0,0,0,0}', 60, 60, false, false, %s
    FROM unnest(%s::int[], %s::int[]) AS given (number, week)
"""


def test_that_one_week_of_a_closed_round_stops_a_statement_on_many(team: Team) -> None:
    def write(rounds: list[int], weeks: list[int]) -> None:
        with transaction.atomic(), connection.cursor() as cursor:
            cursor.execute(MANY_WEEKS, [team.ana.pk, team.ana.pk, rounds, weeks])

    enterprises.close_dispatch(1)
    enterprises.open_dispatch(2, [])
    with pytest.raises(IntegrityError, match="round 1 is closed for hours"):
        write([2, 2, 1], [1, 2, 1])
    assert not WorkRecord.objects.exists()
    write([2, 2], [1, 2])
    with (
        pytest.raises(IntegrityError, match="round 1 is closed for hours"),
        transaction.atomic(),
        connection.cursor() as cursor,
    ):
        cursor.execute("UPDATE labour_workrecord SET dispatch_id = week")
    assert set(WorkRecord.objects.values_list("dispatch", "week")) == {(2, 1), (2, 2)}


def test_that_a_correction_may_come_after_the_round_and_say_that_nothing_was_worked(
    team: Team,
) -> None:
    correction = corrected(team, minutes=0)
    sql("UPDATE enterprises_dispatch SET closed_at = now()")
    actions.certify(team.carla, records=[correction.id])
    assert [hours.minutes for hours in queries.hours_of(team.ana, 1)] == [0]


@pytest.mark.parametrize(
    ("language", "words"),
    [
        ("en", "Monday to Wednesday 8 h, Friday 1 h 30 min"),
        ("zh-hans", "星期一至星期三8小时、星期五1小时30分"),
    ],
)
def test_that_days_are_told_in_words(language: str, words: str) -> None:
    with override(language):
        assert by_day([480, 480, 480, 0, 90, 0, 0]) == words
