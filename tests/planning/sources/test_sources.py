"""The list of sources, and how one is asked for."""

from pathlib import Path

import pytest

from xietong.planning import Economy, plan
from xietong.planning.sources import SOURCES, SourceError, import_economy


def test_that_every_source_says_in_both_languages_what_it_is() -> None:
    others = {name for name in SOURCES if not name.startswith("brazil-")}
    assert others == {"china-2007", "pymrio", "us-2012", "us-2017", "wiod"}
    assert SOURCES["brazil-2021"].en.startswith("Production, trade and final demand of Brazil")
    assert SOURCES["brazil-2021"].zh.startswith("2021 年巴西的生产、贸易与最终需求")
    assert all(s.en.isascii() and s.en.endswith(".") for s in SOURCES.values())
    assert all(s.zh.endswith("。") for s in SOURCES.values())


def test_that_an_unknown_source_is_refused_with_the_names_there_are() -> None:
    with pytest.raises(SourceError) as refused:
        import_economy("utopia")
    assert refused.value.en == (
        'there is no source "utopia"; there are: brazil-2021 (and years from 2000, levels as in '
        "brazil-2005-51), china-2007, pymrio, us-2012, us-2017, wiod"
    )
    assert refused.value.zh == (
        "没有名为“utopia”的来源；现有来源：brazil-2021（2000 年起各年，各级如 "
        "brazil-2005-51）、china-2007、pymrio、us-2012、us-2017、wiod"
    )


def test_that_a_source_without_its_files_and_a_plan_without_periods_are_refused() -> None:
    with pytest.raises(SourceError, match="say where the files of this source lie"):
        import_economy("us-2012")
    with pytest.raises(SourceError, match="give at least 1 period"):
        import_economy("brazil-2021", periods=0)


def test_that_importing_twice_gives_the_same_economy() -> None:
    assert import_economy("brazil-2021").sha256 == import_economy("brazil-2021").sha256


def test_that_the_economy_comes_back_from_its_folder_as_it_went_in(tmp_path: Path) -> None:
    economy = import_economy("brazil-2021")
    economy.write(tmp_path / "brazil")
    again = Economy.read(tmp_path / "brazil")
    assert again.sha256 == economy.sha256
    assert again.title == "Brazil 2021"
    assert again.metadata["name"] == "brazil-2021"


def test_that_a_plan_meets_every_need_of_2021_with_less_work_than_2021_took() -> None:
    planned = plan(import_economy("brazil-2021"))
    assert planned.certificate.shortage <= 1e-6
    assert planned.certificate.gap <= 1e-6
    assert (planned.deliveries["share"] >= 0.99).all()
    assert planned.use_of_labour["used"].sum() < 105_065_178 * 39 * 46
