"""The policy dial for programs. Reading it needs no sign-in."""

from datetime import datetime
from typing import Annotated, cast
from uuid import UUID

from django.http import HttpRequest
from django.shortcuts import get_object_or_404
from ninja import Router, Schema, Status
from pydantic import Field

from xietong.platform.decisions.api import MotionBrief
from xietong.platform.people.models import Person
from xietong.platform.people.once import Key

from ..models import DialReading
from ..queries import dial as queries
from . import actions

router = Router()

Pair = list[float]
Code = Annotated[str, Field(max_length=80)]


class AskIn(Schema):
    spread: Annotated[int, Field(ge=0, lt=1000)] | None = None
    products: Annotated[list[Code], Field(max_length=10_000)] = []
    percent: Annotated[int, Field(ge=0, le=100)] | None = None


class VoteIn(Schema):
    product: Code = ""


class CellOut(Schema):
    persons: int
    mean: int
    gini: float
    low: int | None
    high: int | None


class KindOut(Schema):
    kind: str
    persons: int
    income: Pair
    by_need: Pair


class StepOut(Schema):
    product: str
    mode: str
    to_mode: str
    asked: float
    expected: float
    tried: bool
    promised: Pair


class AnswerOut(Schema):
    gap: float
    spread: Pair
    hours: Pair
    tiers: dict[str, Pair]
    by_need: list[float | None]
    per_hour: Pair
    mean_factor: Pair
    allowances: dict[str, Pair]
    claimable: Pair
    deductions: dict[str, Pair]
    factors: dict[str, Pair]
    incomes: list[CellOut] | None
    kinds: list[KindOut]
    steps: list[StepOut]


class ReadingOut(Schema):
    id: UUID
    round: int
    observed: int
    spread: int
    steps: dict[str, str]
    asked_at: datetime
    answered_at: datetime | None
    trouble: str
    answer: AnswerOut | None


class ReadingsOut(Schema):
    count: int
    pages: int
    items: list[ReadingOut]


@router.get(
    "/",
    response=ReadingsOut,
    auth=None,
    operation_id="list_dial_readings",
    summary="What was asked of the plan at work",
)
def list_dial_readings(request: HttpRequest, page: int = 1) -> ReadingsOut:
    """A page of readings of the policy dial, the newest first, without their answers."""
    found = queries.readings(page)
    return ReadingsOut(
        count=found.paginator.count,
        pages=found.paginator.num_pages,
        items=[_reading(each.kept, answer=False) for each in found],
    )


@router.post(
    "/",
    response={202: ReadingOut},
    operation_id="ask_dial",
    summary="Ask what a change would do",
)
def ask_dial(request: HttpRequest, asked: AskIn, key: Key = None) -> Status[ReadingOut]:
    """What the plan says of another spread of skill factors (thousandths) and of products that
    take their next step towards need: those named, and more until `percent` is by need.

    The answer comes after some seconds: read it by its id.
    """
    return Status(202, _reading(actions.ask(_person(request), **asked.dict(), key=key)))


@router.get(
    "/{uuid:reading_id}",
    response=ReadingOut,
    auth=None,
    operation_id="get_dial_reading",
    summary="What the plan says of a change",
)
def get_dial_reading(request: HttpRequest, reading_id: UUID) -> ReadingOut:
    """Figures as they are and as they would be; `answer` is null while it is worked out.

    `per_hour`, `allowances` and incomes are 1/1000 credits; `claimable`, `deductions` and
    `by_need` of kinds 1/1000 hours of labour; `factors` thousandths.
    """
    return _reading(
        get_object_or_404(DialReading.objects.select_related("scenario"), pk=reading_id)
    )


@router.post(
    "/{uuid:reading_id}/vote",
    response={201: MotionBrief},
    operation_id="put_dial_to_vote",
    summary="Put what was asked to the vote",
)
def put_dial_to_vote(
    request: HttpRequest, reading_id: UUID, vote: VoteIn, key: Key = None
) -> Status[MotionBrief]:
    """For holders of the planning duty: the step of one product, or without one the spread."""
    reading = get_object_or_404(DialReading, pk=reading_id)
    motion = actions.put_to_vote(_person(request), reading=reading, product=vote.product, key=key)
    return Status(201, MotionBrief.from_orm(motion))


def _reading(kept: DialReading, *, answer: bool = True) -> ReadingOut:
    return ReadingOut(
        id=kept.id,
        round=kept.scenario.round_id,
        observed=kept.observed,
        spread=kept.spread,
        steps=kept.steps,
        asked_at=kept.asked_at,
        answered_at=kept.answered_at,
        trouble=kept.trouble,
        answer=AnswerOut(**kept.answer) if answer and kept.answer else None,
    )


def _person(request: HttpRequest) -> Person:
    return cast(Person, request.user)
