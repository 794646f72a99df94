"""Three years of rounds: what is on the accounts does not drift away from what can be had for it.

Ten goods, of which every second does not keep: what is missed of it is never made up for, what is
left over is lost. Half the people spend what they have, half put a sixth of what they are issued
aside and spend that once a year. All hours are worked; for a year production falls short of the
plan, for a year it exceeds it, for a year it swings.
"""

from decimal import Decimal

from xietong.planning import Allowance, Good, PayoutBasis, payout

ROUNDS = 36
GOODS = range(10)
ORDERED = 1000
NORM = 200
PURSE = Decimal("0.5")
SAVED = Decimal(1) / 12  # of all that is issued
PENSIONERS = 50
Luck = tuple[tuple[str, str], ...]
LUCK: Luck = (("0.9", "0.9"), ("1.1", "1.1"), ("0.85", "1.1"))  # by year, in turns by month


def course(pull: str, luck: Luck = LUCK) -> list[float]:
    """By round: all credits, once those of the round are issued, over what goods are to be had."""
    stock = {good: norm(good) for good in GOODS}
    ordered = taken = missed = dict.fromkeys(GOODS, 0)
    factors = dict.fromkeys(GOODS, Decimal(1))
    saved = spendable = Decimal(0)
    ratios = []
    for number in range(1, ROUNDS + 1):
        more = 0
        if number % 12 == 0:
            more = int(saved / 1000 / sum(map(value, GOODS)))
            spendable, saved = spendable + saved, Decimal(0)
        wanted = {good: ORDERED + more + missed[good] * keeps(good) for good in GOODS}
        made = {good: max(0, wanted[good] + norm(good) - stock[good]) for good in GOODS}
        basis = PayoutBasis(
            round=number,
            plan_sha256="",
            economy_sha256="",
            hours=sum((made[good] * value(good) for good in GOODS), Decimal(0)),
            workers=100,
            band=Decimal("0.1"),
            pull=Decimal(pull),
            purse=PURSE,
            balances=int(saved + spendable),
            goods=tuple(
                Good(
                    product=str(good),
                    mode="credits",
                    orderable=True,
                    value=value(good),
                    made=Decimal(made[good]),
                    used=Decimal(0),
                    delivered=Decimal(wanted[good]),
                    opening=Decimal(stock[good]),
                    closing=Decimal(stock[good] + made[good] - wanted[good]),
                    promised=wanted[good],
                    stock=Decimal(stock[good]),
                    normal=Decimal(norm(good)),
                    usual=Decimal(taken[good]),
                    ordered=ordered[good],
                    unmet=missed[good],
                    before=factors[good],
                )
                for good in GOODS
            ),
            common=(),
            allowances=(Allowance("pension", PENSIONERS, Decimal("0.6")),),
        )
        found = payout(basis)
        ratios.append((basis.balances + found.claimable) / (found.cost + found.idle))
        issued = found.per_hour * basis.hours + PENSIONERS * found.allowances["pension"]
        saved += issued * SAVED
        spendable += issued - issued * SAVED
        ordered, taken, missed = wanted, {}, {}
        for good in GOODS:
            price = found.prices[str(good)]
            there = stock[good] + int(made[good] * Decimal(luck[(number - 1) // 12][number % 2]))
            taken[good] = min(wanted[good], there, int(spendable / price.amount))
            missed[good] = max(0, wanted[good] - there)
            spendable -= taken[good] * price.amount
            stock[good] = (there - taken[good]) * keeps(good)
            factors[good] = price.factor
    return ratios


def value(good: int) -> Decimal:
    return Decimal(good + 1) / 4


def keeps(good: int) -> bool:
    return good % 2 == 0


def norm(good: int) -> int:
    return NORM * keeps(good)


def test_that_credits_stay_between_the_goods_to_be_had_and_their_double() -> None:
    ratios = course("0.3")
    assert min(ratios) >= 1
    assert max(ratios) < 1.9


def test_that_without_the_rule_they_drift_away_and_do_not_come_back() -> None:
    ratios = course("0")
    assert min(ratios[24:35]) > 2
    assert max(ratios[24:35]) > 2.4


def test_that_years_of_shortfall_do_not_pile_credits_up_either() -> None:
    short = (("0.9", "0.9"),) * 3
    assert max(course("0.3", short)) < 2
    assert max(course("0", short)) > 3.2
