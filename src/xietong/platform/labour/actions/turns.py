"""What people do with their turns: hand them on, exchange them, come forward, confirm."""

from collections.abc import Sequence
from uuid import UUID

from django.db import IntegrityError, transaction
from django.db.models.functions import Now

from xietong.platform.base import Rejected, again_after_conflict
from xietong.platform.enterprises.models import Membership
from xietong.platform.people.models import Person
from xietong.platform.people.once import once

from ..models import Exchange, Place, Turn
from ..rules.rota import Refusal, refusal_of


@once
@transaction.atomic
def offer_turn(by: Person, *, place: UUID, key: UUID | None = None) -> None:
    """Offer one's turn to whoever will take it. Raises Rejected NOT_YOUR_TURN."""
    _mine(by, place)
    Place.objects.filter(id=place).update(offered_at=Now())


@once
@transaction.atomic
def withdraw_offer(by: Person, *, place: UUID, key: UUID | None = None) -> None:
    """Keep a turn that one has offered. Raises Rejected NOT_YOUR_TURN once it is taken."""
    _mine(by, place)
    Place.objects.filter(id=place).update(offered_at=None)


@again_after_conflict
@once
@transaction.atomic
def take_turn(by: Person, *, place: UUID, key: UUID | None = None) -> Place:
    """Take over a turn on offer; returns one's own place on it.

    Raises Rejected NOT_OFFERED, NOT_OPEN_TO_YOU, CANNOT_SERVE, NO_REST, ON_IT.
    """
    offered = next(iter(_locked([place])), None)
    if offered is None or offered.offered_at is None:
        raise Rejected(Refusal.NOT_OFFERED)
    _refuse_stranger(by, offered.turn)
    _end([offered], Place.End.HANDED)
    return _give(by, offered, Place.Origin.TAKEN)


@again_after_conflict
@once
@transaction.atomic
def volunteer(by: Person, *, turn: str, key: UUID | None = None) -> Place:
    """Come forward for an open place; returns it.

    Raises Rejected NO_PLACE, NOT_OPEN_TO_YOU, CANNOT_SERVE, NO_REST, ON_IT.
    """
    found = Turn.objects.filter(code=turn, rota__drawn__isnull=False).first()
    if found is None:
        raise Rejected(Refusal.NO_PLACE, turn)
    _refuse_stranger(by, found)
    return fill(found, by, Place.Origin.FREE)


def fill(turn: Turn, person: Person, origin: Place.Origin) -> Place:
    """Put a person on the lowest open place of a turn, in the caller's transaction.

    Raises Rejected NO_PLACE, CANNOT_SERVE, NO_REST, ON_IT.
    """
    held = set(turn.places.filter(until=None).values_list("number", flat=True))
    number = min(set(range(1, turn.people + 1)) - held, default=None)
    if number is None:
        raise Rejected(Refusal.NO_PLACE, turn.code)
    return _place(Place(person=person, turn=turn, number=number, origin=origin))


@once
@transaction.atomic
def propose_exchange(by: Person, *, given: UUID, wanted: UUID, key: UUID | None = None) -> Exchange:
    """Propose to somebody to serve each other's turns. Nothing moves until they agree.

    Args:
        given: one's own place.
        wanted: the other's.

    Raises Rejected NOT_YOUR_TURN, NOT_OFFERED if the other's place is no longer held or one's
    own, NOT_OPEN_TO_YOU, PROPOSED.
    """
    _mine(by, given)
    other = next(iter(_locked([wanted])), None)
    if other is None or other.person_id == by.id:
        raise Rejected(Refusal.NOT_OFFERED)
    _refuse_stranger(by, other.turn)
    try:
        with transaction.atomic():
            return Exchange.objects.create(
                proposed_by=by, proposed_to_id=other.person_id, given=given, wanted=wanted
            )
    except IntegrityError as error:
        raise Rejected(Refusal.PROPOSED) from error


@again_after_conflict
@once
@transaction.atomic
def agree_exchange(by: Person, *, exchange: UUID, key: UUID | None = None) -> None:
    """Agree to an exchange: both turns change hands at once.

    Raises Rejected NO_SUCH_EXCHANGE, NOT_YOUR_TURN if one of the two is no longer whose it was,
    NOT_OPEN_TO_YOU, CANNOT_SERVE, NO_REST, ON_IT. Then nothing has changed.
    """
    found = _answered(by, exchange, agreed=True)
    places = {place.id: place for place in _locked([found.given, found.wanted])}
    given, wanted = places.get(found.given), places.get(found.wanted)
    if given is None or wanted is None or wanted.person_id != by.id:
        raise Rejected(Refusal.NOT_YOUR_TURN)
    _refuse_stranger(by, given.turn)
    _refuse_stranger(found.proposed_by, wanted.turn)
    _end([given, wanted], Place.End.HANDED)
    for person, place in sorted(
        ((by, given), (found.proposed_by, wanted)), key=lambda pair: pair[0].id
    ):
        _give(person, place, Place.Origin.EXCHANGE)


@once
@transaction.atomic
def decline_exchange(by: Person, *, exchange: UUID, key: UUID | None = None) -> None:
    """Decline an exchange. Raises Rejected NO_SUCH_EXCHANGE."""
    _answered(by, exchange, agreed=False)


@again_after_conflict
@once
@transaction.atomic
def confirm_turn(by: Person, *, place: UUID, key: UUID | None = None) -> None:
    """Confirm that another served a turn, which stays so; one confirmed already stays.

    Raises Rejected NOT_THERE unless one holds a place on the same turn (or, where nobody else
    does, the planning duty), ROUND_OVER unless its round is running, NO_PLACE if it is not held.
    """
    found = next(iter(_locked([place], served=True)), None)
    if found is None:
        raise Rejected(Refusal.NO_PLACE)
    if found.confirmed_by_id is not None:
        return
    try:
        with transaction.atomic():
            Place.objects.filter(id=place).update(
                confirmed_by=by, confirmed_at=Now(), offered_at=None
            )
    except IntegrityError as error:
        raise refusal_of(error) from error


def release(places: Sequence[Place]) -> None:
    """Free people who are excused from their turns, in the caller's transaction."""
    _end(places, Place.End.EXCUSED)


def _locked(places: Sequence[UUID], *, served: bool = False) -> list[Place]:
    """Those of the places that are held, and not yet served unless `served`; in order of id."""
    held = Place.objects.select_for_update(of=("self",)).filter(id__in=places, until=None)
    if not served:
        held = held.filter(confirmed_by=None)
    return list(held.select_related("turn").order_by("id"))


def _mine(by: Person, place: UUID) -> Place:
    found = next(iter(_locked([place])), None)
    if found is None or found.person_id != by.id:
        raise Rejected(Refusal.NOT_YOUR_TURN)
    return found


def _answered(by: Person, exchange: UUID, *, agreed: bool) -> Exchange:
    waiting = Exchange.objects.select_for_update(of=("self",)).filter(
        id=exchange, proposed_to=by, agreed=None
    )
    found = waiting.select_related("proposed_by").first()
    if found is None:
        raise Rejected(Refusal.NO_SUCH_EXCHANGE)
    Exchange.objects.filter(id=exchange).update(agreed=agreed, answered_at=Now())
    return found


def _refuse_stranger(person: Person, turn: Turn) -> None:
    if turn.region_id is None and turn.enterprise_id is None:
        return
    work = Membership.objects.filter(person=person, until=None)
    if turn.region_id is not None:
        work = work.filter(enterprise__region=turn.region_id)
    if turn.enterprise_id is not None:
        work = work.filter(enterprise=turn.enterprise_id)
    if not work.exists():
        raise Rejected(Refusal.NOT_OPEN_TO_YOU)


def _end(places: Sequence[Place], end: Place.End) -> None:
    Place.objects.filter(id__in=[place.id for place in places]).update(
        ended=end, until=Now(), offered_at=None
    )


def _give(person: Person, place: Place, origin: Place.Origin) -> Place:
    return _place(
        Place(
            person=person,
            turn=place.turn,
            number=place.number,
            origin=origin,
            follows=place.id,
        )
    )


def _place(place: Place) -> Place:
    try:
        with transaction.atomic():
            place.save(force_insert=True)
    except IntegrityError as error:
        raise refusal_of(error) from error
    return place
