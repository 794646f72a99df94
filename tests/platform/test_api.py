"""The API as a whole: described, closed to strangers, and refusing as the pages do."""

import json
from collections import Counter

import pytest
from django.test import Client
from ninja.openapi.schema import OpenAPISchema
from tests.platform.factories import Country, found

from xietong.platform.api import api
from xietong.platform.people import actions as people

pytestmark = pytest.mark.django_db


@pytest.fixture
def country() -> Country:
    return found(1)


def operations(schema: OpenAPISchema) -> list[str]:
    return [
        operation["operationId"] for path in schema["paths"].values() for operation in path.values()
    ]


def test_that_the_api_is_described_where_programs_look_for_it(client: Client) -> None:
    answer = client.get("/api/openapi.json")
    assert answer.status_code == 200
    assert answer.json()["info"]["title"] == "Xietong 协同"


def test_that_every_operation_has_a_name_of_its_own() -> None:
    names = Counter(operations(api.get_openapi_schema()))
    assert [name for name, n in names.items() if n > 1] == []


def test_that_the_steps_of_a_round_are_operations() -> None:
    rooms = {path.split("/")[2] for path in api.get_openapi_schema()["paths"]}
    assert rooms == {
        "record",
        "people",
        "products",
        "enterprises",
        "labour",
        "credits",
        "needs",
        "decisions",
        "distribution",
        "rounds",
        "opsroom",
    }


def test_that_a_stranger_is_turned_away_from_what_is_a_persons_own(
    client: Client, country: Country
) -> None:
    assert client.get("/api/credits/account").status_code == 401


def test_that_a_token_opens_what_is_its_persons_own(client: Client, country: Country) -> None:
    token = people.make_token(country.planner)
    answer = client.get("/api/people/me", headers={"Authorization": f"Bearer {token}"})
    assert answer.status_code == 200
    assert answer.json()["username"] == country.planner.username


def test_that_a_false_token_opens_nothing(client: Client, country: Country) -> None:
    answer = client.get("/api/people/me", headers={"Authorization": "Bearer nonsense"})
    assert answer.status_code == 401


def test_that_a_refusal_tells_code_and_reason(client: Client, country: Country) -> None:
    token = people.make_token(country.planner)
    answer = client.post(
        "/api/rounds/1/begin-drafting",
        headers={"Authorization": f"Bearer {token}"},
        content_type="application/json",
    )
    assert answer.status_code == 409
    assert answer.json() == {
        "reason": "nothing-ordered",
        "message": "Nobody has ordered anything yet.",
        "detail": "",
    }


def test_that_whatever_writes_takes_a_key_that_makes_it_happen_once() -> None:
    without = []
    for path, operations in api.get_openapi_schema()["paths"].items():
        for method, operation in operations.items():
            body = json.dumps(operation.get("requestBody", {}))
            names = {given["name"] for given in operation.get("parameters", [])}
            within = any(schema in body for schema in ("CollectIn", "ReportIn"))
            if method != "get" and "Idempotency-Key" not in names and not within:
                without.append((method, path))
    # Whoever asks for a token cannot be given the same one again: only its hash is kept.
    assert without == [("post", "/api/people/token")]
