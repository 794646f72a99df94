"""Everyone reads how a round's rate and prices come about, and downloads what they follow from."""

import io
import zipfile
from dataclasses import replace
from decimal import Decimal
from typing import TYPE_CHECKING

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from tests.platform.credits.test_publishing import BREAD, CHILDREN, FLOUR, basis

from xietong.planning import Good, verify_payout
from xietong.platform.credits import actions
from xietong.platform.products.models import Group, Product

if TYPE_CHECKING:
    from tests.platform.credits.conftest import Mill


def page(client: Client, address: str, language: str = "en") -> str:
    answer = client.get(address, headers={"accept-language": language})
    assert answer.status_code == 200
    return answer.content.decode()


def test_that_the_payout_is_read_from_all_hours_down_to_the_rate(
    client: Client, mill: "Mill"
) -> None:
    actions.publish_payout(basis(), allowances=[CHILDREN])
    for address in ("/payout/", "/payout/1/"):
        read = page(client, address)
        for text in (
            "300.000",
            "Needs met in common",
            "What the stores gain",
            "Free goods and quotas",
            "Labour in the goods promised for credits",
            "100.000",
            "-2.600",
            "2.610",
            "99.990",
            "24.996",
            "0.249",
            "Nothing is ever taken from an account.",
            "xietong verify payout.zip",
            'href="/payout/1/payout.zip"',
        ):
            assert text in read, text
    assert "积分率" in page(client, "/payout/", "zh-hans")
    assert "绝不从任何人的账户里扣除" in page(client, "/payout/", "zh-hans")


def test_that_before_the_first_payout_the_pages_say_what_to_wait_for(
    client: Client, mill: "Mill"
) -> None:
    assert "No payout has been published yet" in page(client, "/payout/")
    assert "There are no prices yet" in page(client, "/prices/")
    assert client.get("/payout/1/").status_code == 404
    assert client.get("/payout/1/payout.zip").status_code == 404
    assert client.get("/payout/99999999999/").status_code == 404


def test_that_a_rate_of_before_its_reckoning_was_kept_is_read_as_well(
    client: Client, mill: "Mill"
) -> None:
    mill.publish()
    read = page(client, "/payout/1/")
    assert "0.750" in read
    assert "payout.zip" not in read


def test_that_anyone_downloads_what_the_payout_follows_from(client: Client, mill: "Mill") -> None:
    actions.publish_payout(basis(), allowances=[CHILDREN])
    for address in ("/payout/1/payout.zip", "/api/credits/payout/files?round_number=1"):
        answer = client.get(address)
        assert (answer.status_code, answer.headers["Content-Type"]) == (200, "application/zip")
        assert verify_payout(answer.content) == ()
        with zipfile.ZipFile(io.BytesIO(answer.content)) as archive:
            assert archive.testzip() is None


def test_that_rounds_that_follow_each_other_are_linked(client: Client, mill: "Mill") -> None:
    actions.publish_payout(basis(), allowances=[CHILDREN])
    actions.publish_payout(basis(2), allowances=[CHILDREN])
    assert 'href="/payout/2/"' in page(client, "/payout/1/")
    assert 'href="/payout/1/"' in page(client, "/payout/2/")


def test_that_prices_are_found_and_told_with_their_reasons(client: Client, mill: "Mill") -> None:
    actions.publish_payout(basis(), allowances=[CHILDREN])
    read = page(client, "/prices/")
    assert "2.50% above its labour value" in read
    assert "at its labour value" in read
    assert "上一轮的订购有10.0%没有满足" in page(client, "/prices/", "zh-hans")
    assert "Bread" not in page(client, "/prices/?q=flour")
    assert "No price fits" in page(client, "/prices/?q=gold")


@pytest.mark.parametrize("address", ["/prices/", "/prices/?order=risen", "/prices/?order=fallen"])
def test_that_the_list_of_prices_takes_three_queries_however_long_it_is(
    client: Client, mill: "Mill", address: str
) -> None:
    group = Group.objects.get()
    more = [
        Product(
            code=f"good-{n}",
            name_en=f"Good {n}",
            name_zh=f"产品{n}",
            group=group,
            storable=True,
            orderable=True,
            pinyin="x",
        )
        for n in range(50)
    ]
    Product.objects.bulk_create(more)
    actions.publish_payout(replace(basis(), goods=(FLOUR,), common=()), allowances=[CHILDREN])
    assert queries_of(client, address) == 3
    goods: list[Good] = [replace(FLOUR, product=product.code) for product in more]
    actions.publish_payout(replace(basis(2), goods=(FLOUR, BREAD, *goods)), allowances=[CHILDREN])
    assert queries_of(client, address) == 3
    assert queries_of(client, f"{address}{'&' if '?' in address else '?'}page=2") == 3


def queries_of(client: Client, address: str) -> int:
    with CaptureQueriesContext(
        connection,
    ) as caught:
        page(client, address)
    return len(caught)


def test_that_programs_read_payout_prices_and_history(client: Client, mill: "Mill") -> None:
    assert client.get("/api/credits/payout?round_number=1").status_code == 404
    assert client.get("/api/credits/payout/files?round_number=1").status_code == 404
    actions.publish_payout(basis(), allowances=[CHILDREN])
    read = client.get("/api/credits/payout?round_number=1").json()
    assert {each["kind"]: each["hours"] for each in read["deductions"]} == {
        "common": "30.000",
        "stock": "20.000",
        "need": "150.000",
        "scarcity": "-2.600",
        "balance": "2.610",
    }
    assert (read["content"], read["for_work"], read["band"]) == ("100.000", "74.994", "0.1000")
    assert read["reckoning"]["plan_sha256"] == "a" * 64
    (flour,) = client.get("/api/credits/prices/reasons?round_number=1&q=flour").json()["items"]
    assert flour == {
        "round_number": 1,
        "product": "flour",
        "amount": 513,
        "before": None,
        "value": "0.500000000000",
        "factor": "1.0250",
        "band": "0.1000",
        "stock": "20.000",
        "normal": "60.000",
        "usual": "100.000",
        "ordered": 100,
        "unmet": 10,
        "why": "2.50% above its labour value: 10.0% of the orders of the round before were not met",
    }
    assert client.get("/api/credits/prices/flour").json() == [flour]
    assert client.get("/api/credits/prices/gold").json() == []
    unknown = client.get("/api/credits/prices/reasons?round_number=1&order=dear")
    assert unknown.status_code == 422
    assert Decimal(read["rate"]["claimable_hours"]) == Decimal("99.99")
