"""The sums of a closed round, written set-wise, once."""

from collections.abc import Mapping

from django.db import connection

from xietong.platform.base import SMALLEST_CELL
from xietong.platform.credits.queries import ISSUED

from ..gains import KINDS, SPREAD


def write_standings(round_number: int, values: Mapping[str, float]) -> None:
    """Sum up how each product reached people in a settled round.

    `values` are hours of labour in a unit by product code; for what has none its price stands.
    """
    _sums(round_number, values)
    _sums_by_kind(round_number)
    _spreads(round_number)


def _sums(round_number: int, values: Mapping[str, float]) -> None:
    with connection.cursor() as cursor:
        cursor.execute(
            """
            WITH set_apart AS (
                SELECT product_id, region_id, true AS ruled FROM products_rule
                WHERE round_number = %(round)s AND on_trial
                UNION ALL
                -- A trial that is announced: its region is watched before it begins.
                SELECT product_id, region_id, false FROM products_trial AS trial
                WHERE ended_round IS NULL AND NOT EXISTS (
                    SELECT FROM products_rule AS rule
                    WHERE rule.round_number = %(round)s AND rule.on_trial
                        AND rule.product_id = trial.product_id)
            ),
            living AS (
                SELECT home.region_id, count(*) AS persons
                FROM products_residence AS home
                JOIN people_person AS person ON person.id = home.person_id
                WHERE person.left_at IS NULL GROUP BY home.region_id
            ),
            part AS (
                SELECT rule.product_id, false AS apart, NULL::text AS region_id, rule.mode,
                       rule.quota,
                       (SELECT count(*) FROM people_person WHERE left_at IS NULL)
                           - coalesce(living.persons, 0) AS persons
                FROM products_rule AS rule
                LEFT JOIN set_apart USING (product_id)
                LEFT JOIN living ON living.region_id = set_apart.region_id
                WHERE rule.round_number = %(round)s AND NOT rule.on_trial
                UNION ALL
                SELECT rule.product_id, true, set_apart.region_id, rule.mode, rule.quota,
                       coalesce(living.persons, 0)
                FROM set_apart
                JOIN products_rule AS rule ON rule.round_number = %(round)s
                    AND rule.product_id = set_apart.product_id AND rule.on_trial = set_apart.ruled
                LEFT JOIN living ON living.region_id = set_apart.region_id
            ),
            used AS (
                SELECT line.product_id,
                       coalesce(CASE WHEN set_apart.ruled THEN line.on_trial
                                ELSE home.region_id = set_apart.region_id END, false) AS apart,
                       count(*) AS askers, count(*) FILTER (WHERE line.collected > 0) AS takers,
                       sum(line.quantity) AS asked, sum(line.allotted) AS promised,
                       sum(line.collected) AS taken, sum(line.missed) AS missed
                FROM needs_orderline AS line
                LEFT JOIN set_apart USING (product_id)
                LEFT JOIN products_residence AS home ON home.person_id = line.person_id
                WHERE line.book_id = %(round)s GROUP BY 1, 2
            ),
            held AS (
                SELECT product_id, sum(quantity) AS stock FROM enterprises_stock GROUP BY 1
            )
            INSERT INTO distribution_standing
                (round_number, product_id, apart, region_id, mode, quota, persons, askers, takers,
                 asked, promised, taken, missed, stock, value, price)
            SELECT %(round)s, part.product_id, part.apart, part.region_id, part.mode, part.quota,
                   part.persons, coalesce(used.askers, 0), coalesce(used.takers, 0),
                   coalesce(used.asked, 0),
                   coalesce(used.promised, 0), coalesce(used.taken, 0), coalesce(used.missed, 0),
                   coalesce(held.stock, 0),
                   coalesce(round(content.hours * 1000)::bigint, price.amount, 0),
                   coalesce(price.amount, 0)
            FROM part
            LEFT JOIN used ON (used.product_id, used.apart) = (part.product_id, part.apart)
            LEFT JOIN held ON held.product_id = part.product_id
            LEFT JOIN credits_price AS price ON price.round_number = %(round)s
                AND price.product_id = part.product_id
            LEFT JOIN unnest(%(products)s::text[], %(hours)s::float[])
                AS content (product_id, hours) ON content.product_id = part.product_id
            """,
            {
                "round": round_number,
                "products": list(values),
                "hours": [float(hours) for hours in values.values()],
            },
        )


def _sums_by_kind(round_number: int) -> None:
    """What persons of each kind took, where at least ten of them asked for it."""
    with connection.cursor() as cursor:
        cursor.execute(
            f"""
            WITH person AS ({KINDS}),
            kind AS (
                SELECT kind, count(*) AS persons FROM person GROUP BY kind
            )
            INSERT INTO distribution_kindstanding
                (round_number, product_id, kind, persons, askers, taken)
            SELECT %(round)s, line.product_id, kind.kind, max(kind.persons), count(*),
                   sum(line.collected)
            FROM needs_orderline AS line
            JOIN person ON person.id = line.person_id
            JOIN kind ON kind.kind = person.kind
            WHERE line.book_id = %(round)s
            GROUP BY line.product_id, kind.kind HAVING count(*) >= %(fewest)s
            """,  # noqa: S608  KINDS is a constant of this room
            {"round": round_number, "fewest": SMALLEST_CELL},
        )


def _spreads(round_number: int) -> None:
    """How incomes and consumption are spread, over everyone and by kind of household."""
    with connection.cursor() as cursor:
        cursor.execute(
            f"""
            WITH person AS ({KINDS}),
            issued AS (
                SELECT person_id AS id, sum(amount) AS amount FROM credits_entry
                WHERE round_number = %(round)s AND {ISSUED}
                GROUP BY person_id
            ),
            taken AS (
                SELECT line.person_id AS id, sum(line.collected * product.value) AS amount
                FROM needs_orderline AS line
                JOIN distribution_standing AS product ON product.product_id = line.product_id
                    AND product.round_number = line.book_id AND NOT product.apart
                WHERE line.book_id = %(round)s GROUP BY line.person_id
            ),
            amount AS (
                SELECT 'incomes' AS of, kind, coalesce(amount, 0)::bigint AS amount
                FROM person LEFT JOIN issued USING (id)
                UNION ALL
                SELECT 'consumption', kind, coalesce(amount, 0)::bigint
                FROM person LEFT JOIN taken USING (id)
            ),
            {SPREAD}
            INSERT INTO distribution_spreadstanding
                (round_number, of, kind, persons, mean, gini, low, high)
            SELECT %(round)s, * FROM spread
            """,  # noqa: S608  KINDS and SPREAD are constants of this room
            {"round": round_number},
        )
