"""The prices of each step of a plan, as arrays over what they are prices of."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass

import numpy as np
import polars as pl

from xietong.planning.audit.book import Book, Floats, Ints, codes, sums
from xietong.planning.audit.objective import Wishes

PRODUCT = {"id": "product"}


@dataclass(frozen=True)
class Prices:
    """The prices of a step, all ≥ 0, in its objective per unit."""

    product: Floats  # (spots, periods)
    skill: Floats  # (crews, periods)
    means: Floats  # (means, periods)
    strain: Floats  # (means, periods)
    limit: Floats  # (limits, periods)
    project: Floats  # (projects,)
    worst: Floats  # (wishes,)
    steps: Mapping[str, float]  # the weights of the steps before


def read(book: Book, wished: Wishes, table: pl.DataFrame) -> dict[str, Prices]:
    """Return the prices in a plan's table `prices`, by step.

    A price below 0, or of what the economy does not have, is none.
    """
    steps = table["step"].unique(maintain_order=True)
    limited = np.isfinite(book.allowed)

    def spread(kind: str, items: int, item: Callable[[pl.DataFrame], Ints]) -> Floats:
        """The prices of a kind, (steps, items, periods)."""
        rows = table.filter((pl.col("kind") == kind) & (pl.col("value") > 0))
        place, step = item(rows), codes(rows["step"], steps)
        place = np.where(place >= 0, step * items + place, -1)
        shape = (len(steps), items, book.periods)
        return book.spread(place, rows, "value", len(steps) * items).reshape(shape)

    def crew(rows: pl.DataFrame) -> Ints:
        return book.crew(rows["id"], rows["region"])

    def means(rows: pl.DataFrame) -> Ints:
        return codes(rows["id"], book.means)

    product = spread("product", len(book.spots), lambda rows: book.spot(rows.rename(PRODUCT)))
    skill = spread("skill", book.crews.height, crew)
    of_means, strain = (spread(kind, len(book.means), means) for kind in ("means", "strain"))
    limit = spread("limit", len(book.limits), lambda rows: codes(rows["id"], book.limits))
    worst = spread("worst", wished.rows.height, wished.find)
    found = {}
    for k, step in enumerate(steps):
        mine = table.filter((pl.col("step") == step) & (pl.col("value") > 0))
        project = mine.filter(pl.col("kind") == "project")
        kept = mine.filter(pl.col("kind") == "step")
        found[str(step)] = Prices(
            product=product[k],
            skill=skill[k],
            means=of_means[k],
            strain=strain[k],
            limit=np.where(limited, limit[k], 0.0),  # what is not limited is free
            project=_sums(codes(project["id"], book.projects), project["value"], book.projects),
            worst=worst[k].sum(axis=1),
            steps=dict(kept.select("id", "value").iter_rows()),
        )
    return found


def nothing(book: Book, wished: Wishes) -> Prices:
    """Return a price of 0 for everything."""

    def free(items: int) -> Floats:
        return np.zeros((items, book.periods))

    means = free(len(book.means))
    return Prices(
        product=free(len(book.spots)),
        skill=free(book.crews.height),
        means=means,
        strain=means,
        limit=free(len(book.limits)),
        project=np.zeros(len(book.projects)),
        worst=np.zeros(wished.rows.height),
        steps={},
    )


def _sums(item: Ints, value: pl.Series, items: pl.Series) -> Floats:
    known = item >= 0
    return sums(item[known], value.to_numpy()[known], len(items))
