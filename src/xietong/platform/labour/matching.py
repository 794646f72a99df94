"""Who is offered which work: wishes and fitness together as well met as can be.

An assignment problem, solved as a flow of least cost (Ford and Fulkerson, 1956; the cost-scaling
algorithm of Goldberg, 1997, in OR-tools): the sum of all points is the greatest possible. Everyone
willing is offered something: where there are fewer places than hands, places are shared.

Rules that anyone can apply again:

- points of a match = `CHOICE` by the rank of the choice (or `ANYTHING`) + `FIT` by fitness + `NEAR`
  where the person lives, and wherever they chose or would move to: so work of the own region comes
  first, however fit somebody is for other work, and yet nobody goes without;
- between equal sums, those who have waited longer lose less, then a lot from the seed decides;
- with more hands than places, the open minutes are divided, the largest share first, down to
  `SHORTEST` a week; then the hours of whole teams are, where each has most.
"""

from collections import defaultdict
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from enum import StrEnum
from fractions import Fraction
from hashlib import sha256
from heapq import heapify, heapreplace
from itertools import count

from ortools.graph.python.min_cost_flow import SimpleMinCostFlow

CHOICE = (100, 80, 65, 55, 50)
ANYTHING = 30
NEAR = 100
SHORTEST = 4 * 60
LONGEST_WAIT = 7
LOTS = 16
ANYWHERE = ""


class Fitness(StrEnum):
    CONFIRMED = "confirmed"
    STATED = "stated"
    NEEDLESS = "needless"
    LEARNS = "learns"
    NONE = "none"


FIT = {
    Fitness.CONFIRMED: 60,
    Fitness.STATED: 40,
    Fitness.NEEDLESS: 40,
    Fitness.LEARNS: 25,
    Fitness.NONE: 0,
}
MOST = CHOICE[0] + FIT[Fitness.CONFIRMED] + NEAR


class Distance(StrEnum):
    """How far the work is from home, and why it may be far; "" where no home is known."""

    NEAR = "near"
    CHOSEN = "chosen"
    MOVES = "moves"
    FAR = "far"
    UNKNOWN = ""


class Why(StrEnum):
    """Why a choice went elsewhere."""

    CLOSED = "closed"
    SKILL = "skill"
    CHOICE = "choice"
    WAITING = "waiting"
    LOT = "lot"
    SUM = "sum"


@dataclass(frozen=True, slots=True, order=True)
class Seat:
    """Minutes a week in the rounds r with r mod `turns` = `turn`."""

    minutes: int
    turns: int = 1
    turn: int = 0


@dataclass(frozen=True, slots=True)
class Opening:
    """A post: its free seats, the free minutes they are cut from if these can be cut anew, the
    minutes a week the plan needs, how many have this work already, and its region.
    """

    id: str
    skill: str | None
    seats: tuple[Seat, ...] = ()
    vacant: int = 0
    needed: int = 0
    holders: int = 0
    region: str | None = None


@dataclass(frozen=True, slots=True)
class Hand:
    """Somebody who wants at most `minutes` a week.

    `choices` are posts, the dearest first; `skills` says of each whether it is confirmed;
    `waiting` counts weeks; `home` is a region, if it is known; `moves`: gladly to any other.
    """

    id: str
    minutes: int
    choices: tuple[str, ...] = ()
    skills: Mapping[str, bool] = field(default_factory=dict)
    learns: bool = False
    anything: bool = False
    waiting: int = 0
    home: str | None = None
    moves: bool = False


@dataclass(frozen=True, slots=True)
class Match:
    """What a hand is offered. `shares`: beyond the plan's hours; `lost`: (post, why) of each
    choice dearer than this one; `choice` counts from 1.
    """

    hand: str
    opening: str
    seat: Seat
    shares: bool
    choice: int | None
    fitness: Fitness
    lost: tuple[tuple[str, Why], ...]
    distance: Distance = Distance.UNKNOWN


def fitness(hand: Hand, opening: Opening) -> Fitness:
    if opening.skill is None:
        return Fitness.NEEDLESS
    confirmed = hand.skills.get(opening.skill)
    if confirmed is not None:
        return Fitness.CONFIRMED if confirmed else Fitness.STATED
    return Fitness.LEARNS if hand.learns else Fitness.NONE


def distance(hand: Hand, opening: Opening) -> Distance:
    if hand.home is None or opening.region is None:
        return Distance.UNKNOWN
    if hand.home == opening.region:
        return Distance.NEAR
    if opening.id in hand.choices:
        return Distance.CHOSEN
    return Distance.MOVES if hand.moves else Distance.FAR


def points(hand: Hand, opening: Opening) -> int:
    """How well the opening meets the hand's wishes, skills and home, from 0 to `MOST`."""
    fit = FIT[fitness(hand, opening)] + NEAR * (distance(hand, opening) != Distance.FAR)
    if opening.id in hand.choices:
        return CHOICE[hand.choices.index(opening.id)] + fit
    return ANYTHING * hand.anything + fit


def match(hands: Iterable[Hand], openings: Iterable[Opening], seed: str) -> list[Match]:
    """What each hand is offered, ordered by hand.

    The order in which hands and openings are given does not matter. Somebody is left without an
    offer only if no opening has free seats or needs any work.
    """
    hands = list(hands)
    lots = {hand.id: sha256(f"{seed}/{hand.id}".encode()).hexdigest() for hand in hands}
    queue = sorted(hands, key=lambda hand: lots[hand.id])
    posts = {opening.id: opening for opening in sorted(openings, key=lambda opening: opening.id)}
    divided, room = rooms(list(posts.values()), len(queue))
    given = _assigned(queue, posts, room, lots)
    taken: dict[str, list[Hand]] = defaultdict(list)
    for hand in queue:
        if hand.id in given:
            taken[given[hand.id]].append(hand)
    found = []
    for post, those in taken.items():
        opening = posts[post]
        those.sort(key=lambda hand: (-hand.minutes, -hand.waiting, lots[hand.id]))
        shares = len(those) > divided[post]
        for hand, seat in zip(those, _seats(opening, len(those), shares), strict=True):
            found.append(
                Match(
                    hand=hand.id,
                    opening=post,
                    seat=Seat(min(seat.minutes, hand.minutes), seat.turns, seat.turn),
                    shares=shares,
                    choice=hand.choices.index(post) + 1 if post in hand.choices else None,
                    fitness=fitness(hand, opening),
                    lost=_lost(hand, post, posts, taken, lots),
                    distance=distance(hand, opening),
                )
            )
    return sorted(found, key=lambda match: match.hand)


def rooms(openings: Sequence[Opening], hands: int) -> tuple[dict[str, int], dict[str, int]]:
    """How many each opening can take: out of its free minutes, and with its team's hours shared."""
    room = {opening.id: len(opening.seats) for opening in openings}
    missing = hands - sum(room.values())

    def divide(largest: list[tuple[Fraction, str, Opening]], least: int, others: bool) -> None:
        nonlocal missing
        heapify(largest)
        while largest and missing > 0:
            share, _, opening = largest[0]
            if -share < least:
                return
            room[opening.id] += 1
            missing -= 1
            heapreplace(largest, _share(opening, room[opening.id], others))

    divide([_share(one, room[one.id], False) for one in openings if one.vacant], SHORTEST, False)
    divided = dict(room)
    divide([_share(one, room[one.id], True) for one in openings if one.needed], 1, True)
    return divided, room


def _share(opening: Opening, room: int, others: bool) -> tuple[Fraction, str, Opening]:
    """What one more would have there; negative, so that a heap has the largest on top."""
    minutes, hands = (
        (opening.needed, opening.holders + room + 1) if others else (opening.vacant, room + 1)
    )
    return Fraction(-minutes, hands), opening.id, opening


def _seats(opening: Opening, hands: int, shares: bool) -> list[Seat]:
    if shares:
        return [Seat(max(opening.needed // (opening.holders + hands), 1))] * hands
    if hands > len(opening.seats):
        return [Seat(opening.vacant // hands)] * hands
    return sorted(opening.seats, key=lambda seat: (-seat.minutes, seat.turn))[:hands]


def _assigned(
    queue: Sequence[Hand],
    posts: Mapping[str, Opening],
    room: Mapping[str, int],
    lots: Mapping[str, str],
) -> dict[str, str]:
    """By hand, the opening of the assignment with the greatest sum of points."""
    open_posts = [post for post in posts if room[post]]
    if not queue or not open_posts:
        return {}
    node = {post: place for place, post in enumerate(open_posts, start=len(queue))}
    sink = len(queue) + len(open_posts)
    # Between a hand and what it did not choose stand skills and regions: few arcs, not all pairs.
    ways = _Ways([posts[post] for post in open_posts], first=sink + 1)
    flow = SimpleMinCostFlow()
    scale = len(queue) * MOST * LOTS * (LONGEST_WAIT + 1) + 1
    for place, hand in enumerate(queue):
        flow.set_node_supply(place, 1)
        weight = min(hand.waiting, LONGEST_WAIT) * LOTS + int(lots[hand.id][0], 16)

        def arc(head: int, worth: int, place: int = place, weight: int = weight) -> None:
            cost = (MOST - worth) * (scale + weight)
            flow.add_arc_with_capacity_and_unit_cost(place, head, 1, cost)

        for post in hand.choices:
            if post in node:
                arc(node[post], points(hand, posts[post]))
        bare = ANYTHING * hand.anything
        for region, near in ways.regions_of(hand):
            here = bare + NEAR * near
            for skill in ways.skills:
                if skill is None:
                    arc(ways.node[skill, region], here + FIT[Fitness.NEEDLESS])
                elif skill in hand.skills:
                    known = Fitness.CONFIRMED if hand.skills[skill] else Fitness.STATED
                    arc(ways.node[skill, region], here + FIT[known])
            unlike = FIT[Fitness.LEARNS if hand.learns else Fitness.NONE]
            arc(ways.unlike[region], here + unlike)
    for tail, head in ways.arcs(node):
        flow.add_arc_with_capacity_and_unit_cost(tail, head, len(queue), 0)
    for post in open_posts:
        flow.add_arc_with_capacity_and_unit_cost(node[post], sink, room[post], 0)
    flow.set_node_supply(sink, -len(queue))
    status = flow.solve_max_flow_with_min_cost()
    if status != flow.OPTIMAL:
        raise ArithmeticError(f"the matching of {len(queue)} hands was not solved: {status}")
    return _paths(flow, queue, {place: post for post, place in node.items()})


class _Ways:
    """Nodes for each skill in each region, and in all: to them leads what a hand did not choose."""

    def __init__(self, openings: Sequence[Opening], first: int) -> None:
        self.openings = openings
        self.skills = list(dict.fromkeys(opening.skill for opening in openings))
        regions = dict.fromkeys(opening.region for opening in openings)
        self.regions = [ANYWHERE, *(region for region in regions if region is not None)]
        numbers = count(first)
        self.node = {
            (skill, region): next(numbers) for skill in self.skills for region in self.regions
        }
        self.unlike = {region: next(numbers) for region in self.regions}

    def regions_of(self, hand: Hand) -> list[tuple[str, bool]]:
        """Where a hand can go, and whether it gladly goes there."""
        if hand.home is None or hand.moves:
            return [(ANYWHERE, True)]
        return [(ANYWHERE, False), *((hand.home, True) for _ in [0] if hand.home in self.regions)]

    def arcs(self, node: Mapping[str, int]) -> Iterator[tuple[int, int]]:
        """From the nodes for skills to those of posts."""
        for opening in self.openings:
            near = self.regions if opening.region is None else (ANYWHERE, opening.region)
            for region in near:
                yield self.node[opening.skill, region], node[opening.id]
        for skill, region in self.node:
            if skill is not None:
                yield self.unlike[region], self.node[skill, region]


def _paths(
    flow: SimpleMinCostFlow, queue: Sequence[Hand], posts: Mapping[int, str]
) -> dict[str, str]:
    """By hand, the opening at which its unit of the flow arrives; who has waited longest first."""
    ways: dict[int, dict[int, int]] = defaultdict(dict)
    for arc in range(flow.num_arcs()):
        if amount := flow.flow(arc):
            ways[flow.tail(arc)][flow.head(arc)] = amount
    given = {}
    for place, hand in sorted(enumerate(queue), key=lambda placed: -placed[1].waiting):
        here = place
        while here not in posts and ways[here]:
            there, amount = next(iter(ways[here].items()))
            if amount == 1:
                del ways[here][there]
            else:
                ways[here][there] -= 1
            here = there
        if here in posts:
            given[hand.id] = posts[here]
    return given


def _lost(
    hand: Hand,
    post: str,
    posts: Mapping[str, Opening],
    taken: Mapping[str, Sequence[Hand]],
    lots: Mapping[str, str],
) -> tuple[tuple[str, Why], ...]:
    dearer = hand.choices[: hand.choices.index(post)] if post in hand.choices else hand.choices
    return tuple((choice, _why(hand, posts.get(choice), taken, lots)) for choice in dearer)


def _why(
    hand: Hand,
    opening: Opening | None,
    taken: Mapping[str, Sequence[Hand]],
    lots: Mapping[str, str],
) -> Why:
    """Why somebody else has this, told by whoever of them has the weakest claim to it."""
    if opening is None or not taken.get(opening.id):
        return Why.CLOSED
    weakest = min(
        taken[opening.id],
        key=lambda one: (points(one, opening), min(one.waiting, LONGEST_WAIT), lots[one.id]),
    )
    theirs, mine = points(weakest, opening), points(hand, opening)
    if theirs > mine:
        fitter = FIT[fitness(weakest, opening)] > FIT[fitness(hand, opening)]
        return Why.SKILL if fitter else Why.CHOICE
    if theirs < mine:
        return Why.SUM
    waited = min(weakest.waiting, LONGEST_WAIT), min(hand.waiting, LONGEST_WAIT)
    return Why.WAITING if waited[0] > waited[1] else Why.LOT if waited[0] == waited[1] else Why.SUM
