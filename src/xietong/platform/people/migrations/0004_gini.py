from django.db import migrations

GINI = """
-- Half the mean difference between two persons, over the mean: 0 when all have the same, or
-- nothing; nearly 1 when one of many has all (Gini 1912, from ranks). Amounts are none below 0.
CREATE FUNCTION people_gini(amounts bigint[]) RETURNS float
LANGUAGE sql IMMUTABLE PARALLEL SAFE AS $$
    SELECT coalesce(
        (2 * sum(rank * amount) - (count(*) + 1) * sum(amount))
        / nullif(count(*) * sum(amount), 0), 0)::float
    FROM (
        SELECT amount::numeric, row_number() OVER (ORDER BY amount) AS rank
        FROM unnest(amounts) AS amount
    ) AS ranked
$$
"""

# A kind of fewer than `fewest` is not told of, nor is the next larger where those of whom nothing
# is told would still be fewer: everyone less all others would tell of them.
TOLD = """
CREATE FUNCTION people_kinds_told(fewest int) RETURNS TABLE (kind text, persons bigint)
LANGUAGE sql STABLE AS $$
    SELECT size.kind, size.persons FROM (
        SELECT counted.kind, counted.persons,
               sum(counted.persons) OVER (ORDER BY counted.persons, counted.kind)
                   - counted.persons AS smaller
        FROM (SELECT kind, count(*) AS persons FROM people_householdkind GROUP BY 1) AS counted
    ) AS size
    WHERE size.persons >= fewest AND (smaller = 0 OR smaller >= fewest)
$$
"""


class Migration(migrations.Migration):
    dependencies = [("people", "0003_recognitions")]

    operations = [
        migrations.RunSQL(GINI, "DROP FUNCTION people_gini(bigint[])"),
        migrations.RunSQL(TOLD, "DROP FUNCTION people_kinds_told(int)"),
    ]
