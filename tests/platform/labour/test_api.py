import json
from typing import Any
from uuid import uuid4

import pytest
from django.test import Client

from xietong.platform.enterprises import actions as enterprises
from xietong.platform.labour.models import WorkRecord
from xietong.platform.people import actions as people
from xietong.platform.people.models import Person

from .conftest import Team


def key_of(by: Person | None) -> dict[str, str]:
    return {"authorization": f"Bearer {people.make_token(by)}"} if by else {}


def get(address: str, by: Person | None = None) -> Any:
    answer = Client().get(f"/api/labour{address}", headers=key_of(by))
    assert answer.status_code == 200, answer.text
    return json.loads(answer.content)


def post(address: str, by: Person | None, **body: Any) -> Any:
    return Client().post(
        f"/api/labour{address}", body, content_type="application/json", headers=key_of(by)
    )


def test_that_a_person_logs_a_week_and_a_team_mate_sees_it(team: Team) -> None:
    answer = post("/hours", team.ana, week=2, minutes=2250)
    assert [(week["week"], week["minutes"]) for week in json.loads(answer.content)] == [(2, 2250)]
    (mine,) = get("/hours", team.ana)
    assert (mine["enterprise"], mine["logged_by"], mine["certified_by"]) == (
        "workshop",
        "Ana",
        None,
    )
    (waiting,) = get("/to-certify", team.bruno)
    assert (waiting["id"], waiting["person"], waiting["minutes"]) == (mine["id"], "Ana", 2250)
    assert get("/to-certify", team.ana) == []
    assert get("/hours?round_number=2", team.ana) == []


def test_that_a_member_logs_the_team(team: Team) -> None:
    minutes = {str(team.ana.id): 480, str(team.bruno.id): 240}
    assert post("/team-hours", team.carla, week=1, minutes=minutes).status_code == 204
    assert get("/enterprises") == [
        {"enterprise": "smithy", "planned": 0, "logged": 0, "certified": 0},
        {"enterprise": "workshop", "planned": 0, "logged": 720, "certified": 0},
    ]


def test_that_hours_need_a_sign_in(team: Team) -> None:
    assert post("/hours", None, week=1, minutes=60).status_code == 401
    assert Client().get("/api/labour/to-certify").status_code == 401
    assert WorkRecord.objects.count() == 0


@pytest.mark.parametrize(
    ("body", "reason"),
    [
        ({"week": 6, "minutes": 60}, "no_such_week"),
        ({"week": 1, "minutes": 10**12}, "no_such_minutes"),
    ],
)
def test_that_an_impossible_week_is_refused(team: Team, body: dict[str, int], reason: str) -> None:
    answer = post("/hours", team.ana, **body)
    assert (answer.status_code, json.loads(answer.content)["reason"]) == (409, reason)
    assert WorkRecord.objects.count() == 0


def test_that_strangers_log_nothing_for_the_team(team: Team) -> None:
    for by, whom in ((team.smith, team.ana.id), (team.ana, uuid4())):
        answer = post("/team-hours", by, week=1, minutes={str(whom): 60})
        assert (answer.status_code, json.loads(answer.content)["reason"]) == (
            409,
            "not_a_team_mate",
        )
    assert WorkRecord.objects.count() == 0


def test_that_hours_after_the_round_are_refused(team: Team) -> None:
    enterprises.close_dispatch(1)
    answer = post("/hours", team.ana, week=1, minutes=60)
    assert json.loads(answer.content)["reason"] == "no_open_round"
