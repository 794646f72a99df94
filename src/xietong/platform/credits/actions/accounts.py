"""What a need issues, what consumption cancels, and what was written in error reversed."""

from collections.abc import Sequence
from uuid import UUID

from django.db import IntegrityError, connection, transaction

from xietong.platform.base import Rejected, again_after_conflict, constraint_of, uuid7
from xietong.platform.people.models import NEEDS, Person

from ..models import Entry, Rate
from ..rules import Refusal, allowance_source


@again_after_conflict
@transaction.atomic
def issue_allowances(round_number: int) -> int:
    """Issue the round's allowances to all whose need in that round is recognised now.

    Each need issues once a round. Returns 1/1000 credits issued by this call. Raises Rejected
    NOT_PUBLISHED if the round has no rate.
    """
    if not Rate.objects.filter(round_number=round_number).exists():
        raise Rejected(Refusal.NOT_PUBLISHED, str(round_number))
    with connection.cursor() as cursor:
        cursor.execute(
            """
            INSERT INTO credits_entry (person_id, id, kind, amount, source, round_number)
            SELECT need.person_id, people_uuid7(), 'allowance', allowance.amount,
                named.source, %(round)s
            FROM people_entitled AS need
            JOIN credits_allowance AS allowance ON allowance.round_number = %(round)s
                AND allowance.ground = need.ground AND allowance.beside_work = need.beside_work
            JOIN unnest(%(grounds)s::text[], %(sources)s::uuid[]) AS named (ground, source)
                ON named.ground = need.ground
            WHERE %(round)s BETWEEN need.from_round AND need.until_round AND allowance.amount > 0
            ORDER BY need.person_id, need.ground
            ON CONFLICT (person_id, source) DO NOTHING
            RETURNING amount
            """,
            {
                "round": round_number,
                "grounds": NEEDS,
                "sources": [allowance_source(round_number, ground) for ground in NEEDS],
            },
        )
        return sum(amount for (amount,) in cursor.fetchall())


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


def cancel_many(cancelled: Sequence[tuple[UUID, int, UUID]], *, round_number: int) -> None:
    """Cancel credits of many persons at once: (person, 1/1000 credits, source) of each.

    Raises Rejected NOT_ENOUGH_CREDITS or SOURCE_USED, and then cancels nothing. Call it in a
    transaction that holds these persons.
    """
    rows = sorted(cancelled)
    try:
        with transaction.atomic(), connection.cursor() as cursor:
            cursor.execute(
                """
                INSERT INTO credits_entry (person_id, id, kind, amount, source, round_number)
                SELECT person_id, id, 'consumption', -amount, source, %s
                FROM unnest(%s::uuid[], %s::uuid[], %s::bigint[], %s::uuid[])
                    AS cancelled (person_id, id, amount, source)
                """,
                [
                    round_number,
                    [person for person, *_ in rows],
                    [uuid7() for _ in rows],
                    [amount for _, amount, _ in rows],
                    [source for *_, source in rows],
                ],
            )
    except IntegrityError as error:
        used = constraint_of(error) == "credits_entry_once"
        raise Rejected(Refusal.SOURCE_USED if used else Refusal.NOT_ENOUGH_CREDITS) from error


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
