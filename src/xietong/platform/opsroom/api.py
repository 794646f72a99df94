"""The figures of the whole for programs. Reading them needs no sign-in."""

from decimal import Decimal

from django.http import Http404, HttpRequest
from ninja import Router, Schema

from xietong.platform.distribution import queries as distribution
from xietong.platform.distribution.queries import FirstFigures, KindFigures
from xietong.platform.rounds.queries import standings

from . import queries

router = Router(tags=["opsroom"], auth=None)


class TierMetOut(Schema):
    round: int
    tier: str
    promised: float
    reached: float


class ProducedOut(Schema):
    code: str
    planned_hours: float
    made_hours: float


class StockedOut(Schema):
    product: str
    norm: Decimal
    quantity: Decimal


class HoursOut(Schema):
    enterprise: str
    planned_minutes: int
    logged_minutes: int
    certified_minutes: int


class DistributedOut(Schema):
    free: int
    quota: int
    credits: int
    by_need: float | None


class PartOut(Schema):
    persons: int
    mean: int


class IncomesOut(Schema):
    persons: int
    mean: int
    parts: list[PartOut]


class SpreadOut(Schema):
    persons: int
    mean: int
    gini: float
    low: int | None
    high: int | None
    ratio: float | None


class KindOut(Schema):
    kind: str
    persons: int
    income: int
    consumption: int


class FirstFiguresOut(Schema):
    round_number: int
    by_need: float | None
    incomes: SpreadOut | None
    consumption: SpreadOut | None


class FiguresOut(Schema):
    round: int
    running: bool
    hours_offered: Decimal
    hours_planned: Decimal
    products: list[ProducedOut]
    groups: list[ProducedOut]
    stocks: list[StockedOut]
    hours: list[HoursOut]
    distributed: DistributedOut
    incomes: IncomesOut | None


class CreditsOut(Schema):
    issued: int
    cancelled: int
    balances: int


@router.get(
    "/needs-met",
    response=list[TierMetOut],
    operation_id="show_needs_met_over_rounds",
    summary="Needs met by tier over the rounds",
)
def list_needs_met(request: HttpRequest) -> list[TierMetOut]:
    """The latest rounds: shares of what was asked for, by the labour in it."""
    course = queries.needs_met_over_the_rounds(standings.numbers_with_a_plan())
    return [
        TierMetOut(round=number, tier=tier.value, promised=met.promised, reached=met.reached)
        for number, tiers in course.items()
        for tier, met in sorted(tiers.items())
    ]


@router.get(
    "/rounds/{int:number}",
    response=FiguresOut,
    operation_id="get_figures",
    summary="The figures of one round",
)
def get_figures(request: HttpRequest, number: int) -> FiguresOut:
    """Production and stocks, hours, how goods were distributed, and how incomes are spread.

    Goods are added up in hours of the labour in them, distribution in 1/1000 hours, incomes in
    1/1000 credits.
    """
    figures = queries.figures_of(number)
    if figures is None:
        raise Http404
    return FiguresOut(
        round=figures.number,
        running=figures.running,
        hours_offered=figures.hours_offered,
        hours_planned=figures.hours_planned,
        products=[
            ProducedOut(code=line.thing.code, planned_hours=line.planned, made_hours=line.made)
            for line in figures.products
        ],
        groups=[
            ProducedOut(code=line.thing.code, planned_hours=line.planned, made_hours=line.made)
            for line in figures.groups
        ],
        stocks=[
            StockedOut(product=stock.product.code, norm=stock.norm, quantity=stock.quantity)
            for stock in figures.stocks
        ],
        hours=[
            HoursOut(
                enterprise=each.enterprise.code,
                planned_minutes=each.planned,
                logged_minutes=each.logged,
                certified_minutes=each.certified,
            )
            for each in figures.hours
        ],
        distributed=DistributedOut(
            free=figures.distributed.free,
            quota=figures.distributed.quota,
            credits=figures.distributed.credits,
            by_need=figures.distributed.by_need,
        ),
        incomes=IncomesOut.from_orm(figures.incomes) if figures.incomes else None,
    )


@router.get(
    "/first-figures",
    response=list[FirstFiguresOut],
    operation_id="list_first_figures",
    summary="Share by need, and the spread of incomes and consumption, over the rounds",
)
def list_first_figures(request: HttpRequest) -> list[FirstFigures]:
    """The last closed rounds. `low` and `high` are means of the tenths with least and with most.

    Incomes in 1/1000 credits, consumption in 1/1000 hours of labour; what fewer than ten persons
    stand behind is null.
    """
    return distribution.first_figures()


@router.get(
    "/rounds/{int:number}/kinds",
    response=list[KindOut],
    operation_id="list_figures_by_kind",
    summary="Incomes and consumption by kind of household",
)
def list_figures_by_kind(request: HttpRequest, number: int) -> list[KindFigures]:
    """Means a head in a closed round, in 1/1000 credits and hours; kinds of ten or more."""
    return distribution.figures_by_kind(number)


@router.get(
    "/credits",
    response=CreditsOut,
    operation_id="get_all_credits",
    summary="All credits ever issued and cancelled",
)
def get_all_credits(request: HttpRequest) -> CreditsOut:
    """In 1/1000 credits; issued - cancelled = balances."""
    totals = queries.credits_of_everyone()
    return CreditsOut(issued=totals.issued, cancelled=totals.cancelled, balances=totals.balances)
