from decimal import Decimal
from typing import TYPE_CHECKING
from uuid import uuid4

import pytest
from django.db import DatabaseError, connection, transaction

from xietong.platform import privileges
from xietong.platform.credits import queries as credits
from xietong.platform.credits.models import Entry
from xietong.platform.database import APPLICATION
from xietong.platform.enterprises.models import Movement
from xietong.platform.needs import actions, queries
from xietong.platform.needs.models import Collection, CollectionLine, OrderLine

if TYPE_CHECKING:
    from tests.platform.needs.conftest import Village

SUM = "SELECT * FROM needs_sum WHERE book_id = 1 ORDER BY product_id"


def rows(statement: str) -> list[tuple[object, ...]]:
    with connection.cursor() as cursor:
        cursor.execute(statement)
        return list(cursor.fetchall())


@pytest.fixture
def settled(village: "Village") -> "Village":
    """Round 1 is settled: two came and took, one of them twice."""
    village.orders(rice=4, bread=3)
    village.store(rice=9, bread=7)
    village.run({"rice": 12, "bread": 9})
    for person in (village.ana, village.bruno):
        village.give(person, 5000)
        actions.collect(person, quantities={"rice": 3, "bread": 2}, key=uuid4())
    actions.collect(village.ana, quantities={"rice": 1}, key=uuid4())
    before = rows(SUM)
    actions.settle(1)
    assert rows(SUM) == before
    return village


def test_that_the_sums_of_a_round_are_exact_when_nobody_s_part_is_known_any_more(
    settled: "Village",
) -> None:
    before, stock = rows(SUM), settled.in_store("rice")
    assert [row[:11] for row in before] == [
        (1, "bread", "free", 3, 2, 9, 9, 4, 0, 0, 0),
        (1, "rice", "credits", 3, 2, 12, 12, 7, 0, 7, 3500),
    ]
    assert actions.forget(up_to=1) == 1
    assert rows(SUM) == before
    assert settled.in_store("rice") == stock == 2
    assert queries.needs_met_by_tier(1)[0].needs == 6


def test_that_nothing_leads_from_an_account_to_goods_any_more(settled: "Village") -> None:
    spent = Entry.objects.filter(kind="consumption")
    assert spent.count() == 3
    assert Movement.objects.filter(source__in=spent.values("source")).exists()
    assert actions.forget(up_to=1) == 1
    assert not OrderLine.objects.filter(book=1).exists()
    assert not Collection.objects.exists()
    assert not CollectionLine.objects.exists()
    moved = Movement.objects.filter(kind="collection")
    assert sorted(moved.values_list("product_id", "quantity")) == [
        ("bread", Decimal(-4)),
        ("rice", Decimal(-7)),
    ]
    for entry in spent:
        assert not moved.filter(source=entry.source).exists()
        assert not moved.filter(at=entry.at).exists()


def test_that_every_account_stays_as_it_was(settled: "Village") -> None:
    before = credits.totals(), list(Entry.objects.order_by("id").values())
    actions.forget(up_to=1)
    assert (credits.totals(), list(Entry.objects.order_by("id").values())) == before
    assert credits.balance_of(settled.ana) == 3000


def test_that_what_is_not_settled_is_remembered(village: "Village") -> None:
    village.orders(rice=4)
    village.run({"rice": 12})
    assert actions.forget(up_to=5) == 0
    assert OrderLine.objects.filter(book=1).count() == 3


def test_that_forgetting_again_forgets_nothing_more(settled: "Village") -> None:
    assert [actions.forget(up_to=1) for _ in range(2)] == [1, 0]
    assert Movement.objects.filter(kind="collection").count() == 2


@pytest.mark.parametrize(
    "statement",
    [
        "DELETE FROM needs_collection",
        "DELETE FROM needs_collectionline",
        "DELETE FROM enterprises_movement",
        "DELETE FROM needs_orderline WHERE book_id = 1",
        "UPDATE needs_roundsum SET asked = 0",
    ],
)
def test_that_the_application_forgets_by_the_function_alone(
    settled: "Village", statement: str
) -> None:
    privileges.grant()
    with connection.cursor() as cursor, transaction.atomic():
        cursor.execute(f"SET LOCAL ROLE {APPLICATION}")
        cursor.execute("SET LOCAL xietong.forgetting = 'on'")
        with pytest.raises(DatabaseError), transaction.atomic():
            cursor.execute(statement)
        cursor.execute("SELECT needs_forget(1)")
        assert cursor.fetchone() == (1,)
        cursor.execute("RESET ROLE")
    assert not Collection.objects.exists()
