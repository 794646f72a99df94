"""Hours are logged by the worker or the team, then certified by another member."""

from collections.abc import Collection, Mapping
from uuid import UUID

from django.db import connection, transaction
from django.db.models.functions import Now

from xietong.platform.base import Rejected, again_after_conflict, uuid7
from xietong.platform.enterprises.models import Dispatch, Membership
from xietong.platform.people.models import Person

from ..models import WorkRecord
from ..rules import Refusal, refuse_impossible_hours


def log_hours(by: Person, *, person: Person, week: int, minutes: int) -> None:
    """Log a week's minutes, one's own or of a member of the same enterprise.

    Arguments and errors as for `log_team_hours`.
    """
    log_team_hours(by, week=week, minutes={person.id: minutes})


@again_after_conflict
@transaction.atomic
def log_team_hours(by: Person, *, week: int, minutes: Mapping[UUID, int]) -> None:
    """Log what members of one's enterprise worked in a week of the running round.

    Args:
        by: a member of the enterprise.
        week: from 1 to `WEEKS_A_ROUND`.
        minutes: by person's id; they replace what was logged before, and 0 withdraws it.

    Raises Rejected NO_SUCH_WEEK, NO_SUCH_MINUTES, NO_OPEN_ROUND, NOT_A_TEAM_MATE, CERTIFIED if
    hours of that week are certified already, WORKED_ELSEWHERE if they were logged in another
    enterprise. Then nothing is logged.
    """
    for amount in minutes.values():
        refuse_impossible_hours(week, amount)
    dispatch = _running()
    enterprise = _shared_enterprise(by, minutes)
    before = (
        WorkRecord.objects.select_for_update(of=("self",))
        .filter(person__in=minutes, dispatch=dispatch, week=week)
        .select_related("person")
        # Everyone locks in this order, so that two who log at once never block each other.
        .order_by("person_id")
    )
    for record in before:
        if record.certified_by_id:
            raise Rejected(Refusal.CERTIFIED, record.person.name)
        if record.enterprise_id != enterprise:
            raise Rejected(Refusal.WORKED_ELSEWHERE, record.person.name)
    withdrawn = [person for person, amount in minutes.items() if not amount]
    if withdrawn:
        WorkRecord.objects.filter(person__in=withdrawn, dispatch=dispatch, week=week).delete()
    worked = sorted((person, amount) for person, amount in minutes.items() if amount)
    with connection.cursor() as cursor:
        cursor.execute(
            # A change gives a new id: nobody certifies other hours than those they have seen.
            """
            INSERT INTO labour_workrecord AS work
                (id, person_id, enterprise_id, dispatch_id, week, minutes, logged_by_id)
            SELECT given.id, given.person, %s, %s, %s, given.minutes, %s
            FROM unnest(%s::uuid[], %s::uuid[], %s::int[]) AS given (id, person, minutes)
            ON CONFLICT (person_id, dispatch_id, week) DO UPDATE
            SET id = excluded.id, minutes = excluded.minutes,
                logged_by_id = excluded.logged_by_id, logged_at = now()
            WHERE work.certified_by_id IS NULL AND work.enterprise_id = excluded.enterprise_id
            """,
            [
                enterprise,
                dispatch.round_number,
                week,
                by.id,
                [uuid7() for _ in worked],
                [person for person, _ in worked],
                [amount for _, amount in worked],
            ],
        )
        if cursor.rowcount < len(worked):
            raise Rejected(Refusal.CERTIFIED)


@transaction.atomic
def certify(by: Person, *, records: Collection[UUID]) -> int:
    """Certify hours of other members of one's enterprise; returns how many were not yet.

    Certified hours issue credits: `credits.actions.certify_and_issue` does both, use that.
    Raises Rejected NO_SUCH_HOURS if one of the records is gone or was changed, OWN_HOURS,
    NOT_A_TEAM_MATE, or NO_OPEN_ROUND if the round of the hours is over. Then none is certified.
    """
    enterprise = _shared_enterprise(by, [])
    found = list(
        WorkRecord.objects.select_for_update().filter(id__in=records).order_by("person_id", "id")
    )
    if len(found) < len(set(records)):
        raise Rejected(Refusal.NO_SUCH_HOURS)
    if any(record.person_id == by.id for record in found):
        raise Rejected(Refusal.OWN_HOURS)
    if any(record.enterprise_id != enterprise for record in found):
        raise Rejected(Refusal.NOT_A_TEAM_MATE)
    waiting = [record for record in found if not record.certified_by_id]
    if not waiting:
        return 0
    dispatch = _running()
    if any(record.dispatch_id != dispatch.round_number for record in waiting):
        raise Rejected(Refusal.NO_OPEN_ROUND)
    return WorkRecord.objects.filter(id__in=[record.id for record in waiting]).update(
        certified_by=by, certified_at=Now()
    )


def _running() -> Dispatch:
    """The running round, which stays open until the transaction ends."""
    for dispatch in Dispatch.objects.raw(
        "SELECT * FROM enterprises_dispatch WHERE closed_at IS NULL FOR SHARE"
    ):
        return dispatch
    raise Rejected(Refusal.NO_OPEN_ROUND)


def _shared_enterprise(by: Person, persons: Collection[UUID]) -> str:
    """The code of the enterprise in which `by` and all these persons have their places."""
    places = dict(
        Membership.objects.filter(person__in={by.id, *persons}, until=None).values_list(
            "person_id", "enterprise_id"
        )
    )
    enterprise = places.get(by.id)
    if enterprise is None or any(places.get(person) != enterprise for person in persons):
        raise Rejected(Refusal.NOT_A_TEAM_MATE)
    return enterprise
