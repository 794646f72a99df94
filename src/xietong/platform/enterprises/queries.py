"""What enterprises are asked to do, what they have done, and what lies in their stores."""

from collections import defaultdict
from collections.abc import Callable, Collection, Mapping
from dataclasses import dataclass
from datetime import datetime
from decimal import ROUND_CEILING, ROUND_FLOOR, Decimal
from typing import Any, TypeVar
from uuid import UUID

from django.core.paginator import Page, Paginator
from django.db.models import Count, F, Q, QuerySet, Sum, Value

from xietong.platform.people.models import Person
from xietong.platform.products.models import Product

from .models import (
    Dispatch,
    Enterprise,
    Membership,
    Movement,
    Report,
    Stock,
    Task,
    TechniqueProduct,
)
from .rules import THOUSANDTH

PER_PAGE = 40
REPORTS_PER_PAGE = 10

Side = TechniqueProduct.Side
Row = TypeVar("Row")
Entry = TypeVar("Entry")


@dataclass(frozen=True, slots=True)
class ProductLine:
    """What the plan asks of a product in a round, and what has been reported of it so far."""

    product: Product
    planned: Decimal
    reported: Decimal

    @property
    def left(self) -> Decimal:
        return max(self.planned - self.reported, Decimal(0))

    @property
    def share(self) -> Decimal | None:
        return self.reported / self.planned if self.planned else None


@dataclass(frozen=True, slots=True)
class TaskSheet:
    """One enterprise's part of a round: its tasks, and what it makes and uses by product."""

    tasks: list[Task]
    made: list[ProductLine]
    used: list[ProductLine]

    @property
    def made_or_planned(self) -> list[ProductLine]:
        return [line for line in self.made if line.planned or line.reported]

    @property
    def used_or_planned(self) -> list[ProductLine]:
        return [line for line in self.used if line.planned or line.reported]


@dataclass(frozen=True, slots=True)
class Standing:
    """An enterprise at a glance: how many work in it, and its hours in the round sent out last."""

    members: int
    managers: list[Person]
    round_number: int | None
    running: bool
    planned_hours: Decimal


@dataclass(frozen=True, slots=True)
class StockLine:
    product: Product
    quantity: Decimal


@dataclass(frozen=True, slots=True)
class ReportEntry:
    """A report with the quantities it moved, by product."""

    id: UUID
    kind: Report.Kind
    round_number: int
    reported_by: str
    note: str
    at: datetime
    lines: list[StockLine]


@dataclass(frozen=True, slots=True)
class EnterpriseEntry:
    enterprise: Enterprise
    members: int


def open_round() -> int | None:
    """The number of the running round, on which reports and hours can be entered."""
    return Dispatch.objects.filter(closed_at=None).values_list("round_number", flat=True).first()


def latest_round() -> int | None:
    """The number of the round that was sent out last, whether it still runs or not."""
    return Dispatch.objects.order_by("-round_number").values_list("round_number", flat=True).first()


def enterprise_of(code: str) -> Enterprise:
    """The enterprise with this code and its region. Raises Enterprise.DoesNotExist."""
    return Enterprise.objects.select_related("region").get(code=code)


def current_enterprise_of(person: Person) -> Enterprise | None:
    """Where the person has a place now, with its region."""
    return (
        Enterprise.objects.filter(memberships__person=person, memberships__until=None)
        .select_related("region")
        .first()
    )


def manages(person: Person) -> bool:
    """Whether the person manages the enterprise in which they have a place."""
    return Membership.objects.filter(person=person, until=None, manages=True).exists()


def members_of(enterprise: Enterprise) -> list[Membership]:
    """The members with their persons: who manages first, then by name."""
    return list(
        enterprise.memberships.filter(until=None)
        .select_related("person")
        .order_by("-manages", "person__name", "person_id")
    )


def enterprises(search: str = "", page: str | int = 1) -> Page[EnterpriseEntry]:
    """A page of all enterprises, or of those with this in one of their names. Two queries."""
    found = (
        Enterprise.objects.filter(Q(name_en__icontains=search) | Q(name_zh__icontains=search))
        .select_related("region")
        .order_by("code")
        .annotate(members=Count("memberships", filter=Q(memberships__until=None)))
    )
    return _mapped(
        Paginator(found, PER_PAGE).get_page(page),
        lambda entry: EnterpriseEntry(entry, entry.members),
    )


def standing_of(enterprise: Enterprise) -> Standing:
    """An enterprise at a glance. Four queries."""
    last = Dispatch.objects.order_by("-round_number").first()
    hours = Task.objects.filter(enterprise=enterprise, dispatch=last).aggregate(sum=Sum("hours"))
    members = enterprise.memberships.filter(until=None)
    managing = members.filter(manages=True).select_related("person").order_by("person__name")
    return Standing(
        members=members.count(),
        managers=[member.person for member in managing],
        round_number=last.round_number if last else None,
        running=last is not None and last.closed_at is None,
        planned_hours=hours["sum"] or Decimal(0),
    )


def tasks_of(enterprise: Enterprise, round_number: int) -> TaskSheet:
    """What the plan asks of an enterprise in a round and what it has reported. Seven queries.

    Every product that a technique of the enterprise makes or uses is listed, planned or not.
    Outputs are due in the round in which they appear, `lead_time` rounds after their task.
    """
    tasks = Task.objects.filter(enterprise=enterprise, dispatch=round_number, runs__gt=0)
    used_in = Report.objects.filter(
        enterprise=enterprise, dispatch=round_number, kind=Report.Kind.USE
    )
    return TaskSheet(
        tasks=list(tasks.select_related("technique").order_by("technique_id")),
        made=_lines(
            enterprise,
            Side.OUTPUT,
            planned=_due(round_number).filter(technique__enterprise=enterprise),
            reported=Movement.objects.filter(
                enterprise=enterprise, round_number=round_number, kind=Movement.Kind.OUTPUT
            ),
        ),
        used=_lines(
            enterprise,
            Side.INPUT,
            planned=TechniqueProduct.objects.filter(
                technique__enterprise=enterprise,
                technique__tasks__dispatch=round_number,
                side=Side.INPUT,
            ),
            reported=Movement.objects.filter(
                source__in=used_in.values("id"), kind=Movement.Kind.USE
            ),
        ),
    )


def production_against_plan(round_number: int) -> list[ProductLine]:
    """By product, what all enterprises together should make in a round and have made.

    Only products of which something is due or was made. Three queries.
    """
    planned = _planned(_due(round_number), ROUND_CEILING)
    made = _moved(Movement.objects.filter(round_number=round_number, kind=Movement.Kind.OUTPUT))
    products = Product.objects.filter(code__in=planned.keys() | made.keys()).order_by("code")
    return [ProductLine(product, planned[product.code], made[product.code]) for product in products]


def stock_of(enterprise: Enterprise) -> list[StockLine]:
    """What lies in the enterprise's own store, by product code."""
    held = enterprise.stocks.filter(quantity__gt=0).select_related("product").order_by("product_id")
    return [StockLine(stock.product, stock.quantity) for stock in held]


def stock_by_product(
    products: Collection[str], *, region: str | None = None
) -> Mapping[str, Decimal]:
    """What lies in all stores together, or in those of a region, of these products by code."""
    stores = Stock.objects.all() if region is None else Stock.objects.filter(region=region)
    found = (
        stores.filter(product__in=products)
        .values_list("product_id")
        .annotate(total=Sum("quantity"))
    )
    return dict.fromkeys(products, Decimal(0)) | dict(found)


def used_up(round_number: int) -> dict[str, Decimal]:
    """What production and common needs took from the stores in a round, by product."""
    taken = (
        Movement.objects.filter(
            round_number=round_number,
            kind__in=[Movement.Kind.USE, Movement.Kind.DELIVERY],
        )
        .values_list("product")
        .annotate(taken=-Sum("quantity"))
        .order_by()
    )
    return dict(taken)


def reports_of(enterprise: Enterprise, page: str | int = 1) -> Page[ReportEntry]:
    """A page of the enterprise's reports, the latest first. Three queries."""
    reports = Paginator(
        enterprise.reports.select_related("reported_by"), REPORTS_PER_PAGE
    ).get_page(page)
    moved = (
        Movement.objects.filter(source__in=[report.id for report in reports])
        .select_related("product")
        .order_by("product_id")
    )
    quantities: dict[UUID, dict[Product, Decimal]] = defaultdict(lambda: defaultdict(Decimal))
    for movement in moved:
        quantities[movement.source][movement.product] += abs(movement.quantity)
    return _mapped(
        reports,
        lambda report: ReportEntry(
            id=report.id,
            kind=Report.Kind(report.kind),
            round_number=report.dispatch_id,
            reported_by=report.reported_by.name,
            note=report.note,
            at=report.at,
            lines=[StockLine(*line) for line in quantities[report.id].items()],
        ),
    )


def _due(round_number: int) -> QuerySet[TechniqueProduct]:
    """The outputs that appear in this round, one row for each task they come from."""
    return TechniqueProduct.objects.filter(
        side=Side.OUTPUT,
        technique__tasks__dispatch=Value(round_number) - F("technique__lead_time"),
    )


def _lines(
    enterprise: Enterprise,
    side: TechniqueProduct.Side,
    *,
    planned: QuerySet[TechniqueProduct],
    reported: QuerySet[Movement],
) -> list[ProductLine]:
    # What is made is rounded up and what is used down: rounding never makes a plan short.
    asked = _planned(planned, ROUND_CEILING if side is Side.OUTPUT else ROUND_FLOOR)
    moved = _moved(reported)
    own = TechniqueProduct.objects.filter(technique__enterprise=enterprise, side=side)
    products = Product.objects.filter(code__in=own.values("product")).order_by("code")
    return [ProductLine(product, asked[product.code], moved[product.code]) for product in products]


def _planned(rows: QuerySet[TechniqueProduct], rounding: str) -> defaultdict[str, Decimal]:
    """By product, runs x quantity per run to the thousandth."""
    sums = rows.values_list("product_id").annotate(
        total=Sum(F("quantity") * F("technique__tasks__runs"))
    )
    return defaultdict(
        Decimal, {product: total.quantize(THOUSANDTH, rounding) for product, total in sums}
    )


def _moved(rows: QuerySet[Movement]) -> defaultdict[str, Decimal]:
    """By product, how much came or went."""
    sums = rows.values_list("product_id").annotate(total=Sum("quantity"))
    return defaultdict(Decimal, {product: abs(total) for product, total in sums})


def _mapped(page: Page[Row], entry_of: Callable[[Row], Entry]) -> Page[Entry]:
    """The same page of a list, with each row as an entry."""
    paginator: Paginator[Any] = page.paginator
    return Page([entry_of(row) for row in page.object_list], page.number, paginator)
