"""What all persons and common needs together asked for, were promised and got in a round."""

from dataclasses import dataclass

from django.db import connection

from xietong.platform import base

from ..models import CommonNeed, CommonShare, OrderBook

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


@dataclass(frozen=True)
class Ordered:
    """Units of a product in a round: asked for, not met of that (cut or missed), and collected.

    Where fewer than ten persons ordered, nothing is said of their orders, and what they collected
    is rounded up to tens.
    """

    units: int
    unmet: int
    collected: int


NOTHING_ORDERED = Ordered(0, 0, 0)


def ordered(round_number: int) -> dict[str, Ordered]:
    """What became of all orders of a round, by product, as others may read it."""
    with connection.cursor() as cursor:
        cursor.execute(
            """
            SELECT product_id,
                   CASE WHEN few THEN 0 ELSE asked END,
                   CASE WHEN few THEN 0 ELSE asked - promised + missed END,
                   CASE WHEN few THEN (collected + %(cell)s - 1) / %(cell)s * %(cell)s
                        ELSE collected END
            FROM (
                SELECT product_id, sum(persons) < %(cell)s AS few, sum(asked)::bigint AS asked,
                       coalesce(sum(promised), 0)::bigint AS promised,
                       sum(missed)::bigint AS missed, sum(collected)::bigint AS collected
                FROM needs_sum WHERE book_id = %(round)s GROUP BY product_id
            ) AS product
            """,
            {"round": round_number, "cell": base.SMALLEST_CELL},
        )
        return {product: Ordered(*counts) for product, *counts in cursor.fetchall()}


def common_shares(round_number: int) -> list[CommonShare]:
    """What a round promises to common needs, each with its need."""
    return list(CommonShare.objects.filter(book=round_number).select_related("need"))


def promised_on_trial(round_number: int) -> dict[str, int]:
    """Units promised to people of trial regions by quota or freely, by product, as all may read it.

    Where fewer than ten persons ordered on the trial, or beside it, nothing is told apart.
    """
    with connection.cursor() as cursor:
        cursor.execute(
            """
            SELECT line.product_id,
                   coalesce(sum(line.allotted) FILTER (WHERE line.on_trial), 0)::bigint
            FROM needs_orderline AS line
            WHERE line.book_id = %(round)s AND line.product_id IN (
                SELECT product_id FROM products_rule WHERE round_number = %(round)s AND on_trial)
            GROUP BY line.product_id
            HAVING count(*) FILTER (WHERE line.on_trial) >= %(cell)s
               AND count(*) FILTER (WHERE NOT line.on_trial) NOT BETWEEN 1 AND %(cell)s - 1
            """,
            {"round": round_number, "cell": base.SMALLEST_CELL},
        )
        return dict(cursor.fetchall())


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
