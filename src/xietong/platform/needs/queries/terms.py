"""By which rule products reach a person in a round."""

from collections.abc import Sequence

from django.db import connection

from xietong.platform.people.models import Ground, Person
from xietong.platform.products.rules import Terms

from ..models import LEAST_SHARE, ShareRule

# Without a round, the rules that are the last for now.
FAR_AWAY = 10**6


def terms(
    person: Person | None, round_number: int | None, codes: Sequence[str]
) -> dict[str, Terms]:
    """The rule by which each of these products reaches a person in a round, by code. One query.

    What is ordered stays with the rule by which it was; anything else follows from where the
    person lives, and how much from what is recognised of their needs. For nobody in particular it
    is the rule outside trials; without a round, the one that the next will have.
    """
    with connection.cursor() as cursor:
        cursor.execute(
            """
            SELECT DISTINCT ON (product.code) product.code,
                   coalesce(rule.mode, product.mode),
                   CASE WHEN rule.mode IS NULL THEN product.quota ELSE rule.quota END,
                   rule.most, coalesce(rule.on_trial, false), coalesce(larger.percent, 100)
            FROM products_product AS product
            LEFT JOIN needs_orderline AS line ON line.product_id = product.code
                AND line.person_id = %(person)s AND line.book_id = %(round)s
            LEFT JOIN products_residence AS home ON home.person_id = %(person)s
            LEFT JOIN needs_larger_shares(%(asked)s) AS larger
                ON larger.person_id = %(person)s
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
                "asked": round_number or FAR_AWAY,
                "codes": list(codes),
            },
        )
        return {code: Terms(*rule) for code, *rule in cursor.fetchall()}


def share_of(person: Person, round_number: int) -> tuple[int, list[str]]:
    """What part of the usual share a person may order in a round, in percent, and by what needs.

    The needs are named only where the share is larger. One query.
    """
    with connection.cursor() as cursor:
        cursor.execute(
            """
            SELECT percent, grounds FROM needs_larger_shares(%s) WHERE person_id = %s
            """,
            [round_number, person.pk],
        )
        percent, grounds = cursor.fetchone() or (LEAST_SHARE, [])
    return int(percent), [str(Ground(ground).label) for ground in grounds]


def share_rules(round_number: int) -> list[ShareRule]:
    """The rule of each ground by which shares are larger in a round. One query."""
    found = (
        ShareRule.objects.filter(from_round__lte=round_number)
        .order_by("ground", "-from_round", "-id")
        .distinct("ground")
    )
    return sorted(found, key=lambda rule: Ground.values.index(rule.ground))
