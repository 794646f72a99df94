"""What the products of the United States' detailed tables are called, and what kind they are."""

import csv
from collections.abc import Mapping
from functools import cache
from importlib import resources

from xietong.planning.sources.accounts import Product
from xietong.planning.sources.assumptions import GOODS_LOSS
from xietong.planning.sources.names import Name
from xietong.planning.sources.us import assumptions as assumed


@cache
def chinese_names() -> Mapping[str, str]:
    """Return the Chinese name of each product and industry by its code."""
    text = resources.files(__package__).joinpath("names.csv").read_text(encoding="utf-8")
    return {row["product"]: row["name_zh"] for row in csv.DictReader(text.splitlines())}


def product(code: str, name: str) -> Product:
    """Return the product of this code; `name` is its English name."""
    keeps = (
        code.startswith(assumed.GOODS.value)
        and code not in assumed.NO_GOODS.value
        and code not in assumed.SPOILS.value
    )
    loss = assumed.FOOD_LOSS if code.startswith(assumed.FOODS.value) else GOODS_LOSS
    zh = chinese_names().get(code, name)
    return Product(code, Name(" ".join(name.split()), zh), keeps, loss.value if keeps else 0.0)


def household_tiers(codes: tuple[str, ...]) -> tuple[str, ...]:
    """Return the tier in which each product counts that households take."""
    basic = {code for kind in assumed.BASIC_PRODUCTS.value.values() for code in kind}
    return tuple("basic" if code in basic else "personal" for code in codes)
