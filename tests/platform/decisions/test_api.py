import json
from decimal import Decimal
from typing import Any

import pytest
from django.test import Client

from xietong.platform.decisions import actions
from xietong.platform.decisions.models import Ballot, Motion
from xietong.platform.people import actions as people
from xietong.platform.people.models import Person
from xietong.platform.record import queries as record
from xietong.platform.record.models import Parameter


def ask(
    person: Person, method: str, path: str, body: dict[str, Any] | None = None
) -> tuple[int, Any]:
    """The status and the JSON of the answer to a person's program."""
    client = Client(headers={"authorization": f"Bearer {people.make_token(person)}"})
    answer = client.generic(
        method, f"/api/decisions/{path}", json.dumps(body), content_type="application/json"
    )
    return answer.status_code, json.loads(answer.content)


def test_that_a_person_votes_and_sees_only_their_own_ballot(
    motion: Motion, roll: list[Person]
) -> None:
    actions.cast_ballot(roll[1], motion=motion, choices=["160"])
    (listed,) = ask(roll[0], "GET", "open")[1]
    assert (listed["id"], listed["has_voted"]) == (str(motion.pk), False)
    answer = ask(roll[0], "PUT", f"{motion.pk}/ballot", {"choices": ["150", "120"]})[1]
    assert (answer["my_ballot"], answer["ballots"]) == (["120", "150"], None)
    assert [option["approvals"] for option in answer["options"]] == [None] * 3


@pytest.mark.parametrize(
    ("choices", "status", "reason"),
    [(["999"], 409, "unknown_option"), ("120", 422, None), (None, 422, None)],
)
def test_that_a_wrong_ballot_is_refused_and_not_kept(
    motion: Motion, roll: list[Person], choices: object, status: int, reason: str | None
) -> None:
    answered, answer = ask(roll[0], "PUT", f"{motion.pk}/ballot", {"choices": choices})
    assert (answered, answer.get("reason")) == (status, reason)
    assert Ballot.objects.count() == 0


def test_that_a_child_has_no_ballot(motion: Motion, child: Person) -> None:
    status, answer = ask(child, "PUT", f"{motion.pk}/ballot", {"choices": ["120"]})
    assert (status, answer["reason"]) == (409, "not_entitled")
    assert Ballot.objects.count() == 0


def test_that_a_parameter_is_put_to_the_vote_and_decided(
    roll: list[Person], hours: Parameter
) -> None:
    status, opened = ask(roll[0], "POST", "parameters", {"code": "hours", "values": ["120"]})
    assert status == 201
    motion = opened["id"]
    ask(roll[1], "PUT", f"{motion}/ballot", {"choices": ["120"]})
    _, ended = ask(roll[0], "POST", f"{motion}/end")
    assert (ended["state"], ended["winner"], ended["ballots"]) == ("decided", "120", 1)
    assert [(option["approvals"], option["won"]) for option in ended["options"]] == [
        (0, False),
        (1, True),
    ]
    assert record.parameter("hours") == Decimal(120)
    _, decided = ask(roll[1], "GET", "decided")
    assert [item["id"] for item in decided["items"]] == [motion]


def test_that_only_the_planning_duty_opens_and_ends_a_vote(
    motion: Motion, roll: list[Person]
) -> None:
    actions.cast_ballot(roll[1], motion=motion, choices=["120"])
    for path, body in (
        ("parameters", {"code": "hours", "values": ["100"]}),
        (f"{motion.pk}/end", None),
    ):
        status, answer = ask(roll[1], "POST", path, body)
        assert (status, answer["reason"]) == (409, "not_your_duty")
    motion.refresh_from_db()
    assert (motion.state, Motion.objects.count()) == ("open", 1)


def test_that_votes_need_signing_in(client: Client, motion: Motion) -> None:
    assert client.get(f"/api/decisions/{motion.pk}").status_code == 401


def test_that_a_session_without_the_forms_token_cannot_vote(
    motion: Motion, roll: list[Person]
) -> None:
    client = Client(enforce_csrf_checks=True)
    client.force_login(roll[0], backend="django.contrib.auth.backends.ModelBackend")
    answer = client.put(
        f"/api/decisions/{motion.pk}/ballot", {"choices": ["120"]}, content_type="application/json"
    )
    assert (answer.status_code, Ballot.objects.count()) == (403, 0)
