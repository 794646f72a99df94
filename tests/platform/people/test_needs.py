"""Needs: their laws tried in SQL past all of our code, their actions, and what follows by rule."""

from collections.abc import Callable
from datetime import date, timedelta
from typing import TYPE_CHECKING, Any
from uuid import UUID

import pytest
from django.db import IntegrityError, connection, transaction
from django.utils import timezone
from hypothesis import given, settings
from hypothesis import strategies as st
from tests.platform.factories import rules_of_need

from xietong.platform.base import Rejected, uuid7
from xietong.platform.people import actions, queries
from xietong.platform.people.models import (
    Duty,
    Ground,
    Need,
    NeedRule,
    Person,
    Recognition,
)
from xietong.platform.people.queries import Recognised, WaitingNumbers
from xietong.platform.people.rules import Refusal, RuleDraft

if TYPE_CHECKING:
    from tests.platform.conftest import Crowd
    from tests.platform.people.conftest import Village


def insert(person: Person, what: str, **values: Any) -> UUID:
    """An event written past the actions as it is given."""
    event = {
        "what": what,
        "ground": "care",
        "from_round": 1 if what in ("claimed", "granted", "upheld") else None,
        "why": "why",
        **values,
    }
    with transaction.atomic():
        return Recognition.objects.create(person=person, **event).id


def refused_by(why: pytest.ExceptionInfo[IntegrityError], *words: str) -> None:
    assert any(word in str(why.value) for word in words), why.value


def rule_of(ground: str) -> UUID:
    return NeedRule.objects.filter(ground=ground).order_by("-id")[0].pk


def state_of(person: Person, ground: str = "care") -> str:
    return Need.objects.filter(person=person, ground=ground).order_by("-id")[0].state


def ground_of(person: Person) -> str:
    return Person.objects.get(pk=person.pk).ground


def years_ago(years: int) -> date:
    today = timezone.now().date()
    return today.replace(year=today.year - years, day=min(today.day, 28)) - timedelta(days=3)


# Laws in the database


@pytest.mark.parametrize("what", ["granted", "refused", "upheld", "dismissed"])
def test_that_an_official_cannot_decide_on_their_own_need(village: "Village", what: str) -> None:
    claim = insert(village.ana, "claimed", by_id=village.ana.pk)
    rule = rule_of("care") if what in ("granted", "upheld") else None
    with pytest.raises(IntegrityError) as why:
        insert(village.ana, what, by_id=village.ana.pk, follows=claim, rule_id=rule)
    refused_by(why, "not_decided_by_oneself", "does not follow", "recognition_moves")
    assert state_of(village.ana) == "claimed"


def test_that_nobody_claims_or_appeals_for_another(village: "Village") -> None:
    with pytest.raises(IntegrityError) as why:
        insert(village.celia, "claimed", by_id=village.ana.pk)
    refused_by(why, "not_decided_by_oneself", "holds the duty")


def test_that_only_who_holds_the_duty_decides(village: "Village") -> None:
    claim = insert(village.celia, "claimed", by_id=village.celia.pk)
    with pytest.raises(IntegrityError) as why:
        insert(village.celia, "refused", by_id=village.davi.pk, follows=claim)
    refused_by(why, "needs are decided by who holds the duty")
    actions.end_duty(village.ana, Duty.Kind.ALLOWANCES)
    with pytest.raises(IntegrityError):
        insert(village.celia, "refused", by_id=village.ana.pk, follows=claim)


def test_that_an_appeal_is_decided_by_somebody_else_than_who_refused(village: "Village") -> None:
    claim = insert(village.celia, "claimed", by_id=village.celia.pk)
    refusal = insert(village.celia, "refused", by_id=village.ana.pk, follows=claim)
    appeal = insert(village.celia, "appealed", by_id=village.celia.pk, follows=refusal)
    for what, rule in (("upheld", rule_of("care")), ("dismissed", None)):
        with pytest.raises(IntegrityError) as why:
            insert(village.celia, what, by_id=village.ana.pk, follows=appeal, rule_id=rule)
        refused_by(why, "an appeal is decided by somebody else")
    rule = rule_of("care")
    insert(village.celia, "upheld", by_id=village.bruno.pk, follows=appeal, rule_id=rule)
    assert (state_of(village.celia), ground_of(village.celia)) == ("granted", "care")


def test_that_an_event_is_answered_once_and_an_ended_need_is_not_granted_by_it_again(
    village: "Village",
) -> None:
    rule = rule_of("care")
    claim = insert(village.celia, "claimed", by_id=village.celia.pk)
    grant = insert(village.celia, "granted", by_id=village.ana.pk, follows=claim, rule_id=rule)
    end = insert(village.celia, "ended", by_id=village.celia.pk, follows=grant, until_round=1)
    for event in (claim, grant, end):
        with pytest.raises(IntegrityError):
            insert(village.celia, "granted", by_id=village.ana.pk, follows=event, rule_id=rule)
    assert (state_of(village.celia), ground_of(village.celia)) == ("ended", "work")


def test_that_an_official_grants_nothing_that_nobody_claimed(village: "Village") -> None:
    with pytest.raises(IntegrityError) as why:
        insert(village.celia, "granted", by_id=village.ana.pk, rule_id=rule_of("care"))
    refused_by(why, "a need begins with a claim, or by rule")


def test_that_one_ground_is_claimed_once_at_a_time(village: "Village") -> None:
    insert(village.celia, "claimed", by_id=village.celia.pk)
    with pytest.raises(IntegrityError) as why:
        insert(village.celia, "claimed", by_id=village.celia.pk)
    refused_by(why, "people_need_open_once")
    insert(village.celia, "claimed", by_id=village.celia.pk, ground="illness")


def test_that_one_need_at_most_stands_in_place_of_work(village: "Village") -> None:
    insert(village.celia, "granted", rule_id=rule_of("care"))
    with pytest.raises(IntegrityError) as why:
        insert(village.celia, "granted", ground="study", rule_id=rule_of("study"))
    refused_by(why, "people_need_one_in_place_of_work")
    insert(village.celia, "granted", ground="study", rule_id=rule_of("study"), beside_work=True)
    assert ground_of(village.celia) == "care"


def test_that_a_grant_has_a_rule_of_its_ground_and_rounds_in_order(village: "Village") -> None:
    tried: list[tuple[dict[str, Any], str]] = [
        ({}, "people_recognition_granted_by_a_rule"),
        ({"rule_id": rule_of("study")}, "the rule does not allow it"),
        (
            {"rule_id": rule_of("care"), "from_round": 5, "until_round": 4},
            "people_recognition_rounds_in_order",
        ),
    ]
    for values, words in tried:
        with pytest.raises(IntegrityError) as why:
            insert(village.celia, "granted", **values)
        refused_by(why, words)
    assert not Need.objects.exists()


def test_that_a_grant_is_no_longer_than_its_rule_and_within_its_ages(village: "Village") -> None:
    rule = actions.set_need_rule(
        Ground.CARE, share=700, longest=3, age_from=20, age_to=30, from_round=1, reason="test"
    )
    for until in (None, 4):
        with pytest.raises(IntegrityError):
            insert(village.celia, "granted", rule_id=rule.pk, until_round=until)
    with pytest.raises(IntegrityError):
        insert(village.celia, "granted", rule_id=rule.pk, until_round=3, beside_work=True)
    for years in (19, 30):
        Person.objects.filter(pk=village.celia.pk).update(born=years_ago(years))
        with pytest.raises(IntegrityError):
            insert(village.celia, "granted", rule_id=rule.pk, until_round=3)
    Person.objects.filter(pk=village.celia.pk).update(born=years_ago(20))
    insert(village.celia, "granted", rule_id=rule.pk, until_round=3)


@pytest.mark.parametrize(
    "statement",
    [
        "UPDATE people_person SET ground = 'pension'",
        "INSERT INTO people_person (id, username, name, password, ground)"
        " VALUES (people_uuid7(), 'x', 'X', '', 'pension')",
        "UPDATE people_need SET state = 'granted'",
        "DELETE FROM people_need",
        "UPDATE people_recognition SET why = ''",
        "DELETE FROM people_recognition",
        "UPDATE people_needrule SET share = 1000",
    ],
)
def test_that_standing_and_state_follow_from_events_alone(
    village: "Village", statement: str
) -> None:
    insert(village.celia, "claimed", by_id=village.celia.pk)
    with (
        pytest.raises(Exception, match=r"follows|is a sum|Cannot") as why,
        transaction.atomic(),
        connection.cursor() as cursor,
    ):
        cursor.execute(statement)
    assert state_of(village.celia) == "claimed", why


@pytest.mark.parametrize(
    "draft",
    [
        RuleDraft(share=199),
        RuleDraft(share=1001),
        RuleDraft(share=500, beside_share=500),
        RuleDraft(share=500, longest=0),
        RuleDraft(share=500, age_from=121),
        RuleDraft(share=500, age_from=60, age_to=60),
    ],
)
def test_that_a_rule_stays_within_its_bounds(village: "Village", draft: RuleDraft) -> None:
    assert not draft.within_bounds
    with pytest.raises(Rejected) as why:
        actions.set_need_rule(
            Ground.CARE,
            share=draft.share,
            beside_share=draft.beside_share,
            longest=draft.longest,
            age_from=draft.age_from,
            age_to=draft.age_to,
            from_round=1,
            reason="test",
        )
    assert why.value.reason == Refusal.RULE_OUT_OF_BOUNDS


# What people do


def claim(person: Person, ground: Ground = Ground.CARE, *, beside: bool = False) -> Recognition:
    return actions.claim_need(
        person, ground=ground, from_round=1, why="because", beside_work=beside
    )


def refusal_of(act: Callable[[], object]) -> Refusal:
    with pytest.raises(Rejected) as why:
        act()
    return Refusal(why.value.reason)


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
