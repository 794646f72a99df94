"""Reading orders: sums for the planner and the opsroom, and each person's own."""

from dataclasses import dataclass
from datetime import datetime
from typing import Any, TypeVar
from uuid import UUID

from django.core.paginator import Page, Paginator
from django.db import connection
from django.db.models import Count, F, Q, Sum

from xietong.platform.people.models import Person

from .models import Collection, CollectionLine, CommonNeed, OrderBook, OrderLine

T = TypeVar("T")

ROUNDS_A_PAGE = 6
VISITS_A_PAGE = 10
TIERS = ("basic", "public", "personal", "reserve")


@dataclass(frozen=True)
class Fate:
    """What became of one person's order of one round, in numbers of products.

    `promised`, `collected` count what was promised, collected in full; `cut` what the plan could
    not promise in full, `missed` what was promised but not there.
    """

    round_number: int
    state: str
    asked: int
    promised: int
    cut: int
    collected: int
    missed: int
    carried: int

    @property
    def state_label(self) -> str:
        return str(OrderBook.State(self.state).label)


@dataclass(frozen=True)
class Visit:
    """One collection, with the goods taken; costs in 1/1000 credits."""

    id: UUID
    round_number: int
    cost: int
    at: datetime
    lines: tuple[CollectionLine, ...]


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


def order_of(person: Person, round_number: int) -> list[OrderLine]:
    """What a person ordered in a round, with its products, by shelf and code."""
    return list(
        OrderLine.objects.filter(person=person, book=round_number)
        .select_related("product")
        .order_by("product__group", "product")
    )


def quantities_of(person: Person, round_number: int) -> dict[str, int]:
    """Units that a person has ordered in a round, by product code."""
    return dict(
        OrderLine.objects.filter(person=person, book=round_number).values_list(
            "product", "quantity"
        )
    )


def what_became_of(person: Person, page: int | str = 1) -> "Page[Fate]":
    """A person's orders by round, the newest first, and what became of them."""
    rounds = (
        OrderLine.objects.filter(person=person)
        .values(round_number=F("book"), state=F("book__state"))
        .annotate(
            asked=Count("product"),
            promised=Count("product", filter=Q(allotted=F("quantity"))),
            cut=Count("product", filter=Q(allotted__lt=F("quantity"))),
            collected=Count("product", filter=Q(collected=F("quantity"))),
            missed=Count("product", filter=Q(missed__gt=0)),
            carried=Count("product", filter=Q(carried__gt=0)),
        )
        .order_by("-book")
    )
    found = Paginator(rounds, ROUNDS_A_PAGE).get_page(page)
    return _page(found, [Fate(**counts) for counts in found.object_list])


def visits_of(person: Person, page: int | str = 1) -> "Page[Visit]":
    """A person's collections, the newest first, each with what was taken."""
    found = Paginator(Collection.objects.filter(person=person), VISITS_A_PAGE).get_page(page)
    return _page(found, _visits(person, list(found.object_list)))


def visit(collection: Collection) -> Visit:
    """One collection with what was taken."""
    return _visits(collection.person, [collection])[0]


def _visits(person: Person, collections: list[Collection]) -> list[Visit]:
    lines = CollectionLine.objects.filter(
        person=person, collection_id__in=[collection.id for collection in collections]
    ).select_related("product")
    taken: dict[UUID, list[CollectionLine]] = {}
    for line in lines.order_by("product"):
        taken.setdefault(line.collection_id, []).append(line)
    return [
        Visit(
            id=collection.id,
            round_number=collection.book_id,
            cost=collection.cost,
            at=collection.at,
            lines=tuple(taken.get(collection.id, ())),
        )
        for collection in collections
    ]


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


def _page(found: "Page[Any]", items: list[T]) -> "Page[T]":
    """The same page of a list, with what stands for each of its rows."""
    return Page(items, found.number, found.paginator)


def _round_in(state: OrderBook.State) -> int | None:
    return (
        OrderBook.objects.filter(state=state)
        .order_by("round_number")
        .values_list("round_number", flat=True)
        .first()
    )
