"""Reading credits: one's own account, and sums without names."""

from collections.abc import Collection
from dataclasses import dataclass
from datetime import datetime
from decimal import Decimal
from itertools import zip_longest
from typing import cast
from uuid import UUID

from django.core.paginator import Page, Paginator
from django.db import connection
from django.db.models import F, Func, IntegerField, OuterRef, Subquery, Sum, Value

from xietong.platform.base import SMALLEST_CELL
from xietong.platform.labour.models import Skill, WorkRecord
from xietong.platform.labour.queries import WeekOfWork, hours_of
from xietong.platform.people.models import NEEDS, Ground, NeedRule, Person
from xietong.platform.people.queries import rules_in_force
from xietong.platform.products.queries import in_alphabet, matching

from .models import (
    Account,
    Allowance,
    Deduction,
    Entry,
    Factor,
    Price,
    PriceBand,
    Rate,
    Reckoning,
    Spread,
)
from .rules import THOUSANDTHS, allowance_source

ENTRIES_A_PAGE = 30
FACTORS_A_PAGE = 20
PRICES_A_PAGE = 40
PRICES_SHOWN = 12
MOST_PARTS = 10


@dataclass(frozen=True)
class Line:
    """What moved a balance once, in 1/1000 credits.

    `week` and `minutes` of work only; `need`, of an allowance, is the ground it comes from;
    `reverses`, of a reversal only, is what it reverses.
    """

    id: UUID
    kind: str
    amount: int
    round_number: int
    at: datetime
    week: int | None
    minutes: int | None
    need: str | None
    reverses: "Line | None"


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
class WeekIssued:
    """A week of work and the 1/1000 credits it issued; None while it waits to be certified.

    `waits` while a correction of the week has still to be carried out: a later issue covers it.
    """

    work: WeekOfWork
    issued: int | None
    waits: bool


@dataclass(frozen=True)
class SkillFactor:
    """What an hour worked by a skill counts, in thousandths of an hour."""

    skill: Skill
    thousandths: int


@dataclass(frozen=True)
class Totals:
    """1/1000 credits of everyone together: issued - cancelled = balances.

    What was reversed was neither issued nor cancelled.
    """

    issued: int
    cancelled: int
    balances: int


@dataclass(frozen=True)
class Part:
    """So many persons were issued `mean` 1/1000 credits each, on the mean."""

    persons: int
    mean: int


@dataclass(frozen=True)
class Incomes:
    """What one round issued to those it issued anything to, in 1/1000 credits.

    `parts` are equal parts of these persons in the order of their incomes: as many as have ten
    persons each, and ten at most.
    """

    persons: int
    mean: int
    parts: tuple[Part, ...]


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


@dataclass(frozen=True)
class PriceLine:
    """A price with its product and what it was in the round before, if it had one."""

    price: Price
    before: int | None

    @property
    def change(self) -> float | None:
        """By what share it rose, or fell."""
        return self.price.amount / self.before - 1 if self.before else None


def balance_of(person: Person) -> int:
    """1/1000 credits in a person's account."""
    found = Account.objects.filter(person=person).values_list("balance", flat=True).first()
    return found or 0


def entries_of(person: Person, page: int | str = 1) -> "Page[Line]":
    """What moved a person's balance, the newest first. Three queries, four with reversals."""
    found = Paginator(Entry.objects.filter(person=person), ENTRIES_A_PAGE).get_page(page)
    entries = list(found.object_list)
    named = [entry.reverses for entry in entries if entry.reverses]
    reversed_ = {entry.id: entry for entry in Entry.objects.filter(person=person, id__in=named)}
    work = {
        id: (week, minutes)
        for id, week, minutes in WorkRecord.objects.filter(
            person=person, id__in=[entry.source for entry in (*entries, *reversed_.values())]
        ).values_list("id", "week", "minutes")
    }

    def line(entry: Entry) -> Line:
        week, minutes = work.get(entry.source, (None, None))
        return Line(
            id=entry.id,
            kind=entry.kind,
            amount=entry.amount,
            round_number=entry.round_number,
            at=entry.at,
            week=week,
            minutes=minutes,
            need=_need_of(entry),
            reverses=line(reversed_[entry.reverses]) if entry.reverses else None,
        )

    lines = [line(entry) for entry in entries]
    return Page(lines, found.number, cast("Paginator[Line]", found.paginator))


def _need_of(entry: Entry) -> str | None:
    """The ground of an allowance; None of one that was issued before grounds had their own."""
    if entry.kind != Entry.Kind.ALLOWANCE:
        return None
    return next(
        (
            ground
            for ground in NEEDS
            if allowance_source(entry.round_number, ground) == entry.source
        ),
        None,
    )


def weeks_of(person: Person, round_number: int) -> list[WeekIssued]:
    """A person's weeks of work in a round, in order, and what each issued. Three queries."""
    entries = Entry.objects.filter(person=person)
    undone = entries.exclude(reverses=None).values("reverses")
    issued = dict(
        entries.filter(round_number=round_number, kind=Entry.Kind.WORK)
        .exclude(id__in=undone)
        .values_list("source", "amount")
    )
    # A corrected week has several records, of which one has issued.
    weeks = {
        week: source
        for source, week in WorkRecord.objects.filter(
            person=person, dispatch=round_number
        ).values_list("id", "week")
        if source in issued
    }
    return [
        WeekIssued(
            work,
            issued[weeks[work.week]] if work.week in weeks else 0 if work.certified_by else None,
            waits=weeks.get(work.week, work.id) != work.id,
        )
        for work in hours_of(person, round_number)
    ]


def mean_factor(round_number: int) -> Decimal:
    """What an hour counts on the mean in a round, if it is worked as the round before was.

    Certified hours of the round before by skill, each at the factor of this round; 1 where there
    are none. The ceiling for offices is left aside, so that hours never issue more than reckoned.
    Rounded up to millionths. One query.
    """
    with connection.cursor() as cursor:
        cursor.execute(
            """
            SELECT ceil(1000 * sum(minutes * credits_factor_of(skill_id, %(round)s))
                        / sum(minutes)) / 1000000
            FROM (
                SELECT skill_id, sum(minutes) AS minutes FROM labour_workrecord AS work
                WHERE dispatch_id = %(round)s - 1 AND certified_by_id IS NOT NULL AND NOT EXISTS (
                    SELECT 1 FROM labour_workrecord AS later
                    WHERE later.person_id = work.person_id AND later.corrects = work.id
                      AND later.certified_by_id IS NOT NULL)
                GROUP BY skill_id
            ) AS worked
            """,
            {"round": round_number},
        )
        (mean,) = cursor.fetchone()
    return Decimal(1) if mean is None else Decimal(mean)


def first_unrated_round() -> int:
    """The first round whose rate is not published yet: what its hours count can still be set."""
    newest = latest_rate()
    return newest.round_number + 1 if newest else 1


def spread_in(round_number: int) -> int:
    """How far from 1 a factor may lie in a round, in thousandths."""
    spread = Spread.objects.filter(round_number__lte=round_number).first()
    return spread.thousandths if spread else 0


def spreads(page: int | str = 1) -> "Page[Spread]":
    """The spreads ever set, the newest first."""
    return Paginator(Spread.objects.all(), FACTORS_A_PAGE).get_page(page)


def factor_changes(page: int | str = 1) -> "Page[Factor]":
    """The factors ever set, with their skills, the newest first."""
    return Paginator(Factor.objects.select_related("skill"), FACTORS_A_PAGE).get_page(page)


def factors_in(round_number: int) -> list[SkillFactor]:
    """What an hour by each skill counts in a round, by the skill's code. One query."""
    skills = Skill.objects.annotate(
        counts=Func(
            F("code"),
            Value(round_number),
            function="credits_factor_of",
            output_field=IntegerField(),
        )
    ).order_by("code")
    return [SkillFactor(skill, skill.counts) for skill in skills]


def totals() -> Totals:
    """All credits ever issued and cancelled, and all balances, at one moment."""
    with connection.cursor() as cursor:
        cursor.execute(
            """
            -- A reversal counts on the side of what it reverses: its sign is the opposite.
            SELECT coalesce(sum(amount) FILTER (
                       WHERE kind IN ('work', 'allowance') OR kind = 'reversal' AND amount < 0
                   ), 0)::bigint,
                   coalesce(-sum(amount) FILTER (
                       WHERE kind = 'consumption' OR kind = 'reversal' AND amount > 0
                   ), 0)::bigint,
                   (SELECT coalesce(sum(balance), 0)::bigint FROM credits_account)
            FROM credits_entry
            """
        )
        return Totals(*cursor.fetchone())


def price_list(round_number: int, products: Collection[str] | None = None) -> dict[str, int]:
    """1/1000 credits a unit by product code, of these products or all.

    What has no price in the round is absent.
    """
    prices = Price.objects.filter(round_number=round_number)
    if products is not None:
        prices = prices.filter(product__in=products)
    return dict(prices.values_list("product_id", "amount"))


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


def outstanding() -> int:
    """1/1000 credits on all accounts together."""
    return int(Account.objects.aggregate(all=Sum("balance"))["all"] or 0)


def factors(round_number: int) -> dict[str, Decimal]:
    """By product, the factor by which its price left the labour value in a round."""
    return dict(Price.objects.filter(round_number=round_number).values_list("product_id", "factor"))


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


def prices(
    round_number: int, search: str = "", order: str = "name", page: int | str = 1
) -> "Page[PriceLine]":
    """A page of a round's prices, each with its product. Two queries.

    `search` is as in the catalogue; `order` is "name", "risen" (what rose most comes first) or
    "fallen".
    """
    before = Price.objects.filter(round_number=round_number - 1, product=OuterRef("product"))
    found = (
        Price.objects.filter(round_number=round_number, product__in=matching(search))
        .select_related("product")
        .annotate(before=Subquery(before.values("amount")))
        .annotate(change=F("amount") * 1.0 / F("before"))
    )
    match order:
        case "risen":
            found = found.order_by(F("change").desc(nulls_last=True), "product")
        case "fallen":
            found = found.order_by(F("change").asc(nulls_last=True), "product")
        case _:
            found = found.order_by(in_alphabet("product__"), "product")
    listed = Paginator(found, PRICES_A_PAGE).get_page(page)
    lines = [PriceLine(price, price.before) for price in listed]
    return Page(lines, listed.number, cast("Paginator[PriceLine]", listed.paginator))


def price_history(product: str) -> list[PriceLine]:
    """The last prices of a product, in the order of rounds."""
    prices = Price.objects.filter(product=product).select_related("product")
    found = list(prices.order_by("-round_number")[: PRICES_SHOWN + 1])
    befores = [price.amount for price in found[1:]]
    lines = [PriceLine(*line) for line in zip_longest(found, befores)]
    return lines[:PRICES_SHOWN][::-1]


def expected_issue(person: Person) -> int | None:
    """1/1000 credits that a round issues to someone like this person, at the newest rate.

    To those who work, for the mean hours of a worker. None while no rate has been published.
    """
    newest = latest_rate()
    if newest is None:
        return None
    if person.ground != Ground.WORK:
        own = Allowance.objects.filter(
            round_number=newest.round_number, ground=person.ground, beside_work=False
        )
        # Rounds before grounds had their own were issued the same to all.
        return own.values_list("amount", flat=True).first() or newest.allowance
    return int(newest.per_hour * newest.total_hours / newest.workers)


def latest_priced_round() -> int | None:
    """The newest round that has prices."""
    return Price.objects.order_by("-round_number").values_list("round_number", flat=True).first()


def incomes(round_number: int) -> Incomes | None:
    """How what a round issued is spread; None while it has issued to fewer than ten persons.

    Work and allowances that were reversed were not issued.
    """
    with connection.cursor() as cursor:
        cursor.execute(
            """
            WITH income AS (
                SELECT sum(amount) AS amount FROM credits_entry
                WHERE round_number = %(round)s
                    AND (kind IN ('work', 'allowance') OR kind = 'reversal' AND amount < 0)
                GROUP BY person_id HAVING sum(amount) > 0
            ),
            placed AS (
                SELECT amount, ntile(least(%(most)s, number / %(fewest)s)::int)
                                   OVER (ORDER BY amount) AS part
                FROM income, (SELECT count(*) AS number FROM income) AS counted
                WHERE number >= %(fewest)s
            )
            SELECT count(*), round(avg(amount))::bigint FROM placed
            GROUP BY GROUPING SETS ((), (part)) ORDER BY grouping(part) DESC, part
            """,
            {"round": round_number, "most": MOST_PARTS, "fewest": SMALLEST_CELL},
        )
        (persons, mean), *parts = cursor.fetchall()
    if not persons:
        return None
    return Incomes(persons, mean, tuple(Part(*part) for part in parts))
