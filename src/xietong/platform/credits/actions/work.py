"""Certified hours issue credits, once; a corrected week issues what it was in truth."""

from collections.abc import Collection, Sequence
from contextlib import suppress
from dataclasses import dataclass
from uuid import UUID, uuid5

from django.db import connection, transaction

from xietong.platform.base import Rejected, again_after_conflict, uuid7
from xietong.platform.labour import actions as labour
from xietong.platform.labour import queries as hours
from xietong.platform.people.models import Person
from xietong.platform.people.once import once

from ..models import Account, Entry
from ..rules import Refusal

# Names the reversal that a correction brings with it among all sources; never changed.
CORRECTIONS = UUID("6d5c1a52-0b0e-4f5c-8f5e-0a4f1b6f4c27")


@again_after_conflict
@once
@transaction.atomic
def certify_and_issue(by: Person, *, records: Sequence[UUID], key: UUID | None = None) -> int:
    """Certify team-mates' hours; each record issues its credits to the account of who worked.

    A certified correction reverses what the week had issued and issues what it is worth now. Where
    that would take the balance below zero because the credits have been spent, both wait, and
    happen with the first later issue of work that covers the difference.

    Returns 1/1000 credits issued, less those reversed. Raises what `labour.actions.certify` raises,
    and Rejected NOT_PUBLISHED if the round of the hours has no rate. All are certified and issued,
    or none.
    """
    labour.certify(by, records=records)
    return _issue(records)


@again_after_conflict
@once
@transaction.atomic
def vote_on_dispute(by: Person, *, dispute: UUID, agrees: bool, key: UUID | None = None) -> None:
    """Vote on disputed hours; what the last ballot needed decides is issued, or corrected, at once.

    Raises what `labour.actions.vote_on_dispute` raises, and Rejected NOT_PUBLISHED.
    """
    if certified := labour.vote_on_dispute(by, dispute=dispute, agrees=agrees):
        _issue([certified])


def decide_due_disputes() -> int:
    """Decide every dispute whose time is up and on which enough have voted; returns how many.

    One that is refused, as before the round has its rate, stays open and overdue, and holds up no
    other.
    """
    decided = 0
    for dispute in hours.due_disputes():
        with suppress(Rejected):
            _decide_due(dispute)
            decided += 1
    return decided


@again_after_conflict
@transaction.atomic
def _decide_due(dispute: UUID) -> None:
    if certified := labour.decide_due_dispute(dispute):
        _issue([certified])


def _issue(records: Sequence[UUID]) -> int:
    with connection.cursor() as cursor:
        cursor.execute(
            # In the order of persons, so that two who certify at once cannot block each other.
            """
            WITH worth AS MATERIALIZED (SELECT * FROM credits_worth(%(records)s::uuid[])),
            fresh AS (
                INSERT INTO credits_entry (person_id, id, kind, amount, source, round_number)
                SELECT person, (%(ids)s::uuid[])[row_number() OVER (ORDER BY person, record)],
                       'work', amount, record, round_number
                FROM worth WHERE amount > 0 AND corrects IS NULL
                ORDER BY person, record
                ON CONFLICT (person_id, source) DO NOTHING
                RETURNING amount
            )
            SELECT EXISTS (SELECT FROM worth WHERE amount IS NULL),
                   EXISTS (
                       SELECT FROM labour_workrecord
                       WHERE corrects IS NOT NULL AND certified_at IS NOT NULL AND person_id IN (
                           SELECT person_id FROM labour_workrecord
                           WHERE id = ANY (%(records)s::uuid[]))),
                   (SELECT coalesce(sum(amount), 0)::bigint FROM fresh)
            """,
            {"records": list(records), "ids": [uuid7() for _ in records]},
        )
        unrated, corrected, issued = cursor.fetchone()
    if unrated:
        raise Rejected(Refusal.NOT_PUBLISHED)
    return int(issued) + (_correct(records) if corrected else 0)


@dataclass(frozen=True, slots=True)
class _Correction:
    """A certified correction that has not moved its account: what it is worth, what to reverse."""

    person: UUID
    record: UUID
    round_number: int
    worth: int
    before: UUID | None
    issued: int


def _correct(records: Collection[UUID]) -> int:
    """Carry out the corrections that wait for those who worked these hours, as far as covered."""
    moved = 0
    persons = {correction.person for correction in _waiting(records)}
    accounts = Account.objects.select_for_update().filter(person__in=persons)
    balances = dict(accounts.order_by("person_id").values_list("person_id", "balance"))
    # Asked again now that nobody else can carry them out.
    for correction in _waiting(records) if persons else []:
        difference = correction.worth - correction.issued
        if balances.get(correction.person, 0) + difference < 0:
            continue
        source = uuid5(CORRECTIONS, str(correction.record))
        entries = [
            (correction.person, uuid7(), kind, amount, source, correction.round_number, reverses)
            for kind, amount, source, reverses in (
                (Entry.Kind.WORK, correction.worth, correction.record, None),
                (Entry.Kind.REVERSAL, -correction.issued, source, correction.before),
            )
            if amount
        ]
        with connection.cursor() as cursor:
            cursor.execute(
                # In one statement: nothing lies between the issue and the reversal.
                f"""
                INSERT INTO credits_entry
                    (person_id, id, kind, amount, source, round_number, reverses)
                VALUES {", ".join(["(%s, %s, %s, %s, %s, %s, %s)"] * len(entries))}
                """,  # noqa: S608  marks for values
                [value for entry in entries for value in entry],
            )
        balances[correction.person] = balances.get(correction.person, 0) + difference
        moved += difference
    return moved


def _waiting(records: Collection[UUID]) -> list[_Correction]:
    """The corrections of all weeks of those who worked these records that moved no account yet."""
    with connection.cursor() as cursor:
        cursor.execute(
            """
            WITH correction AS MATERIALIZED (
                SELECT * FROM labour_workrecord
                WHERE corrects IS NOT NULL AND certified_by_id IS NOT NULL AND person_id IN (
                    SELECT person_id FROM labour_workrecord WHERE id = ANY (%(records)s))
            )
            SELECT work.person_id, work.id, work.dispatch_id, worth.amount, before.id,
                   coalesce(before.amount, 0)
            FROM correction AS work
            JOIN credits_worth(ARRAY(SELECT id FROM correction)) AS worth ON worth.record = work.id
            LEFT JOIN LATERAL (
                SELECT entry.id, entry.amount
                FROM labour_workrecord AS other
                JOIN credits_entry AS entry
                    ON entry.person_id = other.person_id AND entry.source = other.id
                    AND entry.kind = 'work'
                WHERE other.person_id = work.person_id AND other.dispatch_id = work.dispatch_id
                  AND other.week = work.week AND other.id <> work.id
                  AND NOT EXISTS (
                      SELECT 1 FROM credits_entry AS undone
                      WHERE undone.person_id = entry.person_id AND undone.reverses = entry.id)
            ) AS before ON true
            WHERE (before.id IS NOT NULL OR worth.amount > 0) AND NOT EXISTS (
                SELECT 1 FROM credits_entry AS done
                WHERE done.person_id = work.person_id AND done.source = work.id)
            ORDER BY work.person_id, work.id
            """,
            {"records": list(records)},
        )
        return [_Correction(*row) for row in cursor.fetchall()]
