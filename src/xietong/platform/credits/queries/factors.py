"""What an hour counts by the skill it is worked by, and how far that may leave 1."""

from dataclasses import dataclass
from decimal import Decimal

from django.core.paginator import Page, Paginator
from django.db import connection
from django.db.models import F, Func, IntegerField, Value

from xietong.platform.labour.models import Skill

from ..models import Factor, Spread
from .payouts import latest_rate

FACTORS_A_PAGE = 20


@dataclass(frozen=True)
class SkillFactor:
    """What an hour worked by a skill counts, in thousandths of an hour."""

    skill: Skill
    thousandths: int


def mean_factor(round_number: int) -> Decimal:
    """What an hour counts on the mean in a round, if it is worked as the round before was.

    Certified hours of the round before by skill, each at the factor of this round; 1 where there
    are none. The ceiling for offices is left aside, so that hours never issue more than reckoned.
    Rounded up to millionths. One query.
    """
    with connection.cursor() as cursor:
        cursor.execute(
            """
            SELECT ceil(1000 * sum(minutes * credits_factor_of(skill_id, %(round)s))
                        / sum(minutes)) / 1000000
            FROM (
                SELECT skill_id, sum(minutes) AS minutes FROM labour_workrecord AS work
                WHERE dispatch_id = %(round)s - 1 AND certified_by_id IS NOT NULL AND NOT EXISTS (
                    SELECT 1 FROM labour_workrecord AS later
                    WHERE later.person_id = work.person_id AND later.corrects = work.id
                      AND later.certified_by_id IS NOT NULL)
                GROUP BY skill_id
            ) AS worked
            """,
            {"round": round_number},
        )
        (mean,) = cursor.fetchone()
    return Decimal(1) if mean is None else Decimal(mean)


def first_unrated_round() -> int:
    """The first round whose rate is not published yet: what its hours count can still be set."""
    newest = latest_rate()
    return newest.round_number + 1 if newest else 1


def spread_in(round_number: int) -> int:
    """How far from 1 a factor may lie in a round, in thousandths."""
    spread = Spread.objects.filter(round_number__lte=round_number).first()
    return spread.thousandths if spread else 0


def spreads(page: int | str = 1) -> "Page[Spread]":
    """The spreads ever set, the newest first."""
    return Paginator(Spread.objects.all(), FACTORS_A_PAGE).get_page(page)


def factor_changes(page: int | str = 1) -> "Page[Factor]":
    """The factors ever set, with their skills, the newest first."""
    return Paginator(Factor.objects.select_related("skill"), FACTORS_A_PAGE).get_page(page)


def factors_in(round_number: int) -> list[SkillFactor]:
    """What an hour by each skill counts in a round, by the skill's code. One query."""
    skills = Skill.objects.annotate(
        counts=Func(
            F("code"),
            Value(round_number),
            function="credits_factor_of",
            output_field=IntegerField(),
        )
    ).order_by("code")
    return [SkillFactor(skill, skill.counts) for skill in skills]
