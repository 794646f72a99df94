"""What is written into the public record, and how its parameters change."""

from collections.abc import Mapping
from contextlib import suppress
from decimal import Decimal

from django.db import connection, transaction
from procrastinate.exceptions import AlreadyEnqueued

from xietong.platform.base import Rejected

from . import chain, tasks
from .models import Entry, Parameter, ParameterChange, Submission
from .rules import Refusal, within_bounds

# Any number will do that no other advisory lock of the platform uses.
SEQUENCER = 0x7265636F7264


@transaction.atomic
def submit(kind: str, body: Mapping[str, object]) -> Submission:
    """Hand something to the sequencer, in the caller's transaction.

    `kind` is a short code in one line, `body` as `chain.canonical` takes it. Raises TypeError
    for a body that has no canonical form.
    """
    submission = Submission.objects.create(kind=kind, body=chain.canonical(body))
    transaction.on_commit(_wake_sequencer, robust=True)
    return submission


def _wake_sequencer() -> None:
    # A job that waits has not begun to read: it will find this submission too.
    with suppress(AlreadyEnqueued):
        tasks.sequence.defer()


@transaction.atomic
def sequence() -> int:
    """Append every waiting submission to the chain, in the order of time; returns how many."""
    with connection.cursor() as cursor:
        cursor.execute("SELECT pg_advisory_xact_lock(%s)", [SEQUENCER])
    waiting = Submission.objects.filter(entry=None).order_by("id")
    head = Entry.objects.order_by("-number").first()
    last, previous = (head.number, head.hash) if head else (0, chain.START)
    entries = []
    for number, submission in enumerate(waiting, start=last + 1):
        at, kind, body = submission.at, submission.kind, submission.body
        hash = chain.entry_hash(number, chain.timestamp(at), kind, body, previous)
        entries.append(
            Entry(
                number=number,
                submission=submission,
                at=at,
                kind=kind,
                body=body,
                previous=previous,
                hash=hash,
            )
        )
        previous = hash
    Entry.objects.bulk_create(entries)
    return len(entries)


@transaction.atomic
def define_parameter(
    code: str,
    *,
    name_en: str,
    name_zh: str,
    value: Decimal,
    lowest: Decimal,
    highest: Decimal,
    unit_en: str = "",
    unit_zh: str = "",
    reason: str = "",
) -> Parameter:
    """Define a parameter, or define it anew, with the bounds within which votes may move it.

    `reason` says by what right, in both languages. Raises Rejected OUT_OF_BOUNDS when the value
    lies outside its own bounds.
    """
    if not lowest <= value <= highest:
        raise Rejected(Refusal.OUT_OF_BOUNDS, f"{code}: {lowest} ≤ {value} ≤ {highest}")
    before = Parameter.objects.select_for_update().filter(code=code).first()
    parameter, _ = Parameter.objects.update_or_create(
        code=code,
        defaults={
            "name_en": name_en,
            "name_zh": name_zh,
            "value": value,
            "lowest": lowest,
            "highest": highest,
            "unit_en": unit_en,
            "unit_zh": unit_zh,
        },
    )
    if before is None or before.value != value:
        _record_change(parameter, old=before.value if before else None, reason=reason)
    return parameter


@transaction.atomic
def set_parameter(code: str, *, value: Decimal, reason: str) -> Parameter:
    """Set a parameter within its bounds; `reason` says by what right, in both languages.

    A value that it has already changes and records nothing. Raises Rejected UNKNOWN_PARAMETER,
    OUT_OF_BOUNDS.
    """
    parameter = Parameter.objects.select_for_update().filter(code=code).first()
    if parameter is None:
        raise Rejected(Refusal.UNKNOWN_PARAMETER, code)
    if not within_bounds(parameter, value):
        bounds = f"{code}: {parameter.lowest.normalize():f} – {parameter.highest.normalize():f}"
        raise Rejected(Refusal.OUT_OF_BOUNDS, bounds)
    if parameter.value != value:
        old, parameter.value = parameter.value, value
        parameter.save(update_fields=["value"])
        _record_change(parameter, old=old, reason=reason)
    return parameter


def _record_change(parameter: Parameter, *, old: Decimal | None, reason: str) -> None:
    ParameterChange.objects.create(parameter=parameter, old=old, new=parameter.value, reason=reason)
    submit(
        "parameter",
        {
            "parameter": parameter.code,
            "name_en": parameter.name_en,
            "name_zh": parameter.name_zh,
            "old": old,
            "new": parameter.value,
            "reason": reason,
        },
    )
