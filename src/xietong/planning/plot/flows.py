"""Where the hours go: a Sankey of skills, products and tiers of need.

Drawn from rectangles and areas: a band between two nodes follows the smooth step 3u² − 2u³.
"""

from dataclasses import dataclass
from typing import TYPE_CHECKING, Literal

import altair as alt
import numpy as np
import polars as pl

from xietong.planning.faults import Language
from xietong.planning.plot import look

if TYPE_CHECKING:
    from xietong.planning.result import Plan

HEIGHT = 460.0
GAP = 6.0  # pixels between the nodes of a column
BAR = 0.025  # width of a node, of the whole
STEPS = 24
SKILLS = 6
SKILL_COLOURS = (look.BLUE, look.SKY, look.PURPLE, look.GREEN, look.ORANGE, look.SOFT)


@dataclass(frozen=True)
class _Node:
    """A rectangle of one of the three columns, in pixels from above."""

    label: str
    column: int
    top: float
    bottom: float
    hours: float


def draw(plan: "Plan", language: Language, most: int) -> alt.Chart:
    """Return the hours of each skill in the products delivered, all stages together."""
    zh = language == "zh"
    links = _links(plan, language, most)
    if links.is_empty():
        raise look.nothing(
            "this plan does not say what its products are made of",
            "这份计划没有说明产品由什么构成",
        )
    order = {tier: k for k, tier in enumerate(look.tiers(language).values())}
    ranked = links.with_columns(rank=pl.col("tier").replace_strict(order))
    by_size, by_rank = -pl.col("hours").sum(), pl.col("rank").first()
    # Products stand opposite the tiers they go to, so that few bands cross (barycentre).
    centre = (pl.col("rank") * pl.col("hours")).sum() / pl.col("hours").sum()
    left = _column(ranked, "skill", 0, by_size)
    middle = _column(ranked, "product", 1, centre)
    right = _column(ranked, "tier", 2, by_rank)
    skills = list(left)
    colours = {s: SKILL_COLOURS[k % len(SKILL_COLOURS)] for k, s in enumerate(skills)}
    words = look.tiers(language)
    tier_colours = {words[t]: colour for t, colour in look.TIER_COLOURS.items()}
    first = links.group_by("skill", "product", maintain_order=True).agg(pl.col("hours").sum())
    second = links.group_by("product", "tier", maintain_order=True).agg(pl.col("hours").sum())
    bands = [
        *_bands(first.rows(), left, middle, colours, by=0),
        *_bands(second.rows(), middle, right, tier_colours, by=1),
    ]
    whole = float(links["hours"].sum())
    nodes = [
        {
            "x": node.column * 0.5 * (1 - BAR), "x2": node.column * 0.5 * (1 - BAR) + BAR,
            "y": node.top, "y2": node.bottom, "middle": (node.top + node.bottom) / 2,
            "label": node.label, "hours": node.hours, "share": node.hours / whole,
            "text": f"{node.label}  {node.hours / whole:.0%}",
            "colour": colours.get(node.label, look.SOFT) if node.column == 0
            else tier_colours.get(node.label, look.SOFT) if node.column == 2 else look.SOFT,
            "column": node.column,
        }
        for side in (left, middle, right) for node in side.values()
    ]  # fmt: skip
    across = alt.Scale(domain=[0, 1], nice=False)
    down = alt.Scale(domain=[HEIGHT, 0], nice=False)
    x, y = alt.X("x:Q", axis=None, scale=across), alt.Y("y:Q", axis=None, scale=down)
    colour = alt.Color("colour:N", scale=None, legend=None)
    head = "工时" if zh else "hours"
    tooltip = [
        alt.Tooltip("label:N", title=" "),
        alt.Tooltip("hours:Q", format=",.4~s", title=head),
    ]

    def words_at(column: int, halo: bool) -> alt.Chart:
        align: Literal["left", "right"] = "right" if column == 2 else "left"
        place = "x:Q" if column == 2 else "x2:Q"
        chart: alt.Chart = (
            alt.Chart(alt.InlineData(values=[n for n in nodes if n["column"] == column]))
            .mark_text(
                align=align, dx=-5 if column == 2 else 5, fontSize=12, color=look.INK, limit=230,
                stroke="white", strokeWidth=3.0 * halo, strokeOpacity=0.8 * halo,
            )
            .encode(x=alt.X(place, axis=None, scale=across), text="text:N",
                    y=alt.Y("middle:Q", axis=None, scale=down))
        )  # fmt: skip
        return chart

    layers = [
        alt.Chart(alt.InlineData(values=bands)).mark_area(opacity=0.4).encode(
            x=x, y=y, y2="y2:Q", detail="link:N", color=colour, tooltip=tooltip),
        alt.Chart(alt.InlineData(values=nodes)).mark_rect().encode(
            x=x, x2="x2:Q", y=y, y2="y2:Q", color=colour, tooltip=tooltip),
        *(words_at(column, halo) for column in range(3) for halo in (True, False)),
    ]  # fmt: skip
    title = "工时流向何处" if zh else "Where the hours go"
    subtitle = (
        f"工种 → 产品 → 需求层次，各环节合计：{look.amount(whole, language)}工时"
        if zh
        else f"Skills → products → tiers of need, all stages together: "
        f"{look.amount(whole, language)} hours"
    )
    return look.finished(layers, title, subtitle, HEIGHT)


def _links(plan: "Plan", language: Language, most: int) -> pl.DataFrame:
    """Columns `skill, product, tier, hours`; small skills and products are taken together."""
    named = look.names(plan, language)
    others = "其他" if language == "zh" else "others"
    spot = ["product", "region", "period"]
    content = plan.contents.filter(pl.col("kind") == "skill").group_by(*spot, skill="id").agg(
        pl.col("quantity").sum()
    )  # fmt: skip
    every = (
        plan.deliveries.join(content, on=spot, maintain_order="left")
        .with_columns(hours=pl.col("delivered") * pl.col("quantity"))
        .filter(pl.col("hours") > 0)
    )
    for column, kept in (("skill", SKILLS - 1), ("product", most)):
        largest = (
            every.group_by(column).agg(pl.col("hours").sum())
            .sort("hours", column, descending=[True, False])[column]
        )  # fmt: skip
        if len(largest) > kept + 1:
            every = every.with_columns(
                pl.when(pl.col(column).is_in(largest.head(kept).implode()))
                .then(column).otherwise(pl.lit(others)).alias(column)
            )  # fmt: skip
    if named:
        every = every.with_columns(pl.col("product").replace(named))
    return (
        every.with_columns(pl.col("tier").replace_strict(dict(look.tiers(language))))
        .group_by("skill", "product", "tier").agg(pl.col("hours").sum())
        .sort("hours", "skill", "product", "tier", descending=[True, False, False, False])
    )  # fmt: skip


def _column(links: pl.DataFrame, field: str, column: int, order: pl.Expr) -> dict[str, _Node]:
    """The nodes of a column from above, in their order."""
    sums = (
        links.group_by(field, maintain_order=True)
        .agg(pl.col("hours").sum(), order=order)
        .sort("order", "hours", descending=[False, True], maintain_order=True)
        .drop("order")
    )
    room = HEIGHT - GAP * (sums.height - 1)
    whole = float(sums["hours"].sum())
    nodes, top = {}, 0.0
    for label, hours in sums.iter_rows():
        bottom = top + room * hours / whole
        nodes[label] = _Node(label, column, top, bottom, hours)
        top = bottom + GAP
    return nodes


def _bands(
    links: list[tuple[str, str, float]],
    left: dict[str, _Node],
    right: dict[str, _Node],
    colours: dict[str, str],
    by: int,
) -> list[dict[str, object]]:
    """Points of the bands between two columns, in the order of the nodes so that few cross."""
    first = {label: k for k, label in enumerate(left)}
    second = {label: k for k, label in enumerate(right)}
    out = {label: node.top for label, node in left.items()}
    into = {label: node.top for label, node in right.items()}
    u = np.linspace(0.0, 1.0, STEPS + 1)
    smooth = 3 * u**2 - 2 * u**3
    points: list[dict[str, object]] = []
    starts: dict[tuple[str, str], float] = {}
    for a, b, hours in sorted(links, key=lambda link: (first[link[0]], second[link[1]])):
        starts[a, b] = out[a]
        out[a] += (left[a].bottom - left[a].top) * hours / left[a].hours
    for a, b, hours in sorted(links, key=lambda link: (second[link[1]], first[link[0]])):
        width = (left[a].bottom - left[a].top) * hours / left[a].hours
        ending = (right[b].bottom - right[b].top) * hours / right[b].hours
        start, end = starts[a, b], into[b]
        into[b] += ending
        x0 = left[a].column * 0.5 * (1 - BAR) + BAR
        x1 = right[b].column * 0.5 * (1 - BAR)
        points += [
            {
                "link": f"{a} → {b}", "label": f"{a} → {b}", "hours": hours,
                "colour": colours.get((a, b)[by], look.SOFT),
                "x": float(x0 + (x1 - x0) * step), "y": float(start + (end - start) * bend),
                "y2": float(start + width + (end + ending - start - width) * bend),
            }
            for step, bend in zip(u, smooth, strict=True)
        ]  # fmt: skip
    return points
