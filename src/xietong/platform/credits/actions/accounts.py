"""The only ways in which credits come into being and cease to exist."""

from collections.abc import Mapping, Sequence
from decimal import ROUND_CEILING, ROUND_HALF_UP, Decimal
from uuid import UUID

from django.db import IntegrityError, connection, transaction

from xietong.platform.base import Rejected, again_after_conflict, constraint_of, uuid7
from xietong.platform.people.models import NEEDS, Person
from xietong.platform.people.queries import Recognised

from ..models import Allowance, Entry, Rate
from ..rules import THOUSANDTHS, Refusal, allowance_source, payout

HOURS = Decimal("0.001")
SHARE = Decimal("0.000001")


@transaction.atomic
def publish_rate(
    round_number: int,
    *,
    total_hours: Decimal,
    claimable_hours: Decimal,
    workers: int,
    allowances: Sequence[Recognised] = (),
    mean_factor: Decimal = Decimal(1),
) -> Rate:
    """What an hour of work and each allowance issue in a round, from the sums of its plan.

    Takes what `rules.payout` takes, and of whom the allowances are. Hours are rounded to
    thousandths first, so that the rate follows exactly from the sums published with it. Raises
    Rejected NOBODY_WORKS, or ALREADY_PUBLISHED for a round that has a rate.
    """
    total_hours, claimable_hours = total_hours.quantize(HOURS), claimable_hours.quantize(HOURS)
    mean_factor = mean_factor.quantize(SHARE, ROUND_CEILING)
    issued = payout(
        total_hours=total_hours,
        claimable_hours=claimable_hours,
        workers=workers,
        allowances=[(need.persons, need.share) for need in allowances],
        mean_factor=mean_factor,
    )
    needs = _allowances(round_number, allowances, issued.allowances)
    rate, fresh = Rate.objects.get_or_create(
        round_number=round_number,
        defaults={
            "per_hour": issued.per_hour,
            "total_hours": total_hours,
            "claimable_hours": claimable_hours,
            "workers": workers,
            "mean_factor": mean_factor,
            **_means(needs),
        },
    )
    if not fresh:
        raise Rejected(Refusal.ALREADY_PUBLISHED, str(round_number))
    Allowance.objects.bulk_create(needs)
    return rate


def _allowances(
    round_number: int, recognised: Sequence[Recognised], amounts: Sequence[int]
) -> list[Allowance]:
    return [
        Allowance(
            round_number=round_number,
            ground=need.ground,
            beside_work=need.beside_work,
            share=need.share,
            persons=need.persons,
            amount=amount,
        )
        for need, amount in zip(recognised, amounts, strict=True)
    ]


def _means(needs: Sequence[Allowance]) -> dict[str, int | Decimal]:
    """Of all persons on allowance together."""
    persons = sum(need.persons for need in needs)
    shares = Decimal(sum(need.persons * need.share for need in needs)) / THOUSANDTHS
    amounts = sum(need.persons * need.amount for need in needs)
    return {
        "on_allowance": persons,
        "allowance_share": (shares / (persons or 1)).quantize(SHARE),
        "allowance": amounts // (persons or 1),
    }


def publish_prices(round_number: int, values: Mapping[str, Decimal | float]) -> None:
    """The prices of a round: 1/1000 credit a unit, to the nearest, at least 1.

    `values` gives by product code the hours of labour that a unit contains; an hour of labour
    content costs a credit. Raises Rejected UNKNOWN_PRODUCT, or ALREADY_PUBLISHED if one of the
    products has a price in the round.
    """
    codes = sorted(values)
    try:
        with transaction.atomic(), connection.cursor() as cursor:
            cursor.execute(
                """
                INSERT INTO credits_price (round_number, product_id, amount)
                SELECT %s, product.code, given.amount
                FROM unnest(%s::text[], %s::bigint[]) AS given (code, amount)
                JOIN products_product AS product ON product.code = given.code
                RETURNING product_id
                """,
                [round_number, codes, [_price(values[code]) for code in codes]],
            )
            known = {code for (code,) in cursor.fetchall()}
            if unknown := [code for code in codes if code not in known]:
                raise Rejected(Refusal.UNKNOWN_PRODUCT, ", ".join(unknown))
    except IntegrityError as twice:
        raise Rejected(Refusal.ALREADY_PUBLISHED, str(round_number)) from twice


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


def _price(hours: Decimal | float) -> int:
    exact = Decimal(str(hours)) * THOUSANDTHS
    return max(1, int(exact.to_integral_value(ROUND_HALF_UP)))
