"""United States 2017, from its published files to a certified plan."""

import shutil
from collections.abc import Callable
from pathlib import Path

import numpy as np
import pytest

from xietong.planning import Economy, plan, verify
from xietong.planning.sources import SourceError, import_economy
from xietong.planning.sources.us import year_2017


@pytest.fixture(scope="module")
def folder(real_data: Callable[[str], Path]) -> Path:
    return real_data("us_2017_bea_402")


@pytest.fixture(scope="module")
def us(folder: Path) -> Economy:
    return import_economy("us-2017", folder)


def test_that_the_tables_balance_to_their_rounding(folder: Path) -> None:
    accounts = year_2017.read_accounts(folder)
    assert (len(accounts.codes), len(accounts.industries)) == (402, 402)
    assert set(accounts.industries) - set(accounts.codes) == {
        "331314", "S00101", "S00201", "S00202",
    }  # fmt: skip
    assert np.abs(accounts.excess()).max() <= 26.0  # million dollars, rounded one by one


def test_that_hours_are_what_was_paid_for(us: Economy) -> None:
    hours = us.labour.join(us.techniques, on="technique")
    worked = float((hours["hours"] * hours["runs"]).sum())
    assert worked == pytest.approx(10_434_981e6 / 38.0, rel=1e-5)
    assert "WORKING_HOURS" not in {a["name"] for a in us.metadata["assumptions"]}


def test_that_2017_can_be_planned_with_every_need_met(us: Economy) -> None:
    planned = plan(us)
    assert verify(planned, us) == []
    assert planned.certificate.shortage <= 1e-6
    assert planned.certificate.gap <= 1e-6
    assert planned.deliveries["share"].min() == pytest.approx(1.0, abs=1e-6)


def test_that_one_altered_number_is_refused_with_file_row_and_column(
    folder: Path, tmp_path: Path
) -> None:
    for file in year_2017.FILES:
        shutil.copy(folder / file, tmp_path / file)
        (tmp_path / file).chmod(0o644)
    make = tmp_path / year_2017.MAKE
    lines = make.read_text().splitlines()
    cells = lines[1].split(",")
    cells[1] = str(float(cells[1]) + 1000.0)
    make.write_text("\n".join([lines[0], ",".join(cells), *lines[2:]]))
    with pytest.raises(SourceError, match=r'Make_2017.*, row "1111A0", column "T008": found'):
        import_economy("us-2017", tmp_path)
