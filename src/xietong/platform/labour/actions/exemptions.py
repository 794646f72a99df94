"""Who is excused from public service: asked for by oneself, decided by another."""

from collections import Counter
from uuid import UUID

from django.db import IntegrityError, transaction
from django.db.models.functions import Now

from xietong.platform.base import Rejected, again_after_conflict
from xietong.platform.people.models import Person
from xietong.platform.people.once import once
from xietong.platform.people.rules import may_enrol

from .. import draw
from ..models import Candidate, Exemption, Place, Rota, Turn
from ..rules.rota import Refusal, refuse_impossible_exemption
from .turns import fill, release


@once
@transaction.atomic
def ask_exemption(
    by: Person,
    *,
    kind: Exemption.Kind,
    reason: str,
    first_round: int,
    last_round: int,
    appeals: UUID | None = None,
    key: UUID | None = None,
) -> Exemption:
    """Ask to be excused from the first to the last of some rounds.

    Args:
        reason: for whoever decides; it is deleted when it is decided.
        appeals: a refusal of one's own, which another then decides anew.

    Raises Rejected NOT_AN_EXEMPTION, NO_APPEAL.
    """
    refuse_impossible_exemption(reason, first_round, last_round)
    try:
        with transaction.atomic():
            return Exemption.objects.create(
                person=by,
                kind=kind,
                reason=reason.strip(),
                first_round=first_round,
                last_round=last_round,
                appeals=appeals,
            )
    except IntegrityError as error:
        raise Rejected(Refusal.NO_APPEAL if appeals else Refusal.NOT_AN_EXEMPTION) from error


@again_after_conflict
@once
@transaction.atomic
def decide_exemption(
    by: Person, *, exemption: UUID, granted: bool, key: UUID | None = None
) -> None:
    """Grant or refuse it. Turns that an excused person holds go to the next in the line.

    Raises Rejected NOT_TO_DECIDE unless `by` is another who holds the duty of enrolment, and has
    not refused what is appealed against; or if it is decided already.
    """
    asked = Exemption.objects.select_for_update().filter(id=exemption, granted=None).first()
    if asked is None or not may_enrol(by):
        raise Rejected(Refusal.NOT_TO_DECIDE)
    try:
        with transaction.atomic():
            Exemption.objects.filter(id=exemption).update(
                granted=granted, decided_by=by, decided_at=Now(), reason=""
            )
    except IntegrityError as error:
        raise Rejected(Refusal.NOT_TO_DECIDE) from error
    if granted:
        _pass_on(asked)


def _pass_on(exemption: Exemption) -> None:
    places = list(
        Place.objects.select_for_update(of=("self",))
        .filter(
            person=exemption.person_id,
            until=None,
            confirmed_by=None,
            turn__rota__in=range(exemption.first_round, exemption.last_round + 1),
        )
        .select_related("turn__rota")
        .order_by("id")
    )
    release(places)
    for place in places:
        _next_in_line(place.turn, place.turn.rota)


def _next_in_line(turn: Turn, rota: Rota) -> None:
    """The place stays open when nobody on the list can take it."""
    line = draw.Drawn.read(rota.drawn or "").line
    asked = next(each for each in line.turns if each.id == turn.code)
    listed = {
        each.pseudonym: each.person
        for each in Candidate.objects.filter(rota=rota).select_related("person")
    }
    has = Counter(
        Place.objects.filter(turn__rota=rota, until=None).values_list("person_id", flat=True)
    )
    waiting = sorted(
        (place, id)
        for id, each in line.candidates.items()
        if each.may_serve(asked) and (place := line.order.get((id, has[listed[id].id] + 1)))
    )
    for _, id in waiting:
        try:
            fill(turn, listed[id], Place.Origin.LOT)
        except Rejected:
            continue
        return
