"""What goods cost, what they cost before, and why."""

from collections.abc import Collection
from dataclasses import dataclass
from decimal import Decimal
from itertools import zip_longest
from typing import cast

from django.core.paginator import Page, Paginator
from django.db.models import F, OuterRef, Subquery

from xietong.platform.products.queries import in_alphabet, matching

from ..models import Price

PRICES_A_PAGE = 40
PRICES_SHOWN = 12


@dataclass(frozen=True)
class PriceLine:
    """A price with its product and what it was in the round before, if it had one."""

    price: Price
    before: int | None

    @property
    def change(self) -> float | None:
        """By what share it rose, or fell."""
        return self.price.amount / self.before - 1 if self.before else None


def price_list(round_number: int, products: Collection[str] | None = None) -> dict[str, int]:
    """1/1000 credits a unit by product code, of these products or all.

    What has no price in the round is absent.
    """
    prices = Price.objects.filter(round_number=round_number)
    if products is not None:
        prices = prices.filter(product__in=products)
    return dict(prices.values_list("product_id", "amount"))


def factors(round_number: int) -> dict[str, Decimal]:
    """By product, the factor by which its price left the labour value in a round."""
    return dict(Price.objects.filter(round_number=round_number).values_list("product_id", "factor"))


def prices(
    round_number: int, search: str = "", order: str = "name", page: int | str = 1
) -> "Page[PriceLine]":
    """A page of a round's prices, each with its product. Two queries.

    `search` is as in the catalogue; `order` is "name", "risen" (what rose most comes first) or
    "fallen".
    """
    before = Price.objects.filter(round_number=round_number - 1, product=OuterRef("product"))
    found = (
        Price.objects.filter(round_number=round_number, product__in=matching(search))
        .select_related("product")
        .annotate(before=Subquery(before.values("amount")))
        .annotate(change=F("amount") * 1.0 / F("before"))
    )
    match order:
        case "risen":
            found = found.order_by(F("change").desc(nulls_last=True), "product")
        case "fallen":
            found = found.order_by(F("change").asc(nulls_last=True), "product")
        case _:
            found = found.order_by(in_alphabet("product__"), "product")
    listed = Paginator(found, PRICES_A_PAGE).get_page(page)
    lines = [PriceLine(price, price.before) for price in listed]
    return Page(lines, listed.number, cast("Paginator[PriceLine]", listed.paginator))


def price_history(product: str) -> list[PriceLine]:
    """The last prices of a product, in the order of rounds."""
    prices = Price.objects.filter(product=product).select_related("product")
    found = list(prices.order_by("-round_number")[: PRICES_SHOWN + 1])
    befores = [price.amount for price in found[1:]]
    lines = [PriceLine(*line) for line in zip_longest(found, befores)]
    return lines[:PRICES_SHOWN][::-1]


def latest_priced_round() -> int | None:
    """The newest round that has prices."""
    return Price.objects.order_by("-round_number").values_list("round_number", flat=True).first()
