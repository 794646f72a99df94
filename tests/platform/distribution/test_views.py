"""The pages of the way towards need: read by everyone, acted on by who holds the duty."""

from typing import TYPE_CHECKING

import pytest
from django.test import Client
from tests.platform import lived
from tests.platform.factories import Country

from xietong.platform.base import uuid7
from xietong.platform.distribution.models import Proposal
from xietong.platform.products.models import Product, Residence, Trial

if TYPE_CHECKING:
    from pytest_django import DjangoAssertNumQueries
    from tests.platform.distribution.conftest import Land

pytestmark = pytest.mark.django_db


@pytest.fixture
def country(nothing_cached: None) -> Country:
    return lived.lived(3)


def page(client: Client, address: str) -> str:
    answer = client.get(address)
    assert answer.status_code == 200
    return answer.content.decode()


def test_that_a_country_that_has_closed_no_round_is_told_what_comes(client: Client) -> None:
    assert "No round has been closed yet" in page(client, "/towards-need/")


def test_that_whoever_looks_finds_products_by_rule_and_proposal(
    client: Client, country: Country
) -> None:
    shown = page(client, "/towards-need/?mode=credits&move=hold&order=name")
    assert shown.index("Chair") < shown.index("Rice")
    assert "Soap" not in shown
    assert "No product is like that now" in page(client, "/towards-need/?move=promote")


def test_that_figures_of_fewer_than_ten_persons_are_not_shown(
    client: Client, country: Country
) -> None:
    assert "Fewer than ten persons asked for it" in page(client, "/towards-need/of/rice/")
    answer = client.get("/api/distribution/products/rice").json()
    assert {each["taken"] for each in answer["rounds"]} == {None}
    assert answer["proposal"]["use"] is None
    assert answer["gains"] == []


def test_that_what_there_is_not_is_not_found(client: Client, country: Country) -> None:
    for address in ("/towards-need/of/gold/", "/api/distribution/products/gold"):
        assert client.get(address).status_code == 404


def test_that_a_dossier_tells_sums_and_who_gains_where_ten_asked(
    client: Client, land: "Land"
) -> None:
    land.live()
    answer = client.get("/api/distribution/products/rice").json()
    (first,) = answer["rounds"]
    assert (first["asked"], first["promised"], first["taken"]) == (120, 120, 120)
    assert (first["takers"], first["use"], first["cover"]) == (30, 4.0, 1.0)
    # Seven others live alone: of these nothing is told.
    assert [(gain["kind"], gain["persons"], gain["use"]) for gain in answer["gains"]] == [
        ("pensioners", 23, 4.0)
    ]
    assert "pensioners" in page(client, "/towards-need/of/rice/")


def test_that_the_planner_begins_a_trial_on_the_page_once(client: Client, land: "Land") -> None:
    land.live()
    land.live()
    client.force_login(land.planner)
    assert "Try it in one region" in page(client, "/towards-need/of/rice/")
    for _ in range(2):
        answer = client.post("/towards-need/of/rice/trial/", {"once": str(KEY)})
        assert (answer.status_code, answer["Location"]) == (302, "/towards-need/of/rice/")
    assert Trial.objects.get().product_id == "rice"
    assert "The island, rounds 4 to 5" not in page(client, "/towards-need/of/rice/")
    again = client.post("/towards-need/of/rice/vote/")
    assert again.status_code == 409


def test_that_who_has_no_duty_begins_nothing(client: Client, country: Country) -> None:
    client.force_login(country.everyone[-1])
    for step in ("trial", "vote"):
        assert client.post(f"/towards-need/of/rice/{step}/").status_code == 403
    assert client.post("/api/distribution/products/rice/trial").status_code == 409
    assert not Trial.objects.exists()


def test_that_a_person_says_where_they_live(client: Client, country: Country) -> None:
    person = country.everyone[-1]
    client.force_login(person)
    client.post("/towards-need/home-region/", {"region": "all", "once": str(KEY)})
    assert Residence.objects.get(person=person).region_id == "all"
    client.post("/towards-need/home-region/", {"region": "atlantis"})
    assert Residence.objects.get(person=person).region_id == "all"
    assert client.get("/api/products/residence/mine").json()["code"] == "all"


@pytest.mark.parametrize("products", [1, 3])
def test_that_the_list_takes_the_same_queries_however_long_it_is(
    client: Client, products: int, django_assert_num_queries: "DjangoAssertNumQueries"
) -> None:
    lived.lived(products)
    assert Proposal.objects.count() == products == Product.objects.count()
    # shares, number of products, products, newest round, changes, moves, trials, parameters
    with django_assert_num_queries(8):
        page(client, "/towards-need/")


KEY = uuid7()
