from typing import Any

import pytest
from django.test import Client
from pytest_django import Settings

from xietong.platform.people import actions
from xietong.platform.people.models import Duty, Person, Token

PASSWORD = "together-2021"


@pytest.fixture
def ana(db: None) -> Person:
    person = actions.enrol(username="ana", name="Ana Souza", password=PASSWORD)
    actions.give_duty(person, Duty.Kind.PLANNING)
    return person


def ask(client: Client, password: str = PASSWORD) -> tuple[int, Any]:
    body = {"username": "ana", "password": password}
    answer = client.post("/api/people/token", body, content_type="application/json")
    return answer.status_code, answer.json()


def test_that_name_and_password_give_a_token_that_says_who_one_is(
    client: Client, ana: Person
) -> None:
    token = ask(client)[1]["token"]
    me = client.get("/api/people/me", headers={"authorization": f"Bearer {token}"}).json()
    assert me == {
        "id": str(ana.pk),
        "username": "ana",
        "name": "Ana Souza",
        "ground": "work",
        "duties": ["planning"],
    }


def test_that_a_wrong_password_gives_no_token(client: Client, ana: Person) -> None:
    assert ask(client, "wrong")[0] == 401
    assert Token.objects.count() == 0


def test_that_too_many_wrong_passwords_lock_the_name(
    client: Client, ana: Person, settings: Settings
) -> None:
    settings.AXES_FAILURE_LIMIT = 2
    answers = [ask(client, "wrong") for _ in range(2)]
    assert answers[-1][0] == 429
    status, answer = ask(client)
    assert (status, answer["reason"]) == (429, "locked_out")
    assert Token.objects.count() == 0


@pytest.mark.parametrize("headers", [{}, {"authorization": "Bearer guess"}])
def test_that_nobody_is_told_who_they_are_without_signing_in(
    client: Client, db: None, headers: dict[str, str]
) -> None:
    assert client.get("/api/people/me", headers=headers).status_code == 401


def test_that_everyone_may_ask_who_holds_which_duty(client: Client, ana: Person) -> None:
    (duty,) = client.get("/api/people/duties").json()
    assert (duty["person"], duty["kind"], duty["until"]) == ("Ana Souza", "planning", None)
