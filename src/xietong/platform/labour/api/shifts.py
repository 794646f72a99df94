"""The week of one's enterprise for programs. Weekday 1 is Monday; times are in minutes."""

from typing import cast
from uuid import UUID

from django.http import HttpRequest
from ninja import Router, Schema, Status

from xietong.platform.enterprises import queries as enterprises
from xietong.platform.people.models import Person
from xietong.platform.people.once import Key

from .. import actions, queries
from ..models import Shift

router = Router(tags=["labour"])


class ShiftIn(Schema):
    weekday: int
    starts: int
    minutes: int
    places: int
    skill: str | None = None


class MemberOut(Schema):
    id: UUID
    name: str


class ShiftOut(ShiftIn):
    id: UUID
    people: list[MemberOut]


class WhichShiftIn(Schema):
    shift: UUID


class SwapIn(Schema):
    """`takes` is a shift of the other's; without it, they simply take over mine."""

    gives: UUID
    other: UUID
    takes: UUID | None = None


class SwapOut(SwapIn):
    id: UUID
    by: UUID


class WhichSwapIn(Schema):
    swap: UUID


class AnswerIn(WhichSwapIn):
    agree: bool


@router.get(
    "/shifts", response=list[ShiftOut], operation_id="list_shifts", summary="My team's week"
)
def list_shifts(request: HttpRequest) -> list[ShiftOut]:
    reader = cast(Person, request.user)
    enterprise = enterprises.current_enterprise_of(reader)
    if enterprise is None:
        return []
    return [_shift(entry.shift, entry.people) for entry in queries.week_of(enterprise, reader)]


@router.post("/shifts", response=ShiftOut, operation_id="plan_shift", summary="Add a shift")
def plan_shift(request: HttpRequest, given: ShiftIn, key: Key = None) -> ShiftOut:
    by = cast(Person, request.user)
    return _shift(actions.plan_shift(by, **given.dict(), key=key), [])


@router.post(
    "/shifts/drop",
    response={204: None},
    operation_id="drop_shift",
    summary="Take a shift that nobody has out of the week",
)
def drop_shift(request: HttpRequest, given: WhichShiftIn, key: Key = None) -> Status[None]:
    actions.drop_shift(cast(Person, request.user), shift=given.shift, key=key)
    return Status(204, None)


@router.post(
    "/shifts/take", response={204: None}, operation_id="take_shift", summary="Have a shift"
)
def take_shift(request: HttpRequest, given: WhichShiftIn, key: Key = None) -> Status[None]:
    actions.take_shift(cast(Person, request.user), shift=given.shift, key=key)
    return Status(204, None)


@router.post(
    "/shifts/leave", response={204: None}, operation_id="leave_shift", summary="Give a shift back"
)
def leave_shift(request: HttpRequest, given: WhichShiftIn, key: Key = None) -> Status[None]:
    actions.leave_shift(cast(Person, request.user), shift=given.shift, key=key)
    return Status(204, None)


@router.get(
    "/swaps",
    response=list[SwapOut],
    operation_id="list_my_swaps",
    summary="Exchanges I am asked for or ask for",
)
def list_my_swaps(request: HttpRequest) -> list[SwapOut]:
    asked, asking = queries.swaps_of(cast(Person, request.user))
    return [
        SwapOut(
            id=swap.id,
            by=swap.person_id,
            gives=swap.gives_id,
            other=swap.other_id,
            takes=swap.takes_id,
        )
        for swap in (*asked, *asking)
    ]


@router.post(
    "/swaps",
    response={204: None},
    operation_id="ask_swap",
    summary="Ask a team-mate to take over a shift",
)
def ask_swap(request: HttpRequest, given: SwapIn, key: Key = None) -> Status[None]:
    by = cast(Person, request.user)
    actions.ask_swap(by, gives=given.gives, other=given.other, takes=given.takes, key=key)
    return Status(204, None)


@router.post(
    "/swaps/answer",
    response={204: None},
    operation_id="answer_swap",
    summary="Agree to an exchange, or not",
)
def answer_swap(request: HttpRequest, given: AnswerIn, key: Key = None) -> Status[None]:
    actions.answer_swap(cast(Person, request.user), swap=given.swap, agree=given.agree, key=key)
    return Status(204, None)


@router.post(
    "/swaps/withdraw",
    response={204: None},
    operation_id="withdraw_swap",
    summary="Ask for an exchange no longer",
)
def withdraw_swap(request: HttpRequest, given: WhichSwapIn, key: Key = None) -> Status[None]:
    actions.withdraw_swap(cast(Person, request.user), swap=given.swap, key=key)
    return Status(204, None)


def _shift(shift: Shift, people: list[Person]) -> ShiftOut:
    return ShiftOut(
        id=shift.id,
        weekday=shift.weekday,
        starts=shift.starts,
        minutes=shift.minutes,
        places=shift.places,
        skill=shift.skill_id,
        people=[MemberOut(id=person.id, name=person.name) for person in people],
    )
