"""Changes to an economy, as people ask about them: a weight, a target, a machine lost."""

import re
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from difflib import get_close_matches

import polars as pl

from xietong.planning.economy import Economy
from xietong.planning.faults import EconomyError, Fault, Language

Key = str | tuple[str, str]
"""What is changed: its id, or its id and the region."""
Amount = float | str
"""What it becomes: an amount in the unit of its table, or such a share of what it was: `"90%"`."""
Changes = Mapping[Key, Amount]

SHARE = re.compile(r"\s*(\d+(?:\.\d+)?)\s*%\s*")


@dataclass(frozen=True)
class Lever:
    """What a person may change: a column of a table, rows named by `id`; in words."""

    table: str
    id: str
    column: str
    en: str
    zh: str


LEVERS: Mapping[str, Lever] = {
    "weights": Lever("needs", "need", "weight", "weight of", "权重"),
    "targets": Lever("needs", "need", "target", "target of", "目标"),
    "hours": Lever("workforce", "skill", "hours", "hours of", "工时"),
    "means": Lever("means", "means", "available", "means", "生产资料"),
    "limits": Lever("limits", "limit", "amount", "limit", "限额"),
    "stocks": Lever("stocks", "product", "initial", "initial stock of", "期初库存"),
}


def changed(economy: Economy, changes: Mapping[str, Changes]) -> Economy:
    """Return the economy with `changes`, by the names of LEVERS.

    Raises EconomyError, naming everything that is wrong: an id that is not there, an amount that
    is none, or one amount for a thing that several regions have.
    """
    tables = dict(economy.tables)
    faults: list[Fault] = []
    for name, asked in changes.items():
        lever = LEVERS[name]
        for key, amount in asked.items():
            tables[lever.table], found = _set(tables[lever.table], lever, key, amount)
            faults += found
    if faults:
        raise EconomyError(faults)
    return Economy(tables, title=economy.title, metadata=economy.metadata)


def _set(
    frame: pl.DataFrame, lever: Lever, key: Key, amount: Amount
) -> tuple[pl.DataFrame, list[Fault]]:
    """Return the frame where the rows of `key` have `amount`, and what is wrong with that."""
    thing, region = (key, None) if isinstance(key, str) else key
    named = pl.col(lever.id) == thing
    if region is not None:
        if "region" not in frame.columns:
            return frame, [_fault(lever, f"{thing!r} is of no region", f"{thing!r} 不分地区")]
        named &= pl.col("region") == region
    mine = frame.filter(named)
    if mine.is_empty():
        return frame, [_unknown(frame[lever.id], lever, thing, region)]
    if isinstance(amount, str):
        if not (share := SHARE.fullmatch(amount)):
            return frame, [
                _fault(
                    lever, f"{amount!r} is no share; give an amount, or a share such as '90%'",
                    f"{amount!r} 不是比例；请给出数量，或“90%”这样的比例",
                )
            ]  # fmt: skip
        becomes = pl.col(lever.column) * (float(share[1]) / 100.0)
    elif lever.table != "needs" and "region" in frame.columns and mine["region"].n_unique() > 1:
        several = ", ".join(mine["region"].unique(maintain_order=True))
        return frame, [
            _fault(
                lever,
                f"{thing!r} is in several regions ({several}); name one, or give a share such as "
                "'90%'",
                f"{thing!r} 分布在多个地区（{several}）；请指明一个，或给出“90%”这样的比例",
            )
        ]
    else:
        becomes = pl.lit(float(amount))
    return frame.with_columns(
        pl.when(named).then(becomes).otherwise(lever.column).alias(lever.column)
    ), []


def _fault(lever: Lever, en: str, zh: str) -> Fault:
    return Fault(lever.table, None, lever.id, en, zh)


def _unknown(ids: pl.Series, lever: Lever, thing: str, region: str | None) -> Fault:
    there = [str(value) for value in ids.unique(maintain_order=True).head(10_000)]
    if thing in there:
        return _fault(lever, f"{thing!r} is not in {region}", f"{region} 没有 {thing!r}")
    near = get_close_matches(thing, there, n=1)
    return _fault(
        lever,
        f"{thing!r} is not there" + (f"; did you mean {near[0]!r}?" if near else ""),
        f"没有 {thing!r}" + (f"；是否应为 {near[0]!r}？" if near else ""),
    )


def told(changes: Mapping[str, Changes], language: Language) -> str:
    """Return the changes in one line, in English (`en`) or Chinese (`zh`)."""
    return ("；" if language == "zh" else "; ").join(_told(changes, language))


def _told(changes: Mapping[str, Changes], language: Language) -> Iterable[str]:
    for name, asked in changes.items():
        lever = LEVERS[name]
        for key, amount in asked.items():
            what = key if isinstance(key, str) else (
                f"{key[1]} 的 {key[0]}" if language == "zh" else f"{key[0]} in {key[1]}"
            )  # fmt: skip
            becomes = amount if isinstance(amount, str) else f"{amount:g}"
            yield (
                f"{lever.zh} {what} → {becomes}"
                if language == "zh"
                else f"{lever.en} {what} → {becomes}"
            )
