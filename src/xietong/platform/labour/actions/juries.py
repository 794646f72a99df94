"""What the members of an enterprise cannot decide about hours, a jury drawn by lot decides.

On its list stand the members of the other enterprises of the region, or of the country where these
are fewer than its seats. Who they are is fixed by the moment at which the jury is announced on the
public record; the seed is the hash of a later entry, which nobody can know then.
"""

import json
from collections.abc import Collection
from datetime import datetime, timedelta
from fractions import Fraction
from uuid import UUID

from django.db.models import Q
from django.utils import timezone

from xietong.platform.enterprises.models import Enterprise, Membership
from xietong.platform.people.models import Person
from xietong.platform.record.actions import submit
from xietong.platform.record.models import Entry, Parameter

from ..draw import lot
from ..models import CAN_SERVE, Dispute, Juror

# What holds where the parameters `dispute_days` and `dispute_jurors` are not defined.
DAYS_TO_DECIDE = 14
JURORS = 5
# Of the public record, between the announcement and the seed.
ENTRIES_TO_WAIT = 3


def parameter(code: str, otherwise: Fraction) -> Fraction:
    value = Parameter.objects.filter(code=code).values_list("value", flat=True).first()
    return otherwise if value is None else Fraction(value)


def time_to_decide() -> timedelta:
    return timedelta(days=int(parameter("dispute_days", Fraction(DAYS_TO_DECIDE))))


def can_be_drawn(enterprise: Enterprise, parties: Collection[UUID]) -> bool:
    """Whether there is anybody who could sit on a jury."""
    return bool(_able(_listed(enterprise, parties, timezone.now())))


def announce_jury(dispute: Dispute) -> None:
    """Put on record that a jury will be drawn; ballots that members have cast count no more."""
    dispute.ballots.all().delete()
    dispute.jury_at = timezone.now()
    listed = _listed(dispute.enterprise, dispute.parties, dispute.jury_at)
    dispute.jury_announcement = submit(
        "jury-announced",
        {
            "name_en": dispute.enterprise.name_en,
            "name_zh": dispute.enterprise.name_zh,
            "enterprise": dispute.enterprise_id,
            "dispute": str(dispute.id),
            "candidates": len(listed),
            "seats": _seats(),
            "wait": ENTRIES_TO_WAIT,
            "list_sha256": _hash(dispute, listed),
        },
    )
    # Whoever of a jury votes, decides: there is no other body after it.
    dispute.quorum = 1
    dispute.save(update_fields=["jury_at", "jury_announcement", "quorum"])


def draw_jury(dispute: Dispute) -> None:
    """Seat the jury that was announced, as soon as the seed is on record; else do nothing.

    If those on the list are others than were announced, it is announced once more.
    """
    announced = Entry.objects.filter(submission=dispute.jury_announcement_id).first()
    seed = announced and Entry.objects.filter(number=announced.number + ENTRIES_TO_WAIT).first()
    if announced is None or seed is None or dispute.jury_at is None:
        return
    listed = _listed(dispute.enterprise, dispute.parties, dispute.jury_at)
    if json.loads(announced.body)["list_sha256"] != _hash(dispute, listed):
        announce_jury(dispute)
        return
    able = _able(listed)
    drawn = sorted(
        (person for person in listed if person in able),
        key=lambda person: lot(seed.hash, str(dispute.id), str(person)),
    )[: _seats()]
    dispute.jury_seed, dispute.due_at = seed, timezone.now() + time_to_decide()
    dispute.save(update_fields=["jury_seed", "due_at"])
    Juror.objects.bulk_create(Juror(person_id=person, dispute=dispute) for person in drawn)
    submit(
        "jury-drawn",
        {
            "name_en": dispute.enterprise.name_en,
            "name_zh": dispute.enterprise.name_zh,
            "enterprise": dispute.enterprise_id,
            "dispute": str(dispute.id),
            "seed_entry": seed.number,
            "jurors": len(drawn),
        },
    )


def _seats() -> int:
    return max(1, int(parameter("dispute_jurors", Fraction(JURORS))))


def _listed(enterprise: Enterprise, parties: Collection[UUID], at: datetime) -> list[UUID]:
    """Who worked elsewhere at a moment, in order; those of the region first of all."""
    there = Membership.objects.filter(Q(until=None) | Q(until__gt=at), since__lte=at)
    others = there.exclude(enterprise=enterprise).exclude(person__in=parties)
    near = others.filter(enterprise__region=enterprise.region_id)
    found = sorted(set(near.values_list("person_id", flat=True)))
    if len(found) < _seats():
        found = sorted(set(others.values_list("person_id", flat=True)))
    return found


def _able(listed: Collection[UUID]) -> set[UUID]:
    """Those who are still on the roll and neither children, retired, ill nor caring for others."""
    able = Person.objects.filter(id__in=listed, left_at=None, ground__in=CAN_SERVE)
    return set(able.values_list("id", flat=True))


def _hash(dispute: Dispute, listed: Collection[UUID]) -> str:
    """Of the list, under pseudonyms of this dispute."""
    return lot(*sorted(lot(str(dispute.id), str(person)) for person in listed))
