"""The small country behind a live server, its worker at work, and people who come to it."""

import os
import subprocess
import sys
from collections.abc import Callable, Iterator
from typing import Literal
from urllib.parse import quote, urlencode

import pytest
from django.contrib.auth.hashers import make_password
from django.core.cache import cache
from django.db import connection
from playwright.sync_api import Browser
from pytest_django.live_server_helper import LiveServer
from tests.browser.walker import CHINESE, ENGLISH, PASSWORD, Walker

from xietong.platform.people.models import Person

Visit = Callable[[], Walker]
SECONDS_TO_END = 20
# Colours do not depend on the language: both are seen with half the visits.
SCHEMES: dict[str, Literal["light", "dark"]] = {ENGLISH: "light", CHINESE: "dark"}


@pytest.fixture(params=[ENGLISH, CHINESE])
def language(request: pytest.FixtureRequest) -> str:
    chosen: str = request.param
    return chosen


@pytest.fixture
def visit(browser: Browser, live_server: LiveServer, language: str) -> Iterator[Visit]:
    """Opens the door to one more person. None of their pages may complain or ask elsewhere."""
    came: list[Walker] = []

    def come() -> Walker:
        context = browser.new_context(locale=language, color_scheme=SCHEMES[language])
        context.set_default_timeout(20_000)
        came.append(Walker(context.new_page(), live_server.url, language))
        return came[-1]

    yield come
    for walker in came:
        walker.page.context.close()
    assert [trouble for walker in came for trouble in walker.troubles] == []


@pytest.fixture
def nothing_waits(transactional_db: None) -> Iterator[None]:
    """No job, and no figure of a closed round, passes from one test's country to another's."""
    _clear()
    yield
    _clear()


def _clear() -> None:
    cache.clear()
    with connection.cursor() as cursor:
        # Procrastinate's tables are not Django's to empty.
        cursor.execute("TRUNCATE procrastinate_jobs CASCADE")


@pytest.fixture
def worker(nothing_waits: None) -> Iterator[None]:
    """The worker of the jobs, a process of its own as in life."""
    process = subprocess.Popen(
        [sys.executable, "-m", "xietong.platform.jobs"],
        env={**os.environ, "DATABASE_URL": _address_of_the_database()},
    )
    yield
    process.terminate()
    assert process.wait(SECONDS_TO_END) == 0


def may_sign_in() -> None:
    """Everyone on the roll gets the password with which walkers sign in."""
    Person.objects.update(password=make_password(PASSWORD))


def _address_of_the_database() -> str:
    known = connection.settings_dict
    place = urlencode({"host": known["HOST"], "port": known["PORT"]})
    user = f"{quote(known['USER'])}:{quote(known['PASSWORD'])}"
    return f"postgresql://{user}@/{quote(known['NAME'])}?{place}"
