"""Households for programs: one's own, and how people live without names."""

from datetime import datetime
from typing import Annotated, cast
from uuid import UUID

from django.http import HttpRequest
from ninja import Router, Schema, Status
from pydantic import Field

from .. import actions, queries
from ..models import Membership, Person
from ..once import Key

router = Router(tags=["people"])


class MemberOut(Schema):
    person: UUID
    name: str
    invitation: UUID
    since: datetime | None


class InvitationOut(Schema):
    id: UUID
    by: str


class HouseholdOut(Schema):
    members: list[MemberOut]
    invited: list[MemberOut]
    invitations: list[InvitationOut]


class InviteIn(Schema):
    username: Annotated[str, Field(max_length=60, pattern=r"^[^\x00]*$")]


class AcceptIn(Schema):
    invitation: UUID
    person: UUID | None = None


class DeclineIn(Schema):
    invitation: UUID


class LeaveIn(Schema):
    person: UUID | None = None


@router.get(
    "/household", response=HouseholdOut, operation_id="get_household", summary="My household"
)
def get_household(request: HttpRequest) -> HouseholdOut:
    """Who lives with you, whom it invited, and what you are invited to."""
    home = queries.my_household(_person(request))
    return HouseholdOut(
        members=[_member(each) for each in home.members],
        invited=[_member(each) for each in home.invited],
        invitations=[
            InvitationOut(id=each.id, by=each.invited_by.name) for each in home.invitations
        ],
    )


@router.post(
    "/household/invite",
    response={201: MemberOut},
    operation_id="invite_into_household",
    summary="Invite into my household",
)
def invite_into_household(
    request: HttpRequest, given: InviteIn, key: Key = None
) -> Status[MemberOut]:
    """By the name to sign in by; the household begins with the first invitation."""
    made = actions.invite(_person(request), username=given.username, key=key)
    return Status(201, _member(made))


@router.post(
    "/household/accept",
    response=HouseholdOut,
    operation_id="accept_invitation",
    summary="Join a household",
)
def accept_invitation(request: HttpRequest, given: AcceptIn, key: Key = None) -> HouseholdOut:
    """Yourself (`person` null), or a child into the household you live in."""
    person = _person(request)
    actions.accept_invitation(
        person, person=given.person or person.pk, invitation=given.invitation, key=key
    )
    return get_household(request)


@router.post(
    "/household/decline",
    response=HouseholdOut,
    operation_id="decline_invitation",
    summary="Decline or take back an invitation",
)
def decline_invitation(request: HttpRequest, given: DeclineIn, key: Key = None) -> HouseholdOut:
    """One that you were sent, or that you sent."""
    actions.decline_invitation(_person(request), invitation=given.invitation, key=key)
    return get_household(request)


@router.post(
    "/household/leave",
    response=HouseholdOut,
    operation_id="leave_household",
    summary="Leave a household",
)
def leave_household(request: HttpRequest, given: LeaveIn, key: Key = None) -> HouseholdOut:
    """Yourself (`person` null), or as an adult of the household a child of it."""
    person = _person(request)
    actions.leave_household(person, person=given.person or person.pk, key=key)
    return get_household(request)


@router.get(
    "/household-kinds",
    response=dict[str, int | None],
    auth=None,
    operation_id="list_household_kinds",
    summary="Persons by kind of household",
)
def list_household_kinds(request: HttpRequest) -> dict[str, int | None]:
    """How many persons live in each kind; null for one to nine."""
    return {kind.value: n for kind, n in queries.persons_by_household_kind().items()}


def _member(each: Membership) -> MemberOut:
    return MemberOut(
        person=each.person_id, name=each.person.name, invitation=each.id, since=each.since
    )


def _person(request: HttpRequest) -> Person:
    return cast(Person, request.user)
