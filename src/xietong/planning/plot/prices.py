"""Valuations beside labour values."""

from typing import TYPE_CHECKING

import altair as alt
import polars as pl

from xietong.planning.faults import Language
from xietong.planning.plot import look

if TYPE_CHECKING:
    from xietong.planning.result import Plan


def draw(plan: "Plan", language: Language, most: int) -> alt.Chart:
    """Return, for each product that people need, its labour value and its valuations.

    The valuation counts what one more unit takes from the rest of the plan: the hours, and the
    scarcity of all that it needs. One dot stands for each period and region.
    """
    zh = language == "zh"
    every = _prices(plan, language)
    if every.is_empty():
        raise look.nothing("this plan has no valuations to show", "这份计划没有可以展示的影子价格")
    order = (
        every.group_by("label", maintain_order=True).agg(pl.col("ratio").max())
        .sort("ratio", "label", descending=[True, False])
    )  # fmt: skip
    kept = order.head(most)["label"]
    shown = order.head(most).select("label").join(every, on="label", maintain_order="left")
    words = ("劳动价值", "影子价格") if zh else ("labour value", "valuation")
    title = "影子价格与劳动价值" if zh else "Valuations and labour values"
    unit = "工时/单位（对数刻度）" if zh else "hours a unit (logarithmic)"
    subtitle = (
        (f"{order.height} 种产品中最紧缺的 {most} 种" if zh
         else f"The {most} scarcest of {order.height} products")
        if order.height > most
        else (f"{order.height} 种产品" if zh else f"{order.height} products")
    )  # fmt: skip
    long = pl.concat(
        [
            shown.select("label", hours="labour", what=pl.lit(words[0]), when="period"),
            shown.select("label", hours="valuation", what=pl.lit(words[1]), when="period"),
        ]
    )
    scale = alt.Scale(type="log", nice=False, padding=12)
    axis = alt.X("hours:Q", title=unit, scale=scale, axis=alt.Axis(format="~s", tickCount=6))
    span = shown.group_by("label", maintain_order=True).agg(
        low=pl.min_horizontal(pl.col("labour").min(), pl.col("valuation").min()),
        high=pl.max_horizontal(pl.col("labour").max(), pl.col("valuation").max()),
    )
    y = look.listed("label")
    layers = [
        alt.Chart(look.rows(span)).mark_rule(color=look.FAINT, strokeWidth=4).encode(
            y=y, x=alt.X("low:Q", scale=scale, title=unit), x2="high:Q"),
        alt.Chart(look.rows(long)).mark_point(filled=True, size=70, opacity=0.9).encode(
            y=y, x=axis,
            color=alt.Color("what:N", title=None, legend=alt.Legend(orient="top"),
                            scale=alt.Scale(domain=list(words), range=[look.BLUE, look.VERMILION])),
            shape=alt.Shape("what:N", title=None, legend=alt.Legend(orient="top"),
                            scale=alt.Scale(domain=list(words), range=["circle", "diamond"])),
            tooltip=[alt.Tooltip("label:N", title="产品" if zh else "product"),
                     alt.Tooltip("what:N", title=" "),
                     alt.Tooltip("when:Q", title="时期" if zh else "period"),
                     alt.Tooltip("hours:Q", format=",.4~g", title=unit)]),
    ]  # fmt: skip
    return look.finished(layers, title, subtitle, look.ROW * len(kept))


def _prices(plan: "Plan", language: Language) -> pl.DataFrame:
    """Columns `label, period, labour, valuation, ratio` of what is needed and has both."""
    named = look.names(plan, language)
    needed = plan.deliveries.select("product", "region").unique()
    valued = plan.valuations.filter(pl.col("kind") == "product").select(
        "region", "period", product="id", valuation="value"
    )
    found = (
        valued.join(needed, on=["product", "region"], how="semi", maintain_order="left")
        .join(plan.labour_values.select("product", labour="hours"), on="product",
              maintain_order="left")
        .filter(pl.col("labour") > 0, pl.col("valuation") > 0)
    )  # fmt: skip
    name = pl.col("product").replace(named) if named else pl.col("product")
    return found.select(
        "period", "labour", "valuation", label=name, ratio=pl.col("valuation") / pl.col("labour")
    )
