"""Readings of the policy dial, told in words: what a change would do, each beside what is."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any
from uuid import UUID

from django.core.cache import cache
from django.core.paginator import Page, Paginator
from django.db.models import QuerySet
from django.utils.translation import gettext as _

from xietong.planning import read_payout
from xietong.platform.credits import queries as credits
from xietong.platform.credits.models import Deduction
from xietong.platform.labour.models import Skill
from xietong.platform.people.models import Ground
from xietong.platform.people.queries import HouseholdKind
from xietong.platform.products.models import Product
from xietong.platform.ui import formats

from ..dial.setting import Candidate, by_need, candidates, compared, observed_round
from ..models import DialReading, Scenario
from ..tiers import Tier
from .pages import retold

READINGS_A_PAGE = 10


@dataclass(frozen=True)
class Row:
    """One figure as it is and as it would be, written out."""

    label: str
    before: str
    after: str

    @property
    def changes(self) -> bool:
        return self.before != self.after


@dataclass(frozen=True)
class KindRow:
    """A kind of household: a head, 1/1000 credits and 1/1000 hours of goods by need."""

    label: str
    persons: int
    income: tuple[int, int]
    by_need: tuple[int, int]

    @property
    def gain(self) -> int:
        """What it gains, or below zero loses: a credit stands for an hour of labour."""
        return sum(after - before for before, after in (self.income, self.by_need))


@dataclass(frozen=True)
class StepRow:
    """A product that moves: what people ask for and what the plan promises, in units."""

    product: Product
    mode: str
    to_mode: str
    asked: float
    expected: float
    tried: bool
    promised: tuple[int, int]


@dataclass(frozen=True)
class Reading:
    """A reading as it is shown; what is to come is empty while it waits."""

    kept: DialReading
    spread_before: int
    products: tuple[Product, ...]
    plan: tuple[Row, ...] = ()
    payout: tuple[Row, ...] = ()
    deductions: tuple[Row, ...] = ()
    incomes: tuple[Row, ...] = ()
    factors: tuple[Row, ...] = ()
    kinds: tuple[KindRow, ...] = ()
    steps: tuple[StepRow, ...] = ()

    @property
    def round_number(self) -> int:
        return self.kept.scenario.round_id

    @property
    def sets_spread(self) -> bool:
        return self.kept.spread != self.spread_before


@dataclass(frozen=True)
class Present:
    """How the dial stands now: the plan at work, the spread in it and its share by need."""

    scenario: Scenario
    spread: int
    by_need: float | None
    candidates: tuple[Candidate, ...]  # the cheapest first


def present() -> Present | None:
    """How things are, and which products could move first; None without a plan at work."""
    scenario = compared()
    if scenario is None or credits.rate(scenario.round_id) is None:
        return None
    return Present(
        scenario,
        credits.spread_in(scenario.round_id),
        # A plan at work and its payout change no more.
        cache.get_or_set(f"dial:by-need:{scenario.pk}", lambda: _by_need(scenario), timeout=None),
        tuple(candidates()),
    )


def _by_need(scenario: Scenario) -> float | None:
    packed = credits.payout_files(scenario.round_id)
    return by_need(read_payout(packed).basis.goods) if packed else None


def kept() -> "QuerySet[DialReading]":
    """All readings with their scenarios, but for the files of these."""
    return DialReading.objects.select_related("scenario").defer(
        "scenario__economy", "scenario__plan"
    )


def readings(page: int | str = 1) -> "Page[Reading]":
    """What was asked of the plan at work, the newest first. Four queries."""
    scenario = compared()
    found = Paginator(
        kept().filter(scenario=scenario, observed=observed_round()).defer("answer"),
        READINGS_A_PAGE,
    ).get_page(page)
    spread = credits.spread_in(scenario.round_id) if scenario else 0
    rows = list(found)
    catalogue = Product.objects.in_bulk({code for each in rows for code in each.steps})
    return retold(
        found,
        [
            Reading(each, spread, tuple(catalogue[code] for code in sorted(each.steps)))
            for each in rows
        ],
    )


def reading_of(id: UUID) -> Reading:
    """One reading with all that it says. Raises DialReading.DoesNotExist."""
    found = kept().get(pk=id)
    catalogue = Product.objects.in_bulk(found.steps)
    products = tuple(catalogue[code] for code in sorted(found.steps))
    said = found.answer
    if said is None:
        return Reading(found, credits.spread_in(found.scenario.round_id), products)
    return Reading(
        found,
        said["spread"][0],
        products,
        plan=_plan(said),
        payout=_payout(said),
        deductions=tuple(
            Row(str(label), *(_hours(value / 1000) for value in said["deductions"][kind]))
            for kind, label in Deduction.Kind.choices
            if kind in said["deductions"]
        ),
        incomes=_incomes(said),
        factors=_factors(said["factors"]),
        kinds=tuple(
            KindRow(
                str(HouseholdKind(each["kind"]).label),
                each["persons"],
                tuple(each["income"]),
                tuple(each["by_need"]),
            )
            for each in said["kinds"]
        ),
        steps=tuple(
            StepRow(
                catalogue[each["product"]],
                str(Product.Mode(each["mode"]).label),
                str(Product.Mode(each["to_mode"]).label),
                each["asked"],
                each["expected"],
                each["tried"],
                tuple(each["promised"]),
            )
            for each in said["steps"]
        ),
    )


def _plan(said: Mapping[str, Any]) -> tuple[Row, ...]:
    return (
        Row(_("Share distributed by need"), *map(formats.percent, said["by_need"])),
        Row(_("Hours of work in the plan"), *map(_hours, said["hours"])),
        *(
            Row(
                _("Met: %(needs)s") % {"needs": tier.label},
                *map(formats.percent, said["tiers"][tier.value]),
            )
            for tier in Tier
            if tier.value in said["tiers"]
        ),
    )


def _payout(said: Mapping[str, Any]) -> tuple[Row, ...]:
    grounds = {ground.value: str(ground.label) for ground in Ground}
    return (
        Row(_("An hour of work issues"), *map(formats.credits, said["per_hour"])),
        Row(_("An hour counts on the mean"), *(_to(3, value) for value in said["mean_factor"])),
        *(
            Row(
                _("Allowance: %(need)s") % {"need": grounds[ground]},
                *map(formats.credits, amounts),
            )
            for ground, amounts in sorted(said["allowances"].items())
            # Beside work it is a fixed part of these.
            if ground in grounds
        ),
        Row(_("Claimable with credits"), *(_hours(value / 1000) for value in said["claimable"])),
    )


def _incomes(said: Mapping[str, Any]) -> tuple[Row, ...]:
    if not said["incomes"]:
        return ()
    cells = said["incomes"]
    rows = [
        Row(_("Gini coefficient"), *(_to(3, cell["gini"]) for cell in cells)),
        Row(_("Mean income"), *(formats.credits(cell["mean"]) for cell in cells)),
    ]
    if all(cell["low"] for cell in cells):
        ratios = (_to(2, cell["high"] / cell["low"]) for cell in cells)
        rows.insert(0, Row(_("The tenth with most over the tenth with least"), *ratios))
    return tuple(rows)


def _factors(factors: Mapping[str, Any]) -> tuple[Row, ...]:
    skills = Skill.objects.in_bulk(factors)
    return tuple(
        Row(formats.localname(skills[code]), *map(formats.credits, factors[code]))
        for code in sorted(factors)
    )


def _hours(hours: float) -> str:
    return _("%(hours)s h") % {"hours": formats.number(hours, 0)}


def _to(places: int, value: float) -> str:
    return formats.number(value, places)
