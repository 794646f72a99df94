from collections.abc import Callable
from decimal import Decimal
from uuid import uuid4

import pytest
from django.test import Client
from pytest_django import DjangoAssertNumQueries

from xietong.platform.enterprises import actions
from xietong.platform.enterprises.actions import Counted, EnterpriseDraft
from xietong.platform.enterprises.forms import ReportForm
from xietong.platform.enterprises.models import Movement, Report
from xietong.platform.people.models import Person
from xietong.platform.products.models import Product

from .conftest import Country

Store = Callable[[str], dict[str, Decimal]]


def signed_in(person: Person) -> Client:
    client = Client()
    client.force_login(person, "django.contrib.auth.backends.ModelBackend")
    return client


def filled_in(form: ReportForm) -> dict[str, str | None]:
    return {row.field.name: row.field.value() for row in form.asked_for}


@pytest.mark.parametrize("more", [1, 3])
def test_that_the_list_of_enterprises_takes_two_queries(
    country: Country, client: Client, more: int, django_assert_num_queries: DjangoAssertNumQueries
) -> None:
    actions.add_enterprises(
        EnterpriseDraft(code=f"forge-{n}", region="hills", name_en=f"Forge {n}", name_zh=f"铁厂{n}")
        for n in range(more)
    )
    with django_assert_num_queries(2):
        page = client.get("/enterprises/", {"q": "forge"})
    assert [f"/enterprises/forge-{n}/" in page.text for n in range(4)] == [
        n < more for n in range(4)
    ]
    assert "/enterprises/mill/" not in page.text


def test_that_a_search_without_a_hit_says_what_to_do(country: Country, client: Client) -> None:
    page = client.get("/enterprises/", {"q": "x\0y"})
    assert page.status_code == 200
    assert "No enterprise has that in its name" in page.text


def test_that_everyone_can_read_an_enterprise(running: Country, client: Client) -> None:
    actions.report_output(
        running.ana,
        enterprise=running.mill,
        quantities={"flour": Decimal("40.5")},
        note="the river was high",
        key=uuid4(),
    )
    for tab, texts in {
        "": ("Mill", "Valley", "Bruno", "Flour", "40.5", "50.6%", "Grain"),
        "stock/": ("Flour", "40.5", "Grain", "120"),
        "reports/": ("Flour", "40.5", "the river was high", "Ana"),
    }.items():
        page = client.get(f"/enterprises/mill/{tab}")
        assert [text for text in texts if text not in page.text] == []


def test_that_an_enterprise_is_read_in_chinese(running: Country, client: Client) -> None:
    page = client.get("/enterprises/mill/", headers={"accept-language": "zh-hans"})
    for text in ("磨坊", "河谷", "面粉", "公斤", "要生产", "要耗用"):
        assert text in page.text


@pytest.mark.parametrize("reports", [1, 3])
def test_that_an_enterprise_takes_the_same_queries_however_much_it_reports(
    running: Country,
    client: Client,
    reports: int,
    django_assert_num_queries: DjangoAssertNumQueries,
) -> None:
    for _ in range(reports):
        quantities = {"flour": Decimal(1), "bran": Decimal(1)}
        actions.report_output(
            running.ana, enterprise=running.mill, quantities=quantities, key=uuid4()
        )
    for tab, queries in {"": 12, "stock/": 6, "reports/": 8}.items():
        with django_assert_num_queries(queries):
            client.get(f"/enterprises/mill/{tab}")


def test_that_an_enterprise_without_a_round_says_so(country: Country, client: Client) -> None:
    for tab, text in {
        "": "No round has been planned yet",
        "stock/": "The store is empty",
        "reports/": "Nothing has been reported yet",
    }.items():
        assert text in client.get(f"/enterprises/mill/{tab}").text


def test_that_an_unknown_enterprise_is_not_found(country: Country, client: Client) -> None:
    assert client.get("/enterprises/smithy/").status_code == 404


@pytest.mark.parametrize("address", ["/enterprise/made/", "/enterprise/used/"])
def test_that_reporting_needs_a_sign_in(running: Country, client: Client, address: str) -> None:
    for answer in (client.get(address), client.post(address, {"quantity-flour": "1"})):
        assert (answer.status_code, answer.headers["Location"]) == (
            302,
            f"/sign-in/?next={address}",
        )
    assert Report.objects.count() == 0


def test_that_the_form_holds_what_is_left_of_the_plan(running: Country) -> None:
    actions.report_output(
        running.ana, enterprise=running.mill, quantities={"flour": Decimal("30.5")}, key=uuid4()
    )
    form = signed_in(running.ana).get("/enterprise/made/").context["form"]
    assert filled_in(form) == {"quantity-bran": "20", "quantity-flour": "49.5"}


def test_that_no_more_use_is_filled_in_than_lies_in_the_regions_stores(running: Country) -> None:
    rows = [Counted("mill", "flour", Decimal(30)), Counted("hill-mill", "flour", Decimal(9))]
    actions.count_opening_stock(rows, round_number=1)
    form = signed_in(running.celia).get("/enterprise/used/").context["form"]
    assert filled_in(form) == {"quantity-bran": None, "quantity-flour": "30"}


def test_that_the_quantities_of_an_enterprise_are_paged(country: Country, client: Client) -> None:
    Product.objects.bulk_create(
        Product(
            code=f"grain-{n:02}",
            name_en=f"Grain {n}",
            name_zh=f"谷物{n}",
            group_id="food",
            storable=True,
            orderable=False,
        )
        for n in range(20)
    )
    amounts = [Counted("mill", f"grain-{n:02}", Decimal(1)) for n in range(20)]
    actions.count_opening_stock(amounts, round_number=1)
    pages = [client.get("/enterprises/mill/stock/", {"page": n}).context["stock"] for n in (1, 2)]
    assert [len(page) for page in pages] == [15, 5]


def test_that_a_member_reports_what_was_made_and_used(running: Country, store: Store) -> None:
    client = signed_in(running.ana)
    made = {"quantity-flour": "16.25", "quantity-bran": "", "note": "good", "key": str(uuid4())}
    used = {"quantity-grain": "20", "key": str(uuid4())}
    for address, data in (("/enterprise/made/", made), ("/enterprise/used/", used)):
        answer = client.post(address, data)
        assert (answer.status_code, answer.headers["Location"]) == (302, "/enterprise/")
    assert store("mill") == {"flour": Decimal("16.25"), "grain": Decimal(100)}
    assert set(Report.objects.values_list("kind", "note", "reported_by__name")) == {
        ("output", "good", "Ana"),
        ("use", "", "Ana"),
    }


def test_that_a_form_sent_twice_reports_once(running: Country, store: Store) -> None:
    client = signed_in(running.ana)
    data = {"quantity-flour": "16", "key": str(uuid4())}
    for _ in range(2):
        assert client.post("/enterprise/made/", data).status_code == 302
    assert store("mill")["flour"] == Decimal(16)


@pytest.mark.parametrize(
    ("quantity", "complaint"),
    [
        ("-1", "greater than or equal to 0"),
        ("0.0001", "no more than 3 decimal places"),
        ("many", "Enter a number"),
        ("", "at least one quantity above 0"),
    ],
)
def test_that_a_wrong_quantity_is_told_beside_the_form(
    running: Country, quantity: str, complaint: str
) -> None:
    data = {"quantity-flour": quantity, "key": str(uuid4())}
    page = signed_in(running.ana).post("/enterprise/made/", data)
    assert (page.status_code, complaint in page.text) == (200, True)
    assert Report.objects.count() == 0


def test_that_using_more_than_there_is_is_told_with_what_there_is(running: Country) -> None:
    data = {"quantity-grain": "121", "key": str(uuid4())}
    page = signed_in(running.ana).post(
        "/enterprise/used/", data, headers={"accept-language": "zh-hans"}
    )
    assert "库存不足" in page.text
    assert "谷物" in page.text
    assert Movement.objects.filter(kind="use").count() == 0


def test_that_who_has_no_place_is_led_to_their_enterprise_page(running: Country) -> None:
    answer = signed_in(running.davi).post(
        "/enterprise/made/", {"quantity-flour": "1", "key": str(uuid4())}
    )
    assert (answer.status_code, answer.headers["Location"]) == (302, "/enterprise/")
    assert Report.objects.count() == 0


def test_that_products_out_of_the_plan_can_be_reported_too(running: Country, store: Store) -> None:
    actions.join(running.davi, "hill-mill")
    actions.count_opening_stock([Counted("hill-mill", "grain", Decimal(5))], round_number=1)
    client = signed_in(running.davi)
    form = client.get("/enterprise/used/").context["form"]
    assert ([row.field.name for row in form.others], form.asked_for) == (["quantity-grain"], [])
    client.post("/enterprise/used/", {"quantity-grain": "5", "key": str(uuid4())})
    assert store("hill-mill") == {"grain": Decimal(0)}
