from decimal import Decimal
from typing import TYPE_CHECKING

import pytest

from xietong.platform.base import Rejected
from xietong.platform.needs import actions, queries
from xietong.platform.needs.models import OrderBook, OrderLine
from xietong.platform.needs.rules import Refusal
from xietong.platform.people.models import Person
from xietong.platform.products.models import Product

if TYPE_CHECKING:
    from tests.platform.conftest import Crowd
    from tests.platform.needs.conftest import Village


def states() -> dict[int, str]:
    return dict(OrderBook.objects.values_list("round_number", "state"))


def test_that_a_book_goes_from_open_to_settled(village: "Village") -> None:
    assert (queries.open_round(), queries.collecting_round()) == (1, None)
    village.orders(rice=1)
    village.run({"rice": 3})
    assert (queries.open_round(), queries.collecting_round()) == (2, 1)
    actions.settle(1)
    assert states() == {1: "settled", 2: "open"}


def test_that_two_rounds_never_take_orders_at_once(village: "Village") -> None:
    with pytest.raises(Rejected) as why:
        actions.open_book(2)
    assert why.value.reason == Refusal.ANOTHER_BOOK_OPEN
    assert states() == {1: "open"}


def test_that_a_book_is_not_opened_twice(village: "Village") -> None:
    actions.close_book(1)
    with pytest.raises(Rejected) as why:
        actions.open_book(1)
    assert why.value.reason == Refusal.WRONG_STATE
    assert states() == {1: "taken"}


def test_that_steps_are_not_skipped(village: "Village") -> None:
    for step in (actions.start_collecting, actions.settle):
        with pytest.raises(Rejected) as why:
            step(1)
        assert why.value.reason == Refusal.WRONG_STATE
    assert states() == {1: "open"}


def test_that_nothing_is_collected_before_it_is_shared_out(village: "Village") -> None:
    village.orders(rice=1)
    actions.close_book(1)
    with pytest.raises(Rejected) as why:
        actions.start_collecting(1)
    assert why.value.reason == Refusal.NOT_ALLOTTED
    assert states() == {1: "taken"}


def test_that_two_rounds_are_never_collected_at_once(village: "Village") -> None:
    village.orders(rice=1)
    village.run({"rice": 3})
    actions.close_book(2)
    with pytest.raises(Rejected) as why:
        actions.start_collecting(2)
    assert why.value.reason == Refusal.ANOTHER_BOOK_COLLECTING
    assert states() == {1: "collecting", 2: "taken"}


def test_that_what_keeps_and_was_cut_or_missed_is_carried(village: "Village") -> None:
    village.orders(rice=4, chair=1, bread=5)
    village.run({"rice": 9, "chair": 3, "bread": 3})
    village.give(village.ana, 100_000)
    actions.collect(village.ana, quantities={"rice": 3, "chair": 1}, key=village.ana.pk)
    actions.place_order(village.ana, quantities={"chair": 2})
    actions.settle(1)
    carried = {
        (line.person_id, line.product_id): (line.quantity, line.carried)
        for line in OrderLine.objects.filter(book=2)
    }
    assert carried == {
        # Cut by one each; and of what Ana came for, nothing was there.
        (village.ana.pk, "rice"): (4, 4),
        (village.ana.pk, "chair"): (3, 1),
        (village.bruno.pk, "rice"): (1, 1),
        (village.celia.pk, "rice"): (1, 1),
    }


def test_that_carrying_never_passes_a_quota(village: "Village") -> None:
    village.orders(soap=2)
    village.run({"soap": 0})
    actions.place_order(village.ana, quantities={"soap": 1})
    actions.place_order(village.bruno, quantities={"soap": 2})
    actions.settle(1)
    assert {
        line.person_id: (line.quantity, line.carried) for line in OrderLine.objects.filter(book=2)
    } == {
        village.ana.pk: (2, 1),
        village.bruno.pk: (2, 0),
        village.celia.pk: (2, 2),
    }


def test_that_what_is_no_longer_ordered_or_whoever_left_is_not_carried(village: "Village") -> None:
    village.orders(rice=2, chair=1)
    village.run({"rice": 0, "chair": 0})
    Product.objects.filter(code="chair").update(orderable=False)
    Person.objects.filter(pk=village.bruno.pk).update(left_at="2026-01-01T00:00Z")
    actions.settle(1)
    carried = OrderLine.objects.filter(book=2).values_list("person", "product", "carried")
    assert set(carried) == {(village.ana.pk, "rice", 2), (village.celia.pk, "rice", 2)}


def test_that_nothing_is_settled_while_nothing_can_be_carried(village: "Village") -> None:
    village.orders(rice=2)
    village.run({"rice": 0})
    actions.close_book(2)
    with pytest.raises(Rejected) as why:
        actions.settle(1)
    assert why.value.reason == Refusal.NO_OPEN_BOOK
    assert states() == {1: "collecting", 2: "taken"}


def test_that_settling_orders_and_collections_at_once_never_block_each_other(
    village: "Village", eight_at_once: "Crowd"
) -> None:
    everyone = (village.ana, village.bruno, village.celia)
    village.store(rice=30, chair=9)
    village.orders(rice=9, chair=3)
    village.run({"rice": 20, "chair": 6})
    for person in everyone:
        village.give(person, 100_000)

    def act(number: int) -> object:
        person = everyone[number % 3]
        if number == 7:
            return actions.settle(1)
        if number % 2:
            return actions.place_order(person, quantities={"chair": 1, "rice": number, "soap": 1})
        actions.collect(person, quantities={"chair": 1, "rice": 2}, key=person.pk)
        return "collected"

    answers = eight_at_once(act)
    assert answers[7] is None
    assert [answers[number] for number in (1, 3, 5)] == [2, 2, 2]
    assert {answers[number] for number in (0, 2, 4, 6)} <= {
        "collected",
        Refusal.NOTHING_TO_COLLECT,
    }
    assert village.in_store("rice") == 30 - Decimal(
        sum(OrderLine.objects.filter(product="rice", book=1).values_list("collected", flat=True))
    )
