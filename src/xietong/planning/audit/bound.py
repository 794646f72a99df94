"""The most that any plan could reach in a step, from prices ≥ 0 alone.

For prices y ≥ 0 of what is scarce and w ≥ 0 of the earlier steps, every plan x within reach that
does at least as well in the earlier steps, g_i(x) ≥ v_i, has

    g(x)  ≤  y·b − Σ_i w_i v_i  +  max over the boxes of  g(x) + Σ_i w_i g_i(x) − (yA) x

and the maximum falls apart into one small problem for each technique, stock, start and need. So
the bound holds for any prices; good ones make it tight.

Source: Kantorovich 1939 (resolving multipliers); Everett 1963 (Lagrangian bounds).
"""

from collections.abc import Mapping

import numpy as np
import polars as pl

from xietong.planning.audit import accounts
from xietong.planning.audit.accounts import SPOT, Floats, Tables
from xietong.planning.audit.objective import Labour
from xietong.planning.format import TIERS
from xietong.planning.terms import (
    BEND,
    DEPARTURE,
    HARMONY,
    LEISURE,
    RISE,
    SHARES,
    SMOOTH,
    STRAINED,
    WORST,
)


class Bounds:
    """Bounds for the steps of one economy; what does not depend on prices is worked out once."""

    def __init__(
        self,
        economy: Tables,
        running: pl.DataFrame,
        wished: pl.DataFrame,
        costs: Labour,
        reach: tuple[pl.DataFrame, pl.DataFrame],
        harmony: str,
    ) -> None:
        self._economy = economy
        self._running = running
        self._wished = wished
        self._costs = costs
        self._most_runs, self._most_supply = reach
        self._harmony = harmony
        self._periods = economy["periods"].select("period")
        self._last = self._periods.height

    def of(self, step: str, prices: pl.DataFrame, reached: Mapping[str, float]) -> float:
        """Return the bound on `step` with its `prices`, given what is `reached` in every step."""
        book = _Book(prices)
        kept = book.of("step", ["id"])
        weights = {
            str(name): float(value)
            for name, value in kept.select("id", "price").iter_rows()
            if name in reached and list(reached).index(name) < list(reached).index(step)
        }
        multiplier = {**weights, step: 1.0}
        leisure = step == LEISURE
        constant = 1.0 if leisure else 0.0
        constant -= sum(w * reached[name] for name, w in weights.items())
        hours = 1.0 / self._costs.offered if leisure else 0.0
        return (
            constant
            + self._endowment(book, hours)
            + self._runs(book, hours)
            + self._stocks(book)
            + self._starts(book, hours)
            + self._needs(book, multiplier)
        )

    def _strain(self, book: "_Book", hours: float) -> pl.DataFrame:
        """Strain prices: beyond the cost of strain they would only weaken the bound."""
        strain = book.of("strain", ["means", "period"]).join(self._costs.means, on="means")
        return strain.select(
            "means", "period", price=pl.min_horizontal("price", pl.col("cost") * hours)
        )

    def _endowment(self, book: "_Book", hours: float) -> float:
        e, periods = self._economy, self._periods
        there = e["means"].join(periods, how="cross").select("means", "period", "available")
        product = book.of("product", SPOT).filter(pl.col("period") == 1)
        parts = [
            (e["stocks"].join(product, on=["product", "region"]), "initial"),
            (there.join(book.of("means", ["means", "period"]), on=["means", "period"]),
             "available"),
            (there.with_columns(pl.col("available") * STRAINED)
             .join(self._strain(book, hours), on=["means", "period"]), "available"),
            (accounts.in_every_period(e, "workforce")
             .join(book.of("skill", ["skill", "region", "period"]),
                   on=["skill", "region", "period"]), "hours"),
            (accounts.in_every_period(e, "limits")
             .join(book.of("limit", ["limit", "period"]), on=["limit", "period"]), "amount"),
            (e["projects"].join(book.of("project", ["project"]), on="project"), "most"),
        ]  # fmt: skip
        return sum(float((frame["price"] * frame[amount]).sum()) for frame, amount in parts)

    def _runs(self, book: "_Book", hours: float) -> float:
        e = self._economy
        product = book.of("product", SPOT)
        means = pl.concat([book.of("means", ["means", "period"]), self._strain(book, hours)])
        technique = e["techniques"].select("technique", "lead_time", home="region")
        made = (
            e["outputs"].join(technique, on="technique").join(self._periods, how="cross")
            .with_columns(begun="period", period=pl.col("period") + pl.col("lead_time"))
            .join(product, on=SPOT)
            .select("technique", period="begun", gain=pl.col("quantity") * pl.col("price"))
        )  # fmt: skip

        def cost(frame: pl.DataFrame, column: str = "quantity") -> pl.DataFrame:
            return frame.select("technique", "period", gain=-pl.col(column) * pl.col("price"))

        parts = [
            made,
            cost(e["inputs"].join(product, on=["product", "region"])),
            cost(
                e["labour"]
                .join(technique, on="technique")
                .join(book.of("skill", ["skill", "home", "period"]), on=["skill", "home"]),
                "hours",
            ),
            cost(e["occupies"].join(means, on="means")),
            cost(e["emits"].join(book.of("limit", ["limit", "period"]), on="limit")),
        ]
        gain = pl.concat(parts).group_by("technique", "period").agg(pl.col("gain").sum())
        every = (
            self._most_runs.rename({"runs": "most"})
            .join(gain, on=["technique", "period"], how="left")
            .join(self._costs.runs, on="technique")
            .with_columns(pl.col("gain").fill_null(0.0) - pl.col("hours") * hours)
        )
        if hours > 0 and self._running.height:
            every = every.join(self._running, on=["technique", "period"], how="left")
            runs = every["runs"].fill_null(0.0).to_numpy()
            per_run = DEPARTURE * hours * every["hours"].to_numpy()
        else:
            runs = per_run = np.zeros(every.height)
        return _best(every["gain"].to_numpy(), every["most"].to_numpy(), runs, per_run)

    def _stocks(self, book: "_Book") -> float:
        e = self._economy
        price = book.of("product", SPOT).join(
            e["products"].filter("storable").select("product", "loss"), on="product"
        )
        now = price.select(*SPOT, gain=-pl.col("price"))
        later = price.filter(pl.col("period") > 1).select(
            "product", "region", pl.col("period") - 1,
            gain=pl.col("price") * (1 - pl.col("loss")),
        )  # fmt: skip
        final = e["stocks"].select(
            "product", "region", "final", period=pl.lit(self._last, pl.Int64)
        )
        kept = (
            pl.concat([now, later]).group_by(SPOT).agg(pl.col("gain").sum())
            .join(self._most_supply, on=SPOT, how="left").join(final, on=SPOT, how="left")
            .with_columns(pl.col("final").fill_null(0.0), pl.col("supply").fill_null(0.0))
            .with_columns(supply=pl.max_horizontal("supply", "final"))
        )  # fmt: skip
        least = kept.select((pl.col("gain") * pl.col("final")).sum()).item()
        room = (kept["supply"] - kept["final"]).to_numpy()
        return float(least) + _best(kept["gain"].to_numpy(), room)

    def _starts(self, book: "_Book", hours: float) -> float:
        e = self._economy
        window = (
            e["projects"].join(self._periods.select(begun="period"), how="cross")
            .filter(pl.col("begun") >= pl.col("earliest"))
            .filter(pl.col("begun") <= pl.col("latest").fill_null(self._last))
        )  # fmt: skip
        taken = (
            window.join(e["project_inputs"], on="project")
            .with_columns(period=pl.col("begun") + pl.col("offset"))
            .join(book.of("product", SPOT), on=SPOT)
        )
        worked = (
            window.join(e["project_labour"], on="project")
            .with_columns(period=pl.col("begun") + pl.col("offset"))
            .join(book.of("skill", ["skill", "region", "period"]),
                  on=["skill", "region", "period"])
        )  # fmt: skip
        strain = self._strain(book, hours).with_columns(pl.col("price") * STRAINED)
        added = (
            window.join(e["project_means"], on="project")
            .join(pl.concat([book.of("means", ["means", "period"]), strain]), on="means")
            .filter(pl.col("period") >= pl.col("begun") + pl.col("build_time"))
        )
        own = book.of("project", ["project"])
        parts = [
            taken.select("project", "begun", gain=-pl.col("quantity") * pl.col("price")),
            worked.select("project", "begun", gain=-pl.col("quantity") * pl.col("price")),
            added.select("project", "begun", gain=pl.col("capacity") * pl.col("price")),
            window.join(own, on="project").select("project", "begun", gain=-pl.col("price")),
            self._costs.starts.select("project", "begun", gain=-pl.col("hours") * hours),
        ]
        gain = pl.concat(parts).group_by("project", "begun").agg(pl.col("gain").sum())
        every = window.join(gain, on=["project", "begun"])
        return _best(every["gain"].to_numpy(), every["most"].to_numpy())

    def _needs(self, book: "_Book", multiplier: Mapping[str, float]) -> float:
        wished = (
            self._wished.join(book.of("product", SPOT), on=SPOT, how="left")
            .join(book.of("worst", ["need", "period"]), on=["need", "period"], how="left",
                  suffix="_worst")
            .fill_null(0.0)
        )  # fmt: skip
        basic = (wished["tier"] == TIERS[0]).to_numpy()
        lifted = wished["price_worst"].to_numpy() * wished["target"].to_numpy() * basic
        worst = max(0.0, multiplier.get(WORST, 0.0) - float(lifted.sum()))
        tier = np.array([multiplier.get(str(t), 0.0) for t in wished["tier"]])
        worth = tier * wished["importance"].to_numpy()
        cost = wished["price"].to_numpy() * wished["target"].to_numpy() - lifted
        if self._harmony == SMOOTH:
            return worst + float(_harmonious(worth, cost).sum())
        gain = worth[:, None] * np.array(HARMONY) - cost[:, None] * np.array(SHARES)
        return worst + float(gain.max(axis=1, initial=0.0).sum())


class _Book:
    """The prices of a step by kind; below 0 is no price."""

    def __init__(self, prices: pl.DataFrame) -> None:
        self._prices = prices.with_columns(pl.col("value").clip(0.0))

    def of(self, kind: str, key: list[str]) -> pl.DataFrame:
        """Return the prices of `kind` with the columns `key` and `price`.

        The first of `key` is the id; of the others, `period` is itself and any other the region.
        """
        mine = self._prices.filter(pl.col("kind") == kind)
        named = {name: "period" if name == "period" else "region" for name in key[1:]}
        return mine.select(
            pl.col("id").alias(key[0]),
            *(pl.col(source).alias(name) for name, source in named.items()),
            pl.col("value").alias("price"),
        )


def _harmonious(worth: Floats, cost: Floats) -> Floats:
    """Return the most of worth · h(s) − cost · s over 0 ≤ s ≤ 1, h smooth."""
    bend = np.where(worth > 0, BEND * worth, 1.0)
    share = np.where(worth > 0, np.clip((RISE * worth - cost) / bend, 0.0, 1.0), cost < 0)
    return worth * (RISE * share - BEND / 2 * share * share) - cost * share


def _best(
    gain: Floats, most: Floats, before: Floats | None = None, per_unit: Floats | None = None
) -> float:
    """Return Σ max over 0 ≤ x ≤ most of gain·x − per_unit·|x − before|."""
    if before is None or per_unit is None:
        some = gain > 0
        return float((gain[some] * most[some]).sum())
    at_zero = -per_unit * before
    stay = np.minimum(before, most)
    at_stay = gain * stay - per_unit * (before - stay)
    some = gain > per_unit
    at_most = at_stay.copy()
    at_most[some] = gain[some] * most[some] - (per_unit * np.abs(most - before))[some]
    return float(np.maximum(np.maximum(at_zero, at_stay), at_most).sum())
