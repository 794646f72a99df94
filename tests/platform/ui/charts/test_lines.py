import re
from math import nan

import pytest

from xietong.platform.ui.charts import Figure, Series, Show, histogram, lines


def figure(*values: float | None, labels: int = 0) -> Figure:
    count = labels or len(values)
    names = tuple(f"Round {at}" for at in range(1, count + 1))
    return Figure("Stock", "Round", names, (Series("steel", values),))


def wide(chart: str) -> str:
    return chart[chart.index('class="wide"') : chart.index("</svg>")]


def paths(chart: str) -> list[str]:
    return re.findall(r'd="([^"]*)" stroke="var\(--series-1\)"', wide(chart))


def test_that_a_line_goes_through_its_values_from_edge_to_edge() -> None:
    (path,) = paths(lines(figure(0, 50, 100)))
    points = [tuple(map(float, point.split(","))) for point in re.split("[ML]", path)[1:]]
    (left, low), (middle, half), (right, high) = points
    assert (low, half, high) == (200, 100, 0)
    assert left == 0
    assert middle == pytest.approx(right / 2)


def test_that_a_line_has_a_gap_where_a_value_is_unknown() -> None:
    (path,) = paths(lines(figure(1, 2, None, 4, 5)))
    assert path.count("M") == 2


def test_that_a_single_value_is_a_dot_in_the_middle() -> None:
    chart = wide(lines(figure(5)))
    assert len(re.findall(r'fill="var\(--series-1\)"', chart)) == 1


def test_that_series_differ_by_more_than_colour() -> None:
    many = Figure("Stock", "Round", ("1", "2"), tuple(Series(str(at), (at, at)) for at in range(6)))
    dashes = re.findall(
        r'stroke="var\(--series-\d\)"[^>]*stroke-dasharray="([^"]*)"', wide(lines(many))
    )
    assert len(dashes) == len(set(dashes)) == 6


def test_that_labels_that_would_touch_are_left_out_but_never_the_last() -> None:
    chart = wide(lines(figure(*range(40))))
    shown = re.findall(r">Round (\d+)<", chart)
    assert "40" in shown
    assert 3 <= len(shown) <= 10


def counts(chart: str) -> list[tuple[str, str]]:
    return re.findall(r'<th scope="row">(.*?)</th><td class="num">(.*?)</td>', chart)


def test_that_a_histogram_counts_each_value_once() -> None:
    chart = histogram("Incomes", "Credits", [0, 1, 1.5, 2, 9.99, 10, 12], "People")
    assert counts(chart) == [
        ("0 – 1", "1"),
        ("1 – 2", "2"),
        ("2 – 3", "1"),
        *((f"{low} – {low + 1}", "0") for low in range(3, 9)),
        ("9 – 10", "1"),
        ("10 – 11", "1"),
        ("11 – 12", "1"),
    ]


def test_that_a_histogram_of_equal_values_has_one_column() -> None:
    chart = histogram("Incomes", "Credits", [7_000] * 3, "People", show=Show.CREDITS)
    assert counts(chart) == [("7 – 7.1", "3")]


@pytest.mark.parametrize("values", [[], [1.0, nan]])
def test_that_a_histogram_of_nothing_is_refused(values: list[float]) -> None:
    with pytest.raises(ValueError, match="Incomes: a histogram needs values, all of them finite"):
        histogram("Incomes", "Credits", values, "People")
