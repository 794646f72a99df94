"""Each law of the tables, tried in SQL past all of our code."""

from typing import TYPE_CHECKING
from uuid import UUID, uuid4

import pgtrigger
import pytest
from django.db import DatabaseError, connection, transaction

from xietong.platform.credits.models import Account, Entry, Rate
from xietong.platform.credits.queries import balance_of

if TYPE_CHECKING:
    from tests.platform.credits.conftest import Mill

INSERT = """
    INSERT INTO credits_entry (person_id, id, kind, amount, source, round_number)
    VALUES (%s, gen_random_uuid(), %s, %s, %s, 1)
"""
REVERSE = """
    INSERT INTO credits_entry (person_id, id, kind, amount, source, round_number, reverses)
    VALUES (%s, %s, 'reversal', %s, gen_random_uuid(), %s, %s)
"""


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
def account(mill: "Mill") -> "Mill":
    Entry.objects.create(
        person=mill.ana, kind="allowance", amount=1_000, source=uuid4(), round_number=1
    )
    return mill


@pytest.mark.parametrize(
    "statement",
    [
        "UPDATE credits_entry SET amount = 2000",
        "UPDATE credits_entry SET person_id = person_id",
        "DELETE FROM credits_entry",
    ],
)
def test_that_an_entry_is_neither_changed_nor_deleted(account: "Mill", statement: str) -> None:
    assert refused(statement) == (
        "pgtrigger: Cannot update or delete rows from credits_entry table"
    )
    assert balance_of(account.ana) == 1_000


@pytest.mark.parametrize(
    "statement",
    [
        "UPDATE credits_account SET balance = 5000",
        "DELETE FROM credits_account",
        "INSERT INTO credits_account SELECT id, 700 FROM people_person WHERE username = 'bruno'",
    ],
)
def test_that_a_balance_is_written_by_nothing_but_entries(account: "Mill", statement: str) -> None:
    assert refused(statement) == "credits_account is a sum: write its entries instead"
    assert list(Account.objects.values_list("person", "balance")) == [(account.ana.pk, 1_000)]


@pytest.mark.parametrize("amount", [-1_001, -(2**62)])
def test_that_no_entry_takes_a_balance_below_zero(account: "Mill", amount: int) -> None:
    assert refused(INSERT, account.ana.pk, "consumption", amount, uuid4()) == (
        'new row for relation "credits_account" violates check constraint '
        '"credits_account_never_below_zero"'
    )
    assert balance_of(account.ana) == 1_000


def test_that_one_balance_below_zero_stops_a_statement_on_many_accounts(account: "Mill") -> None:
    def move(ana: int, bruno: int) -> None:
        with transaction.atomic():
            Entry.objects.bulk_create(
                Entry(person=person, kind=kind, amount=amount, source=uuid4(), round_number=1)
                for person, kind, amount in (
                    (account.bruno, "allowance", 500),
                    (account.ana, "consumption", ana),
                    (account.ana, "allowance", 300),
                    (account.bruno, "consumption", bruno),
                    (account.bruno, "consumption", -100),
                )
            )

    for ana, bruno in ((-1_301, -100), (-100, -401)):
        with pytest.raises(DatabaseError, match="credits_account_never_below_zero"):
            move(ana, bruno)
    assert (balance_of(account.ana), balance_of(account.bruno)) == (1_000, 0)
    move(-1_300, -250)
    assert (balance_of(account.ana), balance_of(account.bruno)) == (0, 150)


def test_that_an_account_does_not_begin_below_zero(account: "Mill") -> None:
    assert refused(INSERT, account.bruno.pk, "consumption", -1, uuid4()) == (
        'new row for relation "credits_account" violates check constraint '
        '"credits_account_never_below_zero"'
    )
    assert not Account.objects.filter(person=account.bruno).exists()


@pytest.mark.parametrize(
    ("kind", "amount"),
    [("work", -1), ("work", 0), ("allowance", -5), ("consumption", 5), ("gift", 5)],
)
def test_that_credits_come_by_work_or_need_and_go_by_consumption_alone(
    account: "Mill", kind: str, amount: int
) -> None:
    assert refused(INSERT, account.ana.pk, kind, amount, uuid4()) == (
        'new row for relation "credits_entry" violates check constraint "credits_entry_sign"'
    )


def test_that_one_source_moves_an_account_once(account: "Mill") -> None:
    source = Entry.objects.get().source
    assert refused(INSERT, account.ana.pk, "work", 5, source) == (
        'duplicate key value violates unique constraint "credits_entry_once"'
    )
    assert balance_of(account.ana) == 1_000


def reverse(account: "Mill", *, amount: int = -1_000, round_number: int = 1) -> UUID:
    """A reversal of the account's one entry, past all of our code; returns its id."""
    id, only = uuid4(), Entry.objects.get()
    with connection.cursor() as cursor:
        cursor.execute(REVERSE, [account.ana.pk, id, amount, round_number, only.id])
    return id


def test_that_an_entry_is_reversed_by_its_opposite(account: "Mill") -> None:
    reverse(account)
    assert balance_of(account.ana) == 0


@pytest.mark.parametrize(("amount", "round_number"), [(-999, 1), (1_000, 1), (0, 1), (-1_000, 2)])
def test_that_a_reversal_moves_nothing_but_the_opposite_in_the_same_round(
    account: "Mill", amount: int, round_number: int
) -> None:
    only = Entry.objects.get()
    assert refused(REVERSE, account.ana.pk, uuid4(), amount, round_number, only.id) == (
        "a reversal moves the opposite amount in the same round"
    )
    assert balance_of(account.ana) == 1_000


def test_that_an_entry_is_reversed_once(account: "Mill") -> None:
    only = Entry.objects.get()
    reverse(account)
    assert refused(REVERSE, account.ana.pk, uuid4(), -1_000, 1, only.id) == (
        'duplicate key value violates unique constraint "credits_entry_reversed_once"'
    )
    assert balance_of(account.ana) == 0


def test_that_a_reversal_is_not_reversed(account: "Mill") -> None:
    first, itself = reverse(account), uuid4()
    for id, named in ((uuid4(), first), (itself, itself)):
        assert refused(REVERSE, account.ana.pk, id, 1_000, 1, named) == "a reversal is not reversed"
    assert balance_of(account.ana) == 0


@pytest.mark.parametrize("named", ["of another", "of nobody"])
def test_that_a_reversal_names_an_entry_of_the_same_person(account: "Mill", named: str) -> None:
    id = Entry.objects.get().id if named == "of another" else uuid4()
    Entry.objects.create(
        person=account.bruno, kind="allowance", amount=1_000, source=uuid4(), round_number=1
    )
    (found,) = pgtrigger.registered("credits.Entry:credits_entry_reverses_whole")
    with connection.cursor() as cursor:
        cursor.execute("SET CONSTRAINTS ALL IMMEDIATE")
        cursor.execute(f"DROP TRIGGER {found[1].get_pgid(found[0])} ON credits_entry")
    assert refused(REVERSE, account.bruno.pk, uuid4(), -1_000, 1, id) == (
        'insert or update on table "credits_entry" violates foreign key constraint '
        '"credits_entry_reverses_own"'
    )
    assert balance_of(account.bruno) == 1_000


def test_that_work_that_was_spent_since_is_not_reversed(account: "Mill") -> None:
    only = Entry.objects.get()
    Entry.objects.create(
        person=account.ana, kind="consumption", amount=-1, source=uuid4(), round_number=1
    )
    assert refused(REVERSE, account.ana.pk, uuid4(), -1_000, 1, only.id) == (
        'new row for relation "credits_account" violates check constraint '
        '"credits_account_never_below_zero"'
    )
    assert balance_of(account.ana) == 999


def test_that_reversals_and_nothing_else_name_what_they_reverse(account: "Mill") -> None:
    only = Entry.objects.get()
    named = REVERSE.replace("'reversal'", "'consumption'")
    for statement, values in (
        (named, (account.ana.pk, uuid4(), -1_000, 1, only.id)),
        (INSERT, (account.ana.pk, "reversal", -1_000, uuid4())),
    ):
        assert refused(statement, *values) == (
            'new row for relation "credits_entry" violates check constraint '
            '"credits_entry_names_what_it_reverses"'
        )
    assert balance_of(account.ana) == 1_000


def test_that_an_entry_names_one_account_and_no_counterpart() -> None:
    persons = [
        (field.model, field.name)
        for model in (Account, Entry)
        for field in model._meta.get_fields()
        if field.is_relation
    ]
    assert persons == [(Account, "person"), (Entry, "person")]


@pytest.mark.parametrize(
    "statement",
    [
        "UPDATE credits_rate SET per_hour = 2 * per_hour",
        "DELETE FROM credits_rate",
    ],
)
def test_that_a_published_rate_stays(mill: "Mill", statement: str) -> None:
    mill.publish()
    assert refused(statement) == "pgtrigger: Cannot update or delete rows from credits_rate table"
    assert Rate.objects.get().per_hour == 750


@pytest.mark.parametrize(
    "statement", ["UPDATE credits_price SET amount = 1", "DELETE FROM credits_price"]
)
def test_that_a_published_price_stays(mill: "Mill", statement: str) -> None:
    with connection.cursor() as cursor:
        cursor.execute("INSERT INTO credits_price VALUES (1, 5, 'flour')")
    assert refused(statement) == "pgtrigger: Cannot update or delete rows from credits_price table"
