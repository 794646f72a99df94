"""Disputed hours go to the workers' congress: all members of the enterprise but the parties.

They are few, know the work, and decide within days by a bare yes or no. A motion of `decisions`
asks the whole roll and knows only the options it began with, so these votes are kept here. Where
nobody but the parties works, or too few vote in twice the time, a jury decides (`juries.py`).
"""

from collections.abc import Sequence
from fractions import Fraction
from uuid import UUID

from django.db import transaction
from django.db.models import Count as CountOf
from django.db.models import Q
from django.db.models.functions import Now
from django.utils import timezone

from xietong.platform.base import Rejected, again_after_conflict
from xietong.platform.enterprises.models import Membership
from xietong.platform.people.models import Person
from xietong.platform.people.once import once
from xietong.platform.record.actions import submit

from ..models import Dispute, DisputeBallot, Juror, WorkRecord
from ..queries.disputes import most_minutes, undecided_disputes
from ..rules import Count, Refusal, days_of, quorum_of, refuse_impossible_line
from .corrections import correction_of, standing_record
from .hours import refuse_disputed, shared_enterprise, within_assignments
from .juries import announce_jury, can_be_drawn, draw_jury, parameter, time_to_decide

# What holds where the parameter `dispute_quorum` is not defined.
QUORUM = Fraction(1, 2)
LONGEST_REASON = 1000


@again_after_conflict
@once
@transaction.atomic
def open_dispute(
    by: Person,
    *,
    record: UUID,
    minutes: int | Sequence[int],
    line: int = 0,
    why: str,
    key: UUID | None = None,
) -> Dispute:
    """Ask the workers' congress whether a week's hours shall stand as `minutes`.

    Hours that nobody certified are disputed by who worked or logged them, certified hours by
    anyone of the enterprise. While the dispute is open they stay as they are. `minutes` and `line`
    as for `correct_hours`. Raises Rejected NO_SUCH_MINUTES, NO_SUCH_DAYS, NO_SUCH_LINE, NO_REASON,
    NO_SUCH_HOURS, NOT_A_TEAM_MATE, NOT_YOURS_TO_DISPUTE, DISPUTED, DISPUTE_IS_OVER if one about the
    same record was decided before, NOTHING_DISPUTED, BEYOND_ASSIGNMENT, NO_CONGRESS if nobody works
    in any other enterprise either.
    """
    days = days_of(minutes)
    refuse_impossible_line(line, sum(days))
    why = why.strip()
    if not 1 <= len(why) <= LONGEST_REASON:
        raise Rejected(Refusal.NO_REASON)
    found = standing_record(record)
    if found.enterprise_id != shared_enterprise(by, []):
        raise Rejected(Refusal.NOT_A_TEAM_MATE)
    certified = found.certified_by_id is not None
    if not certified and by.id not in (found.person_id, found.logged_by_id):
        raise Rejected(Refusal.NOT_YOURS_TO_DISPUTE)
    refuse_disputed([record])
    if Dispute.objects.filter(record=record).exclude(state=Dispute.State.WITHDRAWN).exists():
        raise Rejected(Refusal.DISPUTE_IS_OVER)
    wanted_line = line if found.manages else sum(days)
    if (certified and (days, wanted_line) == (found.days, found.line_minutes)) or (
        not certified and not any(days)
    ):
        raise Rejected(Refusal.NOTHING_DISPUTED)
    _refuse_more_than_posts_allow(found, sum(days))
    parties = {found.person_id, by.id}
    electorate = _congress(found.enterprise_id, parties)
    if not electorate and not can_be_drawn(found.enterprise, parties):
        raise Rejected(Refusal.NO_CONGRESS)
    opened = Dispute.objects.create(
        enterprise_id=found.enterprise_id,
        dispatch_id=found.dispatch_id,
        week=found.week,
        person_id=found.person_id,
        record=found.id,
        certified=certified,
        before=found.days,
        days=days,
        line_minutes=wanted_line,
        why=why,
        opened_by=by,
        quorum=quorum_of(electorate, parameter("dispute_quorum", QUORUM)),
        due_at=timezone.now() + time_to_decide(),
    )
    if not electorate:
        announce_jury(opened)
    return opened


@again_after_conflict
@once
@transaction.atomic
def withdraw_dispute(by: Person, *, dispute: UUID, key: UUID | None = None) -> None:
    """End a dispute that one opened; the hours stay as they are.

    Raises Rejected NO_SUCH_DISPUTE if it is not there or not one's own, DISPUTE_IS_OVER.
    """
    found = _locked(dispute)
    if found.opened_by_id != by.id:
        raise Rejected(Refusal.NO_SUCH_DISPUTE)
    _refuse_decided(found)
    found.state, found.decided_at = Dispute.State.WITHDRAWN, timezone.now()
    found.save(update_fields=["state", "decided_at"])


@transaction.atomic
def vote_on_dispute(by: Person, *, dispute: UUID, agrees: bool) -> UUID | None:
    """Vote on disputed hours, or vote anew; the last ballot that is needed decides.

    Returns the id of the record that is certified by it, if so. That issues credits:
    `credits.actions.vote_on_dispute` does both, use that. If posts and overtime no longer allow the
    hours, the dispute lapses instead. Raises Rejected NO_SUCH_DISPUTE, DISPUTE_IS_OVER, NO_BALLOT
    for who is a party, or neither a member nor, once there is a jury, on it.
    """
    found = _locked(dispute)
    _refuse_decided(found)
    decides = (
        Juror.objects.filter(person=by, dispute=found)
        if found.is_before_jury
        else Membership.objects.filter(person=by, enterprise=found.enterprise_id, until=None)
    )
    if by.id in found.parties or not decides.exists():
        raise Rejected(Refusal.NO_BALLOT)
    DisputeBallot.objects.bulk_create(
        [DisputeBallot(person=by, dispute=found, agrees=agrees)],
        update_conflicts=True,
        unique_fields=["person", "dispute"],
        update_fields=["agrees", "cast_at"],
    )
    return _decide(found)


@transaction.atomic
def decide_due_dispute(dispute: UUID) -> UUID | None:
    """Decide a dispute whose time is up, if enough have voted; else it stays open, overdue.

    Returns what `vote_on_dispute` does. Raises Rejected NO_SUCH_DISPUTE.
    """
    found = _locked(dispute)
    return _decide(found) if found.state == Dispute.State.OPEN else None


def attend_disputes() -> int:
    """Bring on what would stay undecided: draw juries, close what is impossible by now.

    Returns how many disputes were looked at.
    """
    waiting = undecided_disputes()
    for dispute in waiting:
        _attend(dispute)
    return len(waiting)


@again_after_conflict
@transaction.atomic
def _attend(dispute: UUID) -> None:
    found = _locked(dispute)
    if found.state != Dispute.State.OPEN:
        return
    if found.is_before_jury and found.jury_seed_id is None:
        draw_jury(found)
    elif not _is_possible(found):
        _lapse(found, Dispute.Lapse.IMPOSSIBLE)
    elif found.is_before_jury and found.overdue and not found.ballots.exists():
        _lapse(found, Dispute.Lapse.SILENCE)
    elif (
        not found.is_before_jury
        and (not _electorate(found) or found.due_at + time_to_decide() <= timezone.now())
        and can_be_drawn(found.enterprise, found.parties)
    ):
        announce_jury(found)


def _decide(dispute: Dispute) -> UUID | None:
    ballots = dispute.ballots.aggregate(
        yes=CountOf("person", filter=Q(agrees=True)), no=CountOf("person", filter=Q(agrees=False))
    )
    count = Count(ballots["yes"], ballots["no"], _electorate(dispute))
    if not count.decides(quorum=dispute.quorum, due=dispute.overdue):
        return None
    upheld = count.yes > count.no
    if upheld and not _is_possible(dispute):
        _lapse(dispute, Dispute.Lapse.IMPOSSIBLE)
        return None
    dispute.state = Dispute.State.UPHELD if upheld else Dispute.State.REJECTED
    dispute.decided_at = timezone.now()
    dispute.yes, dispute.no = count.yes, count.no
    dispute.save(update_fields=["state", "decided_at", "yes", "no"])
    _record(dispute, count)
    return _carry_out(dispute) if upheld else None


def _lapse(dispute: Dispute, lapse: Dispute.Lapse) -> None:
    """Close it by rule: the hours stay as they are."""
    dispute.state, dispute.lapse = Dispute.State.LAPSED, lapse
    dispute.decided_at = timezone.now()
    dispute.save(update_fields=["state", "lapse", "decided_at"])
    _record(dispute, None)


def _record(dispute: Dispute, count: Count | None) -> None:
    told: dict[str, object] = {
        "name_en": dispute.enterprise.name_en,
        "name_zh": dispute.enterprise.name_zh,
        "enterprise": dispute.enterprise_id,
        "round": dispute.dispatch_id,
        "week": dispute.week,
        "outcome": dispute.state,
    }
    if count is not None:
        told |= {"yes": count.yes, "no": count.no, "electorate": count.electorate}
    if dispute.lapse:
        told |= {"lapse": dispute.lapse}
    submit("hours-dispute", told)


def _carry_out(dispute: Dispute) -> UUID:
    """The hours stand as decided, certified by the first who voted for it."""
    first = dispute.ballots.filter(agrees=True).order_by("cast_at", "person_id")
    certifier = first.values_list("person_id", flat=True)[0]
    record = WorkRecord.objects.get(id=dispute.record)
    if dispute.certified:
        return correction_of(
            record,
            dispute.opened_by,
            days=dispute.days,
            line=dispute.line_minutes,
            certified_by=certifier,
        ).id
    with within_assignments():
        WorkRecord.objects.filter(id=record.id).update(
            days=dispute.days,
            minutes=sum(dispute.days),
            line_minutes=dispute.line_minutes,
            certified_by=certifier,
            certified_at=Now(),
        )
    return record.id


def _locked(dispute: UUID) -> Dispute:
    found = (
        Dispute.objects.select_for_update(of=("self",))
        .select_related("enterprise", "opened_by")
        .filter(id=dispute)
        .first()
    )
    if found is None:
        raise Rejected(Refusal.NO_SUCH_DISPUTE)
    return found


def _refuse_decided(dispute: Dispute) -> None:
    if dispute.state != Dispute.State.OPEN:
        raise Rejected(Refusal.DISPUTE_IS_OVER)


def _is_possible(dispute: Dispute) -> bool:
    """Whether posts and overtime allow the hours that are asked for."""
    most = most_minutes(dispute.person_id, dispute.enterprise_id, dispute.dispatch_id)
    return sum(dispute.days) <= most


def _refuse_more_than_posts_allow(record: WorkRecord, minutes: int) -> None:
    most = most_minutes(record.person_id, record.enterprise_id, record.dispatch_id)
    if minutes > most:
        raise Rejected(Refusal.BEYOND_ASSIGNMENT, f"{minutes} > {most}")


def _electorate(dispute: Dispute) -> int:
    """How many can vote on it as it stands."""
    if dispute.is_before_jury:
        return dispute.jurors.filter(person__left_at=None).count()
    return _congress(dispute.enterprise_id, dispute.parties)


def _congress(enterprise: str, parties: set[UUID]) -> int:
    """How many members of an enterprise vote where these are parties."""
    members = Membership.objects.filter(enterprise=enterprise, until=None)
    return members.exclude(person__in=parties).count()
