"""The week of an enterprise as its members see it."""

from dataclasses import dataclass

from xietong.platform.enterprises.models import Enterprise
from xietong.platform.people.models import Person

from ..models import Shift, ShiftPlace, Swap


@dataclass(frozen=True, slots=True)
class ShiftEntry:
    """A shift with those who have it, and whether the reader is one of them."""

    shift: Shift
    people: list[Person]
    mine: bool

    @property
    def free(self) -> int:
        return self.shift.places - len(self.people)

    @property
    def begins(self) -> str:
        return _clock(self.shift.starts)

    @property
    def ends(self) -> str:
        return _clock(self.shift.starts + self.shift.minutes)


def _clock(minutes: int) -> str:
    return f"{minutes // 60 % 24:02}:{minutes % 60:02}"


def week_of(enterprise: Enterprise, reader: Person) -> list[ShiftEntry]:
    """The shifts of an enterprise from Monday on. Two queries."""
    people: dict[object, list[Person]] = {}
    for place in (
        ShiftPlace.objects.filter(shift__enterprise=enterprise)
        .select_related("person")
        .order_by("person__name", "person_id")
    ):
        people.setdefault(place.shift_id, []).append(place.person)
    return [
        ShiftEntry(shift, people.get(shift.id, []), reader in people.get(shift.id, []))
        for shift in enterprise.shifts.select_related("skill")
    ]


def swaps_of(person: Person) -> tuple[list[Swap], list[Swap]]:
    """The exchanges a person is asked for, and those they ask for. Two queries."""
    found = Swap.objects.select_related("person", "other", "gives", "takes")
    return list(found.filter(other=person)), list(found.filter(person=person))
