"""The figures of the whole for programs. Reading them needs no sign-in."""

from decimal import Decimal

from django.http import Http404, HttpRequest
from ninja import Router, Schema

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


class BandOut(Schema):
    low: int
    high: int
    persons: int


class IncomesOut(Schema):
    persons: int
    lowest: int
    tenth: int
    median: int
    ninetieth: int
    highest: int
    mean: int
    ratio: float | None
    gini: float
    bands: list[BandOut]


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
    spread = figures.spread
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
        incomes=None
        if spread is None
        else IncomesOut(
            persons=spread.incomes.persons,
            lowest=spread.incomes.lowest,
            tenth=spread.incomes.tenth,
            median=spread.incomes.median,
            ninetieth=spread.incomes.ninetieth,
            highest=spread.incomes.highest,
            mean=spread.incomes.mean,
            ratio=spread.ratio,
            gini=spread.gini,
            bands=[
                BandOut(low=band.low, high=band.high, persons=band.persons)
                for band in spread.incomes.bands
            ],
        ),
    )


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
