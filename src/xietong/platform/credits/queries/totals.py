"""Sums over all accounts, without names."""

from dataclasses import dataclass

from django.db import connection
from django.db.models import Sum

from xietong.platform.base import SMALLEST_CELL

from ..models import Account

MOST_PARTS = 10
# In SQL, which entries count as issued; those that reverse one take away from it.
ISSUED = "(kind IN ('work', 'allowance') OR kind = 'reversal' AND amount < 0)"


@dataclass(frozen=True)
class Totals:
    """1/1000 credits of everyone together: issued - cancelled = balances.

    What was reversed was neither issued nor cancelled.
    """

    issued: int
    cancelled: int
    balances: int


@dataclass(frozen=True)
class Part:
    """So many persons were issued `mean` 1/1000 credits each, on the mean."""

    persons: int
    mean: int


@dataclass(frozen=True)
class Incomes:
    """What one round issued to those it issued anything to, in 1/1000 credits.

    `parts` are equal parts of these persons in the order of their incomes: as many as have ten
    persons each, and ten at most.
    """

    persons: int
    mean: int
    parts: tuple[Part, ...]


def totals() -> Totals:
    """All credits ever issued and cancelled, and all balances, at one moment."""
    with connection.cursor() as cursor:
        cursor.execute(
            # A reversal counts on the side of what it reverses: its sign is the opposite.
            f"""
            SELECT coalesce(sum(amount) FILTER (WHERE {ISSUED}), 0)::bigint,
                   coalesce(-sum(amount) FILTER (WHERE NOT {ISSUED}), 0)::bigint,
                   (SELECT coalesce(sum(balance), 0)::bigint FROM credits_account)
            FROM credits_entry
            """  # noqa: S608  a constant
        )
        return Totals(*cursor.fetchone())


def outstanding() -> int:
    """1/1000 credits on all accounts together."""
    return int(Account.objects.aggregate(all=Sum("balance"))["all"] or 0)


def incomes(round_number: int) -> Incomes | None:
    """How what a round issued is spread; None while it has issued to fewer than ten persons.

    Work and allowances that were reversed were not issued.
    """
    with connection.cursor() as cursor:
        cursor.execute(
            f"""
            WITH income AS (
                SELECT sum(amount) AS amount FROM credits_entry
                WHERE round_number = %(round)s AND {ISSUED}
                GROUP BY person_id HAVING sum(amount) > 0
            ),
            placed AS (
                SELECT amount, ntile(least(%(most)s, number / %(fewest)s)::int)
                                   OVER (ORDER BY amount) AS part
                FROM income, (SELECT count(*) AS number FROM income) AS counted
                WHERE number >= %(fewest)s
            )
            SELECT count(*), round(avg(amount))::bigint FROM placed
            GROUP BY GROUPING SETS ((), (part)) ORDER BY grouping(part) DESC, part
            """,  # noqa: S608  a constant
            {"round": round_number, "most": MOST_PARTS, "fewest": SMALLEST_CELL},
        )
        (persons, mean), *parts = cursor.fetchall()
    if not persons:
        return None
    return Incomes(persons, mean, tuple(Part(*part) for part in parts))
