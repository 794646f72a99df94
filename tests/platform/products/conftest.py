from collections.abc import Callable
from typing import Any

import pytest

from xietong.platform.products import actions
from xietong.platform.products.models import Group, Product

MakeProduct = Callable[..., Product]


def product(code: str, **changes: Any) -> Product:
    """A product not yet in the catalogue: one that anybody can order for credits."""
    values = {"name_en": code.title(), "name_zh": code, "unit_en": "kg", "unit_zh": "公斤"}
    defaults = {"group_id": "food", "storable": True, "orderable": True}
    return Product(code=code, **{**values, **defaults, **changes})


@pytest.fixture
def food(db: None) -> Group:
    return actions.add_group("food", name_en="Food", name_zh="食品")


@pytest.fixture
def shelf(food: Group) -> list[Product]:
    """Five things to find."""
    actions.add_group("transport", name_en="Transport", name_zh="交通")
    return actions.add_products(
        [
            product("rice", name_en="Rice, milled", name_zh="稻米"),
            product("coffee", name_en="Roasted coffee", name_zh="焙炒咖啡"),
            product("flour", name_en="Wheat flour", name_zh="面粉", mode="quota", quota=3),
            product("bus", name_en="Bus rides", name_zh="公共汽车", group_id="transport"),
            product("ore", name_en="Iron ore", name_zh="铁矿石", orderable=False),
        ]
    )
