"""Whoever has a recognised need may order more of what is free or by quota, as the rules say."""

from typing import TYPE_CHECKING

import pytest
from django.db import DatabaseError, IntegrityError, connection, transaction
from django.test import Client

from xietong.platform.base import Rejected
from xietong.platform.needs import actions
from xietong.platform.needs.models import OrderLine
from xietong.platform.needs.queries import share_of, share_rules, terms
from xietong.platform.needs.rules import Refusal
from xietong.platform.people import actions as people
from xietong.platform.people.models import Duty, Ground, Person
from xietong.platform.record.models import Submission

if TYPE_CHECKING:
    from tests.platform.needs.conftest import Village


@pytest.fixture
def caring(village: "Village") -> "Village":
    """Ana cares for somebody, beside her work, from round 2 on; that gives 150 percent then."""
    people.give_duty(village.bruno, Duty.Kind.ALLOWANCES)
    actions.set_share_rule(Ground.CARE, percent=150, from_round=2, reason="test")
    claim = people.claim_need(
        village.ana, ground=Ground.CARE, from_round=2, why="my mother", beside_work=True
    )
    people.answer_claim(village.bruno, person=village.ana.pk, claim=claim.id, grant=True)
    actions.close_book(1)
    actions.open_book(2)
    return village


def order(person: Person, units: int) -> None:
    actions.place_order(person, quantities={"soap": units})


def test_that_a_recognised_need_gives_a_larger_share(caring: "Village") -> None:
    order(caring.ana, 3)
    for person, units in ((caring.ana, 4), (caring.bruno, 3)):
        with pytest.raises(Rejected) as refused:
            order(person, units)
        assert refused.value.reason is Refusal.BEYOND_QUOTA
    order(caring.bruno, 2)
    assert terms(caring.ana, 2, ["soap", "rice"])["soap"].limit == 3
    assert terms(caring.ana, 2, ["soap", "rice"])["rice"].limit is None
    assert terms(None, 2, ["soap"])["soap"].limit == 2
    # Neither before the rule nor before the need.
    assert terms(caring.ana, 1, ["soap"])["soap"].limit == 2
    assert share_of(caring.ana, 2) == (150, ["cares for others"])
    assert share_of(caring.bruno, 2) == (100, [])


def test_that_the_database_itself_keeps_the_larger_share(caring: "Village") -> None:
    order(caring.ana, 3)
    order(caring.bruno, 2)
    for units, most in ((4, 3), (3, 2)):
        person = caring.ana if units == 4 else caring.bruno
        with (
            pytest.raises(IntegrityError, match=f"more than the {most} that"),
            transaction.atomic(),
        ):
            OrderLine.objects.filter(person=person, book=2).update(quantity=units)


def test_that_the_larger_share_ends_with_the_need(caring: "Village") -> None:
    need = caring.ana.needs_recognised.get()
    people.end_need(caring.ana, person=caring.ana.pk, event=need.last)
    assert terms(caring.ana, 2, ["soap"])["soap"].limit == 2


def test_that_of_several_needs_the_largest_share_holds(caring: "Village") -> None:
    claim = people.claim_need(caring.ana, ground=Ground.ILLNESS, from_round=3, why="ill")
    people.answer_claim(caring.bruno, person=caring.ana.pk, claim=claim.id, grant=True)
    actions.set_share_rule(Ground.ILLNESS, percent=200, from_round=3, reason="test")
    assert terms(caring.ana, 3, ["soap"])["soap"].percent == 200


def test_that_what_repeats_itself_and_what_is_carried_over_keeps_the_larger_share(
    caring: "Village",
) -> None:
    actions.set_standing(caring.ana, repeats=True, delivered=False)
    order(caring.ana, 3)
    actions.close_book(2)
    actions.open_book(3)
    assert actions.repeat_orders(3) == 1
    assert caring.line(caring.ana, "soap", 3).quantity == 3


def test_that_a_rule_keeps_its_bounds_and_the_rounds_already_asked_for(caring: "Village") -> None:
    def lay_down(**changed: object) -> object:
        rule = {"ground": Ground.CARE, "percent": 120, "from_round": 3, "reason": "test"}
        return actions.set_share_rule(**{**rule, **changed})  # type: ignore[arg-type]

    for wrong in ({"percent": 99}, {"percent": 301}, {"ground": "work"}, {"from_round": 2}):
        with pytest.raises(Rejected) as refused:
            lay_down(**wrong)
        assert refused.value.reason is Refusal.SHARE_OUT_OF_BOUNDS
    lay_down()
    assert {rule.ground: rule.percent for rule in share_rules(3)}["care"] == 120
    assert {rule.ground: rule.percent for rule in share_rules(2)}["care"] == 150
    assert Submission.objects.filter(kind="share-rule").count() == 2
    for statement in ("DELETE FROM needs_sharerule", "UPDATE needs_sharerule SET percent = 300"):
        with (
            pytest.raises(DatabaseError, match="Cannot update or delete"),
            transaction.atomic(),
            connection.cursor() as cursor,
        ):
            cursor.execute(statement)


def test_that_the_basket_says_what_my_share_is_and_the_api_what_the_rules_are(
    caring: "Village", client: Client
) -> None:
    order(caring.ana, 1)
    client.force_login(caring.ana)
    page = client.get("/basket/").text
    assert "Yours is 150 % of the usual, by a recognised need: cares for others." in page
    assert 'max="3"' in page
    client.force_login(caring.bruno)
    assert "Yours is the usual one." in client.get("/basket/").text
    in_chinese = {"accept-language": "zh-hans"}
    assert "您的份额与通常相同" in client.get("/basket/", headers=in_chinese).text
    client.logout()
    rules = client.get("/api/needs/shares?round_number=2").json()
    assert {rule["ground"]: rule["percent"] for rule in rules}["care"] == 150
