from html import unescape

import pytest
from django.test import Client
from procrastinate.contrib.django.models import ProcrastinateJob
from pytest_django import DjangoAssertNumQueries
from pytest_django.asserts import assertRedirects
from tests.platform import factories
from tests.platform.factories import Country

from xietong.platform.people.models import Person
from xietong.platform.rounds.models import Adoption, Round, Scenario

State = Round.State


def page(client: Client, address: str, language: str = "en") -> str:
    client.cookies["language"] = language
    response = client.get(address)
    assert response.status_code == 200, address
    return unescape(response.content.decode())


def signed_in(client: Client, person: Person) -> Client:
    client.force_login(person)
    return client


@pytest.mark.django_db
def test_that_a_land_without_rounds_says_when_the_first_will_open(client: Client) -> None:
    assert "No round is under way" in page(client, "/round/")
    assert "没有正在进行的轮次" in page(client, "/round/", "zh-hans")


def test_that_everyone_sees_where_each_round_stands(voting: Country, client: Client) -> None:
    shown = page(client, "/round/")
    assert 'href="/round/1/"' in shown
    assert f'href="/decisions/{Round.objects.get(number=1).motion_id}/"' in shown
    assert "/next/" not in shown


def test_that_who_holds_the_duty_finds_the_step_that_comes_next(
    voting: Country, client: Client
) -> None:
    shown = page(signed_in(client, voting.planner), "/round/")
    assert 'href="/round/1/next/"' in shown
    # Round 2 gathers, but cannot be taken before round 1 runs.
    assert 'href="/round/2/next/"' not in shown


def test_that_a_round_being_drafted_looks_again_by_itself(country: Country, client: Client) -> None:
    Round.objects.filter(number=1).update(state=State.DRAFTING)
    shown = page(client, "/round/")
    assert 'hx-get="/round/" hx-trigger="every 2s"' in shown
    assert '<a href="/round/">Look again</a>' in shown


def test_that_a_failed_draft_says_why_and_stops_looking_again(
    country: Country, client: Client
) -> None:
    Round.objects.filter(number=1).update(state=State.DRAFTING, trouble="nothing makes rice")
    shown = page(signed_in(client, country.planner), "/round/")
    assert "nothing makes rice" in shown
    assert "hx-trigger" not in shown
    assert 'href="/round/1/next/"' in shown


def test_that_a_step_is_confirmed_on_a_page_that_says_what_will_happen(
    voting: Country, client: Client
) -> None:
    shown = page(signed_in(client, voting.planner), "/round/1/next/")
    assert "The ballots are counted." in shown
    assert 'name="step" value="end-vote"' in shown
    assert "清点选票" in page(client, "/round/1/next/", "zh-hans")


def test_that_each_step_can_be_taken_from_the_pages(country: Country, client: Client) -> None:
    signed_in(client, country.planner)
    country.order()
    assertRedirects(client.post("/round/1/next/", {"step": "begin-drafting"}), "/round/")
    assert Round.objects.get(number=1).state == State.DRAFTING
    country.draw(1)
    country.vote("goods", 1)
    assertRedirects(client.post("/round/1/next/", {"step": "end-vote"}), "/round/")
    assert Round.objects.get(number=1).state == State.RUNNING
    assertRedirects(client.post("/round/1/next/", {"step": "close"}), "/round/")
    assert Round.objects.get(number=1).state == State.CLOSED


def test_that_a_failed_draft_is_taken_up_again_from_the_pages(
    country: Country, client: Client
) -> None:
    Round.objects.filter(number=1).update(state=State.DRAFTING, trouble="nothing makes rice")
    client.force_login(country.planner)
    assertRedirects(client.post("/round/1/next/", {"step": "draft-again"}), "/round/")
    assert Round.objects.get(number=1).trouble == ""
    asked = ProcrastinateJob.objects.filter(task_name="rounds.draft")
    assert [job.args for job in asked] == [{"number": 1}]


def test_that_nobody_else_can_take_a_step(voting: Country, client: Client) -> None:
    voting.vote("goods", 1)
    signed_in(client, voting.everyone[1])
    assert client.get("/round/1/next/").status_code == 403
    assert client.post("/round/1/next/", {"step": "end-vote"}).status_code == 403
    assert Round.objects.get(number=1).state == State.DECIDING
    assert not Adoption.objects.exists()


def test_that_a_visitor_is_asked_to_sign_in_before_a_step(voting: Country, client: Client) -> None:
    response = client.post("/round/1/next/", {"step": "end-vote"})
    assertRedirects(response, "/sign-in/?next=/round/1/next/", fetch_redirect_response=False)
    assert Round.objects.get(number=1).state == State.DECIDING


def test_that_a_step_out_of_turn_is_refused_in_words(voting: Country, client: Client) -> None:
    signed_in(client, voting.planner)
    response = client.post("/round/1/next/", {"step": "close"}, follow=True)
    assert "The round is not in the phase" in response.content.decode()
    assert Round.objects.get(number=1).state == State.DECIDING


def test_that_an_unknown_step_is_no_step(voting: Country, client: Client) -> None:
    signed_in(client, voting.planner)
    assert client.post("/round/1/next/", {"step": "abolish"}).status_code == 400


def test_that_a_round_that_waits_has_no_step_to_confirm(voting: Country, client: Client) -> None:
    signed_in(client, voting.planner)
    voting.choose()
    voting.close()
    assertRedirects(client.get("/round/1/next/"), "/round/")


def test_that_scenarios_are_compared_with_charts_certificates_and_files(
    voting: Country, client: Client
) -> None:
    shown = page(client, "/round/1/")
    for text in (
        "More goods",
        "More free time",
        "Needs met by each scenario",
        "Hours of a worker in the round",
        "Chair",
        "Largest shortage",
        "xietong verify plan --economy economy",
        Scenario.objects.get(key="goods").plan_sha256,
        'href="/round/1/leisure/economy.zip"',
    ):
        assert text in shown
    chinese = page(client, "/round/1/", "zh-hans")
    for text in ("多一些产品", "多一些闲暇", "椅子", "最大缺口"):
        assert text in chinese


def test_that_a_round_without_scenarios_says_what_to_do(country: Country, client: Client) -> None:
    shown = page(client, "/round/1/")
    assert "There are no scenarios yet" in shown
    assert 'href="/catalogue/"' in shown


def test_that_the_chosen_scenario_is_marked_on_the_page(voting: Country, client: Client) -> None:
    assert "chosen by vote" not in page(client, "/round/1/")
    voting.choose()
    assert page(client, "/round/1/").count("chosen by vote") == 1


def test_that_needs_can_be_searched_and_lead_to_why(voting: Country, client: Client) -> None:
    shown = page(client, "/round/1/goods/?q=yizi&cut=1")
    assert 'href="/round/1/goods/household:chair/"' in shown
    assert 'href="/round/1/goods/household:rice/"' not in shown
    assert "58.6%" in shown
    assert "No need of this kind" in page(client, "/round/1/goods/?q=coffee")


@pytest.mark.parametrize("query", ["q=%00", "tier=%00", "tier=luxury", "page=%00", "cut=x"])
def test_that_a_search_that_makes_no_sense_leaves_nothing_out(
    query: str, voting: Country, client: Client
) -> None:
    assert "Chair" in page(client, f"/round/1/goods/?{query}")


def test_that_a_cut_need_is_explained_in_both_languages(voting: Country, client: Client) -> None:
    assert "work itself" in page(client, "/round/1/goods/household:chair/")
    assert "劳动本身" in page(client, "/round/1/goods/household:chair/", "zh-hans")
    assert "The plan provides all that is wanted." in page(client, "/round/1/goods/household:rice/")


def test_that_tasks_name_what_each_enterprise_is_to_make(voting: Country, client: Client) -> None:
    shown = page(client, "/round/1/goods/tasks/")
    assert "Chair makers" in shown
    assert "98.8\N{NO-BREAK SPACE}piece" in shown
    assert "椅子厂" in page(client, "/round/1/goods/tasks/", "zh-hans")


def test_that_both_files_can_be_downloaded(voting: Country, client: Client) -> None:
    for name in ("economy", "plan"):
        response = client.get(f"/round/1/goods/{name}.zip")
        assert response["Content-Disposition"] == f'attachment; filename="{name}.zip"'
        assert response.content == bytes(getattr(Scenario.objects.get(key="goods"), name))


@pytest.mark.parametrize(
    "address",
    [
        "/round/7/",
        "/round/99999999999999999999/",
        "/round/1/nobody/",
        "/round/1/nobody/tasks/",
        "/round/1/nobody/plan.zip",
        "/round/1/goods/household:coffee/",
        "/round/1/goods/%00/",
    ],
)
def test_that_what_is_not_there_is_not_found(
    address: str, country: Country, client: Client
) -> None:
    assert client.get(address).status_code == 404


@pytest.mark.django_db
@pytest.mark.parametrize("goods", [1, 3])
def test_that_each_page_takes_the_same_queries_for_one_good_and_for_three(
    goods: int, client: Client, django_assert_num_queries: DjangoAssertNumQueries
) -> None:
    country = factories.found(goods)
    country.order(units=80 if goods == 1 else 20)
    country.draft()
    for address, queries in (
        ("/round/", 3),
        ("/round/1/", 8),
        ("/round/1/goods/", 4),
        ("/round/1/goods/household:rice/", 4),
        ("/round/1/goods/tasks/", 5),
    ):
        with django_assert_num_queries(queries):
            client.get(address)
