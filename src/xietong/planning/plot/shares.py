"""What the valuation of a need is made of."""

from typing import TYPE_CHECKING

import altair as alt
import polars as pl

from xietong.planning.faults import Language
from xietong.planning.plot import look
from xietong.planning.wording import KINDS

if TYPE_CHECKING:
    from xietong.planning.explanation import Explanation

MOST = 12
SMALLEST = 0.005


def draw(explanation: "Explanation", language: Language) -> alt.Chart:
    """Return a bar for each scarce thing, in shares of the valuation; a dot a period."""
    zh = language == "zh"
    scarce = explanation.scarce.filter(pl.col("share") >= SMALLEST)
    if scarce.is_empty():
        raise look.nothing(
            f"nothing that {explanation.need} takes is scarce",
            f"{explanation.need} 所占用的都不紧缺",
        )
    periods = sorted(scarce["period"].unique())
    label = pl.concat_str(
        pl.col("id"),
        pl.when(pl.col("when") != pl.col("period"))
        .then(pl.format("（第 {} 期）" if zh else " (period {})", "when"))
        .otherwise(pl.lit("")),
    )
    shown = (
        scarce.with_columns(label=label, kind=pl.col("kind").replace_strict(dict(KINDS[language])))
        .group_by("label", "kind", "period")
        .agg(pl.col("share").sum(), pl.col("adds").max())
    )
    order = (
        shown.group_by("label").agg(pl.col("share").sum())
        .sort("share", "label", descending=[True, False]).head(MOST).select("label")
    )  # fmt: skip
    shown = order.join(shown, on="label", maintain_order="left_right")
    several = len(periods) > 1
    d = explanation.deliveries[0]
    title = (
        f"{explanation.need}：影子价格的构成"
        if zh
        else f"What the valuation of {explanation.need} is made of"
    )
    subtitle = (
        (f"第 {periods[0]}–{periods[-1]} 期，每期一条" if zh
         else f"Periods {periods[0]} to {periods[-1]}, one bar each")
        if several
        else (f"每单位 {d.valuation:.4g} 工时，其中劳动 {d.hours:.4g}" if zh
              else f"{d.valuation:.4g} hours a unit, {d.hours:.4g} of them work")
    )  # fmt: skip
    kinds = {k: c for k, c in look.KIND_COLOURS.items() if KINDS[language][k] in shown["kind"]}
    encoded = {
        "y": look.listed("label"),
        "x": alt.X("share:Q", title="占影子价格的比例" if zh else "share of the valuation",
                   axis=alt.Axis(format="%", tickCount=5)),
        "color": look.coloured("kind", KINDS[language], kinds),
        "tooltip": [
            alt.Tooltip("label:N", title=" "),
            alt.Tooltip("period:Q", title="时期" if zh else "period"),
            alt.Tooltip("share:Q", format=".1%", title="比例" if zh else "share"),
            alt.Tooltip("adds:Q", format=",.4~g",
                        title="多一单位可多得" if zh else "one more unit would add"),
        ],
    }  # fmt: skip
    if several:
        encoded["yOffset"] = alt.YOffset("period:O")
    bars = alt.Chart(look.rows(shown)).mark_bar().encode(**encoded)
    rows = shown["label"].n_unique()
    return look.finished([bars], title, subtitle, rows * (look.ROW + 8 * (len(periods) - 1)))
