"""The inner loops of finishing: makers multiplied until products balance, and prices raised until
nothing is short."""

import numba
import numpy as np

from xietong.planning.primal_dual.kernels import compiled, sequential
from xietong.planning.sets import Floats, Ints

FULL = 1.0 - 1e-9  # of its bound: a column that cannot be raised any more
FIRST_RISE = 1e-6  # of a price, tried first
FASTEST = 1e4  # times the last rise is the next one tried
ENDLESS = 1e11  # times the price: nothing answers
CLOSE = 0.5  # of what is aimed at: near enough
TRIES = 80

# What raising prices has to know of a column lies together, as one row of a table.
AT, SLOPE, CURVE, KINK, RISE, KINK2, RISE2, LOWER, UPPER = range(9)
FACTS = 9


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
def anchored(
    x: Floats, slope: Floats, bend: Floats, stiff: Floats, kink: Floats, rise: Floats,
    kink2: Floats, rise2: Floats, lower: Floats, upper: Floats,
) -> Floats:  # fmt: skip
    """Return a table of columns, (columns, FACTS), each of which answers its prices with `x`.

    `slope` (columns,) is what one more unit costs at `x`, kinks apart. Where a column would rather
    be elsewhere, its slope is shifted just so far that it stays; one that is held by its bound is
    held as before. From there it gives way by the change of its slope over `bend` + `stiff`.
    """
    table = np.empty((len(x), FACTS))
    for j in numba.prange(len(x)):
        curve = bend[j] + stiff[j]
        right = slope[j]
        left = slope[j]
        if x[j] >= kink[j] * FULL:
            right += rise[j]
        if x[j] * FULL > kink[j]:
            left += rise[j]
        if x[j] >= kink2[j] * FULL:
            right += rise2[j]
        if x[j] * FULL > kink2[j]:
            left += rise2[j]
        shift = 0.0
        if right < 0.0 and x[j] < upper[j] * FULL:
            shift = -right
        elif left > 0.0 and x[j] > lower[j]:
            shift = -left
        table[j, AT] = x[j]
        table[j, SLOPE] = slope[j] + shift - curve * x[j]
        table[j, CURVE] = curve
        table[j, KINK] = kink[j]
        table[j, RISE] = rise[j]
        table[j, KINK2] = kink2[j]
        table[j, RISE2] = rise2[j]
        table[j, LOWER] = lower[j]
        table[j, UPPER] = upper[j]
    return table


@sequential
def _answer(table: Floats, j: int, slope: float) -> float:
    """Where column `j` is best off at `slope`."""
    curve = table[j, CURVE]
    x = -slope / curve
    if x > table[j, KINK]:
        x = max(-(slope + table[j, RISE]) / curve, table[j, KINK])
        if x > table[j, KINK2]:
            x = max(-(slope + table[j, RISE] + table[j, RISE2]) / curve, table[j, KINK2])
    result: float = min(max(x, table[j, LOWER]), table[j, UPPER])
    return result


@sequential
def _rise(
    start: Ints, column: Ints, value: Floats, i: int, table: Floats, excess: float, aim: float,
    price: float,
) -> float:  # fmt: skip
    """By how much price `i` must rise for its row to have `aim` to spare; inf if nothing answers.

    Newton's steps between the least rise known to be enough and the most known not to be.
    """
    low = 0.0
    high = np.inf
    rise = FIRST_RISE * price
    for _ in range(TRIES):
        left = excess
        gives = 0.0
        for k in range(start[i], start[i + 1]):
            j = column[k]
            x = _answer(table, j, table[j, SLOPE] + value[k] * rise)
            left += value[k] * (x - table[j, AT])
            if table[j, LOWER] < x < table[j, UPPER]:
                gives += value[k] * value[k] / table[j, CURVE]
        if abs(left + aim) <= CLOSE * aim:
            return rise
        if left > -aim:
            low = rise
        else:
            high = rise
            if high - low <= 1e-12 * high:
                return high
        after = rise + (left + aim) / gives if gives > 0.0 else np.inf
        if low < after < high:
            rise = min(after, FASTEST * rise)
        elif high == np.inf:
            rise *= 4.0
        else:
            rise = 0.5 * (low + high) if low > 0.0 else 0.1 * high
        if rise > ENDLESS * price:
            return np.inf
    return rise


@sequential
def raise_prices(
    start: Ints, column: Ints, value: Floats, from_: Ints, row: Ints, amount: Floats,
    table: Floats, price: Floats, excess: Floats, allowed: Floats, aim: Floats, most: int,
) -> int:  # fmt: skip
    """Raise the price of what is short until its row has `aim` to spare, in place; return how many
    rows still wait after `most` coefficients were gone through.

    The row that fell short last comes first: so a shortage is followed down to where it ends.
    Rows that nothing answers for stay short.
    """
    n = len(excess)
    waiting = np.empty(n, dtype=np.int64)
    waits = np.zeros(n, dtype=np.bool_)
    count = 0
    for i in range(n):
        if excess[i] > allowed[i]:
            waiting[count] = i
            waits[i] = True
            count += 1
    done = 0
    while count > 0 and done < most:
        count -= 1
        i = waiting[count]
        waits[i] = False
        if excess[i] <= allowed[i]:
            continue
        rise = _rise(start, column, value, i, table, excess[i], aim[i], price[i])
        done += start[i + 1] - start[i]
        if rise == np.inf:
            continue
        price[i] += rise
        done += start[i + 1] - start[i]
        for k in range(start[i], start[i + 1]):
            j = column[k]
            table[j, SLOPE] += value[k] * rise
            x = _answer(table, j, table[j, SLOPE])
            by = x - table[j, AT]
            if by != 0.0:
                table[j, AT] = x
                done += from_[j + 1] - from_[j]
                for m in range(from_[j], from_[j + 1]):
                    r = row[m]
                    excess[r] += amount[m] * by
                    if excess[r] > allowed[r] and not waits[r]:
                        waiting[count] = r
                        waits[r] = True
                        count += 1
    return count
