"""The inner loops of finishing: balances exact, and cuts where they cost least."""

import numba
import numpy as np

from xietong.planning.primal_dual.kernels import compiled, sequential
from xietong.planning.sets import Floats, Ints

NEVER = 1e100
FULL = 1.0 - 1e-9  # of its bound: a column that cannot be raised any more
ROOMY = 1.0 - 1e-5  # of its bound: a column with room that is worth speaking of
LITTLE = 1e-5  # room, or use, of this share of the whole counts as dear as twice as much would
DEEPER = 3.0  # a column cut by a third already loses twice as much by the next cut
BIT = 0.1  # of a column is cut at a time
ALIKE = 1.3  # users that lose up to so many times the least are cut in one go
DEARER = 1.005  # what stays short costs so much more each time


@compiled
def factors(
    start: Ints, column: Ints, value: Floats, x: Floats, upper: Floats, there: Floats,
    of_free: Floats, of_full: Floats,
) -> None:  # fmt: skip
    """By what the makers of each row must be multiplied for it to balance.

    `of_free` is for those below their bound, `of_full` for those at it: when less is needed, the
    former give way first.
    """
    for i in numba.prange(len(of_free)):
        needed = -there[i]
        free = 0.0
        full = 0.0
        for k in range(start[i], start[i + 1]):
            j = column[k]
            amount = value[k] * x[j]
            if value[k] > 0.0:
                needed += amount
            elif x[j] >= upper[j] * FULL:
                full -= amount
            else:
                free -= amount
        of_free[i] = 1.0
        of_full[i] = 1.0
        if needed <= 0.0:
            of_free[i] = 0.0
            of_full[i] = 0.0
        elif needed <= full:
            of_free[i] = 0.0
            of_full[i] = needed / full
        elif free > 0.0:
            of_free[i] = (needed - full) / free


@compiled
def multiply(
    start: Ints, row: Ints, value: Floats, makers: int, single: Ints,
    of_free: Floats, of_full: Floats, lower: Floats, upper: Floats, x: Floats,
) -> float:  # fmt: skip
    """Multiply each maker by the most that any of its outputs asks for; return the change, as a
    sum of squares of relative changes."""
    change = 0.0
    for j in numba.prange(len(x)):
        if single[j] == 0:
            continue  # what is right for one of its products would be wrong for another
        asked = -1.0
        full = x[j] >= upper[j] * FULL
        for k in range(start[j], start[j + 1]):
            i = row[k]
            if value[k] < 0.0:
                if i >= makers:
                    asked = max(asked, 1.0)  # it adds capacity: no matter of balances
                elif full:
                    asked = max(asked, of_full[i])
                else:
                    asked = max(asked, of_free[i])
        if asked >= 0.0 and x[j] > 0.0:
            after = min(max(x[j] * asked, lower[j]), upper[j])
            change += ((after - x[j]) / x[j]) ** 2
            x[j] = after
    return change


@compiled
def ways(
    start: Ints, row: Ints, value: Floats, cost: Floats, need: Floats, x: Floats, upper: Floats,
    loss: Floats, effort: Floats,
) -> None:  # fmt: skip
    """What one unit less of each column loses, and what one unit more takes.

    A unit less loses the need it meets and what it makes; a unit more takes its inputs, if there
    is room.
    """
    for j in numba.prange(len(loss)):
        lost = need[j]
        taken = 0.0
        for k in range(start[j], start[j + 1]):
            if value[k] < 0.0:
                lost -= value[k] * cost[row[k]]
            else:
                taken += value[k] * cost[row[k]]
        loss[j] = lost if x[j] > 0.0 else NEVER
        effort[j] = NEVER
        if x[j] < upper[j] * ROOMY:
            effort[j] = taken * (1.0 + LITTLE * upper[j] / (upper[j] - x[j]))


@compiled
def costs(
    start: Ints, column: Ints, value: Floats, makers: int, x: Floats, used: Floats,
    loss: Floats, effort: Floats, fixed: Ints, cost: Floats,
) -> None:  # fmt: skip
    """What one unit less in each row costs: the least of making more and of cutting a user."""
    for i in numba.prange(len(cost)):
        if fixed[i] == 0:
            least = NEVER
            for k in range(start[i], start[i + 1]):
                if value[k] > 0.0:
                    j = column[k]
                    if x[j] > 0.0:
                        thin = 1.0 + LITTLE * used[i] / (value[k] * x[j])
                        least = min(least, loss[j] * thin / value[k])
                elif i < makers:
                    least = min(least, -effort[column[k]] / value[k])
            cost[i] = least


@sequential
def _lost(
    j: int, amount: float, used: float, x: Floats, before: Floats, need: Floats,
    made_start: Ints, made_row: Ints, made: Floats, cost: Floats,
) -> float:  # fmt: skip
    """What is lost by one unit of a row if column `j`, which takes `amount` of it, is cut."""
    lost: float = need[j]
    for m in range(made_start[j], made_start[j + 1]):
        lost += made[m] * cost[made_row[m]]
    thin = 1.0 + LITTLE * used / (amount * before[j])
    result: float = lost * thin * (1.0 + DEEPER * (1.0 - x[j] / before[j])) / amount
    return result


@sequential
def settle(
    start: Ints, column: Ints, value: Floats, from_: Ints, row: Ints, amount: Floats,
    maker_start: Ints, maker: Ints, makes: Floats, makers: int, watched: Ints,
    made_start: Ints, made_row: Ints, made: Floats, need: Floats, cost: Floats,
    lower: Floats, upper: Floats, x: Floats, used: Floats, excess: Floats, allowed: Floats,
    steps: int,
) -> int:  # fmt: skip
    """Take each row that is short to its end, in place; return how many steps it took.

    A row is helped in the way that costs least: by making more, or by cutting a user. Rows that
    are `watched` are not helped.
    """
    n = len(excess)
    before = x.copy()
    queue = np.empty(n, dtype=np.int64)
    queued = np.zeros(n, dtype=np.bool_)
    head = 0
    waiting = 0
    for i in range(n):
        if excess[i] > allowed[i] and watched[i] == 0:
            queue[waiting] = i
            waiting += 1
            queued[i] = True
    taken = 0
    while waiting > 0 and taken < steps:
        i = queue[head]
        head = (head + 1) % n
        waiting -= 1
        queued[i] = False
        taken += 1
        if excess[i] <= allowed[i]:
            continue
        chosen = -1
        change = 0.0
        least = np.inf
        if i < makers:
            for k in range(maker_start[i], maker_start[i + 1]):
                j = maker[k]
                if x[j] < upper[j] * ROOMY:
                    effort = 0.0
                    more = min(upper[j] - x[j], excess[i] / makes[k])
                    for m in range(from_[j], from_[j + 1]):
                        r = row[m]
                        if amount[m] > 0.0:
                            effort += amount[m] * cost[r]
                    effort /= makes[k]
                    effort *= 1.0 + LITTLE * upper[j] / (upper[j] - x[j])
                    if effort < least:
                        least = effort
                        chosen = j
                        change = more
        if least > cost[i]:
            raising = least
            for k in range(start[i], start[i + 1]):
                if value[k] > 0.0 and x[column[k]] > lower[column[k]]:
                    least = min(
                        least,
                        _lost(
                            column[k], value[k], used[i], x, before, need,
                            made_start, made_row, made, cost,
                        ),
                    )  # fmt: skip
            if least < raising:
                chosen = -1
                for k in range(start[i], start[i + 1]):
                    j = column[k]
                    if value[k] <= 0.0 or x[j] <= lower[j]:
                        continue
                    lost = _lost(
                        j, value[k], used[i], x, before, need, made_start, made_row, made, cost
                    )
                    if lost > least * ALIKE:
                        continue
                    cut = min(x[j] - lower[j], excess[i] / value[k], before[j] * BIT)
                    x[j] = max(x[j] - cut, lower[j])
                    for m in range(from_[j], from_[j + 1]):
                        r = row[m]
                        excess[r] -= amount[m] * cut
                        if excess[r] > allowed[r] and not queued[r] and watched[r] == 0:
                            queue[(head + waiting) % n] = r
                            waiting += 1
                            queued[r] = True
                    if excess[i] <= allowed[i]:
                        break
                # What stays short grows dearer, until somebody else gives way (Bertsekas 1988).
                cost[i] = max(cost[i], min(least, NEVER)) * DEARER
        if chosen >= 0:
            x[chosen] = min(x[chosen] + change, upper[chosen])
            for m in range(from_[chosen], from_[chosen + 1]):
                r = row[m]
                excess[r] += amount[m] * change
                if excess[r] > allowed[r] and not queued[r] and watched[r] == 0:
                    queue[(head + waiting) % n] = r
                    waiting += 1
                    queued[r] = True
        elif least == np.inf:
            continue  # nothing can be made or cut: its bounds alone are too much
        if excess[i] > allowed[i] and not queued[i]:
            queue[(head + waiting) % n] = i
            waiting += 1
            queued[i] = True
    return taken
