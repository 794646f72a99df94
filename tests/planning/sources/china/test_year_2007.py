"""China 2007, from its published files to a certified plan."""

import shutil
from collections.abc import Callable
from pathlib import Path

import numpy as np
import pytest

from xietong.planning import plan, verify
from xietong.planning.sources import SourceError, import_economy
from xietong.planning.sources.accounts import Accounts
from xietong.planning.sources.china import year_2007


@pytest.fixture(scope="module")
def folder(real_data: Callable[[str], Path]) -> Path:
    return real_data("china_2007_nbs_135")


@pytest.fixture(scope="module")
def accounts(folder: Path) -> Accounts:
    return year_2007.read_accounts(folder)


def test_that_the_table_balances(accounts: Accounts) -> None:
    assert np.abs(accounts.excess()).max() <= 1e-2  # million yuan


def test_that_each_branch_has_its_jobs(accounts: Accounts) -> None:
    hours = dict(zip(accounts.industries, accounts.hours, strict=True))
    for branch, (first, last) in year_2007.ASSUMPTIONS["BRANCHES"].value.items():
        worked = sum(h for code, h in hours.items() if first <= code <= last)
        jobs = year_2007.ASSUMPTIONS["JOBS"].value[branch]
        assert worked == pytest.approx(2200.0 * jobs, rel=1e-12)


def test_that_products_are_named_in_both_languages(accounts: Accounts) -> None:
    names = {product.code: product.name for product in accounts.products}
    assert (names["095"].en, names["095"].zh) == ("Construction", "建筑业")
    assert all(name.en.isascii() and not name.zh.isascii() for name in names.values())


@pytest.mark.parametrize("periods", [1, 3])
def test_that_china_can_be_planned_and_certified(folder: Path, periods: int) -> None:
    china = import_economy("china-2007", folder, periods)
    assert china.sets.periods == periods
    planned = plan(china)
    assert verify(planned, china) == []
    assert planned.certificate.shortage <= 1e-6
    assert planned.certificate.gap <= 1e-6
    if periods == 1:
        assert planned.deliveries["share"].min() == pytest.approx(1.0, abs=1e-6)
    else:
        assert planned.starts["starts"].sum() > 0


def test_that_one_altered_number_is_refused_with_file_row_and_column(
    folder: Path, tmp_path: Path
) -> None:
    for file in year_2007.FILES:
        shutil.copy(folder / file, tmp_path / file)
        (tmp_path / file).chmod(0o644)
    flows = tmp_path / year_2007.FLOWS
    flows.write_text(flows.read_text().replace("\n002,", "\n002,9", 1))
    with pytest.raises(SourceError, match=r'final_uses.*, row "002", column "TIU": found'):
        import_economy("china-2007", tmp_path)
