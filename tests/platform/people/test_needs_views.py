"""The pages and operations of needs: claiming, answering, appealing, living together."""

from typing import TYPE_CHECKING
from uuid import uuid4

import pytest
from django.test import Client
from pytest_django import DjangoAssertNumQueries

from xietong.platform.people import actions, queries
from xietong.platform.people.models import Ground, Need, Person

if TYPE_CHECKING:
    from tests.platform.people.conftest import Village

CLAIM = {"ground": "care", "from_round": "1", "why": "my mother fell"}


def as_(person: Person) -> Client:
    client = Client()
    client.force_login(person)
    return client


def test_that_a_claim_goes_from_page_to_page_until_the_appeal_is_granted(
    village: "Village",
) -> None:
    celia, ana, bruno = map(as_, (village.celia, village.ana, village.bruno))
    assert celia.post("/me/needs/claim/", CLAIM)["Location"] == "/me/needs/"
    assert b"my mother fell" in ana.get("/duties/needs/").content
    whose = str(village.celia.pk)
    answer = {"person": whose, "event": str(Need.objects.get().last), "answer": "no"}
    assert ana.post("/duties/needs/answer/", answer).status_code == 409
    assert ana.post("/duties/needs/answer/", {**answer, "why": "no paper"}).status_code == 302
    assert b"no paper" in celia.get("/me/needs/").content
    appeal = {"event": str(Need.objects.get().last), "why": "here it is"}
    assert celia.post("/me/needs/appeal/", appeal)["Location"] == "/me/needs/"
    assert b"here it is" not in ana.get("/duties/needs/").content
    assert b"here it is" in bruno.get("/duties/needs/").content
    yes = {"person": whose, "event": str(Need.objects.get().last), "answer": "yes", "appeal": "1"}
    assert ana.post("/duties/needs/answer/", yes).status_code == 409
    assert bruno.post("/duties/needs/answer/", yes).status_code == 302
    assert Need.objects.get().state == "granted"
    assert celia.post("/me/needs/end/", {"event": str(Need.objects.get().last)}).status_code == 302
    assert Need.objects.get().state == "ended"


def test_that_who_holds_no_duty_answers_nothing(village: "Village") -> None:
    davi = as_(village.davi)
    assert davi.get("/duties/needs/").status_code == 403
    assert davi.post("/duties/needs/answer/", {"answer": "yes"}).status_code == 403


def test_that_a_claim_sent_wrongly_is_explained(village: "Village") -> None:
    celia = as_(village.celia)
    assert celia.post("/me/needs/claim/", {**CLAIM, "why": ""}).status_code == 422
    assert celia.post("/me/needs/claim/", {**CLAIM, "until_round": "0"}).status_code == 422
    assert celia.post("/me/needs/appeal/", {"event": "nothing"}).status_code == 422
    assert not Need.objects.exists()


@pytest.mark.parametrize("claims", [1, 3])
def test_that_all_that_waits_is_read_in_ten_queries(
    village: "Village", claims: int, django_assert_num_queries: DjangoAssertNumQueries
) -> None:
    for person in (village.bruno, village.celia, village.davi)[:claims]:
        actions.claim_need(person, ground="care", from_round=1, why="a reason")
    ana = as_(village.ana)
    # Session, person, duties; duty, count, claims, events; duty, count.
    with django_assert_num_queries(10):
        page = ana.get("/duties/needs/").content
    assert page.count(b"a reason") == claims


def test_that_a_household_forms_on_the_page(village: "Village") -> None:
    celia, davi = as_(village.celia), as_(village.davi)
    assert celia.post("/me/household/invite/", {"username": "nobody"}).status_code == 409
    assert celia.post("/me/household/invite/", {"username": "davi"}).status_code == 302
    assert b"Celia invites you into a household." in davi.get("/me/needs/").content
    (waiting,) = queries.my_household(village.davi).invitations
    sent = {"person": str(village.davi.pk), "invitation": str(waiting.id)}
    assert davi.post("/me/household/accept/", sent).status_code == 302
    assert len(queries.my_household(village.celia).members) == 2
    assert davi.post("/me/household/leave/", {"person": sent["person"]}).status_code == 302
    assert len(queries.my_household(village.celia).members) == 1


def test_that_programs_claim_answer_and_read(village: "Village") -> None:
    celia, ana = as_(village.celia), as_(village.ana)
    made = celia.post("/api/people/needs", {**CLAIM, "from_round": 1}, "application/json")
    assert (made.status_code, made.json()["what"]) == (201, "claimed")
    (waiting,) = ana.get("/api/people/needs/waiting").json()["claims"]
    assert (waiting["name"], waiting["claim"]) == ("Celia", "my mother fell")
    answer = {"person": waiting["person"], "event": waiting["event"], "grant": True}
    first = ana.post("/api/people/needs/answer", answer, "application/json")
    assert first.json()["what"] == "granted"
    again = ana.post("/api/people/needs/answer", answer, "application/json")
    assert (again.status_code, again.json()["reason"]) == (409, "answered")
    (need,) = celia.get("/api/people/needs").json()
    assert (need["state"], [each["what"] for each in need["events"]]) == (
        "granted",
        ["claimed", "granted"],
    )


def test_that_who_holds_the_duty_ends_what_is_recognised_and_says_why(village: "Village") -> None:
    claim = actions.claim_need(
        village.celia, ground=Ground.CARE, from_round=1, why="my mother fell"
    )
    actions.answer_claim(village.ana, person=village.celia.pk, claim=claim.id, grant=True)
    page = "/duties/needs/recognised/"
    ana = as_(village.ana)
    assert page.encode() in ana.get("/duties/needs/").content
    shown = ana.get(f"{page}?username={village.celia.username}").text
    assert "End it" in shown
    # Why it was claimed is not needed to look it up.
    assert "my mother fell" not in shown
    end = {"person": str(village.celia.pk), "event": str(Need.objects.get().last)}
    assert ana.post(page, end).status_code == 409
    assert ana.post(page, {**end, "event": "nothing"}).status_code == 422
    for other in (village.celia, village.davi):
        assert as_(other).get(f"{page}?username=celia").status_code == 403
        assert as_(other).post(page, {**end, "why": "no"}).status_code == 403
    assert Need.objects.get().state == "granted"
    once = {**end, "why": "She is well again", "once": str(uuid4())}
    for _ in range(2):
        assert ana.post(page, once).status_code == 302
    assert Need.objects.get().state == "ended"
    assert "She is well again" in as_(village.celia).get("/me/needs/").text
    assert "Nothing is recognised of this person" in ana.get(f"{page}?username=celia").text


@pytest.mark.parametrize("name", ["nobody", "ana"])
def test_that_nobody_looks_up_themselves_or_a_stranger(village: "Village", name: str) -> None:
    page = as_(village.ana).get(f"/duties/needs/recognised/?username={name}")
    assert "Nobody else on the roll signs in by this name" in page.text
