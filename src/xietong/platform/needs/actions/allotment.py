"""Sharing out what the plan delivers."""

from collections.abc import Mapping
from decimal import Decimal

from django.db import connection, transaction

from xietong.platform.base import Rejected, again_after_conflict

from ..models import OrderBook, OrderLine
from ..rules import Refusal


@again_after_conflict
@transaction.atomic
def allot(
    round_number: int, *, household: Mapping[str, Decimal], common: Mapping[str, Decimal]
) -> None:
    """Promise to each order its fair share of what the plan delivers, in whole units.

    Of each product everyone gets the same, except those who asked for less; the units that do
    not divide go by a lot that anyone can draw again (the least sha256 of "round product
    person"). Sharing again gives the same.

    Args:
        round_number: a round whose orders are taken and not yet collected.
        household: what the plan delivers to persons by product code; every product ordered.
        common: what it delivers by code of common need; a need that is not there has no share.

    Raises Rejected WRONG_STATE, or NOT_IN_PLAN for a product that was ordered and is missing.

    Source: Aumann and Maschler 1985 (constrained equal awards).
    """
    taken = OrderBook.objects.select_for_update().filter(
        round_number=round_number, state=OrderBook.State.TAKEN
    )
    if not taken.exists():
        raise Rejected(Refusal.WRONG_STATE, str(round_number))
    ordered = OrderLine.objects.filter(book=round_number).values_list("product", flat=True)
    if forgotten := sorted(set(ordered.distinct()) - household.keys()):
        raise Rejected(Refusal.NOT_IN_PLAN, ", ".join(forgotten))
    with connection.cursor() as cursor:
        # A book filled a moment ago has no statistics yet; without them the join below would
        # compare every line with every share.
        cursor.execute("SET LOCAL enable_nestloop = off")
        cursor.execute(
            """
            WITH wanted AS (
                SELECT line.person_id, line.product_id, line.quantity, planned.units,
                       -- what it takes to give everyone up to this line's quantity
                       sum(line.quantity) OVER up_to
                           + line.quantity * (count(*) OVER product - count(*) OVER up_to)
                           <= planned.units AS in_full
                FROM needs_orderline AS line
                JOIN unnest(%(products)s::text[], %(units)s::bigint[])
                    AS planned (product_id, units) USING (product_id)
                WHERE line.book_id = %(book)s
                WINDOW product AS (PARTITION BY line.product_id),
                       up_to AS (product ORDER BY line.quantity RANGE UNBOUNDED PRECEDING)
            ),
            share AS (
                SELECT person_id, product_id, quantity, in_full,
                       units - coalesce(sum(quantity) FILTER (WHERE in_full) OVER product, 0)
                           AS rest,
                       count(*) FILTER (WHERE NOT in_full) OVER product AS sharers,
                       row_number() OVER (
                           PARTITION BY product_id, in_full
                           ORDER BY CASE WHEN NOT in_full THEN sha256(convert_to(concat_ws(
                               ' ', %(book)s::text, product_id, person_id), 'UTF8')) END
                       ) AS place
                FROM wanted WINDOW product AS (PARTITION BY product_id)
            )
            UPDATE needs_orderline AS line
            SET allotted = CASE WHEN in_full THEN share.quantity
                ELSE div(rest, sharers) + (place <= rest %% sharers)::int END
            FROM share
            WHERE line.book_id = %(book)s AND line.person_id = share.person_id
                AND line.product_id = share.product_id
            """,
            {
                "book": round_number,
                "products": list(household),
                "units": [max(0, int(quantity)) for quantity in household.values()],
            },
        )
        cursor.execute(
            """
            INSERT INTO needs_commonshare (book_id, need_id, target, allotted, delivered)
            SELECT %s, need.code, need.quantity, least(need.quantity, planned.quantity), 0
            FROM unnest(%s::text[], %s::numeric[]) AS planned (code, quantity)
            JOIN needs_commonneed AS need ON need.code = planned.code
            ON CONFLICT (book_id, need_id) DO UPDATE
            SET target = excluded.target, allotted = excluded.allotted
            """,
            [round_number, list(common), list(common.values())],
        )
