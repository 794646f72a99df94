"""Real tables, where they are at hand, and one small enough to be known by heart."""

import os
from collections.abc import Callable
from pathlib import Path

import numpy as np
import polars as pl
import pytest

from xietong.planning.sources.accounts import Accounts, Investment, Product, Use
from xietong.planning.sources.names import Name

DATA = Path(os.environ.get("XIETONG_DATA", Path(__file__).parents[4] / "shared" / "data"))


@pytest.fixture(scope="session")
def real_data() -> Callable[[str], Path]:
    """The folder of a real table, or a skip where it is absent."""

    def folder(name: str) -> Path:
        if not (DATA / name).is_dir():
            pytest.skip(f"{name} is not at hand; XIETONG_DATA names the folder that has it")
        return DATA / name

    return folder


@pytest.fixture
def village() -> Accounts:
    """Grain, ploughs and haircuts by two industries; grain is sold abroad, ploughs bought.

    The smithy also cuts hair, hands a little scrap grain in, and old ploughs come back.
    """
    return Accounts(
        products=(
            Product("grain", Name("Grain", "谷物"), True, 0.1),
            Product("plough", Name("Plough", "犁"), True, 0.0),
            Product("haircut", Name("Haircut", "理发"), False, 0.0),
        ),
        industries=("farm", "smithy"),
        make=np.array([[100.0, 0.0], [0.0, 30.0], [0.0, 10.0]]),
        use=np.array([[10.0, -2.0], [6.0, 4.0], [0.0, 1.0]]),
        services=np.zeros((3, 3)),
        imports=np.array([0.0, 12.0, 0.0]),
        exports=np.array([20.0, 0.0, 0.0]),
        earned=np.ones(3),
        uses=(
            Use("household", ("basic", "personal", "personal"), np.array([60.0, -3.0, 8.0])),
            Use("public", ("public",) * 3, np.array([9.0, 3.0, 2.0])),
        ),
        investment=(
            Investment(
                "all", Name("tools", "工具"), np.array([0.0, 30.0, 0.0]), np.array([0.75, 0.25])
            ),
        ),
        inventories=np.array([3.0, 2.0, -1.0]),
        hours=np.array([200.0, 80.0]),
        taken={"water": np.array([50.0, 10.0])},
        unit="unit of the year",
        currency_unit="coin",
        trader=None,
    )


@pytest.fixture(scope="session")
def left_over() -> Callable[[dict[str, pl.DataFrame]], dict[str, float]]:
    """By product, the share of all that went through which the year's own activity leaves over."""

    def of(tables: dict[str, pl.DataFrame]) -> dict[str, float]:
        runs = tables["techniques"].select("technique", "runs")

        def flow(name: str, sign: int) -> pl.DataFrame:
            amount = sign * pl.col("quantity") * pl.col("runs")
            return tables[name].join(runs, on="technique").select("product", amount=amount)

        kept = pl.col("initial") * (1 - pl.col("loss")) - pl.col("final")
        flows = [
            flow("outputs", 1),
            flow("inputs", -1),
            tables["needs"].select("product", amount=-pl.col("target")),
            tables["stocks"].join(tables["products"], on="product").select("product", amount=kept),
        ]
        by_product = (
            pl.concat(flows)
            .group_by("product")
            .agg(net=pl.col("amount").sum(), gross=pl.col("amount").abs().sum())
        )
        share = by_product["net"] / by_product["gross"]
        return dict(zip(by_product["product"], share, strict=True))

    return of
