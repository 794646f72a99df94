"""Checks each table by itself and each reference, from the declaration of the format."""

from collections.abc import Callable, Collection, Iterable, Mapping
from difflib import get_close_matches
from functools import cache

import polars as pl

from xietong.planning.declaration import Column, Table
from xietong.planning.faults import Fault

LONGEST = 60  # characters of a value that are shown
COMPARED = 10_000  # names among which the nearest to an unknown one is looked for
SHOWN = 20  # faults of one kind in one column that are listed before the rest is only counted
Codes = dict[tuple[str, str], pl.Series]
TRUE = ("true", "1", "yes")
FALSE = ("false", "0", "no")


def typed(table: Table, frame: pl.DataFrame) -> tuple[pl.DataFrame, list[Fault]]:
    """Bring `frame` to the declared columns and types, and name what cannot be brought there.

    Returns the table with all its columns in the declared order, defaults filled in, and the
    faults. Where there are faults the cells concerned are null.
    """
    faults = [
        Fault(
            table.name, None, name,
            f"unknown column; the columns are {', '.join(table.schema)}",
            f"没有这一列；应有的列是 {'、'.join(table.schema)}",
        )
        for name in frame.columns
        if name not in table.schema
    ]  # fmt: skip
    series: list[pl.Series] = []
    for column in table.columns:
        if column.name not in frame.columns:
            if column.required:
                faults.append(
                    Fault(
                        table.name, None, column.name,
                        f"missing column: {_says(column, 'en')}",
                        f"缺少此列：{_says(column, 'zh')}",
                    )
                )  # fmt: skip
            empty = pl.Series(column.name, [column.default], dtype=column.dtype)
            series.append(empty.new_from_index(0, frame.height))
            continue
        values, found = _column(table, column, frame[column.name])
        series.append(values)
        faults += found
    result = pl.DataFrame(series) if series else table.empty()
    return result, faults + _duplicates(table, result)


def _says(column: Column, language: str) -> str:
    if language == "zh":
        return f"{column.zh}（{column.unit_zh}）" if column.unit else column.zh
    return f"{column.en} ({column.unit})" if column.unit else column.en


def _column(table: Table, column: Column, raw: pl.Series) -> tuple[pl.Series, list[Fault]]:
    faults: list[Fault] = []
    if raw.dtype == pl.String:
        raw = raw.replace({"": None})
    elif raw.dtype in (pl.Categorical, pl.Enum):
        raw = raw.cast(pl.String)
    if not (raw.dtype.is_numeric() or raw.dtype in (pl.String, pl.Boolean, pl.Null)):
        return pl.Series(column.name, [None] * len(raw), dtype=column.dtype), [
            Fault(
                table.name, None, column.name,
                f"holds {raw.dtype}; give {column.kind}s",
                f"类型是 {raw.dtype}；应为 {column.kind}",
            )
        ]  # fmt: skip
    values = _cast(column, raw).alias(column.name)
    if values.null_count() > raw.null_count():
        faults += each_row(
            table, column, values.is_null() & raw.is_not_null(), raw,
            f"is not {_WANTED[column.kind][0]}", f"不是{_WANTED[column.kind][1]}",
        )  # fmt: skip
    if column.required:
        faults += each_row(
            table, column, raw.is_null(), None,
            f"is empty; give {_WANTED[column.kind][0]}: {_says(column, 'en')}",
            f"为空；请填{_WANTED[column.kind][1]}：{_says(column, 'zh')}",
        )  # fmt: skip
    elif column.default is not None:
        values = values.fill_null(pl.Series([column.default], dtype=column.dtype)[0])
    if column.least is not None:
        faults += each_row(
            table, column, (values < column.least).fill_null(False), values,
            f"is below {column.least:g}", f"小于 {column.least:g}",
        )  # fmt: skip
    if column.most is not None:
        faults += each_row(
            table, column, (values > column.most).fill_null(False), values,
            f"is above {column.most:g}", f"大于 {column.most:g}",
        )  # fmt: skip
    return values, faults


_WANTED = {
    "id": ("a name", "代号"),
    "text": ("text", "文字"),
    "integer": ("a whole number", "整数"),
    "number": ("a finite number", "有限的数"),
    "boolean": ("true or false", "true 或 false"),
}


def _cast(column: Column, raw: pl.Series) -> pl.Series:
    match column.kind:
        case "id" | "text":
            return raw.cast(pl.String)
        case "boolean":
            text = raw.cast(pl.String).str.to_lowercase()
            known = {**dict.fromkeys(TRUE, True), **dict.fromkeys(FALSE, False)}
            return text.replace_strict(known, default=None, return_dtype=pl.Boolean)
        case "integer" if raw.dtype.is_integer():
            return raw.cast(pl.Int64, strict=False)
        case "integer" | "number":
            number = raw.str.strip_chars() if raw.dtype == pl.String else raw
            number = number.cast(pl.Float64, strict=False)
            number = number.set(~number.is_finite(), None)
            if column.kind == "number":
                return number
            whole = (number == number.round()) & (number.abs() < 2**53)
            return number.set(~whole, None).cast(pl.Int64)


def each_row(
    table: Table,
    column: Column,
    bad: pl.Series,
    shown: pl.Series | None,
    en: str,
    zh: str,
    hint: Callable[[object], tuple[str, str]] = lambda value: ("", ""),
) -> list[Fault]:
    """Return a fault for each row where `bad`, and one that counts the rest beyond SHOWN.

    The fault says the row's value in `shown`, then `en` or `zh`, then what `hint` says of it.
    """
    if not bad.any():
        return []
    rows = bad.arg_true()
    faults = []
    for row in rows.head(SHOWN).to_list():
        value = f"{_short(shown[row])} " if shown is not None else ""
        more_en, more_zh = hint(shown[row]) if shown is not None else ("", "")
        faults.append(
            Fault(table.name, row + 1, column.name, value + en + more_en, value + zh + more_zh)
        )
    if (more := len(rows) - SHOWN) > 0:
        faults.append(
            Fault(
                table.name, None, column.name,
                f"{more} more rows like the last, up to row {rows[-1] + 1}",
                f"类似的还有 {more} 行，直到第 {rows[-1] + 1} 行",
            )
        )  # fmt: skip
    return faults


def _short(value: object) -> str:
    text = repr(value)
    return text if len(text) <= LONGEST + 2 else f"{text[:LONGEST]}…{text[-1]}"


def _duplicates(table: Table, frame: pl.DataFrame) -> list[Fault]:
    key = list(table.key)
    named = pl.all_horizontal(pl.col(k).is_not_null() for k in key if table[k].required)
    # Rows with like keys have like hashes, which are far quicker to compare than the keys.
    hashes = frame.select(pl.struct(key).hash()).to_series()
    if hashes.n_unique() == frame.height:
        return []
    alike = frame.select(key).with_row_index("row").filter(hashes.is_duplicated()).filter(named)
    again = pl.zeros(frame.height, pl.Boolean, eager=True)
    again = again.scatter(alike.filter(~pl.struct(key).is_first_distinct())["row"], True)
    name = pl.concat_str([pl.col(k).cast(pl.String) for k in key], separator=" ", ignore_nulls=True)
    return each_row(
        table, table[key[0]], again, frame.select(name).to_series(),
        f"stands here a second time; give each {', '.join(key)} once",
        f"重复出现；每组 {'、'.join(key)} 只写一次",
    )  # fmt: skip


def references(
    tables: Mapping[str, pl.DataFrame], declared: Iterable[Table], unread: Collection[str] = ()
) -> tuple[Codes, list[Fault]]:
    """Find what each value refers to, and name each that refers to nothing.

    Returns for each table and column that refers to another table the position of each value
    among the distinct values there, in their order; null where there is none. What refers to a
    table that is `unread` is passed over.
    """
    found: Codes = {}
    faults: list[Fault] = []
    for table in declared:
        frame = tables[table.name]
        for column in table.columns:
            if column.refers is None or column.refers in unread:
                continue
            there = tables[column.refers][column.name].unique(maintain_order=True)
            values = frame[column.name]
            found[table.name, column.name] = codes = positions(values, there)
            if codes.null_count() == values.null_count():
                continue
            faults += each_row(
                table, column, values.is_not_null() & codes.is_null(), values,
                f"is not in {column.refers}", f"不在 {column.refers} 表中",
                _nearest([str(v) for v in there.head(COMPARED)]),
            )  # fmt: skip
    return found, faults


def _nearest(names: list[str]) -> Callable[[object], tuple[str, str]]:
    @cache
    def hint(value: object) -> tuple[str, str]:
        near = get_close_matches(str(value)[:LONGEST], names, n=1)
        return (f"; did you mean {near[0]!r}?", f"；是否应为 {near[0]!r}？") if near else ("", "")

    return hint


def positions(values: pl.Series, ids: pl.Series) -> pl.Series:
    """Return the position of each of `values` in `ids`, which are distinct; null if not there."""
    book = pl.DataFrame({"id": ids}).with_columns(code=pl.int_range(pl.len(), dtype=pl.Int64))
    asked = pl.DataFrame({"id": values})
    return asked.join(book, on="id", how="left", maintain_order="left")["code"]
