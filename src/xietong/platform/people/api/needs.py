"""Recognised needs for programs: one's own, and what waits for whoever decides."""

from datetime import datetime
from typing import Annotated, Any, Literal, cast
from uuid import UUID

from django.http import HttpRequest
from ninja import Router, Schema, Status
from pydantic import Field

from .. import actions, queries
from ..models import Need, Person, Recognition
from ..once import Key

router = Router(tags=["people"])

RoundNumber = Annotated[int, Field(ge=1, le=10**6)]
# PostgreSQL keeps no zero byte in a text.
Why = Annotated[str, Field(max_length=2000, pattern=r"^[^\x00]*$")]


class EventOut(Schema):
    id: UUID
    what: str
    at: datetime
    by_rule: bool
    why: str


class NeedOut(Schema):
    id: UUID
    ground: str
    state: str
    from_round: int
    until_round: int | None
    beside_work: bool
    last: UUID
    events: list[EventOut]


class ClaimIn(Schema):
    ground: Literal["child", "study", "pension", "care", "illness", "parent"]
    from_round: RoundNumber
    until_round: RoundNumber | None = None
    beside_work: bool = False
    why: Why


class AppealIn(Schema):
    event: UUID
    why: Why


class EndIn(Schema):
    event: UUID
    person: UUID | None = None
    why: Why = ""


class AnswerIn(Schema):
    person: UUID
    event: UUID
    grant: bool
    why: Why = ""


class WaitingNeedOut(Schema):
    person: UUID
    name: str
    event: UUID
    ground: str
    from_round: int
    until_round: int | None
    beside_work: bool
    claim: str
    refusal: str
    appeal: str
    overdue: bool


class WaitingOut(Schema):
    claims: list[WaitingNeedOut]
    appeals: list[WaitingNeedOut]


@router.get(
    "/needs", response=list[NeedOut], operation_id="list_my_needs", summary="My recognised needs"
)
def list_my_needs(request: HttpRequest) -> list[NeedOut]:
    """Your needs with what happened to each, the newest first."""
    return [
        NeedOut(
            **_need(own.need),
            events=[
                EventOut(
                    id=each.id, what=each.what, at=each.at, by_rule=not each.by_id, why=each.why
                )
                for each in own.events
            ],
        )
        for own in queries.needs_of(_person(request))
    ]


@router.post(
    "/needs",
    response={201: EventOut},
    operation_id="claim_need",
    summary="Claim that a need be recognised",
)
def claim_need(request: HttpRequest, claim: ClaimIn, key: Key = None) -> Status[EventOut]:
    """From the present round or a later one; `until_round` is the last one, or null."""
    return Status(201, _event(actions.claim_need(_person(request), **claim.dict(), key=key)))


@router.post(
    "/needs/appeal", response=EventOut, operation_id="appeal_need", summary="Appeal a refusal"
)
def appeal_need(request: HttpRequest, given: AppealIn, key: Key = None) -> EventOut:
    """Somebody else than who refused, or ended it, decides anew. `event` is the need's last."""
    return _event(actions.appeal(_person(request), **given.dict(), key=key))


@router.post(
    "/needs/end", response=EventOut, operation_id="end_need", summary="End or withdraw a need"
)
def end_need(request: HttpRequest, given: EndIn, key: Key = None) -> EventOut:
    """Your own (`person` null), or for holders of the duty another's, saying why."""
    by = _person(request)
    whose = given.person or by.pk
    return _event(actions.end_need(by, person=whose, event=given.event, why=given.why, key=key))


@router.get(
    "/needs/waiting",
    response=WaitingOut,
    operation_id="list_waiting_needs",
    summary="Claims and appeals that wait for me",
)
def list_waiting_needs(request: HttpRequest, page: int = 1) -> WaitingOut:
    """A page of what you may answer by the duties you hold, the oldest first."""
    person = _person(request)
    return WaitingOut(
        claims=[_waiting(each) for each in queries.claims_waiting(person, page)],
        appeals=[_waiting(each) for each in queries.appeals_waiting(person, page)],
    )


@router.post(
    "/needs/answer", response=EventOut, operation_id="answer_need", summary="Answer a claim"
)
def answer_need(request: HttpRequest, given: AnswerIn, key: Key = None) -> EventOut:
    """For holders of the duty: grant it as claimed, or refuse it and say why."""
    return _event(
        actions.answer_claim(
            _person(request),
            person=given.person,
            claim=given.event,
            grant=given.grant,
            why=given.why,
            key=key,
        )
    )


@router.post(
    "/needs/answer-appeal",
    response=EventOut,
    operation_id="answer_appeal",
    summary="Answer an appeal",
)
def answer_appeal(request: HttpRequest, given: AnswerIn, key: Key = None) -> EventOut:
    """For holders of the duty of appeals who did not decide before."""
    return _event(
        actions.answer_appeal(
            _person(request),
            person=given.person,
            event=given.event,
            uphold=given.grant,
            why=given.why,
            key=key,
        )
    )


def _need(need: Need) -> dict[str, Any]:
    return {
        "id": need.id,
        "ground": need.ground,
        "state": need.state,
        "from_round": need.from_round,
        "until_round": need.until_round,
        "beside_work": need.beside_work,
        "last": need.last,
    }


def _event(event: Recognition) -> EventOut:
    return EventOut(
        id=event.id, what=event.what, at=event.at, by_rule=event.by_id is None, why=event.why
    )


def _waiting(each: queries.Waiting) -> WaitingNeedOut:
    return WaitingNeedOut(
        person=each.person.pk,
        name=each.person.name,
        event=each.event,
        ground=each.need.ground,
        from_round=each.need.from_round,
        until_round=each.need.until_round,
        beside_work=each.need.beside_work,
        claim=each.claim,
        refusal=each.refusal,
        appeal=each.appeal,
        overdue=each.overdue,
    )


def _person(request: HttpRequest) -> Person:
    return cast(Person, request.user)
