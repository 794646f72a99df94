"""What all persons and common needs together asked for, were promised and got in a round."""

from dataclasses import dataclass

from django.db import connection
from django.db.models import Sum

from ..models import CommonNeed, CommonShare, OrderBook, OrderLine

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
    """Units that all persons together ordered in a round, by product code."""
    return dict(
        OrderLine.objects.filter(book=round_number)
        .values_list("product")
        .annotate(units=Sum("quantity"))
        .order_by("product")
    )


def common_demand() -> list[CommonNeed]:
    """What is needed in common each round, by code."""
    return list(CommonNeed.objects.select_related("product"))


@dataclass(frozen=True)
class Ordered:
    """Units of a product in a round: asked for, promised, and not met (cut or missed)."""

    units: int
    promised: int
    unmet: int


NOTHING_ORDERED = Ordered(0, 0, 0)


def ordered(round_number: int) -> dict[str, Ordered]:
    """What became of all orders of a round, by product; nothing of a round without a book."""
    with connection.cursor() as cursor:
        cursor.execute(
            """
            SELECT product_id, sum(quantity)::bigint, coalesce(sum(allotted), 0)::bigint,
                   sum(quantity - coalesce(allotted, 0) + missed)::bigint
            FROM needs_orderline WHERE book_id = %s GROUP BY product_id
            """,
            [round_number],
        )
        return {product: Ordered(*counts) for product, *counts in cursor.fetchall()}


def common_shares(round_number: int) -> list[CommonShare]:
    """What a round promises to common needs, each with its need."""
    return list(CommonShare.objects.filter(book=round_number).select_related("need"))


def cost_of_allotments(round_number: int) -> int:
    """1/1000 credits that everything promised to persons in a round costs at its prices."""
    with connection.cursor() as cursor:
        cursor.execute(
            """
            SELECT coalesce(sum(line.allotted * price.amount), 0)::bigint
            FROM needs_orderline AS line
            JOIN products_product AS product ON product.code = line.product_id
            JOIN credits_price AS price ON price.product_id = line.product_id
                AND price.round_number = line.book_id
            WHERE line.book_id = %s AND product.mode = 'credits'
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
            SELECT tier, count(*), avg(promised), avg(reached)
            FROM (
                SELECT product.tier, line.allotted::float / line.quantity AS promised,
                       CASE WHEN line.allotted IS NOT NULL
                            THEN line.collected::float / line.quantity END AS reached
                FROM needs_orderline AS line
                JOIN products_product AS product ON product.code = line.product_id
                WHERE line.book_id = %(round)s
                UNION ALL
                SELECT need.tier, share.allotted::float / share.target,
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
