"""Work too long for a page: done by the worker beside the server."""

from uuid import UUID

from django.db import close_old_connections
from procrastinate.contrib.django import app

from .models import Round


@app.task(name="rounds.draft")
def draft(number: int) -> None:
    """Draft the scenarios of a round, unless that has been done already."""
    from . import actions

    # A worker lives long: a connection that the server ended must not fail every draft after.
    close_old_connections()
    if Round.objects.filter(number=number, state=Round.State.DRAFTING).exists():
        actions.draft(number)


@app.task(name="rounds.read_dial")
def read_dial(reading: str) -> None:
    """Work out a question put to the dial, unless that has been done already."""
    from .dial import actions

    close_old_connections()
    actions.answer(UUID(reading))
