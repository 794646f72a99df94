"""One's own account, and what work issued to it."""

from dataclasses import dataclass
from datetime import datetime
from typing import cast
from uuid import UUID

from django.core.paginator import Page, Paginator

from xietong.platform.labour.models import WorkRecord
from xietong.platform.labour.queries import WeekOfWork, hours_of
from xietong.platform.people.models import NEEDS, Ground, Person

from ..models import Account, Allowance, Entry
from ..rules import allowance_source
from .payouts import latest_rate

ENTRIES_A_PAGE = 30


@dataclass(frozen=True)
class Line:
    """What moved a balance once, in 1/1000 credits.

    `week` and `minutes` of work only; `need`, of an allowance, is the ground it comes from;
    `reverses`, of a reversal only, is what it reverses.
    """

    id: UUID
    kind: str
    amount: int
    round_number: int
    at: datetime
    week: int | None
    minutes: int | None
    need: str | None
    reverses: "Line | None"


@dataclass(frozen=True)
class WeekIssued:
    """A week of work and the 1/1000 credits it issued; None while it waits to be certified.

    `waits` while a correction of the week has still to be carried out: a later issue covers it.
    """

    work: WeekOfWork
    issued: int | None
    waits: bool


def balance_of(person: Person) -> int:
    """1/1000 credits in a person's account."""
    found = Account.objects.filter(person=person).values_list("balance", flat=True).first()
    return found or 0


def entries_of(person: Person, page: int | str = 1) -> "Page[Line]":
    """What moved a person's balance, the newest first. Three queries, four with reversals."""
    found = Paginator(Entry.objects.filter(person=person), ENTRIES_A_PAGE).get_page(page)
    entries = list(found.object_list)
    named = [entry.reverses for entry in entries if entry.reverses]
    reversed_ = {entry.id: entry for entry in Entry.objects.filter(person=person, id__in=named)}
    work = {
        id: (week, minutes)
        for id, week, minutes in WorkRecord.objects.filter(
            person=person, id__in=[entry.source for entry in (*entries, *reversed_.values())]
        ).values_list("id", "week", "minutes")
    }

    def line(entry: Entry) -> Line:
        week, minutes = work.get(entry.source, (None, None))
        return Line(
            id=entry.id,
            kind=entry.kind,
            amount=entry.amount,
            round_number=entry.round_number,
            at=entry.at,
            week=week,
            minutes=minutes,
            need=_need_of(entry),
            reverses=line(reversed_[entry.reverses]) if entry.reverses else None,
        )

    lines = [line(entry) for entry in entries]
    return Page(lines, found.number, cast("Paginator[Line]", found.paginator))


def _need_of(entry: Entry) -> str | None:
    """The ground of an allowance; None of one that was issued before grounds had their own."""
    if entry.kind != Entry.Kind.ALLOWANCE:
        return None
    return next(
        (
            ground
            for ground in NEEDS
            if allowance_source(entry.round_number, ground) == entry.source
        ),
        None,
    )


def weeks_of(person: Person, round_number: int) -> list[WeekIssued]:
    """A person's weeks of work in a round, in order, and what each issued. Three queries."""
    entries = Entry.objects.filter(person=person)
    undone = entries.exclude(reverses=None).values("reverses")
    issued = dict(
        entries.filter(round_number=round_number, kind=Entry.Kind.WORK)
        .exclude(id__in=undone)
        .values_list("source", "amount")
    )
    # A corrected week has several records, of which one has issued.
    weeks = {
        week: source
        for source, week in WorkRecord.objects.filter(
            person=person, dispatch=round_number
        ).values_list("id", "week")
        if source in issued
    }
    return [
        WeekIssued(
            work,
            issued[weeks[work.week]] if work.week in weeks else 0 if work.certified_by else None,
            waits=weeks.get(work.week, work.id) != work.id,
        )
        for work in hours_of(person, round_number)
    ]


def expected_issue(person: Person) -> int | None:
    """1/1000 credits that a round issues to someone like this person, at the newest rate.

    To those who work, for the mean hours of a worker. None while no rate has been published.
    """
    newest = latest_rate()
    if newest is None:
        return None
    if person.ground != Ground.WORK:
        own = Allowance.objects.filter(
            round_number=newest.round_number, ground=person.ground, beside_work=False
        )
        # Rounds before grounds had their own were issued the same to all.
        return own.values_list("amount", flat=True).first() or newest.allowance
    return int(newest.per_hour * newest.total_hours / newest.workers)
