"""Charts over an axis: lines from label to label, and how many values fall where."""

from bisect import bisect_right
from collections.abc import Iterable, Sequence
from itertools import pairwise
from math import ceil, isfinite

import altair as alt
from django.utils.safestring import SafeString

from xietong.platform.ui.charts.drawing import (
    LINE,
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
from xietong.platform.ui.charts.figure import Figure, Series, Show, text_width, ticks

AXIS = 24
MOST_POINTS = 30
MOST_BINS = 12

# With the colour, so that neither is needed alone; `charts.css` draws the same in the legend.
DASHES: tuple[list[int], ...] = ([], [7, 4], [2, 3], [10, 3, 2, 3], [4, 2], [1, 5])


def lines(figure: Figure) -> SafeString:
    """A line for each series through its values in the order of the labels; a gap where unknown."""
    return html("lines", figure, _lines, [series.name for series in figure.series])


def histogram(
    title: str,
    heads: str,
    values: Iterable[float],
    counted: str,
    *,
    show: Show = Show.NUMBER,
    unit: str = "",
    note: str = "",
) -> SafeString:
    """How many of the values fall into each of up to twelve equal steps.

    `heads` names what the values are ("Credits in the round"), `counted` what they belong to
    ("People"). Each step holds its lower end, the last one both. Raises ValueError when there
    are no values or one is not finite.
    """
    found = list(values)
    if not found or not all(isfinite(value) for value in found):
        raise ValueError(f"{title}: a histogram needs values, all of them finite")
    edges = ticks(min(found), max(found), show.unit, most=MOST_BINS)
    counts = [0] * (len(edges) - 1)
    for value in found:
        counts[min(bisect_right(edges, value), len(counts)) - 1] += 1
    figure = Figure(
        title=title,
        heads=heads,
        labels=tuple(
            f"{show.on_axis(low)} – {show.on_axis(high)}" for low, high in pairwise(edges)
        ),
        series=(Series(counted, tuple(map(float, counts))),),
        unit=unit,
        note=note,
    )

    def draw(figure: Figure, width: float) -> Drawing:
        return _histogram(figure, width, edges, [show.on_axis(edge) for edge in edges])

    return html("histogram", figure, draw)


def _lines(figure: Figure, width: float) -> Drawing:
    known = figure.known or [0.0]
    axis = ticks(min(known), max(known), figure.show.unit)
    frame = _frame(figure.show, axis, width, text_width(figure.labels[-1]) / 2)
    last = len(figure.labels) - 1
    places = [frame.width * (at / last if last else 0.5) for at in range(last + 1)]
    x, y = alt.X(**pixels("x")), alt.Y("value:Q", **along(axis[0], axis[-1]))
    drawn = []
    for at, series in enumerate(figure.series):
        rows: list[Row] = [
            {"x": place, "value": value} for place, value in zip(places, series.values, strict=True)
        ]
        drawn.append(
            marks(rows)
            .mark_line(
                color=series_colour(at),
                strokeWidth=2.25,
                strokeDash=DASHES[at],
                strokeJoin="round",
                invalid="break-paths-show-domains",
            )
            .encode(x=x, y=y)
        )
        if last < MOST_POINTS:
            drawn.append(
                marks([row for row in rows if row["value"] is not None])
                .mark_point(shape="circle", size=22, fill=series_colour(at), stroke=None, opacity=1)
                .encode(x=x, y=y)
            )
    return Drawing(
        frame,
        [
            *_levels(figure.show, axis, frame),
            *_feet(figure.labels, places, frame),
            *drawn,
        ],
    )


def _histogram(
    figure: Figure, width: float, edges: Sequence[float], written: Sequence[str]
) -> Drawing:
    counts = [value or 0.0 for value in figure.series[0].values]
    axis = ticks(0.0, max(counts))
    frame = _frame(figure.show, axis, width, text_width(written[-1]) / 2)
    step = frame.width / len(counts)
    rows: list[Row] = [
        {"left": at * step + 1, "right": (at + 1) * step - 1, "count": count, "zero": 0.0}
        for at, count in enumerate(counts)
    ]
    columns = (
        marks(rows)
        .mark_rect(fill=series_colour(0))
        .encode(
            x=alt.X(**pixels("left")),
            x2="right:Q",
            y=alt.Y("count:Q", **along(axis[0], axis[-1])),
            y2="zero:Q",
        )
    )
    places = [at * step for at in range(len(edges))]
    return Drawing(
        frame,
        [*_levels(figure.show, axis, frame), *_feet(written, places, frame), columns],
    )


def _frame(show: Show, axis: Sequence[float], width: float, overhang: float) -> Frame:
    left = 8 + max(text_width(show.on_axis(tick)) for tick in axis)
    right = max(6.0, overhang)
    return Frame(
        width=width - left - right,
        height=200 if width >= WIDE else 170,
        left=left,
        right=right,
        top=10,
        bottom=AXIS,
    )


def _levels(show: Show, axis: Sequence[float], frame: Frame) -> list[alt.Chart]:
    """A line and a number at each tick of the vertical axis."""
    rows: list[Row] = [{"at": tick, "text": show.on_axis(tick)} for tick in axis]
    y = alt.Y("at:Q", **along(axis[0], axis[-1]))
    return [
        marks(rows).mark_rule(color=LINE).encode(y=y),
        words(rows, colour=SOFT, align="right", baseline="middle").encode(
            x=alt.value(-8), y=y, text="text:N"
        ),
    ]


def _feet(labels: Sequence[str], places: Sequence[float], frame: Frame) -> list[alt.Chart]:
    """The labels under the plot, as many as have room: every second one, every third one."""
    widest = max(text_width(label) for label in labels) + 10
    every = max(1, ceil(widest * (len(labels) - 1) / frame.width))
    # Counted from the end, since the latest is what one looks for.
    rows: list[Row] = [
        {"x": places[at], "label": labels[at]} for at in range(len(labels) - 1, -1, -every)
    ]
    return [
        words(rows, colour=SOFT, align="center", baseline="bottom").encode(
            x=alt.X(**pixels("x")), y=alt.value(frame.height + AXIS - 2), text="label:N"
        )
    ]
