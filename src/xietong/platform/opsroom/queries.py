"""The figures of the whole: each a sum over everyone, none with a name.

Amounts of different goods are added up by their labour value in the round's adopted plan.
"""

from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass
from decimal import Decimal
from typing import Generic, TypeVar

from django.core.cache import cache
from django.db import connection

from xietong.platform.credits import queries as credits
from xietong.platform.credits.queries import Incomes, Totals
from xietong.platform.enterprises import queries as enterprises
from xietong.platform.labour import queries as labour
from xietong.platform.labour.queries import EnterpriseHours
from xietong.platform.products.models import Group, Product
from xietong.platform.rounds.models import Round, ScenarioProduct
from xietong.platform.rounds.tiers import Tier

ROUNDS_SHOWN = 36
T = TypeVar("T")
Thing = TypeVar("Thing", Product, Group)


@dataclass(frozen=True)
class TierCourse:
    """The share of one tier's needs that the plan promised and that reached people, in a round."""

    promised: float
    reached: float


@dataclass(frozen=True)
class Produced(Generic[Thing]):
    """What was planned and made of one product or group, in hours of labour content."""

    thing: Thing
    planned: float
    made: float

    @property
    def share(self) -> float | None:
        return self.made / self.planned if self.planned else None


@dataclass(frozen=True)
class Stocked:
    """The norm of a product's stock, and what lay in store at the end of the round or does now."""

    product: Product
    norm: Decimal
    quantity: Decimal
    value: float

    @property
    def share(self) -> float:
        return float(self.quantity / self.norm)


@dataclass(frozen=True)
class Distributed:
    """The labour value, in 1/1000 hours, of what people collected, by the rule it reached them."""

    free: int
    quota: int
    credits: int

    @property
    def total(self) -> int:
        return self.free + self.quota + self.credits

    @property
    def by_need(self) -> float | None:
        """The share distributed by need: freely or by quota."""
        return (self.free + self.quota) / self.total if self.total else None


@dataclass(frozen=True)
class Figures:
    """Everything the opsroom shows of one round."""

    number: int
    running: bool
    hours_offered: Decimal
    hours_planned: Decimal
    products: tuple[Produced[Product], ...]
    groups: tuple[Produced[Group], ...]
    stocks: tuple[Stocked, ...]
    hours: tuple[EnterpriseHours, ...]
    distributed: Distributed
    incomes: Incomes | None

    @property
    def production(self) -> float | None:
        """What was made over what was planned."""
        planned = sum(group.planned for group in self.groups)
        return sum(group.made for group in self.groups) / planned if planned else None

    @property
    def stocks_at_norm(self) -> int:
        return sum(stock.quantity >= stock.norm for stock in self.stocks)

    @property
    def minutes_planned(self) -> int:
        return sum(enterprise.planned for enterprise in self.hours)

    @property
    def minutes_logged(self) -> int:
        return sum(enterprise.logged for enterprise in self.hours)

    @property
    def minutes_certified(self) -> int:
        return sum(enterprise.certified for enterprise in self.hours)


def figures_of(number: int) -> Figures | None:
    """The figures of a round whose plan is or was at work; None for any other."""
    return _by_round("figures", [number], _figures).get(number)


def needs_met_over_the_rounds(numbers: Iterable[int]) -> dict[int, dict[Tier, TierCourse]]:
    """By round, the latest thirty-six of these: how far each tier's needs were met."""
    latest = sorted(numbers)[-ROUNDS_SHOWN:]
    return _by_round("needs-met", latest, _needs_met)


def credits_of_everyone() -> Totals:
    """All credits ever issued and cancelled, and what is left in the accounts."""
    return credits.totals()


def _by_round(
    name: str, numbers: Sequence[int], counted: Callable[[Sequence[int]], Mapping[int, T]]
) -> dict[int, T]:
    """What `counted` gives for these rounds; of closed rounds, which change no more, kept."""
    keys = {f"opsroom:{name}:{number}": number for number in numbers}
    found: dict[int, T] = {keys[key]: kept for key, kept in cache.get_many(keys).items()}
    missing = [number for number in numbers if number not in found]
    if missing:
        fresh = counted(missing)
        closed = set(
            Round.objects.filter(number__in=missing, state=Round.State.CLOSED).values_list(
                "number", flat=True
            )
        )
        cache.set_many(
            {key: fresh[n] for key, n in keys.items() if n in fresh and n in closed}, timeout=None
        )
        found |= fresh
    return {number: found[number] for number in numbers if number in found}


def _figures(numbers: Sequence[int]) -> dict[int, Figures]:
    rounds = (
        Round.objects.filter(
            number__in=numbers, state__in=[Round.State.RUNNING, Round.State.CLOSED]
        )
        .select_related("adoption__scenario")
        .defer("adoption__scenario__economy", "adoption__scenario__plan")
    )
    return {each.number: _figures_of(each) for each in rounds}


def _figures_of(shown: Round) -> Figures:
    scenario, number = shown.adoption.scenario, shown.number
    values = dict(
        ScenarioProduct.objects.filter(scenario=scenario).values_list("product_id", "value")
    )
    products = _production(number, values)
    return Figures(
        number=number,
        running=shown.state == Round.State.RUNNING,
        hours_offered=scenario.hours_offered,
        hours_planned=scenario.hours_planned,
        products=products,
        groups=_by_group(products),
        stocks=_stocks(number, values),
        hours=tuple(
            enterprise
            for enterprise in labour.hours_by_enterprise(number)
            if enterprise.planned or enterprise.logged
        ),
        distributed=_distributed(number),
        incomes=credits.incomes(number),
    )


def _production(number: int, values: Mapping[str, float]) -> tuple[Produced[Product], ...]:
    """The products furthest behind the plan first."""
    lines = [
        Produced(
            line.product,
            float(line.planned) * values.get(line.product.code, 0.0),
            float(line.reported) * values.get(line.product.code, 0.0),
        )
        for line in enterprises.production_against_plan(number)
    ]
    return tuple(sorted(lines, key=lambda line: line.made - line.planned))


def _by_group(products: Sequence[Produced[Product]]) -> tuple[Produced[Group], ...]:
    groups = Group.objects.in_bulk()
    planned: dict[str, float] = {}
    made: dict[str, float] = {}
    for line in products:
        code = line.thing.group_id
        planned[code] = planned.get(code, 0.0) + line.planned
        made[code] = made.get(code, 0.0) + line.made
    sums = [Produced(groups[code], planned[code], made[code]) for code in planned]
    return tuple(sorted(sums, key=lambda line: line.made - line.planned))


def _stocks(number: int, values: Mapping[str, float]) -> tuple[Stocked, ...]:
    """Every product with a norm, the furthest below it first."""
    with connection.cursor() as cursor:
        cursor.execute(
            """
            SELECT norm.product_id, norm.least, coalesce(moved.quantity, 0)
            FROM (
                SELECT product_id, sum(least) AS least FROM rounds_stocknorm GROUP BY product_id
            ) AS norm
            LEFT JOIN (
                SELECT product_id, sum(quantity) AS quantity FROM enterprises_movement
                WHERE round_number <= %s GROUP BY product_id
            ) AS moved USING (product_id)
            ORDER BY coalesce(moved.quantity, 0) / norm.least, norm.product_id
            """,
            [number],
        )
        rows = cursor.fetchall()
    catalogue = Product.objects.in_bulk([product for product, *_ in rows])
    return tuple(
        Stocked(catalogue[product], norm, quantity, values.get(product, 0.0))
        for product, norm, quantity in rows
    )


def _distributed(number: int) -> Distributed:
    with connection.cursor() as cursor:
        cursor.execute(
            # What cost nothing came freely, or by quota: also where a quota was on trial.
            """
            SELECT coalesce(sum((collected - paid) * price.amount)
                       FILTER (WHERE mode = 'free'), 0)::bigint,
                   coalesce(sum((collected - paid) * price.amount)
                       FILTER (WHERE mode <> 'free'), 0)::bigint,
                   coalesce(sum(paid * price.amount), 0)::bigint
            FROM needs_sum AS taken
            JOIN credits_price AS price
                ON price.product_id = taken.product_id AND price.round_number = taken.book_id
            WHERE taken.book_id = %s
            """,
            [number],
        )
        return Distributed(*cursor.fetchone())


def _needs_met(numbers: Sequence[int]) -> dict[int, dict[Tier, TierCourse]]:
    with connection.cursor() as cursor:
        cursor.execute(
            """
            WITH content AS (
                SELECT adopted.round_id, need.need, need.hours
                FROM rounds_adoption AS adopted
                JOIN rounds_scenarioneed AS need ON need.scenario_id = adopted.scenario_id
                WHERE adopted.round_id = ANY(%(rounds)s)
            ),
            ordered AS (
                SELECT book_id, product_id, asked AS wanted, promised, collected AS reached
                FROM needs_sum WHERE book_id = ANY(%(rounds)s)
            ),
            need AS (
                SELECT ordered.book_id, product.tier, wanted * hours AS wanted,
                       promised * hours AS promised, reached * hours AS reached
                FROM ordered
                JOIN products_product AS product ON product.code = ordered.product_id
                JOIN content ON content.round_id = ordered.book_id
                    AND content.need = 'household:' || ordered.product_id
                UNION ALL
                SELECT share.book_id, common.tier, share.target * hours, share.allotted * hours,
                       share.delivered * hours
                FROM needs_commonshare AS share
                JOIN needs_commonneed AS common ON common.code = share.need_id
                JOIN content ON content.round_id = share.book_id
                    AND content.need = 'common:' || share.need_id
                WHERE share.book_id = ANY(%(rounds)s)
            )
            SELECT book_id, tier, coalesce(sum(promised) / nullif(sum(wanted), 0), 1),
                   coalesce(sum(reached) / nullif(sum(wanted), 0), 1)
            FROM need GROUP BY book_id, tier
            """,
            {"rounds": list(numbers)},
        )
        found: dict[int, dict[Tier, TierCourse]] = {}
        for number, tier, promised, reached in cursor.fetchall():
            found.setdefault(number, {})[Tier(tier)] = TierCourse(promised, reached)
    return found
