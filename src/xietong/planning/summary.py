"""A plan on one page: what is met, what is worked, what is scarce, and the proof."""

from collections.abc import Iterable
from html import escape
from typing import TYPE_CHECKING

import polars as pl

from xietong.planning.bottlenecks import bottlenecks
from xietong.planning.faults import Language
from xietong.planning.wording import STEPS_ZH, THINGS, TIERS_ZH, few

if TYPE_CHECKING:
    from xietong.planning.result import Plan

LISTED = 5  # scarce things


def summary(plan: "Plan", language: Language) -> str:
    """Return the page as text."""
    return "\n".join(_zh(plan) if language == "zh" else _en(plan))


def page(title: str, frames: Iterable[pl.DataFrame]) -> str:
    """Return a title and tables as HTML, for a notebook."""
    tables = "".join(frame._repr_html_() for frame in frames if frame.height)
    return f"<h4>{escape(title)}</h4>{tables}"


def _hours(plan: "Plan") -> tuple[float, float]:
    work = plan.use_of_labour
    return float(work["used"].sum()), float(work["offered"].sum())


def _en(plan: "Plan") -> list[str]:
    c = plan.certificate
    worked, offered = _hours(plan)
    lines = [f"Plan: {plan.title}" if plan.title else "Plan"]
    lines += [
        f"  {tier:9} {met} of {needs} needs met; the worst {worst:.1%}, the mean {mean:.1%}"
        for tier, needs, met, worst, mean in plan.met().iter_rows()
    ]
    share = f" ({worked / offered:.1%})" if offered else ""
    lines.append(f"  hours     {few(worked, 6)} worked of {few(offered, 6)} offered{share}")
    scarce = bottlenecks(plan.tables).head(LISTED)
    if scarce.height:
        lines.append("Scarce: what one more unit would save, in hours")
        lines += [
            f"  {THINGS['en'][row['kind']].format(row['id'])}"
            + (f" in {row['region']}" if row["region"] else "")
            + f", period {row['period']}: {few(row['valuation'])}"
            for row in scarce.iter_rows(named=True)
        ]
    lines.append(
        f"Nothing is short by more than {c.shortage:.1e}; no plan is better by more than "
        f"{c.gap:.1e} in any step (the widest: {c.step})."
    )
    return lines


def _zh(plan: "Plan") -> list[str]:
    c = plan.certificate
    worked, offered = _hours(plan)
    lines = [f"计划：{plan.title}" if plan.title else "计划"]
    lines += [
        f"  {TIERS_ZH[tier]}需求：{needs} 项中满足 {met} 项；最差 {worst:.1%}，平均 {mean:.1%}"
        for tier, needs, met, worst, mean in plan.met().iter_rows()
    ]
    share = f"（{worked / offered:.1%}）" if offered else ""
    lines.append(f"  工时：可提供 {few(offered, 6)}，用去 {few(worked, 6)}{share}")
    scarce = bottlenecks(plan.tables).head(LISTED)
    if scarce.height:
        lines.append("紧缺之物（再多一单位可省下的工时）：")
        lines += [
            f"  {THINGS['zh'][row['kind']].format(row['id'])}"
            + (f"（{row['region']}，第 {row['period']} 期）：" if row["region"]
               else f"（第 {row['period']} 期）：")
            + few(row["valuation"])
            for row in scarce.iter_rows(named=True)
        ]  # fmt: skip
    lines.append(
        f"最大短缺不超过 {c.shortage:.1e}；任何计划在任何步骤上至多再好 {c.gap:.1e}"
        f"（差距最大的步骤：{STEPS_ZH[c.step]}）。"
    )
    return lines
