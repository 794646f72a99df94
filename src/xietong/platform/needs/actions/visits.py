"""What is written down when people have taken goods, of one person or of many at once."""

import json
from collections.abc import Mapping, Sequence
from uuid import UUID

from django.db import connection

from ..models import Collection


def write_down(
    visits: Sequence[Collection],
    taken: Mapping[tuple[UUID, str], tuple[int, int]],
) -> None:
    """The visits, what was taken in each, and on the orders what was collected and missed.

    `taken` gives by visit's id and product code the units taken and their cost in 1/1000
    credits. What a visit asked for and did not find is noted on the order as missed. All visits
    belong to one book.
    """
    asked = [
        (visit, code, units) for visit in visits for code, units in (visit.asked or {}).items()
    ]
    got = [taken.get((visit.id, code), (0, 0)) for visit, code, _ in asked]
    with connection.cursor() as cursor:
        cursor.execute(
            """
            WITH given AS (
                SELECT * FROM unnest(%(persons)s::uuid[], %(visits)s::uuid[],
                                     %(products)s::text[], %(asked)s::int[], %(taken)s::int[],
                                     %(costs)s::bigint[])
                    AS line (person_id, collection_id, product_id, asked, taken, cost)
            ),
            line AS (
                INSERT INTO needs_collectionline
                    (person_id, collection_id, product_id, quantity, cost)
                SELECT person_id, collection_id, product_id, taken, cost
                FROM given WHERE taken > 0
            ),
            promise AS (
                UPDATE needs_orderline AS line
                SET collected = collected + given.taken,
                    missed = greatest(missed, given.asked) - given.taken,
                    paid = paid + CASE WHEN given.cost > 0 THEN given.taken ELSE 0 END,
                    spent = spent + given.cost
                FROM given
                WHERE line.person_id = given.person_id AND line.book_id = %(book)s
                    AND line.product_id = given.product_id
            )
            INSERT INTO needs_collection (person_id, id, key, book_id, asked, cost)
            SELECT person_id, id, key, %(book)s, body::jsonb, cost
            FROM unnest(%(by)s::uuid[], %(ids)s::uuid[], %(keys)s::uuid[], %(bodies)s::text[],
                        %(sums)s::bigint[]) AS visit (person_id, id, key, body, cost)
            RETURNING id, at
            """,
            {
                "persons": [visit.person_id for visit, *_ in asked],
                "visits": [visit.id for visit, *_ in asked],
                "products": [code for _, code, _ in asked],
                "asked": [units for *_, units in asked],
                "taken": [units for units, _ in got],
                "costs": [cost for _, cost in got],
                "book": visits[0].book_id,
                "by": [visit.person_id for visit in visits],
                "ids": [visit.id for visit in visits],
                "keys": [visit.key for visit in visits],
                "bodies": [json.dumps(visit.asked) for visit in visits],
                "sums": [visit.cost for visit in visits],
            },
        )
        moments = dict(cursor.fetchall())
    for visit in visits:
        visit.at = moments[visit.id]
