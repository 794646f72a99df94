"""Why a need is met or cut: its cost in hours, and the scarce things its valuation is made of."""

from collections.abc import Mapping
from dataclasses import dataclass

import polars as pl

from xietong.planning.faults import Language, PlanningError
from xietong.planning.terms import MET

LISTED = 6  # scarce things named in the text
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
    """

    need: str
    tier: str
    product: str
    deliveries: tuple[Delivery, ...]
    hours: pl.DataFrame
    scarce: pl.DataFrame

    def text(self, language: Language = "en") -> str:
        """Return the explanation in English (`en`) or Chinese (`zh`), a paragraph a period."""
        write = _zh if language == "zh" else _en
        return "\n\n".join(write(self, delivery) for delivery in self.deliveries)

    def __str__(self) -> str:
        return self.text()


def explain(plan: Mapping[str, pl.DataFrame], need: str) -> Explanation:
    """Return the explanation of `need` from the tables of a plan.

    Raises PlanningError if the plan has no such need.
    """
    mine = plan["deliveries"].filter(pl.col("need") == need).sort("period")
    if mine.is_empty():
        raise PlanningError(f"the plan has no need {need!r}", f"计划中没有需求 {need!r}")
    product, region = mine["product"][0], mine["region"][0]
    valued = plan["valuations"]
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
    rent = pl.col("value") / pl.col("quantity")
    scarce = (
        content.filter(pl.col("value") > 0)
        .with_columns(share=pl.col("value") / whole)
        # An hour of work is worth an hour by itself; scarce is what it is worth beyond that.
        .with_columns(rent=pl.when(pl.col("kind") == "skill").then(rent - 1.0).otherwise(rent))
        .with_columns(pl.col("rent").clip(0.0))
        .with_columns(adds=pl.col("rent") / whole)
        .select("period", "kind", "id", region="at", when="when", quantity="quantity",
                value="value", share="share", rent="rent", adds="adds")
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
                worth=worths.get(row["period"], 0.0),
                hours=worked.get(row["period"], 0.0),
            )
            for row in mine.iter_rows(named=True)
        ),
        hours=hours,
        scarce=scarce,
    )


_KINDS = {
    "skill": ("hours of", "工时"),
    "means": ("means", "生产资料"),
    "limit": ("limit", "限额"),
    "stock": ("stock of", "库存"),
}
_TIERS_ZH = {"basic": "基本", "public": "公共", "personal": "个人", "reserve": "储备"}


def _named(explanation: Explanation, delivery: Delivery) -> pl.DataFrame:
    mine = explanation.scarce.filter(
        pl.col("period") == delivery.period, pl.col("share") >= SMALLEST
    )
    return mine.head(LISTED)


def _en(explanation: Explanation, d: Delivery) -> str:
    short = d.target - d.delivered
    lines = [
        f"{explanation.need} ({explanation.tier}; {explanation.product}, {d.region}, "
        f"period {d.period}): "
        + (
            f"met in full, {d.delivered:g}."
            if d.share >= MET
            else f"cut by {short:.4g} of {d.target:.4g}; {d.share:.1%} is delivered."
        )
    ]
    skills = explanation.hours.filter(pl.col("period") == d.period)
    if skills.height:
        lines.append(
            f"A unit takes {d.hours:.4g} hours of work, all stages together: "
            + ", ".join(f"{h:.4g} h {s}" for s, h in skills.select("skill", "hours").iter_rows())
            + "."
        )
    if d.valuation <= 0:
        lines.append("Its valuation is 0: one more unit would cost nobody anything.")
        return "\n".join(lines)
    lines.append(f"One more unit would take {d.valuation:.4g} hours from the rest of the plan")
    lines[-1] += (
        "."
        if d.share >= MET
        else f" and would count for {d.worth:.4g} hours, so there is no more of it."
    )
    named = list(_named(explanation, d).iter_rows(named=True))
    if named:
        lines.append(
            "That is made up of "
            + ", ".join(f"{_KINDS[r['kind']][0]} {r['id']} {r['share']:.1%}" for r in named)
            + "."
        )
    for r in named:
        if r["adds"] > 0:
            lines.append(
                f"One more unit of {_KINDS[r['kind']][0]} {r['id']} in period {r['when']} would "
                f"save {r['rent']:.4g} hours, or add {r['adds']:.4g} of this."
            )
    return "\n".join(lines)


def _zh(explanation: Explanation, d: Delivery) -> str:
    short = d.target - d.delivered
    lines = [
        f"{explanation.need}（{_TIERS_ZH[explanation.tier]}需求；{explanation.product}，"
        f"{d.region}，第 {d.period} 期）："
        + (
            f"全部满足，共 {d.delivered:g}。"
            if d.share >= MET
            else f"要求 {d.target:.4g}，削减 {short:.4g}，满足 {d.share:.1%}。"
        )
    ]
    skills = explanation.hours.filter(pl.col("period") == d.period)
    if skills.height:
        lines.append(
            f"各环节合计，每单位需要 {d.hours:.4g} 工时："
            + "、".join(f"{s} {h:.4g} 工时" for s, h in skills.select("skill", "hours").iter_rows())
            + "。"
        )
    if d.valuation <= 0:
        lines.append("影子价格为 0：再多一单位，谁也不必为此付出什么。")
        return "\n".join(lines)
    lines.append(f"再多一单位，要从计划的其他地方占用 {d.valuation:.4g} 工时")
    lines[-1] += "。" if d.share >= MET else f"，而它只抵得上 {d.worth:.4g} 工时，所以到此为止。"
    named = list(_named(explanation, d).iter_rows(named=True))
    if named:
        lines.append(
            "其构成为："
            + "、".join(f"{_KINDS[r['kind']][1]} {r['id']} {r['share']:.1%}" for r in named)
            + "。"
        )
    for r in named:
        if r["adds"] > 0:
            lines.append(
                f"第 {r['when']} 期若多一单位{_KINDS[r['kind']][1]} {r['id']}，可省下 "
                f"{r['rent']:.4g} 工时，或让这项需求多得 {r['adds']:.4g} 单位。"
            )
    return "\n".join(lines)
