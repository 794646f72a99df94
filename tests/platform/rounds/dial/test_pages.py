"""The pages and operations of the dial: read by everyone, asked by who has signed in."""

import json
from html import unescape
from typing import TYPE_CHECKING

import pytest
from django.test import Client
from tests.platform import lived
from tests.platform.rounds.dial.conftest import kept

from xietong.platform.base import uuid7
from xietong.platform.decisions.models import Motion
from xietong.platform.rounds.dial import actions
from xietong.platform.rounds.models import DialReading

if TYPE_CHECKING:
    from pytest_django import DjangoAssertNumQueries
    from tests.platform.rounds.dial.conftest import Shore


def page(client: Client, address: str, language: str = "en", status: int = 200) -> str:
    client.cookies["language"] = language
    answer = client.get(address)
    assert answer.status_code == status
    return unescape(answer.content.decode())


@pytest.mark.django_db
def test_that_the_dial_says_when_it_can_be_read(client: Client) -> None:
    assert "There is no plan at work yet" in page(client, "/dial/")
    assert "还没有正在执行的计划" in page(client, "/dial/", "zh-hans")


def test_that_a_stranger_reads_and_is_asked_to_sign_in(shore: "Shore", client: Client) -> None:
    assert "Sign in to ask" in page(client, "/dial/")
    assert client.post("/dial/", {"spread": "0.1"}).status_code == 302
    assert not DialReading.objects.exists()
    reading = shore.answered(spread=100)
    assert "What is assumed" in page(client, f"/dial/{reading.id}/")


def test_that_a_question_is_asked_waited_for_and_read_on_the_pages(
    shore: "Shore", client: Client
) -> None:
    client.force_login(shore.pensioners[0])
    form = {"spread": "0.15", "products": ["rice", "chair"], "once": str(uuid7())}
    answers = [client.post("/dial/", form) for _ in range(2)]
    asked = DialReading.objects.get()
    assert {answer["Location"] for answer in answers} == {f"/dial/{asked.id}/"}
    assert (asked.spread, asked.steps) == (150, {"rice": "quota", "chair": "quota"})
    waiting = page(client, f"/dial/{asked.id}/")
    assert 'hx-trigger="every 2s"' in waiting
    assert "is being worked out" in page(client, "/dial/")
    actions.answer(asked.id)
    shown = page(client, f"/dial/{asked.id}/")
    assert "hx-trigger" not in shown
    for text in ("0.150", "instead of 0.000", "100.0%", "An hour of work issues", "not tried yet"):
        assert text in shown
    chinese = page(client, f"/dial/{asked.id}/", "zh-hans")
    for text in ("计划的测算", "每小时劳动可得", "测算的假定", "尚未试行"):
        assert text in chinese
    assert "answered" in page(client, "/dial/")


def test_that_a_refusal_is_told_beside_the_form(shore: "Shore", client: Client) -> None:
    client.force_login(shore.planner)
    for form, text in (
        ({}, "The dial stands as things are: nothing would change."),
        ({"spread": "7"}, "0.999"),
        ({"percent": "101"}, "100"),
        ({"products": ["gold"]}, "This product has no next step towards need."),
    ):
        answer = client.post("/dial/", form)
        assert answer.status_code == 422
        assert text in unescape(answer.content.decode())


def test_that_who_comes_from_a_dossier_finds_its_product_ticked(
    shore: "Shore", client: Client
) -> None:
    assert 'href="/dial/?product=rice"' in page(client, "/towards-need/of/rice/")
    assert 'value="rice" id="step-1" checked' in page(client, "/dial/?product=rice")
    assert "checked" not in page(client, "/dial/?product=gold&product=%00")


def test_that_the_duty_puts_what_was_asked_to_the_vote_and_the_motion_leads_back(
    shore: "Shore", client: Client
) -> None:
    reading = shore.answered(spread=150, products=["rice"])
    client.force_login(shore.pensioners[0])
    assert "Put the spread to the vote" not in page(client, f"/dial/{reading.id}/")
    assert client.post(f"/dial/{reading.id}/vote/").status_code == 403
    client.force_login(shore.planner)
    assert "Put the spread to the vote" in page(client, f"/dial/{reading.id}/")
    answer = client.post(f"/dial/{reading.id}/vote/")
    motion = Motion.objects.get(effect="set_spread")
    assert answer["Location"] == f"/decisions/{motion.pk}/"
    shown = page(client, f"/decisions/{motion.pk}/")
    assert f'href="/dial/{reading.id}/"' in shown
    refused = client.post(f"/dial/{reading.id}/vote/", {"product": "rice"}, follow=True)
    assert "The published rules do not propose this now" in refused.content.decode()


def test_that_a_reading_that_is_not_there_is_not_found(shore: "Shore", client: Client) -> None:
    client.force_login(shore.planner)
    page(client, f"/dial/{uuid7()}/", status=404)
    assert client.get(f"/api/rounds/dial/{uuid7()}").status_code == 404
    assert client.post(f"/dial/{uuid7()}/vote/").status_code == 404


def test_that_the_dial_is_asked_and_read_by_programs(shore: "Shore", client: Client) -> None:
    body = json.dumps({"spread": 100, "products": ["rice"]})
    address = "/api/rounds/dial/"
    assert client.post(address, body, content_type="application/json").status_code == 401
    client.force_login(shore.planner)
    accepted = client.post(address, body, content_type="application/json")
    asked = accepted.json()
    assert accepted.status_code == 202
    assert (asked["answer"], asked["steps"]) == (None, {"rice": "quota"})
    again = client.post(address, json.dumps({"spread": 7}), content_type="application/json")
    assert (again.status_code, again.json()["reason"]) == (409, "one-at-a-time")
    actions.answer(asked["id"])
    found = Client().get(f"{address}{asked['id']}").json()
    answer = kept(asked["id"]).answer
    assert answer is not None
    assert found["answer"]["claimable"] == answer["claimable"]
    listed = Client().get(address).json()
    assert (listed["count"], listed["items"][0]["answer"]) == (1, None)
    vote = client.post(f"{address}{asked['id']}/vote", "{}", content_type="application/json")
    assert (vote.status_code, vote.json()["effect"]) == (201, "set_spread")


def test_that_a_share_to_reach_picks_the_products_by_their_cost(
    shore: "Shore", client: Client
) -> None:
    client.force_login(shore.planner)
    # Fewer than ten persons asked for each product: what its step costs is told to nobody.
    assert client.post("/dial/", {"percent": "60"}).status_code == 422


@pytest.mark.django_db
@pytest.mark.parametrize("readings", [1, 3])
def test_that_the_dial_takes_the_same_queries_for_one_reading_and_for_three(
    client: Client, readings: int, django_assert_num_queries: "DjangoAssertNumQueries"
) -> None:
    country = lived.lived(1)
    for number in range(readings):
        actions.answer(actions.ask(country.planner, spread=number + 300, products=["rice"]).id)
    # plan, rate, spread and payout; candidates; readings with their number, plan and products
    with django_assert_num_queries(12):
        page(client, "/dial/")
