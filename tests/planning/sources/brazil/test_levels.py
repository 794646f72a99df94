"""Brazil's tables of every year and level balance as those of 2021 do."""

import shutil
from collections.abc import Callable
from pathlib import Path

import numpy as np
import polars as pl
import pytest

from xietong.planning import plan, verify
from xietong.planning.sources import SOURCES, SourceError, import_economy
from xietong.planning.sources.brazil.catalogue import LEVELS, catalogue
from xietong.planning.sources.brazil.levels import read_level
from xietong.planning.sources.brazil.supply_use import SupplyUse
from xietong.planning.sources.brazil.tables import to_accounts

LeftOver = Callable[[dict[str, pl.DataFrame]], dict[str, float]]


@pytest.mark.parametrize(
    ("level", "year"),
    [(12, 2000), (12, 2009), (12, 2010), (20, 2010), (20, 2021), (51, 2000), (51, 2010),
     (51, 2021), (68, 2010), (68, 2016)],
)  # fmt: skip
def test_that_every_product_balances(level: int, year: int) -> None:
    accounts = to_accounts(read_level(year, level), catalogue(level), year)
    assert accounts.unit.startswith(f"million reais of {year} ")
    assert np.abs(accounts.excess() / accounts.supply).max() <= 1e-5


def test_that_the_general_reader_reads_2021_as_its_own_reader_does(table: SupplyUse) -> None:
    read = read_level(2021, 68)
    for name in ("make", "use", "imports", "exports", "household", "capital", "inventories"):
        assert np.array_equal(getattr(read, name), getattr(table, name))
    assert read.jobs.tolist() == table.jobs.tolist()
    assert read.files == table.files


def test_that_every_year_and_level_is_a_source_described_in_both_languages() -> None:
    named = {name for name in SOURCES if name.startswith("brazil-")}
    assert len(named) == sum(len(years) for years in LEVELS.values()) == 68
    source = SOURCES["brazil-2005-51"]
    assert source.en.startswith("Production, trade and final demand of Brazil in 2005 in kind: 107")
    assert source.zh.startswith("2005 年巴西的生产、贸易与最终需求，以实物计：107 种产品")
    assert source.packaged


@pytest.mark.parametrize("name", ["brazil-2000-12", "brazil-2015-20", "brazil-2009-51"])
def test_that_a_year_can_be_planned_with_every_need_met(name: str, left_over: LeftOver) -> None:
    economy = import_economy(name)
    assert np.abs(list(left_over(economy.tables).values())).max() <= 1e-6
    planned = plan(economy)
    assert verify(planned, economy) == []
    assert planned.certificate.gap <= 1e-6
    assert planned.deliveries["share"].min() == pytest.approx(1.0, abs=1e-6)


def test_that_what_is_assumed_of_another_year_does_not_speak_of_2021() -> None:
    listed = {a["name"]: a for a in import_economy("brazil-2005-51").metadata["assumptions"]}
    assert listed["UNEMPLOYMENT"]["value"] == 0.095
    assert "VEHICLE_TRADE" not in listed
    for assumption in listed.values():
        assert "2021" not in f"{assumption['reason']}{assumption['reason_zh']}"


def test_that_a_table_that_is_not_there_is_said_not_to_be() -> None:
    with pytest.raises(SourceError, match="there is no table of 2005 at level 68"):
        read_level(2005, 68)


def test_that_an_incomplete_folder_names_the_file(workbooks: Path, tmp_path: Path) -> None:
    folder = tmp_path / "nivel_12_2000_2021_xls"
    shutil.copytree(workbooks.parent / folder.name, folder)
    (folder / "12_tab2_2015.xls").unlink()
    with pytest.raises(SourceError, match=r"12_tab2_2015\.xls: cannot be opened"):
        import_economy("brazil-2015-12", tmp_path)
