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


class Migration(migrations.Migration):
    dependencies = [("people", "0003_recognitions")]

    operations = [migrations.RunSQL(GINI, "DROP FUNCTION people_gini(bigint[])")]
