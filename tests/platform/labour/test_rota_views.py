"""What people see of the rota, and do with it on its pages and through the API."""

import json

import pytest
from django.test import Client
from pytest_django import DjangoAssertNumQueries
from tests.platform.labour.conftest import Team
from tests.platform.labour.test_rota import (
    DAY,
    entries,
    excuse,
    held,
    place_of,
    planned,
    services,
    strangers,
)

from xietong.platform.labour import actions, draw
from xietong.platform.labour.actions import SkillDraft
from xietong.platform.labour.models import Exchange, Exemption, Place, Rota, Turn
from xietong.platform.labour.queries import rota as queries
from xietong.platform.people import actions as people
from xietong.platform.people.models import Duty, Person
from xietong.platform.record import actions as record

__all__ = ["planned"]


def signed_in(person: Person) -> Client:
    client = Client()
    client.force_login(person, "django.contrib.auth.backends.ModelBackend")
    return client


def do(person: Person, act: str, **given: object) -> int:
    return signed_in(person).post("/rota/act/", {"do": act, **given}).status_code


@pytest.mark.parametrize("address", ["/rota/", "/rota/1/", "/rota/exemptions/"])
def test_that_the_rota_is_for_those_on_the_roll(
    planned: Team, client: Client, address: str
) -> None:
    answer = client.get(address)
    assert (answer.status_code, answer.headers["Location"]) == (302, f"/sign-in/?next={address}")


@pytest.mark.parametrize("number", [1, 3])
def test_that_the_pages_take_the_same_queries_however_many_turns_are_on_offer(
    team: Team, number: int, django_assert_num_queries: DjangoAssertNumQueries
) -> None:
    people.give_duty(team.ana, Duty.Kind.PLANNING)
    services()
    Person.objects.bulk_create(Person(username=f"p{n}", name=f"p{n}") for n in range(7))
    actions.announce_rota(team.ana, round_number=1, weeks=5)
    entries()
    actions.draw_rota(team.ana, round_number=1)
    for place in Place.objects.exclude(person=team.ana).select_related("person")[:number]:
        actions.offer_turn(place.person, place=place.id)
    client = signed_in(team.ana)
    with django_assert_num_queries(15):
        page = client.get("/rota/")
    assert len(page.context["offered"]) == number
    with django_assert_num_queries(12):
        client.get("/rota/1/")


def test_that_the_rota_is_announced_and_drawn_on_its_pages(team: Team) -> None:
    people.give_duty(team.ana, Duty.Kind.PLANNING)
    services()
    actions.add_skills([SkillDraft(code="first-aid", name_en="First aid", name_zh="急救")])
    assert "/rota/announce/" not in signed_in(team.bruno).get("/rota/").text
    assert "/rota/announce/" in signed_in(team.ana).get("/rota/").text
    form = signed_in(team.ana).get("/rota/announce/").text
    assert "Guard: one on each turn has this skill" in form
    answer = signed_in(team.ana).post(
        "/rota/announce/",
        {"round_number": 1, "weeks": 5, "skill_guard": "first-aid", "parts_guard": "night"},
    )
    assert answer.headers["Location"] == "/rota/1/"
    assert Turn.objects.filter(skill="first-aid").count() == 10
    record.sequence()
    assert "First aid" in signed_in(team.bruno).get("/rota/1/").text
    assert "0 of 3 entries" in signed_in(team.bruno).get("/rota/1/").text
    entries(2)
    assert "2 of 3 entries" in signed_in(team.bruno).get("/rota/1/").text
    entries(1)
    assert 'value="draw"' in signed_in(team.bruno).get("/rota/1/").text
    do(team.bruno, "draw", round=1)
    assert signed_in(team.bruno).get("/api/labour/rota/1/state").json()["drawn_at"] is None
    waiting = signed_in(team.carla).get("/rota/1/").text
    assert "The draw is under way" in waiting
    assert 'hx-trigger="every 2s"' in waiting
    actions.draw_asked(1)
    assert 'hx-trigger="every 2s"' not in signed_in(team.carla).get("/rota/1/").text
    page = signed_in(team.bruno).get("/rota/1/", headers={"accept-language": "zh-hans"})
    assert "第1周星期一 00:00–04:00" in page.text
    assert "xietong verify rota-1.json" in page.text


def test_that_what_is_downloaded_names_nobody_and_can_be_drawn_again(
    planned: Team, client: Client
) -> None:
    answer = client.get("/rota/1/file/")
    assert answer.headers["Content-Disposition"] == 'attachment; filename="rota-1.json"'
    assert answer.text == Rota.objects.get().drawn
    assert draw.faults(draw.Drawn.read(answer.text)) == []
    for person in Person.objects.all():
        assert person.name not in answer.text
        assert str(person.id) not in answer.text
    shown = signed_in(planned.ana).get("/rota/1/").text
    assert draw.pseudonym(str(planned.ana.id), 1) in shown
    assert client.get("/api/labour/rota/1/draw").json() == json.loads(answer.text)


def test_that_turns_are_offered_taken_and_confirmed_on_the_pages(planned: Team) -> None:
    mine, taker = place_of(0), strangers(0)[0]
    do(mine.person, "offer", place=mine.id)
    assert "on offer" in signed_in(mine.person).get("/rota/").text
    assert f"Take over from {mine.person.name}" in signed_in(taker).get("/rota/").text
    do(taker, "take", place=mine.id)
    assert (0, 1, taker.name) in held()
    other = place_of(0, 2)
    do(other.person, "confirm", place=place_of(0).id)
    assert place_of(0).confirmed_by == other.person
    assert queries.minutes_served(taker) == 240


def test_that_an_exchange_is_proposed_where_the_others_turns_stand(planned: Team) -> None:
    first = place_of(0)
    second = place_of(3 * DAY)
    if second.person == first.person:
        second = place_of(3 * DAY, 2)
    page = signed_in(first.person).get(f"/rota/1/?give={first.id}")
    assert f"Propose to {second.person.name}" in page.text
    do(first.person, "propose", given=first.id, wanted=second.id)
    assert "You would get" in signed_in(second.person).get("/rota/").text
    do(second.person, "decline", exchange=Exchange.objects.get().id)
    assert "You would get" not in signed_in(second.person).get("/rota/").text


@pytest.mark.parametrize(
    "given",
    [
        {"do": "nonsense"},
        {"do": "take", "place": "nonsense"},
        {"do": "take"},
        {"do": "draw", "round": "0"},
        {"do": "draw", "round": str(2**31)},
        {"do": "volunteer", "turn": "\0"},
    ],
)
def test_that_what_makes_no_sense_is_told_so(planned: Team, given: dict[str, str]) -> None:
    assert signed_in(planned.ana).post("/rota/act/", given).status_code == 400


def test_that_a_reason_is_read_by_who_decides_and_then_by_nobody(planned: Team) -> None:
    asks = signed_in(planned.carla)
    answer = asks.post(
        "/rota/exemptions/",
        {"kind": "health", "reason": "my bad knee", "first_round": 2, "rounds": 2},
    )
    assert answer.status_code == 302
    asked = Exemption.objects.get()
    assert (asked.first_round, asked.last_round) == (2, 3)
    assert "my bad knee" in signed_in(planned.bruno).get("/rota/exemptions/").text
    assert "my bad knee" not in signed_in(planned.smith).get("/rota/exemptions/").text
    do(planned.bruno, "refuse", exemption=asked.id)
    assert "my bad knee" not in signed_in(planned.bruno).get("/rota/exemptions/").text
    assert f"?appeals={asked.id}" in asks.get("/rota/exemptions/").text
    assert str(asked.id) in asks.get(f"/rota/exemptions/?appeals={asked.id}").text


def test_that_few_who_are_excused_are_not_counted_in_the_open(planned: Team) -> None:
    for person in (planned.carla, planned.smith):
        excuse(planned.ana, person)
    assert dict(queries.exempt_by_kind(1))["health"] is None
    crowd = Person.objects.bulk_create(Person(username=f"p{n}", name=f"p{n}") for n in range(8))
    for person in crowd:
        excuse(planned.ana, person)
    assert dict(queries.exempt_by_kind(1))["health"] == 10


def test_that_the_spread_is_shown_from_ten_people_on(team: Team) -> None:
    people.give_duty(team.ana, Duty.Kind.PLANNING)
    services()
    Person.objects.bulk_create(Person(username=f"p{n}", name=f"p{n}") for n in range(4))
    actions.announce_rota(team.ana, round_number=1, weeks=1)
    assert queries.spread_over_time() == []
    Person.objects.create(username="tenth", name="Tenth")
    actions.announce_rota(team.ana, round_number=2, weeks=1)
    entries()
    actions.draw_rota(team.ana, round_number=1)
    first, second = place_of(0), place_of(0, 2)
    actions.confirm_turn(second.person, place=first.id)
    (spread,) = queries.spread_over_time()
    assert (spread.round_number, spread.people, spread.lowest, spread.median) == (2, 10, 0, 0)
    assert (spread.highest, spread.mean) == (240, 24)
    assert spread.gini == pytest.approx(0.9)


def test_that_the_rota_is_lived_through_the_api(planned: Team) -> None:
    mine, taker = place_of(0), strangers(0)[0]
    holder, other = signed_in(mine.person), signed_in(taker)
    assert [turn["turn"] for turn in holder.get("/api/labour/rota/mine").json()] == list(
        Place.objects.filter(person=mine.person).values_list("turn_id", flat=True)
    )
    body = json.dumps({"place": str(mine.id)})

    def post(client: Client, path: str) -> int:
        return client.post(
            f"/api/labour/rota/{path}", body, content_type="application/json"
        ).status_code

    assert post(other, "offers/take") == 409
    assert post(holder, "offers") == 204
    assert [offer["place"] for offer in other.get("/api/labour/rota/offers").json()] == [
        str(mine.id)
    ]
    assert post(other, "offers/take") == 200
    assert post(holder, "offers") == 409
    turns = other.get("/api/labour/rota/1").json()
    assert taker.name in turns[0]["serving"]


def test_that_a_draw_is_asked_for_and_its_failure_told_through_the_api(team: Team) -> None:
    people.give_duty(team.ana, Duty.Kind.PLANNING)
    services()
    planner = signed_in(team.ana)

    def post(path: str, **given: object) -> tuple[int, dict[str, object]]:
        answer = planner.post(f"/api/labour/rota{path}", given, content_type="application/json")
        return answer.status_code, answer.json()

    asked = {"round_number": 1, "weeks": 1}
    assert post("", **asked, skills={"guard": "magic"})[0] == 409
    assert post("", **asked, parts={"guard": ["noon"]})[0] == 422
    assert post("", **asked, parts={"guard": ["night"]})[0] == 200
    assert planner.get("/api/labour/rota/1").json()[0]["part"] == "night"
    assert post("/1/draw")[0] == 409
    entries()
    status, rota = post("/1/draw")
    assert (status, rota["drawn_at"]) == (202, None)
    Rota.objects.update(trouble="broke_off")
    in_chinese = {"accept-language": "zh-hans"}
    assert (
        "抽签中断" in planner.get("/api/labour/rota/1/state", headers=in_chinese).json()["trouble"]
    )
    assert "抽签中断" in planner.get("/rota/1/", headers=in_chinese).text
    assert post("/1/draw")[1]["trouble"] == ""
    actions.draw_asked(1)
    assert planner.get("/api/labour/rota/1/state").json()["drawn_at"] is not None


def test_that_only_who_plans_sees_the_form_of_a_rota(team: Team) -> None:
    assert signed_in(team.bruno).get("/rota/announce/").status_code == 403
