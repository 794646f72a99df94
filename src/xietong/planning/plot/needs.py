"""How far each need is met."""

from typing import TYPE_CHECKING

import altair as alt
import polars as pl

from xietong.planning.faults import Language
from xietong.planning.plot import look
from xietong.planning.terms import MET

if TYPE_CHECKING:
    from xietong.planning.result import Plan


def draw(plan: "Plan", language: Language, most: int) -> alt.Chart:
    """Return a bar for each need, all periods together, and a tick for its worst period."""
    zh = language == "zh"
    every = _needs(plan, language)
    if every.is_empty():
        raise look.nothing("this plan has no needs to show", "这份计划没有可以展示的需求")
    cut = every.filter(pl.col("worst") < MET).height
    shown = every.head(most)
    if zh:
        title = "需求满足情况"
        counted = f"{every.height} 项需求中，{cut} 项被削减" if cut else "各项需求全部满足"
        part = f"；图中为影响最大的 {most} 项" if every.height > most else ""
        heads = {"x": "交付占目标的比例", "worst": "最差的一期", "need": "需求", "tier": "层次"}
    else:
        title = "Needs met"
        counted = f"{cut} of {every.height} needs are cut" if cut else "All needs are met in full"
        part = f"; the {most} that matter most are shown" if every.height > most else ""
        heads = {"x": "delivered / target", "worst": "worst period", "need": "need",
                 "tier": "tier"}  # fmt: skip
    data = look.rows(shown)
    y = look.listed("label")
    full = alt.Scale(domain=[0, 1])
    tooltip = [
        alt.Tooltip("need:N", title=heads["need"]),
        alt.Tooltip("tier:N", title=heads["tier"]),
        alt.Tooltip("share:Q", format=".1%", title=heads["x"]),
        alt.Tooltip("worst:Q", format=".1%", title=heads["worst"]),
    ]
    layers = [
        alt.Chart(data).mark_bar(color=look.FAINT, height=12).encode(
            y=y, x=alt.X("full:Q", scale=full, title=heads["x"],
                         axis=alt.Axis(format="%", tickCount=5))),
        alt.Chart(data).mark_bar(height=12).encode(
            y=y, x=alt.X("share:Q", scale=full), tooltip=tooltip,
            color=look.coloured("tier", look.tiers(language), look.TIER_COLOURS)),
    ]  # fmt: skip
    if plan.deliveries["period"].n_unique() > 1:
        worst = heads["worst"]
        counted += f"（竖线：{worst}）" if zh else f" (line: {worst})"
        layers.append(
            alt.Chart(data)
            .mark_tick(color=look.INK, thickness=2, height=16)
            .encode(y=y, x=alt.X("worst:Q", scale=full), tooltip=tooltip)
        )
    return look.finished(layers, title, counted + part, look.ROW * shown.height)


def _needs(plan: "Plan", language: Language) -> pl.DataFrame:
    """A row a need: `need, tier, label, share, worst, full`, by what is missing, then by size."""
    named = look.names(plan, language)
    asked = plan.deliveries.filter(pl.col("target") > 0)
    hours = pl.col("value") * pl.col("target")
    found = (
        asked.group_by("need", "tier", "product", "region", maintain_order=True)
        .agg(
            share=pl.col("delivered").sum() / pl.col("target").sum(), worst=pl.col("share").min(),
            missing=(pl.col("value") * (pl.col("target") - pl.col("delivered"))).sum(),
            size=hours.sum(),
        )
        .with_columns(missing=pl.when(pl.col("worst") < MET).then("missing").otherwise(0.0))
        .sort("missing", "size", "need", descending=[True, True, False])
    )  # fmt: skip
    name = pl.col("product").replace(named) if named else pl.col("product")
    unnamed = pl.col("name") == pl.col("product")
    both = pl.format("{}（{}）" if language == "zh" else "{} ({})", "name", "need")
    return (
        found.with_columns(name=name, full=1.0)
        .with_columns(
            label=pl.when(unnamed)
            .then("need")
            .when(pl.col("name").is_duplicated())
            .then(both)
            .otherwise("name"),
            tier=pl.col("tier").replace_strict(dict(look.tiers(language))),
        )
        .select("need", "tier", "label", "share", "worst", "full")
    )
