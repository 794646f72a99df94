"""Votes for programs."""

from datetime import datetime
from decimal import Decimal
from typing import Annotated, Literal, cast
from uuid import UUID

from django.http import HttpRequest
from django.shortcuts import get_object_or_404
from ninja import Field, Router, Schema, Status

from xietong.platform.labour.models import Skill
from xietong.platform.people.models import Person
from xietong.platform.people.once import Key
from xietong.platform.people.rules import RuleDraft

from . import actions, queries
from .models import Motion

router = Router(tags=["decisions"])


class OptionOut(Schema):
    key: str
    title_en: str
    title_zh: str
    text_en: str
    text_zh: str
    approvals: int | None
    won: bool


class MotionBrief(Schema):
    id: UUID
    state: str
    effect: str
    title_en: str
    title_zh: str
    opened_at: datetime
    decided_at: datetime | None
    electorate: int
    winner: str


class OpenMotionOut(MotionBrief):
    has_voted: bool


class MotionOut(MotionBrief):
    text_en: str
    text_zh: str
    ballots: int | None
    options: list[OptionOut]
    my_ballot: list[str] | None


class DecidedOut(Schema):
    count: int
    pages: int
    items: list[MotionBrief]


class BallotIn(Schema):
    choices: list[str]


class ParameterVoteIn(Schema):
    code: str
    values: list[Decimal]


class SpreadVoteIn(Schema):
    round_number: Annotated[int, Field(ge=1, le=2**31 - 1)]
    thousandths: list[Annotated[int, Field(ge=0, le=999)]]


class FactorVoteIn(Schema):
    skill: str
    round_number: Annotated[int, Field(ge=1, le=2**31 - 1)]
    thousandths: list[Annotated[int, Field(ge=1, le=1999)]]


class AllowanceRuleIn(Schema):
    share: int
    beside_share: int | None = None
    longest: int | None = None
    age_from: int | None = None
    age_to: int | None = None


class AllowanceVoteIn(Schema):
    ground: Literal["child", "study", "pension", "care", "illness", "parent"]
    alternatives: list[AllowanceRuleIn]


@router.get(
    "/open",
    response=list[OpenMotionOut],
    operation_id="list_open_motions",
    summary="What is open to vote",
)
def list_open_motions(request: HttpRequest) -> list[Motion]:
    """Open motions, the newest first, and whether you have voted on each."""
    return queries.open_motions(_person(request))


@router.get(
    "/decided",
    response=DecidedOut,
    operation_id="list_decided_motions",
    summary="What was decided",
)
def list_decided_motions(request: HttpRequest, page: int = 1) -> DecidedOut:
    """A page of decided motions, the newest first."""
    found = queries.decided_motions(page)
    return DecidedOut(
        count=found.paginator.count,
        pages=found.paginator.num_pages,
        items=[MotionBrief.from_orm(motion) for motion in found],
    )


@router.get(
    "/{uuid:motion_id}", response=MotionOut, operation_id="get_motion", summary="One motion"
)
def get_motion(request: HttpRequest, motion_id: UUID) -> MotionOut:
    """A motion, its options, your own ballot, and once it is decided what was counted."""
    return _answer(request, motion_id)


@router.put(
    "/{uuid:motion_id}/ballot",
    response=MotionOut,
    operation_id="cast_ballot",
    summary="Cast your ballot",
)
def cast_ballot(
    request: HttpRequest, motion_id: UUID, ballot: BallotIn, key: Key = None
) -> MotionOut:
    """Agree to any number of options, by key. Casting again replaces your ballot."""
    motion = get_object_or_404(Motion, pk=motion_id)
    actions.cast_ballot(_person(request), motion=motion, choices=ballot.choices, key=key)
    return _answer(request, motion_id)


@router.post(
    "/parameters",
    response={201: MotionOut},
    operation_id="put_parameter_to_vote",
    summary="Put a parameter to the vote",
)
def put_parameter_to_vote(
    request: HttpRequest, vote: ParameterVoteIn, key: Key = None
) -> Status[MotionOut]:
    """For holders of the planning duty: let people choose a parameter's value."""
    motion = actions.put_parameter_to_vote(
        _person(request), code=vote.code, values=vote.values, key=key
    )
    return Status(201, _answer(request, motion.pk))


@router.post(
    "/allowances",
    response={201: MotionOut},
    operation_id="put_allowance_to_vote",
    summary="Put a rule of allowances to the vote",
)
def put_allowance_to_vote(
    request: HttpRequest, vote: AllowanceVoteIn, key: Key = None
) -> Status[MotionOut]:
    """For holders of the planning duty: let people choose by what rule a need is recognised.

    Shares are thousandths of a worker's mean issue, `longest` rounds.
    """
    motion = actions.put_allowance_to_vote(
        _person(request),
        ground=vote.ground,
        alternatives=[RuleDraft(**each.dict()) for each in vote.alternatives],
        key=key,
    )
    return Status(201, _answer(request, motion.pk))


@router.post(
    "/spread",
    response={201: MotionOut},
    operation_id="put_spread_to_vote",
    summary="Put the spread of the skill factors to the vote",
)
def put_spread_to_vote(
    request: HttpRequest, vote: SpreadVoteIn, key: Key = None
) -> Status[MotionOut]:
    """For holders of the planning duty: how far from 1 factors may lie, from a round on."""
    motion = actions.put_spread_to_vote(
        _person(request), round_number=vote.round_number, values=vote.thousandths, key=key
    )
    return Status(201, _answer(request, motion.pk))


@router.post(
    "/factors",
    response={201: MotionOut},
    operation_id="put_factor_to_vote",
    summary="Put a skill factor to the vote",
)
def put_factor_to_vote(
    request: HttpRequest, vote: FactorVoteIn, key: Key = None
) -> Status[MotionOut]:
    """For holders of the planning duty: what an hour by a skill counts, from a round on."""
    motion = actions.put_factor_to_vote(
        _person(request),
        skill=get_object_or_404(Skill, pk=vote.skill),
        round_number=vote.round_number,
        values=vote.thousandths,
        key=key,
    )
    return Status(201, _answer(request, motion.pk))


@router.post(
    "/{uuid:motion_id}/end",
    response=MotionOut,
    operation_id="end_vote",
    summary="End the vote on a parameter",
)
def end_vote(request: HttpRequest, motion_id: UUID, key: Key = None) -> MotionOut:
    """For holders of the planning duty: count the ballots; what is chosen holds at once."""
    motion = get_object_or_404(Motion, pk=motion_id)
    actions.end_vote(_person(request), motion=motion, key=key)
    return _answer(request, motion_id)


def _answer(request: HttpRequest, motion_id: UUID) -> MotionOut:
    motion = get_object_or_404(Motion.objects.prefetch_related("options"), pk=motion_id)
    ballot = queries.ballot_of(_person(request), motion)
    brief = MotionBrief.from_orm(motion).dict()
    return MotionOut(
        **brief,
        text_en=motion.text_en,
        text_zh=motion.text_zh,
        ballots=motion.tally["ballots"] if motion.tally else None,
        options=[
            OptionOut(
                key=result.option.key,
                title_en=result.option.title_en,
                title_zh=result.option.title_zh,
                text_en=result.option.text_en,
                text_zh=result.option.text_zh,
                approvals=result.approvals,
                won=result.won,
            )
            for result in queries.results(motion)
        ],
        my_ballot=None if ballot is None else sorted(ballot),
    )


def _person(request: HttpRequest) -> Person:
    return cast(Person, request.user)
