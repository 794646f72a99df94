from decimal import Decimal

import pytest
from django.test import Client

from xietong.platform.record import actions, chain
from xietong.platform.record.models import Entry


@pytest.fixture
def entry(db: None) -> Entry:
    actions.define_parameter(
        "share",
        name_en="Share",
        name_zh="比例",
        value=Decimal("0.5"),
        lowest=Decimal(0),
        highest=Decimal(1),
    )
    actions.sequence()
    return Entry.objects.get()


def test_that_entries_are_read_without_signing_in(client: Client, entry: Entry) -> None:
    listed = client.get("/api/record/entries").json()
    assert (listed["count"], listed["pages"], listed["waiting"]) == (1, 1, 0)
    one = client.get("/api/record/entries/1").json()
    assert listed["items"] == [one]
    assert (one["kind"], one["body"], one["hash"]) == ("parameter", entry.body, entry.hash)
    assert one["hash"] == chain.entry_hash(
        1, chain.timestamp(entry.at), one["kind"], one["body"], one["previous"]
    )


def test_that_an_entry_that_is_not_there_is_not_found(client: Client, entry: Entry) -> None:
    assert client.get("/api/record/entries/2").status_code == 404


def test_that_parameters_come_with_bounds_and_history(client: Client, entry: Entry) -> None:
    actions.set_parameter("share", value=Decimal("0.75"), reason="vote")
    (parameter,) = client.get("/api/record/parameters").json()
    numbers = {name: Decimal(str(parameter[name])) for name in ("value", "lowest", "highest")}
    assert numbers == {"value": Decimal("0.75"), "lowest": 0, "highest": 1}
    changes = client.get("/api/record/parameters/changes").json()
    assert [(change["parameter"], change["reason"]) for change in changes["items"]] == [
        ("share", "vote"),
        ("share", ""),
    ]
    assert changes["items"][1]["old"] is None
