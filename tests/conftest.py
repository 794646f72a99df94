"""What all tests share: a real PostgreSQL, and Debian's Chromium for the pages."""

import os
import shutil
import subprocess
import tempfile
from collections.abc import Iterator
from contextlib import ExitStack
from pathlib import Path
from typing import Any

import pytest
import pytest_django
from django.db import connection, connections
from playwright._impl._driver import compute_driver_executable

from xietong.platform import database, embedded
from xietong.platform.settings import database as entry
from xietong.platform.trouble import CannotStart

# Nothing in a test's cluster has to outlive a power cut.
HASTE = {"fsync": "off", "synchronous_commit": "off", "full_page_writes": "off"}
CHROMIUM = shutil.which("chromium")
NO_BROWSER = "Chromium is missing: as root, apt-get install chromium fonts-noto-cjk libatomic1"

_until_the_end = ExitStack()


def pytest_configure(config: pytest.Config) -> None:
    """One cluster for the whole session: the workers of xdist find it in their environment."""
    if hasattr(config, "workerinput") or config.option.collectonly:
        return
    if url := os.environ.get("DATABASE_URL"):
        try:
            database.check(url)
        except CannotStart as trouble:
            raise pytest.UsageError(trouble.english) from trouble
        return
    home = Path(_until_the_end.enter_context(tempfile.TemporaryDirectory(prefix="xietong-tests-")))
    # Root's server runs as another user, who has to reach it.
    home.chmod(0o755)
    os.environ["DATABASE_URL"] = _until_the_end.enter_context(embedded.running(home, HASTE))
    # pytest-django has read the settings before this file.
    connections.settings["default"].update(entry(os.environ["DATABASE_URL"]))


def pytest_unconfigure() -> None:
    _until_the_end.close()


def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    seen = [item for item in items if item.get_closest_marker("browser")]
    if seen and not can_browse():
        if os.environ.get("XIETONG_REQUIRE_BROWSER") == "1":
            raise pytest.UsageError(NO_BROWSER)
        for item in seen:
            item.add_marker(pytest.mark.skip(reason=NO_BROWSER))


def can_browse() -> bool:
    """Whether Chromium is there, and the driver that steers it finds what it needs."""
    driver = [compute_driver_executable()[0], "--version"]
    return CHROMIUM is not None and subprocess.run(driver, capture_output=True).returncode == 0


def pytest_terminal_summary(terminalreporter: pytest.TerminalReporter) -> None:
    skipped = terminalreporter.getreports("skipped")
    unseen = sum(NO_BROWSER in str(report.longrepr) for report in skipped)
    if unseen:
        terminalreporter.section("THE PAGES WERE NOT TESTED", sep="!", red=True, bold=True)
        terminalreporter.line(f"{unseen} browser tests were skipped. {NO_BROWSER}")


@pytest.fixture(scope="session")
def django_db_setup(
    django_db_setup: None, django_db_blocker: pytest_django.DjangoDbBlocker
) -> Iterator[None]:
    yield
    # Playwright's loop has given Django connections of its own, which hinder dropping the database.
    with django_db_blocker.unblock(), connection.cursor() as cursor:
        cursor.execute(
            "SELECT pg_terminate_backend(pid) FROM pg_stat_activity"
            " WHERE datname = current_database() AND pid <> pg_backend_pid()"
        )


@pytest.fixture(scope="session")
def browser_type_launch_args(browser_type_launch_args: dict[str, Any]) -> dict[str, Any]:
    # Playwright's loop lives in the thread of the tests. Django would then refuse to query, and
    # forget the connection it has: a child forked later would find it again and share it.
    connections.close_all()
    os.environ["DJANGO_ALLOW_ASYNC_UNSAFE"] = "true"
    return {**browser_type_launch_args, "executable_path": CHROMIUM}
