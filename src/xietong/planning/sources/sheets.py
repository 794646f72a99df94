"""A workbook's sheets as grids of cells, and errors that name the cell."""

import math
from collections.abc import Sequence
from dataclasses import dataclass

from xietong.planning.sources.errors import SourceError


@dataclass(frozen=True)
class Sheet:
    """One sheet of a workbook; rows and columns count from 0 here and as in Excel in errors."""

    book: str
    name: str
    rows: Sequence[Sequence[object]]

    def error(self, row: int, column: int, en: str, zh: str) -> SourceError:
        """Return the error that says this of this cell, for the caller to raise."""
        letters = column_letters(column)
        return SourceError(
            f'{self.book}, sheet "{self.name}", row {row + 1}, column {letters}: {en}',
            f"{self.book} 的工作表“{self.name}”第 {row + 1} 行 {letters} 列：{zh}",
        )

    def cell(self, row: int, column: int) -> object:
        """Return a cell's value; raise SourceError if the sheet ends before it."""
        if row >= len(self.rows) or column >= len(self.rows[row]):
            raise self.error(row, column, "the sheet ends before this cell", "工作表缺少此单元格")
        return self.rows[row][column]

    def text(self, row: int, column: int) -> str:
        """Return a cell's text with its white space made single; raise SourceError if none."""
        value = self.cell(row, column)
        if not isinstance(value, str):
            raise self.error(
                row, column, f"expected text, found {value!r}", f"应为文字，实为 {value!r}"
            )
        return " ".join(value.split())

    def number(self, row: int, column: int) -> float:
        """Return a cell's finite number; raise SourceError if it is not one."""
        value = self.cell(row, column)
        # A number cell is always a float: an int is the code of an error such as #REF!.
        if not isinstance(value, float) or not math.isfinite(value):
            raise self.error(
                row, column, f"expected a number, found {value!r}", f"应为数字，实为 {value!r}"
            )
        return value


def column_letters(column: int) -> str:
    """Return the letters Excel shows for a column that is counted from 0."""
    letters = ""
    column += 1
    while column:
        column, digit = divmod(column - 1, 26)
        letters = chr(ord("A") + digit) + letters
    return letters
