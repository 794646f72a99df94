"""Hours for programs. Certifying them issues credits, so that is an operation of `credits`."""

from datetime import datetime
from typing import Annotated, cast
from uuid import UUID

from django.http import HttpRequest
from django.shortcuts import get_object_or_404
from ninja import Field, Query, Router, Schema, Status

from xietong.platform.enterprises import queries as enterprises
from xietong.platform.enterprises.models import Enterprise
from xietong.platform.people.models import Person
from xietong.platform.people.once import Key

from .. import actions, queries
from ..models import DAYS_A_WEEK

router = Router(tags=["labour"])

RoundNumber = Annotated[int | None, Query(ge=1, le=2**31 - 1)]


Days = Annotated[list[int], Field(min_length=DAYS_A_WEEK, max_length=DAYS_A_WEEK)]


class WeekIn(Schema):
    week: int
    minutes: int | Days
    line_minutes: int = 0
    skill: str | None = None


class TeamWeekIn(Schema):
    week: int
    minutes: dict[UUID, int | Days]
    line_minutes: dict[UUID, int] = {}


class CorrectionIn(Schema):
    record: UUID
    minutes: int | Days
    line_minutes: int = 0


class DisputeIn(CorrectionIn):
    why: str


class IdOut(Schema):
    id: UUID


class DisputeOut(Schema):
    id: UUID
    record: UUID
    person: str
    round_number: int
    week: int
    certified: bool
    before: list[int]
    days: list[int]
    line_minutes: int
    why: str
    opened_by: str
    opened_at: datetime
    due_at: datetime
    quorum: int
    state: str
    overdue: bool
    yes: int
    no: int
    my_vote: bool | None
    may_vote: bool
    jury: bool
    lapse: str


class DisputesOut(Schema):
    count: int
    pages: int
    items: list[DisputeOut]


class LineHoursOut(Schema):
    person: str
    minutes: int
    line_minutes: int
    minimum: float | None
    met: bool | None


class WeekOut(Schema):
    id: UUID
    week: int
    days: list[int]
    minutes: int
    line_minutes: int
    skill: str | None
    enterprise: str
    logged_by: str
    certified_by: str | None
    certified_at: datetime | None
    corrected: bool
    disputed: bool


class ToCertifyOut(Schema):
    id: UUID
    person: str
    round_number: int
    week: int
    days: list[int]
    minutes: int
    line_minutes: int
    skill: str | None
    instead_of: int | None
    logged_by: str


class EnterpriseHoursOut(Schema):
    enterprise: str
    planned: int
    logged: int
    certified: int


@router.get(
    "/hours", response=list[WeekOut], operation_id="list_my_hours", summary="My hours of a round"
)
def list_my_hours(request: HttpRequest, round_number: RoundNumber = None) -> list[WeekOut]:
    """By week, in minutes. Without `round_number`, of the round sent out last."""
    number = round_number or enterprises.latest_round()
    return [] if number is None else _weeks(cast(Person, request.user), number)


@router.post(
    "/hours", response=list[WeekOut], operation_id="log_my_hours", summary="Log a week of mine"
)
def log_my_hours(request: HttpRequest, given: WeekIn, key: Key = None) -> list[WeekOut]:
    """Replaces what was logged for that week of the running round; 0 minutes withdraw it.

    `minutes` of each day from Monday, or of the week: these count evenly from Monday to Friday.
    `line_minutes` of who manages only: how many of them went into production itself. Returns the
    weeks of the round.
    """
    by = cast(Person, request.user)
    actions.log_hours(
        by,
        person=by,
        week=given.week,
        minutes=given.minutes,
        line=given.line_minutes,
        skill=given.skill,
        key=key,
    )
    return _weeks(by, enterprises.open_round() or 0)


@router.post(
    "/team-hours",
    response={204: None},
    operation_id="log_team_hours",
    summary="Log a week of my team",
)
def log_team_hours(request: HttpRequest, given: TeamWeekIn, key: Key = None) -> Status[None]:
    """Minutes by person's id, of members of one's own enterprise; all are logged or none.

    Of the week or of each day, and `line_minutes` of who manages, as for one's own.
    """
    actions.log_team_hours(
        cast(Person, request.user),
        week=given.week,
        minutes=given.minutes,
        line=given.line_minutes,
        key=key,
    )
    return Status(204, None)


@router.get(
    "/to-certify",
    response=list[ToCertifyOut],
    operation_id="list_hours_to_certify",
    summary="Team-mates' hours that I can certify",
)
def list_hours_to_certify(request: HttpRequest) -> list[ToCertifyOut]:
    """Hours of the running round. An id changes with the hours, so one certifies what one saw."""
    return [
        ToCertifyOut(
            id=hours.id,
            person=hours.person,
            round_number=hours.round_number,
            week=hours.week,
            days=hours.days,
            minutes=hours.minutes,
            line_minutes=hours.line_minutes,
            skill=hours.skill.code if hours.skill else None,
            instead_of=hours.instead_of,
            logged_by=hours.logged_by,
        )
        for hours in queries.hours_to_certify(cast(Person, request.user))
    ]


@router.post(
    "/corrections",
    response={201: IdOut},
    operation_id="correct_hours",
    summary="Correct a certified week",
)
def correct_hours(request: HttpRequest, given: CorrectionIn, key: Key = None) -> Status[IdOut]:
    """Writes down the whole week as it was worked; it counts once another member certifies it."""
    correction = actions.correct_hours(
        cast(Person, request.user),
        record=given.record,
        minutes=given.minutes,
        line=given.line_minutes,
        key=key,
    )
    return Status(201, IdOut(id=correction))


@router.get(
    "/disputes",
    response=DisputesOut,
    operation_id="list_disputes",
    summary="Disputes about hours in my enterprise",
)
def list_disputes(request: HttpRequest, page: int = 1) -> DisputesOut:
    """Open ones first; also those over which the lot has set me, in `jury`.

    One votes on them by an operation of `credits`. `lapse` says why one was closed by rule.
    """
    found = queries.disputes_of(cast(Person, request.user), page)
    return DisputesOut(
        count=found.paginator.count,
        pages=found.paginator.num_pages,
        items=[
            DisputeOut(
                id=entry.dispute.id,
                record=entry.dispute.record,
                person=entry.dispute.person.name,
                round_number=entry.dispute.dispatch_id,
                week=entry.dispute.week,
                certified=entry.dispute.certified,
                before=entry.dispute.before,
                days=entry.dispute.days,
                line_minutes=entry.dispute.line_minutes,
                why=entry.dispute.why,
                opened_by=entry.dispute.opened_by.name,
                opened_at=entry.dispute.opened_at,
                due_at=entry.dispute.due_at,
                quorum=entry.dispute.quorum,
                state=entry.dispute.state,
                overdue=entry.dispute.overdue,
                yes=entry.yes,
                no=entry.no,
                my_vote=entry.mine,
                may_vote=entry.may_vote,
                jury=entry.dispute.is_before_jury,
                lapse=entry.dispute.lapse,
            )
            for entry in found
        ],
    )


@router.post(
    "/disputes",
    response={201: IdOut},
    operation_id="open_dispute",
    summary="Dispute a week of hours",
)
def open_dispute(request: HttpRequest, given: DisputeIn, key: Key = None) -> Status[IdOut]:
    """Asks the other members of the enterprise whether the hours shall be as given here.

    Where nobody else works, a jury of other enterprises is asked, drawn by lot.
    """
    dispute = actions.open_dispute(
        cast(Person, request.user),
        record=given.record,
        minutes=given.minutes,
        line=given.line_minutes,
        why=given.why,
        key=key,
    )
    return Status(201, IdOut(id=dispute.id))


@router.post(
    "/disputes/{uuid:dispute}/withdraw",
    response={204: None},
    operation_id="withdraw_dispute",
    summary="Withdraw a dispute of mine",
)
def withdraw_dispute(request: HttpRequest, dispute: UUID, key: Key = None) -> Status[None]:
    """The hours stay as they are."""
    actions.withdraw_dispute(cast(Person, request.user), dispute=dispute, key=key)
    return Status(204, None)


@router.get(
    "/line-hours",
    response=list[LineHoursOut],
    auth=None,
    operation_id="list_line_hours",
    summary="Managers' hours on the line",
)
def list_line_hours(
    request: HttpRequest, enterprise: str, round_number: RoundNumber = None
) -> list[LineHoursOut]:
    """Certified minutes of those who manage an enterprise, and how much of it on the line.

    `minimum` is the share of their hours that they work there at least. Without `round_number`,
    of the round sent out last.
    """
    found = get_object_or_404(Enterprise, pk=enterprise)
    return [
        LineHoursOut(
            person=line.person.name,
            minutes=line.minutes,
            line_minutes=line.line_minutes,
            minimum=None if line.minimum is None else float(line.minimum),
            met=line.met,
        )
        for line in queries.line_hours_of(found, round_number or enterprises.latest_round() or 0)
    ]


@router.get(
    "/enterprises",
    response=list[EnterpriseHoursOut],
    auth=None,
    operation_id="list_enterprise_hours",
    summary="Hours of all enterprises in a round",
)
def list_enterprise_hours(
    request: HttpRequest, round_number: RoundNumber = None
) -> list[EnterpriseHoursOut]:
    """Minutes planned, logged and certified. Without `round_number`, of the round sent out last."""
    number = round_number or enterprises.latest_round()
    if number is None:
        return []
    return [
        EnterpriseHoursOut(
            enterprise=hours.enterprise.code,
            planned=hours.planned,
            logged=hours.logged,
            certified=hours.certified,
        )
        for hours in queries.hours_by_enterprise(number)
    ]


def _weeks(person: Person, round_number: int) -> list[WeekOut]:
    return [
        WeekOut(
            id=week.id,
            week=week.week,
            days=week.days,
            minutes=week.minutes,
            line_minutes=week.line_minutes,
            skill=week.skill.code if week.skill else None,
            enterprise=week.enterprise.code,
            logged_by=week.logged_by,
            certified_by=week.certified_by,
            certified_at=week.certified_at,
            corrected=week.corrected,
            disputed=week.disputed,
        )
        for week in queries.hours_of(person, round_number)
    ]
