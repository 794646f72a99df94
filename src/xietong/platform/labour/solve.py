"""Drawing a rota: by plain counting where nothing binds, by CP-SAT where something does."""

from collections import Counter, defaultdict
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from itertools import combinations, pairwise

from ortools.sat.python import cp_model

from .draw import WEEK, Candidate, Drawn, Line, Pair, Roll, Turn, lot, seed_of, too_close

# Counted in the solver's own steps, not in seconds, so that every machine stops at the same place.
EFFORT = 2.0
# How many are considered beyond twice the places, unless places stay open.
REACH = 20

Front = Mapping[str, Sequence[str]]


def draw(
    roll: Roll, *, seed_entry: int, entry_hash: str, away: frozenset[str] = frozenset()
) -> Drawn:
    """Draw a rota. Never fails: what cannot be met is in the measures and in `lacks`.

    Args:
        roll: what was announced.
        seed_entry: number of the entry of the public record whose hash is the seed's source.
        entry_hash: its hash.
        away: ids of candidates who can no longer serve.

    Equal arguments give an equal draw, in whatever order the rows stand. Considered are, of those
    who may serve a turn, twice as many from the front of the line as there are places, and 20,
    and as many of its skilled and experienced; all, where places stay open. `proved` says that
    no better draw exists among them.
    """
    line = Line(roll, seed_of(entry_hash, roll.round_number), away)
    places, proved = _within(line, _front(line, REACH))
    if line.measures(places).open_places and len(line.candidates) > REACH:
        wider, wider_proved = _within(line, _front(line, len(line.candidates)))
        if line.measures(wider) < line.measures(places):
            places, proved = wider, wider_proved
    return Drawn(
        roll=roll,
        seed_entry=seed_entry,
        entry_hash=entry_hash,
        away=away,
        places=tuple(sorted(places)),
        measures=line.measures(places),
        proved=proved,
    )


def _front(line: Line, reach: int) -> Front:
    """By turn, who is considered: the front of the line, and of its skilled and experienced."""
    in_line = [
        line.candidates[id] for id in sorted(line.candidates, key=lambda id: line.order[id, 1])
    ]
    asked = 2 * sum(turn.people for turn in line.turns) + reach
    in_shifts = any(each.shifts for each in in_line)

    def circle_of(turn: Turn) -> tuple[object, ...]:
        time = (turn.starts % WEEK, turn.minutes) if in_shifts else ()
        return (turn.region, turn.enterprise, turn.skill, *time)

    found: dict[tuple[object, ...], list[str]] = {}
    for turn in line.turns:
        circle = circle_of(turn)
        if circle in found:
            continue
        may = [each for each in in_line if each.may_serve(turn)]
        skilled = [each for each in may if turn.skill in each.skills]
        experienced = [each for each in may if each.served]
        front = {each.id for each in (*may[:asked], *skilled[:asked], *experienced[:asked])}
        found[circle] = [each.id for each in may if each.id in front]
    return {turn.id: found[circle_of(turn)] for turn in line.turns}


def _within(line: Line, front: Front) -> tuple[list[Pair], bool]:
    counted = _Count(line, front).places()
    best = line.measures(counted)
    # Nobody nearer to the front could serve, so their excess is the least there is, too.
    if (best.open_places, best.unmet, best.line) == (0, _unavoidable(line, front), line.least):
        return counted, True
    solved, proved = _Programme(line, front, counted).places()
    return (solved, proved) if line.measures(solved) <= best else (counted, False)


def _unavoidable(line: Line, front: Front) -> int:
    """How many mixes nobody considered could meet."""
    known = {skill for each in line.candidates.values() for skill in each.skills}
    served = {id for id, each in line.candidates.items() if each.served}
    return sum(
        (turn.skill is not None and turn.skill not in known)
        + (turn.mixed and served.isdisjoint(front[turn.id]))
        for turn in line.turns
    )


@dataclass
class _Count:
    """Turn by turn, the most particular first, each place goes to the first who can take it."""

    line: Line
    front: Front
    serves: defaultdict[str, list[Turn]] = field(default_factory=lambda: defaultdict(list))

    def places(self) -> list[Pair]:
        turns = sorted(
            self.line.turns,
            key=lambda turn: (
                len(self.front[turn.id]),
                turn.skill is None,
                lot(self.line.seed, turn.service, turn.id),
            ),
        )
        return [(turn.id, each.id) for turn in turns for each in self._serving(turn)]

    def _serving(self, turn: Turn) -> list[Candidate]:
        serving: list[Candidate] = []
        while len(serving) < turn.people:
            free = [
                self.line.candidates[id]
                for id in self.front[turn.id]
                if self._is_free(self.line.candidates[id], turn)
            ]
            crowd = Counter(each.enterprise for each in serving)
            mixed = [
                each
                for each in free
                if each.enterprise is None or crowd[each.enterprise] < turn.most_of_an_enterprise
            ]
            if turn.skill and not any(turn.skill in each.skills for each in serving):
                mixed = [each for each in mixed if turn.skill in each.skills] or mixed
            elif (
                turn.mixed
                and len(serving) == turn.people - 1
                and not any(each.served for each in serving)
            ):
                mixed = [each for each in mixed if each.served] or mixed
            first = min(mixed or free, key=self._place, default=None)
            if first is None:
                break
            serving.append(first)
            self.serves[first.id].append(turn)
        return serving

    def _is_free(self, candidate: Candidate, turn: Turn) -> bool:
        serves = self.serves[candidate.id]
        return len(serves) < self.line.roll.most_turns and not any(
            too_close(turn, other) for other in serves
        )

    def _place(self, candidate: Candidate) -> int:
        return self.line.order[candidate.id, len(self.serves[candidate.id]) + 1]


class _Programme:
    """The draw as a programme over who serves which turn, solved for one measure after another."""

    def __init__(self, line: Line, front: Front, start: Sequence[Pair]) -> None:
        self.line = line
        self.model = cp_model.CpModel()
        self.serves = {
            (turn.id, id): self.model.new_bool_var(f"{turn.id} {id}")
            for turn in line.turns
            for id in front[turn.id]
        }
        self.considered = sorted({id for _, id in self.serves})
        self.goals = [self._open_places(), self._unmet(), self._excess(), self._places_in_line()]
        self.start = set(start)

    def places(self) -> tuple[list[Pair], bool]:
        """Places, and whether each measure was proved to be as small as it can be."""
        solver = cp_model.CpSolver()
        solver.parameters.num_workers = 1
        solver.parameters.random_seed = 1
        solver.parameters.max_deterministic_time = EFFORT
        proved = True
        found = self.start
        for goal in self.goals:
            self.model.clear_hints()  # type: ignore[no-untyped-call]
            for pair, serves in self.serves.items():
                self.model.add_hint(serves, pair in found)
            self.model.minimize(goal)
            status = solver.solve(self.model)
            if status not in (cp_model.OPTIMAL, cp_model.FEASIBLE):
                return sorted(found), False
            proved = proved and status == cp_model.OPTIMAL
            found = {pair for pair, serves in self.serves.items() if solver.value(serves)}
            self.model.add(goal <= round(solver.objective_value))
        return sorted(found), proved

    def _open_places(self) -> cp_model.LinearExprT:
        """sum over turns of (people - those who serve) >= 0; nobody serves without rest."""
        for turn in self.line.turns:
            self.model.add(sum(self._on(turn).values()) <= turn.people)
        close = [pair for pair in combinations(self.line.turns, 2) if too_close(*pair)]
        for one, other in close:
            on_other = self._on(other)
            for id, serves in self._on(one).items():
                if id in on_other:
                    self.model.add_at_most_one(serves, on_other[id])
        return sum(turn.people for turn in self.line.turns) - sum(self.serves.values())

    def _unmet(self) -> cp_model.LinearExprT:
        """1 for each turn without the skill, 1 without experience, 1 for each beyond the half."""
        unmet: list[cp_model.LinearExprT] = []
        for turn in self.line.turns:
            on = {self.line.candidates[id]: serves for id, serves in self._on(turn).items()}
            if turn.mixed:
                without = self.model.new_bool_var("")
                self.model.add(sum(x for each, x in on.items() if each.served) + without >= 1)
                unmet.append(without)
            if turn.skill is not None:
                unskilled = self.model.new_bool_var("")
                has = (x for each, x in on.items() if turn.skill in each.skills)
                self.model.add(sum(has) + unskilled >= 1)
                unmet.append(unskilled)
            crowds = defaultdict(list)
            for each, serves in on.items():
                if each.enterprise is not None:
                    crowds[each.enterprise].append(serves)
            for crowd in crowds.values():
                if len(crowd) > turn.most_of_an_enterprise:
                    beyond = self.model.new_int_var(0, turn.people, "")
                    self.model.add(sum(crowd) - beyond <= turn.most_of_an_enterprise)
                    unmet.append(beyond)
        return sum(unmet)

    def _excess(self) -> cp_model.LinearExprT:
        """Served and drawn minutes - share <= excess, for everyone who serves."""
        minutes = {turn.id: turn.minutes for turn in self.line.turns}
        drawn: defaultdict[str, list[cp_model.LinearExprT]] = defaultdict(list)
        for (turn, id), serves in self.serves.items():
            drawn[id].append(minutes[turn] * serves)
        before = {
            id: self.line.candidates[id].served - self.line.shares[id] for id in self.considered
        }
        most = sum(minutes.values())
        low = min([0, *before.values()])
        excess = self.model.new_int_var(low, max([0, *before.values()]) + most, "excess")
        self.times: dict[tuple[str, int], cp_model.IntVar] = {}
        for id in self.considered:
            for number in range(1, self.line.roll.most_turns + 1):
                self.times[id, number] = self.model.new_bool_var(f"{id} {number}")
            times = [self.times[id, n] for n in range(1, self.line.roll.most_turns + 1)]
            for earlier, later in pairwise(times):
                self.model.add_implication(later, earlier)
            drawn_for = [x for (_, who), x in self.serves.items() if who == id]
            self.model.add(sum(drawn_for) == sum(times))
            self.model.add(before[id] + sum(drawn[id]) <= excess).only_enforce_if(times[0])
        return excess

    def _places_in_line(self) -> cp_model.LinearExprT:
        """sum of the place in the line of each one's first turn, second turn and so on."""
        return sum(self.line.order[key] * times for key, times in self.times.items())

    def _on(self, turn: Turn) -> dict[str, cp_model.IntVar]:
        return {id: x for (on, id), x in self.serves.items() if on == turn.id}
