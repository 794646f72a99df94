"""How people come to live in one household and part again: by agreement."""

from collections.abc import Collection, Iterable
from uuid import UUID

from django.db import IntegrityError, transaction
from django.db.models.functions import Now

from xietong.platform.base import Rejected, constraint_of

from ..models import Birth, Ground, Household, Membership, Person
from ..once import once
from ..rules import Refusal

REFUSED_BY = {
    "people_membership_in_one_household": Refusal.IN_A_HOUSEHOLD,
    "people_membership_once": Refusal.INVITED_ALREADY,
}


@once
@transaction.atomic
def invite(by: Person, *, username: str, key: UUID | None = None) -> Membership:
    """Invite somebody into one's household, which begins with the first invitation.

    Raises Rejected UNKNOWN_PERSON, NOT_IN_YOUR_HOUSEHOLD for a child, INVITED_ALREADY.
    """
    person = _on_roll(username)
    if by.ground == Ground.CHILD:
        raise Rejected(Refusal.NOT_IN_YOUR_HOUSEHOLD)
    household = _household_of(by) or _begin([by])[0]
    return _write(Membership(person=person, household_id=household, invited_by=by))


@once
@transaction.atomic
def accept_invitation(
    by: Person, *, person: UUID, invitation: UUID, key: UUID | None = None
) -> None:
    """Join a household one is invited to; for a child, an adult of that household accepts.

    Raises Rejected NOT_YOURS_TO_AGREE, IN_A_HOUSEHOLD.
    """
    waiting = Membership.objects.filter(person=person, id=invitation, since=None, until=None)
    try:
        with transaction.atomic():
            if not waiting.update(since=Now(), agreed_by=by):
                raise Rejected(Refusal.NOT_YOURS_TO_AGREE)
    except IntegrityError as error:
        reason = REFUSED_BY.get(constraint_of(error), Refusal.NOT_YOURS_TO_AGREE)
        raise Rejected(reason) from error


@once
@transaction.atomic
def decline_invitation(by: Person, *, invitation: UUID, key: UUID | None = None) -> None:
    """Turn down an invitation, or take back one that one made. Rejected NOT_YOURS_TO_AGREE."""
    waiting = Membership.objects.filter(id=invitation, since=None, until=None)
    mine = waiting.filter(person=by) | waiting.filter(invited_by=by)
    if not mine.update(until=Now()):
        raise Rejected(Refusal.NOT_YOURS_TO_AGREE)


@once
@transaction.atomic
def leave_household(by: Person, *, person: UUID, key: UUID | None = None) -> None:
    """Leave one's household, or as an adult of it let a child leave.

    Raises Rejected NOT_IN_YOUR_HOUSEHOLD, CHILDREN_REMAIN.
    """
    household = _household_of(by)
    if household is None:
        raise Rejected(Refusal.NOT_IN_YOUR_HOUSEHOLD)
    Household.objects.select_for_update().get(pk=household)
    members = Membership.objects.filter(household=household, since__isnull=False, until=None)
    grounds = dict(members.values_list("person", "person__ground"))
    leaver, own = grounds.pop(person, None), grounds.get(by.pk, by.ground)
    if leaver is None or (by.pk != person) != (leaver == Ground.CHILD) or own == Ground.CHILD:
        raise Rejected(Refusal.NOT_IN_YOUR_HOUSEHOLD)
    if leaver != Ground.CHILD and grounds and set(grounds.values()) == {Ground.CHILD}:
        raise Rejected(Refusal.CHILDREN_REMAIN)
    members.filter(person=person).update(until=Now())


@transaction.atomic
def form_households(families: Collection[Collection[Person]]) -> list[UUID]:
    """Found households of persons who have agreed elsewhere, adults first; returns their ids.

    For a census or a founding. Raises Rejected IN_A_HOUSEHOLD, NOT_IN_YOUR_HOUSEHOLD where the
    first is a child.
    """
    given = [list(family) for family in families]
    households = _begin([first for first, *_ in given])
    _write_all(
        Membership(
            person=person,
            household_id=household,
            invited_by=first,
            agreed_by=first if person.ground == Ground.CHILD else person,
            since=Now(),
        )
        for household, (first, *rest) in zip(households, given, strict=True)
        for person in rest
    )
    return households


def enter_family(child: Person, parents: Collection[str]) -> None:
    """Keep whose child somebody is; it joins the household of the first parent who has one.

    Part of enrolment, within its transaction. Raises Rejected UNKNOWN_PERSON.
    """
    known = [_on_roll(username) for username in dict.fromkeys(parents)]
    Birth.objects.bulk_create(Birth(person=parent, child=child) for parent in known)
    for parent in known:
        household = _household_of(parent)
        if household and parent.ground != Ground.CHILD == child.ground:
            _write(
                Membership(
                    person=child,
                    household_id=household,
                    invited_by=parent,
                    agreed_by=parent,
                    since=Now(),
                )
            )
            return


def _begin(founders: Collection[Person]) -> list[UUID]:
    households = Household.objects.bulk_create(Household() for _ in founders)
    _write_all(
        Membership(
            person=founder, household=household, invited_by=founder, agreed_by=founder, since=Now()
        )
        for founder, household in zip(founders, households, strict=True)
    )
    return [household.pk for household in households]


def _on_roll(username: str) -> Person:
    name = Person.normalize_username(username)
    found = Person.objects.filter(username=name, left_at=None).first()
    if found is None:
        raise Rejected(Refusal.UNKNOWN_PERSON, username)
    return found


def _household_of(person: Person) -> UUID | None:
    present = Membership.objects.filter(person=person, since__isnull=False, until=None)
    return present.values_list("household", flat=True).first()


def _write(membership: Membership) -> Membership:
    _write_all([membership])
    return membership


def _write_all(memberships: Iterable[Membership]) -> None:
    try:
        with transaction.atomic():
            Membership.objects.bulk_create(memberships, batch_size=2000)
    except IntegrityError as error:
        reason = REFUSED_BY.get(constraint_of(error), Refusal.NOT_IN_YOUR_HOUSEHOLD)
        raise Rejected(reason) from error
