"""What is wrong with a folder beside its tables: its description, and files that are no tables."""

import csv
from collections.abc import Iterator, Sequence
from pathlib import Path
from typing import Any

from xietong.planning.check import SHOWN
from xietong.planning.declaration import Table
from xietong.planning.faults import Fault

PACKAGE = "datapackage.json"


def misdescribed(path: Path, declared: Sequence[Table], package: dict[str, Any]) -> list[Fault]:
    """Return what the package says of tables that is not so: elsewhere, missing, another unit."""
    tables = {table.name: table for table in declared}
    resources = package.get("resources", [])
    if not isinstance(resources, list) or not all(isinstance(r, dict) for r in resources):
        return [
            Fault(
                PACKAGE, None, "resources", "is no list of tables; leave it out or list them",
                "不是表的列表；请改正或删去",
            )
        ]  # fmt: skip
    faults: list[Fault] = []
    for resource in resources:
        name, file = str(resource.get("name")), resource.get("path")
        if name not in tables:
            continue
        if file not in (f"{name}.csv", f"{name}.parquet"):
            faults.append(
                Fault(
                    PACKAGE, None, name,
                    f"points to {file!r}; a table stands in this folder as {name}.csv or "
                    f"{name}.parquet",
                    f"指向 {file!r}；表应在本文件夹中，名为 {name}.csv 或 {name}.parquet",
                )
            )  # fmt: skip
        elif not (path / file).exists():
            faults.append(
                Fault(
                    PACKAGE, None, name, f"points to {file}, which is not there",
                    f"指向 {file}，而该文件不存在",
                )
            )  # fmt: skip
        faults += _units(tables[name], resource)
    return faults


def _units(table: Table, resource: dict[str, Any]) -> Iterator[Fault]:
    schema = resource.get("schema")
    fields = schema.get("fields") if isinstance(schema, dict) else None
    for field in fields if isinstance(fields, list) else ():
        if not isinstance(field, dict) or field.get("name") not in table.schema:
            continue
        column = table[field["name"]]
        if (unit := field.get("unit", column.unit)) != column.unit:
            yield Fault(
                table.name, None, column.name,
                f"is in {unit!r} by {PACKAGE}; give it in {column.unit or 'no unit'!r}",
                f"{PACKAGE} 中写明的单位是 {unit!r}；应为 {column.unit_zh or '无单位'!r}",
            )  # fmt: skip


def unreadable(file: Path, error: Exception) -> list[Fault]:
    """Return why a table's file cannot be read: its rows that are too long, or the error."""
    faults: list[Fault] = []
    more = 0
    if file.suffix == ".csv" and file.is_file():
        try:
            with file.open(encoding="utf-8", newline="") as lines:
                rows = csv.reader(lines)
                width = len(next(rows, []))
                for number, row in enumerate(rows, start=1):
                    if len(row) <= width:
                        continue
                    if len(faults) == SHOWN:
                        more += 1
                        continue
                    faults.append(
                        Fault(
                            file.name, number, None,
                            f"has {len(row)} cells, the heading {width}; put cells that hold a "
                            "comma in quotation marks",
                            f"有 {len(row)} 格，而表头有 {width} 格；含逗号的内容请加引号",
                        )
                    )  # fmt: skip
        except UnicodeDecodeError:
            faults = [
                Fault(
                    file.name, None, None, "is not in UTF-8; save it so", "不是 UTF-8 编码；请另存"
                )
            ]
        except (csv.Error, OSError):
            faults = []
    if more:
        faults.append(
            Fault(
                file.name, None, None, f"{more} more rows like the last",
                f"类似的还有 {more} 行",
            )
        )  # fmt: skip
    if faults:
        return faults
    why = (str(error).splitlines() or [type(error).__name__])[0]
    return [Fault(file.name, None, None, f"cannot be read: {why}", f"无法读取：{why}")]
