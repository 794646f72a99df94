"""What a round's payout is computed from: its plan, the stores, and the round before."""

from collections import defaultdict
from collections.abc import Iterable, Mapping
from decimal import ROUND_DOWN, Decimal

from xietong.planning import Allowance, CommonUse, Good, PayoutBasis
from xietong.platform.credits import queries as credits
from xietong.platform.credits.rules import THOUSANDTHS
from xietong.platform.enterprises import queries as enterprises
from xietong.platform.needs import queries as needs
from xietong.platform.people import queries as people
from xietong.platform.people.queries import Recognised
from xietong.platform.record import queries as record

from .models import Scenario, ScenarioProduct, StockNorm

VALUE = Decimal("0.000000000001")
UNITS = Decimal("0.000001")
THOUSANDTH = Decimal("0.001")
NONE = Decimal(0)


def basis_of(
    scenario: Scenario, promised: Mapping[str, Decimal], recognised: Iterable[Recognised]
) -> PayoutBasis:
    """All that prices and rate follow from, once the goods of the adopted scenario are promised.

    `promised` is what the plan delivers to persons, by product; it is shared out in whole
    units; `recognised` are the needs that issue an allowance.
    The band, the pull and the normal purse are what people voted; 0 where they never did.
    """
    number = scenario.round_id
    voted = {parameter.code: parameter.value for parameter in record.parameters()}
    return PayoutBasis(
        round=number,
        plan_sha256=scenario.plan_sha256,
        economy_sha256=scenario.economy_sha256,
        hours=scenario.hours_planned,
        workers=people.numbers_on_the_roll().workers,
        band=voted.get("price_band", NONE),
        pull=voted.get("balance_pull", NONE),
        purse=voted.get("normal_purse", NONE),
        balances=credits.outstanding(),
        mean_factor=credits.mean_factor(number),
        goods=_goods(scenario, promised),
        common=tuple(
            CommonUse(share.need_id, share.need.purpose, share.need.product_id, share.allotted)
            for share in needs.common_shares(number)
        ),
        allowances=tuple(
            Allowance(
                f"{need.ground}, beside work" if need.beside_work else need.ground,
                need.persons,
                Decimal(need.share) / THOUSANDTHS,
            )
            for need in recognised
        ),
    )


def _goods(scenario: Scenario, promised: Mapping[str, Decimal]) -> tuple[Good, ...]:
    number = scenario.round_id
    planned = list(
        ScenarioProduct.objects.filter(scenario=scenario)
        .select_related("product")
        .order_by("product")
    )
    stock = enterprises.stock_by_product([row.product_id for row in planned])
    normal: defaultdict[str, Decimal] = defaultdict(Decimal)
    for product, least in StockNorm.objects.values_list("product_id", "least"):
        normal[product] += least
    usual = enterprises.used_up(number - 1)
    last = defaultdict(lambda: needs.NOTHING_ORDERED, needs.ordered(number - 1))
    factors = credits.factors(number - 1)
    on_trial = needs.promised_on_trial(number)
    return tuple(
        Good(
            product=(code := row.product_id),
            mode=row.product.mode,
            orderable=row.product.orderable,
            value=value_of(row.value),
            made=units_of(row.made),
            used=units_of(row.used),
            delivered=units_of(row.delivered),
            opening=units_of(row.opening),
            closing=units_of(row.closing),
            promised=int(promised.get(code, NONE)),
            stock=stock[code],
            normal=normal[code],
            usual=usual.get(code, NONE) + last[code].collected,
            ordered=last[code].units,
            unmet=last[code].unmet,
            before=factors.get(code, Decimal(1)),
            by_need=on_trial.get(code, 0),
        )
        for row in planned
    )


def promised_units(delivered: float) -> Decimal:
    """What a plan delivers, to the thousandth.

    A plan is exact to parts in a million: what is whole but for that counts as whole.
    """
    return (Decimal(str(delivered)) + Decimal("0.0005")).quantize(THOUSANDTH, ROUND_DOWN)


def value_of(hours: float) -> Decimal:
    """A labour value as exact as it is kept."""
    return Decimal(str(hours)).quantize(VALUE)


def units_of(quantity: float) -> Decimal:
    """A quantity of a plan as exact as payouts take it."""
    return Decimal(str(quantity)).quantize(UNITS)
