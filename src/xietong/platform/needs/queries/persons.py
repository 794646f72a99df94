"""What one person ordered and collected, and what became of it."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime
from typing import Any, TypeVar
from uuid import UUID

from django.core.paginator import Page, Paginator
from django.db import connection
from django.db.models import Count, F, Q

from xietong.platform.people.models import Person

from ..models import Collection, CollectionLine, OrderBook, OrderLine, Standing

T = TypeVar("T")

ROUNDS_A_PAGE = 6
VISITS_A_PAGE = 10


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
    def is_planned(self) -> bool:
        """Whether a plan has promised anything yet, or nothing."""
        return self.state in (OrderBook.State.COLLECTING, OrderBook.State.SETTLED)

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


def order_of(person: Person, round_number: int) -> list[OrderLine]:
    """What a person ordered in a round, with its products, by shelf and code."""
    return list(
        OrderLine.objects.filter(person=person, book=round_number)
        .select_related("product")
        .order_by("product__group", "product")
    )


def quantities_of(
    person: Person, round_number: int, products: Iterable[str] | None = None
) -> dict[str, int]:
    """Units that a person has ordered in a round of these products, or of all, by code."""
    lines = OrderLine.objects.filter(person=person, book=round_number)
    if products is not None:
        lines = lines.filter(product__in=products)
    return dict(lines.values_list("product", "quantity"))


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


def goods_of(collection: Collection) -> list[tuple[str, int, int]]:
    """What was taken in one collection: product by code, units, cost in 1/1000 credits."""
    with connection.cursor() as cursor:
        # Each program's visit ends with it: building the same query anew would take longest.
        cursor.execute(
            """
            SELECT product_id, quantity, cost FROM needs_collectionline
            WHERE person_id = %s AND collection_id = %s ORDER BY product_id
            """,
            [collection.person_id, collection.id],
        )
        return list(cursor.fetchall())


def standing_of(person: Person) -> Standing:
    """What a person does not want to say anew each round; nothing, if they have never said."""
    return Standing.objects.filter(person=person).first() or Standing(person=person)


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


def _page(found: "Page[Any]", items: list[T]) -> "Page[T]":
    """The same page of a list, with what stands for each of its rows."""
    return Page(items, found.number, found.paginator)
