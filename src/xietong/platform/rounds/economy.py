"""Builds the `Economy` that a round is planned with from what the rooms hold.

The planner reads aggregates: what people ordered is summed by product before it gets here.
"""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from decimal import Decimal

import polars as pl
from django.db.models import Count, Sum

from xietong.planning import Economy
from xietong.platform.enterprises.models import (
    Means,
    Membership,
    Occupation,
    Stock,
    Technique,
    TechniqueProduct,
)
from xietong.platform.needs import queries as needs
from xietong.platform.products.models import Product, Region
from xietong.platform.record import queries as record

from .models import Adoption, Round, ScenarioProduct, StockNorm

SKILL = "work"
HOUSEHOLD = "household"
COMMON = "common"
RESTOCK = "restock"
LATER = "later"


@dataclass(frozen=True)
class Basis:
    """Everything a round's scenarios have in common: the tables less the hours people offer."""

    round: Round
    workers: Mapping[str, int]
    tables: Mapping[str, pl.DataFrame]

    def economy(self, hours_a_person: Decimal) -> Economy:
        """The economy in which each worker offers so many hours in the round."""
        workforce = pl.DataFrame(
            {
                "region": list(self.workers),
                "skill": [SKILL] * len(self.workers),
                "period": [None] * len(self.workers),
                "hours": [float(n * hours_a_person) for n in self.workers.values()],
            },
            schema={
                "region": pl.String,
                "skill": pl.String,
                "period": pl.Int64,
                "hours": pl.Float64,
            },
        )
        return Economy(
            {**self.tables, "workforce": workforce},
            title=f"Round {self.round.number} / 第{self.round.number}轮",
        )

    def hours(self, hours_a_person: Decimal) -> Decimal:
        return sum(self.workers.values()) * hours_a_person


def basis_of(planned: Round) -> Basis:
    """The tables of a round whose orders have been taken.

    Args:
        planned: a round that is being drafted.
    """
    region_codes = _producing_regions()
    stocks, restock = _stocks(opening_stocks())
    return Basis(
        round=planned,
        workers=_workers_by_region(region_codes),
        tables={
            "products": _products(),
            "regions": _frame(
                Region.objects.filter(code__in=region_codes).values_list(
                    "code", "name_en", "name_zh"
                ),
                {"region": pl.String, "name_en": pl.String, "name_zh": pl.String},
            ),
            "periods": pl.DataFrame(
                {"period": range(1, planned.horizon + 1), "days": float(planned.days)}
            ),
            "techniques": _techniques(),
            "inputs": _technique_products(TechniqueProduct.Side.INPUT),
            "outputs": _technique_products(TechniqueProduct.Side.OUTPUT),
            "labour": _labour(),
            "means": _frame(
                Means.objects.values_list("code", "enterprise__region_id", "available"),
                {"means": pl.String, "region": pl.String, "available": pl.Float64},
            ),
            "occupies": _frame(
                Occupation.objects.values_list("technique_id", "means_id", "quantity"),
                {"technique": pl.String, "means": pl.String, "quantity": pl.Float64},
            ),
            "needs": _needs(planned, region_codes[0], restock),
            "stocks": stocks,
        },
    )


def hours_a_person() -> Decimal:
    """The hours each worker offers in a round, as people have decided."""
    return record.parameter("hours_a_person")


def opening_stocks() -> dict[tuple[str, str], Decimal]:
    """By (region, product): what the next round will start with.

    While another round runs, that is what its plan leaves behind; otherwise what lies in store.
    """
    running = Adoption.objects.filter(round__state=Round.State.RUNNING).first()
    if running is None:
        found = Stock.objects.values_list("region_id", "product_id").annotate(n=Sum("quantity"))
        return {(region, product): quantity for region, product, quantity in found}
    regions = dict(Technique.objects.values_list("products__product", "enterprise__region_id"))
    return {
        (regions[product], product): Decimal(str(round(closing, 3))) * (1 - loss)
        for product, loss, closing in ScenarioProduct.objects.filter(
            scenario_id=running.scenario_id, closing__gt=0, product__storable=True
        ).values_list("product_id", "product__loss", "closing")
        if product in regions
    }


def _producing_regions() -> list[str]:
    """Regions with enterprises, by code; those where people only live are none of the plan's."""
    producing = Region.objects.filter(enterprises__isnull=False).distinct()
    return list(producing.values_list("code", flat=True))


def _workers_by_region(regions: Sequence[str]) -> dict[str, int]:
    counted = dict(
        Membership.objects.filter(until__isnull=True, person__left_at__isnull=True)
        .values_list("enterprise__region_id")
        .annotate(n=Count("person"))
    )
    return {region: counted.get(region, 0) for region in regions}


def _frame(
    rows: Iterable[Sequence[object]], schema: Mapping[str, type[pl.DataType]]
) -> pl.DataFrame:
    plain = [
        tuple(float(value) if isinstance(value, Decimal) else value for value in row)
        for row in rows
    ]
    return pl.DataFrame(plain, schema=dict(schema), orient="row")


def _products() -> pl.DataFrame:
    return _frame(
        Product.objects.values_list(
            "code", "unit_en", "name_en", "name_zh", "storable", "loss"
        ).order_by("code"),
        {
            "product": pl.String,
            "unit": pl.String,
            "name_en": pl.String,
            "name_zh": pl.String,
            "storable": pl.Boolean,
            "loss": pl.Float64,
        },
    )


def _techniques() -> pl.DataFrame:
    return _frame(
        Technique.objects.values_list(
            "code", "enterprise__region_id", "enterprise_id", "lead_time", "usual_runs"
        ).order_by("code"),
        {
            "technique": pl.String,
            "region": pl.String,
            "enterprise": pl.String,
            "lead_time": pl.Int64,
            "runs": pl.Float64,
        },
    )


def _technique_products(side: TechniqueProduct.Side) -> pl.DataFrame:
    return _frame(
        TechniqueProduct.objects.filter(side=side)
        .values_list("technique_id", "product_id", "quantity")
        .order_by("technique_id", "product_id"),
        {"technique": pl.String, "product": pl.String, "quantity": pl.Float64},
    )


def _labour() -> pl.DataFrame:
    rows = Technique.objects.filter(hours__gt=0).values_list("code", "hours").order_by("code")
    return _frame(
        [(code, SKILL, hours) for code, hours in rows],
        {"technique": pl.String, "skill": pl.String, "hours": pl.Float64},
    )


def _needs(planned: Round, region: str, restock: Mapping[tuple[str, str], Decimal]) -> pl.DataFrame:
    """What is needed in this round; of later ones it is supposed that they need the same.

    Stocks that are low are built up in this round.
    """
    tiers = dict(Product.objects.values_list("code", "tier"))
    rows: list[tuple[object, ...]] = [
        (f"{HOUSEHOLD}:{product}", tiers[product], product, region, 1, float(quantity), 1.0)
        for product, quantity in sorted(needs.household_demand(planned.number).items())
    ]
    rows += [
        (f"{COMMON}:{need.code}", need.tier, need.product_id, region, 1, float(need.quantity), 1.0)
        for need in needs.common_demand()
    ]
    rows += [
        (f"{LATER}:{period}:{need}", tier, product, place, period, *rest)
        for period in range(2, planned.horizon + 1)
        for need, tier, product, place, _, *rest in list(rows)
    ]
    rows += [
        (f"{RESTOCK}:{product}", "reserve", product, place, 1, float(quantity), 1.0)
        for (place, product), quantity in sorted(restock.items())
    ]
    return pl.DataFrame(
        rows,
        schema={
            "need": pl.String,
            "tier": pl.String,
            "product": pl.String,
            "region": pl.String,
            "period": pl.Int64,
            "target": pl.Float64,
            "weight": pl.Float64,
        },
        orient="row",
    )


def _stocks(
    opening: Mapping[tuple[str, str], Decimal],
) -> tuple[pl.DataFrame, dict[tuple[str, str], Decimal]]:
    """The stocks table, and what is missing to the norm: a wish of the tier `reserve`.

    A plan must leave the norm at its end, or all that is there if that is less; to build a low
    stock up again is a need like others, so that a bad month never makes the next plan impossible.
    """
    norms = {
        (region, product): least
        for region, product, least in StockNorm.objects.values_list(
            "region_id", "product_id", "least"
        )
    }
    storable = set(Product.objects.filter(storable=True).values_list("code", flat=True))
    rows: list[tuple[object, ...]] = []
    restock: dict[tuple[str, str], Decimal] = {}
    for place in sorted(opening.keys() | norms.keys()):
        initial = opening.get(place, Decimal(0))
        norm = norms.get(place, Decimal(0))
        final = min(norm, initial if place[1] in storable else Decimal(0))
        if norm - final > Decimal("0.001"):
            restock[place] = norm - final
        rows.append((place[1], place[0], float(initial), float(final)))
    return (
        pl.DataFrame(
            rows,
            schema={
                "product": pl.String,
                "region": pl.String,
                "initial": pl.Float64,
                "final": pl.Float64,
            },
            orient="row",
        ),
        restock,
    )
