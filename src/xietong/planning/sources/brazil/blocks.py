"""A sheet's numbers under their labels, checked against the totals the sheet itself prints."""

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from xietong.planning.sources.brazil.sheets import Sheet

Array = NDArray[np.float64]

# The tables are printed in whole millions and balance to the last one: a difference of one
# million is an altered cell, not a rounding.
ROUNDING = 0.5

HEADING_ROW = 3
FIRST_ROW = 5
FIRST_COLUMN = 2


@dataclass(frozen=True)
class Block:
    """The numbers of one sheet, rows by headings, that stand under a sheet's product codes."""

    sheet: Sheet
    headings: Sequence[str]
    values: Array

    def column(self, heading: str) -> Array:
        """Return the numbers under a heading, one a row."""
        column: Array = self.values[:, self.headings.index(heading)]
        return column

    def agree(self, heading: str, expected: Array) -> None:
        """Raise SourceError at the first cell under a heading that is not as expected."""
        place = FIRST_COLUMN + self.headings.index(heading)
        for row, value in enumerate(expected):
            agree_at(self.sheet, FIRST_ROW + row, place, float(value))

    def sum_to_zero(self, heading: str) -> None:
        """Raise SourceError unless the numbers under a heading sum to zero."""
        place = FIRST_COLUMN + self.headings.index(heading)
        agree_at(self.sheet, FIRST_ROW + len(self.values) + 1, place, 0.0)

    def refuse_negative(self, *headings: str) -> None:
        """Raise SourceError at the first cell below zero under any of the headings."""
        for heading in headings:
            for row in np.flatnonzero(self.column(heading) < 0):
                found = self.column(heading)[row]
                raise self.sheet.error(
                    FIRST_ROW + int(row),
                    FIRST_COLUMN + self.headings.index(heading),
                    f"{found:,.0f} is below zero",
                    f"{found:,.0f} 小于零",
                )


def read_block(sheet: Sheet, products: Sequence[str], headings: Sequence[str]) -> Block:
    """Read the numbers that stand under the headings in the rows of the products.

    Raises SourceError if a heading or product is not where it belongs, a cell is no number, or a
    column does not sum to its total.
    """
    for place, heading in enumerate(headings):
        expect(sheet, HEADING_ROW, FIRST_COLUMN + place, heading)
    for place, product in enumerate(products):
        expect(sheet, FIRST_ROW + place, 0, product)
    values = np.array(
        [
            [
                sheet.number(FIRST_ROW + row, FIRST_COLUMN + column)
                for column in range(len(headings))
            ]
            for row in range(len(products))
        ]
    )
    total_row = FIRST_ROW + len(products) + 1
    expect(sheet, total_row, 0, "Total")
    for place, total in enumerate(values.sum(axis=0)):
        agree_at(sheet, total_row, FIRST_COLUMN + place, float(total))
    return Block(sheet, headings, values)


def expect(sheet: Sheet, row: int, column: int, label: str) -> None:
    """Raise SourceError unless a cell reads as the label, or opens with it if it is a code."""
    found = sheet.text(row, column)
    if found != label and not (label.isdigit() and found.split(" ")[0] == label):
        raise sheet.error(
            row, column, f'expected "{label}", found "{found}"', f"应为“{label}”，实为“{found}”"
        )


def agree_at(sheet: Sheet, row: int, column: int, expected: float) -> None:
    """Raise SourceError unless a cell's number is the expected one to the table's rounding."""
    found = sheet.number(row, column)
    if abs(found - expected) > ROUNDING:
        raise sheet.error(
            row,
            column,
            f"found {found:,.0f} where the table's other cells give {expected:,.0f}",
            f"数值为 {found:,.0f}，而按表中其他单元格应为 {expected:,.0f}",
        )
