"""What every chart is made of, and how much room its words take."""

from dataclasses import dataclass
from enum import StrEnum
from math import ceil, floor, isfinite, log10
from unicodedata import east_asian_width

from django.utils.translation import gettext

from xietong.platform.ui import formats

FONT_SIZE = 12
# As many as there are colours that stay apart for every eye.
MOST_SERIES = 6


class Show(StrEnum):
    """What the values of a figure are, hence how they are written."""

    NUMBER = "number"
    PERCENT = "percent"
    HOURS = "hours"
    CREDITS = "credits"

    def written(self, value: float | None) -> str:
        """The value in full, as on the pages; a dash when it is unknown."""
        if value is None:
            return "–"
        match self:
            case Show.PERCENT:
                return formats.percent(value)
            case Show.HOURS:
                return formats.hours(round(value))
            case Show.CREDITS:
                return formats.credits(round(value))
            case _:
                return formats.number(value)

    def on_axis(self, value: float) -> str:
        """The value in a few characters."""
        match self:
            case Show.PERCENT:
                return f"{formats.compact(round(value * 100, 9))}%"
            case Show.HOURS:
                hours = formats.compact(value / formats.MINUTES_PER_HOUR)
                return gettext("%(hours)s h") % {"hours": hours}
            case Show.CREDITS:
                return formats.compact(value / formats.CREDITS_PER_HOUR)
            case _:
                return formats.compact(value)

    @property
    def unit(self) -> int:
        """How many stored units make one that is written; ticks fall on whole ones of these."""
        match self:
            case Show.HOURS:
                return formats.MINUTES_PER_HOUR
            case Show.CREDITS:
                return formats.CREDITS_PER_HOUR
            case _:
                return 1


@dataclass(frozen=True, slots=True)
class Series:
    """A name and one value for each label of the figure; None where it is unknown."""

    name: str
    values: tuple[float | None, ...]


@dataclass(frozen=True, slots=True)
class Figure:
    """The words and values of one chart, in the language of the page.

    `heads` names what the labels are ("Product", "Round"). Values are shares of 1, minutes,
    or thousandths of an hour when `show` says so. Raises ValueError when there are no labels,
    none or more than six series, a series without exactly one value a label, or a value that
    is not finite.
    """

    title: str
    heads: str
    labels: tuple[str, ...]
    series: tuple[Series, ...]
    show: Show = Show.NUMBER
    unit: str = ""
    note: str = ""

    def __post_init__(self) -> None:
        if not self.labels:
            raise ValueError(f"{self.title}: nothing to show, for there are no labels")
        if not 1 <= len(self.series) <= MOST_SERIES:
            raise ValueError(
                f"{self.title}: {len(self.series)} series, but a chart shows 1 to {MOST_SERIES}"
            )
        for series in self.series:
            if len(series.values) != len(self.labels):
                raise ValueError(
                    f"{self.title}: series {series.name} has {len(series.values)} values "
                    f"for {len(self.labels)} labels"
                )
            if not all(value is None or isfinite(value) for value in series.values):
                raise ValueError(f"{self.title}: series {series.name} has a value not finite")

    @property
    def known(self) -> list[float]:
        """All values that are known."""
        return [value for series in self.series for value in series.values if value is not None]


def text_width(text: str) -> float:
    """Room that the text takes, in pixels; rather too much than too little.

    Measured by kind of character, since the reader's fonts are not here.
    """
    ems = sum(1.0 if east_asian_width(char) in "WF" else 0.58 for char in text)
    return ems * FONT_SIZE


def shortened(text: str, room: float) -> str:
    """The text, cut with an ellipsis to fit the room in pixels; the table holds it in full."""
    if text_width(text) <= room:
        return text
    kept = text
    while kept and text_width(kept + "…") > room:
        kept = kept[:-1]
    return kept.rstrip() + "…"


def ticks(low: float, high: float, unit: int = 1, most: int = 5) -> list[float]:
    """Round values, at most `most` + 1, the first at or below `low`, the last at or above `high`.

    Nice numbers (Heckbert 1990), counted in `unit`.
    """
    span = (high - low) / unit or 1.0
    step = _nice(span / most)
    first, last = floor(low / unit / step + 1e-9), ceil(high / unit / step - 1e-9)
    return [round(at * step * unit, 12) for at in range(first, max(last, first + 1) + 1)]


def _nice(step: float) -> float:
    """The smallest of 1, 2, 2.5 or 5 times a power of ten that is no less than `step`."""
    power = 10.0 ** floor(log10(step))
    return next(nice * power for nice in (1, 2, 2.5, 5, 10) if nice * power >= step * (1 - 1e-9))
