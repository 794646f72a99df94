"""People take what they were promised, and their credits cease to exist."""

from collections.abc import Mapping
from decimal import Decimal
from uuid import UUID

from django.db import connection, transaction

from xietong.platform.base import Rejected, again_after_conflict, uuid7
from xietong.platform.credits import actions as credits
from xietong.platform.enterprises.models import Movement
from xietong.platform.people.models import Person
from xietong.platform.products.models import Product

from ..models import Collection, OrderBook
from ..rules import Refusal
from .books import hold_book_and_person
from .stores import draw
from .visits import write_down


@again_after_conflict
@transaction.atomic
def collect(person: Person, *, quantities: Mapping[str, int], key: UUID) -> Collection:
    """Hand a person goods of the round being collected, and cancel what they cost.

    What is not there is not taken, costs nothing, and is noted on the order as missed; all that
    is there is paid for, or nothing is taken at all.

    Args:
        person: who collects.
        quantities: whole units by product code.
        key: chosen by the person for this visit; the same key with the same quantities again
            returns the first visit.

    Raises Rejected NOTHING_TO_COLLECT, KEY_USED, MORE_THAN_PROMISED, NO_PRICE, or, from credits,
    NOT_ENOUGH_CREDITS.
    """
    asked = {code: quantity for code, quantity in sorted(quantities.items()) if quantity}
    book = hold_book_and_person(OrderBook.State.COLLECTING, person)
    promised, been = _promised(person, book, asked, key)
    if been:
        return _first_visit(person, key, asked)
    if book is None or not asked:
        raise Rejected(Refusal.NOTHING_TO_COLLECT)
    prices = _prices(asked, promised)
    visit = Collection(person=person, id=uuid7(), key=key, book_id=book, asked=asked)
    given = draw(
        {code: Decimal(quantity) for code, quantity in asked.items()},
        kind=Movement.Kind.COLLECTION,
        source=visit.id,
        round_number=book,
        whole_units=True,
    )
    taken = {code: int(given.get(code, 0)) for code in asked}
    costs = {code: units * prices[code] for code, units in taken.items()}
    visit.cost = sum(costs.values())
    # After the goods: whoever holds an account then waits for nothing more.
    if visit.cost:
        credits.cancel(person, amount=visit.cost, source=visit.id, round_number=book)
    write_down([visit], {(visit.id, code): (taken[code], costs[code]) for code in asked})
    return visit


def _promised(
    person: Person, book: int | None, asked: Mapping[str, int], key: UUID
) -> tuple[dict[str, tuple[int, int | None]], bool]:
    """What is left of each promise, with the price of a unit; and whether the key was used."""
    with connection.cursor() as cursor:
        cursor.execute(
            """
            SELECT visit.been, asked.product, coalesce(line.allotted - line.collected, 0),
                   CASE rule.mode WHEN 'credits' THEN price.amount ELSE 0 END
            FROM (
                SELECT EXISTS (
                    SELECT FROM needs_collection WHERE person_id = %(person)s AND key = %(key)s
                ) AS been
            ) AS visit
            LEFT JOIN unnest(%(asked)s::text[]) AS asked (product) ON true
            LEFT JOIN needs_orderline AS line
                ON line.person_id = %(person)s AND line.book_id = %(book)s
                AND line.product_id = asked.product
            LEFT JOIN products_rule AS rule ON rule.round_number = line.book_id
                AND rule.product_id = line.product_id AND rule.on_trial = line.on_trial
            LEFT JOIN credits_price AS price
                ON price.round_number = line.book_id AND price.product_id = line.product_id
            """,
            {"person": person.pk, "key": key, "asked": list(asked), "book": book},
        )
        found = cursor.fetchall()
    return {product: (left, price) for _, product, left, price in found}, found[0][0]


def _first_visit(person: Person, key: UUID, asked: Mapping[str, int]) -> Collection:
    visit = Collection.objects.get(person=person, key=key)
    if visit.asked not in (None, asked):
        raise Rejected(Refusal.KEY_USED)
    return visit


def _prices(
    asked: Mapping[str, int], promised: Mapping[str, tuple[int, int | None]]
) -> dict[str, int]:
    """What a unit of each product costs, once it is sure that it was promised."""
    prices: dict[str, int] = {}
    for code, quantity in asked.items():
        left, price = promised[code]
        if not 0 <= quantity <= left:
            raise Rejected(Refusal.MORE_THAN_PROMISED, f"{_name(code)}: {left}")
        if price is None:
            raise Rejected(Refusal.NO_PRICE, _name(code))
        prices[code] = price
    return prices


def _name(code: str) -> str:
    product = Product.objects.filter(code=code).first()
    return str(product) if product else code
