import pytest
from django.test import Client
from pytest_django import DjangoAssertNumQueries
from tests.platform import factories
from tests.platform.factories import Country

from xietong.platform.rounds.models import Adoption, Round

State = Round.State


def test_that_rounds_are_listed_without_signing_in(voting: Country, client: Client) -> None:
    answer = client.get("/api/rounds/").json()
    assert (answer["count"], answer["pages"]) == (2, 1)
    assert [(each["number"], each["state"], each["chosen"]) for each in answer["items"]] == [
        (2, "gathering", None),
        (1, "deciding", None),
    ]


def test_that_a_round_comes_with_its_scenarios_and_their_certificates(
    voting: Country, client: Client
) -> None:
    voting.choose()
    answer = client.get("/api/rounds/1").json()
    assert (answer["number"], answer["chosen"]) == (1, "goods")
    goods, leisure = answer["scenarios"]
    assert (goods["key"], goods["chosen"], leisure["chosen"]) == ("goods", True, False)
    assert (goods["workers"], goods["hours_offered"]) == (6, "600.000")
    assert goods["shortage"] <= 1e-6
    assert goods["gap"] <= 1e-6
    assert [tier["tier"] for tier in goods["tiers"]] == ["basic", "public", "personal", "reserve"]


def test_that_needs_come_with_the_reason_why_they_are_cut(voting: Country, client: Client) -> None:
    answer = client.get("/api/rounds/1/scenarios/goods/needs?tier=personal").json()
    (chairs,) = answer["items"]
    assert chairs["need"] == "household:chair"
    assert chairs["share"] == pytest.approx(93.75 / 160)
    assert "work itself" in chairs["why_en"]
    one = client.get("/api/rounds/1/scenarios/goods/needs/household:chair").json()
    assert one == chairs


def test_that_tasks_and_files_can_be_read(voting: Country, client: Client) -> None:
    tasks = client.get("/api/rounds/1/scenarios/goods/tasks").json()
    assert [each["enterprise"] for each in tasks["items"]] == [
        "chair-makers",
        "rice-makers",
        "soap-makers",
    ]
    for name in ("economy", "plan"):
        answer = client.get(f"/api/rounds/1/scenarios/goods/{name}.zip")
        assert (answer.status_code, answer["Content-Type"]) == (200, "application/zip")


def test_that_the_steps_of_a_round_can_be_taken(country: Country, client: Client) -> None:
    client.force_login(country.planner)
    country.order()
    assert client.post("/api/rounds/1/begin-drafting").json()["state"] == "drafting"
    country.draw(1)
    country.vote("leisure", 1)
    assert client.post("/api/rounds/1/end-vote").json()["chosen"] == "leisure"
    assert client.post("/api/rounds/1/close").json()["state"] == "closed"


def test_that_a_step_out_of_turn_is_a_conflict_with_its_reason(
    voting: Country, client: Client
) -> None:
    client.force_login(voting.planner)
    answer = client.post("/api/rounds/1/close")
    assert (answer.status_code, answer.json()["reason"]) == (409, "wrong-phase")
    answer = client.post("/api/rounds/1/draft-again")
    assert (answer.status_code, answer.json()["reason"]) == (409, "wrong-phase")


@pytest.mark.parametrize("step", ["begin-drafting", "draft-again", "end-vote", "close"])
def test_that_nobody_without_the_duty_can_take_a_step(
    step: str, voting: Country, client: Client
) -> None:
    assert client.post(f"/api/rounds/1/{step}").status_code == 401
    client.force_login(voting.everyone[1])
    answer = client.post(f"/api/rounds/1/{step}")
    assert (answer.status_code, answer.json()["reason"]) == (409, "not-your-duty")
    assert Round.objects.get(number=1).state == State.DECIDING
    assert not Adoption.objects.exists()


@pytest.mark.parametrize(
    "address",
    ["7", "7/scenarios/goods/needs", "1/scenarios/goods/needs/x", "1/scenarios/x/plan.zip"],
)
def test_that_what_is_not_there_is_not_found(
    address: str, country: Country, client: Client
) -> None:
    assert client.get(f"/api/rounds/{address}").status_code == 404


@pytest.mark.parametrize("query", ["needs?search=%00", "needs?tier=luxury", "needs/%00"])
def test_that_what_makes_no_sense_is_said_to_be_so(
    query: str, country: Country, client: Client
) -> None:
    assert client.get(f"/api/rounds/1/scenarios/goods/{query}").status_code == 422


@pytest.mark.django_db
@pytest.mark.parametrize("goods", [1, 3])
def test_that_lists_take_the_same_queries_for_one_good_and_for_three(
    goods: int, client: Client, django_assert_num_queries: DjangoAssertNumQueries
) -> None:
    country = factories.found(goods)
    country.order()
    country.draft()
    for address, queries in (
        ("/api/rounds/", 2),
        ("/api/rounds/1", 4),
        ("/api/rounds/1/scenarios/goods/needs", 4),
        ("/api/rounds/1/scenarios/goods/tasks", 5),
    ):
        with django_assert_num_queries(queries):
            client.get(address)
