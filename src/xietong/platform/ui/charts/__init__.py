"""Charts as inline SVG, drawn here, with the same figures as a table beneath."""

from xietong.platform.ui.charts.figure import Figure, Series, Show
from xietong.platform.ui.charts.lines import histogram, lines
from xietong.platform.ui.charts.rows import bars, dumbbell, share, stacked

__all__ = [
    "Figure",
    "Series",
    "Show",
    "bars",
    "dumbbell",
    "histogram",
    "lines",
    "share",
    "stacked",
]
