"""The scenarios of a round side by side, and the files by which anyone recomputes them."""

from dataclasses import dataclass
from typing import Literal
from uuid import UUID

from django.db import connection
from django.db.models import QuerySet

from xietong.platform.products.models import Group, Product
from xietong.platform.ui.formats import chinese

from ..models import Scenario
from ..tiers import Tier

DIFFERENCES_SHOWN = 10
# A need short by less than this share counts as met: plans are exact to parts in a million.
NEGLIGIBLE = 1e-6

FileName = Literal["economy", "plan"]


def share_met(met: float, wanted: float) -> float:
    """The share of 1, where what is all or nothing but for the plan's own exactness is so."""
    share = met / wanted if wanted else 1.0
    if share >= 1 - NEGLIGIBLE:
        return 1.0
    return share if share > NEGLIGIBLE else 0.0


@dataclass(frozen=True)
class TierFigures:
    """The needs of one tier, `wanted` and `met` in hours of labour content, so that they add up.

    `needs` is how many there are, `whole` how many are met in full.
    """

    tier: Tier
    needs: int
    whole: int
    wanted: float
    met: float

    @property
    def share(self) -> float:
        return share_met(self.met, self.wanted)

    @property
    def label(self) -> str:
        return str(self.tier.label)


@dataclass(frozen=True)
class Outlook:
    """What a scenario expects of a later round: hours of each worker, and shares of needs met."""

    number: int
    planned: float
    shares: tuple[tuple[Tier, float], ...]


@dataclass(frozen=True)
class ScenarioFigures:
    """One scenario beside the others, and what it expects of the rounds after this one."""

    scenario: Scenario
    chosen: bool
    tiers: tuple[TierFigures, ...]
    outlook: tuple[Outlook, ...] = ()

    @property
    def about(self) -> str:
        """What sets it apart, in the reader's language."""
        return self.scenario.about_zh if chinese() else self.scenario.about_en

    @property
    def offered(self) -> float:
        """Hours that each worker offers."""
        return float(self.scenario.hours_offered) / max(1, self.scenario.workers)

    @property
    def planned(self) -> float:
        """Hours that the plan needs of each worker, on the mean."""
        return float(self.scenario.hours_planned) / max(1, self.scenario.workers)


@dataclass(frozen=True)
class Difference:
    """How far the needs of one product or group are met in each scenario, in their order."""

    thing: Product | Group
    shares: tuple[float, ...]


def scenarios_of(number: int) -> list[ScenarioFigures]:
    """The scenarios of a round side by side, by key; empty before they are drawn."""
    found = (
        _scenarios()
        .filter(round=number)
        .select_related("adoption")
        .prefetch_related("outlook")
        .order_by("key")
    )
    tiers = _tiers(number)
    return [
        ScenarioFigures(
            each, hasattr(each, "adoption"), tuple(tiers.get(each.pk, ())), _outlook(each)
        )
        for each in found
    ]


def scenario_of(number: int, key: str) -> Scenario:
    """One scenario, without its files. Raises Scenario.DoesNotExist."""
    return _scenarios().get(round=number, key=key)


def file_of(number: int, key: str, name: FileName) -> bytes:
    """A scenario's economy or plan, as the zip by which anyone recomputes it.

    Raises Scenario.DoesNotExist.
    """
    packed = Scenario.objects.values_list(name, flat=True).get(round=number, key=key)
    return bytes(packed)


def differences_by_group(number: int) -> list[Difference]:
    """How far the scenarios of a round meet needs by group of products, the widest apart first."""
    found = _differences(number, by_group=True)
    groups = Group.objects.in_bulk([code for code, _ in found])
    return [Difference(groups[code], shares) for code, shares in found]


def differences_by_product(number: int) -> list[Difference]:
    """The products that the scenarios of a round treat most differently, ten at most."""
    found = _differences(number, by_group=False)
    catalogue = Product.objects.in_bulk([code for code, _ in found])
    return [Difference(catalogue[code], shares) for code, shares in found]


def _scenarios() -> "QuerySet[Scenario]":
    return Scenario.objects.defer("economy", "plan")


def _outlook(scenario: Scenario) -> tuple[Outlook, ...]:
    return tuple(
        Outlook(
            number=scenario.round_id + later.ahead,
            planned=float(later.hours_planned) / max(1, scenario.workers),
            shares=tuple(
                (tier, share_met(share, 1.0))
                for tier in Tier
                if (share := getattr(later, tier.value)) is not None
            ),
        )
        for later in scenario.outlook.all()
    )


def _tiers(number: int) -> dict[UUID, list[TierFigures]]:
    with connection.cursor() as cursor:
        cursor.execute(
            """
            SELECT need.scenario_id, need.tier, count(*),
                   count(*) FILTER (WHERE need.delivered >= need.target * (1 - %s)),
                   sum(need.target * need.hours), sum(need.delivered * need.hours)
            FROM rounds_scenarioneed AS need
            JOIN rounds_scenario AS scenario ON scenario.id = need.scenario_id
            WHERE scenario.round_id = %s
            GROUP BY need.scenario_id, need.tier
            """,
            [NEGLIGIBLE, number],
        )
        rows = cursor.fetchall()
    order = list(Tier)
    found: dict[UUID, list[TierFigures]] = {}
    for scenario, tier, *sums in sorted(rows, key=lambda row: order.index(Tier(row[1]))):
        found.setdefault(scenario, []).append(TierFigures(Tier(tier), *sums))
    return found


def _differences(number: int, *, by_group: bool) -> list[tuple[str, tuple[float, ...]]]:
    with connection.cursor() as cursor:
        cursor.execute(
            """
            WITH thing AS (
                SELECT CASE WHEN %(by_group)s THEN product.group_id ELSE product.code END AS code,
                       scenario.key, sum(need.target * need.hours) AS wanted,
                       coalesce(sum(need.delivered * need.hours)
                                / nullif(sum(need.target * need.hours), 0), 1) AS share
                FROM rounds_scenarioneed AS need
                JOIN rounds_scenario AS scenario ON scenario.id = need.scenario_id
                JOIN products_product AS product ON product.code = need.product_id
                WHERE scenario.round_id = %(round)s
                GROUP BY 1, 2
            )
            SELECT code, array_agg(share ORDER BY key) FROM thing GROUP BY code
            HAVING max(share) - min(share) > %(negligible)s
            ORDER BY (max(share) - min(share)) * max(wanted) DESC, code
            LIMIT %(most)s
            """,
            {
                "by_group": by_group,
                "round": number,
                "negligible": NEGLIGIBLE,
                "most": DIFFERENCES_SHOWN,
            },
        )
        return [(code, tuple(shares)) for code, shares in cursor.fetchall()]
