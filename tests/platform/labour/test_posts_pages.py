"""Pages of skills, openings, offers and shifts: what is shown, and that their forms do it."""

import json
from typing import Any
from uuid import uuid4

import pytest
from django.test import Client
from django.urls import reverse
from pytest_django import DjangoAssertNumQueries

from xietong.platform.labour import actions, queries, wording
from xietong.platform.labour.models import (
    Application,
    Assignment,
    Offer,
    PersonSkill,
    Post,
    Shift,
    ShiftPlace,
    SkillShare,
    Swap,
)
from xietong.platform.people import actions as people
from xietong.platform.people.models import Person

from .conftest import Team
from .test_posts import post_of, skills


def page(by: Person, name: str, *args: object, query: str = "") -> str:
    client = Client()
    client.force_login(by)
    answer = client.get(reverse(name, args=args) + query)
    assert answer.status_code == 200
    return answer.content.decode()


def send(by: Person, name: str, *args: object, **form: object) -> str:
    """What the page says after the form was sent."""
    client = Client()
    client.force_login(by)
    answer = client.post(reverse(name, args=args), form, follow=True)
    assert answer.status_code == 200
    return answer.content.decode()


def api(by: Person, method: str, address: str, **body: Any) -> tuple[int, Any]:
    answer = Client().generic(
        method,
        f"/api/labour{address}",
        json.dumps(body),
        content_type="application/json",
        headers={"authorization": f"Bearer {people.make_token(by)}"},
    )
    return answer.status_code, json.loads(answer.content) if answer.content else None


def test_that_openings_are_found_by_enterprise_skill_region_and_hours(busy: Team) -> None:
    skills()
    work = reverse("opening", args=[post_of("workshop").id])
    for query, found in (
        ("", True),
        ("?q=shop", True),
        ("?q=smith", False),
        ("?skill=turner", False),
        ("?region=valley", True),
        ("?region=hills", False),
        ("?kind=full", True),
        ("?kind=part", False),
        ("?kind=rotating", False),
        ("?kind=nonsense", True),
    ):
        assert (work in page(busy.guest, "openings", query=query)) is found, query


@pytest.mark.parametrize("count", [1, 3])
def test_that_openings_take_the_same_queries_for_one_and_three(
    busy: Team, count: int, django_assert_num_queries: DjangoAssertNumQueries
) -> None:
    arranged = [("shared", 1), ("rotating", 1)][: count - 1]
    Post.objects.filter(enterprise="workshop").update(capacity=7200)
    for kind, places in arranged:
        post = post_of("workshop").id
        actions.arrange_post(busy.ana, post=post, kind=kind, holders=2, places=places)
    with django_assert_num_queries(2):
        found = queries.open_work()
        assert {entry.post.enterprise.region.code for entry in found} == {"valley"}
    assert len(found) == count


@pytest.mark.parametrize("count", [1, 3])
def test_that_offers_take_the_same_queries_for_one_and_three(
    busy: Team, count: int, django_assert_num_queries: DjangoAssertNumQueries
) -> None:
    for _ in range(count):
        actions.apply(busy.guest, choices=[post_of("smithy").id], minutes=2400)
        actions.match_applications()
        offer = Offer.objects.get(answer="open")
        actions.decline_offer(busy.guest, offer=offer.id)
    with django_assert_num_queries(3):
        found = queries.offers_of(busy.guest)
        told = [(wording.named(entry.offer.post), len(entry.lost)) for entry in found]
    assert told == [("Workshop: work for any hands", 1)] * count


def test_that_one_press_asks_for_a_post_and_the_offer_is_accepted_on_the_page(busy: Team) -> None:
    post = post_of("workshop")
    assert "on your list" in send(busy.guest, "opening", post.id)
    assert Application.objects.get().minutes == 2400
    said = send(busy.guest, "my-application", hours="20", learns="on", **{f"rank-{post.id}": "1"})
    assert "Within a day you have an offer" in said
    actions.match_applications()
    shown = page(busy.guest, "my-application")
    assert "It is your first choice." in shown
    assert "20 h" in shown
    offer = Offer.objects.get()
    assert "yours from now on" in send(busy.guest, "answer-offer", offer=offer.id, answer="accept")
    held = Assignment.objects.get()
    assert (held.person, held.minutes) == (busy.guest, 1200)
    assert "ends in seven days" in send(busy.guest, "give-notice", assignment=held.id)


def test_that_wishes_are_ranked_anew_and_taken_off_the_list(busy: Team) -> None:
    first, second = post_of("workshop").id, post_of("smithy").id
    for post in (first, second):
        send(busy.guest, "opening", post)
    ranks = {f"rank-{first}": "2", f"rank-{second}": "1"}
    send(busy.guest, "my-application", hours="40", **ranks)
    assert [choice.post_id for choice in queries.choices_of(busy.guest)] == [second, first]
    ranks = {f"rank-{first}": "1", f"rank-{second}": ""}
    send(busy.guest, "my-application", hours="40", **ranks)
    assert [choice.post_id for choice in queries.choices_of(busy.guest)] == [first]
    assert "4 to 60 hours" in send(busy.guest, "my-application", hours="1")
    send(busy.guest, "withdraw-application")
    assert not Application.objects.exists()


def test_that_a_choice_that_went_elsewhere_is_explained_without_a_name(busy: Team) -> None:
    post = post_of("workshop")
    Post.objects.filter(id=post.id).update(capacity=2400)
    Post.objects.filter(enterprise="smithy").update(capacity=2400)
    for person in (busy.guest, busy.smith):
        actions.apply(person, choices=[post.id], minutes=2400)
    actions.match_applications()
    loser = Offer.objects.get(choice=None).person
    winner = busy.smith if loser == busy.guest else busy.guest
    shown = page(loser, "my-application")
    assert "Workshop: work for any hands: all else was equal, and the lot decided" in shown
    assert winner.name not in shown.replace("Smithy", "")


def test_that_skills_are_stated_confirmed_and_withdrawn_on_the_page(busy: Team) -> None:
    skills()
    assert "is stated" in send(busy.ana, "my-skills", skill="turner", certificate="Course 7")
    assert "Course 7" in page(busy.bruno, "my-skills")
    assert "Course 7" not in page(busy.smith, "my-skills")
    send(busy.ana, "my-skills", skill="welder")
    send(busy.ana, "withdraw-skill", skill="welder")
    assert "is confirmed" in send(busy.bruno, "confirm-skill", person=busy.ana.id, skill="turner")
    assert PersonSkill.objects.get().confirmed_by == busy.bruno
    assert "confirmed by Bruno" in page(busy.ana, "my-skills")


def test_that_a_team_arranges_its_posts_and_says_what_skills_it_needs(busy: Team) -> None:
    skills()
    post = post_of("workshop").id
    given = {"kind": "rotating", "holders": 2, "places": 1}
    assert "arranged" in send(busy.ana, "arrange-post", post=post, **given)
    assert post_of("workshop", "rotating").capacity == 2400
    assert "Taken in turn" in page(busy.ana, "my-posts")
    shares = {"share-turner": "25", "share-welder": "75"}
    assert "From the next round on" in send(busy.ana, "set-skill-mix", **shares)
    assert SkillShare.objects.count() == 2
    assert "100% together" in send(busy.ana, "set-skill-mix", **{"share-turner": "25"})
    assert "Only members" in send(busy.guest, "set-skill-mix", **shares)


def test_that_shifts_are_planned_taken_and_exchanged_on_the_page(busy: Team) -> None:
    night = {"weekday": 1, "begins": "22:00", "ends": "06:00", "places": 1}
    assert "in the week" in send(busy.ana, "plan-shift", **night)
    shift = Shift.objects.get()
    assert shift.minutes == 480
    send(busy.ana, "change-shift", shift=shift.id, way="take")
    assert "Monday 22:00–06:00" in page(busy.ana, "my-shifts")
    send(busy.ana, "ask-swap", gives=shift.id, want=str(busy.bruno.id))
    assert "Ana asks you to take over Monday 22:00–06:00." in page(busy.bruno, "my-shifts")
    send(busy.bruno, "answer-swap", swap=Swap.objects.get().id, answer="agree")
    assert ShiftPlace.objects.get().person == busy.bruno
    send(busy.bruno, "change-shift", shift=shift.id, way="leave")
    send(busy.bruno, "change-shift", shift=shift.id, way="drop")
    assert not Shift.objects.exists()


@pytest.mark.parametrize(
    "name",
    [
        "arrange-post",
        "plan-shift",
        "change-shift",
        "ask-swap",
        "answer-swap",
        "confirm-skill",
        "answer-offer",
        "give-notice",
    ],
)
def test_that_a_form_without_what_it_needs_changes_nothing(busy: Team, name: str) -> None:
    assert "Something is missing" in send(busy.ana, name)


def test_that_programs_do_the_same(busy: Team) -> None:
    skills()
    post = post_of("workshop")
    assert api(busy.ana, "POST", "/my-skills", skill="turner")[1] == [
        {"skill": "turner", "certificate": "", "confirmed_by": None}
    ]
    assert [one["person"] for one in api(busy.bruno, "GET", "/skills-to-confirm")[1]] == ["Ana"]
    confirmed = {"person": str(busy.ana.id), "skill": "turner"}
    assert api(busy.bruno, "POST", "/skills-to-confirm", **confirmed)[0] == 204
    openings = api(busy.guest, "GET", "/openings")[1]
    assert openings["count"] == 1
    assert openings["openings"][0] == {
        "id": str(post.id),
        "enterprise": "workshop",
        "region": "valley",
        "skill": None,
        "kind": "ordinary",
        "persons_to_a_place": 1,
        "needed": 12000,
        "holders": 0,
        "places": 2,
        "minutes": 2400,
        "rest": 0,
    }
    wish = {"choices": [str(post.id)], "minutes": 2400}
    assert api(busy.guest, "PUT", "/application", **wish)[1]["choices"] == [str(post.id)]
    actions.match_applications()
    offer = api(busy.guest, "GET", "/offers")[1][0]
    assert (offer["choice"], offer["fitness"], offer["lost"]) == (1, "needless", [])
    accepted = api(busy.guest, "POST", "/offers/accept", offer=offer["id"])[1]
    assert accepted["enterprise"] == "workshop"
    assert api(busy.guest, "GET", "/assignments")[1] == [accepted]
    assert api(busy.guest, "GET", "/application")[1] is None
    shift = {"weekday": 1, "starts": 480, "minutes": 480, "places": 1}
    planned = api(busy.guest, "POST", "/shifts", **shift)[1]
    assert api(busy.guest, "POST", "/shifts/take", shift=planned["id"])[0] == 204
    swap = {"gives": planned["id"], "other": str(busy.ana.id)}
    assert api(busy.guest, "POST", "/swaps", **swap)[0] == 204
    asked = api(busy.ana, "GET", "/swaps")[1][0]
    assert api(busy.ana, "POST", "/swaps/answer", swap=asked["id"], agree=True)[0] == 204
    week = api(busy.guest, "GET", "/shifts")[1]
    assert [person["name"] for person in week[0]["people"]] == ["Ana"]
    assert api(busy.guest, "POST", "/assignments/end", assignment=accepted["id"])[0] == 204
    refused = api(busy.guest, "POST", "/offers/accept", offer=str(uuid4()))
    assert (refused[0], refused[1]["reason"]) == (409, "no_open_offer")
