from datetime import UTC, date, datetime, timedelta, timezone
from decimal import Decimal
from fractions import Fraction
from types import SimpleNamespace

import pytest
from django.utils import timezone as zones
from django.utils.translation import override
from hypothesis import example, given
from hypothesis import strategies as st

from xietong.platform.ui import formats


@pytest.mark.parametrize(
    ("value", "shown"),
    [
        (0, "0"),
        (1234567, "1,234,567"),
        (1234.5, "1,234"),
        (12.34, "12.3"),
        (-12.34, "-12.3"),
        (0.04567, "0.0457"),
        (0.1, "0.1"),
        (Decimal("2.50"), "2.5"),
        (Fraction(1, 3), "0.333"),
    ],
)
def test_that_a_number_shows_three_digits_and_all_of_its_whole_part(
    value: formats.Number, shown: str
) -> None:
    assert formats.number(value) == shown


def test_that_a_number_shows_exactly_the_decimals_asked_for() -> None:
    assert formats.number(2.5, 2) == "2.50"
    assert formats.number(2.5, 0) == "2"


def test_that_large_numbers_are_short_in_each_language() -> None:
    with override("en"):
        shown = [formats.compact(value) for value in (0, 0.025, 100.25, 1250, 3_000_000)]
        assert shown == ["0", "0.025", "100.25", "1.25K", "3M"]
    with override("zh-hans"):
        shown = [formats.compact(value) for value in (0, 2500, 12_500, 3_000_000)]
        assert shown == ["0", "2500", "1.25万", "300万"]


def test_that_a_unit_in_han_follows_its_number_at_once_and_another_after_a_space() -> None:
    assert formats.quantity(12.5, "kg") == "12.5\N{NO-BREAK SPACE}kg"
    assert formats.quantity(12.5, "公斤") == "12.5公斤"
    assert formats.quantity(12.5) == "12.5"


@given(st.integers(min_value=-(10**12), max_value=10**12))
def test_that_credits_are_shown_to_the_last_thousandth(thousandths: int) -> None:
    assert int(formats.credits(thousandths).replace(",", "").replace(".", "")) == thousandths


@pytest.mark.parametrize(
    ("minutes", "english", "chinese"),
    [
        (0, "0 h", "0小时"),
        (30, "30 min", "30分钟"),
        (60, "1 h", "1小时"),
        (450, "7 h 30 min", "7小时30分"),
        (-450, "-7 h 30 min", "-7小时30分"),
        (60_029, "1,000 h", "1,000小时"),
    ],
)
def test_that_working_time_is_read_in_hours_and_minutes(
    minutes: int, english: str, chinese: str
) -> None:
    with override("en"):
        assert formats.hours(minutes) == english
    with override("zh-hans"):
        assert formats.hours(minutes) == chinese


@pytest.mark.parametrize(
    ("share", "shown"),
    [
        (0, "0.0%"),
        (0.0004, "<0.1%"),
        (0.0005, "<0.1%"),
        (0.00051, "0.1%"),
        (0.984, "98.4%"),
        (0.9993, "99.9%"),
        (0.99951, ">99.9%"),
        (1, "100.0%"),
        (1.2, "120.0%"),
    ],
)
def test_that_a_share_that_is_not_all_is_never_rounded_to_all(share: float, shown: str) -> None:
    assert formats.percent(share) == shown


@example(0.0005, 1)
@given(st.floats(min_value=0, max_value=1), st.integers(min_value=0, max_value=3))
def test_that_only_nothing_is_shown_as_nothing_and_only_all_as_all(
    share: float, digits: int
) -> None:
    shown = formats.percent(share, digits)
    assert (shown == formats.percent(0, digits)) == (share == 0)
    assert (shown == formats.percent(1, digits)) == (share == 1)


def test_that_a_date_cannot_be_misread_in_either_language() -> None:
    with override("en"):
        assert formats.day(date(2026, 11, 3)) == "3 Nov 2026"
    with override("zh-hans"):
        assert formats.day(date(2026, 11, 3)) == "2026年11月3日"


def test_that_a_moment_is_told_in_the_active_time_zone() -> None:
    late = datetime(2026, 11, 3, 20, 5, tzinfo=UTC)
    with zones.override(timezone(timedelta(hours=8))):
        assert formats.moment(late) == "4 Nov 2026 04:05"
        assert formats.day(late) == "4 Nov 2026"


def test_that_a_thing_is_named_in_the_language_of_the_page() -> None:
    rice = {"name_en": "Rice", "name_zh": "稻米"}
    for thing in (rice, SimpleNamespace(**rice)):
        with override("en"):
            assert formats.localname(thing) == "Rice"
        with override("zh-hans"):
            assert formats.localname(thing) == "稻米"


def test_that_a_thing_without_a_name_is_an_error() -> None:
    with pytest.raises(AttributeError, match="name_en"):
        formats.localname(object())
    with pytest.raises(KeyError, match="name_en"):
        formats.localname({})
