"""The application's role in the database: it owns no table and rewrites nothing append-only.

Tables are made and changed by their owner, which is whom the platform's database URL names.
"""

from django.apps import apps
from django.db import DEFAULT_DB_ALIAS, connection, connections, transaction

from xietong.platform.base import is_append_only
from xietong.platform.database import APPLICATION


def append_only_tables() -> list[str]:
    """The tables whose rows are written once, by name."""
    return sorted(model._meta.db_table for model in apps.get_models() if is_append_only(model))


def ignore_no_trigger(*, using: str = DEFAULT_DB_ALIAS, **_: object) -> None:
    """Makes every trigger hold for every session, whatever its setting `pgtrigger.ignore` says.

    Each trigger that django-pgtrigger wrote first asks this function whether it is to be passed
    over; installing one writes the function anew, so this follows every migration. PostgreSQL
    works a constant into the question when it plans it, and asks no more.
    """
    with connections[using].cursor() as cursor:
        cursor.execute(
            """
            CREATE OR REPLACE FUNCTION public._pgtrigger_should_ignore(trigger_name name)
            RETURNS boolean LANGUAGE sql IMMUTABLE AS 'SELECT false'
            """
        )


@transaction.atomic
def grant() -> None:
    """Makes the role where it is missing, and gives it what the application does, and no more.

    Call it as the owner, when the tables are migrated. Raises DatabaseError if the owner may not
    make roles and nobody has made this one.
    """
    with connection.cursor() as cursor:
        cursor.execute(
            # Roles are the server's: another database of Xietong may make this one meanwhile.
            f"""
            DO $$ BEGIN
                IF NOT EXISTS (SELECT FROM pg_roles WHERE rolname = '{APPLICATION}') THEN
                    CREATE ROLE {APPLICATION} LOGIN;
                    GRANT {APPLICATION} TO CURRENT_USER;
                END IF;
            EXCEPTION WHEN duplicate_object OR unique_violation THEN NULL;
            END $$
            """
        )
        cursor.execute(f"GRANT USAGE ON SCHEMA public TO {APPLICATION}")
        # A temporary table stands before the one of the same name that a trigger means to read.
        database = connection.ops.quote_name(str(connection.settings_dict["NAME"]))
        cursor.execute(f"REVOKE TEMPORARY ON DATABASE {database} FROM PUBLIC, {APPLICATION}")
        cursor.execute(f"GRANT USAGE, SELECT ON ALL SEQUENCES IN SCHEMA public TO {APPLICATION}")
        cursor.execute(
            f"GRANT SELECT, INSERT, UPDATE, DELETE ON ALL TABLES IN SCHEMA public TO {APPLICATION}"
        )
        fixed = ", ".join(map(connection.ops.quote_name, append_only_tables()))
        cursor.execute(f"REVOKE UPDATE, DELETE, TRUNCATE ON {fixed} FROM {APPLICATION}")
