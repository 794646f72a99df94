"""What the application's role may do in the database, tried in SQL past all of our code."""

from collections.abc import Iterator

import pgtrigger
import psycopg
import pytest
from django.apps import apps
from django.core.management.sql import emit_post_migrate_signal
from django.db import DatabaseError, connection, transaction
from django.test import Client
from tests.platform import lived

from xietong.platform import privileges
from xietong.platform.database import APPLICATION

APPEND_ONLY = [
    "credits_allowance",
    "credits_deduction",
    "credits_entry",
    "credits_factor",
    "credits_price",
    "credits_priceband",
    "credits_rate",
    "credits_reckoning",
    "credits_spread",
    "distribution_kindstanding",
    "distribution_proposal",
    "distribution_spreadstanding",
    "distribution_standing",
    "enterprises_movement",
    "enterprises_report",
    "labour_candidate",
    "labour_juror",
    "labour_matching",
    "labour_turn",
    "needs_collection",
    "needs_collectionline",
    "needs_roundsum",
    "needs_sharerule",
    "people_birth",
    "people_needrule",
    "people_recognition",
    "people_turn",
    "products_change",
    "products_rule",
    "record_entry",
    "record_parameterchange",
    "record_submission",
    "rounds_adoption",
    "rounds_scenario",
    "rounds_scenarioneed",
    "rounds_scenariooutlook",
    "rounds_scenarioproduct",
    "rounds_scenariotask",
]


@pytest.fixture
def application(db: None) -> Iterator[None]:
    """The rest of the test's transaction is done in the application's role."""
    privileges.grant()
    with connection.cursor() as cursor:
        cursor.execute(f"SET LOCAL ROLE {APPLICATION}")
    yield
    with connection.cursor() as cursor:
        cursor.execute("RESET ROLE")


def column_of(table: str) -> str:
    models = {model._meta.db_table: model for model in apps.get_models()}
    return models[table]._meta.concrete_fields[-1].column


def test_that_these_are_the_tables_whose_rows_are_written_once() -> None:
    assert privileges.append_only_tables() == APPEND_ONLY


@pytest.mark.parametrize(
    "statement",
    ["UPDATE {table} SET {column} = {column}", "DELETE FROM {table}", "TRUNCATE {table} CASCADE"],
)
@pytest.mark.parametrize("table", APPEND_ONLY)
def test_that_the_application_has_no_right_to_rewrite_what_is_append_only(
    application: None, table: str, statement: str
) -> None:
    with (
        pytest.raises(DatabaseError) as why,
        transaction.atomic(),
        connection.cursor() as cursor,
    ):
        cursor.execute(statement.format(table=table, column=column_of(table)))
    assert isinstance(why.value.__cause__, psycopg.errors.InsufficientPrivilege)
    assert str(why.value) == f"permission denied for table {table}"


@pytest.mark.parametrize(
    "statement",
    [
        "TRUNCATE credits_account",
        "ALTER TABLE credits_entry DISABLE TRIGGER ALL",
        "DROP TABLE credits_entry CASCADE",
        "CREATE TABLE loans (amount int)",
        "CREATE TEMPORARY TABLE people_duty (person_id uuid)",
        "CREATE OR REPLACE FUNCTION public._pgtrigger_should_ignore(trigger_name name)"
        " RETURNS boolean LANGUAGE sql AS 'SELECT true'",
        "SET LOCAL session_replication_role = 'replica'",
    ],
)
def test_that_the_application_cannot_put_a_law_of_the_tables_out_of_force(
    application: None, statement: str
) -> None:
    with (
        pytest.raises(DatabaseError) as why,
        transaction.atomic(),
        connection.cursor() as cursor,
    ):
        cursor.execute(statement)
    assert isinstance(why.value.__cause__, psycopg.errors.InsufficientPrivilege)


def test_that_the_role_owns_nothing_and_stands_in_no_other(db: None) -> None:
    privileges.grant()
    with connection.cursor() as cursor:
        cursor.execute(
            """
            SELECT role.rolsuper, role.rolcreaterole, role.rolcreatedb, role.rolbypassrls,
                   (SELECT count(*) FROM pg_class WHERE relowner = role.oid),
                   (SELECT count(*) FROM pg_auth_members WHERE member = role.oid)
            FROM pg_roles AS role WHERE rolname = %s
            """,
            [APPLICATION],
        )
        assert cursor.fetchone() == (False, False, False, False, 0, 0)


def test_that_a_right_given_before_a_table_was_append_only_is_taken_back(db: None) -> None:
    privileges.grant()
    with connection.cursor() as cursor:
        cursor.execute(f"GRANT UPDATE, DELETE, TRUNCATE ON credits_entry TO {APPLICATION}")
        privileges.grant()
        cursor.execute(
            "SELECT array_agg(privilege_type::text ORDER BY privilege_type)"
            " FROM information_schema.table_privileges"
            " WHERE table_name = 'credits_entry' AND grantee = %s",
            [APPLICATION],
        )
        assert cursor.fetchone() == (["INSERT", "SELECT"],)


def test_that_a_country_lives_and_every_page_is_read_in_the_applications_role(
    application: None, nothing_cached: None
) -> None:
    country = lived.lived(1)
    client = Client()
    client.force_login(country.planner)
    for addresses in lived.pages().values():
        for address in addresses:
            assert client.get(address).status_code == 200, address
    with connection.cursor() as cursor:
        cursor.execute("SELECT current_user")
        assert cursor.fetchone() == (APPLICATION,)


def test_that_the_application_cannot_have_a_trigger_passed_over(application: None) -> None:
    every = ",".join(trigger.get_pgid(model) for model, trigger in pgtrigger.registered())
    with (
        pytest.raises(DatabaseError) as why,
        transaction.atomic(),
        connection.cursor() as cursor,
    ):
        cursor.execute("SELECT set_config('pgtrigger.ignore', %s, true)", [f"{{{every}}}"])
        cursor.execute(
            "INSERT INTO credits_account (person_id, balance) VALUES (gen_random_uuid(), 1000)"
        )
    assert str(why.value).splitlines()[0] == ("credits_account is a sum: write its entries instead")


def test_that_triggers_of_migrations_to_come_are_not_passed_over_either(db: None) -> None:
    # Installing a trigger brings the question back, until the migrations are done.
    model, trigger = pgtrigger.registered("labour.Place:labour_place_stays")[0]
    trigger.install(model)
    ask = "SELECT set_config('pgtrigger.ignore', '{some}', true), _pgtrigger_should_ignore('some')"
    with connection.cursor() as cursor:
        cursor.execute(ask)
        assert cursor.fetchone() == ("{some}", True)
        emit_post_migrate_signal(verbosity=0, interactive=False, db="default")
        cursor.execute(ask)
        assert cursor.fetchone() == ("{some}", False)
