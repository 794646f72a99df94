"""How much of their hours those who manage work on the line. Times are in minutes."""

from dataclasses import dataclass
from fractions import Fraction

from django.db.models import Sum

from xietong.platform.enterprises.models import Enterprise, Membership
from xietong.platform.people.models import Person
from xietong.platform.record.models import Parameter

from ..models import WorkRecord


@dataclass(frozen=True, slots=True)
class LineHours:
    """What one who manages worked in a round, and how much of it on the line.

    `met` says whether that is the published minimum; None without hours or without a minimum.
    """

    person: Person
    minutes: int
    line_minutes: int
    minimum: Fraction | None

    @property
    def share(self) -> Fraction | None:
        return Fraction(self.line_minutes, self.minutes) if self.minutes else None

    @property
    def met(self) -> bool | None:
        if self.share is None or self.minimum is None:
            return None
        return self.share >= self.minimum


def line_hours_minimum() -> Fraction | None:
    """The share of their hours that those who manage work on the line at least, if it is set."""
    value = Parameter.objects.filter(code="line_hours_minimum").values_list("value", flat=True)
    return None if not value else Fraction(value[0])


def line_hours_of(enterprise: Enterprise, round_number: int) -> list[LineHours]:
    """Those who manage an enterprise and their certified hours in a round, by name.

    Three queries.
    """
    worked = {
        person: (minutes, line)
        for person, minutes, line in WorkRecord.objects.standing()
        .filter(enterprise=enterprise, dispatch=round_number, certified_by__isnull=False)
        .values_list("person")
        .annotate(Sum("minutes"), Sum("line_minutes"))
    }
    minimum = line_hours_minimum()
    managing = Membership.objects.filter(enterprise=enterprise, until=None, manages=True)
    return [
        LineHours(member.person, *worked.get(member.person_id, (0, 0)), minimum)
        for member in managing.select_related("person").order_by("person__name", "person_id")
    ]
