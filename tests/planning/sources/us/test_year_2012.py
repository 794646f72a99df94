"""United States 2012, from its published files to a certified plan."""

import shutil
from collections.abc import Callable
from pathlib import Path

import numpy as np
import polars as pl
import pytest

from xietong.planning import Economy, labour_values, plan, verify
from xietong.planning.sources import SourceError, import_economy
from xietong.planning.sources.accounts import Accounts
from xietong.planning.sources.us import year_2012


@pytest.fixture(scope="module")
def folder(real_data: Callable[[str], Path]) -> Path:
    return real_data("us_2012_useeio_411")


@pytest.fixture(scope="module")
def accounts(folder: Path) -> Accounts:
    return year_2012.read_accounts(folder)


@pytest.fixture(scope="module")
def us(folder: Path) -> Economy:
    return import_economy("us-2012", folder)


@pytest.fixture
def altered(folder: Path, tmp_path: Path) -> Path:
    for file in year_2012.FILES:
        shutil.copy(folder / file, tmp_path / file)
        (tmp_path / file).chmod(0o644)
    return tmp_path


def test_that_industries_stand_in_their_own_order_which_the_make_table_proves(
    accounts: Accounts,
) -> None:
    def own(industries: tuple[str, ...]) -> float:
        pairs = [
            (accounts.codes.index(code), place)
            for place, code in enumerate(industries)
            if code in accounts.codes
        ]
        return float(sum(accounts.make[pair] for pair in pairs) / accounts.make.sum())

    assert accounts.industries[accounts.codes.index("331200") + 1] == "331314"
    assert own(accounts.industries) == pytest.approx(0.9034, abs=1e-4)
    assert own(accounts.codes) == pytest.approx(0.0981, abs=1e-4)


def test_that_the_tables_balance_to_their_rounding(accounts: Accounts) -> None:
    assert np.abs(accounts.excess()).max() < 32.0  # million dollars, of waste management
    assert np.abs(accounts.excess() / (accounts.supply + 1.0)).max() < 0.0025


def test_that_jobs_gases_energy_water_and_land_are_those_of_the_products(
    folder: Path, accounts: Accounts
) -> None:
    rows = (folder / year_2012.INDICATORS).read_text().splitlines()
    per_dollar = {line.split(",")[0]: line.split(",")[1:] for line in rows}
    made = accounts.make.sum(axis=1)
    for limit, name in year_2012.LIMITS.value.items():
        total = float(np.array(per_dollar[name], float) @ made)
        assert accounts.taken[limit].sum() == pytest.approx(total, rel=1e-12)
    jobs = float(np.array(per_dollar["JOBS [jobs]"], float) @ made) * 1e6
    assert accounts.hours.sum() == pytest.approx(jobs * 1725.0, rel=1e-12)
    assert jobs == pytest.approx(126.5e6, rel=1e-3)


def test_that_every_assumption_is_published_in_both_languages(us: Economy) -> None:
    listed = us.metadata["assumptions"]
    assert {a["name"] for a in listed} == set(year_2012.ASSUMPTIONS)
    assert all(a["reason"].endswith(".") and a["reason_zh"].endswith("。") for a in listed)
    assert us.metadata["title_zh"] == "美国 2012 年"
    assert us.products["name_zh"].str.contains(r"\p{Han}").all()


def test_that_labour_values_are_those_of_the_dense_leontief_system(us: Economy) -> None:
    products, techniques = us.products["product"], us.techniques["technique"]

    def matrix(name: str) -> np.ndarray:
        entries = us.tables[name]
        dense = np.zeros((len(products), len(techniques)))
        rows = [products.to_list().index(p) for p in entries["product"].unique(maintain_order=True)]
        at = dict(zip(entries["product"].unique(maintain_order=True), rows, strict=True))
        columns = {technique: place for place, technique in enumerate(techniques)}
        for technique, product, quantity in entries.select(
            "technique", "product", "quantity"
        ).iter_rows():
            dense[at[product], columns[technique]] += quantity
        return dense

    inputs, outputs = matrix("inputs"), matrix("outputs")
    hours = us.techniques.join(us.labour, on="technique", how="left", maintain_order="left")
    labour = hours["hours"].fill_null(0.0).to_numpy()
    made = outputs * us.techniques["runs"].to_numpy()
    share = made / made.sum(axis=1, keepdims=True) / outputs.sum(axis=0)
    # v = share (labour + inputsᵀ v)
    expected = np.linalg.solve(np.eye(len(products)) - share @ inputs.T, share @ labour)
    values = labour_values(us)
    assert values["product"].to_list() == products.to_list()
    found = values["hours"].to_numpy()
    assert np.abs(found - expected).max() <= 1e-9 * np.abs(expected).max()
    assert (np.abs(found - expected) <= 1e-9 * np.abs(expected)).all()


def test_that_2012_can_be_planned_with_every_need_met_and_less_work(
    us: Economy, accounts: Accounts
) -> None:
    planned = plan(us)
    assert verify(planned, us) == []
    assert planned.certificate.shortage <= 1e-6
    assert planned.certificate.gap <= 1e-6
    assert planned.deliveries["share"].min() == pytest.approx(1.0, abs=1e-6)
    assert planned.use_of_labour["used"].sum() < accounts.hours.sum()
    over = planned.use_of_limits.filter(pl.col("used") > pl.col("amount") * (1 + 1e-6))
    assert over.is_empty()


def test_that_a_missing_file_is_named(altered: Path) -> None:
    (altered / year_2012.USE).unlink()
    with pytest.raises(SourceError, match=r"use_U_414x431_usd\.csv: cannot be opened"):
        import_economy("us-2012", altered)


def test_that_one_altered_number_is_refused_with_file_row_and_column(altered: Path) -> None:
    use = altered / year_2012.USE
    text = use.read_text().replace("2222000000.0", "9222000000.0", 1)
    use.write_text(text)
    with pytest.raises(SourceError) as refused:
        import_economy("us-2012", altered)
    assert refused.value.en.startswith(
        'use_U_414x431_usd.csv, row "1111A0", column "x": found 49,656'
    )
    assert refused.value.zh.startswith("use_U_414x431_usd.csv 的“1111A0”行“x”列：数值为")


def test_that_other_labels_than_those_published_are_refused(altered: Path) -> None:
    make = altered / year_2012.MAKE
    make.write_text(make.read_text().replace("\n1111B0,", "\n331314,", 1))
    with pytest.raises(SourceError, match=r'expected "1111B0" as in sectors\.csv'):
        import_economy("us-2012", altered)
