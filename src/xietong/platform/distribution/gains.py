"""By what kinds of persons it is told who gains from a step: by the kind of their household."""

from xietong.platform.base import SMALLEST_CELL

TENTHS = 10
# One row a person on the roll, with their kind.
KINDS = "SELECT person_id AS id, kind FROM people_householdkind"
# After a table `amount` (of, kind, amount) of one row a person: how it is spread over everyone,
# whose kind is empty, and over each kind that may be told of. Tenths are of ten persons or NULL.
SPREAD = f"""
    cell AS (
        SELECT of, '' AS kind, amount FROM amount
        UNION ALL
        SELECT of, kind, amount FROM amount JOIN people_kinds_told({SMALLEST_CELL}) USING (kind)
    ),
    placed AS (
        SELECT *, ntile({TENTHS}) OVER (PARTITION BY of, kind ORDER BY amount) AS tenth,
               count(*) OVER (PARTITION BY of, kind) >= {SMALLEST_CELL * TENTHS} AS many
        FROM cell
    ),
    spread AS (
        SELECT of, kind, count(*) AS persons, round(avg(amount))::bigint AS mean,
               people_gini(array_agg(amount)) AS gini,
               round(avg(amount) FILTER (WHERE many AND tenth = 1))::bigint AS low,
               round(avg(amount) FILTER (WHERE many AND tenth = {TENTHS}))::bigint AS high
        FROM placed GROUP BY of, kind HAVING count(*) >= {SMALLEST_CELL}
    )
"""  # noqa: S608  constants
