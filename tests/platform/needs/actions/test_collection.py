from collections.abc import Iterator
from contextlib import contextmanager
from decimal import Decimal
from typing import TYPE_CHECKING
from uuid import uuid4

import pytest
from django.db import OperationalError, connection
from django.test.utils import CaptureQueriesContext

from xietong.platform.base import Rejected
from xietong.platform.credits import queries as credits
from xietong.platform.credits.actions import publish_prices
from xietong.platform.credits.models import Entry
from xietong.platform.credits.rules import Refusal as CreditRefusal
from xietong.platform.enterprises.models import Movement
from xietong.platform.needs import actions
from xietong.platform.needs.models import Collection, CollectionLine
from xietong.platform.needs.rules import Refusal
from xietong.platform.people.models import Person
from xietong.platform.products.models import Product

if TYPE_CHECKING:
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


@pytest.mark.parametrize("quantities", [{"rice": 2}, {"rice": 1, "soap": 1}, {"soap": 1}, {}])
def test_that_the_same_key_for_other_goods_is_refused_and_nothing_is_written(
    open_shop: "Village", quantities: dict[str, int]
) -> None:
    key = uuid4()
    actions.collect(open_shop.ana, quantities={"rice": 1}, key=key)
    moved = Movement.objects.count()
    with pytest.raises(Rejected) as why:
        actions.collect(open_shop.ana, quantities=quantities, key=key)
    assert why.value.reason == Refusal.KEY_USED
    assert (Collection.objects.count(), CollectionLine.objects.count()) == (1, 1)
    assert Movement.objects.count() == moved
    assert credits.balance_of(open_shop.ana) == 9_500
    assert fate(open_shop, open_shop.ana, "rice") == (4, 1, 0)


def test_that_the_same_key_is_the_same_visit_even_if_some_of_it_was_not_there(
    village: "Village",
) -> None:
    village.store(bread=1)
    village.orders(bread=4, soap=1)
    village.run({"bread": 12, "soap": 3})
    key = uuid4()
    quantities = {"bread": 3, "soap": 1}
    first = actions.collect(village.ana, quantities=quantities, key=key)
    assert actions.collect(village.ana, quantities=quantities, key=key) == first
    assert fate(village, village.ana, "bread") == (4, 1, 2)


def test_that_a_visit_from_before_its_goods_were_kept_is_returned_whatever_is_asked(
    open_shop: "Village",
) -> None:
    old = Collection.objects.create(person=open_shop.ana, key=uuid4(), book_id=1, cost=0)
    assert actions.collect(open_shop.ana, quantities={"rice": 1}, key=old.key) == old


def stock_market(village: "Village", products: int, lines: int, visits: int) -> dict[str, int]:
    """A catalogue of so many products for credits, and a past of so many visits by Ana.

    Returns a basket of the first so many products, all of them promised and in store.
    """
    codes = [f"good-{number:04}" for number in range(products)]
    rice = Product.objects.get(code="rice")
    Product.objects.bulk_create(
        Product(
            code=code,
            name_en=code,
            name_zh=code,
            group=rice.group,
            unit_en="kg",
            unit_zh="公斤",
            mode=Product.Mode.CREDITS,
            tier=rice.tier,
            storable=True,
            orderable=True,
            pinyin=code,
        )
        for code in codes
    )
    village.store(**dict.fromkeys(codes, 9))
    actions.place_order(village.ana, quantities=dict.fromkeys(codes[:lines], 2))
    publish_prices(1, dict.fromkeys(codes, Decimal(1)))
    village.run(dict.fromkeys(codes[:lines], 2))
    village.give(village.ana, 100_000)
    past = Collection.objects.bulk_create(
        Collection(person=village.ana, key=uuid4(), book_id=1, cost=1) for _ in range(visits)
    )
    CollectionLine.objects.bulk_create(
        CollectionLine(person=village.ana, collection_id=visit.id, product=rice, quantity=1, cost=1)
        for visit in past
    )
    Entry.objects.bulk_create(
        Entry(person=village.ana, kind="consumption", amount=-1, source=visit.id, round_number=1)
        for visit in past
    )
    return dict.fromkeys(codes[:lines], 1)


@pytest.mark.parametrize(
    ("lines", "products", "visits"),
    [(1, 10, 0), (1, 2_000, 0), (40, 2_000, 0), (1, 10, 1_000), (40, 2_000, 1_000)],
)
def test_that_a_collection_takes_five_statements_however_much_is_asked_for_offered_or_past(
    village: "Village", lines: int, products: int, visits: int
) -> None:
    basket = stock_market(village, products, lines, visits)
    with CaptureQueriesContext(connection) as statements:
        visit = actions.collect(village.ana, quantities=basket, key=uuid4())
    assert visit.cost == lines * 1000
    written = [each["sql"] for each in statements if "SAVEPOINT" not in each["sql"]]
    assert len(written) == 5, written


@pytest.mark.django_db(transaction=True)
@pytest.mark.parametrize("conflict", ["serialization_failure", "deadlock_detected"])
def test_that_a_collection_broken_off_for_another_begins_anew(
    open_shop: "Village", conflict: str
) -> None:
    with breaking_off(conflict, times=2):
        visit = actions.collect(open_shop.ana, quantities={"rice": 1}, key=uuid4())
    assert list(Collection.objects.all()) == [visit]
    assert credits.balance_of(open_shop.ana) == 9_500
    assert open_shop.in_store("rice") == 11


@pytest.mark.django_db(transaction=True)
def test_that_a_conflict_that_lasts_is_no_lack_of_credits_and_leaves_nothing(
    open_shop: "Village",
) -> None:
    with breaking_off("deadlock_detected", times=1000), pytest.raises(OperationalError):
        actions.collect(open_shop.ana, quantities={"rice": 1}, key=uuid4())
    assert not Collection.objects.exists()
    assert credits.balance_of(open_shop.ana) == 10_000
    assert open_shop.in_store("rice") == 12


@contextmanager
def breaking_off(conflict: str, times: int) -> Iterator[None]:
    """PostgreSQL breaks off the transactions that cancel credits, so many times."""
    with connection.cursor() as cursor:
        cursor.execute(
            f"""
            CREATE SEQUENCE conflicts;
            CREATE FUNCTION break_off() RETURNS trigger LANGUAGE plpgsql AS $$ BEGIN
                IF nextval('conflicts') <= {times} THEN
                    RAISE EXCEPTION 'another came first' USING ERRCODE = '{conflict}';
                END IF;
                RETURN NEW;
            END $$;
            CREATE TRIGGER conflict BEFORE INSERT ON credits_entry
                FOR EACH ROW EXECUTE FUNCTION break_off();
            """
        )
        try:
            yield
        finally:
            cursor.execute(
                """
                DROP TRIGGER conflict ON credits_entry;
                DROP FUNCTION break_off;
                DROP SEQUENCE conflicts;
                """
            )


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
