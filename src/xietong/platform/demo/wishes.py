"""What the demo's people want: drawn per person around what households really consumed."""

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
import numpy.typing as npt

from xietong.planning.sources.brazil import SupplyUse
from xietong.platform.people.models import Ground, Person
from xietong.platform.products.models import Product

from . import assumptions as assumed

Array = npt.NDArray[np.float64]


@dataclass(frozen=True)
class Wishes:
    """Mean orders a head and round, in units, of each product that people order.

    products: codes (P,); mean: units a head (P,).
    """

    products: Sequence[str]
    mean: Array

    @classmethod
    def of(cls, table: SupplyUse, share_of_year: float) -> "Wishes":
        """From household consumption of the table, `share_of_year` of it a round."""
        products = list(
            Product.objects.filter(orderable=True).order_by("code").values_list("code", flat=True)
        )
        heads = assumed.POPULATION / assumed.SCALE
        units = dict(
            zip(table.products, table.household * table.basic_ratio * share_of_year, strict=True)
        )
        return cls(
            products=products,
            mean=np.array([units[code] for code in products]) * assumed.WISHES / heads,
        )

    def expected(self, people: Sequence[Person]) -> Array:
        """Units of each product that each person would order in a round (N, P), on the mean.

        Tastes and appetites belong to the person and last.
        """
        return self._appetites(people)[:, None] * self._tastes(len(people)) * self.mean

    def drawn(
        self, expected: Array, limits: Array, rng: np.random.Generator
    ) -> list[dict[str, int]]:
        """Each person's order for one round, in whole units by product: Poisson in lots.

        No more than `limits` (N, P) allow.
        """
        lots = np.clip(np.round(self.mean * assumed.MONTHS_A_LOT), 1.0, assumed.LOT)
        counts = np.minimum(rng.poisson(expected / lots) * lots, limits)
        return [
            {self.products[int(at)]: int(row[at]) for at in np.flatnonzero(row)} for row in counts
        ]

    def _appetites(self, people: Sequence[Person]) -> Array:
        """What each can afford to want beside the mean person (N,), 1 on average."""
        rng = np.random.default_rng(assumed.SEED)
        income = np.array(
            [
                1.0 if person.ground == Ground.WORK else float(assumed.ALLOWANCE_SHARE)
                for person in people
            ]
        )
        luck = rng.gamma(assumed.APPETITE_SHAPE, 1.0 / assumed.APPETITE_SHAPE, len(people))
        wanted: Array = income / income.mean() * luck
        return wanted

    def _tastes(self, n: int) -> Array:
        """How much each person likes each product (N, P), 1 on average."""
        rng = np.random.default_rng(assumed.SEED + 1)
        return rng.gamma(assumed.TASTE_SHAPE, 1.0 / assumed.TASTE_SHAPE, (n, len(self.products)))
