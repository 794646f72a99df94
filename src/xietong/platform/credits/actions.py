"""The only ways in which credits come into being and cease to exist, and what they are worth."""

from collections.abc import Sequence
from uuid import UUID, uuid5

from django.db import connection, transaction

from xietong.platform.base import Rejected, again_after_conflict, uuid7
from xietong.platform.labour import actions as labour
from xietong.platform.labour.models import WorkRecord
from xietong.platform.people.models import Ground, Person

from .models import Entry, Rate
from .publishing import publish_payout, publish_prices, publish_rate
from .rules import Refusal

__all__ = [
    "cancel",
    "certify_and_issue",
    "issue_allowances",
    "publish_payout",
    "publish_prices",
    "publish_rate",
    "reverse",
]

# Names the allowance of a round among all sources of credits; written once, never changed.
ALLOWANCES = UUID("0ba3a5a6-3c1c-4f0e-9d5a-5a1f6c0f7d11")


@again_after_conflict
@transaction.atomic
def certify_and_issue(by: Person, *, records: Sequence[UUID]) -> int:
    """Certify team-mates' hours; each record issues its credits to the account of who worked.

    Returns 1/1000 credits issued. Raises what `labour.actions.certify` raises, and Rejected
    NOT_PUBLISHED if the round of the hours has no rate. All are certified and issued, or none.
    """
    labour.certify(by, records=records)
    rated = Rate.objects.values("round_number")
    if WorkRecord.objects.filter(id__in=records).exclude(dispatch__in=rated).exists():
        raise Rejected(Refusal.NOT_PUBLISHED)
    with connection.cursor() as cursor:
        cursor.execute(
            # In the order of persons, so that two who certify at once cannot block each other.
            """
            INSERT INTO credits_entry (person_id, id, kind, amount, source, round_number)
            SELECT work.person_id, entry.id, 'work', rate.per_hour * work.minutes / 60, work.id,
                   work.dispatch_id
            FROM unnest(%s::uuid[], %s::uuid[]) AS entry (source, id)
            JOIN labour_workrecord AS work ON work.id = entry.source
            JOIN credits_rate AS rate ON rate.round_number = work.dispatch_id
            WHERE work.certified_by_id IS NOT NULL AND rate.per_hour * work.minutes / 60 > 0
            ORDER BY work.person_id, work.id
            ON CONFLICT (person_id, source) DO NOTHING
            RETURNING amount
            """,
            [list(records), [uuid7() for _ in records]],
        )
        return sum(amount for (amount,) in cursor.fetchall())


@transaction.atomic
def issue_allowances(round_number: int) -> int:
    """Issue the round's allowance, once, to everyone on the roll who lives by a recognised need.

    Returns 1/1000 credits issued by this call. Raises Rejected NOT_PUBLISHED if the round has
    no rate.
    """
    rate = Rate.objects.filter(round_number=round_number).first()
    if rate is None:
        raise Rejected(Refusal.NOT_PUBLISHED, str(round_number))
    if not rate.allowance:
        return 0
    entitled = list(
        Person.objects.filter(left_at__isnull=True)
        .exclude(ground=Ground.WORK)
        .order_by("id")
        .values_list("id", flat=True)
    )
    with connection.cursor() as cursor:
        cursor.execute(
            """
            INSERT INTO credits_entry (person_id, id, kind, amount, source, round_number)
            SELECT entry.person_id, entry.id, 'allowance', %s, %s, %s
            FROM unnest(%s::uuid[], %s::uuid[]) AS entry (person_id, id)
            ON CONFLICT (person_id, source) DO NOTHING
            """,
            [
                rate.allowance,
                uuid5(ALLOWANCES, str(round_number)),
                round_number,
                entitled,
                [uuid7() for _ in entitled],
            ],
        )
        return int(rate.allowance * cursor.rowcount)


def cancel(person: Person, *, amount: int, source: UUID, round_number: int) -> None:
    """Cancel 1/1000 credits of a person for what was taken; the same source cancels once.

    Raises Rejected NOT_ENOUGH_CREDITS, or SOURCE_USED if the source has moved another amount.
    """
    with connection.cursor() as cursor:
        cursor.execute(
            """
            WITH account AS (
                SELECT person_id FROM credits_account
                WHERE person_id = %s AND balance >= %s FOR UPDATE
            )
            INSERT INTO credits_entry (person_id, id, kind, amount, source, round_number)
            SELECT person_id, %s, 'consumption', %s, %s, %s FROM account
            ON CONFLICT (person_id, source) DO NOTHING
            """,
            [person.pk, amount, uuid7(), -amount, source, round_number],
        )
        if cursor.rowcount:
            return
    before = Entry.objects.filter(person=person, source=source).first()
    if before is None:
        raise Rejected(Refusal.NOT_ENOUGH_CREDITS)
    if (before.kind, before.amount) != (Entry.Kind.CONSUMPTION, -amount):
        raise Rejected(Refusal.SOURCE_USED)


@again_after_conflict
@transaction.atomic
def reverse(person: Person, *, entry: UUID, source: UUID) -> None:
    """Undo one entry of a person's account by a second one, of the opposite amount.

    `entry` is the id of what moved the account, `source` what the reversal follows from; the same
    entry and source again change nothing. Who may reverse, and on what grounds, is the caller's
    rule. Raises Rejected NO_SUCH_ENTRY if it is not an entry of this person, REVERSAL_STANDS if it
    is a reversal itself, ALREADY_REVERSED if it was reversed for another source, SOURCE_USED if the
    source has moved something else, or SPENT_SINCE if the balance would be below zero.
    """
    with connection.cursor() as cursor:
        cursor.execute(
            """
            WITH undone AS (
                SELECT entry.*
                FROM credits_entry AS entry JOIN credits_account AS account USING (person_id)
                WHERE entry.person_id = %s AND entry.id = %s AND entry.kind <> 'reversal'
                    AND account.balance >= entry.amount
                FOR UPDATE OF account
            )
            INSERT INTO credits_entry (person_id, id, kind, amount, source, round_number, reverses)
            SELECT person_id, %s, 'reversal', -amount, %s, round_number, id FROM undone
            ON CONFLICT DO NOTHING
            """,
            [person.pk, entry, uuid7(), source],
        )
        if cursor.rowcount:
            return
    own = Entry.objects.filter(person=person)
    named = own.filter(id=entry).first()
    if named is None:
        raise Rejected(Refusal.NO_SUCH_ENTRY)
    if named.kind == Entry.Kind.REVERSAL:
        raise Rejected(Refusal.REVERSAL_STANDS)
    if before := own.filter(reverses=entry).first():
        if before.source == source:
            return
        raise Rejected(Refusal.ALREADY_REVERSED)
    if own.filter(source=source).exists():
        raise Rejected(Refusal.SOURCE_USED)
    raise Rejected(Refusal.SPENT_SINCE)
