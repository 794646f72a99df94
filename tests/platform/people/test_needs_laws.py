"""The laws of needs, tried in SQL past all of our code."""

from typing import TYPE_CHECKING, Any

import pytest
from django.db import IntegrityError, connection, transaction
from tests.platform.people.claims import ground_of, insert, refused_by, rule_of, state_of, years_ago

from xietong.platform.base import Rejected
from xietong.platform.people import actions
from xietong.platform.people.models import (
    Duty,
    Ground,
    Need,
    Person,
)
from xietong.platform.people.rules import Refusal, RuleDraft

if TYPE_CHECKING:
    from tests.platform.people.conftest import Village


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
