"""The fair share of what is free: how much of it one person may order in a round."""

from django.db import connection

from xietong.platform.record.models import Parameter

ROUNDS_COUNTED = 3
MOST_FREE_SHARE = "most_free_share"


def fair_shares() -> dict[str, int]:
    """Units a person may order of each product that is free somewhere, by code.

    So many times what those who took it took on the mean, in the rounds settled last; at least
    one. What nobody has taken yet has no limit, and nothing has before the parameter is there.
    """
    times = Parameter.objects.filter(code=MOST_FREE_SHARE).values_list("value", flat=True).first()
    if times is None:
        return {}
    with connection.cursor() as cursor:
        cursor.execute(
            """
            WITH free AS (
                SELECT code AS product_id FROM products_product WHERE mode = 'free'
                UNION
                SELECT product_id FROM products_trial WHERE mode = 'free' AND ended_round IS NULL
            ),
            settled AS (
                SELECT round_number FROM needs_orderbook WHERE state = 'settled'
                ORDER BY round_number DESC LIMIT %(rounds)s
            )
            SELECT product_id, greatest(1, ceil(sum(collected) * %(times)s / sum(takers)))::int
            FROM needs_roundsum JOIN free USING (product_id)
            WHERE book_id IN (SELECT round_number FROM settled)
            GROUP BY product_id HAVING sum(takers) > 0
            """,
            {"rounds": ROUNDS_COUNTED, "times": times},
        )
        return dict(cursor.fetchall())
