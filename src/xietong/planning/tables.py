"""Turns columns and prices of the programme into the labelled tables of a plan."""

from collections.abc import Mapping

import numpy as np
import polars as pl

from xietong.planning.audit import accounts
from xietong.planning.audit.book import Book, Figures
from xietong.planning.blocks.objective import hours_offered
from xietong.planning.contents import contents
from xietong.planning.economy import Economy
from xietong.planning.format import PLAN, TIERS
from xietong.planning.programme import Programme
from xietong.planning.sets import Floats, Ints, Sets, totals
from xietong.planning.solver import Solution
from xietong.planning.terms import BEND, RISE, SLOPES, STRAINED, VALUATION
from xietong.planning.values import hours_per_unit

# Block by block: what the rows are about. Departures need no price: their best is in closed form.
PRICED = ("product", "skill", "means", "strain", "limit", "project", "worst")


def tabulate(
    economy: Economy,
    programme: Programme,
    x: Floats,
    solutions: list[Solution],
    valuation: Solution | None,
    values: Floats,
    running: Floats | None,
) -> dict[str, pl.DataFrame]:
    """Return the tables of a plan, by name.

    `x` are the columns, `solutions` those of the steps solved, `valuation` the one whose prices
    are in hours (None if time ran out before it), `values` hours a unit of each wish, `running`
    the runs of the plan under way (techniques, periods).
    """
    sets, columns = programme.sets, programme.columns
    tables: dict[str, pl.DataFrame] = {
        "runs": _over_periods("technique", sets.techniques, x[columns.runs], "runs"),
        "deliveries": _deliveries(economy, x[columns.segments].sum(axis=1), values),
        "stocks": _stocks(sets, np.where(columns.stocks >= 0, x[columns.stocks], 0.0)),
        "starts": _starts(sets, x, columns.starts),
        "prices": _prices(programme, solutions, valuation),
        "running": _over_periods(
            "technique", sets.techniques,
            running if running is not None else np.zeros((0, 0)), "runs",
        ),
    }  # fmt: skip
    in_use = hours_per_unit(sets, x[columns.runs].sum(axis=1))
    tables["labour_values"] = pl.DataFrame(
        {"product": sets.products, "hours": in_use}
    ).with_columns(pl.col("hours").fill_nan(None))
    if valuation is not None:
        tables["valuations"] = _valuations(programme, valuation, tables["deliveries"], values)
        tables["contents"] = contents(programme, valuation)
    book = Book(economy.tables)
    figures = Figures(book, tables)
    tables["use_of_means"] = accounts.use_of_means(book, figures)
    tables["use_of_labour"] = accounts.use_of_labour(book, figures)
    tables["use_of_limits"] = accounts.use_of_limits(book, figures)
    return {
        declared.name: tables.get(declared.name, declared.empty()).select(
            pl.col(name).cast(dtype) for name, dtype in declared.schema.items()
        )
        for declared in PLAN
    }


def _over_periods(name: str, ids: pl.Series, figures: Floats, column: str) -> pl.DataFrame:
    items, periods = figures.shape
    return pl.DataFrame(
        {
            name: ids.gather(np.repeat(np.arange(items), periods)),
            "period": np.tile(np.arange(1, periods + 1), items),
            column: figures.ravel(),
        }
    )


def _deliveries(economy: Economy, delivered: Floats, values: Floats) -> pl.DataFrame:
    sets = economy.sets
    asked = economy.needs.select("need", "tier", "product", "region")[sets.wish_need]
    share = np.divide(delivered, sets.target, out=np.ones_like(delivered), where=sets.target > 0)
    return asked.with_columns(
        pl.Series("period", sets.wish_period + 1),
        pl.Series("target", sets.target),
        pl.Series("delivered", delivered),
        pl.Series("share", share),
        pl.Series("value", values),
    )


def _stocks(sets: Sets, stocks: Floats) -> pl.DataFrame:
    kept = np.flatnonzero(sets.storable)
    place = np.repeat(kept, sets.periods)
    return pl.DataFrame(
        {
            "product": sets.products.gather(sets.place_product[place]),
            "region": sets.regions.gather(sets.place_region[place]),
            "period": np.tile(np.arange(1, sets.periods + 1), len(kept)),
            "stock": stocks[kept].ravel(),
        }
    )


def _starts(sets: Sets, x: Floats, columns: Ints) -> pl.DataFrame:
    project, period = np.nonzero(columns >= 0)
    return pl.DataFrame(
        {
            "project": sets.projects.gather(project),
            "period": period + 1,
            "starts": x[columns[project, period]],
        }
    )


def labels(programme: Programme, kind: str) -> pl.DataFrame:
    """Return the rows of a block in the words of the economy: `kind, id, region, period`."""
    sets = programme.sets
    block = next(block for block in programme.blocks if block.kind == kind)
    items = block.items
    region: pl.Series | None = None
    match kind:
        case "product":
            ids = sets.products.gather(sets.place_product[items])
            region = sets.regions.gather(sets.place_region[items])
        case "skill":
            ids = sets.crew_skill.gather(items)
            region = sets.regions.gather(sets.crew_region[items])
        case "means" | "strain":
            ids = sets.means.gather(items)
        case "limit":
            ids = sets.limits.gather(items)
        case "project":
            ids = sets.projects.gather(items)
        case _:
            ids = sets.needs.gather(sets.wish_need[items])
    return pl.DataFrame(
        {"id": ids, "period": np.where(block.periods >= 0, block.periods + 1, -1)}
    ).select(
        pl.lit(kind).alias("kind"),
        "id",
        (pl.lit(region) if region is not None else pl.lit(None, pl.String)).alias("region"),
        pl.when(pl.col("period") > 0).then("period").alias("period"),
    )


def _priced(
    programme: Programme, named_rows: pl.DataFrame, solution: Solution, kind: str
) -> pl.DataFrame:
    prices = solution.prices[programme.offsets[kind]].clip(0.0)
    return named_rows.with_columns(pl.Series("value", prices, pl.Float64))


def _prices(
    programme: Programme, solutions: list[Solution], valuation: Solution | None
) -> pl.DataFrame:
    """Every price above 0, step by step, and last those of the valuations."""
    named = list(zip([step.name for step in programme.steps], solutions, strict=False))
    if valuation is not None:
        named.append((VALUATION, valuation))
    named_rows = {kind: labels(programme, kind) for kind in PRICED}
    parts = []
    for step, solution in named:
        earlier = [before.name for before in programme.steps[: len(solution.kept)]]
        kept = pl.DataFrame(
            {"id": earlier, "value": solution.kept.clip(0.0).tolist()},
            schema={"id": pl.String, "value": pl.Float64},
        ).select(
            pl.lit("step").alias("kind"), "id", pl.lit(None, pl.String).alias("region"),
            pl.lit(None, pl.Int64).alias("period"), "value",
        )  # fmt: skip
        blocks = [_priced(programme, named_rows[kind], solution, kind) for kind in PRICED]
        every = pl.concat([*blocks, kept]).filter(pl.col("value") > 0)
        parts.append(every.select(pl.lit(step).alias("step"), pl.all()))
    return pl.concat(parts)


def _valuations(
    programme: Programme, solution: Solution, deliveries: pl.DataFrame, values: Floats
) -> pl.DataFrame:
    """What one more unit of each thing saves, in hours, and what each need's next unit is worth."""
    hours = hours_offered(programme.sets)
    parts = [
        _priced(programme, labels(programme, kind), solution, kind)
        for kind in ("product", "skill", "means", "limit")
    ]
    # One more unit of a means also moves the mark beyond which it is strained.
    strain = solution.prices[programme.offsets["strain"]].clip(0.0)
    parts[2] = parts[2].with_columns(pl.col("value") + STRAINED * pl.Series(strain))
    parts = [part.with_columns(pl.col("value") * hours) for part in parts]
    kept = {step.name: weight for step, weight in zip(programme.steps, solution.kept, strict=False)}
    lifted = solution.prices[programme.offsets["worst"]].clip(0.0)
    return pl.concat([*parts, worth(programme, kept, lifted, deliveries, values, hours)])


def worth(
    programme: Programme,
    kept: Mapping[str, float],
    lifted: Floats,
    deliveries: pl.DataFrame,
    values: Floats,
    hours: float,
) -> pl.DataFrame:
    """Return what the plan would give, in hours, for one more unit of each need.

    `kept` are the prices of the earlier steps, `lifted` those of the rows of the worst-met need.
    """
    sets = programme.sets
    importance = sets.weight * values * sets.target
    whole = totals(sets.wish_tier, importance, len(TIERS))[sets.wish_tier]
    exchange = np.array([kept.get(tier, 0.0) for tier in TIERS])[sets.wish_tier]
    share = deliveries["share"].to_numpy()
    if programme.columns.segments.shape[1] == 1:  # smooth
        slope = RISE - BEND * share
    else:
        segment = (share * len(SLOPES)).astype(np.int64).clip(0, len(SLOPES) - 1)
        slope = np.array(SLOPES)[segment]
    per_unit = np.divide(sets.weight * values, whole, out=np.zeros_like(values), where=whole > 0)
    given = exchange * per_unit * slope
    worst = next(block for block in programme.blocks if block.kind == "worst")
    given[worst.items] += lifted
    return deliveries.select(
        pl.lit("need").alias("kind"), pl.col("need").alias("id"), "region", "period",
        pl.Series("value", given * hours),
    )  # fmt: skip
