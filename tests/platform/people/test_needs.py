"""Needs: what people do, and what follows by rule."""

from datetime import timedelta
from typing import TYPE_CHECKING, Any

import pytest
from django.db import transaction
from django.utils import timezone
from hypothesis import given, settings
from hypothesis import strategies as st
from tests.platform.factories import rules_of_need
from tests.platform.people.claims import claim, ground_of, refusal_of, state_of, years_ago

from xietong.platform.base import Rejected, uuid7
from xietong.platform.people import actions, queries
from xietong.platform.people.models import (
    Duty,
    Ground,
    Need,
    Person,
    Recognition,
)
from xietong.platform.people.queries import Recognised, WaitingNumbers
from xietong.platform.people.rules import Refusal

if TYPE_CHECKING:
    from tests.platform.conftest import Crowd
    from tests.platform.people.conftest import Village


def test_that_a_claim_is_granted_as_it_was_made_and_its_ground_becomes_the_persons(
    village: "Village",
) -> None:
    claimed = claim(village.celia)
    assert ground_of(village.celia) == "work"
    actions.answer_claim(village.ana, person=village.celia.pk, claim=claimed.id, grant=True)
    assert (state_of(village.celia), ground_of(village.celia)) == ("granted", "care")
    own = queries.needs_of(village.celia)
    assert [[event.what for event in need.events] for need in own] == [["claimed", "granted"]]
    actions.end_need(village.celia, person=village.celia.pk, event=own[0].need.last)
    assert (state_of(village.celia), ground_of(village.celia)) == ("ended", "work")


def test_that_a_need_beside_work_leaves_the_person_working(village: "Village") -> None:
    claimed = claim(village.celia, Ground.PARENT, beside=True)
    actions.answer_claim(village.ana, person=village.celia.pk, claim=claimed.id, grant=True)
    assert ground_of(village.celia) == "work"
    counted = {(each.ground, each.beside_work): each for each in queries.recognised(1)}
    assert counted["parent", True] == Recognised("parent", True, 250, 1)
    assert counted["parent", False] == Recognised("parent", False, 500, 0)


def test_that_who_also_holds_the_duty_cannot_answer_their_own_claim(village: "Village") -> None:
    claimed = claim(village.ana)
    own = village.ana.pk
    assert (
        refusal_of(
            lambda: actions.answer_claim(village.ana, person=own, claim=claimed.id, grant=True)
        )
        == Refusal.OWN_NEED
    )
    assert list(queries.claims_waiting(village.ana)) == []
    assert [each.event for each in queries.claims_waiting(village.bruno)] == [claimed.id]


def test_that_an_appeal_waits_for_everyone_but_who_refused(village: "Village") -> None:
    whose = village.celia.pk
    refused = actions.answer_claim(
        village.ana, person=whose, claim=claim(village.celia).id, grant=False, why="no"
    )
    appealed = actions.appeal(village.celia, event=refused.id, why="yes")
    assert list(queries.appeals_waiting(village.ana)) == []
    (waiting,) = queries.appeals_waiting(village.bruno)
    assert (waiting.claim, waiting.refusal, waiting.appeal) == ("because", "no", "yes")
    assert list(queries.appeals_waiting(village.davi)) == []
    assert (
        refusal_of(
            lambda: actions.answer_appeal(
                village.ana, person=whose, event=appealed.id, uphold=True, why=""
            )
        )
        == Refusal.SAME_OFFICIAL
    )
    actions.answer_appeal(village.bruno, person=whose, event=appealed.id, uphold=True, why="")
    assert (state_of(village.celia), ground_of(village.celia)) == ("granted", "care")


def test_that_waiting_is_counted_without_names_and_overdue_after_the_set_days(
    village: "Village", monkeypatch: pytest.MonkeyPatch
) -> None:
    claim(village.davi)
    refused = actions.answer_claim(
        village.ana, person=village.celia.pk, claim=claim(village.celia).id, grant=False, why="no"
    )
    actions.appeal(village.celia, event=refused.id, why="yes")
    assert queries.waiting_numbers() == WaitingNumbers(claims=1, appeals=1, overdue=0)
    later = timezone.now() + timedelta(days=15)
    monkeypatch.setattr(timezone, "now", lambda: later)
    assert queries.waiting_numbers() == WaitingNumbers(claims=1, appeals=1, overdue=1)


def test_that_what_is_wrong_is_said(village: "Village") -> None:
    celia, davi = village.celia, village.davi
    claimed = claim(celia)
    assert refusal_of(lambda: claim(celia)) == Refusal.CLAIMED_ALREADY
    answer: dict[str, Any] = {"person": celia.pk, "claim": claimed.id}
    assert refusal_of(lambda: actions.answer_claim(davi, **answer, grant=True)) == (
        Refusal.NOT_ON_DUTY
    )
    assert refusal_of(lambda: actions.answer_claim(village.ana, **answer, grant=False)) == (
        Refusal.SAY_WHY
    )
    actions.answer_claim(village.ana, **answer, grant=True)
    assert refusal_of(lambda: actions.answer_claim(village.bruno, **answer, grant=True)) == (
        Refusal.ANSWERED
    )
    actions.turn_needs(5)
    assert refusal_of(lambda: claim(davi)) == Refusal.ROUND_IS_PAST


def test_that_of_eight_who_answer_a_claim_at_once_one_is_heard(eight_at_once: "Crowd") -> None:
    rules_of_need()
    persons = actions.enrol_many(actions.NewPerson(f"p{n}", f"P {n}") for n in range(9))
    for person in persons[:8]:
        actions.give_duty(person, Duty.Kind.ALLOWANCES)
    event = claim(persons[8])

    def act(number: int) -> object:
        actions.answer_claim(
            persons[number], person=persons[8].pk, claim=event.id, grant=number % 2 == 0, why="x"
        )
        return True

    answers = eight_at_once(act)
    assert sorted(map(str, answers)) == ["True", *[str(Refusal.ANSWERED)] * 7]
    assert Recognition.objects.count() == 2


# By rule


def test_that_age_begins_and_ends_needs_by_itself_once(village: "Village") -> None:
    actions.set_need_rule(Ground.CHILD, share=500, age_to=18, from_round=1, reason="test")
    actions.set_need_rule(Ground.PENSION, share=700, age_from=60, from_round=1, reason="test")
    grown = actions.enrol(
        username="e", name="E", password=None, ground=Ground.CHILD, born=years_ago(17)
    )
    old = actions.enrol(username="f", name="F", password=None, born=years_ago(60))
    assert actions.turn_needs(1) == 1
    assert (ground_of(grown), ground_of(old)) == ("child", "pension")
    Person.objects.filter(pk=grown.pk).update(born=years_ago(18))
    pension = Need.objects.get(person=old)
    actions.end_need(old, person=old.pk, event=pension.last)
    assert actions.turn_needs(1) == 0
    assert actions.turn_needs(2) == 1
    assert (ground_of(grown), ground_of(old)) == ("work", "work")


def test_that_a_need_ends_with_its_last_round(village: "Village") -> None:
    claimed = actions.claim_need(
        village.celia, ground=Ground.ILLNESS, from_round=1, until_round=2, why="flu"
    )
    actions.answer_claim(village.ana, person=village.celia.pk, claim=claimed.id, grant=True)
    assert [actions.turn_needs(number) for number in (1, 2, 3)] == [0, 0, 1]
    assert (state_of(village.celia, "illness"), ground_of(village.celia)) == ("ended", "work")


def test_that_a_birth_brings_each_working_parent_their_time_once(village: "Village") -> None:
    actions.set_need_rule(Ground.PARENT, share=700, longest=2, from_round=1, reason="test")
    actions.form_households([[village.celia, village.davi]])
    baby = actions.enrol(
        username="baby",
        name="Baby",
        password=None,
        ground=Ground.CHILD,
        born=timezone.now().date(),
        parents=["celia", "davi"],
    )
    assert {each.person for each in queries.my_household(village.celia).members} == {
        village.celia,
        village.davi,
        baby,
    }
    actions.turn_needs(1)
    assert (ground_of(village.celia), ground_of(village.davi)) == ("parent", "parent")
    for number in (2, 3, 4):
        actions.turn_needs(number)
    assert (ground_of(village.celia), ground_of(village.davi)) == ("work", "work")


def test_that_leaving_the_roll_ends_all(village: "Village") -> None:
    claimed = claim(village.celia)
    actions.answer_claim(village.ana, person=village.celia.pk, claim=claimed.id, grant=True)
    claim(village.celia, Ground.STUDY, beside=True)
    actions.form_households([[village.celia, village.davi]])
    Person.objects.filter(pk=village.celia.pk).update(left_at=timezone.now())
    assert set(Need.objects.values_list("state", flat=True)) == {"ended"}
    assert [each.person for each in queries.my_household(village.davi).members] == [village.davi]
    assert sum(each.persons for each in queries.recognised(1)) == 0


STEPS = ["claim", "grant", "refuse", "appeal", "uphold", "dismiss", "end"]


@pytest.mark.django_db(transaction=False)
@settings(max_examples=40, deadline=None)
@given(steps=st.lists(st.tuples(st.sampled_from(STEPS), st.sampled_from(["ana", "bruno"]))))
def test_that_however_people_act_the_state_is_that_of_the_last_event_of_the_need(
    steps: list[tuple[str, str]],
) -> None:
    with transaction.atomic():
        rules_of_need()
        officials = {}
        for name in ("ana", "bruno"):
            officials[name] = actions.enrol(username=name, name=name, password=None)
            actions.give_duty(officials[name], Duty.Kind.ALLOWANCES)
            actions.give_duty(officials[name], Duty.Kind.APPEALS)
        person = actions.enrol(username="p", name="P", password=None)
        for step, by in steps:
            _try(person, officials[by], step)
        stands = {"upheld": "granted"}
        for own in queries.needs_of(person):
            assert own.need.state == stands.get(own.last.what, own.last.what)
            assert own.need.last == own.last.id
        granted = Need.objects.filter(person=person, state="granted")
        assert granted.count() <= 1
        assert ground_of(person) == ("care" if granted else "work")
        transaction.set_rollback(True)


def _try(person: Person, by: Person, step: str) -> None:
    need = Need.objects.filter(person=person).order_by("-id").first()
    last = need.last if need else uuid7()
    whose = person.pk
    try:
        match step:
            case "claim":
                claim(person)
            case "grant" | "refuse":
                yes = step == "grant"
                actions.answer_claim(by, person=whose, claim=last, grant=yes, why="x")
            case "appeal":
                actions.appeal(person, event=last, why="x")
            case "uphold" | "dismiss":
                yes = step == "uphold"
                actions.answer_appeal(by, person=whose, event=last, uphold=yes, why="x")
            case "end":
                actions.end_need(person, person=whose, event=last)
    except Rejected:
        pass
