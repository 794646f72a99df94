"""What the rooms' tests share: English to begin with, and a crowd that acts at the same moment."""

import multiprocessing
from collections.abc import Callable, Iterator
from importlib import import_module
from multiprocessing.connection import Connection
from multiprocessing.synchronize import Barrier

import pytest
from django.core.cache import cache
from django.db import connection, connections
from django.utils import translation

from xietong.platform.base import Rejected
from xietong.platform.people.models import NeedRule

Act = Callable[[int], object]
Crowd = Callable[[Act], list[object]]
PROCESSES = 8
recognitions = import_module("xietong.platform.people.migrations.0003_recognitions")


@pytest.fixture(autouse=True)
def english() -> Iterator[None]:
    """A request in Chinese leaves its thread in Chinese: the next test begins in English again."""
    with translation.override("en"):
        yield


@pytest.fixture(autouse=True)
def needs_have_rules(request: pytest.FixtureRequest) -> None:
    """What the migrations wrote is there, though a test before may have emptied every table."""
    if "_django_db_helper" in request.fixturenames and (
        request.node.get_closest_marker("django_db")
        or {"db", "transactional_db", "live_server"} & set(request.fixturenames)
    ):
        request.getfixturevalue("_django_db_helper")
        if not NeedRule.objects.exists():
            with connection.cursor() as cursor:
                cursor.execute(recognitions.RULES)


@pytest.fixture
def nothing_cached() -> Iterator[None]:
    """What is kept of a closed round is not another country's, before this one and after it."""
    cache.clear()
    yield
    cache.clear()


@pytest.fixture
def eight_at_once(transactional_db: None) -> Crowd:
    """Runs `act(0)` to `act(7)` in eight processes at once.

    Returns what each returned, or the refusal with which it was turned away.
    """
    # Forked: what the test has prepared is there, and no process has to start Django anew.
    fork = multiprocessing.get_context("fork")

    def run(act: Act) -> list[object]:
        start = fork.Barrier(PROCESSES, timeout=60)
        pipes = [fork.Pipe(duplex=False) for _ in range(PROCESSES)]
        crowd = [
            fork.Process(target=_take_part, args=(act, number, start, answer))
            for number, (_, answer) in enumerate(pipes)
        ]
        for process, (_, answer) in zip(crowd, pipes, strict=True):
            process.start()
            # Held by the child alone, so that one who dies without a word is an error here.
            answer.close()
        answers = [question.recv() for question, _ in pipes]
        for process in crowd:
            process.join()
        return answers

    return run


def _take_part(act: Act, number: int, start: Barrier, answer: Connection) -> None:
    # What was inherited is the parent's: two who speak on one connection end it for both.
    inherited = connections["default"]
    connections["default"] = inherited.copy()
    try:
        connections["default"].ensure_connection()
        start.wait()
        try:
            answer.send(act(number))
        except Rejected as refused:
            answer.send(refused.reason)
        except Exception as trouble:
            answer.send(repr(trouble))
    finally:
        connections.close_all()
