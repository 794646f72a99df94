"""What a round's prices and rate are, published once with the sums that they follow from."""

from collections.abc import Iterable, Mapping, Sequence
from decimal import ROUND_CEILING, ROUND_DOWN, Decimal

from django.db import IntegrityError, connection, transaction

from xietong.planning.payout import Good, PayoutBasis, Price, price_of
from xietong.planning.payout_files import PayoutFiles, write_payout
from xietong.platform.base import Rejected
from xietong.platform.people.queries import Recognised
from xietong.platform.record import actions as record

from ..models import Allowance, Deduction, PriceBand, Rate, Reckoning
from ..rules import THOUSANDTHS, Refusal, payout

HOURS = Decimal("0.001")
SHARE = Decimal("0.000001")
BAND = Decimal("0.0001")
VALUE = Decimal("0.000000000001")  # of an hour: a labour value is kept so exactly


@transaction.atomic
def publish_payout(basis: PayoutBasis, *, allowances: Sequence[Recognised] = ()) -> Rate:
    """Prices, deductions and rate of a round, with the files by which anyone recomputes them.

    `allowances` are those of the basis, with the needs that they are of. Returns the rate. Raises
    Rejected NOBODY_WORKS, UNKNOWN_PRODUCT, or ALREADY_PUBLISHED.
    """
    if basis.hours <= 0 or basis.workers <= 0:
        raise Rejected(Refusal.NOBODY_WORKS)
    files = write_payout(basis)
    band = basis.band.quantize(BAND, ROUND_DOWN)
    PriceBand.objects.get_or_create(round_number=basis.round, defaults={"band": band})
    _keep_prices(basis.round, basis.goods, files.payout.prices, band=band)
    rate = publish_rate(
        basis.round,
        total_hours=basis.hours,
        claimable_hours=_hours(files.payout.claimable),
        workers=basis.workers,
        allowances=allowances,
        mean_factor=basis.mean_factor,
        deductions={kind: _hours(amount) for kind, amount in files.payout.deductions.items()},
    )
    _keep_reckoning(rate, files)
    return rate


@transaction.atomic
def publish_rate(
    round_number: int,
    *,
    total_hours: Decimal,
    claimable_hours: Decimal,
    workers: int,
    allowances: Sequence[Recognised] = (),
    mean_factor: Decimal = Decimal(1),
    deductions: Mapping[str, Decimal] | None = None,
) -> Rate:
    """What an hour of work and each allowance issue in a round, from the sums of its plan.

    Takes what `rules.payout` takes, of whom the allowances are, and the hours deducted before, by
    `Deduction.Kind`. Hours are rounded to thousandths first, so that the rate follows exactly from
    the sums published with it; the database sees to it that total hours are deductions and
    claimable hours. Raises Rejected NOBODY_WORKS, or ALREADY_PUBLISHED for a round that has a rate.
    """
    total_hours, claimable_hours = total_hours.quantize(HOURS), claimable_hours.quantize(HOURS)
    mean_factor = mean_factor.quantize(SHARE, ROUND_CEILING)
    issued = payout(
        total_hours=total_hours,
        claimable_hours=claimable_hours,
        workers=workers,
        allowances=[(need.persons, need.share) for need in allowances],
        mean_factor=mean_factor,
    )
    needs = _allowances(round_number, allowances, issued.allowances)
    rate, fresh = Rate.objects.get_or_create(
        round_number=round_number,
        defaults={
            "per_hour": issued.per_hour,
            "total_hours": total_hours,
            "claimable_hours": claimable_hours,
            "workers": workers,
            "mean_factor": mean_factor,
            **_means(needs),
        },
    )
    if not fresh:
        raise Rejected(Refusal.ALREADY_PUBLISHED, str(round_number))
    Allowance.objects.bulk_create(needs)
    Deduction.objects.bulk_create(
        Deduction(rate=rate, kind=kind, hours=hours) for kind, hours in (deductions or {}).items()
    )
    return rate


def _allowances(
    round_number: int, recognised: Sequence[Recognised], amounts: Sequence[int]
) -> list[Allowance]:
    return [
        Allowance(
            round_number=round_number,
            ground=need.ground,
            beside_work=need.beside_work,
            share=need.share,
            persons=need.persons,
            amount=amount,
        )
        for need, amount in zip(recognised, amounts, strict=True)
    ]


def _means(needs: Sequence[Allowance]) -> dict[str, int | Decimal]:
    """Of all persons on allowance together."""
    persons = sum(need.persons for need in needs)
    shares = Decimal(sum(need.persons * need.share for need in needs)) / THOUSANDTHS
    amounts = sum(need.persons * need.amount for need in needs)
    return {
        "on_allowance": persons,
        "allowance_share": (shares / (persons or 1)).quantize(SHARE),
        "allowance": amounts // (persons or 1),
    }


def publish_prices(round_number: int, values: Mapping[str, Decimal | float]) -> None:
    """Prices of a round that are labour values and no more, without a band.

    `values` gives by product code the hours of labour that a unit contains; an hour of labour
    content costs a credit, to the nearest thousandth and that at least. Raises Rejected
    UNKNOWN_PRODUCT, or ALREADY_PUBLISHED if one of the products has a price in the round.
    """
    none = Decimal(0)
    goods = [
        Good(
            product=code,
            mode="credits",
            orderable=True,
            value=Decimal(str(value)).quantize(VALUE),
            made=none,
            used=none,
            delivered=none,
            opening=none,
            closing=none,
            promised=0,
        )
        for code, value in values.items()
    ]
    prices = {good.product: price_of(good, none) for good in goods}
    _keep_prices(round_number, goods, prices, band=None)


def _keep_prices(
    round_number: int,
    goods: Iterable[Good],
    prices: Mapping[str, Price],
    *,
    band: Decimal | None,
) -> None:
    """Write prices with their reasons; without a band there is none but the labour value."""
    priced = [good for good in goods if good.product in prices]
    moved = priced if band is not None else []
    codes = [good.product for good in priced]
    try:
        with transaction.atomic(), connection.cursor() as cursor:
            cursor.execute(
                # Arrays that are shorter than the others go on with NULL.
                """
                INSERT INTO credits_price (round_number, band, product_id, amount, factor, value,
                                           stock, normal, usual, ordered, unmet)
                SELECT %s, %s, product.code, amount, factor, value,
                       stock, normal, usual, ordered, unmet
                FROM unnest(%s::text[], %s::bigint[], %s::numeric[], %s::numeric[],
                            %s::numeric[], %s::numeric[], %s::numeric[], %s::bigint[],
                            %s::bigint[])
                    AS given (product, amount, factor, value, stock, normal, usual, ordered, unmet)
                JOIN products_product AS product ON product.code = given.product
                RETURNING product_id
                """,
                [
                    round_number,
                    band,
                    codes,
                    [prices[code].amount for code in codes],
                    [prices[code].factor for code in codes],
                    [good.value for good in priced],
                    [good.stock for good in moved],
                    [good.normal for good in moved],
                    [good.usual for good in moved],
                    [good.ordered for good in moved],
                    [good.unmet for good in moved],
                ],
            )
            known = {code for (code,) in cursor.fetchall()}
            if unknown := sorted(set(codes) - known):
                raise Rejected(Refusal.UNKNOWN_PRODUCT, ", ".join(unknown))
    except IntegrityError as twice:
        raise Rejected(Refusal.ALREADY_PUBLISHED, str(round_number)) from twice


def _keep_reckoning(rate: Rate, files: PayoutFiles) -> None:
    basis = files.basis
    Reckoning.objects.create(
        rate=rate,
        plan_sha256=basis.plan_sha256,
        economy_sha256=basis.economy_sha256,
        sha256=files.sha256,
        packed=files.packed,
        pull=basis.pull,
        purse=basis.purse,
        balances=basis.balances,
        cost=files.payout.cost,
        idle=files.payout.idle,
    )
    record.submit(
        "payout-published",
        {
            "round": basis.round,
            "total_hours": str(rate.total_hours),
            "claimable_hours": str(rate.claimable_hours),
            "per_hour": rate.per_hour,
            "certificate_sha256": files.sha256,
            "plan_sha256": basis.plan_sha256,
        },
    )


def _hours(thousandths: int) -> Decimal:
    return Decimal(thousandths) / THOUSANDTHS
