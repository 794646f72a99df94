"""Reading households: one's own, and how people live without names."""

from dataclasses import dataclass
from uuid import UUID

from django.db import connection, models
from django.utils.translation import gettext_lazy as _

from xietong.platform.base import SMALLEST_CELL

from ..models import Membership, Person


class HouseholdKind(models.TextChoices):
    ONE = "one", _("one person")
    LONE_PARENT = "lone_parent", _("one adult with children")
    COUPLE = "couple", _("two adults")
    FAMILY = "family", _("two adults or more with children")
    PENSIONERS = "pensioners", _("pensioners")
    OTHER = "other", _("others")


@dataclass(frozen=True, slots=True)
class MyHousehold:
    """Who lives with a person, and the invitations that they made or may answer."""

    members: list[Membership]
    invited: list[Membership]
    invitations: list[Membership]


def my_household(person: Person) -> MyHousehold:
    """A person's household as its members see it. Two queries."""
    own = Membership.objects.filter(person=person, until=None).select_related("invited_by")
    mine = list(own)
    home = next((each.household_id for each in mine if each.since), None)
    together = (
        Membership.objects.filter(household=home, until=None)
        .select_related("person", "invited_by")
        .order_by("since", "id")
        if home
        else Membership.objects.none()
    )
    everyone = list(together)
    return MyHousehold(
        members=[each for each in everyone if each.since],
        invited=[each for each in everyone if not each.since],
        invitations=[each for each in mine if not each.since],
    )


def household_kinds() -> dict[UUID, str]:
    """The kind of household of each person on the roll; for sums of at least ten persons."""
    with connection.cursor() as cursor:
        cursor.execute("SELECT person_id, kind FROM people_householdkind")
        return dict(cursor.fetchall())


def persons_by_household_kind() -> dict[HouseholdKind, int | None]:
    """How many persons live in each kind of household; None for one to nine."""
    with connection.cursor() as cursor:
        cursor.execute("SELECT kind, count(*) FROM people_householdkind GROUP BY kind")
        persons = dict(cursor.fetchall())
    return {
        kind: None if 0 < (number := persons.get(kind.value, 0)) < SMALLEST_CELL else number
        for kind in HouseholdKind
    }
