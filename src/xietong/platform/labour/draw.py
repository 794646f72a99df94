"""Drawing the duty rota by lot, so that anyone can draw it again; no database, no Django.

Whoever has served less than their share comes first, ties by lot. A share is what all have served
and will serve, divided by the rounds in which each could. Where nothing binds, places are filled
in this order by plain counting; where rest, place or mix binds, a solver finds what comes nearest
(`solve.py`). What a draw says of itself is recomputed by `faults` without the solver.
"""

import itertools
import json
from collections import Counter, defaultdict
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from functools import cached_property
from hashlib import sha256
from math import ceil
from typing import Any, NamedTuple

Pair = tuple[str, str]

WEEK = 7 * 24 * 60
# Of the law of shifts, in minutes: what lies between two, and how long one may be.
REST = 11 * 60
LONGEST = 12 * 60


@dataclass(frozen=True, slots=True)
class Turn:
    """A turn that `people` serve together, from `starts` to `ends`, then `rest`: minutes.

    Open to all, or to those of one region or enterprise. `skill` is what one of them has to have;
    `mixed` means that one of them has served before.
    """

    id: str
    service: str
    starts: int
    ends: int
    rest: int
    people: int
    region: str | None = None
    enterprise: str | None = None
    skill: str | None = None
    mixed: bool = False

    @property
    def minutes(self) -> int:
        return self.ends - self.starts

    @property
    def most_of_an_enterprise(self) -> int:
        """Half of it, so that no workplace stands still for the sake of a turn."""
        return self.people if self.enterprise else ceil(self.people / 2)


@dataclass(frozen=True, slots=True)
class Candidate:
    """Somebody who can serve: minutes served so far, rounds in which they could, this one too.

    `shifts` are those they work every week: the minute of the week at which each begins, and its
    minutes.
    """

    id: str
    served: int
    able: int
    region: str | None = None
    enterprise: str | None = None
    skills: tuple[str, ...] = ()
    shifts: tuple[tuple[int, int], ...] = ()

    def may_serve(self, turn: Turn) -> bool:
        """Whether the turn is open to where they live and work, and leaves them rest."""
        return (
            turn.region in (None, self.region)
            and turn.enterprise in (None, self.enterprise)
            and all(leaves_rest(turn, *shift) for shift in self.shifts)
        )


@dataclass(frozen=True)
class Roll:
    """What is announced before anybody can know the seed; the order of its rows means nothing."""

    round_number: int
    most_turns: int
    turns: tuple[Turn, ...]
    candidates: tuple[Candidate, ...]

    def text(self) -> str:
        """Itself as canonical JSON, rows in order of their ids."""
        return canonical(
            {
                "round": self.round_number,
                "most_turns": self.most_turns,
                "turns": [_row(turn) for turn in sorted(self.turns, key=lambda row: row.id)],
                "candidates": [
                    _row(each) for each in sorted(self.candidates, key=lambda row: row.id)
                ],
            }
        )

    @classmethod
    def read(cls, text: str) -> "Roll":
        """What `text` wrote. Raises ValueError for anything else."""
        try:
            found = json.loads(text)
            return cls(
                found["round"],
                found["most_turns"],
                tuple(Turn(**row) for row in found["turns"]),
                tuple(
                    Candidate(
                        **{
                            **row,
                            "skills": tuple(row["skills"]),
                            "shifts": tuple((at, long) for at, long in row.get("shifts", ())),
                        }
                    )
                    for row in found["candidates"]
                ),
            )
        except (KeyError, TypeError, AttributeError) as error:
            raise ValueError(f"this is no list of a rota: {error}") from error


class Measures(NamedTuple):
    """What a draw keeps as small as it can, the first before the second and so on.

    Places left open; mixes not met; the most minutes by which somebody who serves exceeds their
    share; places in the line, added up.
    """

    open_places: int
    unmet: int
    excess: int
    line: int


@dataclass(frozen=True)
class Line:
    """Who comes before whom under a seed, without those who have fallen `away` meanwhile."""

    roll: Roll
    seed: str
    away: frozenset[str] = frozenset()

    @cached_property
    def turns(self) -> list[Turn]:
        return sorted(self.roll.turns, key=lambda turn: (turn.starts, turn.id))

    @cached_property
    def candidates(self) -> dict[str, Candidate]:
        return {each.id: each for each in self.roll.candidates if each.id not in self.away}

    @cached_property
    def shares(self) -> dict[str, int]:
        """Each one's share of all minutes, in whole minutes."""
        asked = sum(turn.minutes * turn.people for turn in self.turns)
        minutes = asked + sum(each.served for each in self.candidates.values())
        able = sum(each.able for each in self.candidates.values())
        return {each.id: each.able * minutes // able for each in self.candidates.values()}

    @cached_property
    def usual(self) -> int:
        """The minutes of a usual turn: the mean, rounded up."""
        places = sum(turn.people for turn in self.turns)
        asked = sum(turn.minutes * turn.people for turn in self.turns)
        return ceil(asked / places) if places else 0

    @cached_property
    def order(self) -> dict[tuple[str, int], int]:
        """The place in the line, from 1, of each candidate's first turn, second turn and so on."""
        line = sorted(
            (before + number * self.usual, lot(self.seed, id), id, number)
            for id, each in self.candidates.items()
            for before in [each.served - self.shares[id]]
            for number in range(1, self.roll.most_turns + 1)
        )
        return {(id, number): place for place, (*_, id, number) in enumerate(line, start=1)}

    @cached_property
    def least(self) -> int:
        """What places in the line come to when everybody who serves stands at its front."""
        places = sum(turn.people for turn in self.turns)
        return sum(range(1, min(places, len(self.order)) + 1))

    def measures(self, places: Iterable[Pair]) -> Measures:
        """What places, as (turn, candidate), come to."""
        on = defaultdict(list)
        has: Counter[str] = Counter()
        minutes: Counter[str] = Counter()
        turns = {turn.id: turn for turn in self.turns}
        for turn, candidate in places:
            on[turn].append(self.candidates[candidate])
            has[candidate] += 1
            minutes[candidate] += turns[turn].minutes
        return Measures(
            open_places=sum(turn.people - len(on[turn.id]) for turn in self.turns),
            unmet=sum(
                sum(lacks.values()) for turn in self.turns if (lacks := _unmet(turn, on[turn.id]))
            ),
            excess=max(
                (self.candidates[id].served + minutes[id] - self.shares[id] for id in minutes),
                default=0,
            ),
            line=sum(
                self.order[id, number]
                for id, times in has.items()
                for number in range(1, times + 1)
            ),
        )

    def lacks(self, places: Iterable[Pair]) -> dict[str, dict[str, int]]:
        """By turn, what is missing on it: `places`, `skill`, `experience`, or `crowd` too many."""
        on = defaultdict(list)
        for turn, candidate in places:
            on[turn].append(self.candidates[candidate])
        found = {
            turn.id: {"places": turn.people - len(on[turn.id])} | _unmet(turn, on[turn.id])
            for turn in self.turns
        }
        return {
            id: short
            for id, lacks in found.items()
            if (short := {what: number for what, number in lacks.items() if number})
        }


def _unmet(turn: Turn, serving: Sequence[Candidate]) -> dict[str, int]:
    crowd = Counter(each.enterprise for each in serving if each.enterprise)
    return {
        "skill": int(turn.skill is not None and all(turn.skill not in p.skills for p in serving)),
        "experience": int(turn.mixed and not any(each.served for each in serving)),
        "crowd": sum(max(0, number - turn.most_of_an_enterprise) for number in crowd.values()),
    }


def too_close(one: Turn, other: Turn) -> bool:
    """Whether nobody can serve both, for the sake of rest."""
    first, second = sorted((one, other), key=lambda turn: turn.starts)
    return second.starts < first.ends + max(first.rest, second.rest)


def leaves_rest(turn: Turn, starts: int, minutes: int) -> bool:
    """Whether who works a shift of the week can serve a turn beside it.

    They do not overlap, and are a rest apart or together no longer than the longest shift.
    """
    later, sooner = (turn.starts - starts) % WEEK, (starts - turn.starts) % WEEK
    return all(
        apart >= REST or (apart >= 0 and together <= LONGEST)
        for apart, together in (
            (later - minutes, later + turn.minutes),
            (sooner - turn.minutes, sooner + minutes),
        )
    )


def seed_of(entry_hash: str, round_number: int) -> str:
    """The seed of a round's rota: sha256 of the entry's hash and the round."""
    return lot(entry_hash, str(round_number))


def pseudonym(person: str, round_number: int) -> str:
    """What stands for a person on the list of one round; who knows the person can find them."""
    return lot(str(round_number), person)[:32]


def lot(*parts: str) -> str:
    """sha256 of the parts with a space between them, in hexadecimal digits."""
    return sha256(" ".join(parts).encode()).hexdigest()


def canonical(value: object) -> str:
    return json.dumps(value, sort_keys=True, separators=(",", ":"), ensure_ascii=False)


def _row(row: Turn | Candidate) -> dict[str, object]:
    # Who has no shifts stands on the list as before there were any on it.
    return {
        name: value
        for name in row.__slots__
        if (value := getattr(row, name)) != () or name != "shifts"
    }


@dataclass(frozen=True)
class Drawn:
    """A drawn rota, as it is published: anyone can check it, and draw it again."""

    roll: Roll
    seed_entry: int
    entry_hash: str
    away: frozenset[str]
    places: tuple[Pair, ...]
    measures: Measures
    proved: bool

    @property
    def line(self) -> Line:
        return Line(self.roll, seed_of(self.entry_hash, self.roll.round_number), self.away)

    def text(self) -> str:
        """Itself as canonical JSON."""
        return canonical(
            {
                "roll": json.loads(self.roll.text()),
                "seed_entry": self.seed_entry,
                "entry_hash": self.entry_hash,
                "seed": self.line.seed,
                "away": sorted(self.away),
                "places": sorted(self.places),
                "measures": self.measures._asdict(),
                "proved": self.proved,
                "lacks": self.line.lacks(self.places),
            }
        )

    @classmethod
    def read(cls, text: str) -> "Drawn":
        """What `text` wrote. Raises ValueError for anything else."""
        try:
            found: Mapping[str, Any] = json.loads(text)
            return cls(
                Roll.read(json.dumps(found["roll"])),
                found["seed_entry"],
                found["entry_hash"],
                frozenset(found["away"]),
                tuple((turn, candidate) for turn, candidate in found["places"]),
                Measures(**found["measures"]),
                found["proved"],
            )
        except (KeyError, TypeError, AttributeError) as error:
            raise ValueError(f"this is no drawn rota: {error}") from error


def faults(drawn: Drawn) -> list[tuple[str, str]]:
    """What is not as the rule says, in English and Chinese; checked without the solver."""
    line = drawn.line
    turns = {turn.id: turn for turn in line.turns}
    wrong: list[tuple[str, str]] = []
    has: defaultdict[str, list[Turn]] = defaultdict(list)
    for turn, candidate in drawn.places:
        if turn not in turns or candidate not in line.candidates:
            wrong.append((f"{candidate} cannot be drawn for {turn}", f"{candidate}不能抽中{turn}"))
        elif not line.candidates[candidate].may_serve(turns[turn]):
            wrong.append(
                (
                    f"{turn} is not open to {candidate}, or leaves no rest from work",
                    f"{turn}不对{candidate}开放，或与其上班之间休息不足",
                )
            )
        else:
            has[candidate].append(turns[turn])
    if wrong:
        return wrong
    if len(set(drawn.places)) < len(drawn.places):
        wrong.append(("somebody is drawn twice for one turn", "有人在同一班次中被抽中两次"))
    for turn, number in Counter(turn for turn, _ in drawn.places).items():
        if number > turns[turn].people:
            wrong.append((f"{turn} has too many people", f"{turn}人数过多"))
    for candidate, serves in has.items():
        serves.sort(key=lambda turn: turn.starts)
        if len(serves) > line.roll.most_turns:
            wrong.append((f"{candidate} has too many turns", f"{candidate}的班次过多"))
        if any(too_close(one, other) for one, other in itertools.pairwise(serves)):
            wrong.append((f"{candidate} has no rest", f"{candidate}得不到休息"))
    if line.measures(drawn.places) != drawn.measures:
        wrong.append(("the measures are not those of the places", "指标与名单不符"))
    return wrong
