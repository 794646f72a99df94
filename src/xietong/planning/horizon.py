"""The first periods of an economy."""

import polars as pl

from xietong.planning.economy import Economy
from xietong.planning.faults import PlanningError

DATED = ("workforce", "needs", "limits")
OF_PROJECTS = ("project_inputs", "project_labour", "project_means")


def first_periods(economy: Economy, periods: int) -> Economy:
    """Return the economy of the first `periods` periods alone.

    Final stocks are what is left at their end; projects that could only start later are gone.

    Raises PlanningError if it does not have so many.
    """
    there = economy.periods.height
    if not 1 <= periods <= there:
        raise PlanningError(
            f"the economy has {there} periods; plan 1 to {there} of them, not {periods}",
            f"经济数据有 {there} 个时期；请编制其中的 1 至 {there} 期，而不是 {periods} 期",
        )
    tables = dict(economy.tables)
    tables["periods"] = economy.periods.filter(pl.col("period") <= periods)
    for name in DATED:
        at = pl.col("period")
        tables[name] = tables[name].filter(at.is_null() | (at <= periods))
    tables["projects"] = economy.projects.filter(pl.col("earliest") <= periods).with_columns(
        latest=pl.when(pl.col("latest") <= periods).then("latest")
    )
    for name in OF_PROJECTS:
        tables[name] = tables[name].join(tables["projects"], on="project", how="semi",
                                         maintain_order="left")  # fmt: skip
    tables["emits"] = economy.emits.join(tables["limits"], on="limit", how="semi",
                                         maintain_order="left")  # fmt: skip
    return Economy(tables, title=economy.title, metadata=economy.metadata)
