"""The final uses of the United States' detailed tables as needs, trade and investment."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

import numpy as np

from xietong.planning.sources.accounts import Array, Investment, Use
from xietong.planning.sources.names import Name
from xietong.planning.sources.us import assumptions as assumed
from xietong.planning.sources.us.names import household_tiers

HOUSEHOLD = "F01000"
RESIDENTIAL = "F02R00"
PRIVATE = ("F02E00", "F02N00", "F02S00")
INVENTORIES = "F03000"
EXPORTS = "F04000"
IMPORTS = "F05000"
GOVERNMENT = ("F06C00", "F07C00", "F10C00")
DEFENCE = ("F06E00", "F06N00", "F06S00")
NONDEFENCE = ("F07E00", "F07N00", "F07S00")
STATE_AND_LOCAL = ("F10E00", "F10N00", "F10S00")
FINAL_USES = (
    *(HOUSEHOLD, "F02E00", "F02N00", RESIDENTIAL, "F02S00", INVENTORIES, EXPORTS, IMPORTS),
    *("F06C00", *DEFENCE, "F07C00", *NONDEFENCE, "F10C00", *STATE_AND_LOCAL),
)

KINDS: Mapping[str, tuple[Name, tuple[str, ...]]] = {
    "residential": (Name("homes", "住宅"), (RESIDENTIAL,)),
    "defence": (Name("national defence", "国防"), DEFENCE),
    "nondefence": (Name("federal government", "联邦政府"), NONDEFENCE),
    "local": (Name("state and local government", "州与地方政府"), STATE_AND_LOCAL),
}
PRIVATE_TITLE = Name("enterprises", "企业")


@dataclass(frozen=True, eq=False)
class FinalUses:
    """What is done with products that industries do not use (P,) each; imports are positive."""

    uses: tuple[Use, ...]
    investment: tuple[Investment, ...]
    inventories: Array
    imports: Array
    exports: Array


def final_uses(
    products: tuple[str, ...],
    industries: Sequence[str],
    columns: Mapping[str, Array],
    output: Array,
    surplus: Array,
) -> FinalUses:
    """Return the final uses.

    Takes the columns of FINAL_USES (P,), in which imports are negative, and each industry's
    output and operating surplus (I,), in one unit.
    """
    private = np.maximum(surplus, 0.0)
    investment = []
    for kind, (title, names) in KINDS.items():
        own = np.array([industry in assumed.INVESTORS.value[kind] for industry in industries])
        private[own] = 0.0
        shares = np.where(own, output, 0.0)
        shares /= shares.sum()
        investment.append(Investment(kind, title, sum_of(columns, names), shares))
    investment.append(
        Investment("private", PRIVATE_TITLE, sum_of(columns, PRIVATE), private / private.sum())
    )
    imports = columns[IMPORTS]
    return FinalUses(
        uses=(
            Use("household", household_tiers(products), columns[HOUSEHOLD]),
            Use("public", ("public",) * len(products), sum_of(columns, GOVERNMENT)),
        ),
        investment=tuple(investment),
        inventories=columns[INVENTORIES],
        imports=np.maximum(-imports, 0.0),
        # An import below nothing is what carriers and customs of the country added to others.
        exports=columns[EXPORTS] + np.maximum(imports, 0.0),
    )


def sum_of(columns: Mapping[str, Array], names: Sequence[str]) -> Array:
    """Return the sum of some columns (P,)."""
    total: Array = np.sum([columns[name] for name in names], axis=0)
    return total
