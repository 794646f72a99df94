"""The matching, the draw of a rota and juries, by the worker beside the server."""

from contextlib import suppress

from django.db import close_old_connections, transaction
from procrastinate.contrib.django import app
from procrastinate.exceptions import AlreadyEnqueued


@app.task(name="labour.match", queueing_lock="labour.match")
def match() -> None:
    """Offer work to those who wait; one job waits at most, however many asked for it."""
    # Here, because the actions defer this very job.
    from . import actions

    close_old_connections()
    actions.match_applications()


@app.periodic(cron="41 3 * * *")
@app.task(name="labour.match_daily", queueing_lock="labour.match_daily")
def match_daily(timestamp: int) -> None:
    """Whoever waited in vain, as no work was needed or no round ran, is asked about every day."""
    from . import actions

    close_old_connections()
    actions.match_applications()


def match_soon(*, hours: int = 0) -> None:
    """Have it done after so many hours, once what is being written is there to be read."""

    def wake() -> None:
        with suppress(AlreadyEnqueued):
            match.configure(schedule_in={"hours": hours}).defer()

    transaction.on_commit(wake, robust=True)


@app.task(name="labour.draw")
def draw(round_number: int) -> None:
    """Draw the rota of a round, unless that has been done already."""
    from . import actions

    close_old_connections()
    actions.draw_asked(round_number)


@app.periodic(cron="17 * * * *")
@app.task(name="labour.attend_disputes", queueing_lock="labour.attend_disputes")
def attend_disputes(timestamp: int) -> int:
    """Juries are drawn as their seeds come; disputes that nobody could carry out are closed."""
    from . import actions

    close_old_connections()
    return actions.attend_disputes()
