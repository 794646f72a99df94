"""pymrio's own test system: eight sectors in six regions."""

from pathlib import Path
from typing import Any

import numpy as np
import polars as pl
import pytest

from xietong.planning import plan, verify
from xietong.planning.sources import SourceError, import_economy
from xietong.planning.sources.mrio import from_pymrio

pymrio = pytest.importorskip("pymrio", reason="pymrio is not installed")
pytestmark = pytest.mark.filterwarnings("ignore")  # pymrio's and pandas' own


@pytest.fixture(scope="module")
def system() -> Any:
    return pymrio.load_test().calc_all()


def test_that_each_sector_of_each_region_is_a_technique_there(system: Any) -> None:
    world = from_pymrio(system)
    assert (world.regions.height, world.products.height) == (6, 8)
    assert world.techniques.filter(pl.col("technique").str.starts_with("industry:")).height == 48
    at = world.inputs.filter(technique="industry:reg2/food", product="mining", region="reg5")
    runs = world.techniques.filter(technique="industry:reg2/food")["runs"][0]
    flow = system.Z.loc[("reg5", "mining"), ("reg2", "food")]
    assert at["quantity"][0] * runs == pytest.approx(flow, rel=1e-12)


def test_that_each_region_offers_its_own_hours(system: Any) -> None:
    world = from_pymrio(system)
    added = system.factor_inputs.F.T.groupby("region").sum()
    for region, _, _, hours in world.workforce.select("region", "skill", "period", "hours").rows():
        assert hours == pytest.approx(float(added.loc[region].iloc[0]) / 0.94, rel=1e-12)


def test_that_the_world_can_be_planned_with_all_needs_met(system: Any) -> None:
    limits = {"air": ("emissions", ("emission_type1", "air"))}
    world = from_pymrio(system, limits=limits, basic=["food"])
    planned = plan(world)
    assert verify(planned, world) == []
    assert planned.certificate.gap <= 1e-6
    assert planned.certificate.shortage <= 1e-6
    # A needless ten-thousandth of a million may be left out: tiers are met as a whole.
    tiers = {step.step: step.objective for step in planned.certificate.steps}
    assert min(tiers[tier] for tier in ("worst", "basic", "public", "personal")) >= 1.0 - 1e-9
    emitted = float(system.emissions.F.loc[("emission_type1", "air")].sum())
    assert planned.use_of_limits["amount"].to_list() == [pytest.approx(emitted, rel=1e-12)]
    assert set(world.needs.filter(tier="basic")["product"]) == {"food"}


def test_that_several_years_have_capital_in_each_region(system: Any) -> None:
    world = from_pymrio(system, periods=3)
    assert world.projects["region"].n_unique() == 6
    assert world.outputs.filter(product="capital")["region"].n_unique() == 6
    planned = plan(world)
    assert verify(planned, world) == []
    assert planned.certificate.gap <= 1e-6


def test_that_a_saved_system_is_read_from_its_folder(system: Any, tmp_path: Path) -> None:
    system.save_all(tmp_path / "saved")
    read = import_economy("pymrio", tmp_path / "saved")
    wanted, found = (np.sort(e.needs["target"].to_numpy()) for e in (from_pymrio(system), read))
    assert found == pytest.approx(wanted, rel=1e-12)


def test_that_what_is_not_there_is_named(system: Any, tmp_path: Path) -> None:
    with pytest.raises(SourceError, match='there is no account "jobs"'):
        from_pymrio(system, labour=("jobs", "all"))
    with pytest.raises(SourceError, match='account "emissions" has no row "soot"'):
        from_pymrio(system, limits={"soot": ("emissions", "soot")})
    with pytest.raises(SourceError, match="not a system that pymrio has saved"):
        import_economy("pymrio", tmp_path)
