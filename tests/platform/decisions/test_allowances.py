"""By what rule a need is recognised is changed by vote."""

from typing import Any

import pytest
from django.test import Client

from xietong.platform.base import Rejected
from xietong.platform.decisions import actions
from xietong.platform.decisions.rules import Refusal
from xietong.platform.people import actions as people
from xietong.platform.people import rules
from xietong.platform.people.models import Duty, NeedRule, Person
from xietong.platform.people.rules import RuleDraft

pytestmark = pytest.mark.django_db


@pytest.fixture
def planner() -> Person:
    person = people.enrol(username="planner", name="Planner", password=None)
    people.give_duty(person, Duty.Kind.PLANNING)
    return person


def test_that_the_rule_that_won_holds_from_the_next_round(planner: Person) -> None:
    people.turn_needs(4)
    draft = RuleDraft(share=800, beside_share=300, longest=20)
    motion = actions.put_allowance_to_vote(planner, ground="care", alternatives=[draft])
    assert [option.title_en for option in motion.options.all()] == [
        "70.0% of a worker's mean credits, 35.0% beside work",
        "80.0% of a worker's mean credits, 30.0% beside work, 20 rounds at the longest",
    ]
    actions.cast_ballot(planner, motion=motion, choices=["1"])
    actions.end_vote(planner, motion=motion)
    rule = rules.rule_in_force("care", 5)
    assert (rule.share, rule.beside_share, rule.longest, rule.motion) == (800, 300, 20, motion.pk)
    assert rules.rule_in_force("care", 4).share == 700


def test_that_the_present_rule_stays_when_it_wins(planner: Person) -> None:
    before = NeedRule.objects.count()
    motion = actions.put_allowance_to_vote(planner, ground="care", alternatives=[RuleDraft(900)])
    actions.cast_ballot(planner, motion=motion, choices=["0"])
    actions.end_vote(planner, motion=motion)
    assert NeedRule.objects.count() == before


@pytest.mark.parametrize(
    ("drafts", "reason"),
    [
        ([RuleDraft(1001)], rules.Refusal.RULE_OUT_OF_BOUNDS),
        ([RuleDraft(700, 350)], Refusal.OPTIONS_UNCLEAR),
    ],
)
def test_that_nothing_unclear_or_out_of_bounds_is_voted_on(
    planner: Person, drafts: list[RuleDraft], reason: Any
) -> None:
    with pytest.raises(Rejected) as why:
        actions.put_allowance_to_vote(planner, ground="care", alternatives=drafts)
    assert why.value.reason == reason


def test_that_one_vote_on_a_need_is_open_at_a_time_and_called_by_the_duty(planner: Person) -> None:
    actions.put_allowance_to_vote(planner, ground="care", alternatives=[RuleDraft(800)])
    with pytest.raises(Rejected) as why:
        actions.put_allowance_to_vote(planner, ground="care", alternatives=[RuleDraft(800)])
    assert why.value.reason == Refusal.ALREADY_OPEN
    people.end_duty(planner, Duty.Kind.PLANNING)
    with pytest.raises(Rejected) as why:
        actions.put_allowance_to_vote(planner, ground="study", alternatives=[RuleDraft(800)])
    assert why.value.reason == Refusal.NOT_YOUR_DUTY


def test_that_the_form_puts_a_rule_to_the_vote(planner: Person, client: Client) -> None:
    client.force_login(planner)
    form = {"ground": "study", "share": "65", "longest": "48"}
    answer = client.post("/decisions/new/allowance/", form)
    assert answer.status_code == 302
    page = client.get(answer["Location"]).content.decode()
    assert "65.0% of a worker&#x27;s mean credits, 48 rounds at the longest" in page
    assert client.post("/decisions/new/allowance/", {**form, "share": "5"}).status_code == 422
