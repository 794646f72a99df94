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

from xietong.planning.audit.book import Book, Floats
from xietong.planning.audit.objective import Labour, Wishes
from xietong.planning.audit.prices import Prices
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
        book: Book,
        running: Floats | None,
        wished: Wishes,
        costs: Labour,
        reach: tuple[Floats, Floats],
        harmony: str,
    ) -> None:
        self._book = book
        self._running = running
        self._wished = wished
        self._costs = costs
        self._most_runs, self._most_supply = reach
        self._harmony = harmony

    def of(self, step: str, prices: Prices, reached: Mapping[str, float]) -> float:
        """Return the bound on `step` with its `prices`, given what is `reached` in every step."""
        earlier = list(reached)[: list(reached).index(step)]
        weights = {name: prices.steps[name] for name in earlier if name in prices.steps}
        multiplier = {**weights, step: 1.0}
        leisure = step == LEISURE
        constant = 1.0 if leisure else 0.0
        constant -= sum(w * reached[name] for name, w in weights.items())
        hours = 1.0 / self._costs.offered if leisure else 0.0
        # Beyond the cost of strain its price would only weaken the bound.
        strain = np.minimum(prices.strain, self._costs.means[:, None] * hours)
        capacity = prices.means + STRAINED * strain
        return (
            constant
            + self._endowment(prices, capacity)
            + self._runs(prices, strain, hours)
            + self._stocks(prices.product)
            + self._starts(prices, capacity, hours)
            + self._needs(prices, multiplier)
        )

    def _endowment(self, prices: Prices, capacity: Floats) -> float:
        book = self._book
        limited = np.where(np.isfinite(book.allowed), book.allowed, 0.0)
        return float(
            book.initial @ prices.product[:, 0]
            + (book.available * capacity).sum()
            + (book.offered * prices.skill).sum()
            + (limited * prices.limit).sum()
            + book.economy["projects"]["most"].to_numpy() @ prices.project
        )

    def _runs(self, prices: Prices, strain: Floats, hours: float) -> float:
        book = self._book
        gain = book.outputs.worth(prices.product) - book.inputs.worth(prices.product)
        gain -= book.labour.worth(prices.skill)
        gain -= book.occupies.worth(prices.means + strain)
        gain -= book.emits.worth(prices.limit)
        gain -= self._costs.runs[:, None] * hours
        if hours == 0.0 or self._running is None:
            return _best(gain, self._most_runs)
        per_run = np.broadcast_to(DEPARTURE * hours * self._costs.runs[:, None], gain.shape)
        return _best(gain, self._most_runs, self._running, per_run)

    def _stocks(self, price: Floats) -> float:
        """Stocks are within their final amounts and the largest supply."""
        book = self._book
        gain = -price
        gain[:, :-1] += price[:, 1:] * book.keeps[:, None]
        gain, supply = gain[book.storable], self._most_supply[book.storable]
        least = np.zeros_like(gain)
        least[:, -1] = book.final[book.storable]
        return float((gain * least).sum()) + _best(gain, np.maximum(supply, least) - least)

    def _starts(self, prices: Prices, capacity: Floats, hours: float) -> float:
        book = self._book
        gain = book.worth_of_added(capacity) - prices.project[:, None]
        gain -= book.project_inputs.worth(prices.product)
        gain -= book.project_labour.worth(prices.skill)
        gain -= self._costs.starts * hours
        most = np.repeat(book.economy["projects"]["most"].to_numpy()[:, None], book.periods, axis=1)
        return _best(gain[book.open], most[book.open])

    def _needs(self, prices: Prices, multiplier: Mapping[str, float]) -> float:
        wished = self._wished
        lifted = prices.worst * wished.target * (wished.tier == 0)
        worst = max(0.0, multiplier.get(WORST, 0.0) - float(lifted.sum()))
        tier = np.array([multiplier.get(tier, 0.0) for tier in TIERS])[wished.tier]
        worth = tier * wished.importance
        cost = prices.product[wished.spot, wished.period] * wished.target - lifted
        if self._harmony == SMOOTH:
            return worst + float(_harmonious(worth, cost).sum())
        gain = worth[:, None] * np.array(HARMONY) - cost[:, None] * np.array(SHARES)
        return worst + float(gain.max(axis=1, initial=0.0).sum())


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
        return float(gain[some] @ most[some])
    at_zero = -per_unit * before
    stay = np.minimum(before, most)
    at_stay = gain * stay - per_unit * (before - stay)
    some = gain > per_unit
    at_most = at_stay.copy()
    at_most[some] = gain[some] * most[some] - (per_unit * np.abs(most - before))[some]
    return float(np.maximum(np.maximum(at_zero, at_stay), at_most).sum())
