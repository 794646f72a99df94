"""What a person asks for in the coming round."""

from collections.abc import Mapping
from uuid import UUID

from django.db import connection, transaction

from xietong.platform.base import Rejected, again_after_conflict
from xietong.platform.people.models import Person
from xietong.platform.people.once import once
from xietong.platform.products.models import Product

from ..models import OrderBook, OrderLine
from ..queries.terms import terms
from ..rules import Refusal, check_order
from .books import hold_book_and_person


@again_after_conflict
@once
@transaction.atomic
def place_order(person: Person, *, quantities: Mapping[str, int], key: UUID | None = None) -> int:
    """Set these lines of a person's order in the open book; other lines stay as they are.

    `quantities` gives whole units by product code; 0 takes a line off. Returns the round
    ordered for. Raises Rejected NO_OPEN_BOOK, or as `rules.check_order`.
    """
    book = hold_book_and_person(OrderBook.State.OPEN, person)
    if book is None:
        raise Rejected(Refusal.NO_OPEN_BOOK)
    codes = list(quantities)
    check_order(quantities, Product.objects.in_bulk(codes), terms(person, book, codes))
    wanted = {code: quantity for code, quantity in quantities.items() if quantity}
    if wanted:
        with connection.cursor() as cursor:
            cursor.execute(
                """
                INSERT INTO needs_orderline AS line
                    (person_id, book_id, product_id, quantity, carried, collected, missed, paid,
                     spent)
                SELECT %s, %s, wanted.product_id, wanted.quantity, 0, 0, 0, 0, 0
                FROM unnest(%s::text[], %s::int[]) AS wanted (product_id, quantity)
                ON CONFLICT (person_id, book_id, product_id) DO UPDATE
                SET quantity = excluded.quantity, placed_at = now(),
                    carried = least(line.carried, excluded.quantity)
                """,
                [person.pk, book, list(wanted), list(wanted.values())],
            )
    if unwanted := quantities.keys() - wanted:
        OrderLine.objects.filter(person=person, book=book, product__in=unwanted).delete()
    return book
