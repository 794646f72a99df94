"""Trade and transport margins as services that a unit of a product takes on its way to its user."""

import numpy as np

from xietong.planning.sources.brazil import assumptions as assumed
from xietong.planning.sources.brazil.blocks import ROUNDING, Array
from xietong.planning.sources.brazil.supply_use import SupplyUse
from xietong.planning.sources.errors import SourceError

BEYOND = 0.01


def margin_services(table: SupplyUse) -> Array:
    """Return the trade and transport services that bring one unit of a product to its user.

    Takes the tables; returns (P, P): units of the row's service for a unit of the column's product.
    Raises SourceError if the goods that vehicle trade sells have less margin than it hands out.
    """
    place = {product: i for i, product in enumerate(table.products)}
    received = np.zeros((len(place), len(place)))

    rest = np.maximum(table.trade_margins, 0.0)
    general = np.maximum(-table.trade_margins, 0.0)
    # Only the finest tables tell trade in vehicles from other trade.
    if assumed.VEHICLE_TRADE.value in place:
        vehicles = place[assumed.VEHICLE_TRADE.value]
        left = general[vehicles]
        for product in assumed.VEHICLE_TRADE_GOODS.value:
            received[vehicles, place[product]] = min(left, rest[place[product]])
            left -= received[vehicles, place[product]]
        if left > ROUNDING + BEYOND * general[vehicles]:
            raise SourceError(
                f"vehicle trade hands out {left:,.0f} million more in margins than its goods "
                "receive",
                f"汽车商业的费用比其商品所负担的多 {left:,.0f} 百万",
            )
        rest -= received[vehicles]
        # A little more than its goods receive, as in 2016, belongs to other goods.
        general[vehicles] = left
    carriers = np.maximum(-table.transport_margins, 0.0)
    received += np.outer(general / general.sum(), rest)
    received += np.outer(carriers / carriers.sum(), np.maximum(table.transport_margins, 0.0))
    return received / table.supply
