"""The steps of the objective as one, each weighing many times the next.

The order holds wherever an hour cannot do more than `PRIORITY` times as much for a later tier as
for an earlier one; whether it did hold, the certificate of each step says.

Source: Sherali and Soyster 1983 (weights equivalent to an order).
"""

from collections.abc import Sequence

import numpy as np

from xietong.planning.blocks.objective import hours_offered
from xietong.planning.format import TIERS
from xietong.planning.primal_dual.iteration import Objective
from xietong.planning.primal_dual.problem import Problem
from xietong.planning.programme import Programme
from xietong.planning.sets import Floats, totals
from xietong.planning.terms import LEISURE, WORST

PRIORITY = 30.0
LEAST_WORK = 14.0  # an hour for the last tier weighs as much as this many free ones


def weights(programme: Programme, values: Floats) -> Floats:
    """Return what a full step weighs, in hours of the last tier, (steps,).

    `values` (wishes,) are hours a unit of each wish.
    """
    sets = programme.sets
    importance = totals(sets.wish_tier, sets.weight * values * sets.target, len(TIERS))
    result = []
    for step in programme.steps:
        if step.name == LEISURE:
            result.append(hours_offered(sets) / LEAST_WORK)
        elif step.name == WORST:
            # It weighs as much as the average need of a tier before the first.
            needs = np.count_nonzero((sets.wish_tier == 0) & (sets.weight * sets.target > 0))
            result.append(importance[0] * PRIORITY ** len(TIERS) / needs)
        else:
            tier = TIERS.index(step.name)
            result.append(importance[tier] * PRIORITY ** (len(TIERS) - 1 - tier))
    return np.array(result)


def blend(programme: Programme, problem: Problem, weight: Sequence[float] | Floats) -> Objective:
    """Return the objective that is each step times its `weight`, to be minimised."""
    p, count = problem, programme.columns.count
    vector, bend, rise, rise2 = np.zeros((4, count))
    for step, w in zip(programme.steps, weight, strict=True):
        vector += w * step.vector
        if step.bend is not None:
            bend += w * step.bend
    cost = -vector
    strain = np.zeros(count)
    strain[p.straining.column] = cost[p.straining.into] * p.straining.amount
    if len(p.departing.more):
        # Departing costs either way: below the running plan a run more saves what above it costs.
        runs = programme.columns.runs.ravel()
        departs = cost[p.departing.more]
        cost[runs] -= departs
        beyond = np.full(count, np.inf)
        beyond[p.straining.column] = p.straining.start
        first = beyond[runs] <= p.departing.running
        rise[runs] = np.where(first, strain[runs], 2.0 * departs)
        rise2[runs] = np.where(first, 2.0 * departs, strain[runs])
        constant = float(departs @ p.departing.running)
    else:
        rise = strain
        constant = 0.0
    at = p.columns
    return Objective(cost[at], bend[at], rise[at], rise2[at], constant)
