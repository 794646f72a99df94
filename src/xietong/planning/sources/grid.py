"""A CSV file as numbers under labels, and errors that name the cell."""

import csv
import hashlib
import math
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from pathlib import Path

import numpy as np

from xietong.planning.sources.accounts import Array
from xietong.planning.sources.errors import SourceError


@dataclass(frozen=True, eq=False)
class Grid:
    """The numbers of a file (R, C) under row and column labels."""

    file: str
    rows: tuple[str, ...]
    columns: tuple[str, ...]
    values: Array

    def error(self, row: str, column: str, en: str, zh: str) -> SourceError:
        """Return the error that says this of this cell, for the caller to raise."""
        return cell_error(self.file, row, column, en, zh)

    def block(self, rows: Sequence[str], columns: Sequence[str]) -> Array:
        """Return the numbers (R, C) under some labels; raise SourceError if one is missing."""
        found: Array = self.values[np.ix_(self._rows(rows), self._columns(columns))]
        return found

    def row(self, label: str) -> Array:
        """Return the numbers (C,) of a row label; raise SourceError if it is missing."""
        found: Array = self.values[self._rows([label])[0]]
        return found

    def refuse_negative(self, rows: Iterable[str], columns: Iterable[str]) -> None:
        """Raise SourceError at the first cell below zero under some labels."""
        rows, columns = tuple(rows), tuple(columns)
        below = np.argwhere(self.block(rows, columns) < 0)
        if len(below):
            row, column = rows[below[0][0]], columns[below[0][1]]
            found = float(self.block([row], [column])[0, 0])
            raise self.error(row, column, f"{found:,g} is below zero", f"{found:,g} 小于零")

    def _rows(self, labels: Iterable[str]) -> list[int]:
        return [self._place(self.rows, label, "row", "行") for label in labels]

    def _columns(self, labels: Iterable[str]) -> list[int]:
        return [self._place(self.columns, label, "column", "列") for label in labels]

    def _place(self, labels: tuple[str, ...], label: str, en: str, zh: str) -> int:
        try:
            return labels.index(label)
        except ValueError:
            raise SourceError(
                f'{self.file}: there is no {en} "{label}"', f"{self.file}：没有名为“{label}”的{zh}"
            ) from None


def read_lines(path: Path) -> list[list[str]]:
    """Return the cells of a CSV file in UTF-8, line by line; raise SourceError if unreadable."""
    try:
        with path.open(encoding="utf-8-sig", newline="") as file:
            lines = list(csv.reader(file))
    except OSError as error:
        raise SourceError(
            f"{path}: cannot be opened ({error.strerror})", f"{path}：无法打开（{error.strerror}）"
        ) from error
    except (UnicodeDecodeError, csv.Error) as error:
        raise SourceError(
            f"{path}: not a CSV file in UTF-8", f"{path}：不是 UTF-8 的 CSV 文件"
        ) from error
    if not lines:
        raise SourceError(f"{path}: is empty", f"{path}：文件为空")
    return lines


def read_grid(path: Path) -> Grid:
    """Read a CSV file whose first line and first column are labels.

    Raises SourceError if it cannot be opened, is ragged, repeats a label or a cell is no finite
    number; the message names file, row and column.
    """
    heading, *lines = read_lines(path)
    rows = tuple(line[0] if line else "" for line in lines)
    return _grid(path.name, rows, tuple(heading[1:]), [line[1:] for line in lines])


def read_bare_grid(path: Path, rows: Sequence[str], columns: Sequence[str]) -> Grid:
    """Read a CSV file of numbers alone, which stand under these labels. Raises as read_grid."""
    lines = read_lines(path)
    if len(lines) != len(rows):
        raise SourceError(
            f"{path.name}: has {len(lines)} rows, not {len(rows)}",
            f"{path.name}：有 {len(lines)} 行，应为 {len(rows)} 行",
        )
    return _grid(path.name, tuple(rows), tuple(columns), lines)


def _grid(
    file: str, rows: tuple[str, ...], columns: tuple[str, ...], cells: list[list[str]]
) -> Grid:
    for labels, en, zh in ((rows, "row", "行"), (columns, "column", "列")):
        for label in labels:
            if labels.count(label) > 1:
                raise SourceError(
                    f'{file}: {en} "{label}" is there twice', f"{file}：{zh}“{label}”重复"
                )
    values = np.empty((len(rows), len(columns)))
    for i, line in enumerate(cells):
        if len(line) != len(columns):
            raise SourceError(
                f'{file}, row "{rows[i]}": has {len(line)} numbers, not {len(columns)}',
                f"{file} 的“{rows[i]}”行：有 {len(line)} 个数，应为 {len(columns)} 个",
            )
        for j, text in enumerate(line):
            try:
                values[i, j] = float(text)
            except ValueError:
                values[i, j] = math.nan
            if not math.isfinite(values[i, j]):
                raise cell_error(
                    file, rows[i], columns[j],
                    f'expected a number, found "{text}"', f"应为数字，实为“{text}”",
                )  # fmt: skip
    return Grid(file, rows, columns, values)


def cell_error(file: str, row: str, column: str, en: str, zh: str) -> SourceError:
    """Return the error that says this of a cell, for the caller to raise."""
    return SourceError(
        f'{file}, row "{row}", column "{column}": {en}', f"{file} 的“{row}”行“{column}”列：{zh}"
    )


def agree(
    file: str,
    labels: Sequence[str],
    what: str,
    found: Array,
    expected: Array,
    rounding: Array | float,
) -> None:
    """Raise SourceError at the first label where two numbers differ by more than the rounding."""
    for place in map(int, np.flatnonzero(np.abs(found - expected) > rounding)):
        raise cell_error(
            file, labels[place], what,
            f"found {found[place]:,g} where the table's other cells give {expected[place]:,g}",
            f"数值为 {found[place]:,g}，而按表中其他单元格应为 {expected[place]:,g}",
        )  # fmt: skip


def digests(folder: Path, files: Iterable[str]) -> list[dict[str, str]]:
    """Return name and sha256 of each file, as they stand in `datapackage.json`."""
    return [
        {"title": file, "sha256": hashlib.sha256((folder / file).read_bytes()).hexdigest()}
        for file in files
    ]
