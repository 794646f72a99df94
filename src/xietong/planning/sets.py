"""The index sets of an economy: its tables as integer codes and arrays."""

from collections.abc import Mapping
from dataclasses import dataclass

import numpy as np
import numpy.typing as npt
import polars as pl

from xietong.planning.check import Codes, positions
from xietong.planning.format import TIERS

Ints = npt.NDArray[np.int64]
Floats = npt.NDArray[np.float64]
Bools = npt.NDArray[np.bool_]


@dataclass(frozen=True)
class Entries:
    """Coefficients: `quantity[k]` of item `what[k]` for technique or project `who[k]`.

    `offset` is the number of periods after the start, 0 for techniques.
    """

    who: Ints
    what: Ints
    quantity: Floats
    offset: Ints


@dataclass(frozen=True)
class Sets:
    """The economy in codes.

    A *place* is a product in a region, of those that occur; a *crew* is a skill in a region.
    A *wish* is a need in a period. Periods are counted from 0. Arrays over crews, limits and
    places with periods have the shape (items, periods).
    """

    periods: int
    products: pl.Series
    regions: pl.Series
    techniques: pl.Series
    means: pl.Series
    limits: pl.Series
    projects: pl.Series
    needs: pl.Series
    measure: Floats

    place_product: Ints
    place_region: Ints
    storable: Bools
    keeps: Floats  # share of a stock that is left after a period
    initial: Floats
    final: Floats

    crew_region: Ints
    crew_skill: pl.Series
    offered: Floats  # (crews, periods)

    lead_time: Ints
    observed: Floats
    inputs: Entries
    outputs: Entries
    labour: Entries
    occupies: Entries
    emits: Entries

    available: Floats  # (means,)
    means_region: Ints
    allowed: Floats  # (limits, periods), inf where there is no limit

    wish_need: Ints
    wish_tier: Ints
    wish_place: Ints
    wish_period: Ints
    target: Floats
    weight: Floats

    earliest: Ints
    latest: Ints
    build_time: Ints
    most: Floats
    project_inputs: Entries
    project_labour: Entries
    project_means: Entries

    @property
    def horizon(self) -> range:
        return range(self.periods)


def index_sets(tables: Mapping[str, pl.DataFrame], found: Codes) -> Sets:
    """Return the index sets of checked `tables`: every name known, every region filled in.

    `found` are the codes of what their columns refer to, by table and column.
    """
    products, regions = tables["products"], tables["regions"]
    periods = tables["periods"].height
    techniques, projects = tables["techniques"], tables["projects"]
    n_regions = regions.height

    def code(name: str, column: str) -> Ints:
        return found[name, column].to_numpy()

    def spot(name: str) -> Ints:
        product = code(name, "product")
        return product * n_regions + code(name, "region") if n_regions > 1 else product

    project_region = code("projects", "region")
    builder = code("project_inputs", "project")
    spots = {name: spot(name) for name in ("inputs", "outputs", "needs", "stocks")}
    spots["project_inputs"] = (
        code("project_inputs", "product") * n_regions + project_region[builder]
    )
    every_spot = pl.concat([pl.Series(some).unique() for some in spots.values()]).unique().sort()
    place = spots
    if len(every_spot) < products.height * n_regions:
        place = {name: codes(pl.Series(some), every_spot) for name, some in spots.items()}
    place_product, place_region = np.divmod(every_spot.to_numpy(), n_regions)

    workforce = tables["workforce"]
    crews = workforce.select("region", "skill").unique(maintain_order=True)
    offered = np.zeros((crews.height, periods))
    _spread(offered, _crew(workforce, crews), workforce["period"], workforce["hours"])

    limits = tables["limits"]
    limit_ids = limits["limit"].unique(maintain_order=True)
    allowed = np.full((len(limit_ids), periods), np.inf)
    _spread(allowed, codes(limits["limit"], limit_ids), limits["period"], limits["amount"])

    needs = tables["needs"]
    once = needs["period"].is_not_null().to_numpy()
    repeat = np.where(once, 1, periods)
    wish_need = np.repeat(np.arange(needs.height), repeat)
    first = needs["period"].fill_null(1).to_numpy() - 1
    nth = np.arange(len(wish_need)) - np.repeat(np.cumsum(repeat) - repeat, repeat)
    wish_period = first[wish_need] + nth

    initial, final = np.zeros(len(every_spot)), np.zeros(len(every_spot))
    initial[place["stocks"]] = floats(tables["stocks"]["initial"])
    final[place["stocks"]] = floats(tables["stocks"]["final"])

    def of_technique(name: str, what: Ints, quantity: str = "quantity") -> Entries:
        return _entries(code(name, "technique"), what, floats(tables[name][quantity]))

    def of_project(name: str, what: Ints, quantity: str = "quantity") -> Entries:
        frame = tables[name]
        offset = frame["offset"].to_numpy() if "offset" in frame.columns else None
        return _entries(code(name, "project"), what, floats(frame[quantity]), offset)

    def crew_of(name: str, key: str, owners: pl.DataFrame) -> Ints:
        home = owners["region"].gather(code(name, key))
        return _crew(tables[name].select("skill", home.alias("region")), crews)

    means = tables["means"]
    return Sets(
        periods=periods,
        products=products["product"],
        regions=regions["region"],
        techniques=techniques["technique"],
        means=means["means"],
        limits=limit_ids,
        projects=projects["project"],
        needs=needs["need"],
        measure=floats(products["measure"]),
        place_product=place_product,
        place_region=place_region,
        storable=products["storable"].to_numpy()[place_product],
        keeps=1.0 - floats(products["loss"])[place_product],
        initial=initial,
        final=final,
        crew_region=codes(crews["region"], regions["region"]),
        crew_skill=crews["skill"],
        offered=offered,
        lead_time=techniques["lead_time"].to_numpy().astype(np.int64),
        observed=floats(techniques["runs"]),
        inputs=of_technique("inputs", place["inputs"]),
        outputs=of_technique("outputs", place["outputs"]),
        labour=of_technique("labour", crew_of("labour", "technique", techniques), "hours"),
        occupies=of_technique("occupies", code("occupies", "means")),
        emits=of_technique("emits", code("emits", "limit")),
        available=floats(means["available"]),
        means_region=code("means", "region"),
        allowed=allowed,
        wish_need=wish_need,
        wish_tier=codes(needs["tier"], pl.Series(TIERS))[wish_need],
        wish_place=place["needs"][wish_need],
        wish_period=wish_period,
        target=floats(needs["target"])[wish_need],
        weight=floats(needs["weight"])[wish_need],
        earliest=projects["earliest"].to_numpy().astype(np.int64) - 1,
        latest=projects["latest"].fill_null(periods).to_numpy().astype(np.int64) - 1,
        build_time=projects["build_time"].to_numpy().astype(np.int64),
        most=floats(projects["most"]),
        project_inputs=of_project("project_inputs", place["project_inputs"]),
        project_labour=of_project("project_labour", crew_of("project_labour", "project", projects)),
        project_means=of_project("project_means", code("project_means", "means"), "capacity"),
    )


def codes(values: pl.Series, ids: pl.Series) -> Ints:
    """Return the position in `ids` of each of `values`, all of which are there."""
    return positions(values, ids).to_numpy()


def floats(values: pl.Series) -> Floats:
    """Return `values` as a writable array of float64."""
    return np.array(values.to_numpy(), dtype=np.float64)


def totals(groups: npt.NDArray[np.integer], amounts: Floats, count: int) -> Floats:
    """Return the sum of `amounts` in each of the groups 0, …, count − 1."""
    return np.bincount(groups, weights=amounts, minlength=count).astype(np.float64)


def _crew(frame: pl.DataFrame, crews: pl.DataFrame) -> Ints:
    book = crews.with_columns(code=pl.int_range(pl.len(), dtype=pl.Int64))
    return frame.join(book, on=["region", "skill"], how="left", maintain_order="left")[
        "code"
    ].to_numpy()


def _spread(into: Floats, row: Ints, period: pl.Series, value: pl.Series) -> None:
    """Write each value into its period, or into every one where the period is empty."""
    every = period.is_null().to_numpy()
    amounts = floats(value)
    into[row[every]] = amounts[every, None]
    into[row[~every], period.drop_nulls().to_numpy().astype(np.int64) - 1] = amounts[~every]


def _entries(who: Ints, what: Ints, quantity: Floats, offset: Ints | None = None) -> Entries:
    if not quantity.all():
        some = quantity != 0.0
        who, what, quantity = who[some], what[some], quantity[some]
        offset = offset[some] if offset is not None else None
    if offset is None:
        return Entries(who, what, quantity, np.broadcast_to(np.int64(0), who.shape))
    return Entries(who, what, quantity, offset.astype(np.int64))
