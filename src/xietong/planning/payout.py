"""Deductions, prices and payout: what all hours of a round go to before anyone is issued any.

In thousandths of an hour, which are thousandths of a credit, exactly:

    hours = Σ deductions + claimable
    claimable = Σ price[i] · sold[i] + balance

over the goods i that cost credits, where sold is what is promised, less what people of a trial
region get by quota or freely: that is deducted, as by need. With v the labour value, f the scarcity
factor, b the band:

    price[i] = max(1, round(1000 · v[i] · f[i]))
    f[i] = f'[i] + clip(1 + b · (strain[i] − ease[i]) − f'[i], −b/4, b/4), within 1 ± b
    strain[i] = min(1, 5 · unmet[i] / ordered[i])
    ease[i] = clip((stock[i] − normal[i]) / usual[i], 0, 1)

f' is the factor of the round before. What is left unmet raises a price, fully from a fifth of the
orders on; what lies in store beyond the norm lowers it, fully from one round's use on. The rate
of issue, and nobody's account, follows what goods and credits are left over:

    balance = pull · (idle − max(0, balances − purse · Σ price · sold)), within
              ± 1/5 · Σ price · sold

where idle is what the goods cost that will lie in store beyond the norm when all that is promised
has been collected.

Sources: Marx 1875 (deductions before distribution by labour); Cockshott and Cottrell 1993, ch. 8
(prices that leave labour values by scarcity alone).
"""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from decimal import ROUND_DOWN, ROUND_HALF_UP, Decimal, localcontext
from fractions import Fraction

from xietong.planning.faults import PlanningError

THOUSANDTHS = 1000
PLACES = Decimal("0.0001")  # of a factor
WHOLE_STRAIN = Decimal("0.2")  # share of orders unmet that raises a price as far as it goes
STEPS = 4  # rounds in which a factor goes from 1 to the end of the band
MOST_PULLED = Fraction(1, 5)  # of what the promised goods cost
EXACT = 60  # digits

# What needs in common are for.
PURPOSES = ("renewal", "expansion", "means", "reserve", "administration", "common", "abroad")
# Everything that stands between the hours of a round and what is claimable, in this order.
DEDUCTIONS = (*PURPOSES, "stock", "need", "unused", "indivisible", "scarcity", "balance")


@dataclass(frozen=True, slots=True)
class Good:
    """A product in a round: in its plan, in the stores, and with the people who order it.

    `value` is in hours a unit; `made`, `used`, `delivered`, `opening` and `closing` are the
    plan's; `promised` is in whole units to persons, `by_need` of it those that people of a trial
    region get by quota or freely though it costs credits elsewhere. `stock` lies in store as the
    round starts, `normal` is the stock norm, `usual` what the last round took; `ordered` and
    `unmet` are the last round's orders, and what of them was cut or missed; `before` is its last
    factor. `mode`
    is "credits", "quota" or "free"; only an `orderable` product has a price.
    """

    product: str
    mode: str
    orderable: bool
    value: Decimal
    made: Decimal
    used: Decimal
    delivered: Decimal
    opening: Decimal
    closing: Decimal
    promised: int
    stock: Decimal = Decimal(0)
    normal: Decimal = Decimal(0)
    usual: Decimal = Decimal(0)
    ordered: int = 0
    unmet: int = 0
    before: Decimal = Decimal(1)
    by_need: int = 0

    @property
    def for_credits(self) -> bool:
        """Whether persons give credits for it, outside a trial."""
        return self.orderable and self.mode == "credits"

    @property
    def sold(self) -> int:
        """Whole units promised for which persons give credits."""
        return self.promised - self.by_need if self.for_credits else 0

    @property
    def idle(self) -> int:
        """Whole units that will lie in store beyond the norm when the promised are collected."""
        return max(0, int(self.stock + self.closing - self.opening - self.normal))


@dataclass(frozen=True, slots=True)
class CommonUse:
    """What a round promises to a need in common; `purpose` is one of `PURPOSES`."""

    need: str
    purpose: str
    product: str
    quantity: Decimal


@dataclass(frozen=True, slots=True)
class Allowance:
    """So many persons on one ground get this share of what a worker is issued on the mean."""

    ground: str
    persons: int
    share: Decimal


@dataclass(frozen=True)
class PayoutBasis:
    """Everything that a round's prices and payout follow from.

    `hours` of work in the plan, by `workers`, each hour counting `mean_factor` on the mean; `band`,
    `pull` and `purse` are shares, as voted; `balances` are on all accounts together as the round
    starts, in 1/1000 credits.
    """

    round: int
    plan_sha256: str
    economy_sha256: str
    hours: Decimal
    workers: int
    band: Decimal
    pull: Decimal
    purse: Decimal
    balances: int
    goods: tuple[Good, ...] = field(repr=False)
    common: tuple[CommonUse, ...] = field(repr=False)
    allowances: tuple[Allowance, ...]
    mean_factor: Decimal = Decimal(1)


@dataclass(frozen=True, slots=True)
class Price:
    """1/1000 credit a unit, and the factor by which it leaves the labour value."""

    factor: Decimal
    amount: int


@dataclass(frozen=True)
class Payout:
    """What follows from a `PayoutBasis`, in 1/1000 credits or 1/1000 hours, which are the same.

    `deductions` are by kind, in the order of `DEDUCTIONS`, those that are not 0; `cost` is what
    all goods promised for credits cost, `idle` what those cost that stay in store beyond the norm.
    """

    prices: Mapping[str, Price] = field(repr=False)
    deductions: Mapping[str, int]
    cost: int
    idle: int
    claimable: int
    per_hour: int
    allowances: Mapping[str, int]


def payout(basis: PayoutBasis) -> Payout:
    """Return deductions, prices and rate of a round.

    Raises PlanningError for a common need of no known purpose or whose product is not among the
    goods, for a good of which more goes by need than is promised, and where nobody works.

    Source: Marx 1875.
    """
    with localcontext() as context:
        context.prec = EXACT
        prices = {
            good.product: price_of(good, basis.band) for good in basis.goods if good.orderable
        }
        cost = sum(prices[good.product].amount * good.sold for good in basis.goods if good.sold)
        idle = sum(
            prices[good.product].amount * good.idle for good in basis.goods if good.for_credits
        )
        balance = pulled(basis, cost=cost, idle=idle)
        parts = _parts(basis)
    content = parts.pop("content")
    parts |= {"scarcity": content - cost, "balance": -balance}
    claimable = cost + balance
    total = _thousandths(basis.hours)
    parts["indivisible"] = total - claimable - sum(parts.values())
    per_hour, allowances = issue(
        hours=basis.hours,
        claimable=claimable,
        workers=basis.workers,
        allowances=basis.allowances,
        mean_factor=basis.mean_factor,
    )
    return Payout(
        prices=prices,
        deductions={kind: parts[kind] for kind in DEDUCTIONS if parts[kind]},
        cost=cost,
        idle=idle,
        claimable=claimable,
        per_hour=per_hour,
        allowances=allowances,
    )


def price_of(good: Good, band: Decimal) -> Price:
    """Return the price of a good within `band`, a share.

    Source: Cockshott and Cottrell 1993.
    """
    factor = scarcity_factor(good, band)
    amount = (good.value * factor * THOUSANDTHS).to_integral_value(ROUND_HALF_UP)
    return Price(factor, max(1, int(amount)))


def scarcity_factor(good: Good, band: Decimal) -> Decimal:
    """Return by what a price leaves the labour value, to four decimals; 1 if not for credits.

    It rises with `unmet`, falls with `stock`, never leaves 1 ± `band`, and moves a quarter of the
    band a round at most, unless the band itself has become narrower.
    """
    if not good.for_credits:
        return Decimal(1)
    band = band.quantize(PLACES, ROUND_DOWN)
    wanted = 1 + band * (_strain(good) - _ease(good))
    step = band / STEPS
    moved = min(max(wanted, good.before - step), good.before + step)
    return min(max(moved.quantize(PLACES), 1 - band), 1 + band)


def pulled(basis: PayoutBasis, *, cost: int, idle: int) -> int:
    """Return what a round issues beyond what its goods cost, in 1/1000 credits; often negative.

    `cost` is of the goods promised for credits, `idle` of those that stay beyond the norm.
    """
    beyond = max(Fraction(0), basis.balances - Fraction(basis.purse) * cost)
    most = MOST_PULLED * cost
    return int(min(max(Fraction(basis.pull) * (idle - beyond), -most), most))


def issue(
    *,
    hours: Decimal,
    claimable: int,
    workers: int,
    allowances: Iterable[Allowance],
    mean_factor: Decimal = Decimal(1),
) -> tuple[int, dict[str, int]]:
    """Return what an hour of work issues, and an allowance on each ground, in 1/1000 credits.

    An hour counts `mean_factor` hours on the mean, by the skill it is worked with. All of it
    together never exceeds `claimable`, 1/1000 credits, and misses it by rounding only.

    Raises PlanningError unless `hours` and `workers` are positive.
    """
    if hours <= 0 or workers <= 0:
        raise PlanningError(
            "a payout needs hours of work and people who work them",
            "计算积分率需要工时，也需要付出这些工时的人",
        )
    allowances = tuple(allowances)
    counted = Fraction(hours) * Fraction(mean_factor)
    mean = counted / workers
    credited = counted + sum(
        (mean * Fraction(each.share) * each.persons for each in allowances), Fraction(0)
    )
    exact = Fraction(claimable) / credited
    # Rounded down, so that rounding never makes a credit to which no good corresponds.
    return int(exact), {
        each.ground: int(exact * Fraction(each.share) * mean) for each in allowances
    }


def _strain(good: Good) -> Decimal:
    if not good.ordered:
        return Decimal(0)
    return min(Decimal(1), Decimal(good.unmet) / good.ordered / WHOLE_STRAIN)


def _ease(good: Good) -> Decimal:
    beyond = max(Decimal(0), good.stock - good.normal)
    if not good.usual:
        # Orders tell what nobody wants from what there has been no round to see.
        return Decimal(1 if beyond and good.ordered else 0)
    return min(Decimal(1), beyond / good.usual)


def _parts(basis: PayoutBasis) -> dict[str, int]:
    """The labour content of what the hours go to, and of the goods promised for credits."""
    values = {good.product: good.value for good in basis.goods}
    hours = dict.fromkeys((*DEDUCTIONS, "content"), Decimal(0))
    for use in basis.common:
        if use.purpose not in PURPOSES:
            raise PlanningError(
                f"common need {use.need!r}: the purpose {use.purpose!r} is not one of "
                + ", ".join(PURPOSES),
                f"公共需要 {use.need!r}：用途 {use.purpose!r} 不是{'、'.join(PURPOSES)}之一",
            )
        if use.product not in values:
            raise PlanningError(
                f"common need {use.need!r}: its product {use.product!r} is not among the goods",
                f"公共需要 {use.need!r}：产品 {use.product!r} 不在产品表中",
            )
        hours[use.purpose] += use.quantity * values[use.product]
    for good in basis.goods:
        if not 0 <= good.by_need <= good.promised:
            raise PlanningError(
                f"{good.product}: of {good.promised} promised units {good.by_need} cannot go by "
                "need",
                f"{good.product}：承诺了{good.promised}个单位，不可能有{good.by_need}个按需分配",
            )
        stored = good.closing - good.opening
        hours["stock"] += good.value * stored
        hours["unused"] += good.value * (good.made - good.used - good.delivered - stored)
        hours["content"] += good.value * good.sold
        hours["need"] += good.value * (good.promised - good.sold)
    return {kind: _thousandths(amount) for kind, amount in hours.items()}


def _thousandths(hours: Decimal) -> int:
    return int((hours * THOUSANDTHS).to_integral_value(ROUND_HALF_UP))
