"""Products as a person meets them: in the catalogue, in the basket, where they are collected."""

from collections.abc import Iterable
from dataclasses import dataclass

from django.db import connection

from xietong.platform import base
from xietong.platform.credits import queries as credits
from xietong.platform.enterprises import queries as enterprises
from xietong.platform.people.models import Person
from xietong.platform.products.models import Product
from xietong.platform.products.rules import Terms

from ..models import OrderLine
from .persons import order_of, quantities_of
from .sums import collecting_round, open_round
from .terms import terms

ROUNDS_SHOWN = 8


@dataclass(frozen=True)
class OnShelf:
    """A product, its newest price in 1/1000 credits, and units that one has ordered of it.

    The price is None for what has had none yet. `terms` is the rule by which it reaches one in
    the round that takes orders, or would in the next.
    """

    product: Product
    price: int | None
    ordered: int
    terms: Terms


@dataclass(frozen=True)
class Shelf:
    """Products with the rounds to which their prices and one's orders belong."""

    priced_round: int | None
    open_round: int | None
    rows: tuple[OnShelf, ...]


@dataclass(frozen=True)
class BasketLine:
    """A line of an open order and 1/1000 credits that it costs at the newest prices.

    The cost is 0 for what is not for credits, and None for what has had no price yet.
    """

    line: OrderLine
    cost: int | None
    terms: Terms


@dataclass(frozen=True)
class Collectable:
    """What a person was promised of a product, and what can be had of it now.

    `left` is what is promised and not yet collected, `in_store` whole units, `price` 1/1000
    credits a unit: 0 for what is not for credits.
    """

    product: Product
    promised: int
    collected: int
    missed: int
    left: int
    in_store: int
    price: int
    terms: Terms


@dataclass(frozen=True)
class Course:
    """Units that all persons asked for, were promised and collected of a product in a round.

    The last two are None where the plan has not said yet, and all three where fewer than ten
    persons asked; `price` is 1/1000 credits.
    """

    round_number: int
    asked: int | None
    promised: int | None
    collected: int | None
    price: int | None


def shelf(products: Iterable[Product], person: Person | None) -> Shelf:
    """What goes with these products, for a person or for anyone. Five queries."""
    products = list(products)
    codes = [product.code for product in products]
    priced, taking = credits.latest_priced_round(), open_round()
    prices = {} if priced is None else credits.price_list(priced, codes)
    ordered = {} if person is None or taking is None else quantities_of(person, taking, codes)
    rules = terms(person, taking, codes)
    return Shelf(
        priced_round=priced,
        open_round=taking,
        rows=tuple(
            OnShelf(
                product,
                prices.get(product.code),
                ordered.get(product.code, 0),
                rules[product.code],
            )
            for product in products
        ),
    )


def basket_of(person: Person, round_number: int) -> list[BasketLine]:
    """A person's order of a round, with what it costs at the newest prices. Four queries."""
    lines = order_of(person, round_number)
    priced = credits.latest_priced_round()
    codes = [line.product_id for line in lines]
    prices = {} if priced is None else credits.price_list(priced, codes)
    rules = terms(person, round_number, codes)
    return [
        BasketLine(
            line,
            _times(line, prices) if rules[line.product_id].mode == Product.Mode.CREDITS else 0,
            rules[line.product_id],
        )
        for line in lines
    ]


def collectable_by(person: Person) -> list[Collectable]:
    """What a person was promised in the round being collected, basic needs first. Five queries."""
    round_number = collecting_round()
    if round_number is None:
        return []
    lines = (
        OrderLine.objects.filter(person=person, book=round_number, allotted__gt=0)
        .select_related("product")
        .order_by("product__tier", "product__group", "product")
    )
    codes = [line.product_id for line in lines]
    prices = credits.price_list(round_number, codes)
    stock = enterprises.stock_by_product(codes)
    rules = terms(person, round_number, codes)
    return [
        Collectable(
            product=line.product,
            promised=line.allotted or 0,
            collected=line.collected,
            missed=line.missed,
            left=(line.allotted or 0) - line.collected,
            in_store=int(stock[line.product_id]),
            price=prices[line.product_id]
            if rules[line.product_id].mode == Product.Mode.CREDITS
            else 0,
            terms=rules[line.product_id],
        )
        for line in lines
    ]


def in_store(product: Product) -> int:
    """Whole units of a product that lie in all stores together."""
    return int(enterprises.stock_by_product([product.pk])[product.pk])


def course_of(product: Product) -> list[Course]:
    """How a product went in the last rounds, in their order."""
    with connection.cursor() as cursor:
        cursor.execute(
            """
            SELECT went.book_id,
                   CASE WHEN persons >= %(cell)s THEN asked END,
                   CASE WHEN persons >= %(cell)s THEN promised END,
                   CASE WHEN persons >= %(cell)s AND promised IS NOT NULL THEN collected END,
                   price.amount
            FROM needs_sum AS went
            LEFT JOIN credits_price AS price ON price.round_number = went.book_id
                AND price.product_id = went.product_id
            WHERE went.product_id = %(product)s
            ORDER BY went.book_id DESC LIMIT %(shown)s
            """,
            {"product": product.pk, "shown": ROUNDS_SHOWN, "cell": base.SMALLEST_CELL},
        )
        return [Course(*row) for row in reversed(cursor.fetchall())]


def _times(line: OrderLine, prices: dict[str, int]) -> int | None:
    price = prices.get(line.product_id)
    return None if price is None else price * line.quantity
