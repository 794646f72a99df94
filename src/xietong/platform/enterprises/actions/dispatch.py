"""The plan is sent to the enterprises at the start of a round, and called in at its end."""

from collections.abc import Sequence
from dataclasses import dataclass
from decimal import Decimal

from django.db import IntegrityError, connection, transaction
from django.db.models.functions import Now

from xietong.platform.base import Rejected, constraint_of

from ..models import Dispatch
from ..rules import Refusal


@dataclass(frozen=True, slots=True)
class TaskDraft:
    """So many runs of a technique, given by its code, and the hours they take in all."""

    technique: str
    runs: Decimal
    hours: Decimal


@transaction.atomic
def open_dispatch(round_number: int, tasks: Sequence[TaskDraft]) -> Dispatch:
    """Send a round's tasks to the enterprises that have the techniques.

    Raises Rejected ROUND_OPEN while another round runs, ROUND_SENT for a round sent before,
    UNKNOWN_TECHNIQUE.
    """
    try:
        dispatch = Dispatch.objects.create(round_number=round_number)
    except IntegrityError as error:
        # A round that is still running violates both: that it runs tells more.
        if constraint_of(error) == "enterprises_dispatch_one_open":
            raise Rejected(Refusal.ROUND_OPEN) from error
        raise Rejected(Refusal.ROUND_SENT, str(round_number)) from error
    with connection.cursor() as cursor:
        cursor.execute(
            """
            INSERT INTO enterprises_task (dispatch_id, technique_id, enterprise_id, runs, hours)
            SELECT %s, technique.code, technique.enterprise_id, given.runs, given.hours
            FROM unnest(%s::text[], %s::numeric[], %s::numeric[]) AS given (code, runs, hours)
            JOIN enterprises_technique AS technique ON technique.code = given.code
            RETURNING technique_id
            """,
            [
                round_number,
                [task.technique for task in tasks],
                [task.runs for task in tasks],
                [task.hours for task in tasks],
            ],
        )
        sent = {technique for (technique,) in cursor.fetchall()}
    if unknown := {task.technique for task in tasks} - sent:
        raise Rejected(Refusal.UNKNOWN_TECHNIQUE, ", ".join(sorted(unknown)))
    return dispatch


@transaction.atomic
def close_dispatch(round_number: int) -> None:
    """Call a round in: reports and hours under way are finished first, later ones are refused.

    Raises Rejected NO_OPEN_ROUND if this round is not open.
    """
    running = Dispatch.objects.filter(round_number=round_number, closed_at=None)
    if not running.update(closed_at=Now()):
        raise Rejected(Refusal.NO_OPEN_ROUND, str(round_number))
