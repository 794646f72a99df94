"""The scarce things of a plan, by what all of each saves."""

from typing import TYPE_CHECKING

import altair as alt
import polars as pl

from xietong.planning.faults import Language
from xietong.planning.plot import look
from xietong.planning.wording import KINDS

if TYPE_CHECKING:
    from xietong.planning.result import Plan


def draw(plan: "Plan", language: Language, most: int) -> alt.Chart:
    """Return a bar for each scarce thing in each period: valuation · amount, in hours."""
    zh = language == "zh"
    every = plan.bottlenecks()
    if every.is_empty():
        raise look.nothing("nothing is scarce in this plan", "这份计划中没有紧缺之物")
    periods = plan.runs["period"].n_unique() > 1
    when = pl.format("（第 {} 期）" if zh else " (period {})", "period") if periods else pl.lit("")
    where = pl.when(pl.col("kind") == "skill").then(
        pl.format("，{}" if zh else ", {}", "region")
    ).otherwise(pl.lit(""))  # fmt: skip
    several = plan.use_of_labour["region"].n_unique() > 1
    shown = every.head(most).with_columns(
        label=pl.concat_str(pl.col("id"), where if several else pl.lit(""), when),
        kind=pl.col("kind").replace_strict(dict(KINDS[language])),
        used=pl.col("used") / pl.col("available"),
    )
    if zh:
        title = "紧缺之物"
        subtitle = f"全部 {every.height} 种" if every.height <= most else (
            f"{every.height} 种中最紧缺的 {most} 种"
        )  # fmt: skip
        heads = ("能省下的工时（影子价格 × 数量）", "每单位省下的工时", "数量", "利用率")
    else:
        title = "Bottlenecks"
        subtitle = f"All {every.height} scarce things" if every.height <= most else (
            f"The {most} scarcest of {every.height} things"
        )  # fmt: skip
        heads = ("hours that it saves (valuation × amount)", "hours that a unit saves", "amount",
                 "used")  # fmt: skip
    bars = alt.Chart(look.rows(shown)).mark_bar(height=13).encode(
        y=look.listed("label"),
        x=alt.X("rent:Q", title=heads[0], axis=look.hours_axis(language)),
        color=look.coloured("kind", KINDS[language], {
            kind: colour for kind, colour in look.KIND_COLOURS.items()
            if KINDS[language][kind] in shown["kind"]
        }),
        tooltip=[
            alt.Tooltip("rent:Q", format=",.4~g", title=heads[0]),
            alt.Tooltip("valuation:Q", format=",.4~g", title=heads[1]),
            alt.Tooltip("available:Q", format=",.4~g", title=heads[2]),
            alt.Tooltip("used:Q", format=".1%", title=heads[3]),
        ],
    )  # fmt: skip
    return look.finished([bars], title, subtitle, look.ROW * shown.height)
