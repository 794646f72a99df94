"""Goods come into a store or leave it. The database adds up what lies there."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from decimal import ROUND_HALF_UP, Decimal
from uuid import NAMESPACE_URL, UUID, uuid5

from django.db import IntegrityError, connection, transaction

from xietong.platform.base import Rejected, constraint_of, uuid7

from ..models import Movement, Stock
from ..rules import THOUSANDTH, Refusal

# Everyone locks stores by product and enterprise, so that draws that cross wait and never block
# each other. Each movement's id begins as the one given, with its time, and ends by chance.
DRAW = """
    WITH store AS MATERIALIZED (
        SELECT stock.product_id, stock.region_id, stock.enterprise_id, stock.quantity,
               wanted.quantity AS wanted
        FROM unnest(%(products)s::text[], %(wanted)s::numeric[]) AS wanted (product_id, quantity)
        JOIN enterprises_stock AS stock ON stock.product_id = wanted.product_id
        WHERE stock.quantity > 0
            AND (%(region)s::text IS NULL OR stock.region_id = %(region)s::text)
        ORDER BY stock.product_id, stock.enterprise_id
        FOR UPDATE OF stock
    ),
    held AS (
        SELECT product_id, region_id,
               CASE WHEN %(whole_units)s THEN floor(sum(quantity)) ELSE sum(quantity) END AS there
        FROM store GROUP BY product_id, region_id
    ),
    region AS (
        SELECT *, sum(there) OVER (PARTITION BY product_id ORDER BY region_id) - there AS before
        FROM held
    ),
    drawn AS (
        SELECT store.*,
               least(
                   quantity,
                   least(there, wanted - before) - (sum(quantity) OVER fullest_first - quantity)
               ) AS taken
        FROM store JOIN region USING (product_id, region_id)
        WINDOW fullest_first AS (
            PARTITION BY store.product_id, store.region_id ORDER BY quantity DESC, enterprise_id
        )
    )
    INSERT INTO enterprises_movement
        (id, region_id, product_id, enterprise_id, round_number, kind, quantity, source)
    SELECT overlay(gen_random_uuid()::text PLACING left(%(id)s::text, 15) FROM 1)::uuid,
           region_id, product_id, enterprise_id, %(round)s, %(kind)s, -taken, %(source)s
    FROM drawn WHERE taken > 0
    ORDER BY product_id, enterprise_id
    RETURNING product_id, enterprise_id, -quantity
"""


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
    wanted = [Decimal(quantity) for quantity in quantities.values()]
    try:
        with connection.cursor() as cursor:
            cursor.execute(
                DRAW,
                {
                    "products": list(quantities),
                    "wanted": [quantity // 1 for quantity in wanted] if whole_units else wanted,
                    "whole_units": whole_units,
                    "region": region,
                    "round": round_number,
                    "kind": kind,
                    "source": source,
                    "id": uuid7(),
                },
            )
            taken = [Taken(*row) for row in cursor.fetchall()]
    except IntegrityError as error:
        if constraint_of(error) == "enterprises_movement_once":
            raise Rejected(Refusal.KEY_USED) from error
        raise
    return sorted(taken, key=lambda drawn: (drawn.product, -drawn.quantity))


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
