"""Goods come into a store or leave it. The database adds up what lies there."""

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from decimal import ROUND_HALF_UP, Decimal
from itertools import groupby
from operator import attrgetter
from uuid import NAMESPACE_URL, UUID, uuid5

from django.db import IntegrityError, connection, transaction

from xietong.platform.base import Rejected, constraint_of, uuid7

from ..models import Movement, Stock
from ..rules import THOUSANDTH, Refusal


@dataclass(frozen=True, slots=True)
class Taken:
    """What was drawn of a product from one enterprise's store."""

    product: str
    enterprise: str
    quantity: Decimal


@dataclass(frozen=True, slots=True)
class Counted:
    """What was found of a product in one enterprise's store; quantity above 0."""

    enterprise: str
    product: str
    quantity: Decimal


@transaction.atomic(savepoint=False)
def take(
    region: str | None,
    quantities: Mapping[str, Decimal | int],
    *,
    kind: Movement.Kind,
    source: UUID,
    round_number: int,
    whole_units: bool = False,
) -> list[Taken]:
    """Draw goods from stores, the fullest of a region first, as far as they reach.

    Args:
        region: code of the region; None for all, region after region by code.
        quantities: by product code, what is wanted.
        kind: why the goods leave: used, collected or delivered.
        source: the report, collection or delivery; it can draw from a store only once.
        round_number: the round in which the goods leave.
        whole_units: of each product take whole units only, in each region.

    Returns what was taken from where, at most what was wanted: less if the stores hold less.
    Raises Rejected KEY_USED if the source has drawn before.
    """
    stores = (
        Stock.objects.select_for_update()
        .filter(product_id__in=quantities, quantity__gt=0)
        # Everyone locks in this order, so that draws that cross wait and never block each other.
        .order_by("product_id", "enterprise_id")
    )
    if region is not None:
        stores = stores.filter(region_id=region)
    taken: list[Taken] = []
    for product, found in groupby(stores, key=attrgetter("product_id")):
        taken += _draw(product, list(found), Decimal(quantities[product]), whole_units)
    move(
        [(drawn.product, drawn.enterprise, -drawn.quantity) for drawn in taken],
        kind=kind,
        source=source,
        round_number=round_number,
        again=Refusal.KEY_USED,
    )
    return taken


def _draw(
    product: str, stores: Sequence[Stock], wanted: Decimal, whole_units: bool
) -> Iterator[Taken]:
    in_turn = sorted(stores, key=lambda store: (store.region_id, -store.quantity))
    for _, region in groupby(in_turn, key=attrgetter("region_id")):
        there = list(region)
        left = min(wanted, sum((store.quantity for store in there), Decimal(0)))
        if whole_units:
            left = left // 1
        wanted -= left
        for store in there:
            if left <= 0:
                break
            part = min(left, store.quantity)
            left -= part
            yield Taken(product, store.enterprise_id, part)


@transaction.atomic
def count_opening_stock(rows: Iterable[Counted], *, round_number: int) -> int:
    """Enter what lies in the stores before the platform keeps the books; returns how many.

    `round_number` is the first round that can use it. Raises Rejected ALREADY_COUNTED if one of
    the stores has been counted before, UNKNOWN_ENTERPRISE.
    """
    return move(
        [(row.product, row.enterprise, row.quantity) for row in rows],
        kind=Movement.Kind.OPENING,
        source=uuid5(NAMESPACE_URL, "xietong:opening-stock"),
        round_number=round_number,
        again=Refusal.ALREADY_COUNTED,
    )


@transaction.atomic
def write_off(round_number: int) -> int:
    """Take the losses of a round out of all stores; returns how many stores lost something.

    What cannot be stored is lost whole; of the rest each product's loss share, to the nearest
    thousandth. Raises Rejected ALREADY_WRITTEN_OFF for a round whose losses are written off.
    """
    stores = (
        Stock.objects.select_for_update(of=("self",))
        .filter(quantity__gt=0)
        .select_related("product")
        .order_by("product_id", "enterprise_id")
    )
    lost = (
        (store, store.product.loss if store.product.storable else Decimal(1)) for store in stores
    )
    return move(
        [
            (store.product_id, store.enterprise_id, -quantity)
            for store, share in lost
            if (quantity := (store.quantity * share).quantize(THOUSANDTH, ROUND_HALF_UP))
        ],
        kind=Movement.Kind.LOSS,
        source=uuid5(NAMESPACE_URL, f"xietong:losses:{round_number}"),
        round_number=round_number,
        again=Refusal.ALREADY_WRITTEN_OFF,
    )


def move(
    rows: Iterable[tuple[str, str, Decimal]],
    *,
    kind: Movement.Kind,
    source: UUID,
    round_number: int,
    again: Refusal,
) -> int:
    """Write movements of (product, enterprise, signed quantity); returns how many.

    Raises Rejected with `again` if the source has moved one of these before, UNKNOWN_ENTERPRISE.
    """
    moved = sorted(rows)
    if not moved:
        return 0
    products, enterprises, quantities = zip(*moved, strict=True)
    try:
        with connection.cursor() as cursor:
            cursor.execute(
                """
                INSERT INTO enterprises_movement
                    (id, region_id, product_id, enterprise_id, round_number, kind, quantity, source)
                SELECT given.id, place.region_id, given.product, place.code, %s, %s,
                       given.quantity, %s
                FROM unnest(%s::uuid[], %s::text[], %s::text[], %s::numeric[])
                    AS given (id, product, enterprise, quantity)
                JOIN enterprises_enterprise AS place ON place.code = given.enterprise
                ORDER BY given.product, given.enterprise
                """,
                [
                    round_number,
                    kind,
                    source,
                    [uuid7() for _ in moved],
                    list(products),
                    list(enterprises),
                    list(quantities),
                ],
            )
            written: int = cursor.rowcount
    except IntegrityError as error:
        if constraint_of(error) == "enterprises_movement_once":
            raise Rejected(again) from error
        raise
    if written < len(moved):
        raise Rejected(Refusal.UNKNOWN_ENTERPRISE)
    return written
