"""`xietong verify payout.zip`, alone and with the plan and economy that it follows from."""

import io
import zipfile
from dataclasses import replace
from decimal import Decimal
from hashlib import sha256
from pathlib import Path

import polars as pl
import pytest
from typer.testing import CliRunner, Result

from xietong.cli.app import app
from xietong.planning import Allowance, Good, PayoutBasis, labour_values, plan, write_payout
from xietong.planning.generate import random_economy


def verify(*arguments: object, locale: str = "C.UTF-8") -> Result:
    return CliRunner(env={"LC_ALL": locale}).invoke(app, ["verify", *map(str, arguments)])


def zipped(folder: Path, file: Path) -> None:
    with zipfile.ZipFile(file, "w") as archive:
        for path in sorted(folder.rglob("*")):
            archive.write(path, path.relative_to(folder))


@pytest.fixture(scope="module")
def published(tmp_path_factory: pytest.TempPathFactory) -> tuple[Path, PayoutBasis]:
    """A folder with payout.zip, plan.zip and economy.zip."""
    folder = tmp_path_factory.mktemp("published")
    economy = random_economy(5, 6, 2, 0)
    drawn = plan(economy)
    economy.write(folder / "economy")
    drawn.write(folder / "plan")
    for name in ("economy", "plan"):
        zipped(folder / name, folder / f"{name}.zip")
    values = labour_values(economy, drawn.runs.filter(pl.col("period") == 1))
    none = Decimal(0)
    basis = PayoutBasis(
        round=4,
        plan_sha256=sha256((folder / "plan.zip").read_bytes()).hexdigest(),
        economy_sha256=economy.sha256,
        hours=Decimal(1000),
        workers=10,
        band=none,
        pull=none,
        purse=none,
        balances=0,
        goods=tuple(
            Good(
                product=product,
                mode="credits",
                orderable=True,
                value=Decimal(str(round(hours, 12))),
                made=none,
                used=none,
                delivered=none,
                opening=none,
                closing=none,
                promised=1,
            )
            for product, hours in values.iter_rows()
        ),
        common=(),
        allowances=(Allowance("study", 1, Decimal("0.5")),),
    )
    return folder, basis


def place(folder: Path, basis: PayoutBasis, where: Path, beside: str = "plan economy") -> Path:
    for name in beside.split():
        (where / f"{name}.zip").write_bytes((folder / f"{name}.zip").read_bytes())
    (where / "payout.zip").write_bytes(write_payout(basis).packed)
    return where / "payout.zip"


def test_that_a_true_payout_is_confirmed_with_the_hash_of_its_certificate(
    published: tuple[Path, PayoutBasis], tmp_path: Path
) -> None:
    folder, basis = published
    file = place(folder, basis, tmp_path)
    result = verify(file)
    written = write_payout(basis)
    assert result.exit_code == 0, result.stderr
    assert result.stdout == (
        f"The payout of round 4 follows from its sums: {len(basis.goods)} prices, "
        f"an hour issues {written.payout.per_hour / 1000:.3f} credits.\n"
        f"The hash of the certificate is {written.sha256}\n"
    )
    chinese = verify(file, locale="zh_CN.UTF-8").stdout
    assert chinese.startswith("第4轮的积分核算属实")


def test_that_a_payout_alone_says_what_it_was_not_compared_with(
    published: tuple[Path, PayoutBasis], tmp_path: Path
) -> None:
    result = verify(place(*published, tmp_path, beside=""))
    assert result.exit_code == 0
    assert "plan.zip is not beside it.\neconomy.zip is not beside it.\n" in result.stdout


def test_that_a_payout_of_another_plan_or_economy_is_found(
    published: tuple[Path, PayoutBasis], tmp_path: Path
) -> None:
    folder, basis = published
    for name, other in (
        ("plan", replace(basis, plan_sha256="0" * 64)),
        ("economy", replace(basis, economy_sha256="0" * 64)),
    ):
        file = place(folder, other, tmp_path)
        result = verify(file)
        assert (result.exit_code, result.stderr) == (
            1,
            f"{tmp_path / name}.zip: this is not the file from which the payout was computed\n",
        )


def test_that_a_labour_value_that_does_not_follow_from_the_plan_is_named(
    published: tuple[Path, PayoutBasis], tmp_path: Path
) -> None:
    folder, basis = published
    first, *others = basis.goods
    dear = replace(first, value=first.value + 1)
    result = verify(place(folder, replace(basis, goods=(dear, *others)), tmp_path))
    assert result.exit_code == 1
    assert result.stderr.startswith(f"goods.csv: {first.product} value is {dear.value}; ")
    assert result.stderr.endswith("follows from the plan\n")


def test_that_a_changed_price_is_named_in_the_language_of_the_terminal(
    published: tuple[Path, PayoutBasis], tmp_path: Path
) -> None:
    file = place(*published, tmp_path, beside="")
    with zipfile.ZipFile(io.BytesIO(file.read_bytes())) as archive:
        files = {name: archive.read(name) for name in archive.namelist()}
    files["prices.csv"] = files["prices.csv"].replace(b"\n", b"9\n").replace(b"amount9", b"amount")
    with zipfile.ZipFile(file, "w") as archive:
        for name, content in files.items():
            archive.writestr(name, content)
    english, chinese = verify(file), verify(file, locale="zh_CN.UTF-8")
    assert (english.exit_code, chinese.exit_code) == (1, 1)
    assert "prices.csv: this was changed after it was certified\n" in english.stderr
    assert "follows\n" in english.stderr
    assert "prices.csv 表：出具证书之后被改动过\n" in chinese.stderr


def test_that_what_is_no_payout_is_one_sentence(tmp_path: Path) -> None:
    (tmp_path / "payout.zip").write_bytes(b"nothing")
    result = verify(tmp_path / "payout.zip")
    assert (result.exit_code, result.stderr) == (1, "this is no zip of a payout\n")
