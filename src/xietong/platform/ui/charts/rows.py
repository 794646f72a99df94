"""Charts of one row a label: bars, stacked bars, plan against actual, shares of a whole."""

from collections.abc import Sequence
from dataclasses import dataclass
from itertools import accumulate
from typing import Any

import altair as alt
from django.utils.safestring import SafeString

from xietong.platform.ui import formats
from xietong.platform.ui.charts.drawing import (
    LINE,
    SHEET,
    SOFT,
    WIDE,
    Drawing,
    Frame,
    Row,
    along,
    html,
    marks,
    pixels,
    series_colour,
    words,
)
from xietong.platform.ui.charts.figure import Figure, shortened, text_width, ticks

LABEL_LINE = 18
LABEL_GAP = 10
ROW_GAP = 10
AXIS = 22


def bars(figure: Figure) -> SafeString:
    """A bar for each value, from zero, with the value at its end; several series side by side."""
    return html("bars", figure, _bars, [series.name for series in figure.series])


def stacked(figure: Figure) -> SafeString:
    """One bar a label, the series end to end. Raises ValueError for a negative value."""
    _refuse_negative(figure)
    return html("stacked", figure, _stacked, [series.name for series in figure.series])


def dumbbell(figure: Figure) -> SafeString:
    """What was planned (a ring) and what came (a dot), joined: two series in this order.

    Raises ValueError for any other number of series.
    """
    if len(figure.series) != 2:
        raise ValueError(f"{figure.title}: a dumbbell joins two series, not {len(figure.series)}")
    return html("dumbbell", figure, _dumbbell, [series.name for series in figure.series])


def share(figure: Figure) -> SafeString:
    """How a whole divides among the labels: one bar, the per cent in the legend.

    Takes one series of at most six values. Raises ValueError otherwise, for a negative or
    unknown value, and for a whole of nothing.
    """
    _refuse_negative(figure)
    parts = [value for value in figure.series[0].values if value is not None]
    if len(figure.series) != 1 or not 1 <= len(parts) == len(figure.labels) <= 6:
        raise ValueError(f"{figure.title}: shares need one series of 1 to 6 known values")
    if not sum(parts):
        raise ValueError(f"{figure.title}: there is nothing to share")
    keys = [
        f"{label} {formats.percent(part / sum(parts))}"
        for label, part in zip(figure.labels, parts, strict=True)
    ]
    return html("share", figure, _share, keys)


@dataclass(frozen=True, slots=True)
class _Rows:
    """Where the rows stand: labels beside them where there is room, else above them."""

    frame: Frame
    tops: list[float]
    labels: alt.Chart


def _placed(figure: Figure, width: float, thickness: float, right: float, axis: float) -> _Rows:
    widest = max(text_width(label) for label in figure.labels)
    beside = width >= WIDE and widest <= 0.4 * width
    left = widest + LABEL_GAP if beside else 0
    above = 0 if beside else LABEL_LINE
    pitch = above + thickness + ROW_GAP
    tops = [at * pitch + above + ROW_GAP / 2 for at in range(len(figure.labels))]
    rows: list[Row] = [
        {
            "label": shortened(label, width),
            "y": top + thickness / 2 if beside else top - LABEL_LINE / 2,
        }
        for label, top in zip(figure.labels, tops, strict=True)
    ]
    labels = words(rows, align="right" if beside else "left", baseline="middle").encode(
        x=alt.value(-LABEL_GAP if beside else 0), y=alt.Y(**pixels("y")), text="label:N"
    )
    frame = Frame(
        width=width - left - right,
        height=pitch * len(figure.labels),
        left=left,
        right=right,
        bottom=axis,
    )
    return _Rows(frame, tops, labels)


def _bars(figure: Figure, width: float) -> Drawing:
    written = figure.show.written
    thickness = 16 if len(figure.series) == 1 else 14
    right = 8 + max(text_width(written(value)) for value in [*figure.known, None])
    place = _placed(figure, width, thickness * len(figure.series), right, axis=0)
    low, high = min([0.0, *figure.known]), max([0.0, *figure.known]) or 1.0
    x = along(low, high)
    rows: list[Row] = [
        {
            "value": value or 0.0,
            "zero": 0.0,
            "end": max(value or 0.0, 0.0),
            "top": top + at * thickness,
            "bottom": top + (at + 1) * thickness - 1,
            "middle": top + (at + 0.5) * thickness,
            "colour": series_colour(at),
            "text": written(value),
        }
        for at, series in enumerate(figure.series)
        for top, value in zip(place.tops, series.values, strict=True)
    ]
    values = words(rows, align="left", baseline="middle", dx=6, colour=SOFT).encode(
        x=alt.X("end:Q", **x), y=alt.Y(**pixels("middle")), text="text:N"
    )
    return Drawing(place.frame, [_rectangles(rows, x), place.labels, values])


def _stacked(figure: Figure, width: float) -> Drawing:
    sums = [
        list(accumulate((series.values[at] or 0.0 for series in figure.series), initial=0.0))
        for at in range(len(figure.labels))
    ]
    axis = ticks(0.0, max(row[-1] for row in sums), figure.show.unit)
    place = _placed(figure, width, 18, _overhang(figure, axis), AXIS)
    rows: list[Row] = [
        {
            "zero": ends[at],
            "value": ends[at + 1],
            "top": top,
            "bottom": top + 18,
            "colour": series_colour(at),
        }
        for top, ends in zip(place.tops, sums, strict=True)
        for at in range(len(figure.series))
    ]
    grid = _grid(figure, axis, place.frame)
    return Drawing(place.frame, [*grid, _rectangles(rows, along(axis[0], axis[-1])), place.labels])


def _dumbbell(figure: Figure, width: float) -> Drawing:
    axis = ticks(min([0.0, *figure.known]), max([0.0, *figure.known]), figure.show.unit)
    place = _placed(figure, width, 12, _overhang(figure, axis), AXIS)
    x = along(axis[0], axis[-1])
    planned, actual = (series.values for series in figure.series)
    rows: list[Row] = [
        {"planned": plan, "actual": came, "y": top + 6}
        for top, plan, came in zip(place.tops, planned, actual, strict=True)
    ]
    y = alt.Y(**pixels("y"))
    both = [row for row in rows if row["planned"] is not None and row["actual"] is not None]
    return Drawing(
        place.frame,
        [
            *_grid(figure, axis, place.frame),
            marks(both)
            .mark_rule(color=SOFT, strokeWidth=2)
            .encode(x=alt.X("planned:Q", **x), x2="actual:Q", y=y),
            marks([row for row in rows if row["planned"] is not None])
            .mark_point(shape="circle", size=90, fill=SHEET, stroke=series_colour(0), strokeWidth=2)
            .encode(x=alt.X("planned:Q", **x), y=y),
            marks([row for row in rows if row["actual"] is not None])
            .mark_point(shape="circle", size=70, fill=series_colour(1), stroke=None, opacity=1)
            .encode(x=alt.X("actual:Q", **x), y=y),
            place.labels,
        ],
    )


def _share(figure: Figure, width: float) -> Drawing:
    parts = [value or 0.0 for value in figure.series[0].values]
    edges = list(accumulate(parts, initial=0.0))
    return Drawing(
        Frame(width=width, height=28),
        [
            _rectangles(
                [
                    {
                        "zero": edges[at],
                        "value": edges[at + 1],
                        "top": 0.0,
                        "bottom": 28.0,
                        "colour": series_colour(at),
                    }
                    for at in range(len(parts))
                ],
                along(0.0, edges[-1]),
            )
        ],
    )


def _rectangles(rows: Sequence[Row], x: dict[str, Any]) -> alt.Chart:
    """Bars from `zero` to `value` on the scale `x`, a line of the sheet's colour between them."""
    drawn: alt.Chart = (
        marks(rows)
        .mark_rect(stroke=SHEET, strokeWidth=1)
        .encode(
            x=alt.X("value:Q", **x),
            x2="zero:Q",
            y=alt.Y(**pixels("top")),
            y2="bottom:Q",
            fill=alt.Fill("colour:N", scale=None, legend=None),
        )
    )
    return drawn


def _grid(figure: Figure, axis: Sequence[float], frame: Frame) -> list[alt.Chart]:
    """A line and a number at each tick of the horizontal axis."""
    rows: list[Row] = [{"at": tick, "text": figure.show.on_axis(tick)} for tick in axis]
    x = alt.X("at:Q", **along(axis[0], axis[-1]))
    # The first number starts where the plot does, or it would be cut at the edge of the page.
    first, others = rows[:1], rows[1:]
    return [
        marks(rows).mark_rule(color=LINE).encode(x=x),
        *(
            words(part, colour=SOFT, align=align, baseline="bottom").encode(
                x=x, y=alt.value(frame.height + AXIS - 2), text="text:N"
            )
            for part, align in ((first, "left"), (others, "center"))
        ),
    ]


def _overhang(figure: Figure, axis: Sequence[float]) -> float:
    """Room that the last number of the axis needs beyond the plot."""
    return text_width(figure.show.on_axis(axis[-1])) / 2 + 2


def _refuse_negative(figure: Figure) -> None:
    if any(value < 0 for value in figure.known):
        raise ValueError(f"{figure.title}: parts of a whole cannot be negative")
