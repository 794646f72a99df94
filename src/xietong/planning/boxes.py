"""How often a technique could run at the very most.

    u[j,t] = min( hours offered / hours a run, means available / capacity a run,
                  limit / amount a run, largest supply of an input / input a run )

where the largest supply of a product in a region is its initial stock and all that its techniques
could have made by then (Savelsbergh 1994, bound propagation). No plan whatever exceeds these
bounds; they make the bound of the certificate finite.
"""

import numpy as np

from xietong.planning.sets import Floats, Sets


def largest_runs(sets: Sets) -> tuple[Floats, Floats]:
    """Return the bounds on runs, (techniques, periods), and on supply, (places, periods).

    A bound is infinite where a technique could go round in a circle without end.
    """
    runs = _by_scarce_means(sets)
    into = sets.inputs
    while True:
        supply = _largest_supply(sets, runs)
        tighter = runs.copy()
        with np.errstate(over="ignore"):
            np.minimum.at(tighter, into.who, supply[into.what] / into.quantity[:, None])
        settled = np.array_equal(np.isfinite(tighter), np.isfinite(runs))
        runs = tighter
        if settled:
            return runs, _largest_supply(sets, runs)


def _by_scarce_means(sets: Sets) -> Floats:
    runs = np.full((len(sets.techniques), sets.periods), np.inf)
    built = np.repeat(sets.available[:, None], sets.periods, axis=1)
    added = sets.project_means
    for t in sets.horizon:
        done = sets.earliest[added.who] + sets.build_time[added.who] <= t
        np.add.at(built[:, t], added.what[done], (added.quantity * sets.most[added.who])[done])
    for entries, amount in (
        (sets.labour, sets.offered), (sets.occupies, built), (sets.emits, sets.allowed),
    ):  # fmt: skip
        np.minimum.at(runs, entries.who, amount[entries.what] / entries.quantity[:, None])
    return runs


def _largest_supply(sets: Sets, runs: Floats) -> Floats:
    supply = np.zeros((len(sets.place_product), sets.periods))
    out = sets.outputs
    for t in sets.horizon:
        started = t - sets.lead_time[out.who]
        ready = started >= 0
        np.add.at(
            supply[:, t],
            out.what[ready],
            out.quantity[ready] * runs[out.who[ready], started[ready]],
        )
    supply[:, 0] += sets.initial
    stored = np.cumsum(supply, axis=1)
    return np.where(sets.storable[:, None], stored, supply)
