"""By which rule products reach a person in a round."""

from collections.abc import Sequence

from django.db import connection

from xietong.platform.people.models import Person
from xietong.platform.products.rules import Terms


def terms(
    person: Person | None, round_number: int | None, codes: Sequence[str]
) -> dict[str, Terms]:
    """The rule by which each of these products reaches a person in a round, by code. One query.

    What is ordered stays with the rule by which it was; anything else follows from where the
    person lives. For nobody in particular it is the rule outside trials; without a round, the
    one that the next will have.
    """
    with connection.cursor() as cursor:
        cursor.execute(
            """
            SELECT DISTINCT ON (product.code) product.code,
                   coalesce(rule.mode, product.mode),
                   CASE WHEN rule.mode IS NULL THEN product.quota ELSE rule.quota END,
                   rule.most, coalesce(rule.on_trial, false)
            FROM products_product AS product
            LEFT JOIN needs_orderline AS line ON line.product_id = product.code
                AND line.person_id = %(person)s AND line.book_id = %(round)s
            LEFT JOIN products_residence AS home ON home.person_id = %(person)s
            LEFT JOIN products_rule AS rule ON rule.product_id = product.code
                AND rule.round_number = %(round)s
                AND CASE WHEN line.book_id IS NOT NULL THEN rule.on_trial = line.on_trial
                    ELSE NOT rule.on_trial OR rule.region_id = home.region_id END
            WHERE product.code = ANY(%(codes)s)
            ORDER BY product.code, rule.on_trial DESC
            """,
            {
                "person": person.pk if person else None,
                "round": round_number,
                "codes": list(codes),
            },
        )
        return {code: Terms(*rule) for code, *rule in cursor.fetchall()}
