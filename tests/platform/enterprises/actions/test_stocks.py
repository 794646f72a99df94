from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from decimal import Decimal
from functools import partial
from threading import Barrier
from typing import TypeVar
from uuid import UUID, uuid4

import pytest
from django.db import DatabaseError, IntegrityError, connection, transaction
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from xietong.platform.base import Rejected, uuid7
from xietong.platform.enterprises import actions
from xietong.platform.enterprises.actions import Counted, Taken
from xietong.platform.enterprises.models import Movement
from xietong.platform.enterprises.rules import Refusal

Result = TypeVar("Result")
Store = Callable[[str], dict[str, Decimal]]
PRODUCTS = ("grain", "flour", "bran", "bread")
COLLECTION = Movement.Kind.COLLECTION


def count(*rows: tuple[str, str, str]) -> int:
    return actions.count_opening_stock(
        [Counted(place, product, Decimal(quantity)) for place, product, quantity in rows],
        round_number=1,
    )


def take(
    quantities: dict[str, Decimal | int],
    *,
    region: str | None = "valley",
    source: UUID | None = None,
    whole_units: bool = False,
) -> list[Taken]:
    return actions.take(
        region,
        quantities,
        kind=COLLECTION,
        source=source or uuid7(),
        round_number=1,
        whole_units=whole_units,
    )


@pytest.mark.usefixtures("country")
def test_that_the_fullest_store_is_drawn_first(store: Store) -> None:
    count(("mill", "flour", "5"), ("bakery", "flour", "7.5"))
    assert take({"flour": 9}) == [
        Taken("flour", "bakery", Decimal("7.5")),
        Taken("flour", "mill", Decimal("1.5")),
    ]
    assert (store("bakery"), store("mill")) == ({"flour": Decimal(0)}, {"flour": Decimal("3.5")})


@pytest.mark.usefixtures("country")
def test_that_another_region_is_not_drawn_from(store: Store) -> None:
    count(("hill-mill", "flour", "5"))
    assert take({"flour": 1}) == []
    assert store("hill-mill") == {"flour": Decimal(5)}


@pytest.mark.usefixtures("country")
def test_that_all_regions_are_drawn_from_in_turn_and_units_are_whole_in_each(store: Store) -> None:
    count(("mill", "flour", "9"), ("bakery", "flour", "0.5"), ("hill-mill", "flour", "2.5"))
    assert take({"flour": 4}, region=None, whole_units=True) == [
        Taken("flour", "hill-mill", Decimal(2)),
        Taken("flour", "mill", Decimal(2)),
    ]
    assert store("hill-mill") == {"flour": Decimal("0.5")}


@pytest.mark.usefixtures("country")
def test_that_what_is_short_is_taken_as_far_as_it_reaches(store: Store) -> None:
    count(("mill", "flour", "2.25"), ("mill", "bran", "4"))
    assert take({"flour": 3, "bran": 1, "bread": 2}) == [
        Taken("bran", "mill", Decimal(1)),
        Taken("flour", "mill", Decimal("2.25")),
    ]
    assert store("mill") == {"bran": Decimal(3), "flour": Decimal(0)}


@pytest.mark.usefixtures("country")
def test_that_whole_units_are_made_up_from_several_stores(store: Store) -> None:
    count(("mill", "flour", "1.6"), ("bakery", "flour", "0.9"))
    assert take({"flour": 5}, whole_units=True) == [
        Taken("flour", "mill", Decimal("1.6")),
        Taken("flour", "bakery", Decimal("0.4")),
    ]
    assert store("bakery") == {"flour": Decimal("0.5")}


@pytest.mark.usefixtures("country")
def test_that_a_source_draws_from_a_store_only_once(store: Store) -> None:
    count(("mill", "flour", "5"))
    source = uuid4()
    take({"flour": 1}, source=source)
    with pytest.raises(Rejected) as refused, transaction.atomic():
        take({"flour": 1}, source=source)
    assert refused.value.reason is Refusal.KEY_USED
    assert store("mill") == {"flour": Decimal(4)}


@pytest.mark.usefixtures("country")
def test_that_an_opening_stock_is_counted_once(store: Store) -> None:
    assert count(("mill", "flour", "5"), ("bakery", "flour", "1")) == 2
    with pytest.raises(Rejected) as refused:
        count(("mill", "bran", "1"), ("mill", "flour", "5"))
    assert refused.value.reason is Refusal.ALREADY_COUNTED
    assert store("mill") == {"flour": Decimal(5)}


@pytest.mark.usefixtures("country")
def test_that_a_count_in_an_unknown_enterprise_is_refused_whole(store: Store) -> None:
    with pytest.raises(Rejected) as refused:
        count(("mill", "flour", "5"), ("smithy", "flour", "5"))
    assert refused.value.reason is Refusal.UNKNOWN_ENTERPRISE
    assert store("mill") == {}


@pytest.mark.usefixtures("country")
def test_that_what_cannot_be_stored_is_lost_whole_and_the_rest_by_its_share(store: Store) -> None:
    count(("bakery", "bread", "3.5"), ("mill", "grain", "10.005"), ("mill", "flour", "5"))
    assert actions.write_off(1) == 2
    assert store("bakery") == {"bread": Decimal(0)}
    assert store("mill") == {"flour": Decimal(5), "grain": Decimal("9.004")}


@pytest.mark.usefixtures("country")
def test_that_losses_are_written_off_once_a_round(store: Store) -> None:
    count(("mill", "grain", "10"))
    actions.write_off(1)
    with pytest.raises(Rejected) as refused:
        actions.write_off(1)
    assert refused.value.reason is Refusal.ALREADY_WRITTEN_OFF
    assert store("mill") == {"grain": Decimal(9)}
    assert actions.write_off(2) == 1
    assert store("mill") == {"grain": Decimal("8.1")}


@pytest.mark.usefixtures("country")
@pytest.mark.parametrize(
    ("statement", "refusal"),
    [
        ("UPDATE enterprises_stock SET quantity = 9", "enterprises_stock is a sum"),
        ("DELETE FROM enterprises_stock", "enterprises_stock is a sum"),
        (
            "INSERT INTO enterprises_stock VALUES (1, 'valley', 'bran', 'mill')",
            "enterprises_stock is a sum",
        ),
        ("UPDATE enterprises_movement SET quantity = 9", "Cannot update or delete"),
        ("DELETE FROM enterprises_movement", "Cannot update or delete"),
    ],
)
def test_that_nobody_writes_stock_but_by_a_movement(
    store: Store, statement: str, refusal: str
) -> None:
    count(("mill", "flour", "5"))
    with (
        pytest.raises(DatabaseError, match=refusal),
        transaction.atomic(),
        connection.cursor() as cursor,
    ):
        cursor.execute(statement)
    assert store("mill") == {"flour": Decimal(5)}


@pytest.mark.usefixtures("country")
def test_that_a_movement_cannot_leave_less_than_nothing(store: Store) -> None:
    count(("mill", "flour", "5"))
    with (
        pytest.raises(IntegrityError, match="enterprises_stock_never_negative"),
        transaction.atomic(),
    ):
        Movement.objects.create(
            region_id="valley",
            product_id="flour",
            enterprise_id="mill",
            round_number=1,
            kind=COLLECTION,
            quantity=Decimal("-5.001"),
            source=uuid4(),
        )
    assert store("mill") == {"flour": Decimal(5)}


QUANTITIES = st.decimals(min_value=Decimal("0.001"), max_value=20, places=3)


@pytest.mark.usefixtures("country")
@settings(suppress_health_check=[HealthCheck.function_scoped_fixture], deadline=None)
@given(
    held=st.dictionaries(st.sampled_from(["mill", "bakery"]), QUANTITIES, min_size=1),
    wanted=QUANTITIES,
    whole_units=st.booleans(),
)
def test_that_the_most_that_is_there_is_taken_and_the_rest_remains(
    store: Store, held: dict[str, Decimal], wanted: Decimal, whole_units: bool
) -> None:
    with transaction.atomic():
        count(*((place, "flour", str(quantity)) for place, quantity in held.items()))
        taken = take({"flour": wanted}, whole_units=whole_units)
        most = min(wanted, sum(held.values()))
        assert sum(part.quantity for part in taken) == (most // 1 if whole_units else most)
        drawn = {part.enterprise: part.quantity for part in taken}
        assert {place: store(place)["flour"] for place in held} == {
            place: quantity - drawn.get(place, 0) for place, quantity in held.items()
        }
        transaction.set_rollback(True)


def at_once(*calls: Callable[[], Result]) -> list[Result]:
    """Starts all calls at the same moment, each on a connection of its own."""
    barrier = Barrier(len(calls))

    def run(call: Callable[[], Result]) -> Result:
        try:
            barrier.wait()
            return call()
        finally:
            connection.close()

    with ThreadPoolExecutor(len(calls)) as threads:
        return [done.result() for done in [threads.submit(run, call) for call in calls]]


@pytest.mark.django_db(transaction=True)
def test_that_the_last_unit_goes_to_one_of_eight_who_draw_at_once(
    country: object, store: Store
) -> None:
    count(("mill", "flour", "1"))
    drawn = at_once(*[lambda: take({"flour": 1}, whole_units=True)] * 8)
    assert sorted(drawn, key=len) == [*[[]] * 7, [Taken("flour", "mill", Decimal(1))]]
    assert store("mill") == {"flour": Decimal(0)}


@pytest.mark.django_db(transaction=True)
def test_that_draws_that_cross_never_block_each_other(country: object, store: Store) -> None:
    count(*((place, product, "200") for place in ("mill", "bakery") for product in PRODUCTS))

    def draw(products: list[str]) -> None:
        for _ in range(20):
            take(dict.fromkeys(products, 3))

    at_once(
        *(
            partial(draw, products)
            for products in (["bran", "flour"], ["flour", "bran"], ["grain", "bran"], ["flour"])
        )
    )
    left = {product: store("mill")[product] + store("bakery")[product] for product in PRODUCTS}
    assert left == {"bran": 220, "flour": 220, "grain": 340, "bread": 400}
