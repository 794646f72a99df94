from decimal import Decimal
from typing import TYPE_CHECKING, Any
from uuid import uuid4

import pytest
from django.test import Client
from tests.platform.needs.actions.test_collection import breaking_off

from xietong.platform.credits import queries as credits
from xietong.platform.needs import actions, queries
from xietong.platform.needs.models import Collection, OrderLine
from xietong.platform.people import actions as people

if TYPE_CHECKING:
    from tests.platform.needs.conftest import Village


@pytest.fixture
def ana(village: "Village") -> Client:
    return Client(headers={"authorization": f"Bearer {people.make_token(village.ana)}"})


def order(client: Client, **quantities: Any) -> Any:
    return client.patch(
        "/api/needs/order", {"quantities": quantities}, content_type="application/json"
    )


def collect(client: Client, key: object, **quantities: Any) -> Any:
    return client.post(
        "/api/needs/collections",
        {"key": str(key), "quantities": quantities},
        content_type="application/json",
    )


@pytest.mark.parametrize("path", ["order", "orders", "collectable", "collections"])
def test_that_one_s_orders_are_nobody_else_s_business(village: "Village", path: str) -> None:
    assert Client().get(f"/api/needs/{path}").status_code == 401


def test_that_programs_order(ana: Client, village: "Village") -> None:
    order(ana, rice=3, bread=2)
    answer = order(ana, bread=0, chair=1)
    line = {"carried": 0, "allotted": None, "collected": 0, "missed": 0}
    assert answer.json() == {
        "round_number": 1,
        "lines": [
            {"product": "chair", "quantity": 1, **line},
            {"product": "rice", "quantity": 3, **line},
        ],
    }
    assert ana.get("/api/needs/order").json() == answer.json()
    assert ana.get("/api/needs/order?round_number=9").json() == {"round_number": 9, "lines": []}
    assert Client().get("/api/needs/demand?round_number=1").json() == {"chair": 10, "rice": 10}


@pytest.mark.parametrize(
    ("quantities", "status", "reason"),
    [
        ({"soap": 3}, 409, "beyond_quota"),
        ({"gold": 1}, 409, "unknown_product"),
        ({"\0": 1}, 422, None),
        ({"rice": -1}, 422, None),
        ({"rice": 1.5}, 422, None),
    ],
)
def test_that_an_order_that_cannot_be_changes_nothing(
    ana: Client, quantities: dict[str, object], status: int, reason: str | None
) -> None:
    answer = order(ana, **quantities)
    assert (answer.status_code, answer.json().get("reason")) == (status, reason)
    assert not OrderLine.objects.exists()


def test_that_programs_collect_and_the_same_key_answers_the_same(
    ana: Client, village: "Village"
) -> None:
    village.store(rice=2)
    order(ana, rice=4)
    village.run({"rice": 4})
    village.give(village.ana, 5_000)
    assert ana.get("/api/needs/collectable").json() == [
        {
            "product": "rice",
            "promised": 4,
            "collected": 0,
            "missed": 0,
            "left": 4,
            "in_store": 2,
            "price": 500,
        }
    ]
    key = uuid4()
    first, again = (collect(ana, key, rice=3).json() for _ in range(2))
    assert first == again
    assert (first["cost"], first["lines"]) == (
        1_000,
        [{"product": "rice", "quantity": 2, "cost": 1_000}],
    )
    assert credits.balance_of(village.ana) == 4_000
    listed = ana.get("/api/needs/collections").json()
    assert (listed["count"], listed["items"]) == (1, [first])


def test_that_a_refused_collection_says_why_and_changes_nothing(
    ana: Client, village: "Village"
) -> None:
    village.store(rice=9)
    order(ana, rice=4)
    village.run({"rice": 4})
    for quantities, reason in (({"rice": 5}, "more_than_promised"), ({"rice": 4}, "not_enough")):
        answer = collect(ana, uuid4(), **quantities)
        assert answer.status_code == 409
        assert answer.json()["reason"].startswith(reason)
    assert not Collection.objects.exists()
    assert village.in_store("rice") == 9


def test_that_programs_see_what_became_of_orders(ana: Client, village: "Village") -> None:
    order(ana, rice=4)
    village.run({"rice": 1})
    assert ana.get("/api/needs/orders").json() == {
        "count": 1,
        "pages": 1,
        "items": [
            {
                "round_number": 1,
                "state": "collecting",
                "asked": 1,
                "promised": 0,
                "cut": 1,
                "collected": 0,
                "missed": 0,
                "carried": 0,
            }
        ],
    }


def test_that_everyone_reads_common_needs_and_how_far_needs_were_met(village: "Village") -> None:
    actions.set_common_needs(
        [actions.CommonNeedDraft("seed", "Seed", "种子", "reserve", "rice", Decimal(10))]
    )
    village.orders(rice=4)
    village.run({"rice": 12}, seed=5)
    anyone = Client()
    assert anyone.get("/api/needs/common").json() == [
        {
            "code": "seed",
            "name_en": "Seed",
            "name_zh": "种子",
            "tier": "reserve",
            "product": "rice",
            "quantity": "10.000",
        }
    ]
    assert anyone.get("/api/needs/met?round_number=1").json() == [
        {"tier": "basic", "needs": 3, "promised": 1.0, "reached": 0.0},
        {"tier": "reserve", "needs": 1, "promised": 0.5, "reached": 0.0},
    ]
    assert queries.collecting_round() == 1


def test_that_an_order_sent_again_by_its_key_undoes_nothing_that_came_after(
    ana: Client, village: "Village"
) -> None:
    key = str(uuid4())

    def send(**quantities: int) -> Any:
        return ana.patch(
            "/api/needs/order",
            {"quantities": quantities},
            content_type="application/json",
            headers={"Idempotency-Key": key},
        )

    assert send(rice=3).status_code == 200
    order(ana, rice=5)
    assert [line["quantity"] for line in send(rice=3).json()["lines"]] == [5]
    refused = send(rice=4)
    assert (refused.status_code, refused.json()["reason"]) == (409, "key_used")
    assert OrderLine.objects.get().quantity == 5


@pytest.mark.django_db(transaction=True)
@pytest.mark.parametrize(("times", "status"), [(3, 200), (1_000, 500)])
def test_that_programs_never_hear_of_a_lack_of_credits_when_another_came_first(
    village: "Village", times: int, status: int
) -> None:
    village.store(rice=4)
    token = people.make_token(village.ana)
    ana = Client(headers={"authorization": f"Bearer {token}"}, raise_request_exception=False)
    order(ana, rice=4)
    village.run({"rice": 4})
    village.give(village.ana, 5_000)
    for conflict in ("serialization_failure", "deadlock_detected"):
        with breaking_off(conflict, times):
            answer = collect(ana, uuid4(), rice=1)
        assert answer.status_code == status
        assert b"credits" not in answer.content
    taken = 2 if status == 200 else 0
    assert Collection.objects.count() == taken
    assert credits.balance_of(village.ana) == 5_000 - 500 * taken
