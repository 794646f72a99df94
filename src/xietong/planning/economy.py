"""An economy: what there is, what is known, and what is needed, in kind and in hours."""

from collections.abc import Mapping
from functools import cached_property
from hashlib import sha256
from pathlib import Path
from typing import Any

import polars as pl

from xietong.planning import folder
from xietong.planning.boxes import largest_runs
from xietong.planning.check import Codes, each_row, references, typed
from xietong.planning.faults import EconomyError, Fault
from xietong.planning.format import ECONOMY, table
from xietong.planning.rules import disagreements
from xietong.planning.sets import Floats, Sets, index_sets

ONLY_REGION = "all"
PLACED = ("techniques", "workforce", "means", "needs", "stocks", "projects")


class Economy:
    """An economy as checked tables; each table of the format is an attribute.

    The attributes are Polars frames with every column of the format: defaults are filled in, an
    empty `region` is the only one there is (of `inputs` and `outputs`: the technique's own), and
    an absent optional table has no rows. They are not to be changed in place.
    """

    products: pl.DataFrame
    regions: pl.DataFrame
    periods: pl.DataFrame
    techniques: pl.DataFrame
    inputs: pl.DataFrame
    outputs: pl.DataFrame
    labour: pl.DataFrame
    workforce: pl.DataFrame
    means: pl.DataFrame
    occupies: pl.DataFrame
    needs: pl.DataFrame
    stocks: pl.DataFrame
    projects: pl.DataFrame
    project_inputs: pl.DataFrame
    project_labour: pl.DataFrame
    project_means: pl.DataFrame
    limits: pl.DataFrame
    emits: pl.DataFrame

    def __init__(
        self,
        tables: Mapping[str, pl.DataFrame],
        *,
        title: str = "",
        metadata: Mapping[str, Any] | None = None,
    ) -> None:
        """Check `tables` and keep them.

        Args:
            tables: frames by the names and with the columns of the format (`ECONOMY`).
            title: what the economy is called.
            metadata: sources, licence, assumptions: kept in `datapackage.json`, as JSON.

        Raises:
            EconomyError: naming everything that is wrong, with table, row, column and remedy.
        """
        self.title = title
        self.metadata: dict[str, Any] = dict(metadata or {})
        self.tables, codes, faults = _checked(tables)
        if faults:
            raise EconomyError(faults)
        self.sets: Sets = index_sets(self.tables, codes)
        self.largest_runs, self.largest_supply = largest_runs(self.sets)
        if faults := _endless(self.tables, self.sets, self.largest_runs):
            raise EconomyError(faults)
        for name, frame in self.tables.items():
            setattr(self, name, frame)

    @classmethod
    def read(cls, path: str | Path) -> "Economy":
        """Return the economy in the folder `path`, tables as CSV or Parquet.

        Raises EconomyError, naming every fault, if it cannot be read or does not agree.
        """
        tables, package, faults = folder.read(Path(path), ECONOMY)
        if faults:
            checked = {name: frame for name, frame in tables.items() if not frame.is_empty()}
            _, _, more = _checked(checked, missing=False)
            raise EconomyError(faults + more)
        metadata = {k: v for k, v in package.items() if k not in folder.WRITTEN}
        return cls(tables, title=str(package.get("title", "")), metadata=metadata)

    def write(self, path: str | Path) -> None:
        """Write the economy as a Frictionless Data Package into the folder `path`.

        Tables of more than 100,000 rows become Parquet, others CSV. Raises OSError if it cannot
        be written, and then leaves nothing half-written.
        """
        some = {
            declared.name: self.tables[declared.name]
            for declared in ECONOMY
            if declared.required or not self.tables[declared.name].is_empty()
        }
        folder.write(Path(path), ECONOMY, some, title=self.title, metadata=self.metadata)

    @cached_property
    def sha256(self) -> str:
        """The hash of the tables, whatever the order of their rows and the files they were in."""
        whole = sha256()
        for declared in ECONOMY:
            whole.update(folder.digest(declared, self.tables[declared.name]).encode())
        return whole.hexdigest()

    def __repr__(self) -> str:
        sets = self.sets
        return (
            f"<Economy {self.title!r}: {len(sets.products)} products, "
            f"{len(sets.techniques)} techniques, {len(sets.regions)} regions, "
            f"{sets.periods} periods, {len(sets.needs)} needs>"
        )


def _checked(
    given: Mapping[str, pl.DataFrame], *, missing: bool = True
) -> tuple[dict[str, pl.DataFrame], Codes, list[Fault]]:
    names = [t.name for t in ECONOMY]
    faults = [
        Fault(
            name, None, None,
            f"unknown table; the tables are {', '.join(names)}",
            f"没有这个表；应有的表是 {'、'.join(names)}",
        )
        for name in given
        if name not in names
    ]  # fmt: skip
    tables: dict[str, pl.DataFrame] = {}
    for declared in ECONOMY:
        if declared.name in given:
            frame, found = typed(declared, given[declared.name])
            faults += found
        else:
            frame = declared.empty()
            if declared.required and missing:
                faults.append(
                    Fault(
                        declared.name, None, None,
                        f"missing table: {declared.en}", f"缺少此表：{declared.zh}",
                    )
                )  # fmt: skip
        tables[declared.name] = frame
    _fill(tables)
    unread = [] if missing else [t.name for t in ECONOMY if t.name not in given]
    codes, strange = references(tables, ECONOMY, unread)
    return tables, codes, faults + strange + disagreements(tables)


def _fill(tables: dict[str, pl.DataFrame]) -> None:
    """Say what the format lets be left out."""
    if tables["regions"].is_empty():
        tables["regions"] = pl.DataFrame(
            [{"region": ONLY_REGION}], schema=table(ECONOMY, "regions").schema
        )
    if tables["periods"].is_empty():
        tables["periods"] = pl.DataFrame(
            [{"period": 1, "days": 365.0}], schema=table(ECONOMY, "periods").schema
        )
    if tables["regions"].height == 1:
        only = tables["regions"]["region"][0]
        for name in (*PLACED, "inputs", "outputs"):
            tables[name] = tables[name].with_columns(pl.col("region").fill_null(only))
    own = tables["techniques"].select("technique", home="region").unique("technique")
    for name in ("inputs", "outputs"):
        frame = tables[name]
        if frame["region"].null_count():
            home = frame.join(own, on="technique", how="left", maintain_order="left")["home"]
            tables[name] = frame.with_columns(pl.col("region").fill_null(home))


def _endless(tables: Mapping[str, pl.DataFrame], sets: Sets, runs: Floats) -> list[Fault]:
    endless = pl.Series((runs == float("inf")).any(axis=1))
    if not endless.any():
        return []
    endless &= sets.techniques.is_in(tables["outputs"]["technique"].implode())
    declared = table(ECONOMY, "techniques")
    return each_row(
        declared, declared["technique"], endless, sets.techniques,
        "could run without end; give it labour, a means it occupies, or an input that is scarce",
        "可以无止境地运行；请写明它所需的劳动、占用的生产资料或有限的投入",
    )  # fmt: skip
