import pytest
from django.test import Client
from tests.platform.factories import Country


def test_that_the_figures_of_a_round_can_be_read_without_signing_in(
    running: Country, client: Client
) -> None:
    answer = client.get("/api/opsroom/rounds/1").json()
    assert (answer["round"], answer["running"], answer["hours_offered"]) == (1, True, "600.000")
    assert {line["code"] for line in answer["products"]} == {"chair", "rice", "soap"}
    assert answer["distributed"] == {
        "free": 8_000,
        "quota": 0,
        "credits": 80_000,
        "by_need": 8_000 / 88_000,
    }
    # Fewer than ten persons.
    assert answer["incomes"] is None


def test_that_incomes_are_told_by_parts_of_ten_persons(crowded: Country, client: Client) -> None:
    answer = client.get("/api/opsroom/rounds/1").json()["incomes"]
    assert (answer["persons"], [part["persons"] for part in answer["parts"]]) == (28, [14, 14])
    low, high = (part["mean"] for part in answer["parts"])
    assert low < answer["mean"] < high


def test_that_needs_met_are_listed_by_round_and_tier(running: Country, client: Client) -> None:
    answer = client.get("/api/opsroom/needs-met").json()
    assert {(each["round"], each["tier"]) for each in answer} == {
        (1, "basic"),
        (1, "public"),
        (1, "personal"),
        (1, "reserve"),
    }


def test_that_credits_issued_less_cancelled_are_in_the_accounts(
    running: Country, client: Client
) -> None:
    answer = client.get("/api/opsroom/credits").json()
    assert answer["issued"] - answer["cancelled"] == answer["balances"] > 0


@pytest.mark.django_db
def test_that_a_round_without_a_plan_is_not_found(client: Client) -> None:
    assert client.get("/api/opsroom/rounds/1").status_code == 404
