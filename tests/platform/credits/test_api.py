from typing import TYPE_CHECKING
from uuid import UUID, uuid4

import pytest
from django.test import Client

from xietong.platform.credits import actions, queries
from xietong.platform.labour.models import WorkRecord
from xietong.platform.people import actions as people

if TYPE_CHECKING:
    from tests.platform.credits.conftest import Mill


@pytest.fixture
def ana(mill: "Mill") -> Client:
    return Client(headers={"authorization": f"Bearer {people.make_token(mill.ana)}"})


@pytest.mark.parametrize("path", ["account", "entries"])
def test_that_an_account_is_nobody_else_s_business(mill: "Mill", path: str) -> None:
    assert Client().get(f"/api/credits/{path}").status_code == 401


def test_that_programs_read_balance_and_entries(ana: Client, mill: "Mill") -> None:
    mill.publish()
    actions.certify_and_issue(mill.bruno, records=[mill.log(mill.ana, week=2, minutes=90)])
    assert ana.get("/api/credits/account").json() == {"balance": 1125}
    answer = ana.get("/api/credits/entries").json()
    assert (answer["count"], answer["pages"]) == (1, 1)
    (entry,) = answer["items"]
    del entry["at"], entry["id"]
    assert entry == {
        "kind": "work",
        "amount": 1125,
        "round_number": 1,
        "week": 2,
        "minutes": 90,
        "need": None,
        "reverses": None,
    }


def test_that_programs_read_what_a_reversal_reverses(ana: Client, mill: "Mill") -> None:
    mill.publish()
    actions.certify_and_issue(mill.bruno, records=[mill.log(mill.ana, week=2, minutes=90)])
    (work,) = ana.get("/api/credits/entries").json()["items"]
    actions.reverse(mill.ana, entry=UUID(work["id"]), source=uuid4())
    reversal, original = ana.get("/api/credits/entries").json()["items"]
    assert original == work
    assert (reversal["kind"], reversal["amount"], reversal["reverses"]) == ("reversal", -1125, work)


def test_that_programs_certify(ana: Client, mill: "Mill") -> None:
    mill.publish()
    record = mill.log(mill.bruno)
    for issued in (7_500, 0):
        answer = ana.post(
            "/api/credits/certify", {"records": [str(record)]}, content_type="application/json"
        )
        assert (answer.status_code, answer.json()) == (200, {"issued": issued})
    assert queries.balance_of(mill.bruno) == 7_500


def test_that_a_refusal_is_409_with_its_reason_and_changes_nothing(
    ana: Client, mill: "Mill"
) -> None:
    mill.publish()
    record = mill.log(mill.ana)
    answer = ana.post(
        "/api/credits/certify", {"records": [str(record)]}, content_type="application/json"
    )
    assert (answer.status_code, answer.json()["reason"]) == (409, "own_hours")
    assert WorkRecord.objects.get().certified_by is None


def test_that_everyone_reads_rates_prices_and_totals(mill: "Mill") -> None:
    anyone = Client()
    assert anyone.get("/api/credits/rate").status_code == 404
    mill.publish()
    actions.publish_prices(1, {"flour": 1.5})
    assert anyone.get("/api/credits/rate").json() == {
        "round_number": 1,
        "per_hour": 750,
        "allowance": 37500,
        "total_hours": "300.000",
        "claimable_hours": "300.000",
        "workers": 3,
        "on_allowance": 2,
        "allowance_share": "0.500000",
        "mean_factor": "1.000000",
    }
    assert anyone.get("/api/credits/rate?round_number=2").status_code == 404
    assert anyone.get("/api/credits/prices?round_number=1").json() == {"flour": 1500}
    actions.issue_allowances(1)
    actions.cancel(mill.emil, amount=500, source=uuid4(), round_number=1)
    assert anyone.get("/api/credits/totals").json() == {
        "issued": 75000,
        "cancelled": 500,
        "balances": 74500,
    }
