from typing import TYPE_CHECKING

import pytest

from xietong.platform.base import Rejected
from xietong.platform.needs import actions
from xietong.platform.needs.models import OrderLine
from xietong.platform.needs.queries import quantities_of
from xietong.platform.needs.rules import MOST_UNITS_A_LINE, Refusal

if TYPE_CHECKING:
    from pytest_django import DjangoAssertNumQueries
    from tests.platform.conftest import Crowd
    from tests.platform.needs.conftest import Village


def test_that_an_order_sets_its_lines_and_leaves_the_others(village: "Village") -> None:
    actions.place_order(village.ana, quantities={"rice": 3, "bread": 4})
    assert actions.place_order(village.ana, quantities={"bread": 5, "chair": 1}) == 1
    assert quantities_of(village.ana, 1) == {"rice": 3, "bread": 5, "chair": 1}


def test_that_nought_takes_a_line_off(village: "Village") -> None:
    actions.place_order(village.ana, quantities={"rice": 3, "bread": 4})
    actions.place_order(village.ana, quantities={"rice": 0, "chair": 0})
    assert quantities_of(village.ana, 1) == {"bread": 4}


def test_that_orders_of_one_person_are_not_those_of_another(village: "Village") -> None:
    actions.place_order(village.ana, quantities={"rice": 3})
    actions.place_order(village.bruno, quantities={"rice": 0})
    assert quantities_of(village.ana, 1) == {"rice": 3}


@pytest.mark.parametrize(
    ("quantities", "refusal", "detail"),
    [
        ({"rice": 1, "gold": 1, "silver": 2}, Refusal.UNKNOWN_PRODUCT, "gold, silver"),
        ({"rice": 1, "steel": 1}, Refusal.NOT_ORDERABLE, "Steel"),
        ({"rice": 1, "soap": 3}, Refusal.BEYOND_QUOTA, "Soap: 2"),
        ({"rice": -1}, Refusal.NOT_A_QUANTITY, "Rice: -1"),
        ({"rice": MOST_UNITS_A_LINE + 1}, Refusal.NOT_A_QUANTITY, "Rice: 100001"),
    ],
)
def test_that_an_order_that_nobody_may_place_changes_nothing(
    village: "Village", quantities: dict[str, int], refusal: Refusal, detail: str
) -> None:
    actions.place_order(village.ana, quantities={"rice": 7})
    with pytest.raises(Rejected) as why:
        actions.place_order(village.ana, quantities=quantities)
    assert (why.value.reason, why.value.detail) == (refusal, detail)
    assert quantities_of(village.ana, 1) == {"rice": 7}


def test_that_a_quota_can_be_ordered_to_its_last_unit(village: "Village") -> None:
    actions.place_order(village.ana, quantities={"soap": 2})
    assert quantities_of(village.ana, 1) == {"soap": 2}


def test_that_nothing_is_ordered_when_no_book_is_open(village: "Village") -> None:
    actions.close_book(1)
    with pytest.raises(Rejected) as why:
        actions.place_order(village.ana, quantities={"rice": 1})
    assert why.value.reason == Refusal.NO_OPEN_BOOK
    assert not OrderLine.objects.exists()


def test_that_ordering_less_lowers_what_was_carried(village: "Village") -> None:
    village.orders(rice=4)
    village.run({"rice": 0})
    actions.settle(1)
    actions.place_order(village.ana, quantities={"rice": 3})
    line = village.line(village.ana, "rice", book=2)
    assert (line.quantity, line.carried) == (3, 3)


@pytest.mark.parametrize("lines", [1, 3])
def test_that_an_order_takes_the_same_statements_however_long_it_is(
    village: "Village", lines: int, django_assert_num_queries: "DjangoAssertNumQueries"
) -> None:
    quantities = dict.fromkeys(["rice", "bread", "chair"][:lines], 2)
    # savepoint, book and person, products, their rules, lines, release
    with django_assert_num_queries(6):
        actions.place_order(village.ana, quantities=quantities)


def test_that_eight_orders_of_one_person_at_once_leave_one_whole_order(
    village: "Village", eight_at_once: "Crowd"
) -> None:
    def order(number: int) -> int:
        wanted = {"rice": number + 1, "bread": number + 1, "chair": 0 if number % 2 else 1}
        return actions.place_order(village.ana, quantities=wanted)

    assert eight_at_once(order) == [1] * 8
    left = quantities_of(village.ana, 1)
    assert left["rice"] == left["bread"]
    assert ("chair" in left) == (left["rice"] % 2 == 1)


def test_that_orders_placed_while_the_book_closes_are_all_in_it_or_refused(
    village: "Village", eight_at_once: "Crowd"
) -> None:
    def order_or_close(number: int) -> object:
        if number == 7:
            return actions.close_book(1).state
        person = (village.ana, village.bruno, village.celia)[number % 3]
        return actions.place_order(person, quantities={"rice": 1 + number})

    *orders, closed = eight_at_once(order_or_close)
    assert closed == "taken"
    assert set(orders) <= {1, Refusal.NO_OPEN_BOOK}
    ordered = {
        person.pk
        for number, answer in enumerate(orders)
        if answer == 1
        for person in [(village.ana, village.bruno, village.celia)[number % 3]]
    }
    assert set(OrderLine.objects.values_list("person", flat=True)) == ordered
