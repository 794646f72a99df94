"""People take what they were promised, and their credits cease to exist."""

from collections.abc import Mapping
from decimal import Decimal
from uuid import UUID

from django.db import connection, transaction
from django.db.models import F, OuterRef, Subquery

from xietong.platform.base import Rejected, uuid7
from xietong.platform.credits import actions as credits
from xietong.platform.credits.models import Price
from xietong.platform.enterprises.models import Movement
from xietong.platform.people.models import Person
from xietong.platform.products.models import Product

from ..models import Collection, OrderBook, OrderLine
from ..rules import Refusal
from .books import hold_book, hold_person
from .stores import draw


@transaction.atomic
def collect(person: Person, *, quantities: Mapping[str, int], key: UUID) -> Collection:
    """Hand a person goods of the round being collected, and cancel what they cost.

    What is not there is not taken, costs nothing, and is noted on the order as missed; all that
    is there is paid for, or nothing is taken at all.

    Args:
        person: who collects.
        quantities: whole units by product code.
        key: chosen by the person for this visit; the same key again returns the first visit.

    Raises Rejected NOTHING_TO_COLLECT, MORE_THAN_PROMISED, NO_PRICE, or, from credits,
    NOT_ENOUGH_CREDITS.
    """
    book = hold_book(OrderBook.State.COLLECTING)
    hold_person(person)
    if before := Collection.objects.filter(person=person, key=key).first():
        return before
    asked = {code: quantity for code, quantity in sorted(quantities.items()) if quantity}
    if book is None or not asked:
        raise Rejected(Refusal.NOTHING_TO_COLLECT)
    prices = _prices(person, book, asked)
    visit = uuid7()
    given = draw(
        {code: Decimal(quantity) for code, quantity in asked.items()},
        kind=Movement.Kind.COLLECTION,
        source=visit,
        round_number=book,
        whole_units=True,
    )
    taken = [int(given.get(code, 0)) for code in asked]
    costs = [quantity * prices[code] for code, quantity in zip(asked, taken, strict=True)]
    # After the goods: whoever holds an account then waits for nothing more.
    if cost := sum(costs):
        credits.cancel(person, amount=cost, source=visit, round_number=book)
    collection = Collection.objects.create(
        person=person, id=visit, key=key, book_id=book, cost=cost
    )
    with connection.cursor() as cursor:
        cursor.execute(
            """
            WITH visit AS (
                SELECT * FROM unnest(%(products)s::text[], %(asked)s::int[], %(taken)s::int[],
                                     %(costs)s::bigint[])
                    AS line (product_id, asked, taken, cost)
            ),
            taken AS (
                INSERT INTO needs_collectionline
                    (person_id, collection_id, product_id, quantity, cost)
                SELECT %(person)s, %(visit)s, product_id, taken, cost FROM visit WHERE taken > 0
            )
            UPDATE needs_orderline AS line
            SET collected = collected + visit.taken,
                missed = greatest(missed, visit.asked) - visit.taken
            FROM visit
            WHERE line.person_id = %(person)s AND line.book_id = %(book)s
                AND line.product_id = visit.product_id
            """,
            {
                "products": list(asked),
                "asked": list(asked.values()),
                "taken": taken,
                "costs": costs,
                "person": person.pk,
                "visit": visit,
                "book": book,
            },
        )
    return collection


def _prices(person: Person, book: int, asked: Mapping[str, int]) -> dict[str, int]:
    """What a unit of each product costs this person, once it is sure that it was promised."""
    price = Price.objects.filter(round_number=OuterRef("book"), product=OuterRef("product"))
    promised = {
        code: (left, mode, amount)
        for code, left, mode, amount in OrderLine.objects.filter(
            person=person, book=book, product__in=asked
        ).values_list(
            "product",
            F("allotted") - F("collected"),
            "product__mode",
            Subquery(price.values("amount")),
        )
    }
    prices: dict[str, int] = {}
    for code, quantity in asked.items():
        left, mode, amount = promised.get(code, (0, "", 0))
        if not 0 <= quantity <= left:
            raise Rejected(Refusal.MORE_THAN_PROMISED, f"{_name(code)}: {left}")
        if mode == Product.Mode.CREDITS and amount is None:
            raise Rejected(Refusal.NO_PRICE, _name(code))
        prices[code] = amount if mode == Product.Mode.CREDITS else 0
    return prices


def _name(code: str) -> str:
    product = Product.objects.filter(code=code).first()
    return str(product) if product else code
