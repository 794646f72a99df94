from decimal import Decimal
from uuid import uuid4

import pytest
from django.test import Client
from pytest_django import DjangoAssertNumQueries

from xietong.platform.decisions import actions, queries
from xietong.platform.decisions.models import Ballot, Motion
from xietong.platform.people.models import Person
from xietong.platform.record import actions as record
from xietong.platform.record import queries as record_queries
from xietong.platform.record.models import Parameter


def signed_in(person: Person) -> Client:
    client = Client()
    client.force_login(person, backend="django.contrib.auth.backends.ModelBackend")
    return client


def address(motion: Motion, step: str = "") -> str:
    return f"/decisions/{motion.pk}/{step}"


def test_that_without_motions_the_page_says_what_will_come(client: Client, db: None) -> None:
    assert b"Nothing is open to vote" in client.get("/decisions/").content


def test_that_everyone_sees_what_is_voted_on_and_is_asked_to_sign_in(
    client: Client, motion: Motion
) -> None:
    assert b"Hours a round" in client.get("/decisions/").content
    page = client.get(address(motion)).content.decode()
    assert f"/sign-in/?next={address(motion)}" in page
    assert "120 hours" in page


def test_that_a_ballot_is_cast_and_changed_on_the_page(motion: Motion, roll: list[Person]) -> None:
    client = signed_in(roll[1])
    cast = client.post(address(motion, "ballot/"), {"choices": ["120", "150"]})
    assert cast["Location"] == address(motion)
    page = client.get(address(motion)).content.decode()
    assert page.count(" checked") == 2
    client.post(address(motion, "ballot/"), {"choices": ["160"]})
    assert queries.ballot_of(roll[1], motion) == frozenset({"160"})


def test_that_nobody_sees_ballots_or_counts_before_the_decision(
    motion: Motion, roll: list[Person]
) -> None:
    before = signed_in(roll[0]).get(address(motion)).content
    actions.cast_ballot(roll[1], motion=motion, choices=["120"])
    actions.cast_ballot(roll[2], motion=motion, choices=["120"])
    after = signed_in(roll[0]).get(address(motion)).content
    assert _without_tokens(before) == _without_tokens(after)


def _without_tokens(page: bytes) -> list[bytes]:
    return [line for line in page.splitlines() if b"csrf" not in line.lower()]


def test_that_a_ballot_needs_signing_in(client: Client, motion: Motion) -> None:
    assert client.post(address(motion, "ballot/"), {"choices": ["120"]}).status_code == 302
    assert Ballot.objects.count() == 0


def test_that_a_child_is_refused_and_sees_no_button(motion: Motion, child: Person) -> None:
    client = signed_in(child)
    assert client.post(address(motion, "ballot/"), {"choices": ["120"]}).status_code == 403
    assert Ballot.objects.count() == 0
    assert b"Cast my ballot" not in client.get(address(motion)).content


def test_that_a_ballot_for_something_else_is_explained(motion: Motion, roll: list[Person]) -> None:
    page = signed_in(roll[0]).post(address(motion, "ballot/"), {"choices": ["999"]})
    assert page.status_code == 409
    assert b"The ballot names something that is not voted on" in page.content
    assert Ballot.objects.count() == 0


@pytest.mark.parametrize("step", ["", "ballot/", "end/"])
def test_that_a_motion_that_is_not_there_is_not_found(roll: list[Person], step: str) -> None:
    client = signed_in(roll[0])
    ask = client.post if step else client.get
    assert ask(f"/decisions/{uuid4()}/{step}").status_code == 404


def test_that_a_decided_motion_shows_what_was_counted_and_ones_own_ballot(
    motion: Motion, roll: list[Person]
) -> None:
    actions.cast_ballot(roll[0], motion=motion, choices=["120"])
    actions.cast_ballot(roll[1], motion=motion, choices=["160"])
    actions.decide(motion)
    page = signed_in(roll[0]).get(address(motion)).content.decode()
    assert "More than one stood equal in first place" in page
    assert "<svg" in page
    own = page.split("Your ballot")[1].split("</dd>")[0]
    assert "120 hours" in own
    assert "160 hours" not in own


def test_that_the_planning_duty_ends_the_vote_on_the_page(
    motion: Motion, roll: list[Person]
) -> None:
    actions.cast_ballot(roll[1], motion=motion, choices=["120"])
    client = signed_in(roll[0])
    assert b"Count the ballots now" in client.get(address(motion)).content
    assert client.post(address(motion, "end/"))["Location"] == address(motion)
    assert record_queries.parameter("hours") == 120


def test_that_others_cannot_end_the_vote(motion: Motion, roll: list[Person]) -> None:
    actions.cast_ballot(roll[1], motion=motion, choices=["120"])
    client = signed_in(roll[1])
    assert b"Count the ballots now" not in client.get(address(motion)).content
    assert client.post(address(motion, "end/")).status_code == 403
    motion.refresh_from_db()
    assert (motion.state, record_queries.parameter("hours")) == ("open", Decimal(150))


def test_that_a_vote_without_ballots_does_not_end(motion: Motion, roll: list[Person]) -> None:
    page = signed_in(roll[0]).post(address(motion, "end/"))
    assert (page.status_code, b"Nobody has agreed to anything yet" in page.content) == (409, True)


def test_that_the_planning_duty_puts_a_parameter_to_the_vote(
    roll: list[Person], hours: Parameter
) -> None:
    client = signed_in(roll[0])
    assert b"/decisions/new/" in client.get("/decisions/").content
    opened = client.post("/decisions/new/", {"code": "hours", "values": "120, 140.5；160"})
    motion = Motion.objects.get()
    assert opened["Location"] == address(motion)
    keys = [option.key for option in motion.options.all()]
    assert keys == ["150", "120", "140.5", "160"]


@pytest.mark.parametrize(
    ("values", "complaint"),
    [
        ("a lot", b"Write numbers, such as 120 140.5"),
        ("nan", b"Write numbers, such as 120 140.5"),
        ("300", b"The value lies outside the bounds"),
        ("150", b"A vote needs at least two options"),
    ],
)
def test_that_an_unclear_parameter_vote_is_explained(
    roll: list[Person], hours: Parameter, values: str, complaint: bytes
) -> None:
    page = signed_in(roll[0]).post("/decisions/new/", {"code": "hours", "values": values})
    assert (page.status_code, complaint in page.content) == (422, True)
    assert Motion.objects.count() == 0


def test_that_others_cannot_put_a_parameter_to_the_vote(
    roll: list[Person], hours: Parameter
) -> None:
    client = signed_in(roll[1])
    assert b"/decisions/new/" not in client.get("/decisions/").content
    assert client.get("/decisions/new/").status_code == 403
    form = {"code": "hours", "values": "120"}
    assert client.post("/decisions/new/", form).status_code == 403
    assert Motion.objects.count() == 0


@pytest.mark.parametrize("items", [1, 3])
def test_that_the_list_takes_seven_queries_however_many_motions(
    roll: list[Person], items: int, django_assert_num_queries: DjangoAssertNumQueries
) -> None:
    for number in range(2 * items):
        motion = _motion(roll[0], f"p{number}")
        if number % 2:
            actions.cast_ballot(roll[1], motion=motion, choices=["2"])
            actions.decide(motion)
    client = signed_in(roll[1])
    with django_assert_num_queries(7):  # session, person, duty, open, count, decided, options
        page = client.get("/decisions/")
    assert page.content.count(b"waits for your ballot") == items
    assert len(page.context["page"]) == items


def _motion(by: Person, code: str) -> Motion:
    record.define_parameter(
        code,
        name_en=code,
        name_zh=code,
        value=Decimal(1),
        lowest=Decimal(0),
        highest=Decimal(2),
    )
    return actions.put_parameter_to_vote(by, code=code, values=[Decimal(2)])


def test_that_one_motion_takes_five_queries(
    motion: Motion, roll: list[Person], django_assert_num_queries: DjangoAssertNumQueries
) -> None:
    client = signed_in(roll[1])
    with django_assert_num_queries(6):  # session, person, motion, options, ballot, duty
        client.get(address(motion))


def test_that_the_page_speaks_chinese(motion: Motion, roll: list[Person]) -> None:
    client = signed_in(roll[1])
    page = client.get(address(motion), headers={"accept-language": "zh-hans"}).content.decode()
    for text in ("每轮工时", "120 小时", "维持现状。", "我赞成"):
        assert text in page
