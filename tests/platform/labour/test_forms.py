import pytest
from hypothesis import given
from hypothesis import strategies as st

from xietong.platform.labour.forms import HoursField, WeekForm, in_hours
from xietong.platform.labour.models import MOST_MINUTES_A_WEEK


@given(st.integers(0, MOST_MINUTES_A_WEEK))
def test_that_minutes_written_as_hours_come_back_the_same(minutes: int) -> None:
    assert HoursField().clean(in_hours(minutes)) == minutes


@pytest.mark.parametrize(
    ("hours", "minutes"), [("37.5", 2250), ("0", 0), ("0.33", 20), ("60", 3600), ("8", 480)]
)
def test_that_hours_are_cleaned_to_minutes(hours: str, minutes: int) -> None:
    form = WeekForm({"week": "3", "hours": hours})
    assert form.is_valid()
    assert form.cleaned_data == {"week": 3, "hours": minutes}


@pytest.mark.parametrize(
    ("week", "hours"),
    [("0", "8"), ("6", "8"), ("", "8"), ("1", ""), ("1", "-1"), ("1", "60.01"), ("1", "1.005")],
)
def test_that_a_week_that_cannot_be_is_refused(week: str, hours: str) -> None:
    assert not WeekForm({"week": week, "hours": hours}).is_valid()
