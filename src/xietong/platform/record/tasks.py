"""The sequencer's job."""

from procrastinate.contrib.django import app


@app.task(name="record.sequence", queueing_lock="record.sequence")
def sequence() -> int:
    """Append the waiting submissions; one job waits at most, however many asked for it."""
    # Here, because the actions defer this very job.
    from . import actions

    return actions.sequence()
