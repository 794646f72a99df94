"""Persons for programs: keys, oneself, and who holds which duty."""

from datetime import datetime
from typing import cast
from uuid import UUID

from django.contrib.auth import authenticate
from django.http import HttpRequest
from ninja import Router, Schema
from ninja.errors import HttpError

from .. import actions, queries
from ..models import Person

router = Router(tags=["people"])


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
