import re
from typing import TYPE_CHECKING
from uuid import uuid4

import pytest
from django.test import Client

from xietong.platform.credits import actions as credits
from xietong.platform.credits import queries as credit_queries
from xietong.platform.needs import actions, queries
from xietong.platform.needs.models import Collection, OrderLine
from xietong.platform.needs.rules import affordable
from xietong.platform.products.models import Product

if TYPE_CHECKING:
    from pytest_django import DjangoAssertNumQueries
    from tests.platform.needs.conftest import Village

CHINESE = {"accept-language": "zh-hans"}


@pytest.fixture
def ana(client: Client, village: "Village") -> Client:
    client.force_login(village.ana)
    return client


def read(client: Client, path: str, *, chinese: bool = False) -> str:
    answer = client.get(path, headers=CHINESE if chinese else {})
    assert answer.status_code == 200
    return answer.content.decode()


@pytest.mark.parametrize("page", ["/basket/", "/basket/1/", "/collection/"])
def test_that_one_s_own_pages_ask_to_sign_in(client: Client, village: "Village", page: str) -> None:
    answer = client.get(page)
    assert (answer.status_code, answer.headers["Location"]) == (302, f"/sign-in/?next={page}")


def test_that_anybody_reads_the_catalogue_and_only_who_is_signed_in_orders(
    client: Client, village: "Village"
) -> None:
    credits.publish_prices(1, {"rice": 0.5})
    page = read(client, "/catalogue/")
    for text in ("Rice", "0.500", "2 a person", "free", "prices of round 1"):
        assert text in page
    assert "Steel" not in page
    assert "<button aria-label=" not in page
    client.force_login(village.ana)
    assert 'aria-label="Order Rice"' in read(client, "/catalogue/")


def test_that_the_catalogue_is_searched_in_both_languages(ana: Client) -> None:
    for query, found in (("rice", True), ("稻", True), ("chair", False)):
        assert ("稻米</a>" in read(ana, f"/catalogue/?q={query}", chinese=True)) == found
    assert "Nothing in the catalogue fits" in read(ana, "/catalogue/?q=gold")
    assert "Chair</a>" not in read(ana, "/catalogue/?mode=free")


@pytest.mark.parametrize(
    "query", ["q=%00", "group=gold", "mode=gift", "order=whim", "page=-1", "page=x"]
)
def test_that_an_odd_search_is_still_a_page(ana: Client, query: str) -> None:
    assert ana.get(f"/catalogue/?{query}").status_code == 200


@pytest.mark.parametrize("count", [1, 3])
def test_that_the_catalogue_takes_ten_queries(
    ana: Client,
    village: "Village",
    count: int,
    django_assert_num_queries: "DjangoAssertNumQueries",
) -> None:
    Product.objects.exclude(code__in=["rice", "chair", "bread"][:count]).update(orderable=False)
    credits.publish_prices(1, {"rice": 0.5})
    # session, person, shelves, number of products, products, priced round, open round, prices,
    # what is ordered
    with django_assert_num_queries(10):
        page = read(ana, "/catalogue/")
    assert page.count('name="quantity"') == count


def test_that_a_product_is_ordered_where_it_stands(ana: Client, village: "Village") -> None:
    sent = {"product": "rice", "quantity": "3", "next": "/catalogue/?q=rice"}
    answer = ana.post("/basket/add/", sent)
    assert (answer.status_code, answer.headers["Location"]) == (302, "/catalogue/?q=rice")
    assert "Rice: 3 in your basket." in read(ana, "/catalogue/?q=rice")
    assert queries.quantities_of(village.ana, 1) == {"rice": 3}
    ana.post("/basket/add/", {**sent, "quantity": "0"})
    assert queries.quantities_of(village.ana, 1) == {}


@pytest.mark.parametrize(
    "sent",
    [
        {"product": "rice", "quantity": "-1"},
        {"product": "rice", "quantity": "many"},
        {"product": "soap", "quantity": "3"},
        {"product": "gold", "quantity": "3"},
        {"product": "\0", "quantity": "3"},
        {},
    ],
)
def test_that_an_order_that_cannot_be_says_so_and_changes_nothing(
    ana: Client, sent: dict[str, str]
) -> None:
    page = ana.post("/basket/add/", {**sent, "next": "//elsewhere.example/"}, follow=True)
    assert page.redirect_chain == [("/catalogue/", 302)]
    assert 'class="notice bad"' in page.content.decode()
    assert not OrderLine.objects.exists()


def test_that_nobody_orders_without_signing_in(client: Client, village: "Village") -> None:
    client.post("/basket/add/", {"product": "rice", "quantity": "3"})
    assert not OrderLine.objects.exists()


def test_that_a_product_shows_what_became_of_it_round_by_round(
    ana: Client, village: "Village"
) -> None:
    assert "Nobody has ordered this yet" in read(ana, "/catalogue/rice/")
    village.store(rice=5)
    village.orders(rice=4)
    village.run({"rice": 9})
    page = read(ana, "/catalogue/rice/")
    for text in ("Asked for, promised, collected", "0.500", "My order in round 2"):
        assert text in page
    assert "第2轮的订购" in read(ana, "/catalogue/rice/", chinese=True)
    assert "Persons do not order it for themselves." in read(ana, "/catalogue/steel/")


@pytest.mark.parametrize("code", ["gold", "%00"])
def test_that_an_unknown_product_is_not_found(ana: Client, code: str) -> None:
    assert ana.get(f"/catalogue/{code}/").status_code == 404


def test_that_an_empty_basket_leads_to_the_catalogue(ana: Client) -> None:
    page = read(ana, "/basket/")
    assert "Your basket is empty" in page
    assert 'href="/catalogue/"' in page


def test_that_the_basket_adds_up_at_the_newest_prices(ana: Client, village: "Village") -> None:
    village.orders(rice=4, bread=2)
    assert "prices are known when a plan is adopted" in read(ana, "/basket/")
    village.run({"rice": 9, "bread": 6})
    actions.place_order(village.ana, quantities={"rice": 3, "chair": 1, "bread": 9})
    page = read(ana, "/basket/")
    for text in ("at the prices of round 1", "9.500", "1.500", "8.000"):
        assert text in page


def test_that_the_basket_is_changed_as_a_whole(ana: Client, village: "Village") -> None:
    actions.place_order(village.ana, quantities={"rice": 3, "chair": 1, "bread": 9})
    answer = ana.post(
        "/basket/", {"quantity-rice": "5", "quantity-chair": "0", "quantity-bread": "9"}
    )
    assert answer.status_code == 302
    assert queries.quantities_of(village.ana, 1) == {"rice": 5, "bread": 9}


@pytest.mark.parametrize(
    ("rice", "soap", "status"), [("x", "1", 422), ("-1", "1", 422), ("5", "3", 409)]
)
def test_that_a_basket_that_cannot_be_changes_nothing(
    ana: Client, village: "Village", rice: str, soap: str, status: int
) -> None:
    actions.place_order(village.ana, quantities={"rice": 3, "soap": 1})
    answer = ana.post("/basket/", {"quantity-rice": rice, "quantity-soap": soap})
    assert answer.status_code == status
    assert queries.quantities_of(village.ana, 1) == {"rice": 3, "soap": 1}


@pytest.mark.parametrize("count", [1, 3])
def test_that_the_basket_takes_twelve_queries(
    ana: Client,
    village: "Village",
    count: int,
    django_assert_num_queries: "DjangoAssertNumQueries",
) -> None:
    quantities = dict.fromkeys(["rice", "chair", "bread"][:count], 1)
    actions.place_order(village.ana, quantities=quantities)
    # session, person, open round, lines, their rules, priced round (twice), balance, rate
    with django_assert_num_queries(12):
        page = read(ana, "/basket/")
    assert page.count('name="quantity-') == count


def test_that_a_closed_book_is_told(ana: Client, village: "Village") -> None:
    actions.close_book(1)
    for page in ("/basket/", "/catalogue/", "/catalogue/rice/"):
        assert "No round is taking orders now" in read(ana, page)


@pytest.fixture
def promised(village: "Village") -> "Village":
    village.store(rice=5, bread=6, soap=6)
    village.orders(rice=4, bread=2, soap=2, chair=1)
    village.run({"rice": 12, "bread": 6, "soap": 6, "chair": 3})
    village.give(village.ana, 1_500)
    return village


def fields(page: str) -> dict[str, str]:
    """What the form on a page holds before anyone writes in it."""
    found: dict[str, str] = {}
    for tag in re.findall(r"<input[^>]*>", page):
        name, value = re.search(r'name="([^"]*)"', tag), re.search(r'value="([^"]*)"', tag)
        if name and value and name[1] != "csrfmiddlewaretoken":
            found[name[1]] = value[1]
    return found


def test_that_what_can_be_had_is_filled_in_and_collected_with_one_button(
    ana: Client, promised: "Village"
) -> None:
    filled = fields(read(ana, "/collection/"))
    assert {name: units for name, units in filled.items() if name.startswith("quantity")} == {
        "quantity-rice": "3",
        "quantity-bread": "2",
        "quantity-soap": "2",
        "quantity-chair": "0",
    }
    answer = ana.post("/collection/", filled, follow=True)
    page = answer.content.decode()
    assert "Collected, for 1.500 credits." in page
    assert "all of it" in page
    assert credit_queries.balance_of(promised.ana) == 0
    assert ana.post("/collection/", filled).status_code == 302
    assert Collection.objects.count() == 1


def test_that_a_visit_sent_again_after_its_round_is_no_error(
    ana: Client, promised: "Village"
) -> None:
    filled = fields(read(ana, "/collection/"))
    ana.post("/collection/", filled)
    actions.settle(1)
    assert ana.post("/collection/", filled).status_code == 302
    assert Collection.objects.count() == 1


def test_that_a_page_sent_again_with_other_units_is_refused(
    ana: Client, promised: "Village"
) -> None:
    filled = fields(read(ana, "/collection/"))
    ana.post("/collection/", filled)
    answer = ana.post("/collection/", {**filled, "quantity-rice": "1"})
    assert answer.status_code == 409
    assert "This visit was recorded before" in answer.content.decode()
    assert Collection.objects.count() == 1


def test_that_what_is_not_there_is_told_and_costs_nothing(ana: Client, promised: "Village") -> None:
    filled = fields(read(ana, "/collection/"))
    answer = ana.post("/collection/", {**filled, "quantity-rice": "0", "quantity-chair": "1"})
    page = read(ana, answer.headers["Location"])
    assert "Not there in full: Chair. It cost you nothing." in page
    assert credit_queries.balance_of(promised.ana) == 1_500


@pytest.mark.parametrize(("rice", "status"), [("5", 409), ("4", 409), ("x", 422), ("-1", 422)])
def test_that_a_collection_that_cannot_be_changes_nothing(
    ana: Client, promised: "Village", rice: str, status: int
) -> None:
    filled = fields(read(ana, "/collection/"))
    answer = ana.post("/collection/", {**filled, "quantity-rice": rice})
    assert answer.status_code == status
    assert not Collection.objects.exists()
    assert promised.in_store("bread") == 6
    assert credit_queries.balance_of(promised.ana) == 1_500


def test_that_a_collection_needs_a_key(ana: Client, promised: "Village") -> None:
    assert ana.post("/collection/", {"quantity-bread": "1"}).status_code == 422
    assert not Collection.objects.exists()


def test_that_the_page_of_collection_says_what_to_do_when_there_is_nothing(
    ana: Client, village: "Village"
) -> None:
    assert "No goods can be collected now" in read(ana, "/collection/")
    actions.place_order(village.bruno, quantities={"rice": 1})
    village.run({"rice": 1})
    assert "Nothing was promised to you in this round" in read(ana, "/collection/")


@pytest.mark.parametrize("count", [1, 3])
def test_that_the_page_of_collection_takes_twelve_queries(
    ana: Client,
    village: "Village",
    count: int,
    django_assert_num_queries: "DjangoAssertNumQueries",
) -> None:
    codes = ["rice", "bread", "soap"][:count]
    village.store(**dict.fromkeys(codes, 9))
    village.orders(**dict.fromkeys(codes, 2))
    village.run(dict.fromkeys(codes, 6))
    village.give(village.ana, 1_500)
    for _ in range(2):
        actions.collect(village.ana, quantities=dict.fromkeys(codes, 1), key=uuid4())
    # session, person, collecting round (twice), lines, prices, stock, balance, number of
    # visits, visits, their lines
    with django_assert_num_queries(12):
        page = read(ana, "/collection/")
    assert page.count("<details>") == 2


def test_that_the_order_of_a_past_round_tells_what_became_of_it(
    ana: Client, promised: "Village"
) -> None:
    actions.collect(promised.ana, quantities={"rice": 2, "chair": 1}, key=uuid4())
    page = read(ana, "/basket/1/")
    assert re.findall(r'data-label="Collected">(\d)', page) == ["0", "0", "2", "0"]
    assert re.findall(r'data-label="Not there">(\d)', page) == ["0", "1", "0", "0"]
    assert "我在第1轮的订购" in read(ana, "/basket/1/", chinese=True)
    assert ana.get("/basket/2/").status_code == 404


def test_that_credits_go_to_what_comes_first_as_far_as_they_reach() -> None:
    goods = {"rice": (4, 300), "bread": (2, 0), "chair": (1, 8_000), "soap": (9, 100)}
    assert affordable(goods, 1_400) == {"rice": 4, "bread": 2, "chair": 0, "soap": 2}


def test_that_what_holds_each_round_is_said_once_on_the_basket(ana: Client) -> None:
    page = ana.post("/basket/standing/", {"repeats": "on"}, follow=True)
    assert "Noted, until you change it." in page.content.decode()
    box = re.search(r'<input type="checkbox" name="(\w+)"[^>]*checked', page.content.decode())
    assert box is not None
    assert box.group(1) == "repeats"
