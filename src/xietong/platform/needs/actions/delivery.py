"""Goods brought home to those who wish it, and orders that repeat themselves: many at once."""

from collections.abc import Iterator, Sequence
from decimal import Decimal
from itertools import groupby
from uuid import UUID, uuid5

from django.db import connection, transaction

from xietong.platform.base import Rejected, again_after_conflict, uuid7
from xietong.platform.credits import actions as credits
from xietong.platform.enterprises.models import Movement
from xietong.platform.people.models import Person
from xietong.platform.people.once import once

from ..models import Collection, OrderBook, Standing
from ..rules import Refusal, affordable
from .books import hold_book
from .stores import draw
from .visits import write_down

PERSONS_A_TOUR = 1000
# Names the deliveries of a round among all visits; written once, never changed.
DELIVERIES = UUID("5f0a7a3e-1f2b-4f6e-9c1d-3b7c1a40c6d2")


@once
@transaction.atomic
def set_standing(
    person: Person, *, repeats: bool, delivered: bool, key: UUID | None = None
) -> Standing:
    """Set whether a person's order repeats itself, and whether goods are brought to them.

    `repeats`: who has ordered nothing when a round takes its orders orders what they did the
    last time. `delivered`: what was promised and is there at the end of a round comes home, basic
    needs first, as far as the credits go.
    """
    standing, _ = Standing.objects.update_or_create(
        person=person, defaults={"repeats": repeats, "delivered": delivered}
    )
    return standing


@transaction.atomic
def repeat_orders(round_number: int) -> int:
    """Order for everyone whose order repeats itself and who has placed none in the open book.

    They order what they asked for in the round before, without what was carried into that one,
    and no more than the rule of each product allows. Returns for how many persons. Raises
    Rejected NO_OPEN_BOOK.
    """
    if hold_book(OrderBook.State.OPEN) != round_number:
        raise Rejected(Refusal.NO_OPEN_BOOK, str(round_number))
    with connection.cursor() as cursor:
        cursor.execute(
            """
            WITH person AS MATERIALIZED (
                SELECT standing.person_id FROM needs_standing AS standing
                JOIN people_person AS person ON person.id = standing.person_id
                WHERE standing.repeats AND person.left_at IS NULL AND NOT EXISTS (
                    SELECT FROM needs_orderline AS line
                    WHERE line.person_id = standing.person_id AND line.book_id = %(book)s
                      AND line.quantity > line.carried
                )
                ORDER BY standing.person_id FOR NO KEY UPDATE OF person
            ),
            repeated AS (
                INSERT INTO needs_orderline AS line
                    (person_id, book_id, product_id, quantity, carried, collected, missed, paid,
                     spent)
                SELECT line.person_id, %(book)s, line.product_id,
                       least(line.quantity - line.carried,
                             rule.most * coalesce(larger.percent, 100) / 100),
                       0, 0, 0, 0, 0
                FROM person JOIN needs_orderline AS line USING (person_id)
                JOIN products_product AS product ON product.code = line.product_id
                LEFT JOIN needs_orderline AS there ON there.book_id = %(book)s
                    AND (there.person_id, there.product_id) = (line.person_id, line.product_id)
                LEFT JOIN products_residence AS home ON home.person_id = line.person_id
                LEFT JOIN needs_larger_shares(%(book)s) AS larger
                    ON larger.person_id = line.person_id
                LEFT JOIN LATERAL (
                    SELECT CASE mode WHEN 'quota' THEN quota ELSE most END AS most
                    FROM products_rule
                    WHERE round_number = %(book)s AND product_id = line.product_id
                        AND CASE WHEN there.book_id IS NOT NULL THEN on_trial = there.on_trial
                            ELSE NOT on_trial OR region_id = home.region_id END
                    ORDER BY on_trial DESC LIMIT 1
                ) AS rule ON true
                WHERE line.book_id = %(before)s AND line.quantity > line.carried
                  AND product.orderable AND coalesce(rule.most, 1) > 0
                ORDER BY line.person_id, line.product_id
                ON CONFLICT (person_id, book_id, product_id) DO UPDATE
                SET quantity = greatest(line.quantity, excluded.quantity)
                RETURNING line.person_id
            )
            SELECT count(DISTINCT person_id) FROM repeated
            """,
            {"book": round_number, "before": round_number - 1},
        )
        (persons,) = cursor.fetchone()
    return int(persons)


@again_after_conflict
@transaction.atomic
def deliver_home(round_number: int) -> int:
    """Bring everyone who wishes it what they were promised and have not collected.

    As far as it lies in the stores and their credits go, basic needs first. Where there is not
    enough, those come first whom the lot of the round names first. Returns how many persons got
    something; a second tour brings what has come in since. Raises Rejected NOTHING_TO_COLLECT if
    the round is not being collected.
    """
    if hold_book(OrderBook.State.COLLECTING) != round_number:
        raise Rejected(Refusal.NOTHING_TO_COLLECT, str(round_number))
    return sum(_tour(round_number, persons) for persons in _tours(round_number))


def _tours(round_number: int) -> Iterator[list[UUID]]:
    """Those to whom something may be brought, in the order of the lot, so many at a time."""
    with connection.cursor() as cursor:
        cursor.execute(
            """
            SELECT standing.person_id FROM needs_standing AS standing
            JOIN people_person AS person ON person.id = standing.person_id
            WHERE standing.delivered AND person.left_at IS NULL AND EXISTS (
                SELECT FROM needs_orderline AS line
                WHERE line.person_id = standing.person_id AND line.book_id = %(book)s
                  AND line.allotted > line.collected
            )
            ORDER BY sha256(convert_to(%(book)s || ' ' || standing.person_id, 'UTF8'))
            """,
            {"book": round_number},
        )
        persons = [person for (person,) in cursor.fetchall()]
    for first in range(0, len(persons), PERSONS_A_TOUR):
        yield persons[first : first + PERSONS_A_TOUR]


def _tour(round_number: int, persons: Sequence[UUID]) -> int:
    with connection.cursor() as cursor:
        # Whoever comes to collect themselves meanwhile has been before, or comes after.
        cursor.execute(
            "SELECT id FROM people_person WHERE id = ANY(%s) ORDER BY id FOR NO KEY UPDATE",
            [list(persons)],
        )
        cursor.execute(
            """
            SELECT line.person_id, coalesce(account.balance, 0), line.product_id,
                   line.allotted - line.collected,
                   CASE rule.mode WHEN 'credits' THEN price.amount ELSE 0 END
            FROM unnest(%(persons)s::uuid[]) WITH ORDINALITY AS lot (person_id, place)
            JOIN needs_orderline AS line ON line.person_id = lot.person_id
                AND line.book_id = %(book)s AND line.allotted > line.collected
            JOIN products_product AS product ON product.code = line.product_id
            JOIN products_rule AS rule ON rule.round_number = line.book_id
                AND rule.product_id = line.product_id AND rule.on_trial = line.on_trial
            LEFT JOIN credits_price AS price
                ON price.round_number = line.book_id AND price.product_id = line.product_id
            LEFT JOIN credits_account AS account ON account.person_id = line.person_id
            WHERE rule.mode <> 'credits' OR price.amount IS NOT NULL
            ORDER BY lot.place, product.tier, line.product_id
            """,
            {"persons": list(persons), "book": round_number},
        )
        promised = cursor.fetchall()
    wanted: dict[UUID, dict[str, int]] = {}
    prices: dict[tuple[UUID, str], int] = {}
    for (person, balance), lines in groupby(promised, key=lambda line: line[:2]):
        goods = {product: (left, price) for *_, product, left, price in lines}
        wanted[person] = {code: n for code, n in affordable(goods, balance).items() if n}
        prices |= {(person, code): price for code, (_, price) in goods.items()}
    return _bring(round_number, wanted, prices)


def _bring(
    round_number: int,
    wanted: dict[UUID, dict[str, int]],
    prices: dict[tuple[UUID, str], int],
) -> int:
    """Draw what all these want together, and hand it out in their order."""
    together: dict[str, int] = {}
    for goods in wanted.values():
        for code, units in goods.items():
            together[code] = together.get(code, 0) + units
    if not together:
        return 0
    given = draw(
        {code: Decimal(units) for code, units in sorted(together.items())},
        kind=Movement.Kind.COLLECTION,
        source=uuid7(),
        round_number=round_number,
        whole_units=True,
    )
    there = {code: int(units) for code, units in given.items()}
    visits, taken = [], {}
    for person, goods in wanted.items():
        visit = Collection(person_id=person, id=uuid7(), book_id=round_number, asked=goods, cost=0)
        visit.key = uuid5(DELIVERIES, str(visit.id))
        for code, units in goods.items():
            got = min(units, there.get(code, 0))
            if got:
                there[code] -= got
                taken[visit.id, code] = got, got * prices[person, code]
                visit.cost += taken[visit.id, code][1]
        if goods:
            visits.append(visit)
    credits.cancel_many(
        [(visit.person_id, visit.cost, visit.id) for visit in visits if visit.cost],
        round_number=round_number,
    )
    write_down(visits, taken)
    return len({visit for visit, _ in taken})
