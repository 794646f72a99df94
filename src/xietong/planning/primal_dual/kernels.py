"""The inner loops: what is done to every coefficient of a programme, many hundred times.

Matrices come as the three arrays of compressed rows, those of the programme or those of its
transpose, whose rows are the programme's columns.
"""

from typing import Any

import numba

from xietong.planning.sets import Floats, Ints


def compiled(function: Any) -> Any:
    return numba.njit(parallel=True, cache=True, error_model="numpy")(function)


def sequential(function: Any) -> Any:
    return numba.njit(cache=True, error_model="numpy")(function)


@compiled
def best_runs(
    start: Ints, row: Ints, value: Floats,
    prices: Floats, x: Floats, step: Floats, pace: float,
    cost: Floats, bend: Floats, kink: Floats, rise: Floats, kink2: Floats, rise2: Floats,
    lower: Floats, upper: Floats, answer: Floats, beyond: Floats,
) -> float:  # fmt: skip
    """Move every column against its reduced cost, within its box; return how far, in steps.

    `answer` is where each column goes from `x`, `beyond` as far again past it.
    """
    moved = 0.0
    for j in numba.prange(len(x)):
        slope = cost[j]
        for k in range(start[j], start[j + 1]):
            slope += value[k] * prices[row[k]]
        tau = step[j] / pace
        damp = 1.0 / (1.0 + tau * bend[j])
        z = (x[j] - tau * slope) * damp
        if z > kink[j]:
            z = max((x[j] - tau * (slope + rise[j])) * damp, kink[j])
            if z > kink2[j]:
                z = max((x[j] - tau * (slope + rise[j] + rise2[j])) * damp, kink2[j])
        z = min(max(z, lower[j]), upper[j])
        answer[j] = z
        beyond[j] = 2.0 * z - x[j]
        if step[j] > 0.0:
            moved += (z - x[j]) * (z - x[j]) / step[j]
    return moved


@compiled
def best_prices(
    start: Ints, column: Ints, value: Floats,
    beyond: Floats, prices: Floats, step: Floats, pace: float, there: Floats, answer: Floats,
) -> float:  # fmt: skip
    """Raise the price of every row that is short, lower the others; return how far, in steps."""
    moved = 0.0
    for i in numba.prange(len(prices)):
        short = -there[i]
        for k in range(start[i], start[i + 1]):
            short += value[k] * beyond[column[k]]
        z = max(prices[i] + pace * step[i] * short, 0.0)
        answer[i] = z
        if step[i] > 0.0:
            moved += (z - prices[i]) * (z - prices[i]) / step[i]
    return moved


@compiled
def towards_anchor(z: Floats, answer: Floats, anchor: Floats, share: float) -> None:
    """Reflect `z` in `answer`, then draw it back towards `anchor`: a Halpern step, in place."""
    for j in numba.prange(len(z)):
        z[j] = share * (2.0 * answer[j] - z[j]) + (1.0 - share) * anchor[j]


@compiled
def times(start: Ints, column: Ints, value: Floats, x: Floats, result: Floats) -> None:
    """Set `result` to the matrix times `x`."""
    for i in numba.prange(len(result)):
        total = 0.0
        for k in range(start[i], start[i + 1]):
            total += value[k] * x[column[k]]
        result[i] = total


@compiled
def absolute_times(start: Ints, column: Ints, value: Floats, x: Floats, result: Floats) -> None:
    """Set `result` to the matrix of absolute values times `x`."""
    for i in numba.prange(len(result)):
        total = 0.0
        for k in range(start[i], start[i + 1]):
            total += abs(value[k]) * x[column[k]]
        result[i] = total


@compiled
def use_and_supply(
    start: Ints, column: Ints, value: Floats, x: Floats, used: Floats, supplied: Floats
) -> None:
    """Split each row's total into what its columns use and what they supply."""
    for i in numba.prange(len(used)):
        plus = 0.0
        minus = 0.0
        for k in range(start[i], start[i + 1]):
            amount = value[k] * x[column[k]]
            if amount > 0.0:
                plus += amount
            else:
                minus -= amount
        used[i] = plus
        supplied[i] = minus
