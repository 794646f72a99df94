"""Orders and collections for programs."""

from datetime import datetime
from decimal import Decimal
from typing import Annotated, cast
from uuid import UUID

from django.http import HttpRequest
from ninja import Query, Router, Schema
from pydantic import Field

from xietong.platform.people.models import Person
from xietong.platform.people.once import Key

from . import actions, queries
from .models import CommonNeed, OrderLine, ShareRule
from .rules import MOST_UNITS_A_LINE

router = Router(tags=["needs"])

RoundNumber = Annotated[int, Query(ge=1, le=2**31 - 1)]
# No text in PostgreSQL holds a NUL.
Code = Annotated[str, Field(max_length=80, pattern=r"^[^\x00]*$")]
Units = Annotated[int, Field(ge=0, le=MOST_UNITS_A_LINE)]


class LineOut(Schema):
    product: str
    quantity: int
    carried: int
    allotted: int | None
    collected: int
    missed: int


class OrderOut(Schema):
    round_number: int | None
    lines: list[LineOut]


class OrderIn(Schema):
    quantities: dict[Code, Units]


class ShareRuleOut(Schema):
    ground: str
    percent: int
    from_round: int
    reason: str


class StandingIO(Schema):
    repeats: bool
    delivered: bool


class FateOut(Schema):
    round_number: int
    state: str
    asked: int
    promised: int
    cut: int
    collected: int
    missed: int
    carried: int


class FatesOut(Schema):
    count: int
    pages: int
    items: list[FateOut]


class CollectableOut(Schema):
    product: str
    promised: int
    collected: int
    missed: int
    left: int
    in_store: int
    price: int


class CollectIn(Schema):
    key: UUID
    quantities: dict[Code, Units]


class TakenOut(Schema):
    product: str
    quantity: int
    cost: int


class VisitOut(Schema):
    id: UUID
    round_number: int
    at: datetime
    cost: int
    lines: list[TakenOut]


class VisitsOut(Schema):
    count: int
    pages: int
    items: list[VisitOut]


class CommonNeedOut(Schema):
    code: str
    name_en: str
    name_zh: str
    tier: str
    product: str
    quantity: Decimal


class TierMetOut(Schema):
    tier: str
    needs: int
    promised: float | None
    reached: float | None


@router.get("/order", response=OrderOut, operation_id="get_order", summary="My order of a round")
def get_order(
    request: HttpRequest, round_number: Annotated[int | None, Query(ge=1, le=2**31 - 1)] = None
) -> OrderOut:
    """Without `round_number`, of the round that takes orders now."""
    return _order(_person(request), round_number or queries.open_round())


@router.get(
    "/shares",
    response=list[ShareRuleOut],
    auth=None,
    operation_id="list_share_rules",
    summary="Who has a larger share",
)
def list_share_rules(request: HttpRequest, round_number: RoundNumber) -> list[ShareRule]:
    """Percent of the usual share of what is free or by quota that each recognised need gives.

    In the orders of a round; of several needs the largest holds, and where there is no rule 100.
    """
    return queries.share_rules(round_number)


@router.patch("/order", response=OrderOut, operation_id="place_order", summary="Order")
def place_order(request: HttpRequest, given: OrderIn, key: Key = None) -> OrderOut:
    """Sets these lines of my order, in whole units by product code; 0 takes a line off.

    Other lines stay as they are. Returns the whole order.
    """
    person = _person(request)
    return _order(person, actions.place_order(person, quantities=given.quantities, key=key))


@router.get(
    "/standing",
    response=StandingIO,
    operation_id="get_standing",
    summary="What I do not want to say anew each round",
)
def get_standing(request: HttpRequest) -> object:
    """Whether my order repeats itself, and whether goods are brought to me."""
    return queries.standing_of(_person(request))


@router.put(
    "/standing",
    response=StandingIO,
    operation_id="set_standing",
    summary="Say once what holds each round",
)
def set_standing(request: HttpRequest, given: StandingIO, key: Key = None) -> object:
    """`repeats`: if I order nothing, I order what I did the last time. `delivered`: at the end of
    a round I am brought what I was promised, as far as it is there and my credits go."""
    return actions.set_standing(_person(request), **given.dict(), key=key)


@router.get(
    "/orders",
    response=FatesOut,
    operation_id="list_orders",
    summary="What became of what I asked for",
)
def list_orders(request: HttpRequest, page: int = 1) -> FatesOut:
    """A page of rounds, the newest first, in numbers of products."""
    found = queries.what_became_of(_person(request), page)
    return FatesOut(
        count=found.paginator.count,
        pages=found.paginator.num_pages,
        items=[FateOut.from_orm(fate) for fate in found],
    )


@router.get(
    "/collectable",
    response=list[CollectableOut],
    operation_id="list_collectable",
    summary="What I can collect now",
)
def list_collectable(request: HttpRequest) -> list[CollectableOut]:
    """What the plan promised me, what is left of it and what lies in the stores, in units."""
    return [
        CollectableOut(
            product=each.product.code,
            promised=each.promised,
            collected=each.collected,
            missed=each.missed,
            left=each.left,
            in_store=each.in_store,
            price=each.price,
        )
        for each in queries.collectable_by(_person(request))
    ]


@router.post("/collections", response=VisitOut, operation_id="collect", summary="Collect")
def collect(request: HttpRequest, given: CollectIn) -> VisitOut:
    """Takes whole units by product code and cancels what they cost, in 1/1000 credits.

    What is not there is not taken and costs nothing. The same `key` with the same quantities
    again returns the first visit.
    """
    visit = actions.collect(_person(request), quantities=given.quantities, key=given.key)
    return VisitOut(
        id=visit.id,
        round_number=visit.book_id,
        at=visit.at,
        cost=visit.cost,
        lines=[
            TakenOut(product=product, quantity=units, cost=cost)
            for product, units, cost in queries.goods_of(visit)
        ],
    )


@router.get(
    "/collections",
    response=VisitsOut,
    operation_id="list_collections",
    summary="What I have collected",
)
def list_collections(request: HttpRequest, page: int = 1) -> VisitsOut:
    """A page of visits, the newest first."""
    found = queries.visits_of(_person(request), page)
    return VisitsOut(
        count=found.paginator.count,
        pages=found.paginator.num_pages,
        items=[_visit(visit) for visit in found],
    )


@router.get(
    "/demand",
    response=dict[str, int],
    auth=None,
    operation_id="get_demand",
    summary="What all persons ordered in a round",
)
def get_demand(request: HttpRequest, round_number: RoundNumber) -> dict[str, int]:
    """Units by product code."""
    return queries.household_demand(round_number)


@router.get(
    "/common",
    response=list[CommonNeedOut],
    auth=None,
    operation_id="list_common_needs",
    summary="What is needed in common each round",
)
def list_common_needs(request: HttpRequest) -> list[CommonNeedOut]:
    """By code."""
    return [_common(need) for need in queries.common_demand()]


@router.get(
    "/met",
    response=list[TierMetOut],
    auth=None,
    operation_id="list_needs_met",
    summary="How far the needs of a round were met",
)
def list_needs_met(request: HttpRequest, round_number: RoundNumber) -> list[queries.TierMet]:
    """By tier, mean shares of what each order line or common need asked for."""
    return queries.needs_met_by_tier(round_number)


def _order(person: Person, round_number: int | None) -> OrderOut:
    lines = [] if round_number is None else queries.order_of(person, round_number)
    return OrderOut(round_number=round_number, lines=[_line(line) for line in lines])


def _line(line: OrderLine) -> LineOut:
    return LineOut(
        product=line.product_id,
        quantity=line.quantity,
        carried=line.carried,
        allotted=line.allotted,
        collected=line.collected,
        missed=line.missed,
    )


def _visit(visit: queries.Visit) -> VisitOut:
    return VisitOut(
        id=visit.id,
        round_number=visit.round_number,
        at=visit.at,
        cost=visit.cost,
        lines=[
            TakenOut(product=line.product_id, quantity=line.quantity, cost=line.cost)
            for line in visit.lines
        ],
    )


def _common(need: CommonNeed) -> CommonNeedOut:
    return CommonNeedOut(
        code=need.code,
        name_en=need.name_en,
        name_zh=need.name_zh,
        tier=need.tier,
        product=need.product_id,
        quantity=need.quantity,
    )


def _person(request: HttpRequest) -> Person:
    return cast(Person, request.user)
