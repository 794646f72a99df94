"""Eight processes at once on one account, on the last stock, and with the same requests again."""

import random
from collections import Counter
from decimal import Decimal
from typing import TYPE_CHECKING
from uuid import UUID, uuid4

import pytest

from xietong.platform.base import Rejected, again_after_conflict
from xietong.platform.credits import queries as credits
from xietong.platform.credits.models import Account, Entry
from xietong.platform.credits.rules import Refusal as CreditRefusal
from xietong.platform.enterprises.models import Movement
from xietong.platform.needs import actions
from xietong.platform.needs.models import Collection, CollectionLine, OrderLine
from xietong.platform.people.models import Person, Request
from xietong.platform.people.once import once

if TYPE_CHECKING:
    from tests.platform.conftest import Crowd
    from tests.platform.needs.conftest import Village

PROCESSES = 8
MUCH = 50_000

daily_and_long = pytest.mark.parametrize(
    "attempts", [400, pytest.param(5_000, marks=pytest.mark.long)]
)


@daily_and_long
def test_that_of_many_visits_at_once_on_one_account_none_is_lost_or_counted_twice(
    village: "Village", eight_at_once: "Crowd", attempts: int
) -> None:
    village.store(rice=MUCH)
    actions.place_order(village.ana, quantities={"rice": MUCH})
    village.run({"rice": MUCH})
    # Enough for about half of what they try to take.
    village.give(village.ana, attempts * 500)

    def act(number: int) -> list[tuple[UUID | None, int]]:
        """The visits that took place, and their units; None for one that was refused."""
        rng, made = random.Random(number), list[tuple[UUID | None, int]]()
        for _ in range(attempts // PROCESSES):
            units = rng.randint(1, 3)
            try:
                visit = actions.collect(village.ana, quantities={"rice": units}, key=uuid4())
                made.append((visit.id, units))
            except Rejected as refused:
                assert refused.reason == CreditRefusal.NOT_ENOUGH_CREDITS
                made.append((None, units))
        return made

    tried = [one for answer in answers_of(eight_at_once, act) for one in answer]
    assert len(tried) == attempts
    made = {visit: units for visit, units in tried if visit}
    entries = Entry.objects.filter(kind="consumption").values_list("source", "amount")
    assert dict(entries) == {visit: -500 * units for visit, units in made.items()}
    assert entries.count() == len(made)
    balance = credits.balance_of(village.ana)
    assert balance == attempts * 500 - 500 * sum(made.values())
    # Nobody was refused what the account could pay for.
    refused = [units for visit, units in tried if visit is None]
    assert 0 <= balance < 500 * min(refused)
    assert village.in_store("rice") == MUCH - sum(made.values())
    assert village.line(village.ana, "rice").collected == sum(made.values())


@daily_and_long
def test_that_of_many_visits_at_once_for_the_last_stock_none_takes_what_is_not_there(
    village: "Village", eight_at_once: "Crowd", attempts: int
) -> None:
    crowd = Person.objects.bulk_create(
        Person(username=f"p{number}", name=f"P {number}") for number in range(20)
    )
    there = {"rice": attempts // 2, "bread": attempts, "chair": 3}
    village.store(**there)
    for person in crowd:
        actions.place_order(person, quantities=dict.fromkeys(there, MUCH))
    village.run(dict.fromkeys(there, MUCH * len(crowd)))
    for person in crowd:
        village.give(person, 10**9)

    def act(number: int) -> list[tuple[UUID, int]]:
        rng, made = random.Random(number), list[tuple[UUID, int]]()
        for _ in range(attempts // PROCESSES):
            # In any order: those who come at once want the same goods in different orders.
            wanted = rng.sample(list(there), rng.randint(1, 3))
            visit = actions.collect(
                rng.choice(crowd),
                quantities={code: rng.randint(1, 3) for code in wanted},
                key=uuid4(),
            )
            made.append((visit.id, visit.cost))
        return made

    made = [one for answer in answers_of(eight_at_once, act) for one in answer]
    assert len(made) == attempts == Collection.objects.count()
    lines = CollectionLine.objects.values_list("product", "quantity", "cost")
    taken, cost = Counter[str](), 0
    for product, units, price in lines:
        taken[product] += units
        cost += price
    assert taken == there
    assert [village.in_store(code) for code in there] == [Decimal(0)] * 3
    moved = Movement.objects.filter(kind="collection").values_list("product", "quantity")
    left = Counter[str]()
    for product, quantity in moved:
        left[product] -= int(quantity)
    assert left == there
    assert cost == sum(cost for _, cost in made) == 500 * taken["rice"] + 8_000 * taken["chair"]
    paid = Entry.objects.filter(kind="consumption").values_list("source", "amount")
    assert dict(paid) == {visit: -cost for visit, cost in made if cost}
    assert not Account.objects.filter(balance__lt=0).exists()
    collected = Counter[str]()
    for product, units in OrderLine.objects.values_list("product", "collected"):
        collected[product] += units
    assert collected == there


@pytest.mark.parametrize(
    ("visits", "requests"), [(40, 2_400), pytest.param(1_000, 100_000, marks=pytest.mark.long)]
)
def test_that_visits_sent_again_and_again_take_place_once(
    village: "Village", eight_at_once: "Crowd", visits: int, requests: int
) -> None:
    persons = [village.ana, village.bruno, village.celia]
    village.store(rice=MUCH)
    village.orders(rice=MUCH)
    village.run({"rice": MUCH * 3})
    for person in persons:
        village.give(person, 10**9)
    sent = [(uuid4(), persons[number % 3], 1 + number % 4) for number in range(visits)]

    def act(number: int) -> dict[UUID, set[tuple[UUID, int]]]:
        """What each key was answered, if it was answered more than one thing too."""
        rng = random.Random(number)
        answers: dict[UUID, set[tuple[UUID, int]]] = {}
        # Each process sends every visit, and goes on until it has sent its share of all.
        for key, person, units in [*sent, *rng.choices(sent, k=requests // PROCESSES - visits)]:
            visit = actions.collect(person, quantities={"rice": units}, key=key)
            answers.setdefault(key, set()).add((visit.id, visit.cost))
        return answers

    first, *others = answers_of(eight_at_once, act)
    assert all(other == first for other in others)
    assert {key: [cost for _, cost in answer] for key, answer in first.items()} == {
        key: [500 * units] for key, _, units in sent
    }
    assert Collection.objects.count() == visits
    spent = 500 * sum(units for _, _, units in sent)
    assert credits.totals() == credits.Totals(3 * 10**9, spent, 3 * 10**9 - spent)
    assert village.in_store("rice") == MUCH - spent // 500


@pytest.mark.parametrize(
    ("orders", "requests"), [(40, 1_600), pytest.param(1_000, 100_000, marks=pytest.mark.long)]
)
def test_that_whatever_is_sent_again_with_its_key_takes_place_once(
    village: "Village", eight_at_once: "Crowd", orders: int, requests: int
) -> None:
    persons = [village.ana, village.bruno, village.celia]
    sent = [(uuid4(), persons[number % 3]) for number in range(orders)]

    @again_after_conflict
    @once
    def one_more(person: Person, *, code: str, key: UUID | None = None) -> int:
        """Twice would show: each time the order grows by one."""
        line = OrderLine.objects.select_for_update().filter(person=person, product=code).first()
        wanted = line.quantity + 1 if line else 1
        actions.place_order(person, quantities={code: wanted})
        return wanted

    actions.place_order(village.ana, quantities={"rice": 1})
    actions.place_order(village.bruno, quantities={"rice": 1})
    actions.place_order(village.celia, quantities={"rice": 1})

    def act(number: int) -> dict[UUID, set[int]]:
        rng = random.Random(number)
        answers: dict[UUID, set[int]] = {}
        for key, person in [*sent, *rng.choices(sent, k=requests // PROCESSES - orders)]:
            answers.setdefault(key, set()).add(one_more(person, code="rice", key=key))
        return answers

    first, *others = answers_of(eight_at_once, act)
    assert all(other == first for other in others)
    assert all(len(answer) == 1 for answer in first.values())
    assert Request.objects.count() == orders
    for person in persons:
        mine = [key for key, whose in sent if whose == person]
        assert sorted(*zip(*(first[key] for key in mine), strict=True)) == [
            *range(2, len(mine) + 2)
        ]
        assert village.line(person, "rice").quantity == len(mine) + 1


def answers_of(eight_at_once: "Crowd", act: object) -> list:  # type: ignore[type-arg]
    """What the eight did; whoever met trouble says so here."""
    answers = eight_at_once(act)  # type: ignore[arg-type]
    assert not [answer for answer in answers if isinstance(answer, str)], answers
    return answers
