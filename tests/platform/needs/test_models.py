"""Each law of the tables, tried in SQL past all of our code."""

from typing import TYPE_CHECKING
from uuid import uuid4

import pytest
from django.db import DatabaseError, connection, transaction

from xietong.platform.needs import actions
from xietong.platform.needs.models import OrderLine

if TYPE_CHECKING:
    from tests.platform.needs.conftest import Village


def refused(statement: str, *values: object) -> str:
    """What the database says to a statement it does not accept."""
    with (
        pytest.raises(DatabaseError) as why,
        transaction.atomic(),
        connection.cursor() as cursor,
    ):
        cursor.execute(statement, values)  # type: ignore[arg-type]
    return str(why.value).splitlines()[0]


@pytest.fixture
def ordered(village: "Village") -> "Village":
    village.store(rice=9)
    village.orders(rice=4, bread=1)
    return village


@pytest.mark.parametrize(
    "statement",
    [
        "UPDATE needs_orderline SET quantity = 9",
        "DELETE FROM needs_orderline",
        "INSERT INTO needs_orderline (person_id, book_id, product_id, quantity, carried,"
        " collected, missed) SELECT id, 1, 'chair', 1, 0, 0, 0 FROM people_person",
        "UPDATE needs_orderline SET allotted = quantity, collected = 1",
    ],
)
def test_that_orders_stay_as_they_are_once_the_book_is_closed(
    ordered: "Village", statement: str
) -> None:
    actions.close_book(1)
    assert refused(statement) == "the order book of round 1 is taken"
    assert set(OrderLine.objects.values_list("product", "quantity", "allotted")) == {
        ("rice", 4, None),
        ("bread", 1, None),
    }


@pytest.mark.parametrize(
    "statement",
    [
        "UPDATE needs_orderline SET allotted = 4",
        "UPDATE needs_orderline SET allotted = NULL, collected = 0",
        "UPDATE needs_orderline SET quantity = 9",
        "UPDATE needs_orderline SET collected = 0 WHERE collected > 0",
        "DELETE FROM needs_orderline",
    ],
)
def test_that_promises_stay_and_goods_do_not_come_back_while_collecting(
    ordered: "Village", statement: str
) -> None:
    ordered.run({"rice": 9, "bread": 0})
    ordered.give(ordered.ana, 5_000)
    actions.collect(ordered.ana, quantities={"rice": 2}, key=uuid4())
    assert refused(statement) == "the order book of round 1 is collecting"
    line = ordered.line(ordered.ana, "rice")
    assert (line.quantity, line.allotted, line.collected) == (4, 3, 2)


def test_that_nothing_moves_in_a_settled_book(ordered: "Village") -> None:
    ordered.run({"rice": 9, "bread": 0})
    actions.settle(1)
    assert (
        refused("UPDATE needs_orderline SET collected = 1 WHERE book_id = 1")
        == "the order book of round 1 is settled"
    )


@pytest.mark.parametrize(
    "change",
    ["allotted = 5", "allotted = 2, missed = 3", "allotted = -1", "missed = 1", "missed = -1"],
)
def test_that_no_line_is_promised_more_than_it_asks_or_misses_more_than_promised(
    ordered: "Village", change: str
) -> None:
    actions.close_book(1)
    statement = f"UPDATE needs_orderline SET {change} WHERE product_id = 'rice'"  # noqa: S608
    assert 'new row for relation "needs_orderline" violates check constraint' in refused(statement)


def test_that_no_line_is_collected_beyond_its_promise(ordered: "Village") -> None:
    ordered.run({"rice": 9, "bread": 0})
    assert refused("UPDATE needs_orderline SET collected = 4 WHERE product_id = 'rice'") == (
        'new row for relation "needs_orderline" violates check constraint '
        '"needs_orderline_within_allotment"'
    )


def test_that_nothing_is_collected_that_was_not_promised(ordered: "Village") -> None:
    assert refused("UPDATE needs_orderline SET collected = 1 WHERE product_id = 'rice'") == (
        'new row for relation "needs_orderline" violates check constraint '
        '"needs_orderline_within_allotment"'
    )


@pytest.mark.parametrize("change", ["quantity = 0", "carried = 5"])
def test_that_an_order_is_of_something_and_carries_no_more_than_it_asks(
    ordered: "Village", change: str
) -> None:
    statement = f"UPDATE needs_orderline SET {change} WHERE product_id = 'rice'"  # noqa: S608
    assert refused(statement) == (
        'new row for relation "needs_orderline" violates check constraint '
        '"needs_orderline_quantity"'
    )


@pytest.mark.parametrize(
    ("before", "after"), [("open", "collecting"), ("taken", "open"), ("taken", "settled")]
)
def test_that_a_book_takes_its_steps_in_order(village: "Village", before: str, after: str) -> None:
    if before == "taken":
        actions.close_book(1)
    assert refused("UPDATE needs_orderbook SET state = %s", after) == (
        f'pgtrigger: Invalid transition of field "state" from "{before}" to "{after}" '
        "on table needs_orderbook"
    )


@pytest.mark.parametrize(
    "statement",
    [
        "UPDATE needs_collection SET cost = 0",
        "DELETE FROM needs_collection",
        "UPDATE needs_collectionline SET quantity = 9",
        "DELETE FROM needs_collectionline",
    ],
)
def test_that_a_collection_is_neither_changed_nor_deleted(
    ordered: "Village", statement: str
) -> None:
    ordered.run({"rice": 9, "bread": 0})
    ordered.give(ordered.ana, 5_000)
    actions.collect(ordered.ana, quantities={"rice": 2}, key=uuid4())
    table = "needs_collectionline" if "line" in statement else "needs_collection"
    assert refused(statement) == f"pgtrigger: Cannot update or delete rows from {table} table"


def test_that_a_key_names_one_collection_of_a_person(ordered: "Village") -> None:
    ordered.run({"rice": 9, "bread": 0})
    ordered.give(ordered.ana, 5_000)
    visit = actions.collect(ordered.ana, quantities={"rice": 2}, key=uuid4())
    assert (
        refused(
            "INSERT INTO needs_collection (person_id, id, key, book_id, cost)"
            " VALUES (%s, gen_random_uuid(), %s, 1, 0)",
            ordered.ana.pk,
            visit.key,
        )
        == 'duplicate key value violates unique constraint "needs_collection_once"'
    )
