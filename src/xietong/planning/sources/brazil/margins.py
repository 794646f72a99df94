"""Trade and transport margins as services that a unit of a product takes on its way to its user."""

import numpy as np

from xietong.planning.sources.brazil import assumptions as assumed
from xietong.planning.sources.brazil.blocks import ROUNDING, Array
from xietong.planning.sources.brazil.supply_use import SupplyUse
from xietong.planning.sources.errors import SourceError


def margin_services(table: SupplyUse) -> Array:
    """Return the trade and transport services that bring one unit of a product to its user.

    Takes the tables; returns (P, P): units of the row's service for a unit of the column's product.
    Raises SourceError if the goods that vehicle trade sells have less margin than it hands out.
    """
    place = {product: i for i, product in enumerate(table.products)}
    received = np.zeros((len(place), len(place)))

    vehicles = place[assumed.VEHICLE_TRADE.value]
    rest = np.maximum(table.trade_margins, 0.0)
    left = -table.trade_margins[vehicles]
    for product in assumed.VEHICLE_TRADE_GOODS.value:
        received[vehicles, place[product]] = min(left, rest[place[product]])
        left -= received[vehicles, place[product]]
    if left > ROUNDING:
        raise SourceError(
            f"vehicle trade hands out {left:,.0f} million more in margins than its goods receive",
            f"汽车商业的费用比其商品所负担的多 {left:,.0f} 百万",
        )
    rest -= received[vehicles]

    general = np.maximum(-table.trade_margins, 0.0)
    general[vehicles] = 0.0
    carriers = np.maximum(-table.transport_margins, 0.0)
    received += np.outer(general / general.sum(), rest)
    received += np.outer(carriers / carriers.sum(), np.maximum(table.transport_margins, 0.0))
    return received / table.supply
