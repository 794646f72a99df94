"""Why a need is met or cut: its cost in hours, and the scarce things its valuation is made of."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any

import polars as pl

from xietong.planning.faults import Language, PlanningError
from xietong.planning.plot import draw_explanation
from xietong.planning.summary import page
from xietong.planning.terms import MET
from xietong.planning.wording import KINDS, THINGS, TIERS_ZH, Names, few, names

if TYPE_CHECKING:
    import altair

LISTED = 6  # scarce things named in the text
EQUAL = 0.99  # a valuation and a worth this near are called equal
SMALLEST = 0.001  # share of the valuation from which on a thing is named


@dataclass(frozen=True)
class Delivery:
    """What a need gets in one period: `target` and `delivered` in units, hours per unit.

    `valuation` is what one more unit would take elsewhere in the plan, `worth` what the plan would
    give for it; `hours` is the labour that a unit takes, all stages together.
    """

    period: int
    region: str
    target: float
    delivered: float
    share: float
    valuation: float
    worth: float
    hours: float


@dataclass(frozen=True)
class Explanation:
    """Why a need is met or cut.

    `deliveries` has one entry a period. Tables: `hours` (`period, skill, region, hours`: labour
    that a unit takes) and `scarce` (`period, kind, id, region, when, quantity, value, share, rent,
    adds`): a unit takes `quantity` of the thing, worth `value` hours, a `share` of the valuation;
    one more unit of the thing would save `rent` hours, or `adds` units of this need's product.
    `names` says what products are called.
    """

    need: str
    tier: str
    product: str
    deliveries: tuple[Delivery, ...]
    hours: pl.DataFrame
    scarce: pl.DataFrame
    names: Names = field(default_factory=lambda: names(None), repr=False)

    def text(self, language: Language = "en") -> str:
        """Return the explanation in English (`en`) or Chinese (`zh`), a paragraph a period."""
        write = _zh if language == "zh" else _en
        return "\n\n".join(write(self, delivery) for delivery in self.deliveries)

    def table(self, language: Language = "en") -> pl.DataFrame:
        """Return `scarce` as a table to show, its heads and kinds in English or Chinese."""
        heads, kinds = (_HEADS_ZH if language == "zh" else _HEADS_EN), KINDS[language]
        return self.scarce.with_columns(pl.col("kind").replace_strict(dict(kinds))).rename(heads)

    def plot(self, language: Language = "en") -> "altair.Chart":
        """Draw what the valuation is made of, with words in English (`en`) or Chinese (`zh`).

        Raises PlanningError if Altair is not installed or nothing that the need takes is scarce.
        """
        return draw_explanation(self, language)

    def __str__(self) -> str:
        return self.text()

    def _repr_html_(self) -> str:
        return page(f"{self.need} ({self.tier})", [self.hours, self.table()])


def explain(
    plan: Mapping[str, pl.DataFrame], need: str, products: pl.DataFrame | None = None
) -> Explanation:
    """Return the explanation of `need` from the tables of a plan; `products` has their names.

    Raises PlanningError if the plan has no such need, or no valuations.
    """
    mine = plan["deliveries"].filter(pl.col("need") == need).sort("period")
    if mine.is_empty():
        raise PlanningError(f"the plan has no need {need!r}", f"计划中没有需求 {need!r}")
    product, region = mine["product"][0], mine["region"][0]
    valued = plan["valuations"]
    if valued.is_empty():
        raise PlanningError(
            "this plan ran out of time before its valuations: plan again with a longer limit",
            "这份计划在得出影子价格之前就到了时限：请放宽时限重新编制",
        )
    prices = valued.filter(
        pl.col("kind") == "product", pl.col("id") == product, pl.col("region") == region
    )
    worth = valued.filter(pl.col("kind") == "need", pl.col("id") == need)
    valuation = dict(prices.select("period", "value").iter_rows())
    worths = dict(worth.select("period", "value").iter_rows())
    content = plan["contents"].filter(
        pl.col("product") == product,
        pl.col("region") == region,
        pl.col("period").is_in(mine["period"].implode()),
    )
    hours = (
        content.filter(pl.col("kind") == "skill")
        .group_by("period", skill="id", region="at")
        .agg(hours=pl.col("quantity").sum())
        .sort("period", "hours", "skill", descending=[False, True, False])
    )
    whole = pl.col("value").sum().over("period")
    saved = valued.select(
        pl.col("kind").replace("product", "stock"), "id", at="region", when="period", rent="value"
    )
    scarce = (
        content.filter(pl.col("value") > 0)
        .with_columns(share=pl.col("value") / whole, whole=whole)
        # A means or a limit has its own name everywhere; skills and stocks are of a region.
        .with_columns(place=pl.when(pl.col("kind").is_in(["skill", "stock"])).then("at"))
        .join(
            saved, left_on=["kind", "id", "place", "when"], right_on=["kind", "id", "at", "when"],
            how="left", nulls_equal=True,
        )
        .with_columns(pl.col("rent").fill_null(0.0))
        .select("period", "kind", "id", pl.col("at").alias("region"), "when", "quantity", "value",
                "share", "rent", adds=pl.col("rent") / pl.col("whole"))
        .sort("period", "share", "kind", "id", "when",
              descending=[False, True, False, False, False])
    )  # fmt: skip
    worked = dict(hours.group_by("period").agg(pl.col("hours").sum()).iter_rows())
    return Explanation(
        need=need,
        tier=mine["tier"][0],
        product=product,
        deliveries=tuple(
            Delivery(
                period=row["period"],
                region=region,
                target=row["target"],
                delivered=row["delivered"],
                share=row["share"],
                valuation=valuation.get(row["period"], 0.0),
                worth=worths.get(row["period"], 0.0) + 0.0,  # no -0 in the text
                hours=worked.get(row["period"], 0.0),
            )
            for row in mine.iter_rows(named=True)
        ),
        hours=hours,
        scarce=scarce,
        names=names(products),
    )


_HEADS_EN = {
    "region": "where", "quantity": "a unit takes", "value": "worth in hours",
    "rent": "one more unit saves (hours)", "adds": "one more unit adds",
}  # fmt: skip
_HEADS_ZH = {
    "period": "时期", "kind": "类别", "id": "对象", "region": "地区", "when": "占用时期",
    "quantity": "每单位占用", "value": "折合工时", "share": "比例", "rent": "多一单位可省工时",
    "adds": "多一单位可多得",
}  # fmt: skip


def _en(explanation: Explanation, d: Delivery) -> str:
    head = (
        f"{explanation.need} ({explanation.tier}; {_called(explanation, 'en')}, {d.region}, "
        f"period {d.period}): "
    )
    if d.share >= MET:
        lines = [f"{head}met in full, {few(d.delivered, 6)}."]
    else:
        lines = [
            f"{head}cut by {few(d.target - d.delivered)} of {few(d.target)}; {d.share:.1%} met."
        ]
    if hours := _hours(explanation, d):
        listed = ", ".join(f"{few(h)} h {skill}" for skill, h in hours)
        lines.append(f"A unit takes {few(d.hours)} hours of work, all stages together: {listed}.")
    if d.valuation <= 0:
        lines.append("Its valuation is 0: one more unit would cost nobody anything.")
        return "\n".join(lines)
    cost = f"One more unit would take {few(d.valuation)} hours from the rest of the plan"
    if d.share >= MET:
        lines.append(f"{cost}.")
    elif d.worth > EQUAL * d.valuation:
        lines.append(f"{cost}, and is itself worth no more than that.")
    else:
        lines.append(f"{cost}, and is itself worth only {few(d.worth)}.")
    things = _things(explanation, d)

    def named(thing: dict[str, Any]) -> str:
        when = f" of period {thing['when']}" if thing["when"] != d.period else ""
        return f"{_thing(explanation, thing, 'en')}{when}"

    if things:
        parts = ", ".join(f"{named(t)} {t['share']:.1%}" for t in things)
        lines.append(f"That is made up of {parts}.")
    lines += [
        f"One more unit of {named(t)} would save {few(t['rent'])} hours, "
        f"or add {few(t['adds'])} of this."
        for t in things
        if t["adds"] > 0
    ]
    return "\n".join(lines)


def _zh(explanation: Explanation, d: Delivery) -> str:
    head = (
        f"{explanation.need}（{TIERS_ZH[explanation.tier]}需求；{_called(explanation, 'zh')}，"
        f"{d.region}，第 {d.period} 期）："
    )
    if d.share >= MET:
        lines = [f"{head}全部满足，共 {few(d.delivered, 6)}。"]
    else:
        lines = [
            f"{head}要求 {few(d.target)}，削减 {few(d.target - d.delivered)}，满足 {d.share:.1%}。"
        ]
    if hours := _hours(explanation, d):
        listed = "、".join(f"{skill} {few(h)} 工时" for skill, h in hours)
        lines.append(f"各环节合计，每单位需要 {few(d.hours)} 工时：{listed}。")
    if d.valuation <= 0:
        lines.append("影子价格为 0：再多一单位，谁也不必为此付出什么。")
        return "\n".join(lines)
    cost = f"再多一单位，要从计划的其他地方占用 {few(d.valuation)} 工时"
    if d.share >= MET:
        lines.append(f"{cost}。")
    elif d.worth > EQUAL * d.valuation:
        lines.append(f"{cost}，而它本身也只值这么多，所以到此为止。")
    else:
        lines.append(f"{cost}，而它本身只值 {few(d.worth)} 工时，所以到此为止。")
    things = _things(explanation, d)

    def named(thing: dict[str, Any]) -> str:
        when = f"第 {thing['when']} 期的" if thing["when"] != d.period else ""
        return f"{when}{_thing(explanation, thing, 'zh')}"

    if things:
        parts = "、".join(f"{named(t)} {t['share']:.1%}" for t in things)
        lines.append(f"其构成为：{parts}。")
    lines += [
        f"若多一单位{named(t)}，可省下 {few(t['rent'])} 工时，"
        f"或让这项需求多得 {few(t['adds'])} 单位。"
        for t in things
        if t["adds"] > 0
    ]
    return "\n".join(lines)


def _called(explanation: Explanation, language: Language) -> str:
    return explanation.names[language].get(explanation.product, explanation.product)


def _thing(explanation: Explanation, thing: dict[str, Any], language: Language) -> str:
    """What a scarce thing is called: a stock by the name of its product, others by their id."""
    named = explanation.names[language] if thing["kind"] == "stock" else {}
    return THINGS[language][thing["kind"]].format(named.get(thing["id"], thing["id"]))


def _hours(explanation: Explanation, d: Delivery) -> list[tuple[str, float]]:
    mine = explanation.hours.filter(pl.col("period") == d.period)
    return list(mine.select("skill", "hours").iter_rows())


def _things(explanation: Explanation, d: Delivery) -> list[dict[str, Any]]:
    mine = explanation.scarce.filter(pl.col("period") == d.period, pl.col("share") >= SMALLEST)
    return mine.head(LISTED).to_dicts()
