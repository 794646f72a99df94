import re

import pytest

from xietong.platform.ui.charts import Figure, Series, bars, dumbbell, share, stacked

PRODUCTS = ("Rice", "Steel", "Coffee")
LONG = ("Machines and equipment for mining and construction", "Steel", "Coffee")


def figure(*values: tuple[float | None, ...], labels: tuple[str, ...] = PRODUCTS) -> Figure:
    series = tuple(Series(f"s{at}", column) for at, column in enumerate(values, 1))
    return Figure("Output", "Product", labels, series)


def wide(chart: str) -> str:
    return chart[chart.index('class="wide"') : chart.index("</svg>")]


def widths(chart: str, series: int = 1) -> list[float]:
    """Width of each bar of a series in the wide drawing, in pixels."""
    found = re.findall(rf'd="M[^h]*h([-\d.]+)v[^"]*" fill="var\(--series-{series}\)"', wide(chart))
    return [float(width) for width in found]


def test_that_bars_are_as_long_as_their_values() -> None:
    first, second, third = widths(bars(figure((100, 50, 0))))
    assert second == pytest.approx(first / 2)
    assert third == 0


def test_that_a_bar_below_zero_goes_the_other_way() -> None:
    up, down, _ = widths(bars(figure((30, -30, 0))))
    assert up == pytest.approx(down)


def test_that_an_unknown_value_has_a_dash_and_no_bar() -> None:
    chart = bars(figure((100, None, 50)))
    assert widths(chart)[1] == 0
    assert ">–</text>" in wide(chart)


def test_that_bars_of_nothing_can_be_drawn() -> None:
    assert widths(bars(figure((0, 0, 0)))) == [0, 0, 0]
    assert widths(bars(figure((None, None, None)))) == [0, 0, 0]


def test_that_labels_stand_beside_the_bars_where_there_is_room_and_above_them_elsewhere() -> None:
    beside, above = wide(bars(figure((1, 2, 3)))), wide(bars(figure((1, 2, 3), labels=LONG)))
    assert re.search(r'text-anchor="end"[^>]*>Rice<', beside)
    assert re.search(r'text-anchor="start"[^>]*>Machines and equipment', above)


def test_that_stacked_parts_add_up() -> None:
    chart = stacked(figure((40, 20, 0), (10, 30, 50)))
    first, second = widths(chart, 1), widths(chart, 2)
    sums = [one + other for one, other in zip(first, second, strict=True)]
    assert sums == [pytest.approx(sums[0])] * 3


def test_that_negative_parts_are_refused() -> None:
    for chart in (stacked, share):
        with pytest.raises(ValueError, match="Output: parts of a whole cannot be negative"):
            chart(figure((1, -1, 2)))


def test_that_plan_and_actual_are_joined_where_both_are_known() -> None:
    chart = wide(dumbbell(figure((120, 80, 12), (118, 84, None))))
    rings = re.findall(r'fill="var\(--sheet\)" stroke="var\(--series-1\)"', chart)
    dots = re.findall(r'fill="var\(--series-2\)"', chart)
    joins = re.findall(r'stroke="var\(--soft\)" stroke-width="2"', chart)
    assert (len(rings), len(dots), len(joins)) == (3, 2, 2)


def test_that_a_dumbbell_needs_two_series() -> None:
    with pytest.raises(ValueError, match="Output: a dumbbell joins two series, not 1"):
        dumbbell(figure((1, 2, 3)))


def test_that_shares_fill_the_whole_and_are_told_in_the_legend() -> None:
    chart = share(figure((50, 30, 20)))
    assert sum(widths(chart, 1) + widths(chart, 2) + widths(chart, 3)) == pytest.approx(480)
    assert "<li>Rice 50.0%</li><li>Steel 30.0%</li><li>Coffee 20.0%</li>" in chart


@pytest.mark.parametrize(
    ("given", "said"),
    [
        (figure((1, None, 2)), "shares need one series of 1 to 6 known values"),
        (figure((1, 2, 3), (1, 2, 3)), "shares need one series of 1 to 6 known values"),
        (figure((1,) * 7, labels=tuple("abcdefg")), "shares need one series of 1 to 6"),
        (figure((0, 0, 0)), "there is nothing to share"),
    ],
)
def test_that_shares_of_what_is_no_whole_are_refused(given: Figure, said: str) -> None:
    with pytest.raises(ValueError, match=said):
        share(given)
