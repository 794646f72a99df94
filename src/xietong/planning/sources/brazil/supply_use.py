"""Brazil's supply and use tables of 2021, read and checked cell by cell.

Every total that the source prints over these cells is computed again, so that a table that was
cut, shifted or altered anywhere is refused.
"""

import hashlib
from collections.abc import Mapping
from dataclasses import dataclass
from importlib.util import find_spec
from pathlib import Path

import numpy as np

from xietong.planning.sources.accounts import freeze
from xietong.planning.sources.brazil.blocks import HEADING_ROW, Array, agree_at, expect, read_block
from xietong.planning.sources.brazil.names import industry_names, product_names
from xietong.planning.sources.brazil.sheets import Sheet, not_installed, read_sheets

WORKBOOKS = {
    "68_tab1_2021.xls": ("oferta", "producao", "importacao"),
    "68_tab2_2021.xls": ("CI", "demanda", "VA"),
}

PURCHASERS_SUPPLY = "Oferta total a preço de consumidor"
TRADE_MARGINS = "Margem de comércio"
TRANSPORT_MARGINS = "Margem de transporte"
TAXES = ("Imposto de importação", "IPI", "ICMS", "Outros impostos menos subsídios")
ALL_TAXES = "Total de impostos líquidos de subsídios"
BASIC_SUPPLY = "Oferta total a preço básico"
IMPORTS = "Importação de bens e serviços (1)"
EXPORTS = "Exportação de bens e serviços (1)"
GOVERNMENT = "Consumo do governo"
NONPROFIT = "Consumo das ISFLSF"
HOUSEHOLD = "Consumo das famílias"
CAPITAL = "Formação bruta de capital fixo"
INVENTORIES = "Variação de estoque"
FINAL_DEMAND = "Demanda final"
DEMAND = "Demanda total"
TOTAL = "Total do produto"

VALUE_ADDED_ROW = (5, "Valor adicionado bruto ( PIB )")
OUTPUT_ROW = (17, "Valor da produção")
JOBS_ROW = (18, "Fator trabalho (ocupações)")


@dataclass(frozen=True, eq=False)
class SupplyUse:
    """Supply and use of 2021 in million reais; P = 128 products, I = 68 industries.

    make (P, I) and imports (P,) are at basic prices; use (P, I) and the final uses (P,) at
    purchasers' prices. Margins (P,) are negative for the products that hand them out; taxes (P,)
    are less subsidies; jobs (I,) are posts filled; files gives each source file's sha256.
    """

    products: tuple[str, ...]
    industries: tuple[str, ...]
    make: Array
    imports: Array
    trade_margins: Array
    transport_margins: Array
    taxes: Array
    use: Array
    exports: Array
    government: Array
    nonprofit: Array
    household: Array
    capital: Array
    inventories: Array
    jobs: Array
    files: Mapping[str, str]

    def __post_init__(self) -> None:
        freeze(self)

    @property
    def supply(self) -> Array:
        """Production and imports of each product (P,), at basic prices."""
        supply: Array = self.make.sum(axis=1) + self.imports
        return supply

    @property
    def output(self) -> Array:
        """Output of each industry (I,), at basic prices."""
        output: Array = self.make.sum(axis=0)
        return output

    @property
    def margins(self) -> Array:
        """Trade and transport margins of each product (P,)."""
        return self.trade_margins + self.transport_margins

    @property
    def basic_ratio(self) -> Array:
        """Basic units in one million reais that a user pays for each product (P,).

        What a product hands out as margins is paid by the users of other products, so it is no
        part of what its own users get.
        """
        own = self.supply + np.minimum(self.margins, 0.0)
        return own / (self.supply + self.margins + self.taxes)


def read_supply_use(folder: Path | None = None) -> SupplyUse:
    """Read and check the supply and use tables of Brazil 2021 (IBGE, national accounts).

    Takes the folder with the two workbooks; without one, that of the installed package `iotbr`.
    Raises SourceError if a workbook is missing, unreadable, differs from the published layout or
    does not balance; the message names file, sheet, row and column.
    """
    folder = _installed_folder() if folder is None else folder
    sheets: dict[str, Sheet] = {}
    files: dict[str, str] = {}
    for file, names in WORKBOOKS.items():
        sheets |= read_sheets(folder / file, names)
        files[file] = hashlib.sha256((folder / file).read_bytes()).hexdigest()
    return parse_supply_use(sheets, files)


def parse_supply_use(sheets: Mapping[str, Sheet], files: Mapping[str, str]) -> SupplyUse:
    """Check the six sheets, given by name, and return what they say.

    Takes also the sha256 of each file they come from. Raises SourceError as read_supply_use.
    """
    products, industries = tuple(product_names()), tuple(industry_names())
    supply = read_block(
        sheets["oferta"],
        products,
        (PURCHASERS_SUPPLY, TRADE_MARGINS, TRANSPORT_MARGINS, *TAXES, ALL_TAXES, BASIC_SUPPLY),
    )
    make = read_block(sheets["producao"], products, (*industries, TOTAL))
    imports = read_block(sheets["importacao"], products, (IMPORTS,))
    use = read_block(sheets["CI"], products, (*industries, TOTAL))
    final = (EXPORTS, GOVERNMENT, NONPROFIT, HOUSEHOLD, CAPITAL, INVENTORIES)
    demand = read_block(sheets["demanda"], products, (*final, FINAL_DEMAND, DEMAND))

    imports.refuse_negative(IMPORTS)
    use.refuse_negative(*industries)
    demand.refuse_negative(EXPORTS, GOVERNMENT, NONPROFIT, HOUSEHOLD, CAPITAL)
    make.agree(TOTAL, make.values[:, :-1].sum(axis=1))
    use.agree(TOTAL, use.values[:, :-1].sum(axis=1))
    taxes, trade, transport = map(supply.column, (ALL_TAXES, TRADE_MARGINS, TRANSPORT_MARGINS))
    basic = make.column(TOTAL) + imports.column(IMPORTS)
    supply.agree(ALL_TAXES, sum(map(supply.column, TAXES), np.zeros(len(products))))
    supply.agree(BASIC_SUPPLY, basic)
    supply.agree(PURCHASERS_SUPPLY, basic + trade + transport + taxes)
    supply.sum_to_zero(TRADE_MARGINS)
    supply.sum_to_zero(TRANSPORT_MARGINS)
    demand.agree(FINAL_DEMAND, sum(map(demand.column, final), np.zeros(len(products))))
    demand.agree(DEMAND, use.column(TOTAL) + demand.column(FINAL_DEMAND))
    demand.agree(DEMAND, supply.column(PURCHASERS_SUPPLY))
    return SupplyUse(
        products=products,
        industries=industries,
        make=make.values[:, :-1],
        imports=imports.column(IMPORTS),
        trade_margins=trade,
        transport_margins=transport,
        taxes=taxes,
        use=use.values[:, :-1],
        exports=demand.column(EXPORTS),
        government=demand.column(GOVERNMENT),
        nonprofit=demand.column(NONPROFIT),
        household=demand.column(HOUSEHOLD),
        capital=demand.column(CAPITAL),
        inventories=demand.column(INVENTORIES),
        jobs=_jobs(sheets["VA"], industries, make.values[:, :-1], use.values[:, :-1]),
        files=dict(files),
    )


def _installed_folder() -> Path:
    # Found without importing it: its code is not needed here, and would import pandas.
    package = find_spec("iotbr")
    if package is None or not package.submodule_search_locations:
        raise not_installed()
    return Path(package.submodule_search_locations[0]) / "IBGE" / "nivel_68_2010_2021_xls"


def _jobs(sheet: Sheet, industries: tuple[str, ...], make: Array, use: Array) -> Array:
    """Read the jobs of each industry from a sheet that must agree with the make and use tables."""
    columns = range(1, 1 + len(industries))
    for column, heading in zip((*columns, len(industries) + 1), (*industries, TOTAL), strict=True):
        expect(sheet, HEADING_ROW, column, heading)
    for row, label in (VALUE_ADDED_ROW, OUTPUT_ROW, JOBS_ROW):
        expect(sheet, row, 0, label)
    jobs = np.array([sheet.number(JOBS_ROW[0], column) for column in columns])
    for column in columns:
        if jobs[column - 1] <= 0:
            raise sheet.error(
                JOBS_ROW[0], column, "every industry must have jobs", "每个行业都应有就业人数"
            )
    output = make.sum(axis=0)
    for row, values in (
        (OUTPUT_ROW[0], output),
        (VALUE_ADDED_ROW[0], output - use.sum(axis=0)),
        (JOBS_ROW[0], jobs),
    ):
        for column, value in enumerate((*values, values.sum()), start=1):
            agree_at(sheet, row, column, float(value))
    return jobs
