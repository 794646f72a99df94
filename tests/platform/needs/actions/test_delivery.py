from typing import TYPE_CHECKING
from uuid import uuid4

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from xietong.platform.base import Rejected
from xietong.platform.credits import queries as credits
from xietong.platform.credits.models import Entry
from xietong.platform.enterprises.models import Movement
from xietong.platform.needs import actions, queries
from xietong.platform.needs.models import Collection, OrderLine, Standing
from xietong.platform.needs.rules import Refusal
from xietong.platform.people.models import Person

if TYPE_CHECKING:
    from tests.platform.conftest import Crowd
    from tests.platform.needs.conftest import Village


def wish(*persons: Person, repeats: bool = False, delivered: bool = False) -> None:
    for person in persons:
        actions.set_standing(person, repeats=repeats, delivered=delivered)


def taken(person: Person) -> dict[str, int]:
    lines = OrderLine.objects.filter(person=person, book=1, collected__gt=0)
    return dict(lines.values_list("product", "collected"))


def test_that_what_was_promised_comes_home_as_far_as_the_credits_go(village: "Village") -> None:
    village.orders(rice=4, chair=1, bread=2)
    village.store(rice=20, chair=5, bread=20)
    village.run({"rice": 12, "chair": 3, "bread": 6})
    village.give(village.ana, 9000)
    village.give(village.bruno, 1700)
    wish(village.ana, village.bruno, delivered=True)
    assert actions.deliver_home(1) == 2
    assert taken(village.ana) == {"bread": 2, "rice": 4}
    assert credits.balance_of(village.ana) == 7000
    assert taken(village.bruno) == {"bread": 2, "rice": 3}
    assert credits.balance_of(village.bruno) == 200
    assert taken(village.celia) == {}
    assert [visit.cost for visit in queries.visits_of(village.bruno)] == [1500]
    moved = Movement.objects.filter(kind="collection")
    assert dict(moved.values_list("product_id", "quantity")) == {"bread": -4, "rice": -7}


def test_that_a_second_tour_brings_only_what_is_still_to_come(village: "Village") -> None:
    village.orders(bread=2)
    village.store(bread=3)
    village.run({"bread": 6})
    wish(village.ana, village.bruno, delivered=True)
    assert actions.deliver_home(1) == 2
    together = OrderLine.objects.filter(person__in=[village.ana, village.bruno])
    assert sorted(together.values_list("collected", "missed")) == [(1, 1), (2, 0)]
    assert actions.deliver_home(1) == 0
    village.store(soap=1)
    assert sum(taken(person)["bread"] for person in (village.ana, village.bruno)) == 3


def test_that_goods_are_brought_only_while_they_can_be_collected(village: "Village") -> None:
    with pytest.raises(Rejected) as why:
        actions.deliver_home(1)
    assert why.value.reason == Refusal.NOTHING_TO_COLLECT


def test_that_an_order_repeats_itself_without_what_was_carried(village: "Village") -> None:
    village.orders(rice=4, soap=2)
    village.run({"rice": 6, "soap": 6})
    wish(village.ana, village.bruno, repeats=True)
    actions.place_order(village.bruno, quantities={"bread": 1})
    actions.settle(1)
    assert actions.repeat_orders(2) == 1
    lines = {
        (line.person_id, line.product_id): (line.quantity, line.carried)
        for line in OrderLine.objects.filter(book=2)
    }
    assert lines == {
        (village.ana.id, "rice"): (4, 2),
        (village.ana.id, "soap"): (2, 0),
        (village.bruno.id, "bread"): (1, 0),
        (village.bruno.id, "rice"): (2, 2),
        (village.celia.id, "rice"): (2, 2),
    }
    assert actions.repeat_orders(2) == 0


def test_that_an_order_is_repeated_in_the_open_book_alone(village: "Village") -> None:
    with pytest.raises(Rejected) as why:
        actions.repeat_orders(2)
    assert why.value.reason == Refusal.NO_OPEN_BOOK


def test_that_a_standing_wish_is_set_once_for_each_key(village: "Village") -> None:
    key = uuid4()
    assert queries.standing_of(village.ana).repeats is False
    actions.set_standing(village.ana, repeats=True, delivered=False, key=key)
    actions.set_standing(village.ana, repeats=False, delivered=True)
    actions.set_standing(village.ana, repeats=True, delivered=False, key=key)
    assert Standing.objects.values_list("repeats", "delivered").get() == (False, True)


@settings(max_examples=25, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(
    stock=st.integers(1, 15),
    balances=st.tuples(*[st.integers(0, 4000)] * 3),
    wants=st.tuples(*[st.integers(0, 6)] * 3),
)
def test_that_a_tour_hands_out_what_is_there_and_cancels_what_it_costs(
    village: "Village", stock: int, balances: tuple[int, ...], wants: tuple[int, ...]
) -> None:
    from django.db import transaction

    people = (village.ana, village.bruno, village.celia)
    with transaction.atomic():
        village.store(rice=stock)
        for person, balance, wanted in zip(people, balances, wants, strict=True):
            if wanted:
                actions.place_order(person, quantities={"rice": wanted})
            if balance:
                village.give(person, balance)
            wish(person, delivered=True)
        village.run({"rice": sum(wants)})
        actions.deliver_home(1)
        got = [taken(person).get("rice", 0) for person in people]
        able = [min(w, b // 500) for w, b in zip(wants, balances, strict=True)]
        assert sum(got) == min(stock, sum(able))
        assert all(g <= a for g, a in zip(got, able, strict=True))
        assert village.in_store("rice") == stock - sum(got)
        assert [credits.balance_of(person) for person in people] == [
            b - 500 * g for b, g in zip(balances, got, strict=True)
        ]
        transaction.set_rollback(True)


@pytest.mark.django_db(transaction=True)
def test_that_tours_and_visits_at_once_never_give_or_cancel_twice(
    village: "Village", eight_at_once: "Crowd"
) -> None:
    village.orders(rice=4)
    village.store(rice=20)
    village.run({"rice": 12})
    for person in (village.ana, village.bruno, village.celia):
        village.give(person, 5000)
        wish(person, delivered=True)

    def act(number: int) -> object:
        if number % 2:
            return actions.deliver_home(1)
        return actions.collect(village.ana, quantities={"rice": 3}, key=uuid4()).cost

    eight_at_once(act)
    actions.deliver_home(1)
    assert set(OrderLine.objects.filter(book=1).values_list("collected", flat=True)) == {4}
    assert village.in_store("rice") == 8
    assert credits.totals().balances == 3 * 3000
    spent = Entry.objects.filter(kind="consumption", person=village.ana)
    assert sum(-entry.amount for entry in spent) == 2000
    assert sum(Collection.objects.values_list("cost", flat=True)) == 6000
