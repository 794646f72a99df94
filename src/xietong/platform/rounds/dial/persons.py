"""What persons would be issued, and what reach them by need; told of ten persons at least."""

from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass

from django.db import connection
from django.db.models import Sum

from xietong.planning.payout import Good
from xietong.platform.distribution.gains import KINDS, SPREAD
from xietong.platform.distribution.models import KindStanding, Standing
from xietong.platform.people.queries import numbers_on_the_roll


@dataclass(frozen=True)
class Cell:
    """How 1/1000 credits are spread over persons; tenths where each has ten."""

    persons: int
    mean: int
    gini: float
    low: int | None
    high: int | None


def incomes(
    round_number: int,
    factors: Mapping[str, Sequence[int]],
    *,
    for_a_minute: Sequence[float],
    for_allowance: Sequence[float],
) -> dict[tuple[str, str], Cell]:
    """By ("before" or "after", kind of household or "" for everyone): what would be issued.

    Certified minutes of the round are paid `for_a_minute` 1/1000 credits by the factors of their
    skills, in thousandths, and its allowances are `for_allowance` times what they were; each first
    before, then after. The ceiling of offices is left aside.
    """
    with connection.cursor() as cursor:
        cursor.execute(
            f"""
            WITH person AS ({KINDS}),
            standing AS (
                SELECT * FROM credits_entry AS entry
                WHERE round_number = %(round)s AND kind IN ('work', 'allowance') AND NOT EXISTS (
                    SELECT FROM credits_entry AS undone
                    WHERE undone.person_id = entry.person_id AND undone.reverses = entry.id)
            ),
            factor AS (
                SELECT * FROM unnest(%(skills)s::text[], %(before)s::int[], %(after)s::int[])
                    AS given (skill, before, after)
            ),
            issued AS (
                SELECT entry.person_id AS id,
                       sum(CASE entry.kind WHEN 'allowance' THEN entry.amount * %(allowed_before)s
                           ELSE work.minutes * coalesce(factor.before, 1000) / 1000.0
                                * %(paid_before)s END) AS before,
                       sum(CASE entry.kind WHEN 'allowance' THEN entry.amount * %(allowed_after)s
                           ELSE work.minutes * coalesce(factor.after, 1000) / 1000.0
                                * %(paid_after)s END) AS after
                FROM standing AS entry
                LEFT JOIN labour_workrecord AS work
                    ON work.person_id = entry.person_id AND work.id = entry.source
                LEFT JOIN factor ON factor.skill = work.skill_id
                GROUP BY entry.person_id
            ),
            amount AS (
                SELECT 'before' AS of, kind, round(coalesce(before, 0))::bigint AS amount
                FROM person LEFT JOIN issued USING (id)
                UNION ALL
                SELECT 'after', kind, round(coalesce(after, 0))::bigint
                FROM person LEFT JOIN issued USING (id)
            ),
            {SPREAD}
            SELECT * FROM spread ORDER BY kind, of
            """,  # noqa: S608  KINDS and SPREAD are constants
            {
                "round": round_number,
                "skills": list(factors),
                "before": [before for before, _ in factors.values()],
                "after": [after for _, after in factors.values()],
                "paid_before": for_a_minute[0],
                "paid_after": for_a_minute[1],
                "allowed_before": for_allowance[0],
                "allowed_after": for_allowance[1],
            },
        )
        return {(of, kind): Cell(*cell) for of, kind, *cell in cursor.fetchall()}


def minutes_by_skill(round_number: int) -> dict[str, int]:
    """Minutes of a round that issued credits, by the skill they were worked by; "" for none."""
    with connection.cursor() as cursor:
        cursor.execute(
            """
            SELECT coalesce(work.skill_id, ''), sum(work.minutes)::bigint
            FROM credits_entry AS entry
            JOIN labour_workrecord AS work
                ON work.person_id = entry.person_id AND work.id = entry.source
            WHERE entry.round_number = %s AND entry.kind = 'work' AND NOT EXISTS (
                SELECT FROM credits_entry AS undone
                WHERE undone.person_id = entry.person_id AND undone.reverses = entry.id)
            GROUP BY 1
            """,
            [round_number],
        )
        return dict(cursor.fetchall())


def goods_by_need(
    round_number: int, goods: Iterable[Good], kinds: Mapping[str, int]
) -> dict[str, int]:
    """By kind of household, 1/1000 hours of labour a head in what reaches it free or by quota.

    `kinds` gives the persons of each. A kind gets the part of each product that it took in the
    round; where that is not told, as much a head as everyone.
    """
    roll = numbers_on_the_roll()
    everyone = roll.workers + roll.on_allowance
    all_taken: dict[str, int] = dict(
        Standing.objects.filter(round_number=round_number)
        .values_list("product_id")
        .annotate(units=Sum("taken"))
    )
    taken: dict[str, dict[str, int]] = defaultdict(dict)
    for product, kind, units in KindStanding.objects.filter(round_number=round_number).values_list(
        "product_id", "kind", "taken"
    ):
        taken[product][kind] = units
    sums = dict.fromkeys(kinds, 0.0)
    for good in goods:
        if good.for_credits or not good.promised:
            continue
        content = float(good.value * good.promised) * 1000
        by_kind, total = taken[good.product], all_taken.get(good.product) or 0
        for kind, persons in kinds.items():
            part = by_kind[kind] / total if total and kind in by_kind else persons / everyone
            sums[kind] += content * part / persons
    return {kind: round(amount) for kind, amount in sums.items()}
