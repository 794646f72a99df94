"""A deadlock with another transaction says nothing about what was asked: it is done anyway."""

from collections.abc import Callable
from decimal import Decimal
from threading import Event, Thread
from typing import TYPE_CHECKING

import psycopg
import pytest
from django.db import connection

from xietong.platform.credits import actions as credits
from xietong.platform.credits.models import Entry
from xietong.platform.needs import actions
from xietong.platform.needs.models import OrderBook, OrderLine
from xietong.platform.people import actions as people
from xietong.platform.people import queries
from xietong.platform.people.models import Duty, Ground, Person

if TYPE_CHECKING:
    from tests.platform.needs.conftest import Village

BLOCKED = "SELECT count(*) FROM pg_stat_activity WHERE pid = %s AND wait_event_type = 'Lock'"


def deadlocked(act: Callable[[], object], *, first: str, then: str) -> int:
    """Do `act` while another transaction holds `first` and, when `act` waits for it, wants `then`.

    Only `act` looks for a deadlock, so it is the one that PostgreSQL breaks off. Returns how many
    deadlocks there were.
    """
    parameters = connection.get_connection_params()
    parameters = {
        name: parameters[name] for name in ("dbname", "user", "host", "port") if name in parameters
    }
    holds = Event()
    with connection.cursor() as cursor:
        cursor.execute("SELECT pg_backend_pid()")
        (pid,) = cursor.fetchone()

    def other() -> None:
        with (
            psycopg.connect(**parameters) as holder,
            psycopg.connect(**parameters, autocommit=True) as watch,
        ):
            holder.execute("SET LOCAL deadlock_timeout = '1h'")
            holder.execute(first)
            holds.set()
            while watch.execute(BLOCKED, [pid]).fetchone() != (1,):
                pass
            holder.execute(then)

    thread = Thread(target=other)
    thread.start()
    assert holds.wait(30)
    before = deadlocks()
    act()
    thread.join()
    return deadlocks() - before


def deadlocks() -> int:
    with connection.cursor() as cursor:
        cursor.execute("SELECT pg_stat_force_next_flush(), pg_stat_clear_snapshot()")
        cursor.execute("SELECT deadlocks FROM pg_stat_database WHERE datname = current_database()")
        return int(cursor.fetchone()[0])


def row(table: str, person: Person) -> str:
    return f"SELECT FROM {table} WHERE person_id = '{person.pk}' FOR UPDATE"


BOOK = "SELECT FROM needs_orderbook WHERE round_number = 1 FOR UPDATE"


@pytest.mark.django_db(transaction=True)
def test_that_what_is_delivered_is_shared_out_after_a_deadlock(village: "Village") -> None:
    village.orders(rice=2)
    actions.close_book(1)
    actions.open_book(2)
    assert (
        deadlocked(
            lambda: actions.allot(1, household={"rice": Decimal(6)}, common={}),
            first=row("needs_orderline", village.bruno),
            then=BOOK,
        )
        == 1
    )
    assert list(OrderLine.objects.values_list("allotted", flat=True)) == [2, 2, 2]


@pytest.mark.django_db(transaction=True)
def test_that_a_round_is_settled_after_a_deadlock(village: "Village") -> None:
    village.orders(rice=2)
    village.run({"rice": 3})
    assert (
        deadlocked(
            lambda: actions.settle(1),
            first=f"SELECT FROM people_person WHERE id = '{village.bruno.pk}' FOR UPDATE",
            then=BOOK,
        )
        == 1
    )
    assert OrderBook.objects.get(round_number=1).state == "settled"
    assert OrderLine.objects.filter(book=2, product="rice").count() == 3


@pytest.mark.django_db(transaction=True)
def test_that_allowances_are_issued_once_after_a_deadlock(village: "Village") -> None:
    people.give_duty(village.celia, Duty.Kind.ALLOWANCES)
    first, second = sorted((village.ana, village.bruno), key=lambda person: person.pk)
    for person in (first, second):
        village.give(person, 1)
        claim = people.claim_need(person, ground=Ground.ILLNESS, from_round=1, why="ill")
        people.answer_claim(village.celia, person=person.pk, claim=claim.id, grant=True)
    credits.publish_rate(
        1,
        total_hours=Decimal(300),
        claimable_hours=Decimal(300),
        workers=3,
        allowances=queries.recognised(1),
    )
    assert (
        deadlocked(
            lambda: credits.issue_allowances(1),
            first=row("credits_account", second),
            then=row("credits_account", first),
        )
        == 1
    )
    issued = Entry.objects.filter(kind="allowance").exclude(amount=1)
    assert set(issued.filter(person__in=(first, second)).values_list("person", flat=True)) == {
        first.pk,
        second.pk,
    }
    assert credits.issue_allowances(1) == 0
