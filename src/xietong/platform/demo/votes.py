"""People cast their ballots."""

from collections.abc import Mapping

from xietong.platform.decisions import actions as decisions
from xietong.platform.decisions.models import Ballot, Motion
from xietong.platform.people.models import Ground, Person

from .inhabitants import VISITORS
from .steps import Draw, Track, at_once, planner

LIKELY = 0.5


def cast(
    motion: Motion, draw: Draw, chances: Mapping[str, float], *, turnout: float, track: Track
) -> None:
    """Some of those entitled vote: each option finds their approval with its own chance."""
    rng = draw.rng
    voted = set(Ballot.objects.filter(motion=motion).values_list("person_id", flat=True))
    entitled = (
        Person.objects.filter(left_at__isnull=True)
        .exclude(ground=Ground.CHILD)
        .exclude(username__in=VISITORS)
        .order_by("id")
    )
    keys = list(motion.options.order_by("order").values_list("key", flat=True))
    likely = [chances.get(key, LIKELY) for key in keys]
    ballots = []
    for person in entitled:
        comes = rng.random() < turnout
        likes = [key for key, chance in zip(keys, likely, strict=True) if rng.random() < chance]
        if comes and likes and person.id not in voted:
            ballots.append((person, likes))

    def vote(item: tuple[Person, list[str]]) -> None:
        person, choices = item
        decisions.cast_ballot(person, motion=motion, choices=choices)

    at_once(vote, ballots, track, f"Round {draw.round_number}: people vote")


def decide(
    motion: Motion, draw: Draw, chances: Mapping[str, float], *, turnout: float, track: Track
) -> None:
    """Some vote, then the vote ends. One that is over already stays as it is."""
    if motion.state == Motion.State.OPEN:
        cast(motion, draw, chances, turnout=turnout, track=track)
        decisions.end_vote(planner(), motion=motion)
