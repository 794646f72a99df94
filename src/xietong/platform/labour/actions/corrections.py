"""What was certified in error is set right by a second record in its place."""

from collections.abc import Sequence
from uuid import UUID

from django.db import transaction
from django.db.models.functions import Now

from xietong.platform.base import Rejected, again_after_conflict
from xietong.platform.people.models import Person
from xietong.platform.people.once import once

from ..models import WorkRecord
from ..rules import Refusal, days_of, refuse_impossible_line
from .hours import refuse_disputed, shared_enterprise, within_assignments


@again_after_conflict
@once
@transaction.atomic
def correct_hours(
    by: Person,
    *,
    record: UUID,
    minutes: int | Sequence[int],
    line: int = 0,
    key: UUID | None = None,
) -> UUID:
    """Write down what was worked in truth in a week that is certified; returns the correction's id.

    `minutes` are the whole of the week, or of its days, and may be 0; `line` as for
    `log_team_hours`. Another member than who writes it down certifies it, and until then the hours
    stand as they are. A correction not yet certified is replaced. Raises Rejected NO_SUCH_MINUTES,
    NO_SUCH_DAYS, NO_SUCH_LINE, NO_SUCH_HOURS, NOT_A_TEAM_MATE, NOT_CERTIFIED, DISPUTED,
    BEYOND_ASSIGNMENT.
    """
    days = days_of(minutes)
    refuse_impossible_line(line, sum(days))
    found = standing_record(record)
    if found.enterprise_id != shared_enterprise(by, []):
        raise Rejected(Refusal.NOT_A_TEAM_MATE)
    if not found.certified_by_id:
        raise Rejected(Refusal.NOT_CERTIFIED)
    refuse_disputed([found.id])
    return correction_of(found, by, days=days, line=line).id


def standing_record(record: UUID) -> WorkRecord:
    """A record that still stands, locked. Raises Rejected NO_SUCH_HOURS."""
    found = WorkRecord.objects.select_for_update().filter(id=record).first()
    if found is None or not WorkRecord.objects.standing().filter(id=record).exists():
        raise Rejected(Refusal.NO_SUCH_HOURS)
    return found


def correction_of(
    record: WorkRecord,
    by: Person,
    *,
    days: Sequence[int],
    line: int,
    certified_by: UUID | None = None,
) -> WorkRecord:
    """A new record in the place of a certified one, certified by somebody or still waiting."""
    WorkRecord.objects.filter(
        person=record.person_id, corrects=record.id, certified_by=None
    ).delete()
    with within_assignments():
        return WorkRecord.objects.create(
            person_id=record.person_id,
            enterprise_id=record.enterprise_id,
            dispatch_id=record.dispatch_id,
            week=record.week,
            days=list(days),
            minutes=sum(days),
            line_minutes=line,
            skill_id=record.skill_id,
            corrects=record.id,
            logged_by=by,
            certified_by_id=certified_by,
            certified_at=Now() if certified_by else None,
        )
