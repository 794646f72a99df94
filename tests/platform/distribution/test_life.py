"""The way towards need, lived through: one product goes all of it, another is taken back."""

from decimal import Decimal
from typing import TYPE_CHECKING

import pytest
from django.test import Client

from xietong.platform.base import Rejected, uuid7
from xietong.platform.distribution import actions
from xietong.platform.distribution.rules import Refusal
from xietong.platform.needs import actions as needs
from xietong.platform.needs.models import Collection, OrderLine
from xietong.platform.needs.queries import terms
from xietong.platform.products import actions as products
from xietong.platform.products.models import Change, Trial
from xietong.platform.record.models import Submission

if TYPE_CHECKING:
    from tests.platform.distribution.conftest import Land

MORE = {"rice": 5}


def test_that_a_product_goes_from_credits_to_quota_to_free_by_trial_and_vote(
    land: "Land", client: Client
) -> None:
    rice, islander = land.product("rice"), land.islanders[0]
    land.live()
    assert land.said("rice") == ("hold", "still_changing")
    land.live()
    assert land.said("rice") == ("try", "ready_to_try")
    first = actions.start_trial(land.planner, product=rice)
    assert (first.region_id, first.mode, first.quota) == ("isle", "quota", 6)
    assert (first.first_round, first.last_round) == (4, 5)
    land.live()
    assert land.said("rice") == ("hold", "trial_runs")
    for _ in range(2):
        assert terms(islander, land.number, ["rice"])["rice"].mode == "quota"
        assert terms(land.planner, land.number, ["rice"])["rice"].mode == "credits"
        land.live(islanders_want=MORE)
    assert land.said("rice") == ("promote", "trial_held")
    vote = actions.put_to_vote(land.planner, product=rice)
    land.vote(vote, "promote")
    rice.refresh_from_db()
    assert (rice.mode, rice.quota) == ("quota", 6)
    assert Change.objects.get(product=rice).first_round == 7

    # Round 6 took its orders under the rule it began with.
    assert terms(land.planner, 6, ["rice"])["rice"].mode == "credits"
    for _ in range(3):
        land.live(islanders_want=MORE)
    assert land.said("rice") == ("try", "ready_to_try")
    second = actions.start_trial(land.planner, product=rice)
    # The trial goes round: this time it is not the island's.
    assert (second.region_id, second.mode, second.quota) == ("all", "free", None)
    for _ in range(3):
        land.live(islanders_want=MORE)
    assert land.said("rice") == ("promote", "trial_held")
    land.vote(actions.put_to_vote(land.planner, product=rice), "promote")
    rice.refresh_from_db()
    assert (rice.mode, rice.quota) == ("free", None)
    assert [change.mode for change in Change.objects.filter(product=rice)] == ["free", "quota"]
    land.live(islanders_want=MORE)
    land.live(islanders_want=MORE)
    assert land.said("rice") == ("hold", "free_already")
    taken = Collection.objects.filter(person=islander).order_by("-id").first()
    assert taken is not None
    assert (taken.asked or {})["rice"] == 5
    # Chairs alone cost something now.
    line = OrderLine.objects.get(person=islander, book=land.number - 1, product="chair")
    assert taken.cost == line.collected * 4000

    page = client.get("/towards-need/of/rice/")
    assert page.status_code == 200
    assert "The island" in page.content.decode()
    assert client.get("/api/distribution/share").json()[-1]["free"] > 0


def test_that_what_the_cupboards_do_not_hold_is_rolled_back_by_rule_with_notice(
    land: "Land", client: Client
) -> None:
    land.live()
    land.live(made={"soap": Decimal("0.4")})
    assert land.said("soap") == ("roll_back", "cupboards_empty")
    soap = land.product("soap")
    assert soap.mode == "quota"
    change = Change.objects.get(product=soap)
    assert (change.by_rule, change.first_round, change.mode_before) == (True, 4, "free")
    assert change.reason_en.startswith("By published rule at the close of round 2: ")
    assert Submission.objects.filter(kind="distribution", body__contains='"by_rule":true').exists()
    # The book that is open keeps its rule; the next has the new one.
    assert terms(land.planner, 3, ["soap"])["soap"].mode == "free"
    client.force_login(land.planner)
    for address in ("/", "/catalogue/soap/", "/towards-need/", "/towards-need/of/soap/"):
        assert "from round 4 on" in client.get(address).content.decode().lower(), address
    land.live()
    assert land.said("soap") == ("hold", "waiting")
    assert terms(land.planner, 4, ["soap"])["soap"].mode == "quota"
    for _ in range(3):
        land.live()
        assert land.said("soap") == ("hold", "waiting")
    land.live()
    assert land.said("soap") == ("try", "ready_to_try")


def test_that_a_trial_that_empties_the_cupboards_is_broken_off_and_the_rule_for_all_stays(
    land: "Land",
) -> None:
    land.live()
    land.live()
    actions.start_trial(land.planner, product=land.product("rice"))
    land.live()
    land.live(made={"rice": Decimal("0.4")})
    assert land.said("rice") == ("roll_back", "cupboards_empty")
    trial = Trial.objects.get()
    assert (trial.failed, trial.ended_round) == (True, 4)
    assert land.product("rice").mode == "credits"
    land.live()
    assert land.said("rice")[0] == "hold"
    with pytest.raises(Rejected) as why:
        actions.start_trial(land.planner, product=land.product("rice"))
    assert why.value.reason == Refusal.NOT_PROPOSED


def test_that_a_vote_to_keep_it_keeps_it_and_sets_the_waiting_time(land: "Land") -> None:
    rice = land.product("rice")
    land.live()
    land.live()
    actions.start_trial(land.planner, product=rice)
    for _ in range(3):
        land.live()
    land.vote(actions.put_to_vote(land.planner, product=rice), "keep")
    assert land.product("rice").mode == "credits"
    land.live()
    assert land.said("rice") == ("hold", "waiting")


def test_that_only_the_planning_duty_proposes_and_only_what_the_rules_propose(
    land: "Land",
) -> None:
    rice = land.product("rice")
    land.live()
    for who, act, reason in (
        (land.islanders[0], actions.start_trial, Refusal.NOT_YOUR_DUTY),
        (land.islanders[0], actions.put_to_vote, Refusal.NOT_YOUR_DUTY),
        (land.planner, actions.start_trial, Refusal.NOT_PROPOSED),
        (land.planner, actions.put_to_vote, Refusal.NOT_PROPOSED),
    ):
        with pytest.raises(Rejected) as why:
            act(who, product=rice)
        assert why.value.reason == reason
    assert not Trial.objects.exists()


def test_that_a_trial_begun_with_one_key_twice_is_one_trial(land: "Land") -> None:
    land.live()
    land.live()
    key = uuid7()
    begun = [
        actions.start_trial(land.planner, product=land.product("rice"), key=key) for _ in range(2)
    ]
    assert begun[0] == begun[1] == Trial.objects.get()


def test_that_nobody_is_promised_or_pays_by_two_rules_in_one_round(land: "Land") -> None:
    """Whoever moves house in the middle keeps, for what is ordered, the rule it was ordered by."""
    land.live()
    land.live()
    actions.start_trial(land.planner, product=land.product("rice"))
    land.live()
    islander = land.islanders[0]
    needs.place_order(islander, quantities={"rice": 2})
    products.move_to(islander, region="all")
    assert terms(islander, 4, ["rice"])["rice"].mode == "quota"
    needs.place_order(islander, quantities={"rice": 3})
    line = OrderLine.objects.get(person=islander, book=4, product="rice")
    assert line.on_trial
