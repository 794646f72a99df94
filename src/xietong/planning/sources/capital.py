"""Fixed capital over several periods: what runs wear out, and projects that add capacity.

    worn[i,j]  = renewal · G[i,j] / x[j]           units a run
    stock[i,j] = renewal · G[i,j] / wear           units that stand behind x[j]

with G (P, I) the fixed capital that the year formed for each industry and x its output. A run
takes what it wears out as an input, so capacity lasts because it is renewed; a project takes as
much of the stock as the capacity that it adds.

Sources: Leontief 1953 (capital coefficients); Bródy 1970 and Södersten, Wood and Hertwich 2018
(wear as an input).
"""

import numpy as np
import polars as pl

from xietong.planning.sources.accounts import Accounts, Array
from xietong.planning.sources.assumptions import Choices


def formed(accounts: Accounts) -> Array:
    """Return the fixed capital formed in the year, of each product for each industry (P, I)."""
    formed = np.zeros((len(accounts.products), len(accounts.industries)))
    for investment in accounts.investment:
        formed += np.outer(np.maximum(investment.quantity, 0.0), investment.shares)
    return formed


def worn(accounts: Accounts, chosen: Choices, periods: int) -> Array:
    """Return what a run of each industry wears out (P, I); nothing in a plan of one period."""
    if periods == 1:
        return np.zeros((len(accounts.products), len(accounts.industries)))
    return chosen.renewal * formed(accounts) / accounts.output


def projects(accounts: Accounts, chosen: Choices, periods: int) -> dict[str, pl.DataFrame]:
    """Return the tables of projects, one for each industry in which capital was formed."""
    stock = chosen.renewal * formed(accounts) / chosen.wear
    industries = np.flatnonzero(stock.sum(axis=0) > 0)
    names = pl.Series([f"build:{accounts.industries[j]}" for j in industries], dtype=pl.String)
    project, product = np.nonzero(stock[:, industries].T)
    return {
        "projects": pl.DataFrame({"project": names}).with_columns(
            latest=periods - 1, build_time=1, most=chosen.projects
        ),
        "project_inputs": pl.DataFrame(
            {
                "project": names[project],
                "product": pl.Series(accounts.codes)[product],
                "quantity": chosen.project_size * stock[product, industries[project]],
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
