"""What a table's declaration says: the columns, their types, units, bounds and meaning."""

from dataclasses import dataclass
from typing import Literal

import polars as pl

UNITS_ZH = {
    "": "",
    "any measure common to joint products": "联产品共用的任一计量",
    "capacity units": "能力单位",
    "capacity units per period": "能力单位/期",
    "capacity units per run": "能力单位/次",
    "capacity units per start": "能力单位/次开工",
    "days": "天",
    "hours": "工时",
    "hours per period": "工时/期",
    "hours per run": "工时/次",
    "hours per start": "工时/次开工",
    "hours per unit": "工时/单位",
    "period": "时期",
    "periods": "期",
    "runs": "次",
    "runs per period": "次/期",
    "share": "比例",
    "share per period": "比例/期",
    "starts": "次开工",
    "the step's objective per unit": "该步骤的目标值/单位",
    "units": "单位",
    "units of the thing per unit": "对象单位/产品单位",
    "units per period": "单位/期",
    "units per run": "单位/次",
    "units per start": "单位/次开工",
}

Kind = Literal["id", "text", "integer", "number", "boolean"]
Value = str | int | float | bool

DTYPES: dict[Kind, pl.DataType] = {
    "id": pl.String(),
    "text": pl.String(),
    "integer": pl.Int64(),
    "number": pl.Float64(),
    "boolean": pl.Boolean(),
}


@dataclass(frozen=True)
class Column:
    """One column of a table.

    `unit` is in words; `refers` names the table in whose column of the same name the value must
    be found; `least` and `most` bound it, ends included. A column that is not `required` may be
    left out or empty, and then has the `default`; where that is None it stays empty.
    """

    name: str
    kind: Kind
    en: str
    zh: str
    unit: str = ""
    required: bool = True
    default: Value | None = None
    least: float | None = None
    most: float | None = None
    refers: str | None = None

    @property
    def unit_zh(self) -> str:
        return UNITS_ZH[self.unit]

    @property
    def dtype(self) -> pl.DataType:
        return DTYPES[self.kind]


@dataclass(frozen=True)
class Table:
    """One table: its columns, and the columns that together name a row."""

    name: str
    en: str
    zh: str
    key: tuple[str, ...]
    columns: tuple[Column, ...]
    required: bool = False

    @property
    def schema(self) -> dict[str, pl.DataType]:
        return {column.name: column.dtype for column in self.columns}

    def empty(self) -> pl.DataFrame:
        """Return the table with all its columns and no row."""
        return pl.DataFrame(schema=self.schema)

    def __getitem__(self, name: str) -> Column:
        return next(column for column in self.columns if column.name == name)
