from math import inf, nan

import pytest
from django.utils.translation import override
from hypothesis import given
from hypothesis import strategies as st

from xietong.platform.ui.charts import Figure, Series, Show
from xietong.platform.ui.charts.figure import shortened, text_width, ticks


def figure(*series: Series, labels: tuple[str, ...] = ("a", "b")) -> Figure:
    return Figure("Stocks", "Product", labels, series)


@pytest.mark.parametrize(
    ("series", "labels", "said"),
    [
        ((Series("x", ()),), (), "Stocks: nothing to show, for there are no labels"),
        ((), ("a",), "Stocks: 0 series, but a chart shows 1 to 6"),
        ((Series("x", (1,)),) * 7, ("a",), "Stocks: 7 series, but a chart shows 1 to 6"),
        ((Series("x", (1,)),), ("a", "b"), "Stocks: series x has 1 values for 2 labels"),
        ((Series("x", (nan,)),), ("a",), "Stocks: series x has a value not finite"),
        ((Series("x", (inf,)),), ("a",), "Stocks: series x has a value not finite"),
    ],
)
def test_that_a_figure_that_cannot_be_drawn_is_refused(
    series: tuple[Series, ...], labels: tuple[str, ...], said: str
) -> None:
    with pytest.raises(ValueError, match=said):
        figure(*series, labels=labels)


def test_that_unknown_values_are_not_among_the_known() -> None:
    assert figure(Series("x", (1, None)), Series("y", (None, 2))).known == [1, 2]


def test_that_values_are_written_as_what_they_are() -> None:
    with override("en"):
        assert Show.NUMBER.written(None) == "–"
        assert Show.NUMBER.written(12.34) == "12.3"
        assert Show.PERCENT.written(0.5) == "50.0%"
        assert Show.HOURS.written(450) == "7 h 30 min"
        assert Show.CREDITS.written(1250) == "1.250"


def test_that_axes_are_written_short() -> None:
    with override("zh-hans"):
        assert Show.NUMBER.on_axis(30_000) == "3万"
        assert [Show.PERCENT.on_axis(tick) for tick in (0.025, 0.5)] == ["2.5%", "50%"]
        assert Show.HOURS.on_axis(60 * 30_000) == "3万小时"
        assert Show.CREDITS.on_axis(250_000) == "250"


def test_that_han_characters_take_a_full_square_each() -> None:
    assert text_width("计划") == 24
    assert text_width("plan") < text_width("计划计划")


@given(st.text(max_size=30), st.floats(min_value=12, max_value=400))
def test_that_a_shortened_text_fits_and_a_fitting_one_is_whole(text: str, room: float) -> None:
    cut = shortened(text, room)
    assert text_width(cut) <= room
    assert cut == text or cut.endswith("…")


@pytest.mark.parametrize(
    ("low", "high", "unit", "expected"),
    [
        (0, 1, 1, [0, 0.2, 0.4, 0.6, 0.8, 1.0]),
        (0, 120, 1, [0, 25, 50, 75, 100, 125]),
        (-3, 7, 1, [-4, -2, 0, 2, 4, 6, 8]),
        (0, 480, 60, [0, 120, 240, 360, 480]),
        (5, 5, 1, [5, 5.2]),
    ],
)
def test_that_ticks_are_round(low: float, high: float, unit: int, expected: list[float]) -> None:
    assert ticks(low, high, unit) == expected


@given(
    st.floats(min_value=-1e9, max_value=1e9),
    st.floats(min_value=1e-3, max_value=1e9),
    st.sampled_from([1, 60, 1000]),
)
def test_that_ticks_enclose_the_values_and_are_few(low: float, span: float, unit: int) -> None:
    found = ticks(low, low + span, unit)
    slack = 1e-6 * max(1.0, abs(low), span)
    assert found[0] <= low + slack
    assert found[-1] >= low + span - slack
    assert 2 <= len(found) <= 7
    assert found == sorted(set(found))
