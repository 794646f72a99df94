from html import unescape

import pytest
from django.test import Client
from tests.platform.factories import Country

from xietong.platform.people import actions as people
from xietong.platform.people.models import Ground


def page(client: Client, address: str, language: str = "en") -> str:
    client.cookies["language"] = language
    response = client.get(address)
    assert response.status_code == 200, address
    return unescape(response.content.decode())


@pytest.mark.django_db
def test_that_a_visitor_is_told_what_this_is_and_where_to_look(client: Client) -> None:
    shown = page(client, "/")
    assert "Decide together what is made" in shown
    for address in ("/sign-in/", "/round/", "/opsroom/", "/decisions/", "/record/"):
        assert f'href="{address}"' in shown
    assert "大家一起决定" in page(client, "/", "zh-hans")


def test_that_home_shows_what_became_of_what_one_asked_for(
    running: Country, client: Client
) -> None:
    client.force_login(running.planner)
    shown = page(client, "/")
    assert "Hello, Ana" in shown
    assert 'href="/round/1/goods/household:chair/"' in shown
    assert "3 products promised to you can be collected." in shown
    chinese = page(client, "/", "zh-hans")
    assert "Ana，您好" in chinese
    assert "为什么削减" in chinese


def test_that_an_empty_home_says_what_to_do_next(country: Country, client: Client) -> None:
    client.force_login(country.everyone[-1])
    shown = page(client, "/")
    assert "You have asked for nothing yet" in shown
    assert "You have no place in an enterprise." in shown
    assert 'href="/catalogue/"' in shown


@pytest.mark.parametrize("number", ["9", "x", "-1", "99999999999999999999", "٣"])
def test_that_a_home_survives_any_round_in_its_address(
    number: str, country: Country, client: Client
) -> None:
    client.force_login(country.planner)
    assert client.get("/", {"round": number}).status_code == 200


@pytest.mark.django_db
def test_that_the_opsroom_says_when_its_pictures_begin(client: Client) -> None:
    shown = page(client, "/opsroom/")
    assert "No plan has been at work yet" in shown
    assert 'href="/round/"' in shown


def test_that_the_opsroom_is_open_to_everyone_in_both_languages(
    running: Country, client: Client
) -> None:
    shown = page(client, "/opsroom/")
    for text in (
        "Needs met, by tier",
        "Production against plan",
        "Stocks against their norms",
        "Hours planned and certified",
        "How goods reached people",
        "What became of all credits",
        "Issued − cancelled = in all accounts, to the last thousandth.",
        "9.1%",
    ):
        assert text in shown
    assert "Ana" not in shown
    chinese = page(client, "/opsroom/", "zh-hans")
    for text in ("各层次需求的满足程度", "生产与计划对照", "分毫不差"):
        assert text in chinese


def test_that_a_round_in_which_nothing_has_happened_yet_has_empty_pictures(
    country: Country, client: Client
) -> None:
    country.order()
    country.draft()
    country.choose()
    shown = page(client, "/opsroom/")
    assert "Nothing has been collected in this round yet" in shown


def test_that_nobody_is_told_of_the_incomes_of_fewer_than_ten(
    running: Country, client: Client
) -> None:
    running.close()
    shown = page(client, "/opsroom/")
    assert "Fewer than ten people have been issued credits in this round" in shown
    assert "told of ten people or more, when a round has closed" in shown
    assert "Incomes of the round" not in shown
    assert "By kind of household" not in shown


def test_that_need_and_equality_are_shown_over_the_rounds(crowded: Country, client: Client) -> None:
    crowded.close()
    client.force_login(crowded.planner)
    for address in ("/", "/opsroom/"):
        shown = page(client, address)
        for text in ("Need and equality, over the rounds", "Gini of incomes", "Spread of incomes"):
            assert text in shown
        assert "需要与平等的逐轮变化" in page(client, address, "zh-hans")
    assert "Incomes of the round" in page(client, "/opsroom/")
    assert "本轮收入" in page(client, "/opsroom/", "zh-hans")
    # Fewer than a hundred persons have no tenths, and eight who are no pensioners no kind.
    assert "The tenth with most over the tenth with least" not in page(client, "/opsroom/")
    assert "By kind of household" not in page(client, "/opsroom/")


def test_that_kinds_of_household_are_told_beside_each_other(
    crowded: Country, client: Client
) -> None:
    people.enrol_many(people.NewPerson(f"s{n}", f"S {n}", Ground.STUDY) for n in range(5))
    crowded.close()
    shown = page(client, "/opsroom/")
    assert "By kind of household" in shown
    assert "按住户类型" in page(client, "/opsroom/", "zh-hans")


def test_that_an_earlier_round_can_be_chosen(running: Country, client: Client) -> None:
    running.close()
    running.order(units=20)
    running.draft(2)
    running.choose(number=2)
    assert '<option value="2" selected>' in page(client, "/opsroom/")
    assert '<option value="1" selected>' in page(client, "/opsroom/?round=1")


def test_that_a_round_without_a_plan_is_not_found(running: Country, client: Client) -> None:
    assert client.get("/opsroom/?round=2").status_code == 404
