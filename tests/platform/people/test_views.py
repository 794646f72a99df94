import pytest
from django.test import Client
from pytest_django import DjangoAssertNumQueries, Settings

from xietong.platform.people import actions, queries
from xietong.platform.people.models import Duty, Person, Token

PASSWORD = "together-2021"


@pytest.fixture
def ana(db: None) -> Person:
    return actions.enrol(username="ana", name="Ana Souza", password=None)


@pytest.fixture
def password(ana: Person) -> str:
    """Ana's, once she has one."""
    ana.set_password(PASSWORD)
    ana.save()
    return PASSWORD


@pytest.fixture
def signed_in(ana: Person, client: Client) -> Client:
    client.force_login(ana, backend="django.contrib.auth.backends.ModelBackend")
    return client


def sign_in(client: Client, password: str) -> int:
    return client.post("/sign-in/", {"username": "ana", "password": password}).status_code


def test_that_a_person_signs_in_by_name_and_password_and_goes_where_they_wanted(
    client: Client, password: str
) -> None:
    form = {"username": "ana", "password": password, "next": "/me/"}
    assert client.post("/sign-in/", form)["Location"] == "/me/"
    assert client.get("/me/").status_code == 200


def test_that_signing_in_leads_nowhere_outside(client: Client, password: str) -> None:
    form = {"username": "ana", "password": password, "next": "https://elsewhere.example/"}
    assert client.post("/sign-in/", form)["Location"] == "/"


def test_that_a_wrong_password_signs_nobody_in(client: Client, password: str) -> None:
    page = client.post("/sign-in/", {"username": "ana", "password": "wrong"})
    assert b"The name and the password do not fit together." in page.content
    assert client.get("/me/")["Location"] == "/sign-in/?next=/me/"


def test_that_too_many_wrong_passwords_lock_the_name_even_for_the_right_one(
    client: Client, password: str, settings: Settings
) -> None:
    settings.AXES_FAILURE_LIMIT = 3
    assert [sign_in(client, "wrong") for _ in range(3)] == [200, 200, 429]
    page = client.post("/sign-in/", {"username": "ana", "password": password})
    assert (page.status_code, b"Too many wrong passwords" in page.content) == (429, True)
    assert client.get("/me/").status_code == 302


def test_that_signing_out_takes_a_post(signed_in: Client) -> None:
    assert signed_in.get("/sign-out/").status_code == 405
    assert signed_in.get("/me/").status_code == 200
    assert signed_in.post("/sign-out/")["Location"] == "/sign-in/"
    assert signed_in.get("/me/").status_code == 302


@pytest.mark.parametrize("address", ["/me/", "/duties/enrol/"])
def test_that_ones_own_pages_need_signing_in(client: Client, db: None, address: str) -> None:
    assert client.get(address)["Location"] == f"/sign-in/?next={address}"


@pytest.mark.parametrize("tokens", [1, 3])
def test_that_ones_own_page_takes_four_queries(
    signed_in: Client, ana: Person, tokens: int, django_assert_num_queries: DjangoAssertNumQueries
) -> None:
    for _ in range(tokens):
        actions.make_token(ana)
    with django_assert_num_queries(4):  # session, person, duties, tokens
        page = signed_in.get("/me/")
    assert page.content.count(b'name="token"') == tokens


def test_that_a_changed_password_keeps_one_signed_in(
    password: str, signed_in: Client, ana: Person
) -> None:
    form = {"old": password, "new": "united-2022"}
    assert signed_in.post("/me/password/", form)["Location"] == "/me/"
    assert signed_in.get("/me/").status_code == 200
    ana.refresh_from_db()
    assert ana.check_password("united-2022")


@pytest.mark.parametrize(
    ("old", "new", "status"),
    [("wrong", "united-2022", 409), (PASSWORD, "short", 409), ("", "united-2022", 422)],
)
def test_that_a_refused_password_is_explained_and_changes_nothing(
    password: str, signed_in: Client, ana: Person, old: str, new: str, status: int
) -> None:
    page = signed_in.post("/me/password/", {"old": old, "new": new})
    assert page.status_code == status
    assert page.context["form"].errors
    ana.refresh_from_db()
    assert ana.check_password(password)


def test_that_a_token_is_shown_once_and_can_be_ended(signed_in: Client, ana: Person) -> None:
    page = signed_in.post("/me/tokens/")
    token = page.context["token"]
    assert token in page.content.decode()
    assert queries.person_of_token(token) == ana
    assert token not in signed_in.get("/me/").content.decode()
    signed_in.post("/me/tokens/revoke/", {"token": Token.objects.get().hash})
    assert queries.person_of_token(token) is None


@pytest.mark.parametrize("holders", [1, 3])
def test_that_everyone_sees_who_holds_which_duty_in_three_queries(
    client: Client, db: None, holders: int, django_assert_num_queries: DjangoAssertNumQueries
) -> None:
    for person in actions.enrol_many(
        actions.NewPerson(f"p{number}", f"Person {number}") for number in range(holders)
    ):
        actions.give_duty(person, Duty.Kind.PLANNING)
    with django_assert_num_queries(3):
        page = client.get("/duties/")
    assert page.content.count(b"holds it now") == holders


def test_that_without_duties_the_page_says_when_they_come(client: Client, db: None) -> None:
    assert b"Nobody holds a duty yet" in client.get("/duties/").content


NEW = {"name": "Davi", "username": "davi", "ground": "study", "password": PASSWORD}


def test_that_the_enrolment_duty_puts_people_on_the_roll(signed_in: Client, ana: Person) -> None:
    actions.give_duty(ana, Duty.Kind.ENROLMENT)
    assert b"/duties/enrol/" in signed_in.get("/duties/").content
    assert signed_in.post("/duties/enrol/", NEW)["Location"] == "/duties/enrol/"
    davi = Person.objects.get(username="davi")
    assert (davi.name, davi.ground, davi.check_password(PASSWORD)) == ("Davi", "study", True)


@pytest.mark.parametrize("duty", [None, Duty.Kind.PLANNING])
def test_that_without_the_enrolment_duty_nobody_is_enrolled(
    signed_in: Client, ana: Person, duty: Duty.Kind | None
) -> None:
    if duty:
        actions.give_duty(ana, duty)
    assert signed_in.get("/duties/enrol/").status_code == 403
    assert signed_in.post("/duties/enrol/", NEW).status_code == 403
    assert Person.objects.count() == 1


def test_that_a_taken_name_is_explained(signed_in: Client, ana: Person) -> None:
    actions.give_duty(ana, Duty.Kind.ENROLMENT)
    page = signed_in.post("/duties/enrol/", {**NEW, "username": "ana"})
    assert (page.status_code, Person.objects.count()) == (422, 1)
    assert b"Somebody signs in by this name already" in page.content
