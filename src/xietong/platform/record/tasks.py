"""The sequencer's job."""

from django.db import close_old_connections
from procrastinate.contrib.django import app


@app.task(name="record.sequence", queueing_lock="record.sequence")
def sequence() -> int:
    """Append the waiting submissions; one job waits at most, however many asked for it."""
    # Here, because the actions defer this very job.
    from . import actions

    # A worker lives long: the connection it kept may have died since its last job.
    close_old_connections()
    return actions.sequence()
