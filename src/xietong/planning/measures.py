"""What alternatives may differ in, each as a linear measure of a plan that is to be raised."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass

import numpy as np
import polars as pl

from xietong.planning.economy import Economy
from xietong.planning.faults import Language, PlanningError
from xietong.planning.programme import Programme
from xietong.planning.sets import Floats
from xietong.planning.values import yardstick

Tables = Mapping[str, pl.DataFrame]
LEISURE = "leisure"
# Of what there may be several: all of a kind, one of them, and the words for raising it.
KINDS: tuple[tuple[str | None, str, str, str], ...] = (
    ("skills", "skill", "fewest hours of {}", "{} 的工时最少"),
    ("limits", "limit", "least {}", "{} 最少"),
    ("regions", "region", "most for the needs of {}", "{} 的需求满足最多"),
    (None, "means", "least use of {}", "{} 用得最少"),
    (None, "need", "most for {}", "{} 满足最多"),
)


@dataclass(frozen=True)
class Measure:
    """`vector` · columns, in shares of `scale`, is to be raised; `amount` reads it from tables.

    `amount` is in shares too, and of the same sign as the vector. `why` says what is raised.
    """

    why: Mapping[Language, str]
    vector: Floats
    amount: Callable[[Tables], float]


def measures(economy: Economy, programme: Programme, asked: str) -> list[Measure]:
    """Return the measures that `asked` names: leisure, all of a kind, or one thing, `skill:nurse`.

    Raises PlanningError if there is no such measure or thing.
    """
    if asked == LEISURE:
        return [_leisure(programme)]
    ids = _ids(economy)
    for all_of, one, en, zh in KINDS:
        if asked == all_of:
            return [_measure(programme, one, name, en, zh) for name in ids[one]]
        kind, _, name = asked.partition(":")
        if kind == one and name in ids[one]:
            return [_measure(programme, one, name, en, zh)]
    known = [LEISURE, *(k[0] for k in KINDS if k[0]), *(f"{k[1]}:…" for k in KINDS)]
    raise PlanningError(
        f"{asked!r} is nothing that plans of this economy differ in; there is {', '.join(known)}",
        f"这份经济数据的计划之间没有 {asked!r} 这种差别；可用：{'、'.join(known)}",
    )


def _ids(economy: Economy) -> Mapping[str, list[str]]:
    sets = economy.sets
    return {
        "skill": sets.crew_skill.unique(maintain_order=True).to_list(),
        "means": sets.means.to_list(),
        "limit": sets.limits.to_list(),
        "region": sets.regions.to_list(),
        "need": sets.needs.to_list(),
    }


def _leisure(programme: Programme) -> Measure:
    def amount(tables: Tables) -> float:
        work = tables["use_of_labour"]
        return -float(work["used"].sum()) / (float(work["offered"].sum()) or 1.0)

    why: dict[Language, str] = {"en": "fewest hours", "zh": "总工时最少"}
    return Measure(why, programme.steps[-1].vector, amount)


def _measure(programme: Programme, kind: str, name: str, en: str, zh: str) -> Measure:
    sets = programme.sets
    why: dict[Language, str] = {"en": en.format(name), "zh": zh.format(name)}
    if kind == "region":
        return _delivered(programme, sets.regions.gather(sets.place_region[sets.wish_place]), kind,
                          name, why)  # fmt: skip
    if kind == "need":
        return _delivered(programme, sets.needs.gather(sets.wish_need), kind, name, why)
    table, id_, there = {
        "skill": ("use_of_labour", "skill", sets.offered),
        "means": ("use_of_means", "means", np.repeat(sets.available[:, None], sets.periods, 1)),
        "limit": ("use_of_limits", "limit", sets.allowed),
    }[kind]
    items = {"skill": sets.crew_skill, "means": sets.means, "limit": sets.limits}[kind]
    chosen = np.flatnonzero(items == name)
    amounts = there[chosen]
    scale = float(amounts[np.isfinite(amounts)].sum()) or 1.0
    block = next(block for block in programme.blocks if block.kind == kind)
    # What projects add to a means is no use of it.
    used = block.matrix.multiply(block.matrix > 0)[np.isin(block.items, chosen)]
    vector = -np.asarray(used.sum(axis=0), dtype=float).ravel() / scale

    def amount(tables: Tables) -> float:
        return -float(tables[table].filter(pl.col(id_) == name)["used"].sum()) / scale

    return Measure(why, vector, amount)


def _delivered(
    programme: Programme, of: pl.Series, kind: str, name: str, why: Mapping[Language, str]
) -> Measure:
    """The share of what is asked for that is delivered, by hours; `of` says whose a wish is."""
    wishes = np.flatnonzero(of == name)
    values = yardstick(programme.sets)[wishes]
    scale = float(values @ programme.sets.target[wishes]) or 1.0
    vector = np.zeros(programme.columns.count)
    vector[programme.columns.segments[wishes]] = (values / scale)[:, None]

    def amount(tables: Tables) -> float:
        got = tables["deliveries"].filter(pl.col(kind) == name)
        return float((got["value"] * got["delivered"]).sum()) / scale

    return Measure(why, vector, amount)
