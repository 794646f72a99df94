"""Work too long for a page: done by the worker beside the server."""

from procrastinate.contrib.django import app

from .models import Round


@app.task(name="rounds.draft")
def draft(number: int) -> None:
    """Draft the scenarios of a round, unless that has been done already."""
    from . import actions

    if Round.objects.filter(number=number, state=Round.State.DRAFTING).exists():
        actions.draft(number)
