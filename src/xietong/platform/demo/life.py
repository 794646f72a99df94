"""Lives in the demo country: each step calls the action that a person's click would call.

Every step skips what has been done already, so that a demo stopped anywhere goes on where it
was; every draw is seeded by round and step.
"""

from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass
from decimal import ROUND_DOWN, Decimal
from queue import Queue
from threading import Thread
from typing import Protocol, TypeVar
from uuid import NAMESPACE_OID, UUID, uuid5

import numpy as np
from django.db import connection
from django.db.models.functions import Coalesce

from xietong.platform.credits import actions as credits
from xietong.platform.credits import queries as credit_queries
from xietong.platform.credits.models import Account
from xietong.platform.decisions import actions as decisions
from xietong.platform.decisions.models import Ballot, Motion
from xietong.platform.enterprises import actions as enterprises
from xietong.platform.enterprises import queries as enterprise_queries
from xietong.platform.enterprises.models import (
    Enterprise,
    Membership,
    Report,
    Task,
    TechniqueProduct,
)
from xietong.platform.labour import actions as labour
from xietong.platform.labour.models import WorkRecord
from xietong.platform.needs import actions as needs
from xietong.platform.needs import queries as need_queries
from xietong.platform.needs.models import Collection, CommonShare, OrderBook, OrderLine
from xietong.platform.people.models import Duty, Ground, Person
from xietong.platform.products.models import Product
from xietong.platform.record import actions as record
from xietong.platform.rounds import actions as rounds
from xietong.platform.rounds.models import Round

from . import assumptions as assumed
from .country import SIGN_INS
from .wishes import Wishes

THOUSANDTH = Decimal("0.001")
WORKERS = 3  # persons acting at once
T = TypeVar("T")


class Track(Protocol):
    """Goes through the items, showing how far it is under the title."""

    def __call__(self, items: Sequence[T], title: str, /) -> Iterable[T]: ...


VISITORS = frozenset(person.username for person in SIGN_INS)


@dataclass(frozen=True)
class Draw:
    """Random numbers of one step of one round, the same whatever was done before."""

    round_number: int
    step: str

    @property
    def rng(self) -> np.random.Generator:
        return np.random.default_rng([assumed.SEED, self.round_number, *self.step.encode()])

    def key(self, *of: object) -> UUID:
        return uuid5(NAMESPACE_OID, "/".join(map(str, (self.round_number, self.step, *of))))


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
    _hurry()
    while (number := 1 + Round.objects.filter(state=Round.State.CLOSED).count()) <= closed:
        _begin(number, wishes, track)
        _produce(number, track, tranches=(1, 2))
        _work(number, track, weeks=range(1, assumed.WEEKS_WORKED + 1))
        _deliver(number, "public")
        _collect(number, track, share=1.0)
        _deliver(number, "reserve")
        rounds.close(_planner(), number=number)
        record.sequence()
    _set_the_scene(number, wishes, track)


def _hurry() -> None:
    """Let the disk follow when it can: a demo that loses power is played on from where it was."""
    with connection.cursor() as cursor:
        cursor.execute("SET synchronous_commit = off")


def _set_the_scene(number: int, wishes: Wishes, track: Track) -> None:
    _begin(number, wishes, track)
    _produce(number, track, tranches=(1,))
    _work(number, track, weeks=range(1, 3))
    _log(number, week=3)
    _collect(number, track, share=0.4)
    _draft(number + 1, wishes, track)
    _vote(number + 1, track, turnout=0.3)
    _order(number + 2, wishes, track, share=0.3)
    record.sequence()


def _begin(number: int, wishes: Wishes, track: Track) -> None:
    """Bring a round to its running phase."""
    _draft(number, wishes, track)
    if Round.objects.get(number=number).state == Round.State.DECIDING:
        _vote(number, track, turnout=assumed.TURNOUT)
        rounds.end_vote(_planner(), number=number)


def _draft(number: int, wishes: Wishes, track: Track) -> None:
    """Bring a round to its vote."""
    if Round.objects.get(number=number).state == Round.State.GATHERING:
        _order(number, wishes, track, share=1.0)
        rounds.begin_drafting(_planner(), number=number)
    if Round.objects.get(number=number).state == Round.State.DRAFTING:
        for _ in track([number], f"Round {number}: planning"):
            if rounds.draft(number) is None:
                raise RuntimeError(Round.objects.get(number=number).trouble)


def _planner() -> Person:
    return Person.objects.get(duties__kind=Duty.Kind.PLANNING, duties__until__isnull=True)


def _at_once(act: Callable[[T], None], items: Sequence[T], track: Track, title: str) -> None:
    """Let several people act at the same time, as they would."""
    done: Queue[Exception | None] = Queue()

    def one_after_another(stripe: Sequence[T]) -> None:
        try:
            _hurry()
            for item in stripe:
                act(item)
                done.put(None)
        except Exception as error:
            done.put(error)
        finally:
            connection.close()

    crowd = [
        Thread(target=one_after_another, args=(items[first::WORKERS],), daemon=True)
        for first in range(WORKERS)
    ]
    for thread in crowd:
        thread.start()
    for _ in track(items, title):
        if error := done.get():
            raise error
    for thread in crowd:
        thread.join()


def _order(number: int, wishes: Wishes, track: Track, *, share: float) -> None:
    """People place their orders; visitors keep an empty basket in the round that is left open."""
    everyone = list(Person.objects.filter(left_at__isnull=True).order_by("id"))
    draw = Draw(number, "order")
    rng = draw.rng
    orders = wishes.drawn(everyone, rng)
    comes = rng.random(len(everyone)) < share
    ordered = set(
        OrderLine.objects.filter(book_id=number, carried=0).values_list("person_id", flat=True)
    )
    coming = [
        (person, order)
        for person, order, here in zip(everyone, orders, comes, strict=True)
        if order
        and person.id not in ordered
        and (share == 1.0 or (here and person.username not in VISITORS))
    ]

    def place(item: tuple[Person, dict[str, int]]) -> None:
        person, order = item
        terms = need_queries.terms(person, number, list(order))
        needs.place_order(
            person,
            quantities={
                product: quantity if (most := terms[product].limit) is None else min(quantity, most)
                for product, quantity in order.items()
            },
        )

    _at_once(place, coming, track, f"Round {number}: people order")


def _vote(number: int, track: Track, *, turnout: float) -> None:
    motion = Motion.objects.get(round__number=number)
    draw = Draw(number, "vote")
    rng = draw.rng
    voted = set(Ballot.objects.filter(motion=motion).values_list("person_id", flat=True))
    entitled = list(
        Person.objects.filter(left_at__isnull=True)
        .exclude(ground=Ground.CHILD)
        .exclude(username__in=VISITORS)
        .order_by("id")
    )
    keys = list(motion.options.order_by("order").values_list("key", flat=True))
    chances = [assumed.APPROVAL.get(key, 0.5) for key in keys]
    ballots = []
    for person in entitled:
        comes = rng.random() < turnout
        likes = [key for key, chance in zip(keys, chances, strict=True) if rng.random() < chance]
        if comes and likes and person.id not in voted:
            ballots.append((person, likes))

    def cast(item: tuple[Person, list[str]]) -> None:
        person, choices = item
        decisions.cast_ballot(person, motion=motion, choices=choices)

    _at_once(cast, ballots, track, f"Round {number}: people vote")


def _produce(number: int, track: Track, *, tranches: Sequence[int]) -> None:
    """Enterprises report what they made, then what they used, in two halves of the round."""
    luck = _luck(number)
    plans = {
        side: _planned(number, side)
        for side in (TechniqueProduct.Side.OUTPUT, TechniqueProduct.Side.INPUT)
    }
    speakers = _speakers()
    places = Enterprise.objects.in_bulk(list(luck))
    half = Decimal("0.5")
    for tranche in tranches:
        draw = Draw(number, f"produce-{tranche}")
        busy = sorted(luck)
        for enterprise in track(busy, f"Round {number}: enterprises produce ({tranche} of 2)"):
            made = _scaled(
                plans[TechniqueProduct.Side.OUTPUT].get(enterprise, {}), half * luck[enterprise]
            )
            if made:
                enterprises.report_output(
                    speakers[enterprise][0],
                    enterprise=places[enterprise],
                    quantities=made,
                    note="",
                    key=draw.key(enterprise, "output"),
                )
        for enterprise in busy:
            used = _scaled(
                plans[TechniqueProduct.Side.INPUT].get(enterprise, {}), half * luck[enterprise]
            )
            _use(speakers[enterprise][0], places[enterprise], used, draw.key(enterprise, "use"))


def _use(by: Person, enterprise: Enterprise, wanted: Mapping[str, Decimal], key: UUID) -> None:
    """Draw what production takes, or what there is of it; once, whatever lies in store by now."""
    if Report.objects.filter(id=key).exists():
        return
    there = enterprise_queries.stock_by_product(list(wanted))
    drawn = {
        product: least
        for product, quantity in wanted.items()
        if (least := min(quantity, there.get(product, Decimal(0)))) > 0
    }
    if drawn:
        enterprises.report_use(by, enterprise=enterprise, quantities=drawn, note="", key=key)


def _luck(number: int) -> dict[str, Decimal]:
    busy = sorted(
        set(Task.objects.filter(dispatch_id=number).values_list("enterprise_id", flat=True))
    )
    yields = np.clip(Draw(number, "luck").rng.normal(1.0, assumed.LUCK, len(busy)), 0.9, 1.05)
    return {
        enterprise: Decimal(str(round(share, 4)))
        for enterprise, share in zip(busy, yields, strict=True)
    }


def _planned(number: int, side: TechniqueProduct.Side) -> dict[str, dict[str, Decimal]]:
    """By enterprise and product: what the tasks of a round give or take."""
    runs = dict(Task.objects.filter(dispatch_id=number).values_list("technique_id", "runs"))
    planned: dict[str, dict[str, Decimal]] = {}
    for enterprise, technique, product, quantity in TechniqueProduct.objects.filter(
        side=side, technique__in=runs
    ).values_list("technique__enterprise_id", "technique_id", "product_id", "quantity"):
        by_product = planned.setdefault(enterprise, {})
        by_product[product] = by_product.get(product, Decimal(0)) + quantity * runs[technique]
    return planned


def _scaled(quantities: Mapping[str, Decimal], by: Decimal) -> dict[str, Decimal]:
    scaled = {
        product: (quantity * by).quantize(THOUSANDTH, ROUND_DOWN)
        for product, quantity in sorted(quantities.items())
    }
    return {product: quantity for product, quantity in scaled.items() if quantity > 0}


def _speakers() -> dict[str, list[Person]]:
    """The members of each enterprise, longest there first."""
    members: dict[str, list[Person]] = {}
    for membership in (
        Membership.objects.filter(until__isnull=True).select_related("person").order_by("id")
    ):
        members.setdefault(membership.enterprise_id, []).append(membership.person)
    return members


def _work(number: int, track: Track, *, weeks: Sequence[int]) -> None:
    """Teams log their hours week by week; another member certifies them."""
    members = _speakers()
    for week in track(weeks, f"Round {number}: people work"):
        _log(number, week=week)
        for team in members.values():
            _certify(number, week, team)


def _log(number: int, *, week: int) -> None:
    luck = _luck(number)
    members = _speakers()
    managers = set(
        Membership.objects.filter(manages=True, until=None).values_list("person_id", flat=True)
    )
    logged = set(
        WorkRecord.objects.filter(dispatch_id=number, week=week).values_list(
            "enterprise_id", flat=True
        )
    )
    hours: dict[str, Decimal] = {}
    for enterprise, planned in Task.objects.filter(dispatch_id=number).values_list(
        "enterprise_id", "hours"
    ):
        hours[enterprise] = hours.get(enterprise, Decimal(0)) + planned
    for enterprise, planned in sorted(hours.items()):
        team = members[enterprise]
        minutes = int(planned * luck[enterprise] * 60 / len(team) / assumed.WEEKS_WORKED)
        if enterprise not in logged and minutes > 0:
            labour.log_team_hours(
                team[0],
                week=week,
                minutes={person.id: minutes for person in team},
                line={
                    person.id: int(minutes * assumed.LINE_SHARE)
                    for person in team
                    if person.id in managers
                },
            )


def _certify(number: int, week: int, team: Sequence[Person]) -> None:
    waiting = list(
        WorkRecord.objects.filter(
            dispatch_id=number, week=week, person__in=team, certified_by__isnull=True
        ).values_list("id", "person_id")
    )
    for certifier, other in ((team[0], team[1]), (team[1], team[0])):
        mine = [
            record_id
            for record_id, person in waiting
            if person != certifier.id and (certifier == team[0] or person == other.id)
        ]
        if mine:
            credits.certify_and_issue(certifier, records=mine)


def _deliver(number: int, tier: str) -> None:
    """Bring common needs what the plan promised them, as far as it is there."""
    waiting = CommonShare.objects.filter(
        book_id=number, need__tier=tier, delivered=0, allotted__gt=0
    )
    needs.deliver_common(number, dict(waiting.values_list("need_id", "allotted")))


def _collect(number: int, track: Track, *, share: float) -> None:
    """People fetch what they were promised, basic needs first, as far as their credits go."""
    prices = credit_queries.price_list(number)
    free = set(Product.objects.exclude(mode=Product.Mode.CREDITS).values_list("code", flat=True))
    balances = dict(Account.objects.values_list("person_id", "balance"))
    been = set(Collection.objects.filter(book_id=number).values_list("person_id", flat=True))
    promised: dict[UUID, list[tuple[str, int]]] = {}
    for person_id, product, quantity in (
        OrderLine.objects.filter(book_id=number, allotted__gt=0)
        .order_by("person_id", "product__tier", "product_id")
        .values_list("person_id", "product_id", Coalesce("allotted", 0))
    ):
        promised.setdefault(person_id, []).append((product, quantity))
    draw = Draw(number, "collect")
    people = list(Person.objects.filter(left_at__isnull=True).order_by("id"))
    order = draw.rng.permutation(len(people))
    comes = draw.rng.random(len(people)) < share
    coming = [
        people[at]
        for at in order
        if people[at].id in promised
        and people[at].id not in been
        and (share == 1.0 or (comes[at] and people[at].username not in VISITORS))
    ]

    def fetch(person: Person) -> None:
        purse = balances.get(person.id, 0)
        wanted: dict[str, int] = {}
        for product, quantity in promised[person.id]:
            if product in free:
                wanted[product] = quantity
                continue
            affordable = min(quantity, purse // prices[product])
            if affordable:
                wanted[product] = affordable
                purse -= affordable * prices[product]
        if wanted:
            needs.collect(person, quantities=wanted, key=draw.key(person.id))

    _at_once(fetch, coming, track, f"Round {number}: people collect")
