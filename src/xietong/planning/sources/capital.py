"""Fixed capital over several periods: what runs wear out, and projects that add capacity.

    wear[j]  = renewal · G[j] / x[j]      bundles a run
    stock[j] = renewal · G[j] / wear      bundles that stand behind x[j]

with G (I,) the bundles of fixed capital that the year formed for each industry and x its output.
A bundle holds what the year invested, in the year's proportions, and is a product of its own. A
run takes what it wears out as an input, so capacity lasts because it is renewed; a project takes
as much of the stock as the capacity that it adds.

Sources: Leontief 1953 (capital coefficients); Bródy 1970 and Södersten, Wood and Hertwich 2018
(wear as an input).
"""

import numpy as np
import polars as pl

from xietong.planning.sources.accounts import Accounts, Array
from xietong.planning.sources.assumptions import Choices


def add_capital(
    tables: dict[str, pl.DataFrame], accounts: Accounts, chosen: Choices, periods: int
) -> None:
    """Add to the economy's tables bundles of capital, what runs wear out of them, and projects."""
    bundles = [f"capital:{investment.name}" for investment in accounts.investment]
    mixes = [np.maximum(investment.quantity, 0.0) for investment in accounts.investment]
    formed = np.array(
        [
            mix.sum() * investment.shares
            for mix, investment in zip(mixes, accounts.investment, strict=True)
        ]
    )
    making = [f"invest:{investment.name}" for investment in accounts.investment]
    new = {
        "products": pl.DataFrame(
            {
                "product": bundles,
                "unit": accounts.unit,
                "name_en": [f"Fixed capital: {i.title.en}" for i in accounts.investment],
                "name_zh": [f"固定资本：{i.title.zh}" for i in accounts.investment],
                "storable": False,
                "loss": 0.0,
            }
        ),
        "techniques": pl.DataFrame({"technique": making, "runs": formed.sum(axis=1)}),
        "inputs": pl.concat(
            [
                *(
                    _rows(technique, accounts.codes, mix / mix.sum())
                    for technique, mix in zip(making, mixes, strict=True)
                ),
                _wear(tables, bundles, chosen.renewal * formed / accounts.output),
            ]
        ),
        "outputs": pl.DataFrame({"technique": making, "product": bundles, "quantity": 1.0}),
    }
    for name, frame in new.items():
        tables[name] = pl.concat([tables[name], frame], how="diagonal")
    tables |= _projects(accounts, chosen, periods, bundles, formed)


def _rows(technique: str, products: tuple[str, ...], quantity: Array) -> pl.DataFrame:
    some = np.flatnonzero(quantity)
    return pl.DataFrame(
        {
            "technique": technique,
            "product": [products[i] for i in some],
            "quantity": quantity[some],
        }
    )


def _wear(tables: dict[str, pl.DataFrame], bundles: list[str], wear: Array) -> pl.DataFrame:
    """Return what a run of each technique that occupies an industry wears out."""
    industry = wear.shape[1]
    bundle, place = np.nonzero(wear)
    by_industry = pl.DataFrame(
        {
            "means": tables["means"]["means"].head(industry)[place],
            "product": pl.Series(bundles)[bundle],
            "quantity": wear[bundle, place],
        }
    )
    occupies = tables["occupies"].select("technique", "means")
    return occupies.join(by_industry, on="means", maintain_order="left").drop("means")


def _projects(
    accounts: Accounts, chosen: Choices, periods: int, bundles: list[str], formed: Array
) -> dict[str, pl.DataFrame]:
    """Return the tables of projects, one for each industry in which capital was formed."""
    stock = chosen.renewal * formed / chosen.wear
    industries = np.flatnonzero(stock.sum(axis=0) > 0)
    names = pl.Series([f"build:{accounts.industries[j]}" for j in industries], dtype=pl.String)
    project, bundle = np.nonzero(stock[:, industries].T)
    return {
        "projects": pl.DataFrame({"project": names}).with_columns(
            latest=periods - 1, build_time=1, most=chosen.projects
        ),
        "project_inputs": pl.DataFrame(
            {
                "project": names[project],
                "product": pl.Series(bundles)[bundle],
                "quantity": chosen.project_size * stock[bundle, industries[project]],
            }
        ),
        "project_means": pl.DataFrame(
            {
                "project": names,
                "means": [f"industry:{accounts.industries[j]}" for j in industries],
                "capacity": chosen.project_size * accounts.output[industries],
            }
        ),
    }
