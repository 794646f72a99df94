from decimal import Decimal
from typing import TYPE_CHECKING
from uuid import uuid4

import pytest
from tests.platform.factories import cost_of_allotments

from xietong.platform.needs import actions, queries
from xietong.platform.needs.queries import Fate, TierMet

if TYPE_CHECKING:
    from pytest_django import DjangoAssertNumQueries
    from tests.platform.needs.conftest import Village


def test_that_demand_adds_up_what_ten_persons_ordered_and_rounds_what_fewer_did(
    village: "Village",
) -> None:
    village.orders(rice=2, bread=1)
    village.neighbours(6, rice=2, bread=1)
    actions.place_order(village.ana, quantities={"rice": 5, "chair": 1})
    assert queries.household_demand(1) == {"bread": 10, "chair": 10, "rice": 30}
    village.neighbours(1, rice=2)
    assert queries.household_demand(1) == {"bread": 10, "chair": 10, "rice": 23}
    assert queries.household_demand(2) == {}


def test_that_promises_cost_what_is_for_credits_at_the_round_s_prices(
    village: "Village",
) -> None:
    village.orders(rice=4, chair=1, bread=2)
    assert cost_of_allotments(1) == 0
    village.run({"rice": 9, "chair": 1, "bread": 6})
    assert cost_of_allotments(1) == 9 * 500 + 8_000


def test_that_what_became_of_an_order_is_told_round_by_round(village: "Village") -> None:
    village.store(rice=1)
    village.orders(rice=4, bread=2, soap=1)
    village.run({"rice": 9, "bread": 6, "soap": 3})
    village.give(village.ana, 5_000)
    actions.collect(village.ana, quantities={"rice": 3}, key=uuid4())
    actions.settle(1)
    assert list(queries.what_became_of(village.ana)) == [
        Fate(2, "open", asked=1, promised=0, cut=0, collected=0, missed=0, carried=1),
        Fate(1, "settled", asked=3, promised=2, cut=1, collected=0, missed=1, carried=0),
    ]


@pytest.mark.parametrize("rounds", [1, 3])
def test_that_the_fate_of_orders_takes_two_queries(
    village: "Village", rounds: int, django_assert_num_queries: "DjangoAssertNumQueries"
) -> None:
    for number in range(1, rounds + 1):
        actions.place_order(village.ana, quantities={"rice": 1, "bread": 1})
        actions.close_book(number)
        actions.open_book(number + 1)
    with django_assert_num_queries(2):
        assert len(list(queries.what_became_of(village.ana))) == rounds


@pytest.mark.parametrize("visits", [1, 3])
def test_that_visits_take_three_queries(
    village: "Village", visits: int, django_assert_num_queries: "DjangoAssertNumQueries"
) -> None:
    village.store(bread=9, soap=9)
    village.orders(bread=4, soap=2)
    village.run({"bread": 12, "soap": 6})
    for _ in range(visits):
        actions.collect(village.ana, quantities={"bread": 1}, key=uuid4())
    with django_assert_num_queries(3):
        found = list(queries.visits_of(village.ana))
        lines = [(line.product.code, line.quantity) for visit in found for line in visit.lines]
    assert lines == [("bread", 1)] * visits


def test_that_needs_met_are_shares_by_tier_in_the_order_of_the_plan(village: "Village") -> None:
    village.store(rice=20, bread=1)
    actions.set_common_needs(
        [
            actions.CommonNeedDraft("seed", "Seed", "种子", "reserve", "rice", Decimal(10)),
            actions.CommonNeedDraft("meals", "Meals", "食堂", "public", "rice", Decimal(4)),
        ]
    )
    village.orders(chair=1)
    actions.place_order(village.ana, quantities={"rice": 4, "bread": 2})
    assert queries.needs_met_by_tier(1) == [
        TierMet("basic", 2, None, None),
        TierMet("personal", 3, None, None),
    ]
    village.run({"rice": 4, "bread": 1, "chair": 0}, seed=5, meals=4)
    village.give(village.ana, 5_000)
    actions.collect(village.ana, quantities={"rice": 2, "bread": 1}, key=uuid4())
    actions.deliver_common(1, {"meals": Decimal(3)})
    assert queries.needs_met_by_tier(1) == [
        TierMet("basic", 2, 0.75, 0.5),
        TierMet("public", 1, 1.0, 0.75),
        TierMet("personal", 3, 0.0, 0.0),
        TierMet("reserve", 1, 0.5, 0.0),
    ]


def test_that_a_round_without_needs_has_no_tiers(village: "Village") -> None:
    assert queries.needs_met_by_tier(1) == []
