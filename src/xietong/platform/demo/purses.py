"""What rule each person lives under, and how far their credits go."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any
from uuid import UUID

import numpy as np
import numpy.typing as npt
from django.db.models import Sum
from django.db.models.functions import Coalesce

from xietong.platform.credits import queries as credits
from xietong.platform.credits.models import Account, Entry
from xietong.platform.people.models import Person
from xietong.platform.products.models import Product, Residence, Rule

from . import assumptions as assumed
from .wishes import Array, Wishes

Flags = npt.NDArray[np.bool_]


@dataclass(frozen=True)
class Homes:
    """Where people live, for the rules of a round that hold for them: arrays are (N, P)."""

    lives: npt.NDArray[np.str_]
    places: dict[str, int]

    @classmethod
    def of(cls, people: Sequence[Person], wishes: Wishes) -> "Homes":
        regions = dict(Residence.objects.values_list("person_id", "region_id"))
        return cls(
            np.array([regions.get(person.id, "") for person in people]),
            {code: at for at, code in enumerate(wishes.products)},
        )

    def eagerness(self, number: int) -> Array:
        """How much more of each product each wants, by the rule that holds for them."""
        wanted = np.ones((len(self.lives), len(self.places)))
        for product, whose, mode in self._ruled(number, "mode"):
            wanted[whose, self.places[product]] = assumed.eagerness(product, mode)
        return wanted

    def by_need(self, number: int) -> Flags:
        """What each gets without credits."""
        free = np.zeros((len(self.lives), len(self.places)), dtype=bool)
        for product, whose, mode in self._ruled(number, "mode"):
            free[whose, self.places[product]] = mode != Product.Mode.CREDITS
        return free

    def limits(self, number: int) -> Array:
        """The most that each may order of a product; infinite where there is no limit."""
        most = np.full((len(self.lives), len(self.places)), np.inf)
        for product, whose, units in self._ruled(number, Coalesce("quota", "most")):
            most[whose, self.places[product]] = np.inf if units is None else units
        return most

    def priced(self, number: int) -> Array:
        """The newest price of a unit for each, in 1/1000 credits; 0 of what they get by need."""
        prices = np.zeros(len(self.places))
        newest = credits.latest_priced_round()
        for product, amount in (credits.price_list(newest) if newest else {}).items():
            if product in self.places:
                prices[self.places[product]] = amount
        return np.where(self.by_need(number), 0.0, prices)

    def _ruled(self, number: int, what: str | Coalesce) -> list[tuple[str, Flags | slice, Any]]:
        """Of each rule of a round: its product, for whom it holds, and what is asked of it."""
        return [
            (product, self.lives == region if on_trial else slice(None), value)
            for product, region, on_trial, value in Rule.objects.filter(round_number=number)
            .order_by("on_trial")
            .values_list("product_id", "region_id", "on_trial", what)
        ]


@dataclass(frozen=True)
class Purses:
    """What people can spend beside what they would: means (N,), 1 where it is just enough.

    `strained` (N,): there is far more in the account than usual, or hardly anything.
    """

    means: Array
    strained: Flags

    @classmethod
    def of(cls, people: Sequence[Person], costs: Array) -> "Purses":
        """`costs` (N, P) is what each would spend on each product, in 1/1000 credits."""
        balances = dict(Account.objects.values_list("person_id", "balance"))
        last = credits.latest_priced_round() or 0
        incomes: dict[UUID, int] = dict(
            Entry.objects.filter(round_number=last, amount__gt=0)
            .values_list("person_id")
            .annotate(Sum("amount"))
            .order_by()
        )
        balance, income = (
            np.array([float(by_person.get(person.id, 0)) for person in people])
            for by_person in (balances, incomes)
        )
        cost = costs.sum(axis=1)
        usual = income * float(assumed.NORMAL_PURSE)
        spends = income + (balance - usual) / assumed.ROUNDS_TO_SPEND
        known = (cost > 0) & (income > 0)
        ratio = np.divide(spends, cost, out=np.ones_like(cost), where=known)
        means = np.clip(ratio, *assumed.BENDS) ** assumed.FOLLOWS_PURSE
        strained = known & ((balance > 2 * usual) | (balance < usual / 4))
        return cls(means, strained)
