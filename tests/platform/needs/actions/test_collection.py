from decimal import Decimal
from typing import TYPE_CHECKING
from uuid import uuid4

import pytest

from xietong.platform.base import Rejected
from xietong.platform.credits import queries as credits
from xietong.platform.credits.models import Entry
from xietong.platform.credits.rules import Refusal as CreditRefusal
from xietong.platform.enterprises.models import Movement
from xietong.platform.needs import actions
from xietong.platform.needs.models import Collection, CollectionLine
from xietong.platform.needs.rules import Refusal
from xietong.platform.people.models import Person

if TYPE_CHECKING:
    from pytest_django import DjangoAssertNumQueries
    from tests.platform.conftest import Crowd
    from tests.platform.needs.conftest import Village


@pytest.fixture
def open_shop(village: "Village") -> "Village":
    """Everyone was promised 4 kg of rice, a chair, 2 loaves and a soap, and all of it is there."""
    village.store(rice=12, chair=3, bread=6, soap=3)
    village.orders(rice=6, chair=1, bread=2, soap=1)
    village.run({"rice": 12, "chair": 3, "bread": 6, "soap": 3})
    for person in (village.ana, village.bruno, village.celia):
        village.give(person, 10_000)
    return village


def fate(village: "Village", person: Person, product: str) -> tuple[int | None, int, int]:
    line = village.line(person, product)
    return line.allotted, line.collected, line.missed


def test_that_collecting_takes_goods_and_cancels_their_price(open_shop: "Village") -> None:
    visit = actions.collect(open_shop.ana, quantities={"rice": 3, "chair": 1}, key=uuid4())
    assert visit.cost == 3 * 500 + 8000
    assert credits.balance_of(open_shop.ana) == 500
    assert (open_shop.in_store("rice"), open_shop.in_store("chair")) == (Decimal(9), Decimal(2))
    assert fate(open_shop, open_shop.ana, "rice") == (4, 3, 0)
    assert set(CollectionLine.objects.values_list("product", "quantity", "cost")) == {
        ("rice", 3, 1500),
        ("chair", 1, 8000),
    }
    entry = Entry.objects.get(kind="consumption")
    assert (entry.source, entry.amount, entry.round_number) == (visit.id, -9500, 1)
    moved = Movement.objects.filter(source=visit.id)
    assert set(moved.values_list("kind", "product", "quantity")) == {
        ("collection", "rice", Decimal(-3)),
        ("collection", "chair", Decimal(-1)),
    }


def test_that_what_is_free_or_by_quota_costs_nothing(open_shop: "Village") -> None:
    visit = actions.collect(open_shop.ana, quantities={"bread": 2, "soap": 1}, key=uuid4())
    assert visit.cost == 0
    assert credits.balance_of(open_shop.ana) == 10_000
    assert not Entry.objects.filter(kind="consumption").exists()
    assert open_shop.in_store("bread") == 4


def test_that_the_same_key_again_is_the_same_visit(open_shop: "Village") -> None:
    key = uuid4()
    first = actions.collect(open_shop.ana, quantities={"rice": 1}, key=key)
    again = actions.collect(open_shop.ana, quantities={"rice": 1}, key=key)
    assert again == first
    assert credits.balance_of(open_shop.ana) == 9_500
    assert fate(open_shop, open_shop.ana, "rice") == (4, 1, 0)


def test_that_a_visit_is_remembered_after_its_round(open_shop: "Village") -> None:
    key = uuid4()
    first = actions.collect(open_shop.ana, quantities={"rice": 1}, key=key)
    actions.settle(1)
    assert actions.collect(open_shop.ana, quantities={"rice": 1}, key=key) == first


def test_that_two_persons_can_choose_the_same_key(open_shop: "Village") -> None:
    key = uuid4()
    for person in (open_shop.ana, open_shop.bruno):
        actions.collect(person, quantities={"rice": 1}, key=key)
    assert open_shop.in_store("rice") == 10


def test_that_a_key_which_issued_credits_buys_nothing_for_nothing(open_shop: "Village") -> None:
    issued = Entry.objects.get(person=open_shop.ana)
    visit = actions.collect(open_shop.ana, quantities={"rice": 1}, key=issued.source)
    assert visit.cost == 500
    assert credits.balance_of(open_shop.ana) == 9_500


def test_that_what_is_not_there_costs_nothing_and_is_missed(village: "Village") -> None:
    village.store(rice=2.5)
    village.orders(rice=4)
    village.run({"rice": 12})
    village.give(village.ana, 2_000)
    visit = actions.collect(village.ana, quantities={"rice": 4}, key=uuid4())
    assert visit.cost == 1_000
    assert village.in_store("rice") == Decimal("0.5")
    assert fate(village, village.ana, "rice") == (4, 2, 2)


def test_that_what_was_missed_can_be_collected_when_it_comes(village: "Village") -> None:
    village.orders(bread=4)
    village.run({"bread": 12})
    actions.collect(village.ana, quantities={"bread": 4}, key=uuid4())
    assert fate(village, village.ana, "bread") == (4, 0, 4)
    village.store(bread=3)
    actions.collect(village.ana, quantities={"bread": 3}, key=uuid4())
    assert fate(village, village.ana, "bread") == (4, 3, 1)


@pytest.mark.parametrize(
    ("quantities", "refusal", "detail"),
    [
        ({"bread": 1, "rice": 5}, Refusal.MORE_THAN_PROMISED, "Rice: 4"),
        ({"bread": 1, "rice": -1}, Refusal.MORE_THAN_PROMISED, "Rice: 4"),
        ({"bread": 1, "steel": 1}, Refusal.MORE_THAN_PROMISED, "Steel: 0"),
        ({"bread": 1, "rice": 4, "chair": 1}, CreditRefusal.NOT_ENOUGH_CREDITS, ""),
        ({}, Refusal.NOTHING_TO_COLLECT, ""),
        ({"rice": 0}, Refusal.NOTHING_TO_COLLECT, ""),
    ],
)
def test_that_a_refused_collection_changes_nothing(
    open_shop: "Village", quantities: dict[str, int], refusal: str, detail: str
) -> None:
    actions.collect(open_shop.bruno, quantities={"rice": 1}, key=uuid4())
    before = list(Entry.objects.order_by("id"))
    actor = open_shop.celia
    if refusal == CreditRefusal.NOT_ENOUGH_CREDITS:
        actions.collect(actor, quantities={"rice": 0, "chair": 1}, key=uuid4())
        quantities = {"bread": 1, "rice": 4, "soap": 1}
        Entry.objects.create(
            person=actor, kind="consumption", amount=-1_000, source=uuid4(), round_number=1
        )
        before = list(Entry.objects.order_by("id"))
    stock = {code: open_shop.in_store(code) for code in ("rice", "bread", "chair", "soap")}
    visits = Collection.objects.count()
    with pytest.raises(Rejected) as why:
        actions.collect(actor, quantities=quantities, key=uuid4())
    assert (why.value.reason, why.value.detail) == (refusal, detail)
    assert list(Entry.objects.order_by("id")) == before
    assert {code: open_shop.in_store(code) for code in stock} == stock
    assert Collection.objects.count() == visits
    assert fate(open_shop, actor, "rice") == (4, 0, 0)


def test_that_a_product_for_credits_without_a_price_is_not_given_away(village: "Village") -> None:
    village.store(rice=12)
    village.orders(rice=4)
    actions.close_book(1)
    actions.allot(1, household={"rice": Decimal(12)}, common={})
    actions.start_collecting(1)
    with pytest.raises(Rejected) as why:
        actions.collect(village.ana, quantities={"rice": 1}, key=uuid4())
    assert (why.value.reason, why.value.detail) == (Refusal.NO_PRICE, "Rice")
    assert village.in_store("rice") == 12


def test_that_nothing_is_collected_outside_the_time_for_it(village: "Village") -> None:
    village.orders(rice=1)
    with pytest.raises(Rejected) as why:
        actions.collect(village.ana, quantities={"rice": 1}, key=uuid4())
    assert why.value.reason == Refusal.NOTHING_TO_COLLECT


@pytest.mark.parametrize("lines", [1, 3])
def test_that_a_collection_takes_the_same_statements_however_long_it_is(
    open_shop: "Village", lines: int, django_assert_num_queries: "DjangoAssertNumQueries"
) -> None:
    quantities = dict.fromkeys(["rice", "bread", "chair"][:lines], 1)
    with django_assert_num_queries(14):
        actions.collect(open_shop.ana, quantities=quantities, key=uuid4())


def test_that_eight_visits_at_once_never_spend_more_than_the_account_holds(
    open_shop: "Village", eight_at_once: "Crowd"
) -> None:
    Entry.objects.create(
        person=open_shop.ana, kind="consumption", amount=-8_500, source=uuid4(), round_number=1
    )

    def collect(number: int) -> int:
        return actions.collect(open_shop.ana, quantities={"rice": 1}, key=uuid4()).cost

    answers = eight_at_once(collect)
    assert (
        sorted(answers, key=str)
        == [500] * 3 + [CreditRefusal.NOT_ENOUGH_CREDITS] + [Refusal.MORE_THAN_PROMISED] * 4
        or sorted(answers, key=str) == [500] * 3 + [CreditRefusal.NOT_ENOUGH_CREDITS] * 5
    )
    assert credits.balance_of(open_shop.ana) == 0
    assert open_shop.in_store("rice") == 9


def test_that_eight_tries_of_one_visit_cancel_once(
    open_shop: "Village", eight_at_once: "Crowd"
) -> None:
    key = uuid4()

    def collect(number: int) -> object:
        return actions.collect(open_shop.ana, quantities={"rice": 2, "soap": 1}, key=key).id

    answers = eight_at_once(collect)
    assert len(set(answers)) == 1
    assert credits.balance_of(open_shop.ana) == 9_000
    assert open_shop.in_store("rice") == 10


def test_that_eight_persons_at_once_share_the_last_stock_and_nobody_pays_for_nothing(
    village: "Village", eight_at_once: "Crowd"
) -> None:
    crowd = Person.objects.bulk_create(
        Person(username=f"p{number}", name=f"P {number}") for number in range(8)
    )
    village.store(rice=5, bread=3)
    for person in crowd:
        actions.place_order(person, quantities={"rice": 1, "bread": 1})
    village.run({"rice": 8, "bread": 8})
    for person in crowd:
        village.give(person, 500)

    def collect(number: int) -> int:
        # Crossing orders of the same products must not block each other.
        codes = ("rice", "bread") if number % 2 else ("bread", "rice")
        return actions.collect(crowd[number], quantities=dict.fromkeys(codes, 1), key=uuid4()).cost

    assert sorted(eight_at_once(collect), key=str) == [0] * 3 + [500] * 5
    assert (village.in_store("rice"), village.in_store("bread")) == (Decimal(0), Decimal(0))
    assert credits.totals() == credits.Totals(issued=4_000, cancelled=2_500, balances=1_500)
