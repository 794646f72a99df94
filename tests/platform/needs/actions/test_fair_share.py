"""Nobody takes more of what is free than a fair share, and shortage does not pile up."""

from decimal import Decimal
from typing import TYPE_CHECKING
from uuid import UUID

import pytest
from django.db import IntegrityError, connection
from tests.platform.factories import cost_of_allotments

from xietong.platform.base import Rejected
from xietong.platform.credits import actions as credits
from xietong.platform.needs import actions
from xietong.platform.needs.models import OrderLine
from xietong.platform.needs.queries import terms
from xietong.platform.needs.rules import Refusal
from xietong.platform.products import actions as products
from xietong.platform.products.models import Product, Region, Rule
from xietong.platform.record import actions as record

if TYPE_CHECKING:
    from tests.platform.needs.conftest import Village


@pytest.fixture
def shared(village: "Village") -> "Village":
    """Bread is free; in round 1 everyone took two; a fair share is four times as much."""
    record.define_parameter(
        "most_free_share",
        name_en="Fair share",
        name_zh="合理份额",
        value=Decimal(4),
        lowest=Decimal(1),
        highest=Decimal(9),
    )
    village.store(bread=30)
    village.orders(bread=2)
    village.run({"bread": 6})
    for number, person in enumerate((village.ana, village.bruno, village.celia)):
        actions.collect(person, quantities={"bread": 2}, key=UUID(int=number))
    actions.settle(1)
    actions.close_book(2)
    actions.open_book(3)
    return village


def test_that_nobody_orders_more_of_what_is_free_than_a_fair_share(shared: "Village") -> None:
    assert terms(shared.ana, 3, ["bread"])["bread"].limit == 8
    actions.place_order(shared.ana, quantities={"bread": 8})
    with pytest.raises(Rejected) as why:
        actions.place_order(shared.ana, quantities={"bread": 9})
    assert (why.value.reason, why.value.detail) == (Refusal.BEYOND_FAIR_SHARE, "Bread: 8")


def test_that_the_database_itself_keeps_the_fair_share(shared: "Village") -> None:
    actions.place_order(shared.ana, quantities={"bread": 8})
    with pytest.raises(IntegrityError, match="more than the 8"), connection.cursor() as cursor:
        cursor.execute("UPDATE needs_orderline SET quantity = 9 WHERE book_id = 3")


def test_that_what_nobody_has_taken_yet_has_no_limit(shared: "Village") -> None:
    Product.objects.filter(pk="chair").update(mode="free")
    actions.close_book(3)
    actions.open_book(4)
    assert terms(shared.ana, 4, ["chair"])["chair"].limit is None


def test_that_what_is_short_again_and_again_does_not_pile_up(village: "Village") -> None:
    for number in range(1, 6):
        carried = OrderLine.objects.filter(book=number, person=village.ana, product="rice")
        already = carried.values_list("carried", flat=True).first() or 0
        village.orders(rice=10 + already)
        actions.close_book(number)
        actions.open_book(number + 1)
        actions.allot(number, household={"rice": Decimal(3)}, common={})
        actions.start_collecting(number)
        actions.settle(number)
    # Nine were missing each time.
    line = village.line(village.ana, "rice", book=6)
    assert (line.quantity, line.carried) == (10, 10)


def test_that_the_carried_part_stays_within_the_rule_where_a_person_lives(
    village: "Village",
) -> None:
    isle = Region.objects.create(code="isle", name_en="Isle", name_zh="海岛")
    products.set_residences("isle", [village.ana])
    products.begin_trial(Product.objects.get(pk="rice"), region=isle, quota=2, rounds=1)
    village.orders(rice=5)
    village.run({"rice": 0})
    assert Rule.objects.filter(round_number=2, product="rice").count() == 2
    actions.settle(1)
    assert village.line(village.ana, "rice", book=2).quantity == 2
    assert village.line(village.bruno, "rice", book=2).quantity == 5


def test_that_where_a_trial_is_held_nobody_pays_and_the_payout_does_not_count_it(
    village: "Village",
) -> None:
    isle = Region.objects.create(code="isle", name_en="Isle", name_zh="海岛")
    products.set_residences("isle", [village.ana])
    products.begin_trial(Product.objects.get(pk="rice"), region=isle, quota=5, rounds=1)
    actions.close_book(1)
    actions.open_book(2)
    village.store(rice=10)
    village.orders(rice=2)
    actions.close_book(2)
    actions.open_book(3)
    credits.publish_prices(2, {"rice": Decimal("0.5")})
    actions.allot(2, household={"rice": Decimal(6)}, common={})
    actions.start_collecting(2)
    assert cost_of_allotments(2) == 4 * 500
    village.give(village.bruno, 1000)
    costs = [
        actions.collect(person, quantities={"rice": 2}, key=UUID(int=9)).cost
        for person in (village.ana, village.bruno)
    ]
    assert costs == [0, 1000]
