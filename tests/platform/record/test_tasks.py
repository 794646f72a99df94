import asyncio
import multiprocessing

import pytest
from django.db import connections, transaction
from procrastinate.contrib.django import app
from procrastinate.contrib.django.django_connector import DjangoConnector

from xietong.platform.record import actions, chain, queries


def work() -> None:
    """A worker, a process of its own as in life, does what is waiting and ends."""
    # A connection must not be shared with a child, who would end it for both.
    connections.close_all()
    worker = multiprocessing.get_context("fork").Process(target=_work)
    worker.start()
    worker.join()
    assert worker.exitcode == 0


def _work() -> None:
    async def until_nothing_waits() -> None:
        with app.replace_connector(DjangoConnector().get_worker_connector()):
            async with app.open_async():
                await app.run_worker_async(wait=False, install_signal_handlers=False)

    asyncio.run(until_nothing_waits())


@pytest.mark.usefixtures("no_jobs")
def test_that_a_worker_numbers_what_was_committed_and_nothing_else() -> None:
    actions.submit("kept", {"n": 1})
    with pytest.raises(RuntimeError), transaction.atomic():
        actions.submit("dropped", {})
        raise RuntimeError
    actions.submit("kept", {"n": 2})
    work()
    entries = [chain.read(line) for line in queries.export()]
    assert [(entry.number, entry.body) for entry in entries] == [(1, '{"n":1}'), (2, '{"n":2}')]
    assert queries.waiting() == 0


@pytest.mark.usefixtures("no_jobs")
def test_that_after_its_work_the_sequencer_is_woken_again() -> None:
    actions.submit("first", {})
    work()
    actions.submit("second", {})
    work()
    assert [entry.kind for entry in queries.entries()] == ["second", "first"]
