"""Brazil: supply and use tables of the national statistics office as an economy in kind."""

from xietong.planning.sources.assumptions import Assumption
from xietong.planning.sources.brazil.assumptions import ASSUMPTIONS
from xietong.planning.sources.brazil.catalogue import LEVELS
from xietong.planning.sources.brazil.economy import (
    DESCRIPTION,
    TITLE,
    level_economy,
    package,
    source_name,
    to_economy,
)
from xietong.planning.sources.brazil.names import (
    group_names,
    industry_names,
    product_groups,
    product_names,
)
from xietong.planning.sources.brazil.supply_use import SupplyUse, read_supply_use
from xietong.planning.sources.brazil.tables import FOREIGN_CURRENCY
from xietong.planning.sources.names import Name

__all__ = [
    "ASSUMPTIONS",
    "DESCRIPTION",
    "FOREIGN_CURRENCY",
    "LEVELS",
    "TITLE",
    "Assumption",
    "Name",
    "SupplyUse",
    "group_names",
    "industry_names",
    "level_economy",
    "package",
    "product_groups",
    "product_names",
    "read_supply_use",
    "source_name",
    "to_economy",
]
