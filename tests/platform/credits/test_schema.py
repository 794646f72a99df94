"""What the tables, as the database has them, let hold credits: persons, and nobody else."""

from collections import defaultdict
from uuid import UUID, uuid4

import pytest
from django.db import IntegrityError, connection, transaction
from hypothesis import given, settings
from hypothesis import strategies as st
from hypothesis.extra.django import TestCase

from xietong.platform.credits.models import Account, Entry

pytestmark = pytest.mark.django_db


def columns() -> dict[str, set[str]]:
    """The columns of every table, by its name."""
    found = defaultdict(set)
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT table_name, column_name FROM information_schema.columns"
            " WHERE table_schema = current_schema()"
        )
        for table, column in cursor.fetchall():
            found[table].add(column)
    return found


def references() -> set[tuple[str, str, str]]:
    """Every foreign key: its table, its columns, and the table it refers to."""
    with connection.cursor() as cursor:
        cursor.execute(
            """
            SELECT conrelid::regclass::text,
                   (SELECT string_agg(attname, ', ' ORDER BY place)
                    FROM unnest(conkey) WITH ORDINALITY AS key (number, place)
                    JOIN pg_attribute ON attrelid = conrelid AND attnum = number),
                   confrelid::regclass::text
            FROM pg_constraint WHERE contype = 'f'
            """
        )
        return set(cursor.fetchall())


def test_that_tables_of_credits_never_refer_to_an_enterprise() -> None:
    assert {found for found in references() if found[0].startswith("credits_")} == {
        ("credits_account", "person_id", "people_person"),
        ("credits_entry", "person_id", "people_person"),
        ("credits_entry", "person_id, reverses", "credits_entry"),
        ("credits_factor", "skill_id", "labour_skill"),
        ("credits_price", "product_id", "products_product"),
        ("credits_price", "round_number, band", "credits_priceband"),
        ("credits_deduction", "round_number", "credits_rate"),
        ("credits_reckoning", "round_number", "credits_rate"),
    }


def test_that_no_other_table_refers_to_an_account_or_an_entry() -> None:
    kept = {"credits_account", "credits_entry"}
    assert {table for table, _, to in references() if to in kept} == {"credits_entry"}


def test_that_an_account_and_an_entry_have_no_column_for_a_counterpart() -> None:
    found = columns()
    assert found["credits_account"] == {"person_id", "balance"}
    assert found["credits_entry"] == {
        "person_id",
        "id",
        "kind",
        "amount",
        "source",
        "round_number",
        "at",
        "reverses",
    }


def test_that_no_table_of_an_enterprise_has_a_column_of_credits() -> None:
    found = columns()
    of_enterprises = {table for table in found if table.startswith("enterprises_")} | {
        table for table, _, to in references() if to.startswith("enterprises_")
    }
    assert {"enterprises_enterprise", "enterprises_stock", "labour_workrecord"} <= of_enterprises
    words = ("credit", "balance", "amount", "price", "cost", "revenue", "profit", "wage", "account")
    assert [
        (table, column)
        for table in sorted(of_enterprises)
        for column in found[table]
        if any(word in column for word in words)
    ] == []


class Holders(TestCase):
    @settings(max_examples=30, deadline=None)
    @given(st.uuids(), st.sampled_from(["work", "allowance"]), st.integers(1, 2**62))
    def test_that_whoever_is_no_person_is_issued_nothing(
        self, holder: UUID, kind: str, amount: int
    ) -> None:
        with pytest.raises(IntegrityError), transaction.atomic():
            Entry.objects.create(
                person_id=holder, kind=kind, amount=amount, source=uuid4(), round_number=1
            )
            # Until here the database waits whether the person comes still.
            connection.check_constraints()
        assert not Account.objects.exists()
