import json
from collections.abc import Callable
from decimal import Decimal
from typing import Any
from uuid import uuid4

import pytest
from django.test import Client

from xietong.platform.enterprises import actions
from xietong.platform.enterprises.models import Report
from xietong.platform.people import actions as people
from xietong.platform.people.models import Person

from .conftest import Country

Store = Callable[[str], dict[str, Decimal]]


def get(address: str, by: Person | None = None, **query: str) -> Any:
    answer = Client().get(f"/api/enterprises{address}", query, headers=key_of(by))
    assert answer.status_code == 200, answer.text
    return json.loads(answer.content)


def report(by: Person | None, code: str = "mill", **body: Any) -> Any:
    return Client().post(
        f"/api/enterprises/{code}/reports",
        {"kind": "output", "key": str(uuid4()), **body},
        content_type="application/json",
        headers=key_of(by),
    )


def key_of(by: Person | None) -> dict[str, str]:
    return {"authorization": f"Bearer {people.make_token(by)}"} if by else {}


@pytest.mark.usefixtures("country")
def test_that_enterprises_are_listed_and_found() -> None:
    found = get("", search="磨坊")
    assert (found["count"], found["pages"]) == (2, 1)
    assert found["items"] == [
        {
            "code": "hill-mill",
            "name_en": "Hill mill",
            "name_zh": "山间磨坊",
            "region": "hills",
            "members": 0,
        },
        {
            "code": "mill",
            "name_en": "Mill",
            "name_zh": "磨坊",
            "region": "valley",
            "members": 2,
        },
    ]


def test_that_a_person_finds_their_enterprise_and_its_members(country: Country) -> None:
    assert get("/mine", country.ana)["code"] == "mill"
    assert [
        (member["name"], member["manages"]) for member in get("/mill/members", country.ana)
    ] == [
        ("Bruno", True),
        ("Ana", False),
    ]
    answer = Client().get("/api/enterprises/mine", headers=key_of(country.davi))
    assert answer.status_code == 404


def test_that_members_are_not_listed_for_strangers(country: Country) -> None:
    assert Client().get("/api/enterprises/mill/members").status_code == 401


def test_that_tasks_show_what_is_left(running: Country) -> None:
    report(running.ana, quantities={"flour": "30.5"})
    sheet = get("/mill/tasks")
    assert (sheet["round_number"], sheet["running"]) == (1, True)
    assert [(task["technique"], task["runs"]) for task in sheet["tasks"]] == [
        ("milling:mill", "10.000000")
    ]
    assert [(line["product"], Decimal(line["left"])) for line in sheet["made"]] == [
        ("bran", 20),
        ("flour", Decimal("49.5")),
    ]
    assert get("/mill/tasks", round_number="2")["tasks"] == []


def test_that_there_are_no_tasks_before_the_first_round(country: Country) -> None:
    assert Client().get("/api/enterprises/mill/tasks").status_code == 404


def test_that_a_report_comes_into_the_store_and_the_list(running: Country, store: Store) -> None:
    key = str(uuid4())
    for _ in range(2):
        answer = report(running.ana, quantities={"flour": "5.25"}, note="good", key=key)
        assert (answer.status_code, json.loads(answer.content)["id"]) == (200, key)
    answer = report(running.bruno, kind="use", quantities={"grain": 7})
    assert json.loads(answer.content)["kind"] == "use"
    assert get("/mill/stock") == {"flour": "5.250", "grain": "113.000"}
    listed = get("/mill/reports")
    assert listed["count"] == 2
    assert [
        (item["reported_by"], item["note"], item["quantities"]) for item in listed["items"]
    ] == [
        ("Bruno", "", {"grain": "7.000"}),
        ("Ana", "good", {"flour": "5.250"}),
    ]


def test_that_a_stranger_reports_nothing(running: Country, store: Store) -> None:
    assert report(None, quantities={"flour": "5"}).status_code == 401
    refused = report(running.celia, quantities={"flour": "5"})
    assert refused.status_code == 409
    assert json.loads(refused.content)["reason"] == "not_a_member"
    assert Report.objects.count() == 0
    assert store("mill") == {"grain": Decimal(120)}


def test_that_a_report_to_no_enterprise_is_not_found(running: Country) -> None:
    assert report(running.ana, "smithy", quantities={"flour": "5"}).status_code == 404


@pytest.mark.parametrize(
    "body",
    [
        {"quantities": {"flour": "much"}},
        {"quantities": {"flo\0ur": "5"}},
        {"quantities": {"flour": "NaN"}},
        {"quantities": {"flour": "5"}, "note": "\0"},
        {"quantities": {"flour": "5"}, "note": "x" * 401},
        {"quantities": {"flour": "5"}, "kind": "gift"},
        {"quantities": {"flour": "5"}, "key": "1"},
        {},
    ],
)
def test_that_a_report_that_cannot_be_read_is_refused(
    running: Country, body: dict[str, Any]
) -> None:
    assert report(running.ana, **body).status_code == 422
    assert Report.objects.count() == 0


@pytest.mark.parametrize("quantity", ["-1", "0.0001", "1e30", "1e-30"])
def test_that_a_quantity_out_of_measure_is_refused(running: Country, quantity: str) -> None:
    refused = report(running.ana, quantities={"flour": quantity})
    assert refused.status_code == 409
    assert json.loads(refused.content)["reason"] == "not_a_quantity"
    assert Report.objects.count() == 0


def test_that_a_report_after_the_round_is_refused(running: Country) -> None:
    actions.close_dispatch(1)
    refused = report(running.ana, quantities={"flour": "5"})
    assert json.loads(refused.content)["reason"] == "no_open_round"
    assert Report.objects.count() == 0
