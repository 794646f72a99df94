"""A rota is drawn when its seed is on record: at once, or by the worker beside the server."""

from collections import Counter
from contextlib import suppress
from uuid import UUID

from django.db import IntegrityError, transaction
from django.db.models.functions import Now
from procrastinate.exceptions import AlreadyEnqueued

from xietong.platform.base import Rejected, again_after_conflict, constraint_of
from xietong.platform.people.models import Person
from xietong.platform.people.once import once
from xietong.platform.record.actions import submit
from xietong.platform.record.models import Entry

from .. import draw, solve, tasks
from ..models import Place, Rota
from ..rules.rota import Refusal
from .rota import able_to_serve


@again_after_conflict
@once
@transaction.atomic
def ask_draw(by: Person, *, round_number: int, key: UUID | None = None) -> Rota:
    """Have an announced rota drawn by the worker; anyone may ask, as soon as its seed is there.

    A drawn one stays as it is. Raises Rejected NOT_ANNOUNCED, NO_SEED_YET.
    """
    rota = _announced(round_number, held=True)
    if rota.drawn is not None:
        return rota
    _seed(rota)
    rota.draw_asked_at, rota.trouble = Now(), ""
    rota.save(update_fields=["draw_asked_at", "trouble"])
    with suppress(AlreadyEnqueued), transaction.atomic():
        tasks.draw.configure(queueing_lock=f"labour.draw.{round_number}").defer(
            round_number=round_number
        )
    rota.refresh_from_db()
    return rota


@again_after_conflict
@once
@transaction.atomic
def draw_rota(by: Person, *, round_number: int, key: UUID | None = None) -> Rota:
    """Draw an announced rota at once, which anyone may do as soon as its seed is on record.

    With a scarce skill it takes some twenty seconds: a page asks for it by `ask_draw`. A drawn one
    stays as it is. Raises Rejected NOT_ANNOUNCED, NO_SEED_YET.
    """
    rota = _announced(round_number, held=True)
    return rota if rota.drawn is not None else _write(rota, _draw(rota))


def draw_asked(round_number: int) -> Rota:
    """Draw a rota as `ask_draw` asked for; while it is computed, nobody waits for it.

    What went wrong is kept in the rota's ``trouble`` and raised: Rejected as by `draw_rota`, or
    what the solver or the database said.
    """
    try:
        rota = _announced(round_number)
        while rota.drawn is None:
            rota = _keep(rota, _draw(rota))
    except Exception as error:
        reason = error.reason if isinstance(error, Rejected) else Refusal.BROKE_OFF
        Rota.objects.filter(round_number=round_number, drawn=None).update(trouble=reason.value)
        raise
    return rota


@again_after_conflict
def _keep(rota: Rota, drawn: draw.Drawn) -> Rota:
    """The rota with this draw, or with another; or undrawn, if fewer can serve than it assumed."""
    try:
        with transaction.atomic():
            now = _announced(rota.round_number, held=True)
            if now.drawn is None and _away(now) == drawn.away:
                return _write(now, drawn)
            return now
    except IntegrityError as error:
        if constraint_of(error) != "labour_place_can_serve":
            raise
        return rota


def _announced(round_number: int, *, held: bool = False) -> Rota:
    """A rota, locked until the transaction ends if it is to be `held`."""
    rotas = Rota.objects.select_for_update() if held else Rota.objects.all()
    rota = rotas.filter(round_number=round_number).first()
    if rota is None:
        raise Rejected(Refusal.NOT_ANNOUNCED, str(round_number))
    return rota


def _seed(rota: Rota) -> Entry:
    announced = Entry.objects.filter(submission=rota.announcement_id).first()
    seed = announced and Entry.objects.filter(number=announced.number + rota.wait).first()
    if seed is None:
        raise Rejected(Refusal.NO_SEED_YET, str(rota.round_number))
    return seed


def _away(rota: Rota) -> frozenset[str]:
    """Those on the list who can no longer serve."""
    able = set(able_to_serve(rota.round_number))
    listed = rota.candidates.values_list("pseudonym", "person_id")
    return frozenset(name for name, person in listed if person not in able)


def _draw(rota: Rota) -> draw.Drawn:
    seed = _seed(rota)
    return solve.draw(
        draw.Roll.read(rota.roll), seed_entry=seed.number, entry_hash=seed.hash, away=_away(rota)
    )


def _write(rota: Rota, drawn: draw.Drawn) -> Rota:
    rota.drawn, rota.seed_entry_id, rota.drawn_at = drawn.text(), drawn.seed_entry, Now()
    rota.trouble = ""
    rota.save(update_fields=["drawn", "seed_entry", "drawn_at", "trouble"])
    listed = dict(rota.candidates.values_list("pseudonym", "person_id"))
    numbers: Counter[str] = Counter()
    places = []
    for turn, name in drawn.places:
        numbers[turn] += 1
        places.append(
            Place(
                person_id=listed[name],
                turn_id=turn,
                number=numbers[turn],
                origin=Place.Origin.LOT,
            )
        )
    Place.objects.bulk_create(places)
    submit(
        "rota-drawn",
        {
            "round": rota.round_number,
            "seed_entry": drawn.seed_entry,
            "seed": drawn.line.seed,
            "places": len(places),
            "open_places": drawn.measures.open_places,
            "unmet": drawn.measures.unmet,
            "rota_sha256": draw.lot(rota.drawn),
        },
    )
    rota.refresh_from_db()
    return rota
