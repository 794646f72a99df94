"""Reading the catalogue."""

import re
from collections.abc import Sequence
from typing import Literal

from django.core.paginator import Page, Paginator
from django.db.models import F, Q, QuerySet
from django.db.models.functions import Collate, Lower
from django.utils.translation import get_language

from xietong.platform.people.models import Person

from .models import Change, Group, Product, Region, Trial

PRODUCTS_A_PAGE = 24
Order = Literal["name", "group", "code"]


def catalogue(
    search: str = "",
    group: str = "",
    mode: str = "",
    order: Order = "name",
    page: int | str = 1,
    *,
    orderable: bool | None = True,
) -> "Page[Product]":
    """Products that fit, a page of them, each with its group.

    `search` is English words or their beginnings, a part of the Chinese name, or pinyin, whole
    or as initials; an empty `group` or `mode` is any. By default only what people order for
    themselves; `orderable=None` is all. Names sort in the reader's language.
    """
    found = Product.objects.select_related("group")
    if orderable is not None:
        found = found.filter(orderable=orderable)
    if group:
        found = found.filter(group=group)
    if mode:
        found = found.filter(mode=mode)
    return Paginator(_ordered(matching(search, found), order), PRODUCTS_A_PAGE).get_page(page)


def groups() -> list[Group]:
    """The shelves that hold something to order."""
    return list(Group.objects.filter(products__orderable=True).distinct())


def products(codes: Sequence[str]) -> dict[str, Product]:
    """The products with these codes, by code; those that are not there are missing."""
    return Product.objects.in_bulk(codes)


def residence_of(person: Person) -> Region | None:
    """The region in which a person lives, if that is written down."""
    return Region.objects.filter(residents=person.pk).first()


def regions() -> list[Region]:
    """Every region, by code."""
    return list(Region.objects.all())


def changes_of(product: Product) -> list[Change]:
    """How the rule of a product changed, the newest first."""
    return list(product.changes.all())


def latest_change(product: Product) -> Change | None:
    """How the rule of a product changed last."""
    return product.changes.first()


def trials_of(product: Product) -> list[Trial]:
    """The trials of a product with their regions, the newest first."""
    return list(product.trials.select_related("region"))


def trials_over(round_number: int) -> list[Trial]:
    """Trials that still run, and whose rounds are over with this one."""
    over = Trial.objects.filter(ended_round=None, last_round__lte=round_number)
    return list(over.select_related("product", "region"))


def matching(search: str, among: "QuerySet[Product] | None" = None) -> "QuerySet[Product]":
    """The products that a search finds, as in the catalogue; all of them for an empty one."""
    products = Product.objects.all() if among is None else among
    words = search.split()
    if not words:
        return products
    fits = Q()
    for word in words:
        fits &= (
            Q(name_en__iregex=rf"\m{re.escape(word)}") | Q(name_zh__contains=word) | Q(code=word)
        )
    letters = "".join(words).lower()
    if letters.isascii() and letters.isalnum():
        # A syllable may end after any letter: daomi and dao mi are both 稻米.
        syllables = " ?".join(letters)
        fits |= Q(pinyin__regex=rf"\m{syllables}") | Q(pinyin__regex=rf"\|[^|]*{letters}")
    return products.filter(fits)


def _ordered(products: "QuerySet[Product]", order: Order) -> "QuerySet[Product]":
    chinese = (get_language() or "").startswith("zh")
    name = Collate(F("pinyin") if chinese else Lower("name_en"), "C")
    match order:
        case "group":
            return products.order_by("group", name, "code")
        case "code":
            return products.order_by("code")
    return products.order_by(name, "code")
