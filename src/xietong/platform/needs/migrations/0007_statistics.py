"""The planner of queries learns of a book's lines when it closes, not when it finds the time."""

from django.db import migrations

# ANALYZE is the owner's. Nothing but the table's own statistics changes.
TAKE = """
CREATE FUNCTION needs_take_statistics() RETURNS void
LANGUAGE plpgsql SECURITY DEFINER SET search_path = pg_catalog, public AS $$
BEGIN
    ANALYZE public.needs_orderline;
END $$
"""


class Migration(migrations.Migration):
    dependencies = [("needs", "0006_larger_shares")]

    operations = [migrations.RunSQL(TAKE, "DROP FUNCTION needs_take_statistics()")]
