"""A year of a national economy in kind, whatever table it was read from."""

from collections.abc import Mapping
from dataclasses import dataclass, fields
from typing import TYPE_CHECKING

import numpy as np
import numpy.typing as npt

from xietong.planning.sources.names import Name

if TYPE_CHECKING:
    from _typeshed import DataclassInstance

Array = npt.NDArray[np.float64]


def freeze(tables: "DataclassInstance") -> None:
    """Make every array of a dataclass read-only."""
    for field in fields(tables):
        value = getattr(tables, field.name)
        if isinstance(value, np.ndarray):
            value.setflags(write=False)


@dataclass(frozen=True)
class Product:
    """A product: its code and name, whether it keeps, and the share of a stock lost a year."""

    code: str
    name: Name
    storable: bool
    loss: float


@dataclass(frozen=True, eq=False)
class Use:
    """A final use: what it is called, and by product its tier and how much it took (P,)."""

    name: str
    tiers: tuple[str, ...]
    quantity: Array


@dataclass(frozen=True, eq=False)
class Investment:
    """Fixed capital formed: what it is called, how much of each product (P,), and each industry's
    share of it (I,)."""

    name: str
    title: Name
    quantity: Array
    shares: Array


@dataclass(frozen=True, eq=False)
class Accounts:
    """Supply and use in delivered units of the year; P products, I industries.

    `make` and `use` are (P, I) and may have entries below zero; `services` (P, P) are the units of
    the row's service that bring a unit of the column's product to its user, on top of `use`.
    `imports` are units bought, `exports` units sold, `earned` the foreign currency that a unit of
    them brought (P,); an imported unit costs one. `inventories` is what stocks grew by (P,),
    `hours` the hours worked (I,), and `taken` by limit how much of it each industry took (I,).
    `unit` says what a unit of a product is, `currency_unit` one of foreign currency, and `trader`
    which enterprise buys and sells abroad, if one does.
    """

    unit: str
    currency_unit: str
    trader: str | None
    products: tuple[Product, ...]
    industries: tuple[str, ...]
    make: Array
    use: Array
    services: Array
    imports: Array
    exports: Array
    earned: Array
    uses: tuple[Use, ...]
    investment: tuple[Investment, ...]
    inventories: Array
    hours: Array
    taken: Mapping[str, Array]

    def __post_init__(self) -> None:
        freeze(self)

    @property
    def codes(self) -> tuple[str, ...]:
        """The codes of the products."""
        return tuple(product.code for product in self.products)

    @property
    def output(self) -> Array:
        """Output of each industry (I,)."""
        output: Array = self.make.sum(axis=0)
        return output

    @property
    def supply(self) -> Array:
        """Production and imports of each product (P,)."""
        supply: Array = self.make.sum(axis=1) + self.imports
        return supply

    @property
    def storable(self) -> npt.NDArray[np.bool_]:
        """Which products keep (P,)."""
        return np.array([product.storable for product in self.products])

    @property
    def drawn(self) -> Array:
        """What was drawn from stock, of each product that keeps (P,)."""
        return np.where(self.storable, np.maximum(-self.inventories, 0.0), 0.0)

    @property
    def handed_back(self) -> Array:
        """What final users gave up beyond what they took, of each product (P,).

        Of what does not keep, this is also what the tables book as drawn from stock.
        """
        quantities = [use.quantity for use in self.uses]
        quantities += [investment.quantity for investment in self.investment]
        back = np.where(self.storable, 0.0, np.maximum(-self.inventories, 0.0))
        for quantity in quantities:
            back += np.maximum(-quantity, 0.0)
        return back

    @property
    def surplus(self) -> float:
        """Foreign currency that exports earned beyond what imports cost; below zero a deficit."""
        return float(self.exports @ self.earned - self.imports.sum())

    def excess(self) -> Array:
        """Supply less all uses of each product (P,): zero where the accounts balance."""
        used = self.use.sum(axis=1) + self.services @ self.supply + self.exports + self.inventories
        for use in self.uses:
            used = used + use.quantity
        for investment in self.investment:
            used = used + investment.quantity
        excess: Array = self.supply - used
        return excess
