import re
from dataclasses import replace
from xml.etree import ElementTree

import pytest
import vl_convert
from django.core.cache import cache
from django.utils.safestring import SafeString
from django.utils.translation import override

from xietong.platform.ui.charts import Figure, Series, Show, bars, lines

NEEDS = Figure(
    title="Needs met",
    heads="Tier",
    labels=("Basic", "Personal"),
    series=(Series("asked", (1.0, 0.61)), Series("met", (0.9993, None))),
    show=Show.PERCENT,
    note="Round 3",
    unit="of hours",
)


def drawings(html: str) -> list[ElementTree.Element]:
    found = re.findall(r"<svg.*?</svg>", html, re.DOTALL)
    return [ElementTree.fromstring(svg) for svg in found]  # noqa: S314


def test_that_a_chart_has_one_drawing_for_wide_and_one_for_narrow_places() -> None:
    boxes = {svg.attrib["class"]: svg.attrib["viewBox"].split()[2] for svg in drawings(bars(NEEDS))}
    assert boxes == {"wide": "480", "narrow": "300"}


def test_that_a_drawing_is_one_picture_with_a_text_beside_it() -> None:
    for svg in drawings(bars(NEEDS)):
        assert svg.attrib["role"] == "img"
        assert svg.attrib["aria-label"] == (
            "Chart: Needs met. The figures stand in the table beneath."
        )
        inside = {name for part in svg.iter() if part is not svg for name in part.attrib}
        assert {name for name in inside if name == "role" or name.startswith("aria")} == set()


def test_that_a_drawing_has_no_colour_style_or_script_of_its_own() -> None:
    for chart in (bars(NEEDS), lines(NEEDS)):
        colours = set(re.findall(r'(?:fill|stroke)="([^"]*)"', chart))
        assert {colour for colour in colours if not colour.startswith("var(--")} <= {"none"}
        assert re.search(r"style=|<style|<script| on\w+=|href=", chart) is None


def test_that_the_same_figures_stand_in_a_table() -> None:
    rows = re.findall(r'<th scope="row">(.*?)</th>(.*?)</tr>', bars(NEEDS))
    assert [(label, re.findall(r">([^<]*)</td>", cells)) for label, cells in rows] == [
        ("Basic", ["100.0%", "99.9%"]),
        ("Personal", ["61.0%", "–"]),
    ]


def test_that_words_are_escaped_everywhere() -> None:
    sly = "<script>alert(1)</script>&\"'"
    chart = bars(
        Figure(sly, sly, (sly,), (Series(sly, (1,)), Series("b", (2,))), note=sly, unit=sly)
    )
    assert "<script" not in chart
    texts = {text.text for svg in drawings(chart) for text in svg.iter() if text.text}
    assert sly in texts


def test_that_one_series_needs_no_legend() -> None:
    assert "legend" not in bars(replace(NEEDS, series=NEEDS.series[:1]))
    assert '<ul class="legend bars"><li>asked</li><li>met</li></ul>' in bars(NEEDS)


def test_that_a_chart_can_stand_in_a_page_as_it_is() -> None:
    assert isinstance(bars(NEEDS), SafeString)
    assert isinstance(bars(NEEDS), SafeString), "also when it comes from the cache"


def test_that_equal_figures_are_drawn_once_for_each_language(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    cache.clear()
    drawn: list[object] = []
    real = vl_convert.vegalite_to_svg

    def counted(specification: dict[str, object]) -> str:
        drawn.append(specification)
        return str(real(specification))

    monkeypatch.setattr(vl_convert, "vegalite_to_svg", counted)
    english = bars(NEEDS)
    assert len(drawn) == 2
    assert bars(replace(NEEDS)) == english
    assert len(drawn) == 2
    with override("zh-hans"):
        assert bars(NEEDS) != english
    assert len(drawn) == 4
    assert lines(NEEDS) != english
    assert len(drawn) == 6
