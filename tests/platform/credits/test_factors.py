from collections.abc import Callable
from decimal import Decimal
from typing import TYPE_CHECKING
from uuid import UUID, uuid4

import pytest
from django.db import DatabaseError, IntegrityError, connection, transaction
from django.test import Client
from hypothesis import given
from hypothesis import strategies as st
from pytest_django import DjangoAssertNumQueries

from xietong.platform.base import Rejected
from xietong.platform.credits import actions, queries
from xietong.platform.credits.models import Entry, Factor, Spread
from xietong.platform.credits.rules import Refusal, payout
from xietong.platform.decisions.models import Motion
from xietong.platform.enterprises import actions as enterprises
from xietong.platform.enterprises.models import Membership
from xietong.platform.labour import actions as labour
from xietong.platform.labour.models import Skill, WorkRecord
from xietong.platform.people import actions as people
from xietong.platform.people.models import Duty, Person

if TYPE_CHECKING:
    from tests.platform.credits.conftest import Mill


@pytest.fixture
def skill(db: None) -> Skill:
    return Skill.objects.create(code="milling", name_en="Milling", name_zh="碾磨")


def voted(thousandths: int, round_number: int = 1) -> UUID:
    """A motion by which this spread was chosen."""
    return Motion.objects.create(
        effect="set_spread",
        subject={"round": round_number, "values": {"new": thousandths}},
        title_en="Spread",
        title_zh="幅度",
        electorate=3,
        state="decided",
        decided_at="2026-01-01T00:00Z",
        winner="new",
    ).pk


def spread(thousandths: int, round_number: int = 1) -> Spread:
    return actions.set_spread(
        round_number, thousandths=thousandths, decision=voted(thousandths, round_number)
    )


def refusal_of(call: Callable[[], object]) -> Refusal:
    with pytest.raises(Rejected) as refused:
        call()
    assert isinstance(refused.value.reason, Refusal)
    return refused.value.reason


def log(person: Person, *, week: int = 1, skill: Skill | None, minutes: int = 600) -> UUID:
    labour.log_hours(
        person, person=person, week=week, minutes=minutes, skill=skill.code if skill else None
    )
    return WorkRecord.objects.get(person=person, week=week, dispatch__closed_at=None).id


def issued(person: Person) -> list[int]:
    found = Entry.objects.filter(person=person, kind="work").order_by("id")
    return list(found.values_list("amount", flat=True))


def test_that_an_hour_counts_by_its_skill_inside_the_spread(mill: "Mill", skill: Skill) -> None:
    spread(100)
    actions.set_factor(skill, round_number=1, thousandths=1100)
    mill.publish()
    records = [log(mill.ana, skill=skill, minutes=61), log(mill.bruno, skill=None)]
    assert actions.certify_and_issue(mill.davi, records=records) == 838 + 7_500
    assert (issued(mill.ana), issued(mill.bruno)) == ([838], [7_500])


def test_that_a_narrower_spread_holds_for_factors_set_before(mill: "Mill", skill: Skill) -> None:
    spread(100)
    actions.set_factor(skill, round_number=1, thousandths=900)
    actions.set_spread(2, thousandths=40)
    assert [queries.factors_in(number)[0].thousandths for number in (1, 2, 3)] == [900, 960, 960]
    assert [queries.spread_in(number) for number in (1, 2, 3)] == [100, 40, 40]


def test_that_without_a_vote_the_spread_only_narrows(mill: "Mill") -> None:
    assert refusal_of(lambda: actions.set_spread(1, thousandths=1)) is Refusal.NOT_NARROWER
    spread(100)
    actions.set_spread(2, thousandths=50)
    assert refusal_of(lambda: actions.set_spread(2, thousandths=51)) is Refusal.NOT_NARROWER
    assert refusal_of(lambda: actions.set_spread(1, thousandths=10)) is Refusal.ROUND_HAS_BEGUN
    assert [set_.thousandths for set_ in queries.spreads()] == [50, 100]


@pytest.mark.parametrize(
    ("thousandths", "decision"),
    [(1, None), (100, "invented"), (100, "another"), (100, "open"), (100, "parameter")],
)
def test_that_the_database_itself_lets_only_a_vote_widen_the_spread(
    mill: "Mill", thousandths: int, decision: str | None
) -> None:
    motion = None
    if decision:
        motion = uuid4() if decision == "invented" else voted(90 if decision == "another" else 100)
    with connection.cursor() as cursor:
        cursor.execute("ALTER TABLE decisions_motion DISABLE TRIGGER USER")
    if decision == "open":
        Motion.objects.update(state="open", decided_at=None, winner="")
    if decision == "parameter":
        Motion.objects.update(effect="set_parameter")
    with pytest.raises(IntegrityError), transaction.atomic():
        Spread.objects.create(round_number=1, thousandths=thousandths, decision=motion)
    assert queries.spread_in(1) == 0


def test_that_spreads_and_factors_are_never_rewritten(mill: "Mill", skill: Skill) -> None:
    spread(100)
    actions.set_factor(skill, round_number=1, thousandths=1050)
    for statement in (
        "UPDATE credits_spread SET thousandths = 500",
        "DELETE FROM credits_spread",
        "UPDATE credits_factor SET thousandths = 1500",
        "DELETE FROM credits_factor",
    ):
        with (
            pytest.raises(DatabaseError, match="Cannot update or delete"),
            transaction.atomic(),
            connection.cursor() as cursor,
        ):
            cursor.execute(statement)


@pytest.mark.parametrize("thousandths", [899, 1101])
def test_that_no_factor_lies_outside_the_spread(
    mill: "Mill", skill: Skill, thousandths: int
) -> None:
    spread(100)
    reason = refusal_of(lambda: actions.set_factor(skill, round_number=1, thousandths=thousandths))
    assert reason is Refusal.OUTSIDE_SPREAD
    with pytest.raises(IntegrityError, match="outside the spread"), transaction.atomic():
        Factor.objects.create(skill=skill, round_number=1, thousandths=thousandths)


def test_that_a_round_keeps_the_factors_it_was_rated_by(mill: "Mill", skill: Skill) -> None:
    spread(100, round_number=1)
    mill.publish()
    for change in (
        lambda: actions.set_spread(1, thousandths=0),
        lambda: actions.set_factor(skill, round_number=1, thousandths=1000),
    ):
        assert refusal_of(change) is Refusal.ROUND_HAS_BEGUN
    for row in (
        Spread(round_number=1, thousandths=0),
        Factor(skill=skill, round_number=1, thousandths=1000),
    ):
        with pytest.raises(IntegrityError, match="has its rate already"), transaction.atomic():
            row.save(force_insert=True)


def certified(mill: "Mill", person: Person, skill: Skill | None = None) -> UUID:
    """Hours certified past the action, so that they have issued nothing yet."""
    record = log(person, skill=skill)
    labour.certify(mill.davi if person != mill.davi else mill.ana, records=[record])
    return record


@pytest.mark.parametrize("wrong", [-1, 1, 750])
def test_that_the_database_itself_lets_work_issue_no_other_sum(
    mill: "Mill", skill: Skill, wrong: int
) -> None:
    spread(100)
    actions.set_factor(skill, round_number=1, thousandths=1100)
    mill.publish()
    record = certified(mill, mill.ana, skill)
    with pytest.raises(IntegrityError, match="rate x hours x factor"), transaction.atomic():
        Entry.objects.create(
            person=mill.ana, kind="work", amount=8_250 + wrong, source=record, round_number=1
        )
    Entry.objects.create(person=mill.ana, kind="work", amount=8_250, source=record, round_number=1)
    assert queries.balance_of(mill.ana) == 8_250


def test_that_work_issues_only_to_who_worked_in_its_round_certified(mill: "Mill") -> None:
    mill.publish()
    mill.publish(2)
    record = certified(mill, mill.ana)
    waiting = log(mill.bruno, skill=None)
    for person, source, number in (
        (mill.bruno, record, 1),
        (mill.ana, record, 2),
        (mill.bruno, waiting, 1),
        (mill.ana, uuid4(), 1),
    ):
        with pytest.raises(IntegrityError, match="rate x hours x factor"), transaction.atomic():
            Entry.objects.create(
                person=person, kind="work", amount=7_500, source=source, round_number=number
            )
    assert not Entry.objects.exists()


def test_that_one_wrong_sum_stops_a_statement_that_issues_many(mill: "Mill") -> None:
    mill.publish()
    records = {person: certified(mill, person) for person in (mill.ana, mill.bruno, mill.davi)}

    def issue(wrong: int) -> None:
        entries = [
            Entry(person=person, kind="work", amount=7_500, source=record, round_number=1)
            for person, record in records.items()
        ]
        entries[1].amount += wrong
        with transaction.atomic():
            Entry.objects.bulk_create(entries)

    for wrong in (-1, 1):
        with pytest.raises(IntegrityError, match="rate x hours x factor"):
            issue(wrong)
    assert not Entry.objects.exists()
    issue(0)
    assert {queries.balance_of(person) for person in records} == {7_500}


def second_round(mill: "Mill", skill: Skill, *, hours_before: dict[Person, Skill | None]) -> None:
    """Round 1 was worked so; round 2 runs, in which milling counts 1.1."""
    spread(100)
    actions.set_factor(skill, round_number=1, thousandths=1100)
    mill.publish(1)
    for person, by in hours_before.items():
        certified(mill, person, by)
    enterprises.close_dispatch(1)
    enterprises.open_dispatch(2, [])
    mill.publish(2)


@pytest.mark.parametrize("office", ["manages", "duty"])
def test_that_an_office_counts_at_most_the_mean_of_the_other_workers(
    mill: "Mill", skill: Skill, office: str
) -> None:
    # Her own hours of the round before do not count for her.
    before = {mill.ana: skill, mill.bruno: skill, mill.davi: None}
    second_round(mill, skill, hours_before=before)
    if office == "manages":
        Membership.objects.filter(person=mill.ana).update(manages=True)
    else:
        people.give_duty(mill.ana, Duty.Kind.PLANNING)
    record = certified(mill, mill.ana, skill)
    # 8,250 by her skill, 7,875 by the mean of 1.1 and 1.
    for amount in (8_250, 7_876):
        with pytest.raises(IntegrityError, match="rate x hours x factor"), transaction.atomic():
            Entry.objects.create(
                person=mill.ana, kind="work", amount=amount, source=record, round_number=2
            )
    with transaction.atomic(), connection.cursor() as cursor:
        cursor.execute("SELECT amount, factor FROM credits_worth(%s)", [[record]])
        assert cursor.fetchall() == [(7_875, 1050)]


def test_that_an_office_where_nobody_worked_before_counts_at_most_one(
    mill: "Mill", skill: Skill
) -> None:
    second_round(mill, skill, hours_before={mill.ana: skill})
    Membership.objects.filter(person=mill.ana).update(manages=True)
    actions.certify_and_issue(mill.bruno, records=[log(mill.ana, skill=skill)])
    assert issued(mill.ana) == [7_500]


def test_that_the_mean_of_a_round_is_that_of_the_hours_before_by_its_own_factors(
    mill: "Mill", skill: Skill
) -> None:
    assert queries.mean_factor(1) == 1
    second_round(mill, skill, hours_before={mill.ana: skill, mill.bruno: None, mill.davi: None})
    assert queries.mean_factor(2) == Decimal("1.033334")
    assert queries.mean_factor(3) == 1


@given(
    mean_factor=st.decimals("0.5", "1.999", places=6),
    total_hours=st.decimals("0.001", 10**7, places=3),
    claimable_hours=st.decimals(0, 10**7, places=3),
    on_allowance=st.integers(0, 10**6),
)
def test_that_what_weighted_hours_issue_fits_what_can_be_claimed(
    mean_factor: Decimal, total_hours: Decimal, claimable_hours: Decimal, on_allowance: int
) -> None:
    issued = payout(
        total_hours=total_hours,
        claimable_hours=claimable_hours,
        workers=7,
        allowances=[(on_allowance, 500)],
        mean_factor=mean_factor,
    )
    together = issued.per_hour * total_hours * mean_factor + issued.allowances[0] * on_allowance
    assert together <= claimable_hours * 1000
    assert claimable_hours * 1000 < together + total_hours * mean_factor + on_allowance + 1


@pytest.mark.parametrize("rows", [1, 3])
def test_that_the_page_of_factors_takes_as_many_queries_for_one_as_for_three(
    mill: "Mill", rows: int, django_assert_num_queries: DjangoAssertNumQueries
) -> None:
    spread(100)
    for number in range(rows):
        made = Skill.objects.create(code=f"s{number}", name_en=f"Skill {number}", name_zh="技能")
        actions.set_factor(made, round_number=1, thousandths=1000 + number)
        actions.set_spread(1 + number, thousandths=90 - number)
    # newest rate, spread, factors, both histories with their counts
    with django_assert_num_queries(7):
        page = Client().get("/credits/factors/")
    assert "Skill 0" in page.text
    assert "a vote" in page.text


def test_that_programs_read_the_factors(mill: "Mill", skill: Skill) -> None:
    spread(100)
    actions.set_factor(skill, round_number=1, thousandths=1050)
    assert Client().get("/api/credits/factors").json() == {
        "round_number": 1,
        "spread": 100,
        "factors": {"milling": 1050},
    }
