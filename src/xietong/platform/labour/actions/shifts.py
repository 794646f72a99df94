"""The week of an enterprise: members plan shifts, take them, and exchange them with each other."""

from uuid import UUID

from django.db import IntegrityError, transaction

from xietong.platform.base import Rejected, again_after_conflict
from xietong.platform.enterprises.models import Membership
from xietong.platform.people.models import Person
from xietong.platform.people.once import once

from ..models import Shift, ShiftPlace, Skill, Swap
from ..models.shifts import DAY, LONGEST
from ..rules import PostRefusal
from .posts import refused


@once
@transaction.atomic
def plan_shift(
    by: Person,
    *,
    weekday: int,
    starts: int,
    minutes: int,
    places: int,
    skill: str | None = None,
    key: UUID | None = None,
) -> Shift:
    """Add a shift to the week of one's enterprise: weekday 1 is Monday, `starts` counts minutes
    from midnight, `places` is how many people of the skill it needs.

    Raises Rejected NOT_A_TEAM_MATE for who has no place, NO_SUCH_TIMES, NO_SUCH_SKILL.
    """
    if not (
        1 <= weekday <= 7 and 0 <= starts < DAY and 1 <= minutes <= LONGEST and 1 <= places <= 32767
    ):
        raise Rejected(PostRefusal.NO_SUCH_TIMES)
    if skill is not None and not Skill.objects.filter(code=skill).exists():
        raise Rejected(PostRefusal.NO_SUCH_SKILL, skill)
    return Shift.objects.create(
        enterprise_id=_enterprise(by),
        skill_id=skill,
        weekday=weekday,
        starts=starts,
        minutes=minutes,
        places=places,
    )


@again_after_conflict
@once
@transaction.atomic
def drop_shift(by: Person, *, shift: UUID, key: UUID | None = None) -> None:
    """Take a shift that nobody has out of the week. Raises Rejected NO_SUCH_SHIFT, SHIFT_TAKEN."""
    found = _own_shift(by, shift)
    if found.taken.exists():
        raise Rejected(PostRefusal.SHIFT_TAKEN)
    found.delete()


@again_after_conflict
@once
@transaction.atomic
def take_shift(by: Person, *, shift: UUID, key: UUID | None = None) -> None:
    """Have a shift from now on; one who has it keeps it.

    Raises Rejected NO_SUCH_SHIFT, SHIFT_FULL, NO_REST, BEYOND_ASSIGNMENT.
    """
    found = _own_shift(by, shift)
    if not ShiftPlace.objects.filter(person=by, shift=found).exists():
        _put(by.pk, found.id)


@once
@transaction.atomic
def leave_shift(by: Person, *, shift: UUID, key: UUID | None = None) -> None:
    """Give a shift back to the team. Raises Rejected NO_SUCH_SHIFT if one does not have it."""
    if not ShiftPlace.objects.filter(person=by, shift=shift).delete()[0]:
        raise Rejected(PostRefusal.NO_SUCH_SHIFT)
    Swap.objects.filter(person=by, gives=shift).delete()
    Swap.objects.filter(other=by, takes=shift).delete()


@again_after_conflict
@once
@transaction.atomic
def ask_swap(
    by: Person, *, gives: UUID, other: UUID, takes: UUID | None = None, key: UUID | None = None
) -> Swap:
    """Ask a team-mate to take over one's shift, in return for one of theirs or for none.

    Asked again of another, the first is no longer asked. Raises Rejected NOT_A_TEAM_MATE,
    NO_SUCH_SHIFT if one of the two does not have what would be exchanged.
    """
    enterprise = _enterprise(by)
    mate = Membership.objects.filter(person=other, enterprise=enterprise, until=None)
    if other == by.pk or not mate.exists():
        raise Rejected(PostRefusal.NOT_A_TEAM_MATE)
    if not _have(by.pk, gives) or (takes is not None and not _have(other, takes)):
        raise Rejected(PostRefusal.NO_SUCH_SHIFT)
    Swap.objects.filter(person=by, gives=gives).delete()
    return Swap.objects.create(person=by, gives_id=gives, other_id=other, takes_id=takes)


@once
@transaction.atomic
def withdraw_swap(by: Person, *, swap: UUID, key: UUID | None = None) -> None:
    """Ask no longer. Raises Rejected NO_SUCH_SWAP."""
    if not Swap.objects.filter(person=by, id=swap).delete()[0]:
        raise Rejected(PostRefusal.NO_SUCH_SWAP)


@again_after_conflict
@once
@transaction.atomic
def answer_swap(by: Person, *, swap: UUID, agree: bool, key: UUID | None = None) -> None:
    """Agree to an exchange that one was asked for, or not; agreed, it holds from now on.

    Raises Rejected NO_SUCH_SWAP, also if one of the two has given up what they would exchange,
    NO_REST, BEYOND_ASSIGNMENT. Then nothing is exchanged.
    """
    asked = Swap.objects.select_for_update().filter(other=by, id=swap).first()
    if asked is None:
        raise Rejected(PostRefusal.NO_SUCH_SWAP)
    Swap.objects.filter(id=swap).delete()
    if not agree:
        return
    # The places in one order, so that two who exchange crosswise never block each other.
    persons = sorted((asked.person_id, asked.other_id))
    list(
        Membership.objects.select_for_update(no_key=True)
        .filter(person__in=persons, until=None)
        .order_by("person_id")
    )
    shifts = [shift for shift in (asked.gives_id, asked.takes_id) if shift is not None]
    list(Shift.objects.select_for_update(no_key=True).filter(id__in=shifts).order_by("id"))
    given = [(asked.person_id, asked.gives_id, asked.other_id)]
    if asked.takes_id is not None:
        given.append((asked.other_id, asked.takes_id, asked.person_id))
    for had, shift, _ in given:
        if not ShiftPlace.objects.filter(person=had, shift=shift).delete()[0]:
            raise Rejected(PostRefusal.NO_SUCH_SWAP)
    for _, shift, gets in given:
        if ShiftPlace.objects.filter(person=gets, shift=shift).exists():
            raise Rejected(PostRefusal.NO_SUCH_SWAP)
        _put(gets, shift)


def _put(person: UUID, shift: UUID) -> None:
    try:
        with transaction.atomic():
            ShiftPlace.objects.create(person_id=person, shift_id=shift)
    except IntegrityError as error:
        raise refused(error) from error


def _enterprise(by: Person) -> str:
    place = Membership.objects.filter(person=by, until=None).first()
    if place is None:
        raise Rejected(PostRefusal.NOT_A_TEAM_MATE)
    return place.enterprise_id


def _own_shift(by: Person, shift: UUID) -> Shift:
    # The place before the shift, as the database's own law locks them.
    list(Membership.objects.select_for_update(no_key=True).filter(person=by, until=None))
    found = (
        Shift.objects.select_for_update(no_key=True)
        .filter(id=shift, enterprise=_enterprise(by))
        .first()
    )
    if found is None:
        raise Rejected(PostRefusal.NO_SUCH_SHIFT)
    return found


def _have(person: UUID, shift: UUID) -> bool:
    return ShiftPlace.objects.filter(person=person, shift=shift).exists()
