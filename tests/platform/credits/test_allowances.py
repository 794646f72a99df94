"""Each need issues its own share, once a round, and everyone reads by what rule."""

from typing import TYPE_CHECKING
from uuid import UUID

import pytest
from django.db import IntegrityError, transaction
from django.test import Client
from pytest_django import DjangoAssertNumQueries

from xietong.platform.credits import actions, queries
from xietong.platform.credits.models import Allowance, Entry
from xietong.platform.credits.rules import allowance_source
from xietong.platform.people import actions as people
from xietong.platform.people.models import Duty, Ground, NeedRule

if TYPE_CHECKING:
    from tests.platform.credits.conftest import Mill


@pytest.fixture
def shares(mill: "Mill") -> None:
    people.set_need_rule(Ground.CHILD, share=400, from_round=1, reason="test")
    people.set_need_rule(Ground.CARE, share=600, beside_share=200, from_round=1, reason="test")
    people.give_duty(mill.bruno, Duty.Kind.ALLOWANCES)
    claim = people.claim_need(
        mill.ana, ground=Ground.CARE, from_round=1, why="my mother", beside_work=True
    )
    people.answer_claim(mill.bruno, person=mill.ana.pk, claim=claim.id, grant=True)


def test_that_each_need_issues_its_share_of_a_workers_mean(mill: "Mill", shares: None) -> None:
    # 300 h + (0.4 child + 0.5 pension + 0.2 beside work) x 100 h
    rate = mill.publish()
    per_hour = 300_000 / 410
    assert rate.per_hour == int(per_hour)
    assert (rate.on_allowance, str(rate.allowance_share)) == (3, "0.366667")
    assert actions.issue_allowances(1) == sum(int(per_hour * hours) for hours in (40, 50, 20))
    assert set(Entry.objects.values_list("person", "amount", "source")) == {
        (mill.celia.pk, int(per_hour * 40), allowance_source(1, "child")),
        (mill.emil.pk, int(per_hour * 50), allowance_source(1, "pension")),
        (mill.ana.pk, int(per_hour * 20), allowance_source(1, "care")),
    }
    assert {UUID(str(id)).version for id in Entry.objects.values_list("id", flat=True)} == {7}


def test_that_a_share_is_that_of_the_rule_in_force_in_the_round(mill: "Mill") -> None:
    people.set_need_rule(Ground.CHILD, share=1000, from_round=2, reason="vote")
    mill.publish(1)
    mill.publish(2)
    child = Allowance.objects.filter(ground="child", beside_work=False)
    assert list(child.order_by("round_number").values_list("share", flat=True)) == [500, 1000]


def test_that_what_was_published_stays(mill: "Mill") -> None:
    mill.publish()
    for change in (
        lambda: Allowance.objects.update(amount=10**9),
        lambda: Allowance.objects.all().delete(),
    ):
        with pytest.raises(Exception, match="Cannot") as why, transaction.atomic():
            change()
        assert not isinstance(why.value, IntegrityError)
    assert Allowance.objects.get(ground="child", beside_work=False).amount == 37_500


def test_that_the_last_allowance_is_that_of_the_round_in_which_the_need_ended(
    mill: "Mill", shares: None
) -> None:
    for number in (1, 2):
        people.turn_needs(number)
        mill.publish(number)
        actions.issue_allowances(number)
        if number == 1:
            (care,) = mill.ana.needs_recognised.all()
            people.end_need(mill.ana, person=mill.ana.pk, event=care.last)
    assert list(mill.ana.credit_entries.values_list("round_number", flat=True)) == [1]


def test_that_an_entry_says_which_need_it_comes_from(
    mill: "Mill", shares: None, client: Client
) -> None:
    mill.publish()
    actions.issue_allowances(1)
    client.force_login(mill.ana)
    assert b"Allowance of round 1 because you care for others" in client.get("/credits/").content
    (entry,) = client.get("/api/credits/entries").json()["items"]
    assert entry["need"] == "care"


def test_that_everyone_expects_what_their_own_need_issues(mill: "Mill", shares: None) -> None:
    mill.publish()
    celia, emil = (queries.expected_issue(person) for person in (mill.celia, mill.emil))
    assert (celia, emil) == (int(300_000 / 410 * 40), int(300_000 / 410 * 50))


@pytest.mark.parametrize("changes", [1, 3])
def test_that_everyone_reads_the_rules_with_few_persons_unnumbered_in_five_queries(
    mill: "Mill", client: Client, changes: int, django_assert_num_queries: DjangoAssertNumQueries
) -> None:
    mill.publish()
    for number in range(changes):
        people.set_need_rule(Ground.CARE, share=700 + number, from_round=9, reason="vote")
    with django_assert_num_queries(6):  # the rate twice, allowances, rules, history twice
        page = client.get("/allowances/").content.decode()
    assert page.count("fewer than ten") == 2
    assert NeedRule.objects.filter(reason="vote").count() == changes == page.count(">vote<")
    operations = client.get("/api/credits/allowances").json()
    assert {each["ground"]: each["persons"] for each in operations} == {
        "child": None,
        "pension": None,
        "study": 0,
        "care": 0,
        "illness": 0,
        "parent": 0,
    }
