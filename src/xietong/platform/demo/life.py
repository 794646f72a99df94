"""Lives in the demo country: each step calls the action that a person's click would call.

Every step skips what has been done already, so that a demo stopped anywhere goes on where it
was; every draw is seeded by round and step.
"""

from xietong.platform.decisions.models import Motion
from xietong.platform.needs.models import OrderBook, OrderLine
from xietong.platform.record import actions as record
from xietong.platform.rounds import actions as rounds
from xietong.platform.rounds.dial import actions as dial
from xietong.platform.rounds.models import Round

from . import assumptions as assumed
from . import consumption, evenness, production, recognition, towards_need, work_places
from .steps import Draw, Track, hurry, planner
from .votes import cast
from .wishes import Wishes


def is_set(closed: int) -> bool:
    """Whether so many rounds are closed and the country is in the middle of the ones after."""
    return (
        Round.objects.filter(state=Round.State.CLOSED).count() >= closed
        and OrderLine.objects.filter(book__state=OrderBook.State.OPEN, carried=0).exists()
        and Round.objects.filter(state=Round.State.DECIDING).exists()
    )


def live(closed: int, wishes: Wishes, track: Track) -> None:
    """Play on until so many rounds are closed, then leave the country in the middle of things:
    a round running, the next before its vote, the one after that taking orders."""
    hurry()
    while (number := 1 + Round.objects.filter(state=Round.State.CLOSED).count()) <= closed:
        _begin(number, wishes, track)
        production.produce(number, track, whole=True)
        production.work(number, track, weeks=range(1, assumed.WEEKS_WORKED + 1))
        work_places.serve(number)
        consumption.deliver_common(number, "public")
        consumption.collect(number, track, share=1.0)
        consumption.deliver_common(number, "reserve")
        rounds.close(planner(), number=number)
        towards_need.go_on(number, track)
        record.sequence()
    _set_the_scene(number, wishes, track)


def _set_the_scene(number: int, wishes: Wishes, track: Track) -> None:
    _begin(number, wishes, track)
    production.produce(number, track, whole=False)
    production.work(number, track, weeks=range(1, 3))
    production.log_week(number, week=3)
    consumption.collect(number, track, share=0.4)
    _draft(number + 1, wishes, track)
    _vote(number + 1, track, turnout=0.3)
    work_places.announce(number + 1)
    consumption.order(number + 2, wishes, track, share=0.3)
    dial.answer(dial.ask(planner(), percent=assumed.DIAL, key=Draw(number, "dial").key()).id)
    record.sequence()


def _begin(number: int, wishes: Wishes, track: Track) -> None:
    """Bring a round to its running phase, with its turns drawn and its places of work offered."""
    work_places.announce(number)
    evenness.vote(number, track)
    _draft(number, wishes, track)
    if Round.objects.get(number=number).state == Round.State.DECIDING:
        _vote(number, track, turnout=assumed.TURNOUT)
        rounds.end_vote(planner(), number=number)
    work_places.draw(number)
    work_places.apply(number)
    recognition.claim(number)


def _draft(number: int, wishes: Wishes, track: Track) -> None:
    """Bring a round to its vote."""
    if Round.objects.get(number=number).state == Round.State.GATHERING:
        consumption.order(number, wishes, track, share=1.0)
        rounds.begin_drafting(planner(), number=number)
    if Round.objects.get(number=number).state == Round.State.DRAFTING:
        for _ in track([number], f"Round {number}: planning"):
            if rounds.draft(number) is None:
                raise RuntimeError(Round.objects.get(number=number).trouble)


def _vote(number: int, track: Track, *, turnout: float) -> None:
    motion = Motion.objects.get(round__number=number)
    cast(motion, Draw(number, "vote"), assumed.APPROVAL, turnout=turnout, track=track)
