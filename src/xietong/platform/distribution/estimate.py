"""How much of a product people use once the next rule holds, estimated from a trial in a region.

In each round of the trial, use a head there is divided by use a head elsewhere: what moves the
whole country, a season or a feast, falls out. So is it in the rounds before, if there are any: what
always set the region apart falls out too. The median over the last rounds of the first, over the
median of the second, times present use elsewhere, is the estimate; its interval is that of the
median under all samples with replacement, counted exactly.

Source: Efron, Bootstrap methods: another look at the jackknife, 1979.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from math import comb
from statistics import median_low

CONFIDENCE = 0.9


@dataclass(frozen=True, slots=True)
class Estimate:
    """Units a head and round, with the interval in which nine of ten such estimates would lie."""

    per_head: float
    low: float
    high: float


Pair = tuple[float, float]


def saturation(
    trial: Sequence[Pair], before: Sequence[Pair], present: float, rounds: int
) -> Estimate | None:
    """The use a head at which a product levels off by the rule on trial.

    Args:
        trial: use a head (in the region, elsewhere) in each round of the trial, in their order.
        before: the same in the rounds before it.
        present: use a head elsewhere in the newest round.
        rounds: how many of the last rounds of the trial count, at least one.

    None while no round can be compared, because nobody elsewhere used any.
    """
    lifts = [there / elsewhere for there, elsewhere in trial if elsewhere > 0][-rounds:]
    if not lifts:
        return None
    usual = [there / elsewhere for there, elsewhere in before if there > 0 and elsewhere > 0]
    base = present / median_low(usual) if usual else present
    low, high = interval_of_median(lifts)
    return Estimate(median_low(lifts) * base, low * base, high * base)


def interval_of_median(values: Sequence[float]) -> tuple[float, float]:
    """Where the lower median of a sample with replacement lies nine times in ten.

    Raises IndexError for no values.
    """
    ordered = sorted(values)
    tail = (1 - CONFIDENCE) / 2
    below = [_chance_of_median_up_to(place, len(ordered)) for place in range(1, len(ordered) + 1)]
    low = next(value for value, chance in zip(ordered, below, strict=True) if chance >= tail)
    high = next(value for value, chance in zip(ordered, below, strict=True) if chance >= 1 - tail)
    return low, high


def _chance_of_median_up_to(place: int, n: int) -> float:
    """That the lower median of n draws from n values is at most the one at this place of them."""
    share = place / n
    middle = (n + 1) // 2
    return sum(comb(n, k) * share**k * (1 - share) ** (n - k) for k in range(middle, n + 1)) + 1e-12
