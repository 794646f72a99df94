"""People order what they want, and fetch what they were promised or have it brought home."""

from uuid import UUID

import numpy as np
from django.db.models.functions import Coalesce

from xietong.platform.credits import queries as credit_queries
from xietong.platform.credits.models import Account
from xietong.platform.needs import actions as needs
from xietong.platform.needs.models import Collection, CommonShare, OrderLine, Standing
from xietong.platform.people.models import Person
from xietong.platform.products.models import Product, Rule

from . import assumptions as assumed
from .inhabitants import VISITORS
from .purses import Flags, Homes, Purses
from .steps import Draw, Track, at_once, everyone
from .wishes import Array, Wishes


def order(number: int, wishes: Wishes, track: Track, *, share: float) -> None:
    """People place their orders; visitors keep an empty basket in the round that is left open.

    Who lets their order repeat itself places one anew from time to time, and more often when
    something they use has become free, or no longer is, or when much is left of their credits
    or nothing.
    """
    people = everyone()
    rng = Draw(number, "order").rng
    homes = Homes.of(people, wishes)
    eager = homes.eagerness(number)
    expected = wishes.expected(people) * eager
    purses = Purses.of(people, homes.priced(number) * expected)
    expected = np.where(homes.by_need(number), expected, expected * purses.means[:, None])
    orders = wishes.drawn(expected, homes.limits(number), rng)
    comes = rng.random(len(people)) < share
    if number > 1:
        changed = (eager != homes.eagerness(number - 1)).any(axis=1)
        comes &= rng.random(len(people)) < _chances(people, changed, purses.strained)
    ordered = set(
        OrderLine.objects.filter(book_id=number, carried=0).values_list("person_id", flat=True)
    )
    coming = [
        (person, wanted)
        for person, wanted, here in zip(people, orders, comes, strict=True)
        if here
        and wanted
        and person.id not in ordered
        and (share == 1.0 or person.username not in VISITORS)
    ]

    def place(item: tuple[Person, dict[str, int]]) -> None:
        person, wanted = item
        needs.place_order(person, quantities=wanted)

    at_once(place, coming, track, f"Round {number}: people order")


def collect(number: int, track: Track, *, share: float) -> None:
    """Those to whom nothing is brought fetch what they were promised, basic needs first, as far
    as their credits go."""
    prices = credit_queries.price_list(number)
    by_need = set(
        Rule.objects.filter(round_number=number)
        .exclude(mode=Product.Mode.CREDITS)
        .values_list("product_id", "on_trial")
    )
    balances = dict(Account.objects.values_list("person_id", "balance"))
    been = set(Collection.objects.filter(book_id=number).values_list("person_id", flat=True))
    brought = set(Standing.objects.filter(delivered=True).values_list("person_id", flat=True))
    promised: dict[UUID, list[tuple[str, bool, int]]] = {}
    for person_id, product, on_trial, quantity in (
        OrderLine.objects.filter(book_id=number, allotted__gt=0)
        .exclude(person__in=brought)
        .order_by("person_id", "product__tier", "product_id")
        .values_list("person_id", "product_id", "on_trial", Coalesce("allotted", 0))
    ):
        promised.setdefault(person_id, []).append((product, on_trial, quantity))
    draw = Draw(number, "collect")
    people = everyone()
    in_order = draw.rng.permutation(len(people))
    comes = draw.rng.random(len(people)) < share
    coming = [
        people[at]
        for at in in_order
        if people[at].id in promised
        and people[at].id not in been
        and (share == 1.0 or (comes[at] and people[at].username not in VISITORS))
    ]

    def fetch(person: Person) -> None:
        purse = balances.get(person.id, 0)
        wanted: dict[str, int] = {}
        for product, on_trial, quantity in promised[person.id]:
            if (product, on_trial) in by_need:
                wanted[product] = quantity
                continue
            affordable = min(quantity, purse // prices[product])
            if affordable:
                wanted[product] = affordable
                purse -= affordable * prices[product]
        if wanted:
            needs.collect(person, quantities=wanted, key=draw.key(person.id))

    at_once(fetch, coming, track, f"Round {number}: people collect")


def deliver_common(number: int, tier: str) -> None:
    """Bring common needs what the plan promised them, as far as it is there."""
    waiting = CommonShare.objects.filter(
        book_id=number, need__tier=tier, delivered=0, allotted__gt=0
    )
    needs.deliver_common(number, dict(waiting.values_list("need_id", "allotted")))


def _chances(people: list[Person], changed: Flags, strained: Flags) -> Array:
    """How likely each person (N,) is to place an order rather than let the last one stand."""
    repeats = set(Standing.objects.filter(repeats=True).values_list("person_id", flat=True))
    chances = np.where(
        changed,
        assumed.ORDERS_ON_CHANGE,
        np.where(strained, assumed.ORDERS_WHEN_STRAINED, assumed.ORDERS_ANEW),
    )
    chances[[person.id not in repeats for person in people]] = 1.0
    return chances
