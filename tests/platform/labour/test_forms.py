import pytest
from hypothesis import given
from hypothesis import strategies as st

from xietong.platform.labour.forms import HoursField, WeekForm, in_hours
from xietong.platform.labour.models import MOST_MINUTES_A_WEEK


@given(st.integers(0, MOST_MINUTES_A_WEEK))
def test_that_minutes_written_as_hours_come_back_the_same(minutes: int) -> None:
    assert HoursField().clean(in_hours(minutes)) == minutes


@pytest.mark.parametrize(
    ("hours", "minutes"), [("7.5", 450), ("0", 0), ("0.33", 20), ("10", 600), ("", 0)]
)
def test_that_hours_of_a_day_are_cleaned_to_minutes(db: None, hours: str, minutes: int) -> None:
    form = WeekForm({"week": "3", "day2": hours, "line": "1"})
    assert form.is_valid()
    assert (form.cleaned_data["week"], form.days) == (3, [0, minutes, 0, 0, 0, 0, 0])
    assert form.line == 0


def test_that_who_manages_writes_down_hours_on_the_line(db: None) -> None:
    form = WeekForm({"week": "1", "day1": "8", "line": "2.5"}, manages=True)
    assert form.is_valid()
    assert (form.days[0], form.line) == (480, 150)


@pytest.mark.parametrize(
    ("week", "hours"),
    [("0", "8"), ("6", "8"), ("", "8"), ("1", "-1"), ("1", "10.01"), ("1", "1.005")],
)
def test_that_a_week_that_cannot_be_is_refused(db: None, week: str, hours: str) -> None:
    assert not WeekForm({"week": week, "day1": hours}).is_valid()
