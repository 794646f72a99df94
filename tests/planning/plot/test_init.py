"""Every picture is drawn in both languages, and says when there is nothing to draw."""

from collections.abc import Callable
from pathlib import Path
from typing import Any

import altair as alt
import pytest

from xietong.planning import Economy, Plan, PlanningError, plan
from xietong.planning.faults import Language

TITLES = {
    "needs": ("Needs met", "需求满足情况"),
    "bottlenecks": ("Bottlenecks", "紧缺之物"),
    "flows": ("Where the hours go", "工时流向何处"),
    "prices": ("Valuations and labour values", "影子价格与劳动价值"),
}

Shown = Callable[[alt.Chart, int], list[dict[str, Any]]]


@pytest.mark.parametrize("name", TITLES)
def test_that_a_picture_is_drawn_with_its_title_in_both_languages(baked: Plan, name: str) -> None:
    languages: tuple[Language, ...] = ("en", "zh")
    for language, title in zip(languages, TITLES[name], strict=True):
        chart = getattr(baked.plot, name)(language)
        assert chart.to_dict()["title"]["text"] == title


def test_that_a_picture_is_saved_as_a_file(baked: Plan, tmp_path: Path) -> None:
    file = tmp_path / "flows.svg"
    baked.plot.flows("zh").save(file)
    assert "工时流向何处" in file.read_text(encoding="utf-8")


def test_that_products_go_by_their_names_where_the_plan_knows_its_economy(
    baked: Plan, tmp_path: Path
) -> None:
    baked.write(tmp_path / "plan")
    assert "玉米" in str(baked.plot.prices("zh").to_dict())
    assert "corn" in str(baked.plot.prices("en").to_dict())
    assert "玉米" not in str(Plan.read(tmp_path / "plan").plot.prices("zh").to_dict())


def test_that_an_empty_picture_is_refused_in_one_sentence(changed: Callable[..., Economy]) -> None:
    idle = plan(changed(needs=lambda f: f.clear(), stocks=lambda f: f.with_columns(final=0.0)))
    for draw in (idle.plot.needs, idle.plot.bottlenecks, idle.plot.flows, idle.plot.prices):
        with pytest.raises(PlanningError) as caught:
            draw()
        assert caught.value.text("zh") != caught.value.text("en")


def test_that_an_explanation_is_drawn_as_shares(baked: Plan, shown: Shown) -> None:
    chart = baked.explain("school").plot("zh")
    assert chart.to_dict()["title"]["text"] == "school：影子价格的构成"
    assert sum(row["share"] for row in shown(chart, 0)) == pytest.approx(1.0, abs=0.01)
