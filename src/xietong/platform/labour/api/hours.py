"""Hours for programs. Certifying them issues credits, so that is an operation of `credits`."""

from datetime import datetime
from typing import Annotated, cast
from uuid import UUID

from django.http import HttpRequest
from ninja import Query, Router, Schema, Status

from xietong.platform.enterprises import queries as enterprises
from xietong.platform.people.models import Person

from .. import actions, queries

router = Router(tags=["labour"])

RoundNumber = Annotated[int | None, Query(ge=1, le=2**31 - 1)]


class WeekIn(Schema):
    week: int
    minutes: int


class TeamWeekIn(Schema):
    week: int
    minutes: dict[UUID, int]


class WeekOut(Schema):
    id: UUID
    week: int
    minutes: int
    enterprise: str
    logged_by: str
    certified_by: str | None
    certified_at: datetime | None


class ToCertifyOut(Schema):
    id: UUID
    person: str
    round_number: int
    week: int
    minutes: int
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
def log_my_hours(request: HttpRequest, given: WeekIn) -> list[WeekOut]:
    """Replaces what was logged for that week of the running round; 0 minutes withdraw it.

    Returns the weeks of the round.
    """
    by = cast(Person, request.user)
    actions.log_hours(by, person=by, week=given.week, minutes=given.minutes)
    return _weeks(by, enterprises.open_round() or 0)


@router.post(
    "/team-hours",
    response={204: None},
    operation_id="log_team_hours",
    summary="Log a week of my team",
)
def log_team_hours(request: HttpRequest, given: TeamWeekIn) -> Status[None]:
    """Minutes by person's id, of members of one's own enterprise; all are logged or none."""
    actions.log_team_hours(cast(Person, request.user), week=given.week, minutes=given.minutes)
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
            minutes=hours.minutes,
            logged_by=hours.logged_by,
        )
        for hours in queries.hours_to_certify(cast(Person, request.user))
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
            minutes=week.minutes,
            enterprise=week.enterprise.code,
            logged_by=week.logged_by,
            certified_by=week.certified_by,
            certified_at=week.certified_at,
        )
        for week in queries.hours_of(person, round_number)
    ]
