"""Enterprises report what they make and use; their teams log and certify their hours."""

from collections.abc import Mapping, Sequence
from decimal import ROUND_DOWN, Decimal
from uuid import UUID

import numpy as np
from django.db.models import Sum

from xietong.platform.credits import actions as credits
from xietong.platform.enterprises import actions as enterprises
from xietong.platform.enterprises import queries as enterprise_queries
from xietong.platform.enterprises.models import (
    Enterprise,
    Membership,
    Report,
    Task,
    TechniqueProduct,
)
from xietong.platform.labour import actions as labour
from xietong.platform.labour.models import Assignment, PersonSkill, WorkRecord
from xietong.platform.people.models import Ground, Person

from . import assumptions as assumed
from .steps import Draw, Track, at_once

THOUSANDTH = Decimal("0.001")
HALF = Decimal("0.5")
WHOLE, FIRST_HALF, SECOND_HALF = "produce", "produce-1", "produce-2"


def produce(number: int, track: Track, *, whole: bool) -> None:
    """Enterprises report what they made, then what they used: of the round, or of its first half.

    Of a round whose first half is reported already, the second half is all that is left.
    """
    teams = _teams()
    places = Enterprise.objects.in_bulk(list(_yields(number)))
    first = Draw(number, FIRST_HALF)
    begun = Report.objects.filter(
        id__in=[first.key(enterprise, "output") for enterprise in places]
    ).exists()
    parts = [(FIRST_HALF, HALF)] if begun or not whole else []
    if whole:
        parts.append((SECOND_HALF, HALF) if begun else (WHOLE, Decimal(1)))
    for part, share in parts:
        _produce(Draw(number, part), share, teams, places, track)


def _produce(
    draw: Draw,
    share: Decimal,
    teams: Mapping[str, Sequence[Person]],
    places: Mapping[str, Enterprise],
    track: Track,
) -> None:
    number = draw.round_number
    yields = _yields(number)
    outputs, inputs = (
        _planned(number, side)
        for side in (TechniqueProduct.Side.OUTPUT, TechniqueProduct.Side.INPUT)
    )

    def report(enterprise: str) -> None:
        made = _scaled(outputs.get(enterprise, {}), share * yields[enterprise])
        if made:
            enterprises.report_output(
                teams[enterprise][0],
                enterprise=places[enterprise],
                quantities=made,
                note="",
                key=draw.key(enterprise, "output"),
            )

    busy = sorted(places)
    at_once(report, busy, track, f"Round {number}: enterprises produce")
    for enterprise in busy:
        used = _scaled(inputs.get(enterprise, {}), share * yields[enterprise])
        _use(teams[enterprise][0], places[enterprise], used, draw.key(enterprise, "use"))


def work(number: int, track: Track, *, weeks: Sequence[int]) -> None:
    """Teams log their hours of these weeks; other members certify what is logged."""
    month = _Month(number)

    def log_and_certify(enterprise: str) -> None:
        for week in weeks:
            month.log(week, enterprise)
        month.certify(weeks, enterprise)

    at_once(log_and_certify, list(month.teams), track, f"Round {number}: people work")


def log_week(number: int, *, week: int) -> None:
    """Teams log their hours of one week, which nobody certifies yet."""
    month = _Month(number)
    for enterprise in month.teams:
        month.log(week, enterprise)


class _Month:
    """The working time of everyone in a round, as its tasks ask for it."""

    def __init__(self, number: int) -> None:
        self.number = number
        self.teams = _teams()
        self._managers = set(
            Membership.objects.filter(manages=True, until=None).values_list("person_id", flat=True)
        )
        self._logged = set(
            WorkRecord.objects.filter(dispatch_id=number).values_list("week", "enterprise_id")
        )
        self._skills = dict(
            PersonSkill.objects.exclude(confirmed_by=None).values_list("person_id", "skill_id")
        )
        self._posts = dict(
            Assignment.objects.filter(until=None)
            .values_list("person_id")
            .annotate(Sum("minutes"))
            .order_by()
        )
        luck = _luck(number)
        self._minutes = {
            enterprise: int(
                hours * luck[enterprise] * 60 / len(self.teams[enterprise]) / assumed.WEEKS_WORKED
            )
            for enterprise, hours in Task.objects.filter(dispatch_id=number)
            .values_list("enterprise_id")
            .annotate(Sum("hours"))
        }

    def log(self, week: int, enterprise: str) -> None:
        team, minutes = self.teams[enterprise], self._minutes.get(enterprise, 0)
        if minutes > 0 and (week, enterprise) not in self._logged:
            labour.log_team_hours(
                team[0],
                week=week,
                minutes=(each := self._shares(team, minutes)),
                skills={person: skill for person in each if (skill := self._skills.get(person))},
                line={
                    person: int(worked * assumed.LINE_SHARE)
                    for person, worked in each.items()
                    if person in self._managers
                },
            )

    def _shares(self, team: Sequence[Person], minutes: int) -> dict[UUID, int]:
        """Everyone who is not ill works alike, but nobody more than their post or a full week."""
        return {
            person.id: min(minutes, self._posts.get(person.id, assumed.FULL_WEEK))
            for person in team
            if person.ground == Ground.WORK
        }

    def certify(self, weeks: Sequence[int], enterprise: str) -> None:
        """The first of the team certifies for all others, the second for the first."""
        first, second = self.teams[enterprise][:2]
        waiting = list(
            WorkRecord.objects.filter(
                dispatch_id=self.number,
                week__in=weeks,
                enterprise=enterprise,
                certified_by__isnull=True,
            ).values_list("id", "person_id")
        )
        for certifier, records in (
            (first, [record for record, person in waiting if person != first.id]),
            (second, [record for record, person in waiting if person == first.id]),
        ):
            if records:
                credits.certify_and_issue(certifier, records=records)


def _use(by: Person, enterprise: Enterprise, wanted: Mapping[str, Decimal], key: UUID) -> None:
    """Draw what production takes, or what there is of it; once, whatever lies in store by now."""
    if Report.objects.filter(id=key).exists():
        return
    there = enterprise_queries.stock_by_product(list(wanted))
    drawn = {
        product: least
        for product, quantity in wanted.items()
        if (least := min(quantity, there.get(product, Decimal(0)))) > 0
    }
    if drawn:
        enterprises.report_use(by, enterprise=enterprise, quantities=drawn, note="", key=key)


def _luck(number: int) -> dict[str, Decimal]:
    """How much of the work planned each enterprise came to do in a round."""
    busy = sorted(
        set(Task.objects.filter(dispatch_id=number).values_list("enterprise_id", flat=True))
    )
    shares = np.clip(Draw(number, "luck").rng.normal(1.0, assumed.LUCK, len(busy)), 0.9, 1.05)
    return {
        enterprise: Decimal(str(round(share, 4)))
        for enterprise, share in zip(busy, shares, strict=True)
    }


def _yields(number: int) -> dict[str, Decimal]:
    """How much of what was planned each enterprise made: its luck, and the weather."""
    luck = _luck(number)
    if number in assumed.DROUGHT:
        for enterprise, left in assumed.DROUGHT_LEAVES.items():
            luck[enterprise] *= left
    return luck


def _planned(number: int, side: TechniqueProduct.Side) -> dict[str, dict[str, Decimal]]:
    """By enterprise and product: what the tasks of a round give or take."""
    runs = dict(Task.objects.filter(dispatch_id=number).values_list("technique_id", "runs"))
    planned: dict[str, dict[str, Decimal]] = {}
    for enterprise, technique, product, quantity in TechniqueProduct.objects.filter(
        side=side, technique__in=runs
    ).values_list("technique__enterprise_id", "technique_id", "product_id", "quantity"):
        by_product = planned.setdefault(enterprise, {})
        by_product[product] = by_product.get(product, Decimal(0)) + quantity * runs[technique]
    return planned


def _scaled(quantities: Mapping[str, Decimal], by: Decimal) -> dict[str, Decimal]:
    scaled = {
        product: (quantity * by).quantize(THOUSANDTH, ROUND_DOWN)
        for product, quantity in sorted(quantities.items())
    }
    return {product: quantity for product, quantity in scaled.items() if quantity > 0}


def _teams() -> dict[str, list[Person]]:
    """The members of each enterprise, longest there first."""
    members: dict[str, list[Person]] = {}
    for membership in (
        Membership.objects.filter(until__isnull=True).select_related("person").order_by("id")
    ):
        members.setdefault(membership.enterprise_id, []).append(membership.person)
    return members
