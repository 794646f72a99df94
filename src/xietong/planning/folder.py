"""Folders of tables: reading and writing Frictionless Data Packages, CSV or Parquet."""

import json
import shutil
import tempfile
from collections.abc import Iterable, Mapping
from hashlib import sha256
from pathlib import Path
from typing import Any

import polars as pl

from xietong.planning.declaration import Table
from xietong.planning.faults import Fault
from xietong.planning.package import PACKAGE, misdescribed, unreadable

PARQUET_ABOVE = 100_000  # rows
PIECE = 1 << 20  # rows hashed at once
HASHED = {"number": "<f8", "integer": "<i8", "boolean": "u1"}
WRITTEN = ("title", "profile", "resources")  # of the package: what `write` says itself
FRICTIONLESS = {
    "id": "string", "text": "string", "integer": "integer", "number": "number",
    "boolean": "boolean",
}  # fmt: skip


def read(
    path: Path, declared: Iterable[Table]
) -> tuple[dict[str, pl.DataFrame], dict[str, Any], list[Fault]]:
    """Return the tables found in the folder, as text or as typed, its package, and the faults."""
    if not path.is_dir():
        return {}, {}, [Fault(str(path), None, None, "is no folder", "不是文件夹")]
    faults: list[Fault] = []
    package: dict[str, Any] = {}
    if (described := path / PACKAGE).exists():
        try:
            package = json.loads(described.read_text(encoding="utf-8"))
            if not isinstance(package, dict):
                raise ValueError("not an object")
        except (ValueError, OSError, RecursionError) as error:
            package = {}
            faults.append(
                Fault(PACKAGE, None, None, f"is not JSON: {error}", f"不是 JSON：{error}")
            )
    declared = list(declared)
    faults += misdescribed(path, declared, package)
    names = [table.name for table in declared]
    tables: dict[str, pl.DataFrame] = {}
    for file in sorted(path.iterdir()):
        if file.suffix not in (".csv", ".parquet"):
            continue
        if file.stem not in names:
            faults.append(
                Fault(
                    file.name, None, None,
                    f"unknown table; the tables are {', '.join(names)}",
                    f"没有这个表；应有的表是 {'、'.join(names)}",
                )
            )  # fmt: skip
            continue
        if file.stem in tables:
            faults.append(
                Fault(
                    file.stem, None, None, "is there both as CSV and as Parquet; keep one",
                    "同时有 CSV 和 Parquet 文件；只留其一",
                )
            )  # fmt: skip
            continue
        try:
            if not file.is_file():
                raise OSError("it is no file")
            tables[file.stem] = _frame(file)
        except (pl.exceptions.PolarsError, OSError, UnicodeError) as error:
            faults += unreadable(file, error)
            tables[file.stem] = pl.DataFrame()
    return tables, package, faults


def _frame(file: Path) -> pl.DataFrame:
    if file.suffix == ".parquet":
        return pl.read_parquet(file)
    return pl.read_csv(file, infer_schema=False)


def write(
    path: Path,
    declared: Iterable[Table],
    tables: Mapping[str, pl.DataFrame],
    *,
    title: str,
    metadata: Mapping[str, Any],
    extra: Mapping[str, Any] | None = None,
) -> None:
    """Write `tables`, the package that describes them, and `extra` JSON files by name.

    Everything is written beside `path` first and then moved into place. Files of a former writing
    of any `declared` table are replaced or removed; other files in the folder stay.
    """
    declared = list(declared)
    path.parent.mkdir(parents=True, exist_ok=True)
    fresh = Path(tempfile.mkdtemp(prefix=f".{path.name}-", dir=path.parent))
    try:
        resources = []
        for table in declared:
            if (frame := tables.get(table.name)) is None:
                continue
            name = f"{table.name}{'.parquet' if frame.height > PARQUET_ABOVE else '.csv'}"
            if name.endswith(".csv"):
                frame.write_csv(fresh / name)
            else:
                frame.write_parquet(fresh / name)
            resources.append(_resource(table, name))
        package = {"profile": "data-package", "title": title, **metadata, "resources": resources}
        for name, content in {PACKAGE: package, **(extra or {})}.items():
            text = json.dumps(content, ensure_ascii=False, indent=1, allow_nan=False)
            (fresh / name).write_text(text + "\n", encoding="utf-8")
        _put(fresh, path, [table.name for table in declared])
    finally:
        shutil.rmtree(fresh, ignore_errors=True)


def _put(fresh: Path, path: Path, names: Iterable[str]) -> None:
    path.mkdir(exist_ok=True)
    files = {file.name for file in fresh.iterdir()}
    for name in names:
        for suffix in (".csv", ".parquet"):
            if name + suffix not in files:
                (path / (name + suffix)).unlink(missing_ok=True)
    for file in fresh.iterdir():
        file.chmod(0o644)
        file.replace(path / file.name)


def _resource(table: Table, file: str) -> dict[str, Any]:
    fields = []
    for column in table.columns:
        bounds = {"minimum": column.least, "maximum": column.most}
        constraints: dict[str, Any] = {k: v for k, v in bounds.items() if v is not None}
        if column.required:
            constraints["required"] = True
        field: dict[str, Any] = {
            "name": column.name, "type": FRICTIONLESS[column.kind],
            "description": column.en, "description_zh": column.zh,
        }  # fmt: skip
        if column.unit:
            field["unit"], field["unit_zh"] = column.unit, column.unit_zh
        if constraints:
            field["constraints"] = constraints
        fields.append(field)
    return {
        "name": table.name, "path": file, "description": table.en, "description_zh": table.zh,
        "schema": {"fields": fields, "missingValues": [""], "primaryKey": list(table.key)},
    }  # fmt: skip


def digest(table: Table, frame: pl.DataFrame) -> str:
    """Return the sha256 of the rows of `frame` in the order of the table's key.

    Hashed are the table's name and, column by column in pieces of 2^20 rows, its name, a byte for
    each cell that says if it is empty, and the cells, little-endian: numbers as float64, whole
    numbers as int64, truth values as bytes, texts as their lengths in bytes (int64) and then
    themselves in UTF-8. An empty cell is 0 or no text.
    """
    key = list(table.key)
    rows = frame if _in_order(frame, key) else frame.sort(key, nulls_last=True)
    whole = sha256(table.name.encode())
    for column in table.columns:
        whole.update(column.name.encode())
        for start in range(0, frame.height, PIECE):
            cells = rows[column.name].slice(start, PIECE)
            whole.update(cells.is_null().cast(pl.UInt8).to_numpy().tobytes())
            if column.kind in ("id", "text"):
                text = cells.fill_null("")
                whole.update(text.str.len_bytes().to_numpy().astype("<i8").tobytes())
                whole.update(text.str.join("").item().encode())
            else:
                filled = cells.fill_null(False if column.kind == "boolean" else 0).to_numpy()
                # Adding 0 makes −0 the 0 that it equals.
                plain = filled + filled.dtype.type(0)
                whole.update(plain.astype(HASHED[column.kind]).tobytes())
    return whole.hexdigest()


def _in_order(frame: pl.DataFrame, key: list[str]) -> bool:
    """Whether the rows, none with an empty key, are in its order already."""
    later = pl.lit(False)
    for name in reversed(key):
        before = pl.col(name).shift(1)
        later = (pl.col(name) > before) | ((pl.col(name) == before) & later)
    ordered = frame.lazy().select(later.slice(1).fill_null(False).all()).collect()
    return bool(ordered.item())
