"""Approval voting: everyone agrees to as many options as they like; the most approved one wins."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Tally:
    """What was counted: approvals by option, ballots, the winner, and who shared the first place.

    `tied` holds every option with the most approvals, in the order that broke the tie; a winner
    alone in first place stands there alone.
    """

    counts: dict[str, int]
    ballots: int
    winner: str
    tied: tuple[str, ...]


def tally(
    ballots: Iterable[frozenset[str]], options: Sequence[str], *, tie_break: Sequence[str]
) -> Tally:
    """Count approvals.

    Args:
        ballots: for each voter the options they agree to, none to all of them.
        options: what was voted on, at least one, each once.
        tie_break: all options; of those with the most approvals the first one here wins.

    Raises ValueError when options repeat or are missing, when `tie_break` is not an order of
    them, or when a ballot names something else.

    Source: Brams and Fishburn 1978.
    """
    counts = dict.fromkeys(options, 0)
    if not counts or len(counts) != len(options):
        raise ValueError("there must be options, and each only once")
    if sorted(tie_break) != sorted(options):
        raise ValueError("the order that breaks ties must hold every option once")
    cast = 0
    for cast, ballot in enumerate(ballots, start=1):
        for option in ballot:
            if option not in counts:
                raise ValueError(f"ballot {cast} names {option!r}, which is no option")
            counts[option] += 1
    most = max(counts.values())
    tied = tuple(option for option in tie_break if counts[option] == most)
    return Tally(counts=counts, ballots=cast, winner=tied[0], tied=tied)
