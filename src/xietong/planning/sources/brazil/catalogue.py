"""The products of each level of detail: names, who cannot do without them, and what keeps.

Level 68 is the finest, with 128 products; 51 has 107, and 20 and 12 as many products as
industries.
"""

import csv
from dataclasses import dataclass
from functools import cache
from importlib import resources

from xietong.planning.sources.accounts import Product
from xietong.planning.sources.assumptions import GOODS_LOSS
from xietong.planning.sources.brazil import assumptions as assumed
from xietong.planning.sources.brazil.names import industry_names, product_groups, product_names
from xietong.planning.sources.names import Name

FINEST = 68
UNCODED = 51  # its workbooks give names alone
LEVELS = {
    12: range(2000, 2022),
    20: range(2010, 2022),
    51: range(2000, 2022),
    68: range(2010, 2022),
}


@dataclass(frozen=True)
class Catalogue:
    """Products, the labels of their rows in the workbooks, and the tier that households need them
    in; `industries` are the codes of the columns."""

    products: tuple[Product, ...]
    labels: tuple[str, ...]
    tiers: tuple[str, ...]
    industries: tuple[str, ...]

    @property
    def codes(self) -> tuple[str, ...]:
        """The codes of the products."""
        return tuple(product.code for product in self.products)


@cache
def catalogue(level: int) -> Catalogue:
    """Return the catalogue of a level, one of LEVELS."""
    if level == FINEST:
        return _finest()
    text = resources.files(__package__).joinpath(f"level_{level}.csv").read_text(encoding="utf-8")
    rows = list(csv.DictReader(text.splitlines()))
    coded = level != UNCODED
    return Catalogue(
        tuple(
            Product(
                row["product"], Name(row["name_en"], row["name_zh"]), _keeps(row["kind"]),
                _loss(row["kind"]),
            )
            for row in rows
        ),
        tuple(row["product" if coded else "label"] for row in rows),
        tuple(row["tier"] for row in rows),
        tuple(row["product"] for row in rows) if coded else _numbers(level),
    )  # fmt: skip


def _finest() -> Catalogue:
    codes = tuple(product_names())
    basic = {product for kind in assumed.BASIC_PRODUCTS.value.values() for product in kind}
    kinds = ["service" if not _kept(code) else _kind(code) for code in codes]
    return Catalogue(
        tuple(
            Product(code, product_names()[code], _keeps(kind), _loss(kind))
            for code, kind in zip(codes, kinds, strict=True)
        ),
        codes,
        tuple("basic" if code in basic else "personal" for code in codes),
        tuple(industry_names()),
    )


def _kept(code: str) -> bool:
    if code in assumed.SPOILS.value:
        return False
    return code < assumed.FIRST_SERVICE.value or code in assumed.GOODS_AMONG_SERVICES.value


def _kind(code: str) -> str:
    return "food" if product_groups()[code] in ("farm", "food") else "good"


def _keeps(kind: str) -> bool:
    return kind in ("good", "food")


def _loss(kind: str) -> float:
    return {"food": assumed.FOOD_LOSS.value, "good": GOODS_LOSS.value}.get(kind, 0.0)


def _numbers(count: int) -> tuple[str, ...]:
    return tuple(f"{place:02}" for place in range(1, count + 1))
