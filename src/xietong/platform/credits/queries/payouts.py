"""What an hour and a recognised need issue in a round, and the sums behind it."""

from dataclasses import dataclass
from decimal import Decimal

from xietong.platform.base import SMALLEST_CELL
from xietong.platform.people.models import NeedRule
from xietong.platform.people.queries import rules_in_force

from ..models import Allowance, Deduction, PriceBand, Rate, Reckoning
from ..rules import THOUSANDTHS


@dataclass(frozen=True)
class AllowanceRule:
    """By what rule a need is recognised, and what it issues in the newest round with a rate.

    Amounts are 1/1000 credits, None without a rate; `persons` is None for one to nine.
    """

    rule: NeedRule
    amount: int | None
    beside_amount: int | None
    persons: int | None


@dataclass(frozen=True)
class Sums:
    """How a round's hours became its rate: hours in all = deductions + claimable.

    `allowed` is what all allowances together issue, in 1/1000 credits. `reckoning` is None for
    rounds before it was kept; `earlier` and `later` are the rounds beside this one that have a
    rate.
    """

    rate: Rate
    allowed: int
    deductions: tuple[Deduction, ...]
    reckoning: Reckoning | None
    band: Decimal | None
    earlier: int | None
    later: int | None

    @property
    def content(self) -> Decimal:
        """Hours of labour in the goods promised for credits."""
        terms = (Deduction.Kind.SCARCITY, Deduction.Kind.BALANCE)
        return self.rate.claimable_hours + sum(
            (each.hours for each in self.deductions if each.kind in terms), Decimal(0)
        )

    @property
    def allowances(self) -> Decimal:
        """Hours of the claimable that go to those who live by a recognised need."""
        return Decimal(self.allowed) / THOUSANDTHS

    @property
    def for_work(self) -> Decimal:
        """Hours of the claimable that are left for those who work."""
        return self.rate.claimable_hours - self.allowances


def rate(round_number: int) -> Rate | None:
    """What an hour of work and an allowance issue in a round, once it is published."""
    return Rate.objects.filter(round_number=round_number).first()


def latest_rate() -> Rate | None:
    """The rate of the newest round that has one."""
    return Rate.objects.order_by("-round_number").first()


def allowances(round_number: int) -> list[Allowance]:
    """What each need issues in a round, once its rate is published."""
    return list(Allowance.objects.filter(round_number=round_number))


def allowance_rules() -> list[AllowanceRule]:
    """The rules in force in the newest round with a rate, with what each issues. Three queries."""
    newest = latest_rate()
    issued = {
        (allowance.ground, allowance.beside_work): allowance
        for allowance in (allowances(newest.round_number) if newest else ())
    }
    found = []
    for rule in rules_in_force(newest.round_number if newest else 1):
        whole, beside = issued.get((rule.ground, False)), issued.get((rule.ground, True))
        persons = sum(each.persons for each in (whole, beside) if each)
        found.append(
            AllowanceRule(
                rule=rule,
                amount=whole.amount if whole else None,
                beside_amount=beside.amount if beside else None,
                persons=None if 0 < persons < SMALLEST_CELL else persons,
            )
        )
    return found


def payout_of(round_number: int) -> Sums | None:
    """The sums from all hours of a round down to its rate, once published. Six queries."""
    found = rate(round_number)
    if found is None:
        return None
    order = list(Deduction.Kind)
    beside = set(
        Rate.objects.filter(round_number__in=(round_number - 1, round_number + 1)).values_list(
            "round_number", flat=True
        )
    )
    return Sums(
        rate=found,
        allowed=sum(each.persons * each.amount for each in allowances(round_number)),
        deductions=tuple(
            sorted(
                Deduction.objects.filter(rate=found),
                key=lambda each: order.index(Deduction.Kind(each.kind)),
            )
        ),
        reckoning=Reckoning.objects.defer("packed").filter(rate=found).first(),
        band=PriceBand.objects.filter(round_number=round_number)
        .values_list("band", flat=True)
        .first(),
        earlier=round_number - 1 if round_number - 1 in beside else None,
        later=round_number + 1 if round_number + 1 in beside else None,
    )


def payout_files(round_number: int) -> bytes | None:
    """The zip by which anyone recomputes a round's payout; None for a round that has none."""
    packed = Reckoning.objects.filter(rate=round_number).values_list("packed", flat=True).first()
    return None if packed is None else bytes(packed)
