"""Checks what no table can be asked alone: that the tables agree with each other."""

from collections.abc import Mapping

import polars as pl

from xietong.planning.check import each_row
from xietong.planning.faults import Fault
from xietong.planning.format import ECONOMY, TIERS, table

Tables = Mapping[str, pl.DataFrame]


def disagreements(tables: Tables) -> list[Fault]:
    """Return what is wrong between the tables of an economy, each with all its columns.

    Cells that are null because they were found faulty before are passed over.
    """
    faults: list[Fault] = []
    for rule in (_tiers, _periods, _regions, _every_period, _skills, _storable, _windows):
        faults += rule(tables)
    return faults


def _each(
    tables: Tables, name: str, column: str, bad: pl.Expr, en: str, zh: str, shown: bool = True
) -> list[Fault]:
    declared = table(ECONOMY, name)
    frame = tables[name]
    rows = frame.select(bad.fill_null(False)).to_series()
    if len(rows) != frame.height:
        rows = rows.new_from_index(0, frame.height)
    return each_row(declared, declared[column], rows, frame[column] if shown else None, en, zh)


def _tiers(tables: Tables) -> list[Fault]:
    return _each(
        tables, "needs", "tier", ~pl.col("tier").is_in(list(TIERS)),
        f"is no tier; the tiers are {', '.join(TIERS)}",
        f"不是需求层次；层次有 {'、'.join(TIERS)}",
    )  # fmt: skip


def _periods(tables: Tables) -> list[Fault]:
    last = tables["periods"].height
    return _each(
        tables, "periods", "period", pl.col("period") > last,
        f"leaves a gap: {last} periods are numbered 1 to {last}",
        f"序号有间断：{last} 个时期应编为 1 至 {last}",
    )  # fmt: skip


def _regions(tables: Tables) -> list[Fault]:
    if tables["regions"].height <= 1:
        return []
    faults: list[Fault] = []
    for name in ("techniques", "workforce", "means", "needs", "stocks", "projects"):
        faults += _each(
            tables, name, "region", pl.col("region").is_null(),
            "is empty; say in which of the regions it is", "为空；有多个地区时请写明地区",
            shown=False,
        )  # fmt: skip
    return faults


def _every_period(tables: Tables) -> list[Fault]:
    faults: list[Fault] = []
    for name, key in (("workforce", ["region", "skill"]), ("limits", ["limit"])):
        always = pl.col("period").is_null().any().over(key)
        faults += _each(
            tables, name, "period", pl.col("period").is_not_null() & always,
            "is already said by a row for every period (an empty one); keep one of the two",
            "已有一行适用于每个时期（时期留空）；两者只留其一",
        )  # fmt: skip
    return faults


def _skills(tables: Tables) -> list[Fault]:
    """Hours that a table forgets are an error: 0 must be said."""
    offered = tables["workforce"].select("region", "skill").unique()
    faults: list[Fault] = []
    for name, owner, key in (
        ("labour", "techniques", "technique"),
        ("project_labour", "projects", "project"),
    ):
        frame = tables[name].join(
            tables[owner].select(key, "region"), on=key, how="left", maintain_order="left"
        )
        known = frame.join(
            offered.with_columns(known=True),
            on=["region", "skill"], how="left", maintain_order="left",
        )["known"]  # fmt: skip
        bad = known.is_null() & frame["region"].is_not_null() & frame["skill"].is_not_null()
        declared = table(ECONOMY, name)
        faults += each_row(
            declared, declared["skill"], bad, frame["skill"],
            "is offered by nobody in its region; give workforce a row for it, if only of 0 hours",
            "在所在地区无人提供；请在 workforce 表中加上一行，没有就写 0 工时",
        )  # fmt: skip
    periods = tables["periods"].height
    some = pl.col("period").is_not_null().all().over("region", "skill")
    gaps = pl.len().over("region", "skill") < periods
    first = pl.struct("region", "skill").is_first_distinct()
    faults += _each(
        tables, "workforce", "skill", some & gaps & first,
        f"has no hours in some of the {periods} periods; say 0 where nobody offers it",
        f"在 {periods} 个时期中有的没有工时；无人提供时请写 0",
    )  # fmt: skip
    return faults


def _storable(tables: Tables) -> list[Fault]:
    passing = tables["products"].filter(~pl.col("storable"))["product"]
    return _each(
        tables, "stocks", "product",
        pl.col("product").is_in(passing.implode()) & (pl.col("initial") + pl.col("final") > 0),
        "is not storable, so there can be no stock of it", "不可储存，因此不能有库存",
    )  # fmt: skip


def _windows(tables: Tables) -> list[Fault]:
    last = tables["periods"].height
    return _each(
        tables, "projects", "latest", pl.col("latest") > last,
        f"is after the last period, {last}", f"晚于最后一期 {last}",
    ) + _each(
        tables, "projects", "earliest",
        pl.col("earliest") > pl.col("latest").fill_null(last).clip(upper_bound=last),
        "is after the latest period it may start in", "晚于最晚开工时期",
    )  # fmt: skip
