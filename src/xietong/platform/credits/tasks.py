"""What happens to hours and credits by the hour."""

from django.db import close_old_connections
from procrastinate.contrib.django import app


@app.periodic(cron="7 * * * *")
@app.task(name="credits.decide_due_disputes", queueing_lock="credits.decide_due_disputes")
def decide_due_disputes(timestamp: int) -> int:
    """Disputes about hours whose time is up are decided, if enough members have voted."""
    from . import actions

    close_old_connections()
    return actions.decide_due_disputes()
