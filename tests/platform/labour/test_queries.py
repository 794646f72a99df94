from decimal import Decimal

import pytest
from pytest_django import DjangoAssertNumQueries

from xietong.platform.enterprises import actions as enterprises
from xietong.platform.enterprises.actions import TaskDraft, TechniqueDraft
from xietong.platform.labour import actions, queries
from xietong.platform.labour.models import WorkRecord

from .conftest import Team


def certify_week(team: Team, week: int) -> None:
    records = WorkRecord.objects.filter(person=team.ana, week=week).values_list("id", flat=True)
    actions.certify(team.bruno, records=list(records))


def test_that_a_person_sees_their_weeks_and_who_certified_them(team: Team) -> None:
    actions.log_hours(team.carla, person=team.ana, week=2, minutes=1200)
    actions.log_hours(team.ana, person=team.ana, week=1, minutes=2400)
    certify_week(team, 1)
    weeks = queries.hours_of(team.ana, 1)
    assert [(week.week, week.minutes, week.logged_by, week.certified_by) for week in weeks] == [
        (1, 2400, "Ana", "Bruno"),
        (2, 1200, "Carla", None),
    ]
    assert {week.enterprise for week in weeks} == {team.workshop}
    assert queries.hours_of(team.ana, 2) == []


def test_that_only_team_mates_uncertified_hours_of_the_running_round_wait(team: Team) -> None:
    for person in (team.ana, team.bruno, team.carla):
        actions.log_hours(person, person=person, week=1, minutes=2400)
    certify_week(team, 1)
    waiting = queries.hours_to_certify(team.bruno)
    assert [(hours.person, hours.week, hours.minutes) for hours in waiting] == [("Carla", 1, 2400)]
    assert {hours.person for hours in queries.hours_to_certify(team.ana)} == {"Bruno", "Carla"}
    assert queries.hours_to_certify(team.smith) == []
    assert queries.hours_to_certify(team.guest) == []
    enterprises.close_dispatch(1)
    assert queries.hours_to_certify(team.bruno) == []


def test_that_hours_are_summed_by_enterprise_beside_the_plan(team: Team) -> None:
    enterprises.close_dispatch(1)
    enterprises.add_technique(
        TechniqueDraft(
            code="turning",
            enterprise="workshop",
            name_en="Turning",
            name_zh="车削",
            hours=Decimal(1),
            inputs={},
            outputs={},
        )
    )
    enterprises.open_dispatch(2, [TaskDraft("turning", Decimal(70), Decimal("70.25"))])
    actions.log_hours(team.ana, person=team.ana, week=1, minutes=2400)
    actions.log_hours(team.ana, person=team.ana, week=2, minutes=60)
    actions.log_hours(team.smith, person=team.smith, week=1, minutes=30)
    certify_week(team, 1)
    assert [
        (hours.enterprise.code, hours.planned, hours.logged, hours.certified)
        for hours in queries.hours_by_enterprise(2)
    ] == [("smithy", 0, 30, 0), ("workshop", 4215, 2460, 2400)]


def test_that_a_team_sees_its_members_hours(team: Team) -> None:
    actions.log_hours(team.ana, person=team.ana, week=1, minutes=2400)
    actions.log_hours(team.ana, person=team.ana, week=2, minutes=60)
    actions.log_hours(team.bruno, person=team.bruno, week=2, minutes=90)
    certify_week(team, 1)
    assert [
        (member.person, member.logged, member.certified)
        for member in queries.hours_of_members(team.workshop, 1)
    ] == [(team.ana, 2460, 2400), (team.bruno, 90, 0), (team.carla, 0, 0)]
    assert [
        (member.person, member.minutes, member.certified)
        for member in queries.week_of_members(team.workshop, 1, 1)
    ] == [(team.ana, 2400, True), (team.bruno, 0, False), (team.carla, 0, False)]


@pytest.mark.parametrize("count", [1, 3])
def test_that_lists_of_hours_take_a_fixed_number_of_queries(
    team: Team, count: int, django_assert_num_queries: DjangoAssertNumQueries
) -> None:
    for week in range(1, count + 1):
        minutes = {person.id: 600 for person in (team.ana, team.bruno, team.carla)[:count]}
        actions.log_team_hours(team.ana, week=week, minutes=minutes)
    with django_assert_num_queries(1):
        assert len(queries.hours_of(team.ana, 1)) == count
    with django_assert_num_queries(1):
        assert len(queries.hours_to_certify(team.carla)) == {1: 1, 3: 6}[count]
    with django_assert_num_queries(3):
        queries.hours_by_enterprise(1)
    with django_assert_num_queries(2):
        queries.hours_of_members(team.workshop, 1)
    with django_assert_num_queries(2):
        queries.week_of_members(team.workshop, 1, 1)
