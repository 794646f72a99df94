"""The fair share: how much of what is free or by quota one person may order in a round."""

from uuid import UUID

from django.db import IntegrityError, connection, transaction

from xietong.platform.base import Rejected
from xietong.platform.record.actions import submit
from xietong.platform.record.models import Parameter

from ..models import ShareRule
from ..rules import Refusal

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


@transaction.atomic
def set_share_rule(
    ground: str, *, percent: int, from_round: int, reason: str, motion: UUID | None = None
) -> ShareRule:
    """Lay down what part of the usual share a recognised need gives, and put it on record.

    `percent` of what everyone may order of what is free or by quota, from 100 to 300; of a round
    whose orders are not taken yet, and those after it. Raises Rejected SHARE_OUT_OF_BOUNDS.
    """
    try:
        with transaction.atomic():
            rule = ShareRule.objects.create(
                ground=ground, percent=percent, from_round=from_round, reason=reason, motion=motion
            )
    except IntegrityError as error:
        raise Rejected(Refusal.SHARE_OUT_OF_BOUNDS, f"{ground}: {percent} %") from error
    submit(
        "share-rule",
        {"ground": ground, "percent": percent, "from_round": from_round, "reason": reason},
    )
    return rule
