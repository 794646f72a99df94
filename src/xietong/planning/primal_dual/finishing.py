"""The inner loops of finishing: balances exact, and cuts where they cost least."""

import numba
import numpy as np

from xietong.planning.primal_dual.kernels import compiled, sequential
from xietong.planning.sets import Floats, Ints

FULL = 1.0 - 1e-9  # of its bound: a column that cannot be raised any more


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
    start: Ints, row: Ints, value: Floats, makers: int, of_free: Floats, of_full: Floats,
    lower: Floats, upper: Floats, x: Floats,
) -> float:  # fmt: skip
    """Multiply each maker by the most that any of its outputs asks for; return the change, as a
    sum of squares of relative changes."""
    change = 0.0
    for j in numba.prange(len(x)):
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
def losses(
    start: Ints, row: Ints, value: Floats, cost: Floats, slope: Floats, x: Floats, loss: Floats
) -> None:
    """What one unit less of each column loses: the need it meets, and what it makes."""
    for j in numba.prange(len(loss)):
        total = slope[j]
        for k in range(start[j], start[j + 1]):
            if value[k] < 0.0:
                total -= value[k] * cost[row[k]]
        loss[j] = total if x[j] > 0.0 else np.inf


@compiled
def costs(
    start: Ints, column: Ints, value: Floats, prices: Floats, x: Floats, upper: Floats,
    loss: Floats, cost: Floats,
) -> None:  # fmt: skip
    """What one unit less in each row costs: its price if more can be made, else the least loss."""
    for i in numba.prange(len(cost)):
        least = 1e300
        room = False
        for k in range(start[i], start[i + 1]):
            j = column[k]
            if value[k] < 0.0:
                room = room or 0.0 < x[j] < upper[j] * FULL
            else:
                least = min(least, loss[j] / value[k])
        cost[i] = prices[i] if room else max(least, prices[i])


@sequential
def settle(
    start: Ints, column: Ints, value: Floats, from_: Ints, row: Ints, amount: Floats,
    maker_start: Ints, maker: Ints, makes: Floats, makers: int, watched: Ints,
    slope: Floats, cost: Floats, lower: Floats, upper: Floats,
    x: Floats, excess: Floats, allowed: Floats, steps: int,
) -> int:  # fmt: skip
    """Take each row that is short to its end, in place; return how many steps it took.

    A row is helped by a maker in use that has room, if what it takes is there or can be made, and
    otherwise by cutting the user whose loss is least. Rows that are `watched` are not helped.
    """
    n = len(excess)
    queue = np.empty(n, dtype=np.int64)
    queued = np.zeros(n, dtype=np.bool_)
    closed = np.zeros(n, dtype=np.bool_)  # what has been cut is not to be used more
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
        if i < makers:
            for k in range(maker_start[i], maker_start[i + 1]):
                j = maker[k]
                if not 0.0 < x[j] < upper[j] * FULL:
                    continue
                more = min(upper[j] - x[j], excess[i] / makes[k])
                possible = True
                for m in range(from_[j], from_[j + 1]):
                    r = row[m]
                    if amount[m] > 0.0 and (closed[r] or r >= makers):
                        if excess[r] + amount[m] * more > allowed[r]:
                            possible = False
                            break
                if possible:
                    chosen = j
                    change = more
                    break
        if chosen < 0:
            least = np.inf
            for k in range(start[i], start[i + 1]):
                j = column[k]
                if value[k] <= 0.0 or x[j] <= lower[j]:
                    continue
                loss = slope[j]
                for m in range(from_[j], from_[j + 1]):
                    if amount[m] < 0.0:
                        loss -= amount[m] * cost[row[m]]
                loss /= value[k]
                if loss < least:
                    least = loss
                    chosen = j
                    change = -min(x[j] - lower[j], excess[i] / value[k])
            closed[i] = True
        if chosen < 0:
            continue  # nothing to be cut: its bounds alone are too much
        x[chosen] = min(max(x[chosen] + change, lower[chosen]), upper[chosen])
        for m in range(from_[chosen], from_[chosen + 1]):
            r = row[m]
            excess[r] += amount[m] * change
            if excess[r] > allowed[r] and not queued[r] and watched[r] == 0:
                queue[(head + waiting) % n] = r
                waiting += 1
                queued[r] = True
    return taken
