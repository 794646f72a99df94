"""Numbers, amounts, times and names as people read them, in the active language."""

from datetime import date, datetime
from decimal import Decimal
from fractions import Fraction
from functools import cache
from unicodedata import east_asian_width

from babel import Locale
from babel.dates import format_date, format_time
from babel.numbers import format_compact_decimal, format_decimal
from django.utils import timezone
from django.utils.translation import get_language, gettext

Number = int | float | Decimal | Fraction

CREDITS_PER_HOUR = 1000
MINUTES_PER_HOUR = 60

NO_BREAK_SPACE = "\N{NO-BREAK SPACE}"


def chinese() -> bool:
    """Whether the page is read in Chinese."""
    return (get_language() or "").startswith("zh")


def locale() -> Locale:
    """Babel's locale for the active language."""
    # British order of dates: 3 Nov cannot be misread as the 11th of March.
    return _locale("zh_Hans" if chinese() else "en_GB")


@cache
def _locale(code: str) -> Locale:
    return Locale.parse(code)


def number(value: Number, digits: int | None = None) -> str:
    """The number with grouped thousands.

    With `digits`, exactly so many decimals; without, about three significant digits and
    never less than the whole part: 1,234,567 and 12.3 and 0.0457.
    """
    exact = _decimal(value)
    if digits is None:
        whole = exact == exact.to_integral_value()
        optional = 0 if whole or not exact else min(6, max(0, 2 - exact.adjusted()))
        pattern = "#,##0" + ("." + "#" * optional if optional else "")
    else:
        pattern = "#,##0" + ("." + "0" * digits if digits else "")
    return format_decimal(exact, pattern, locale())


def compact(value: Number) -> str:
    """A round number in a few characters, for axes: 0.025, 2.5K and 3M, or 2500 and 300万."""
    exact = _decimal(value)
    if abs(exact) < 1000:
        return format_decimal(exact, "0.######", locale())
    return format_compact_decimal(exact, locale=locale(), fraction_digits=3)


def quantity(value: Number, unit: str = "") -> str:
    """The number, as `number` writes it, with its unit."""
    # A unit in Han characters follows its number at once.
    space = "" if not unit or east_asian_width(unit[0]) == "W" else NO_BREAK_SPACE
    return f"{number(value)}{space}{unit}"


def credits(thousandths: int) -> str:
    """Labour credits from thousandths of an hour: all three decimals, so that sums agree."""
    return number(Fraction(thousandths, CREDITS_PER_HOUR), digits=3)


def hours(minutes: int) -> str:
    """Working time from minutes: 7 h 30 min, from a thousand hours on in whole hours."""
    if abs(minutes) >= 1000 * MINUTES_PER_HOUR:
        return gettext("%(hours)s h") % {"hours": number(round(minutes / MINUTES_PER_HOUR))}
    whole, rest = divmod(abs(minutes), MINUTES_PER_HOUR)
    parts = {"hours": number(whole), "minutes": number(rest)}
    if not rest:
        text = gettext("%(hours)s h") % parts
    elif not whole:
        text = gettext("%(minutes)s min") % parts
    else:
        text = gettext("%(hours)s h %(minutes)s min") % parts
    return f"-{text}" if minutes < 0 else text


def percent(share: Number, digits: int = 1) -> str:
    """A share of 1 in per cent.

    What is not all is never rounded to 100 %, and what is not nothing never to 0 %.
    """
    exact = _decimal(share) * 100
    step = Decimal(1).scaleb(-digits)
    if 0 < exact <= step / 2:
        return f"<{number(step, digits)}%"
    if 100 - step / 2 <= exact < 100:
        return f">{number(100 - step, digits)}%"
    return f"{number(exact, digits)}%"


def day(value: date) -> str:
    """The date (of an aware moment, in the active time zone): 3 Nov 2026 or 2026年11月3日."""
    if isinstance(value, datetime) and timezone.is_aware(value):
        value = timezone.localtime(value)
    return format_date(value, "medium", locale())


def moment(value: datetime) -> str:
    """The date and the time of day, in the active time zone."""
    local = timezone.localtime(value) if timezone.is_aware(value) else value
    return f"{day(local)} {format_time(local, 'HH:mm', locale=locale())}"


def localname(thing: object) -> str:
    """`name_zh` or `name_en` of an object or mapping, by the active language.

    Raises AttributeError or KeyError when the thing has no such name.
    """
    field = "name_zh" if chinese() else "name_en"
    return str(thing[field] if isinstance(thing, dict) else getattr(thing, field))


def _decimal(value: Number) -> Decimal:
    if isinstance(value, Fraction):
        return Decimal(value.numerator) / Decimal(value.denominator)
    # By way of its digits: 0.1 means one tenth, not the nearest binary fraction.
    return Decimal(str(value))
