"""The audit's book: an economy and a plan as arrays, read off their tables by the audit's own way.

A spot is a product in a region, a crew a skill in a region, of those that occur. Arrays over them,
over means, limits and projects have the shape (items, periods), periods counted from 0.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from functools import cached_property

import numpy as np
import numpy.typing as npt
import polars as pl

Floats = npt.NDArray[np.float64]
Ints = npt.NDArray[np.int64]
Tables = Mapping[str, pl.DataFrame]


@dataclass(frozen=True)
class Entries:
    """A table of coefficients: `quantity[k]` of `thing[k]` for each time that `who[k]` is begun.

    It falls due `offset` periods after the beginning; what is due after the last period is not
    counted. The shapes are those of `who` × periods and `thing` × periods.
    """

    who: Ints
    thing: Ints
    quantity: Floats
    offset: Ints | None  # None: at once
    shape: tuple[int, int]
    periods: int

    def total(self, begun: Floats) -> Floats:
        """Return Σ quantity · begun of each thing when it falls due, (things, periods)."""
        cells = self.shape[1] * self.periods
        due = np.zeros(cells)
        for t in range(self.periods):
            who, cell, quantity = self._due(t)
            due += sums(cell, quantity * begun[who, t], cells)
        return due.reshape(-1, self.periods)

    def worth(self, price: Floats) -> Floats:
        """Return Σ quantity · price over what each beginning takes, (who, periods)."""
        worth = np.empty((self.shape[0], self.periods))
        for t in range(self.periods):
            who, cell, quantity = self._due(t)
            worth[:, t] = sums(who, quantity * price.ravel()[cell], self.shape[0])
        return worth

    def most(self, there: Floats) -> Floats:
        """Return how often each could be begun with what is `there`: inf if it takes nothing."""
        most = np.full((self.shape[0], self.periods), np.inf)
        for t in range(self.periods):
            who, cell, quantity = self._due(t)
            with np.errstate(over="ignore"):
                np.minimum.at(most[:, t], who, there.ravel()[cell] / quantity)
        return most

    def _due(self, begun: int) -> tuple[Ints, Ints, Floats]:
        """Who takes what, and how much, when begun in the period; what as a cell, in due time."""
        if self.offset is None:
            return self.who, self.thing * self.periods + begun, self.quantity
        then = begun + self.offset
        cell = self.thing * self.periods + then
        in_time = then < self.periods
        return self.who[in_time], cell[in_time], self.quantity[in_time]


def _entries(
    who: Ints,
    thing: Ints,
    quantity: Floats,
    offset: Ints | None,
    shape: tuple[int, int],
    periods: int,
) -> Entries:
    if not quantity.all():
        some = quantity > 0
        who, thing, quantity = who[some], thing[some], quantity[some]
        offset = offset[some] if offset is not None else None
    if offset is not None and not offset.any():
        offset = None
    return Entries(who, thing, quantity, offset, shape, periods)


class Book:
    """An economy in arrays; each is worked out when first asked for."""

    def __init__(self, economy: Tables) -> None:
        self.economy = economy
        self.periods = economy["periods"].height
        self.techniques = economy["techniques"]["technique"]
        self.products = economy["products"]["product"]
        self.means = economy["means"]["means"]
        self.projects = economy["projects"]["project"]
        self.limits = economy["limits"]["limit"].unique(maintain_order=True)

    @cached_property
    def inputs(self) -> Entries:
        who = self._technique("inputs")
        return self._of_techniques("inputs", who, self._spotted["inputs"], len(self.spots))

    @cached_property
    def outputs(self) -> Entries:
        who, spot = self._technique("outputs"), self._spotted["outputs"]
        late = self.economy["techniques"]["lead_time"].to_numpy()[who]
        return self._of_techniques("outputs", who, spot, len(self.spots), late)

    @cached_property
    def labour(self) -> Entries:
        who = self._technique("labour")
        home = self.economy["techniques"]["region"].gather(who)
        crew = self.crew(self.economy["labour"]["skill"], home)
        return self._of_techniques("labour", who, crew, self.crews.height)

    @cached_property
    def occupies(self) -> Entries:
        means = codes(self.economy["occupies"]["means"], self.means)
        who = self._technique("occupies")
        return self._of_techniques("occupies", who, means, len(self.means))

    @cached_property
    def emits(self) -> Entries:
        limit = codes(self.economy["emits"]["limit"], self.limits)
        return self._of_techniques("emits", self._technique("emits"), limit, len(self.limits))

    @cached_property
    def project_inputs(self) -> Entries:
        return self._of_projects("project_inputs", self._spotted["project_inputs"], len(self.spots))

    @cached_property
    def project_labour(self) -> Entries:
        frame = self.economy["project_labour"]
        home = self.economy["projects"]["region"].gather(codes(frame["project"], self.projects))
        return self._of_projects("project_labour", self.crew(frame["skill"], home),
                                 self.crews.height)  # fmt: skip

    def _technique(self, name: str) -> Ints:
        return codes(self.economy[name]["technique"], self.techniques)

    def _of_techniques(
        self, name: str, who: Ints, thing: Ints, things: int, offset: Ints | None = None
    ) -> Entries:
        quantity = self.economy[name]["hours" if name == "labour" else "quantity"].to_numpy()
        return _entries(who, thing, quantity, offset, (len(self.techniques), things), self.periods)

    def _of_projects(self, name: str, thing: Ints, things: int) -> Entries:
        frame = self.economy[name]
        who, offset = codes(frame["project"], self.projects), frame["offset"].to_numpy()
        quantity, shape = frame["quantity"].to_numpy(), (len(self.projects), things)
        return _entries(who, thing, quantity, offset, shape, self.periods)

    def spot(self, frame: pl.DataFrame) -> Ints:
        """Return the spot of each row's `product` and `region`, -1 where there is none."""
        product, region = codes(frame["product"], self.products), self._region(frame["region"])
        return np.where((product < 0) | (region < 0), -1, self._place[self._pair(product, region)])

    @cached_property
    def spots(self) -> Ints:
        """Every product in a region that occurs: product · regions + region, in order."""
        return np.flatnonzero(self._place >= 0)

    @cached_property
    def product(self) -> Ints:
        """The product of each spot."""
        return self.spots // self.economy["regions"].height

    @cached_property
    def _place(self) -> Ints:
        there = np.zeros(len(self.products) * self.economy["regions"].height, dtype=bool)
        for pairs in self._pairs.values():
            there[pairs] = True
        return np.where(there, np.cumsum(there) - 1, -1)

    @cached_property
    def _pairs(self) -> dict[str, Ints]:
        tables = {name: self.economy[name] for name in ("inputs", "outputs", "needs", "stocks")}
        tables["project_inputs"] = self.economy["project_inputs"].join(
            self.economy["projects"].select("project", "region"), on="project", how="left",
            maintain_order="left",
        )  # fmt: skip
        return {
            name: self._pair(codes(frame["product"], self.products), self._region(frame["region"]))
            for name, frame in tables.items()
        }

    @cached_property
    def _spotted(self) -> dict[str, Ints]:
        if len(self.spots) == len(self._place):
            return self._pairs
        return {name: self._place[pairs] for name, pairs in self._pairs.items()}

    def _pair(self, product: Ints, region: Ints) -> Ints:
        regions = self.economy["regions"].height
        return product * regions + region if regions > 1 else product

    def _region(self, values: pl.Series) -> Ints:
        return codes(values, self.economy["regions"]["region"])

    @cached_property
    def crews(self) -> pl.DataFrame:
        """Every `region, skill` of which the workforce says anything."""
        return self.economy["workforce"].select("region", "skill").unique(maintain_order=True)

    def crew(self, skill: pl.Series, region: pl.Series) -> Ints:
        """Return the crew of each skill and region, -1 where there is none."""
        asked = pl.DataFrame({"region": region, "skill": skill})
        found = asked.join(
            self.crews.with_row_index("crew"), on=["region", "skill"], how="left",
            maintain_order="left",
        )  # fmt: skip
        return found["crew"].cast(pl.Int64).fill_null(-1).to_numpy()

    @cached_property
    def storable(self) -> npt.NDArray[np.bool_]:
        return self.economy["products"]["storable"].to_numpy()[self.product]

    @cached_property
    def keeps(self) -> Floats:
        """The share of a stock that is left after a period, (spots,)."""
        return 1.0 - self.economy["products"]["loss"].to_numpy()[self.product]

    @cached_property
    def initial(self) -> Floats:
        return self._stock("initial")

    @cached_property
    def final(self) -> Floats:
        return self._stock("final")

    def _stock(self, column: str) -> Floats:
        stocks = self.economy["stocks"][column].to_numpy()
        return sums(self._spotted["stocks"], stocks, len(self.spots))

    @cached_property
    def offered(self) -> Floats:
        """Hours, (crews, periods)."""
        workforce = self.economy["workforce"]
        crew = self.crew(workforce["skill"], workforce["region"])
        return self._over_periods(crew, workforce, "hours", np.zeros(self.crews.height))

    @cached_property
    def allowed(self) -> Floats:
        """Amounts, (limits, periods); inf where no limit is set."""
        limits = self.economy["limits"]
        none = np.full(len(self.limits), np.inf)
        return self._over_periods(codes(limits["limit"], self.limits), limits, "amount", none)

    def _over_periods(self, item: Ints, frame: pl.DataFrame, column: str, none: Floats) -> Floats:
        amounts = np.repeat(none[:, None], self.periods, axis=1)
        every = frame["period"].is_null().to_numpy()
        value = frame[column].to_numpy()
        amounts[item[every]] = value[every, None]
        period = frame["period"].drop_nulls().to_numpy() - 1
        amounts[item[~every], period] = value[~every]
        return amounts

    @cached_property
    def available(self) -> Floats:
        """Capacity without projects, (means, periods)."""
        capacity = self.economy["means"]["available"].to_numpy()
        return np.repeat(capacity[:, None], self.periods, axis=1)

    @cached_property
    def _adds(self) -> tuple[Ints, Ints, Floats, Ints]:
        """What a start adds: project, means, capacity, and after how many periods."""
        frame = self.economy["project_means"]
        project = codes(frame["project"], self.projects)
        ready = self.economy["projects"]["build_time"].to_numpy()[project]
        return project, codes(frame["means"], self.means), frame["capacity"].to_numpy(), ready

    def added(self, starts: Floats) -> Floats:
        """Return the capacity that `starts`, (projects, periods), have added, (means, periods)."""
        project, means, capacity, ready = self._adds
        added = np.zeros((len(self.means), self.periods))
        so_far = np.cumsum(starts, axis=1)
        for t in range(self.periods):
            done = ready <= t
            built = capacity[done] * so_far[project[done], t - ready[done]]
            added[:, t] = sums(means[done], built, len(self.means))
        return added

    def worth_of_added(self, price: Floats) -> Floats:
        """Return what the capacity that a start adds is worth at `price`, (projects, periods)."""
        project, means, capacity, ready = self._adds
        from_then_on = np.cumsum(price[:, ::-1], axis=1)[:, ::-1]
        worth = np.zeros((len(self.projects), self.periods))
        for t in range(self.periods):
            done = t + ready < self.periods
            value = capacity[done] * from_then_on[means[done], t + ready[done]]
            worth[:, t] = sums(project[done], value, len(self.projects))
        return worth

    @cached_property
    def open(self) -> npt.NDArray[np.bool_]:
        """Whether a project may start in a period, (projects, periods)."""
        projects, period = self.economy["projects"], np.arange(1, self.periods + 1)
        latest = projects["latest"].fill_null(self.periods).to_numpy()
        return (projects["earliest"].to_numpy()[:, None] <= period) & (period <= latest[:, None])

    def spread(self, item: Ints, frame: pl.DataFrame, column: str, items: int) -> Floats:
        """Return the figures of a table with `period`, (items, periods), but of unknown rows."""
        period = frame["period"].fill_null(0).to_numpy() - 1
        known = (item >= 0) & (period >= 0) & (period < self.periods)
        cell = item[known] * self.periods + period[known]
        figures = frame[column].to_numpy()[known]
        return sums(cell, figures, items * self.periods).reshape(items, self.periods)


class Figures:
    """A plan in arrays."""

    def __init__(self, book: Book, plan: Tables) -> None:
        self._book = book
        self.tables = plan

    @cached_property
    def runs(self) -> Floats:
        return self._by_technique("runs")

    @cached_property
    def running(self) -> Floats | None:
        """The runs of the plan that was running before, if there was one."""
        return self._by_technique("running") if self.tables["running"].height else None

    def _by_technique(self, name: str) -> Floats:
        frame, ids = self.tables[name], self._book.techniques
        return self._book.spread(codes(frame["technique"], ids), frame, "runs", len(ids))

    @cached_property
    def starts(self) -> Floats:
        frame, ids = self.tables["starts"], self._book.projects
        return self._book.spread(codes(frame["project"], ids), frame, "starts", len(ids))

    @cached_property
    def stocks(self) -> Floats:
        return self._by_spot("stocks", "stock")

    @cached_property
    def delivered(self) -> Floats:
        return self._by_spot("deliveries", "delivered")

    def _by_spot(self, name: str, column: str) -> Floats:
        frame = self.tables[name]
        return self._book.spread(self._book.spot(frame), frame, column, len(self._book.spots))


def sums(groups: Ints, amounts: Floats, count: int) -> Floats:
    """Return the sum of `amounts` in each of the groups 0, …, count − 1."""
    return np.bincount(groups, amounts, count).astype(np.float64, copy=False)


def codes(values: pl.Series, ids: pl.Series) -> Ints:
    """Return the place of each of `values` among the distinct `ids`, -1 where there is none."""
    if len(ids) == 1 and bool((values == ids[0]).all()):
        return np.zeros(len(values), dtype=np.int64)
    book = pl.DataFrame({"id": ids}).with_columns(code=pl.int_range(pl.len(), dtype=pl.Int64))
    found = pl.DataFrame({"id": values}).join(book, on="id", how="left", maintain_order="left")
    return found["code"].fill_null(-1).to_numpy()
