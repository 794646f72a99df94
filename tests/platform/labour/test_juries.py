"""Disputes that members cannot decide: to a jury by lot, or closed by rule."""

import json

import pytest
from django.db import DatabaseError, IntegrityError, connection, transaction
from django.test import Client
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from xietong.platform.enterprises import actions as enterprises
from xietong.platform.labour import actions, draw, queries
from xietong.platform.labour.models import Assignment, Dispute, Juror, Post, WorkRecord
from xietong.platform.labour.rules import Refusal
from xietong.platform.people.models import Person
from xietong.platform.products.models import Region
from xietong.platform.record.models import Entry, Submission

from .conftest import Team
from .test_disputes import certified, refusal_of, sql, vote
from .test_rota import entries


def people_of(enterprise: str, number: int) -> list[Person]:
    found = Person.objects.bulk_create(
        Person(username=f"{enterprise}{n}", name=f"{enterprise} {n}") for n in range(number)
    )
    enterprises.join_many([enterprises.Place(person, enterprise) for person in found])
    return found


@pytest.fixture
def alone(team: Team) -> Dispute:
    """Ana and Carla alone work in the workshop, and dispute; eight work in the smithy."""
    people_of("smithy", 7)
    Region.objects.create(code="hill", name_en="Hill", name_zh="山丘")
    enterprises.add_enterprise("quarry", region="hill", name_en="Quarry", name_zh="采石场")
    people_of("quarry", 3)
    hours = certified(team)
    enterprises.leave(team.bruno)
    return actions.open_dispute(team.carla, record=hours, minutes=1200, why="Half of it.")


def drawn(dispute: Dispute) -> list[Person]:
    entries()
    actions.attend_disputes()
    dispute.refresh_from_db()
    return [juror.person for juror in dispute.jurors.select_related("person")]


def test_that_a_jury_of_the_region_is_announced_and_then_drawn_by_the_seed(alone: Dispute) -> None:
    announcement = json.loads(Submission.objects.get(kind="jury-announced").body)
    assert (announcement["candidates"], announcement["seats"]) == (8, 5)
    assert (alone.is_before_jury, alone.jury_seed, alone.overdue) == (True, None, False)
    actions.attend_disputes()
    assert Juror.objects.count() == 0
    jurors = drawn(alone)
    seed = Entry.objects.get(kind="jury-announced").number + 3
    assert alone.jury_seed_id == seed
    hash = Entry.objects.get(number=seed).hash
    everyone = Person.objects.filter(memberships__enterprise="smithy")
    line = sorted(everyone, key=lambda each: draw.lot(hash, str(alone.id), str(each.id)))
    assert {juror.id for juror in jurors} == {each.id for each in line[:5]}
    # Drawn once.
    assert actions.attend_disputes() == 0
    assert Juror.objects.count() == 5


def test_that_the_jury_decides_and_nobody_else(alone: Dispute, team: Team) -> None:
    jurors = drawn(alone)
    others = set(Person.objects.all()) - set(jurors)
    for person in others:
        assert refusal_of(lambda person=person: vote(alone, (person, True))) is Refusal.NO_BALLOT  # type: ignore[misc]
    first, second, third, *_ = jurors
    assert vote(alone, (first, True), (second, True)) == [None, None]
    vote(alone, (third, True))
    found = WorkRecord.objects.get(corrects__isnull=False)
    assert (found.minutes, found.certified_by in jurors) == (1200, True)
    alone.refresh_from_db()
    assert (alone.state, alone.yes, alone.no) == ("upheld", 3, 0)


def test_that_whoever_of_the_jury_votes_in_time_decides(alone: Dispute) -> None:
    jurors = drawn(alone)
    assert vote(alone, (jurors[0], False)) == [None]
    sql("UPDATE labour_dispute SET due_at = now()")
    assert queries.due_disputes() == [alone.id]
    actions.decide_due_dispute(alone.id)
    alone.refresh_from_db()
    assert (alone.state, alone.yes, alone.no) == ("rejected", 0, 1)


def test_that_a_silent_jury_leaves_the_hours_as_they_are(alone: Dispute) -> None:
    drawn(alone)
    sql("UPDATE labour_dispute SET due_at = now()")
    actions.attend_disputes()
    alone.refresh_from_db()
    assert (alone.state, alone.lapse) == ("lapsed", "silence")
    assert json.loads(Submission.objects.get(kind="hours-dispute").body)["lapse"] == "silence"
    assert WorkRecord.objects.count() == 1


def test_that_a_region_with_too_few_has_jurors_from_the_whole_country(team: Team) -> None:
    Region.objects.create(code="hill", name_en="Hill", name_zh="山丘")
    enterprises.add_enterprise("quarry", region="hill", name_en="Quarry", name_zh="采石场")
    far = people_of("quarry", 3)
    hours = certified(team)
    enterprises.leave(team.bruno)
    dispute = actions.open_dispute(team.carla, record=hours, minutes=60, why="So.")
    assert set(drawn(dispute)) == {team.smith, *far}


def test_that_what_too_few_members_voted_on_in_twice_the_time_goes_to_a_jury(team: Team) -> None:
    people_of("workshop", 3)
    people_of("smithy", 5)
    dispute = actions.open_dispute(team.carla, record=certified(team), minutes=60, why="So.")
    vote(dispute, (team.bruno, True))
    sql("UPDATE labour_dispute SET due_at = now()")
    actions.attend_disputes()
    assert not Dispute.objects.get().is_before_jury
    sql("UPDATE labour_dispute SET due_at = now() - interval '14 days'")
    actions.attend_disputes()
    jurors = drawn(dispute)
    assert (len(jurors), dispute.ballots.count(), dispute.overdue) == (5, 0, False)
    assert refusal_of(lambda: vote(dispute, (team.bruno, True))) is Refusal.NO_BALLOT


def test_that_a_dispute_whose_voters_have_all_left_goes_to_a_jury(team: Team) -> None:
    dispute = actions.open_dispute(team.carla, record=certified(team), minutes=60, why="So.")
    enterprises.leave(team.bruno)
    actions.attend_disputes()
    assert drawn(dispute) == [team.smith]


def test_that_more_than_posts_and_overtime_allow_is_not_disputed(team: Team) -> None:
    hours = certified(team)

    def open_(minutes: int) -> Dispute:
        return actions.open_dispute(team.carla, record=hours, minutes=minutes, why="Because.")

    assert refusal_of(lambda: open_(3001)) is Refusal.BEYOND_ASSIGNMENT
    assert open_(3000).state == "open"


def test_that_what_has_become_impossible_is_closed_with_a_notice(team: Team) -> None:
    dispute = actions.open_dispute(
        team.carla, record=certified(team), minutes=3000, why="More than that."
    )
    post = Post.objects.create(enterprise=team.workshop, needed=2400, capacity=2400)
    Assignment.objects.create(person=team.ana, post=post, minutes=1200)
    assert vote(dispute, (team.bruno, True)) == [None]
    dispute.refresh_from_db()
    assert (dispute.state, dispute.lapse, dispute.yes) == ("lapsed", "impossible", None)
    body = json.loads(Submission.objects.get(kind="hours-dispute").body)
    assert (body["outcome"], body["lapse"]) == ("lapsed", "impossible")
    assert WorkRecord.objects.get().minutes == 2400


def test_that_nothing_impossible_stays_overdue(team: Team) -> None:
    people_of("workshop", 3)
    dispute = actions.open_dispute(
        team.carla, record=certified(team), minutes=3000, why="More than that."
    )
    post = Post.objects.create(enterprise=team.workshop, needed=2400, capacity=2400)
    Assignment.objects.create(person=team.ana, post=post, minutes=1200)
    sql("UPDATE labour_dispute SET due_at = now()")
    actions.attend_disputes()
    dispute.refresh_from_db()
    assert (dispute.state, dispute.lapse) == ("lapsed", "impossible")
    assert queries.dispute_numbers(team.workshop).overdue == 0


@settings(
    max_examples=20, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture]
)
@given(st.lists(st.integers(60, 1200), max_size=3), st.integers(1, 3600))
def test_that_the_refusal_and_the_law_of_hours_agree(
    team: Team, assigned: list[int], minutes: int
) -> None:
    with transaction.atomic():
        for place, share in enumerate(assigned):
            post = (
                Post.objects.create(
                    enterprise=team.workshop, kind="shared", holders=place + 2, capacity=share
                )
                if place
                else Post.objects.create(enterprise=team.workshop, capacity=share)
            )
            Assignment.objects.create(person=team.ana, post=post, minutes=share)
            if place == 1:
                break
        most = queries.most_minutes(team.ana.pk, "workshop", 1)
        try:
            with transaction.atomic():
                WorkRecord.objects.create(
                    person=team.ana,
                    enterprise=team.workshop,
                    dispatch_id=1,
                    week=1,
                    days=[min(max(minutes - 600 * day, 0), 600) for day in range(7)],
                    minutes=minutes,
                    line_minutes=minutes,
                    logged_by=team.ana,
                )
            accepted = True
        except IntegrityError:
            accepted = False
        assert accepted is (minutes <= most)
        transaction.set_rollback(True)


def refused(statement: str, *values: object) -> str:
    with (
        pytest.raises(DatabaseError) as why,
        transaction.atomic(),
        connection.cursor() as cursor,
    ):
        cursor.execute(statement, values)  # type: ignore[arg-type]
    return str(why.value).splitlines()[0]


def test_that_no_juror_is_set_but_from_elsewhere_and_after_the_lot(
    alone: Dispute, team: Team
) -> None:
    seat = "INSERT INTO labour_juror (person_id, dispute_id) VALUES (%s, %s)"
    said = "a jury comes from elsewhere, by the lot on record"
    assert refused(seat, team.smith.id, alone.id) == said
    jurors = drawn(alone)
    for person in (team.ana, team.carla, team.bruno, team.guest):
        assert refused(seat, person.id, alone.id) == said
    for statement in (
        "DELETE FROM labour_juror",
        "UPDATE labour_juror SET dispute_id = dispute_id",
    ):
        assert "Cannot update or delete" in refused(statement)
    ballot = (
        "INSERT INTO labour_disputeballot (person_id, dispute_id, agrees, cast_at)"
        " VALUES (%s, %s, true, now())"
    )
    others = Person.objects.exclude(pk__in=[juror.pk for juror in jurors])
    for person in others:
        assert refused(ballot, person.id, alone.id).startswith("no ballot")


@pytest.mark.parametrize("change", ["lapse = 'silence'", "state = 'lapsed', decided_at = now()"])
def test_that_a_dispute_lapses_for_a_reason_and_for_nothing_else(
    alone: Dispute, change: str
) -> None:
    said = refused(f"UPDATE labour_dispute SET {change}")  # noqa: S608
    assert "labour_dispute_lapsed_for_a_reason" in said


def test_that_a_juror_reads_and_votes_on_the_page_of_disputes(alone: Dispute) -> None:
    juror, *_ = drawn(alone)
    client = Client()
    client.force_login(juror, "django.contrib.auth.backends.ModelBackend")
    page = client.get("/enterprise/disputes/")
    assert "The lot has set you on the jury over this dispute in Workshop" in page.text
    assert "I vote for it" in page.text
    listed = client.get("/api/labour/disputes").json()["items"]
    assert [(each["jury"], each["may_vote"]) for each in listed] == [(True, True)]
