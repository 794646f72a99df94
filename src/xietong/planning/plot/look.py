"""How all pictures look: colours that every eye tells apart, one size, titles to the left.

Source of the colours: Okabe and Ito 2008.
"""

from collections.abc import Mapping, Sequence
from typing import TYPE_CHECKING, Any

import altair as alt
import polars as pl

from xietong.planning import wording
from xietong.planning.faults import Language, PlanningError
from xietong.planning.wording import TIERS_ZH

if TYPE_CHECKING:
    from xietong.planning.result import Plan

BLUE, ORANGE, GREEN, VERMILION, PURPLE, SKY = (
    "#0072B2", "#E69F00", "#009E73", "#D55E00", "#CC79A7", "#56B4E9",
)  # fmt: skip
FONTS = "Noto Sans, Helvetica, Arial, Noto Sans CJK SC, PingFang SC, Microsoft YaHei, sans-serif"
INK, SOFT, FAINT = "#222222", "#666666", "#E4E4E4"
WIDTH, ROW = 560, 22
LABEL = 260  # pixels for the name of a row

TIER_COLOURS: Mapping[str, str] = {
    "basic": VERMILION, "public": BLUE, "personal": GREEN, "reserve": ORANGE,
}  # fmt: skip
KIND_COLOURS: Mapping[str, str] = {
    "skill": BLUE, "means": ORANGE, "limit": GREEN, "stock": PURPLE,
}  # fmt: skip


def tiers(language: Language) -> Mapping[str, str]:
    """Return the tiers in words."""
    return TIERS_ZH if language == "zh" else {tier: tier for tier in TIERS_ZH}


def rows(frame: pl.DataFrame) -> alt.InlineData:
    """Return the rows of a frame as data of a chart."""
    return alt.InlineData(values=frame.to_dicts())


def names(plan: "Plan", language: Language) -> Mapping[str, str]:
    """Return the name of each product that has one in this language."""
    return {} if plan.made_from is None else wording.names(plan.made_from.products)[language]


def nothing(en: str, zh: str) -> PlanningError:
    """Return the error of a picture that would be empty."""
    return PlanningError(en, zh)


def coloured(field: str, words: Mapping[str, str], colours: Mapping[str, str]) -> alt.Color:
    """Return a colour by the words of `field`, in the order and colours of their keys."""
    return alt.Color(
        f"{field}:N", title=None,
        scale=alt.Scale(domain=[words[k] for k in colours], range=list(colours.values())),
        legend=alt.Legend(orient="top", direction="horizontal"),
    )  # fmt: skip


def finished(layers: Sequence[Any], title: str, subtitle: str, height: float) -> alt.Chart:
    """Return the layers as one chart with its title."""
    chart: alt.Chart = (
        alt.layer(*layers)
        .properties(
            width=WIDTH, height=height, padding=12, background="white",
            title=alt.TitleParams(title, subtitle=subtitle),
        )
        .configure(font=FONTS)
        .configure_title(
            anchor="start", frame="group", fontSize=16, subtitleFontSize=12,
            subtitleColor=SOFT, subtitlePadding=4, offset=12, color=INK,
        )
        .configure_view(stroke=None)
        .configure_axis(
            labelFontSize=12, titleFontSize=12, titleFontWeight="normal", titleColor=SOFT,
            labelColor=INK, gridColor=FAINT, domain=False, ticks=False, labelLimit=LABEL,
        )
        .configure_legend(labelFontSize=12, symbolType="square", labelColor=INK)
    )  # fmt: skip
    return chart


def hours_axis(language: Language) -> alt.Axis:
    """Return a horizontal axis of amounts: thousands and millions, or 万 and 亿."""
    english = "replace(format(datum.value, '~s'), 'G', 'bn')"
    chinese = (
        "datum.value >= 1e8 ? format(datum.value / 1e8, '~r') + ' 亿' : "
        "datum.value >= 1e4 ? format(datum.value / 1e4, '~r') + ' 万' : format(datum.value, '~r')"
    )
    return alt.Axis(tickCount=5, labelExpr=chinese if language == "zh" else english)


def amount(value: float, language: Language) -> str:
    """Return an amount in a few characters: 1.69 million, 169 万."""
    scales = (
        ((1e8, " 亿"), (1e4, " 万")) if language == "zh" else ((1e9, " billion"), (1e6, " million"))
    )
    for size, word in scales:
        if value >= size:
            return f"{value / size:,.4g}{word}"
    return f"{value:,.4g}" if value < 1e4 else f"{value:,.0f}"


def listed(field: str) -> alt.Y:
    """Return the vertical axis of named rows, in the order in which they come."""
    return alt.Y(f"{field}:N", sort=None, title=None, axis=alt.Axis(grid=False))
