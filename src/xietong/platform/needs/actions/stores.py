"""Drawing goods for people and for common needs from wherever they lie."""

from collections.abc import Mapping
from decimal import Decimal
from uuid import UUID

from xietong.platform.enterprises import actions as enterprises
from xietong.platform.enterprises.models import Movement


def draw(
    wanted: Mapping[str, Decimal],
    *,
    kind: Movement.Kind,
    source: UUID,
    round_number: int,
    whole_units: bool = False,
) -> dict[str, Decimal]:
    """What the stores of all regions gave of each product, region after region, by code.

    Takes what `enterprises.actions.take` takes, and returns at most what is wanted.
    """
    given: dict[str, Decimal] = {}
    for part in enterprises.take(
        None,
        wanted,
        kind=kind,
        source=source,
        round_number=round_number,
        whole_units=whole_units,
    ):
        given[part.product] = given.get(part.product, Decimal(0)) + part.quantity
    return given
