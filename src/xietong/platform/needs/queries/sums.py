"""What all persons and common needs together asked for, were promised and got in a round."""

from dataclasses import dataclass

from django.db import connection

from xietong.platform import base

from ..models import CommonNeed, OrderBook

TIERS = ("basic", "public", "personal", "reserve")


@dataclass(frozen=True)
class TierMet:
    """How far the needs of one tier were met in a round: mean shares of what each need asked.

    `needs` counts order lines, or common needs; a share is None before the plan is adopted.
    """

    tier: str
    needs: int
    promised: float | None
    reached: float | None


def open_round() -> int | None:
    """The round that takes orders now."""
    return _round_in(OrderBook.State.OPEN)


def collecting_round() -> int | None:
    """The round whose goods can be collected now."""
    return _round_in(OrderBook.State.COLLECTING)


def household_demand(round_number: int) -> dict[str, int]:
    """Units that all persons together ordered in a round, by product code, as others may read it.

    Of what fewer than ten persons ordered, the units are rounded up to tens, so that nobody's
    own wish can be told from them.
    """
    with connection.cursor() as cursor:
        cursor.execute(
            """
            SELECT product_id, CASE WHEN persons >= %(cell)s THEN asked
                ELSE (asked + %(cell)s - 1) / %(cell)s * %(cell)s END
            FROM needs_sum WHERE book_id = %(round)s ORDER BY product_id
            """,
            {"round": round_number, "cell": base.SMALLEST_CELL},
        )
        return dict(cursor.fetchall())


def common_demand() -> list[CommonNeed]:
    """What is needed in common each round, by code."""
    return list(CommonNeed.objects.select_related("product"))


def cost_of_allotments(round_number: int) -> int:
    """1/1000 credits that everything promised to persons in a round costs at its prices."""
    with connection.cursor() as cursor:
        cursor.execute(
            """
            SELECT coalesce(sum(line.allotted * price.amount), 0)::bigint
            FROM needs_orderline AS line
            JOIN products_rule AS rule ON rule.round_number = line.book_id
                AND rule.product_id = line.product_id AND rule.on_trial = line.on_trial
            JOIN credits_price AS price ON price.product_id = line.product_id
                AND price.round_number = line.book_id
            WHERE line.book_id = %s AND rule.mode = 'credits'
            """,
            [round_number],
        )
        (cost,) = cursor.fetchone()
    return int(cost)


def needs_met_by_tier(round_number: int) -> list[TierMet]:
    """How far each tier's needs were met in a round, in the order in which the plan meets them.

    Every order line and every common need counts alike, so that a small wish weighs as much as a
    large one.
    """
    with connection.cursor() as cursor:
        cursor.execute(
            """
            SELECT tier, sum(needs)::bigint, sum(promised) / sum(needs), sum(reached) / sum(needs)
            FROM (
                SELECT product.tier, ordered.persons AS needs,
                       ordered.promised_shares AS promised, ordered.reached_shares AS reached
                FROM needs_sum AS ordered
                JOIN products_product AS product ON product.code = ordered.product_id
                WHERE ordered.book_id = %(round)s
                UNION ALL
                SELECT need.tier, 1, share.allotted::float / share.target,
                       share.delivered::float / share.target
                FROM needs_commonshare AS share
                JOIN needs_commonneed AS need ON need.code = share.need_id
                WHERE share.book_id = %(round)s
            ) AS need
            GROUP BY tier
            """,
            {"round": round_number},
        )
        found = {row[0]: TierMet(*row) for row in cursor.fetchall()}
    return [found[tier] for tier in TIERS if tier in found]


def _round_in(state: OrderBook.State) -> int | None:
    return (
        OrderBook.objects.filter(state=state)
        .order_by("round_number")
        .values_list("round_number", flat=True)
        .first()
    )
