"""Persons for programs: keys, oneself, and who holds which duty."""

from datetime import date, datetime
from typing import Annotated, cast
from uuid import UUID

from django.contrib.auth import authenticate
from django.http import HttpRequest
from ninja import Field, Router, Schema, Status
from ninja.errors import HttpError

from .. import actions, queries
from ..models import Ground, Person
from ..once import Key, Secret

router = Router(tags=["people"])

# PostgreSQL keeps none in a text.
NO_ZERO_BYTE = r"^[^\x00]*$"


class Credentials(Schema):
    username: str
    password: str


class TokenOut(Schema):
    token: str


class DutyOut(Schema):
    person: str
    kind: str
    since: datetime
    until: datetime | None


class EnrolIn(Schema):
    username: str = Field(min_length=1, max_length=60, pattern=NO_ZERO_BYTE)
    name: str = Field(min_length=1, max_length=120, pattern=NO_ZERO_BYTE)
    password: str = Field(min_length=8, max_length=200, pattern=NO_ZERO_BYTE)
    ground: Ground = Ground.WORK
    born: date | None = None
    parents: list[Annotated[str, Field(max_length=60, pattern=NO_ZERO_BYTE)]] = Field(
        [], max_length=4
    )


class EnrolledOut(Schema):
    id: UUID
    username: str


class MeOut(Schema):
    id: UUID
    username: str
    name: str
    ground: str
    duties: list[str]


@router.post(
    "/token",
    response=TokenOut,
    auth=None,
    operation_id="make_token",
    summary="Sign in for a token",
)
def make_token(request: HttpRequest, credentials: Credentials) -> TokenOut:
    """A token for `Authorization: Bearer <token>`, good for 30 days.

    401 for a wrong name or password, 429 after ten of them for one name.
    """
    person = authenticate(request, username=credentials.username, password=credentials.password)
    if person is None:
        raise HttpError(401, "wrong username or password")
    return TokenOut(token=actions.make_token(person))


@router.get("/me", response=MeOut, operation_id="get_me", summary="Whoever is asking")
def get_me(request: HttpRequest) -> MeOut:
    """The person whose token or session this is, with the duties they hold now."""
    person = cast(Person, request.user)
    return MeOut(
        id=person.pk,
        username=person.username,
        name=person.name,
        ground=person.ground,
        duties=[duty.kind for duty in queries.duties_of(person)],
    )


@router.post(
    "/roll",
    response={201: EnrolledOut},
    operation_id="enrol_person",
    summary="Put a person on the roll",
)
def enrol_person(request: HttpRequest, given: EnrolIn, key: Key = None) -> Status[EnrolledOut]:
    """For holders of the duty of enrolment. `parents` are the names by which they sign in.

    The password is the first: the person changes it.
    """
    person = actions.enrol_by(
        cast(Person, request.user),
        username=given.username,
        name=given.name,
        password=Secret(given.password),
        ground=given.ground,
        born=given.born,
        parents=given.parents,
        key=key,
    )
    return Status(201, EnrolledOut(id=person.pk, username=person.username))


@router.get(
    "/duties",
    response=list[DutyOut],
    auth=None,
    operation_id="list_duties",
    summary="Who holds which duty",
)
def list_duties(request: HttpRequest, page: int = 1) -> list[DutyOut]:
    """A page of public duties, those held now first; `until` is null while held."""
    return [
        DutyOut(person=duty.person.name, kind=duty.kind, since=duty.since, until=duty.until)
        for duty in queries.duties(page)
    ]
