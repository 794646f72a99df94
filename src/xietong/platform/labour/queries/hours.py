"""Hours, as their worker, their team and everyone can see them. Times are in minutes."""

from dataclasses import dataclass
from datetime import datetime
from decimal import Decimal
from uuid import UUID

from django.db.models import Exists, OuterRef, Q, Subquery, Sum

from xietong.platform.enterprises.models import Enterprise, Membership, Task
from xietong.platform.enterprises.queries import members_of
from xietong.platform.people.models import Person

from ..models import Dispute, Skill, WorkRecord
from ..wording import by_day

MINUTES_AN_HOUR = 60


@dataclass(frozen=True, slots=True)
class WeekOfWork:
    """What one person worked in one week; `certified_by` is a name, or None while it waits.

    `corrected` if these hours were written in the place of others, `disputed` while the workers'
    congress has to decide on them.
    """

    id: UUID
    week: int
    days: list[int]
    minutes: int
    line_minutes: int
    manages: bool
    skill: Skill | None
    enterprise: Enterprise
    logged_by: str
    certified_by: str | None
    certified_at: datetime | None
    corrected: bool
    disputed: bool

    @property
    def by_day(self) -> str:
        """Its days in the reader's words."""
        return by_day(self.days)


@dataclass(frozen=True, slots=True)
class HoursToCertify:
    """A team-mate's week that waits for certification.

    `instead_of` are the certified minutes that a correction replaces, None of anything else.
    """

    id: UUID
    person: str
    round_number: int
    week: int
    days: list[int]
    minutes: int
    line_minutes: int
    manages: bool
    skill: Skill | None
    instead_of: int | None
    logged_by: str

    @property
    def by_day(self) -> str:
        """Its days in the reader's words."""
        return by_day(self.days)


@dataclass(frozen=True, slots=True)
class EnterpriseHours:
    """Minutes that the plan asks of an enterprise, that were logged there, and certified."""

    enterprise: Enterprise
    planned: int
    logged: int
    certified: int


@dataclass(frozen=True, slots=True)
class MemberHours:
    """Minutes that one member of an enterprise worked there in a round."""

    person: Person
    manages: bool
    logged: int
    certified: int


@dataclass(frozen=True, slots=True)
class MemberWeek:
    """What one member of an enterprise logged there for one week."""

    person: Person
    minutes: int
    certified: bool
    record: UUID | None


def hours_of(person: Person, round_number: int) -> list[WeekOfWork]:
    """A person's weeks of a round as they stand, in order. One query."""
    records = (
        WorkRecord.objects.standing()
        .filter(person=person, dispatch=round_number)
        .annotate(disputed=_disputed())
        .select_related("enterprise", "skill", "logged_by", "certified_by")
        .order_by("week")
    )
    return [
        WeekOfWork(
            id=record.id,
            week=record.week,
            days=record.days,
            minutes=record.minutes,
            line_minutes=record.line_minutes,
            manages=record.manages,
            skill=record.skill,
            enterprise=record.enterprise,
            logged_by=record.logged_by.name,
            certified_by=record.certified_by.name if record.certified_by else None,
            certified_at=record.certified_at,
            corrected=record.corrects is not None,
            disputed=record.disputed,  # type: ignore[attr-defined]
        )
        for record in records
    ]


def hours_to_certify(person: Person) -> list[HoursToCertify]:
    """What team-mates worked in the running round, or was corrected, and this person can certify.

    Not what is disputed: the workers' congress decides on that. One query.
    """
    records = (
        WorkRecord.objects.filter(
            Q(dispatch__closed_at=None) | Q(corrects__isnull=False),
            certified_by=None,
            enterprise__in=Membership.objects.filter(person=person, until=None).values(
                "enterprise"
            ),
        )
        .exclude(person=person)
        .exclude(corrects__isnull=False, logged_by=person)
        .exclude(_disputed())
        .annotate(
            instead_of=Subquery(
                WorkRecord.objects.filter(
                    person=OuterRef("person"), id=OuterRef("corrects")
                ).values("minutes")
            )
        )
        .select_related("person", "skill", "logged_by")
        .order_by("dispatch", "week", "person__name", "id")
    )
    return [
        HoursToCertify(
            id=record.id,
            person=record.person.name,
            round_number=record.dispatch_id,
            week=record.week,
            days=record.days,
            minutes=record.minutes,
            line_minutes=record.line_minutes,
            manages=record.manages,
            skill=record.skill,
            instead_of=record.instead_of,  # type: ignore[attr-defined]
            logged_by=record.logged_by.name,
        )
        for record in records
    ]


def _disputed() -> Exists:
    return Exists(Dispute.objects.filter(record=OuterRef("id"), state=Dispute.State.OPEN))


def hours_by_enterprise(round_number: int) -> list[EnterpriseHours]:
    """Hours planned, logged and certified of each enterprise in a round. Three queries."""
    planned = dict(
        Task.objects.filter(dispatch=round_number)
        .values_list("enterprise")
        .annotate(hours=Sum("hours"))
    )
    worked = {
        enterprise: (logged, certified or 0)
        for enterprise, logged, certified in WorkRecord.objects.standing()
        .filter(dispatch=round_number)
        .values_list("enterprise")
        .annotate(
            logged=Sum("minutes"),
            certified=Sum("minutes", filter=Q(certified_by__isnull=False)),
        )
    }
    return [
        EnterpriseHours(
            enterprise=enterprise,
            planned=round(planned.get(enterprise.code, Decimal(0)) * MINUTES_AN_HOUR),
            logged=worked.get(enterprise.code, (0, 0))[0],
            certified=worked.get(enterprise.code, (0, 0))[1],
        )
        for enterprise in Enterprise.objects.order_by("code")
    ]


def hours_of_members(enterprise: Enterprise, round_number: int) -> list[MemberHours]:
    """The members of an enterprise and their hours there in a round. Two queries."""
    worked = {
        person: (logged, certified or 0)
        for person, logged, certified in WorkRecord.objects.standing()
        .filter(enterprise=enterprise, dispatch=round_number)
        .values_list("person")
        .annotate(
            logged=Sum("minutes"),
            certified=Sum("minutes", filter=Q(certified_by__isnull=False)),
        )
    }
    return [
        MemberHours(member.person, member.manages, *worked.get(member.person_id, (0, 0)))
        for member in members_of(enterprise)
    ]


def week_of_members(enterprise: Enterprise, round_number: int, week: int) -> list[MemberWeek]:
    """The members of an enterprise and what they logged there for one week. Two queries."""
    logged = {
        record.person_id: record
        for record in WorkRecord.objects.standing().filter(
            enterprise=enterprise, dispatch=round_number, week=week
        )
    }
    return [
        MemberWeek(
            person=member.person,
            minutes=record.minutes if (record := logged.get(member.person_id)) else 0,
            certified=record is not None and record.certified_by_id is not None,
            record=record.id if record else None,
        )
        for member in members_of(enterprise)
    ]
