"""Who belongs to which enterprise."""

from collections.abc import Iterable
from dataclasses import dataclass

from django.db import IntegrityError, transaction
from django.db.models.functions import Now

from xietong.platform.base import Rejected, constraint_of
from xietong.platform.people.models import Person

from ..models import Membership
from ..rules import Refusal


@dataclass(frozen=True, slots=True)
class Place:
    """A person's place in an enterprise, by the enterprise's code."""

    person: Person
    enterprise: str
    manages: bool = False


def join(person: Person, enterprise: str, *, manages: bool = False) -> Membership:
    """Give a person a place in an enterprise.

    Raises Rejected ALREADY_A_MEMBER if the person has a place, there or elsewhere.
    """
    return join_many([Place(person, enterprise, manages)])[0]


@transaction.atomic
def join_many(places: Iterable[Place]) -> list[Membership]:
    """Give many persons their places. Raises Rejected ALREADY_A_MEMBER; then nobody has joined."""
    try:
        return Membership.objects.bulk_create(
            Membership(person=place.person, enterprise_id=place.enterprise, manages=place.manages)
            for place in places
        )
    except IntegrityError as error:
        if constraint_of(error) == "enterprises_membership_one_at_a_time":
            raise Rejected(Refusal.ALREADY_A_MEMBER) from error
        raise


@transaction.atomic
def leave(person: Person) -> None:
    """End the person's membership. Raises Rejected NOT_A_MEMBER if there is none."""
    if not Membership.objects.filter(person=person, until=None).update(until=Now()):
        raise Rejected(Refusal.NOT_A_MEMBER, person.name)
