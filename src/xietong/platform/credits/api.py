"""Credits for programs."""

from datetime import datetime
from decimal import Decimal
from typing import Annotated, Literal, cast
from uuid import UUID

from django.http import Http404, HttpRequest, HttpResponse
from ninja import Query, Router, Schema, Status

from xietong.platform.people.models import Person
from xietong.platform.people.once import Key

from . import actions, queries
from .models import Rate
from .views import as_zip
from .wording import why

router = Router(tags=["credits"])

RoundNumber = Annotated[int, Query(ge=1, le=2**31 - 1)]


class AccountOut(Schema):
    balance: int


class EntryOut(Schema):
    id: UUID
    kind: str
    amount: int
    round_number: int
    at: datetime
    week: int | None
    minutes: int | None
    need: str | None
    reverses: "EntryOut | None"


class EntriesOut(Schema):
    count: int
    pages: int
    items: list[EntryOut]


class RateOut(Schema):
    round_number: int
    per_hour: int
    allowance: int
    total_hours: Decimal
    claimable_hours: Decimal
    workers: int
    on_allowance: int
    allowance_share: Decimal
    mean_factor: Decimal


class AllowanceOut(Schema):
    ground: str
    share: int
    beside_share: int | None
    longest: int | None
    age_from: int | None
    age_to: int | None
    from_round: int
    amount: int | None
    beside_amount: int | None
    persons: int | None


class DeductionOut(Schema):
    kind: str
    hours: Decimal


class ReckoningOut(Schema):
    """What the rate of issue follows besides the goods, in 1/1000 credits and shares."""

    balances: int
    cost: int
    idle: int
    pull: Decimal
    purse: Decimal
    sha256: str
    plan_sha256: str
    economy_sha256: str


class PayoutOut(Schema):
    rate: RateOut
    deductions: list[DeductionOut]
    content: Decimal
    allowances: Decimal
    for_work: Decimal
    band: Decimal | None
    reckoning: ReckoningOut | None


class PriceOut(Schema):
    """A price in 1/1000 credits with its reasons; what was not kept then is null."""

    round_number: int
    product: str
    amount: int
    before: int | None
    value: Decimal | None
    factor: Decimal
    band: Decimal | None
    stock: Decimal | None
    normal: Decimal | None
    usual: Decimal | None
    ordered: int | None
    unmet: int | None
    why: str


class PricesOut(Schema):
    count: int
    pages: int
    items: list[PriceOut]


class TotalsOut(Schema):
    issued: int
    cancelled: int
    balances: int


class CertifyIn(Schema):
    records: list[UUID]


class VoteIn(Schema):
    agrees: bool


class FactorsOut(Schema):
    round_number: int
    spread: int
    factors: dict[str, int]


class IssuedOut(Schema):
    issued: int


@router.get("/account", response=AccountOut, operation_id="get_account", summary="My account")
def get_account(request: HttpRequest) -> AccountOut:
    """What is in my account, in 1/1000 credits."""
    return AccountOut(balance=queries.balance_of(_person(request)))


@router.get(
    "/entries",
    response=EntriesOut,
    operation_id="list_credit_entries",
    summary="What moved my account",
)
def list_entries(request: HttpRequest, page: int = 1) -> EntriesOut:
    """A page of entries in 1/1000 credits, the newest first.

    `week` and `minutes` of work only, `need` of allowances; `reverses`, of a reversal only, is
    the entry it reverses.
    """
    found = queries.entries_of(_person(request), page)
    return EntriesOut(
        count=found.paginator.count,
        pages=found.paginator.num_pages,
        items=[EntryOut.from_orm(line) for line in found],
    )


@router.post(
    "/certify",
    response=IssuedOut,
    operation_id="certify_hours",
    summary="Certify team-mates' hours",
)
def certify_hours(request: HttpRequest, given: CertifyIn, key: Key = None) -> IssuedOut:
    """Certifies all these records or none, and issues their credits to those who worked.

    Returns 1/1000 credits issued. What is certified already issues nothing more.
    """
    issued = actions.certify_and_issue(_person(request), records=given.records, key=key)
    return IssuedOut(issued=issued)


@router.put(
    "/disputes/{uuid:dispute}/ballot",
    response={204: None},
    operation_id="vote_on_dispute",
    summary="Vote on disputed hours",
)
def vote_on_dispute(
    request: HttpRequest, dispute: UUID, given: VoteIn, key: Key = None
) -> Status[None]:
    """For members who are no party to it. What is decided is issued or corrected at once."""
    actions.vote_on_dispute(_person(request), dispute=dispute, agrees=given.agrees, key=key)
    return Status(204, None)


@router.get(
    "/factors",
    response=FactorsOut,
    auth=None,
    operation_id="get_factors",
    summary="What an hour counts by skill",
)
def get_factors(
    request: HttpRequest, round_number: Annotated[int | None, Query(ge=1, le=2**31 - 1)] = None
) -> FactorsOut:
    """In thousandths of an hour, inside the spread; by default in the newest round with a rate."""
    newest = queries.latest_rate()
    number = round_number or (newest.round_number if newest else 1)
    return FactorsOut(
        round_number=number,
        spread=queries.spread_in(number),
        factors={line.skill.code: line.thousandths for line in queries.factors_in(number)},
    )


@router.get(
    "/rate",
    response=RateOut,
    auth=None,
    operation_id="get_rate",
    summary="What an hour of work issues",
)
def get_rate(
    request: HttpRequest, round_number: Annotated[int | None, Query(ge=1, le=2**31 - 1)] = None
) -> Rate:
    """A round's rate in 1/1000 credits with the sums it follows from; by default the newest."""
    found = queries.latest_rate() if round_number is None else queries.rate(round_number)
    if found is None:
        raise Http404("no rate has been published for this round")
    return found


@router.get(
    "/allowances",
    response=list[AllowanceOut],
    auth=None,
    operation_id="list_allowances",
    summary="What each need issues",
)
def list_allowances(request: HttpRequest) -> list[AllowanceOut]:
    """The rule of each need, and what it issues in the newest round with a rate.

    Shares are thousandths of a worker's mean issue, `longest` rounds, amounts 1/1000 credits;
    `persons` is null for one to nine.
    """
    return [
        AllowanceOut(
            ground=each.rule.ground,
            share=each.rule.share,
            beside_share=each.rule.beside_share,
            longest=each.rule.longest,
            age_from=each.rule.age_from,
            age_to=each.rule.age_to,
            from_round=each.rule.from_round,
            amount=each.amount,
            beside_amount=each.beside_amount,
            persons=each.persons,
        )
        for each in queries.allowance_rules()
    ]


@router.get(
    "/prices",
    response=dict[str, int],
    auth=None,
    operation_id="list_prices",
    summary="Prices of a round",
)
def list_prices(request: HttpRequest, round_number: RoundNumber) -> dict[str, int]:
    """1/1000 credits a unit, by product code."""
    return queries.price_list(round_number)


@router.get(
    "/prices/reasons",
    response=PricesOut,
    auth=None,
    operation_id="list_price_reasons",
    summary="Prices of a round with their reasons",
)
def list_price_reasons(
    request: HttpRequest,
    round_number: RoundNumber,
    q: str = "",
    order: Literal["name", "risen", "fallen"] = "name",
    page: int = 1,
) -> PricesOut:
    """A page of prices, by name or by how much they rose or fell; `q` as in the catalogue."""
    found = queries.prices(round_number, q.replace("\0", ""), order, page)
    return PricesOut(
        count=found.paginator.count,
        pages=found.paginator.num_pages,
        items=[_price(line) for line in found],
    )


@router.get(
    "/prices/{code}",
    response=list[PriceOut],
    auth=None,
    operation_id="get_price_history",
    summary="The last prices of a product",
)
def get_price_history(request: HttpRequest, code: str) -> list[PriceOut]:
    """In the order of rounds; empty for what never had a price."""
    return [_price(line) for line in queries.price_history(code.replace("\0", ""))]


@router.get(
    "/payout",
    response=PayoutOut,
    auth=None,
    operation_id="get_payout",
    summary="From all hours of a round to its rate",
)
def get_payout(request: HttpRequest, round_number: RoundNumber) -> queries.Sums:
    """Hours in the plan = deductions + claimable; content is that of goods promised for credits."""
    found = queries.payout_of(round_number)
    if found is None:
        raise Http404("no payout has been published for this round")
    return found


@router.get(
    "/payout/files",
    auth=None,
    operation_id="get_payout_files",
    summary="What anyone recomputes a payout from",
    openapi_extra={
        "responses": {200: {"description": "payout.zip", "content": {"application/zip": {}}}}
    },
)
def get_payout_files(request: HttpRequest, round_number: RoundNumber) -> HttpResponse:
    """A zip for `xietong verify`."""
    packed = queries.payout_files(round_number)
    if packed is None:
        raise Http404("no files have been published for this round")
    return as_zip(packed)


@router.get(
    "/totals",
    response=TotalsOut,
    auth=None,
    operation_id="get_totals",
    summary="All credits together",
)
def get_totals(request: HttpRequest) -> queries.Totals:
    """In 1/1000 credits: issued - cancelled = balances."""
    return queries.totals()


def _price(line: queries.PriceLine) -> PriceOut:
    price = line.price
    return PriceOut(
        round_number=price.round_number,
        product=price.product_id,
        amount=price.amount,
        before=line.before,
        value=price.value,
        factor=price.factor,
        band=price.band,
        stock=price.stock,
        normal=price.normal,
        usual=price.usual,
        ordered=price.ordered,
        unmet=price.unmet,
        why=why(price),
    )


def _person(request: HttpRequest) -> Person:
    return cast(Person, request.user)
