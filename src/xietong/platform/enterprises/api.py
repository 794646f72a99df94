"""Enterprises for programs. Reading them needs no sign-in; members report."""

from collections.abc import Iterable
from datetime import datetime
from decimal import Decimal
from typing import Annotated, Literal, cast
from uuid import UUID

from django.http import Http404, HttpRequest
from ninja import Query, Router, Schema
from pydantic import StringConstraints

from xietong.platform.people.models import Person

from . import actions, queries
from .models import Enterprise

router = Router(tags=["enterprises"])

Code = Annotated[str, StringConstraints(pattern=r"^[\w.:-]{1,80}$")]
Text = Annotated[str, StringConstraints(pattern=r"^[^\x00]*$", max_length=400)]
RoundNumber = Annotated[int | None, Query(ge=1, le=2**31 - 1)]


class EnterpriseOut(Schema):
    code: str
    name_en: str
    name_zh: str
    region: str


class EnterpriseWithMembers(EnterpriseOut):
    members: int


class EnterprisesOut(Schema):
    count: int
    pages: int
    items: list[EnterpriseWithMembers]


class MemberOut(Schema):
    id: UUID
    name: str
    manages: bool


class TaskOut(Schema):
    technique: str
    name_en: str
    name_zh: str
    runs: Decimal
    hours: Decimal


class LineOut(Schema):
    product: str
    planned: Decimal
    reported: Decimal
    left: Decimal


class TaskSheetOut(Schema):
    round_number: int
    running: bool
    tasks: list[TaskOut]
    made: list[LineOut]
    used: list[LineOut]


class ReportIn(Schema):
    kind: Literal["output", "use"]
    quantities: dict[Code, Decimal]
    note: Text = ""
    key: UUID


class ReportedOut(Schema):
    id: UUID
    kind: str
    round_number: int
    at: datetime


class ReportOut(ReportedOut):
    reported_by: str
    note: str
    quantities: dict[str, Decimal]


class ReportsOut(Schema):
    count: int
    pages: int
    items: list[ReportOut]


@router.get(
    "",
    response=EnterprisesOut,
    auth=None,
    operation_id="list_enterprises",
    summary="All enterprises, or those found",
)
def list_enterprises(request: HttpRequest, search: Text = "", page: int = 1) -> EnterprisesOut:
    """A page of enterprises; `search` is a part of their name in either language."""
    found = queries.enterprises(search, page)
    return EnterprisesOut(
        count=found.paginator.count,
        pages=found.paginator.num_pages,
        items=[
            EnterpriseWithMembers(**_enterprise(entry.enterprise).dict(), members=entry.members)
            for entry in found
        ],
    )


@router.get(
    "/mine",
    response=EnterpriseOut,
    operation_id="get_my_enterprise",
    summary="Where I have a place",
)
def get_my_enterprise(request: HttpRequest) -> EnterpriseOut:
    """The enterprise of whoever is asking; 404 for a person without one."""
    enterprise = queries.current_enterprise_of(cast(Person, request.user))
    if enterprise is None:
        raise Http404("no place in an enterprise")
    return _enterprise(enterprise)


@router.get(
    "/{code}",
    response=EnterpriseOut,
    auth=None,
    operation_id="get_enterprise",
    summary="One enterprise",
)
def get_enterprise(request: HttpRequest, code: Code) -> EnterpriseOut:
    """Its names and region."""
    return _enterprise(_found(code))


@router.get(
    "/{code}/members",
    response=list[MemberOut],
    operation_id="list_members",
    summary="Who works in an enterprise",
)
def list_members(request: HttpRequest, code: Code) -> list[MemberOut]:
    """Who manages first, then by name."""
    return [
        MemberOut(id=member.person_id, name=member.person.name, manages=member.manages)
        for member in queries.members_of(_found(code))
    ]


@router.get(
    "/{code}/tasks",
    response=TaskSheetOut,
    auth=None,
    operation_id="get_tasks",
    summary="What the plan asks of an enterprise",
)
def get_tasks(request: HttpRequest, code: Code, round_number: RoundNumber = None) -> TaskSheetOut:
    """Tasks, and by product what is planned, reported and left.

    Without `round_number`, of the round sent out last; 404 if there is none yet.
    """
    enterprise = _found(code)
    number = round_number or queries.latest_round()
    if number is None:
        raise Http404("no round has been sent out")
    sheet = queries.tasks_of(enterprise, number)
    return TaskSheetOut(
        round_number=number,
        running=queries.open_round() == number,
        tasks=[
            TaskOut(
                technique=task.technique_id,
                name_en=task.technique.name_en,
                name_zh=task.technique.name_zh,
                runs=task.runs,
                hours=task.hours,
            )
            for task in sheet.tasks
        ],
        made=_lines(sheet.made),
        used=_lines(sheet.used),
    )


@router.get(
    "/{code}/stock",
    response=dict[str, Decimal],
    auth=None,
    operation_id="get_stock",
    summary="What lies in an enterprise's store",
)
def get_stock(request: HttpRequest, code: Code) -> dict[str, Decimal]:
    """Quantities above 0 by product code."""
    return _quantities(queries.stock_of(_found(code)))


@router.get(
    "/{code}/reports",
    response=ReportsOut,
    auth=None,
    operation_id="list_reports",
    summary="What an enterprise has reported",
)
def list_reports(request: HttpRequest, code: Code, page: int = 1) -> ReportsOut:
    """A page of reports, the latest first."""
    found = queries.reports_of(_found(code), page)
    return ReportsOut(
        count=found.paginator.count,
        pages=found.paginator.num_pages,
        items=[
            ReportOut(
                id=entry.id,
                kind=entry.kind,
                round_number=entry.round_number,
                at=entry.at,
                reported_by=entry.reported_by,
                note=entry.note,
                quantities=_quantities(entry.lines),
            )
            for entry in found
        ],
    )


@router.post(
    "/{code}/reports",
    response=ReportedOut,
    operation_id="make_report",
    summary="Report what was made or used",
)
def report(request: HttpRequest, code: Code, given: ReportIn) -> ReportedOut:
    """Only a member reports, while a round runs. The same `key` again returns the first report.

    What was made (`output`) comes into the enterprise's store; what was used (`use`) is drawn
    from the stores of its region.
    """
    act = actions.report_output if given.kind == "output" else actions.report_use
    made = act(
        cast(Person, request.user),
        enterprise=_found(code),
        quantities=given.quantities,
        note=given.note,
        key=given.key,
    )
    return ReportedOut(id=made.id, kind=made.kind, round_number=made.dispatch_id, at=made.at)


def _found(code: str) -> Enterprise:
    try:
        return queries.enterprise_of(code)
    except Enterprise.DoesNotExist as missing:
        raise Http404("no such enterprise") from missing


def _enterprise(enterprise: Enterprise) -> EnterpriseOut:
    return EnterpriseOut(
        code=enterprise.code,
        name_en=enterprise.name_en,
        name_zh=enterprise.name_zh,
        region=enterprise.region_id,
    )


def _lines(lines: Iterable[queries.ProductLine]) -> list[LineOut]:
    return [
        LineOut(
            product=line.product.code,
            planned=line.planned,
            reported=line.reported,
            left=line.left,
        )
        for line in lines
    ]


def _quantities(lines: Iterable[queries.StockLine]) -> dict[str, Decimal]:
    return {line.product.code: line.quantity for line in lines}
