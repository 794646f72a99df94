"""The public record for programs. Reading it needs no sign-in."""

from datetime import datetime
from decimal import Decimal

from django.http import HttpRequest
from django.shortcuts import get_object_or_404
from ninja import Router, Schema

from . import queries
from .models import Entry, Parameter

router = Router(tags=["record"], auth=None)


class EntryOut(Schema):
    number: int
    at: datetime
    kind: str
    body: str
    previous: str
    hash: str


class EntriesOut(Schema):
    count: int
    pages: int
    waiting: int
    items: list[EntryOut]


class ParameterOut(Schema):
    code: str
    name_en: str
    name_zh: str
    value: Decimal
    lowest: Decimal
    highest: Decimal
    unit_en: str
    unit_zh: str


class ChangeOut(Schema):
    parameter: str
    at: datetime
    old: Decimal | None
    new: Decimal
    reason: str


class ChangesOut(Schema):
    count: int
    pages: int
    items: list[ChangeOut]


@router.get("/entries", response=EntriesOut, operation_id="list_entries", summary="The record")
def list_entries(request: HttpRequest, page: int = 1) -> EntriesOut:
    """A page of entries, the newest first. `body` is the exact text that was hashed."""
    found = queries.entries(page)
    return EntriesOut(
        count=found.paginator.count,
        pages=found.paginator.num_pages,
        waiting=queries.waiting(),
        items=[EntryOut.from_orm(entry) for entry in found],
    )


@router.get(
    "/entries/{int:number}", response=EntryOut, operation_id="get_entry", summary="One entry"
)
def get_entry(request: HttpRequest, number: int) -> Entry:
    """One entry by its number in the chain."""
    return get_object_or_404(Entry, number=number)


@router.get(
    "/parameters",
    response=list[ParameterOut],
    operation_id="list_parameters",
    summary="Parameters",
)
def list_parameters(request: HttpRequest) -> list[Parameter]:
    """What plans are made with, each with the bounds within which votes move it."""
    return queries.parameters()


@router.get(
    "/parameters/changes",
    response=ChangesOut,
    operation_id="list_parameter_changes",
    summary="What parameters were set to",
)
def list_parameter_changes(request: HttpRequest, page: int = 1) -> ChangesOut:
    """A page of changes, the newest first; `old` is null for the first value."""
    found = queries.parameter_changes(page)
    return ChangesOut(
        count=found.paginator.count,
        pages=found.paginator.num_pages,
        items=[
            ChangeOut(
                parameter=change.parameter_id,
                at=change.at,
                old=change.old,
                new=change.new,
                reason=change.reason,
            )
            for change in found
        ],
    )
