"""What an enterprise says it has made and used. A report moves stock, and stays as it was made."""

from collections.abc import Mapping
from decimal import Decimal
from uuid import UUID

from django.db import connection, transaction

from xietong.platform.base import Rejected, again_after_conflict
from xietong.platform.people.models import Person
from xietong.platform.people.once import once
from xietong.platform.products.models import Product
from xietong.platform.ui.formats import quantity as written

from ..models import Enterprise, Movement, Report, TechniqueProduct
from ..rules import Refusal, reported
from .stocks import move, take


@again_after_conflict
@once
@transaction.atomic
def report_output(
    by: Person,
    *,
    enterprise: Enterprise,
    quantities: Mapping[str, Decimal],
    note: str = "",
    key: UUID,
) -> Report:
    """Report what a member's enterprise has made; it comes into the enterprise's store.

    Args:
        by: who reports.
        enterprise: of which `by` is a member.
        quantities: by product code; zeros count as not reported.
        note: a remark for everyone to read.
        key: chosen by the caller. The same key and report again returns the first report.

    Raises Rejected NOT_A_MEMBER, NO_OPEN_ROUND, NOT_A_QUANTITY, NOTHING_REPORTED, NOT_MADE_HERE
    or KEY_USED.
    """
    made = reported(quantities)
    kind = Report.Kind.OUTPUT
    report, fresh = _write_down(by, enterprise, kind, note=note, key=key)
    if not fresh:
        return report
    _refuse_strange(enterprise, made, TechniqueProduct.Side.OUTPUT, Refusal.NOT_MADE_HERE)
    move(
        [(product, enterprise.code, quantity) for product, quantity in made.items()],
        kind=Movement.Kind.OUTPUT,
        source=report.id,
        round_number=report.dispatch_id,
        again=Refusal.KEY_USED,
    )
    return report


@again_after_conflict
@once
@transaction.atomic
def report_use(
    by: Person,
    *,
    enterprise: Enterprise,
    quantities: Mapping[str, Decimal],
    note: str = "",
    key: UUID,
) -> Report:
    """Report what a member's enterprise has used up in production.

    It is drawn from the stores of the enterprise's region, the fullest first. Arguments as for
    `report_output`. Raises Rejected NOT_A_MEMBER, NO_OPEN_ROUND, NOT_A_QUANTITY,
    NOTHING_REPORTED, NOT_USED_HERE, KEY_USED, or NOT_ENOUGH_STOCK naming the products and what
    there is of them.
    """
    used = reported(quantities)
    report, fresh = _write_down(by, enterprise, Report.Kind.USE, note=note, key=key)
    if not fresh:
        return report
    _refuse_strange(enterprise, used, TechniqueProduct.Side.INPUT, Refusal.NOT_USED_HERE)
    there = dict.fromkeys(used, Decimal(0))
    for taken in take(
        enterprise.region_id,
        used,
        kind=Movement.Kind.USE,
        source=report.id,
        round_number=report.dispatch_id,
    ):
        there[taken.product] += taken.quantity
    if short := [product for product in used if there[product] < used[product]]:
        names = Product.objects.in_bulk(short)
        raise Rejected(
            Refusal.NOT_ENOUGH_STOCK,
            "; ".join(
                f"{names[product]}: {written(there[product])} < {written(used[product])}"
                for product in short
            ),
        )
    return report


def _write_down(
    by: Person, enterprise: Enterprise, kind: Report.Kind, *, note: str, key: UUID
) -> tuple[Report, bool]:
    """The report with this key, and whether it has just been made."""
    with connection.cursor() as cursor:
        cursor.execute(
            # The shared lock keeps the round open until the report is whole.
            """
            INSERT INTO enterprises_report
                (id, dispatch_id, enterprise_id, kind, reported_by_id, note)
            SELECT %s, dispatch.round_number, member.enterprise_id, %s, member.person_id, %s
            FROM enterprises_dispatch AS dispatch, enterprises_membership AS member
            WHERE dispatch.closed_at IS NULL
              AND member.person_id = %s AND member.enterprise_id = %s AND member.until IS NULL
            FOR SHARE OF dispatch
            ON CONFLICT (id) DO NOTHING
            """,
            [key, kind, note, by.id, enterprise.code],
        )
        fresh = cursor.rowcount == 1
    found = Report.objects.filter(id=key).first()
    if found is None:
        member = enterprise.memberships.filter(person=by, until=None).exists()
        raise Rejected(Refusal.NO_OPEN_ROUND if member else Refusal.NOT_A_MEMBER)
    if (found.reported_by_id, found.enterprise_id, found.kind) != (by.id, enterprise.code, kind):
        raise Rejected(Refusal.KEY_USED)
    return found, fresh


def _refuse_strange(
    enterprise: Enterprise,
    quantities: Mapping[str, Decimal],
    side: TechniqueProduct.Side,
    refusal: Refusal,
) -> None:
    known = TechniqueProduct.objects.filter(
        technique__enterprise=enterprise, side=side, product__in=quantities
    ).values_list("product_id", flat=True)
    if strange := sorted(quantities.keys() - set(known)):
        raise Rejected(refusal, ", ".join(strange))
