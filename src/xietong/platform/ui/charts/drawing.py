"""From marks to HTML: drawn once for wide and once for narrow places, then kept."""

import re
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from hashlib import sha256
from typing import Any

import altair as alt
import vl_convert
from django.core.cache import cache
from django.template.loader import render_to_string
from django.utils.safestring import SafeString, mark_safe
from django.utils.translation import get_language

from xietong.platform.ui.charts.figure import FONT_SIZE, Figure

# The text inside an SVG shrinks with it, so each chart is there in two widths, and
# `charts.css` shows the one that fits its place.
WIDE, NARROW = 480, 300

# The stylesheets give these their values, light or dark; the drawing only names them.
INK, SOFT, LINE, SHEET = (f"var(--{name})" for name in ("ink", "soft", "line", "sheet"))

ROLES = re.compile(r' (?:role|aria-[a-z]+|class)="[^"]*"')


def series_colour(at: int) -> str:
    """The colour of the series at this place, counted from 0."""
    return f"var(--series-{at + 1})"


@dataclass(frozen=True, slots=True)
class Frame:
    """The plot's size in pixels and the room kept free around it for words."""

    width: float
    height: float
    left: float = 0
    right: float = 0
    top: float = 0
    bottom: float = 0


@dataclass(frozen=True, slots=True)
class Drawing:
    """Marks, back to front, in their frame."""

    frame: Frame
    layers: Sequence[alt.Chart]


Draw = Callable[[Figure, float], Drawing]
Row = Mapping[str, str | float | None]


def pixels(field: str) -> dict[str, Any]:
    """Options of a position given in pixels by a field of the data."""
    return {"shorthand": f"{field}:Q", "scale": None, "axis": None}


def along(low: float, high: float) -> dict[str, Any]:
    """Options of a position on a linear scale from `low` to `high` over the whole plot."""
    return {
        "scale": alt.Scale(domain=[low, high], nice=False, zero=False, padding=0),
        "axis": None,
    }


def marks(rows: Sequence[Row]) -> alt.Chart:
    """A layer over its own data."""
    return alt.Chart(alt.InlineData(values=[dict(row) for row in rows]))


def words(rows: Sequence[Row], *, colour: str = INK, **options: Any) -> alt.Chart:
    """A layer of text in the page's own font; `options` are Vega-Lite's of a text mark."""
    text: alt.Chart = marks(rows).mark_text(color=colour, fontSize=FONT_SIZE, limit=0, **options)
    return text


def html(kind: str, figure: Figure, draw: Draw, keys: Sequence[str] = ()) -> SafeString:
    """The figure with caption, legend (`keys`, unless there is only one), SVG and table.

    `draw` takes the figure and the width in pixels. Equal figures are drawn once.
    """
    content = repr((kind, keys, figure, get_language()))
    name = f"chart:{sha256(content.encode()).hexdigest()}"
    kept: SafeString | None = cache.get(name)
    if kept is None:
        kept = render_to_string(
            "ui/chart.html",
            {
                "kind": kind,
                "figure": figure,
                "keys": keys if len(keys) > 1 else (),
                "rows": [
                    (label, [figure.show.written(series.values[at]) for series in figure.series])
                    for at, label in enumerate(figure.labels)
                ],
                "drawings": [
                    ("wide", *_svg(draw(figure, WIDE))),
                    ("narrow", *_svg(draw(figure, NARROW))),
                ],
            },
        )
        cache.set(name, kept, timeout=None)
    return kept


def _svg(drawing: Drawing) -> tuple[str, SafeString]:
    """The viewBox and what stands inside the <svg>."""
    frame = drawing.frame
    chart = alt.layer(*drawing.layers).properties(
        width=frame.width,
        height=frame.height,
        padding={
            "left": frame.left,
            "right": frame.right,
            "top": frame.top,
            "bottom": frame.bottom,
        },
        # The room for words is reckoned by us: the server may not have the reader's fonts.
        autosize="none",
        background="transparent",
        config=alt.Config(aria=False, font="inherit", view=alt.ViewConfig(stroke=None)),
    )
    # Checking our own drawings against Altair's whole schema takes as long as drawing them.
    svg = vl_convert.vegalite_to_svg(chart.to_dict(validate=False))
    # Inside a picture (role="img") nothing has a role of its own; the table tells the figures.
    plain = re.sub(r"<[^>]+>", lambda tag: re.sub(ROLES, "", tag[0]), svg)
    inside = plain[plain.index(">") + 1 : plain.rindex("</svg>")]
    wide = frame.left + frame.width + frame.right
    high = frame.top + frame.height + frame.bottom
    return f"0 0 {wide:g} {high:g}", mark_safe(inside)  # noqa: S308 -- Vega escapes words.
