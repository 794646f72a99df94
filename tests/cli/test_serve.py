import os
import re
import signal
import socket
import subprocess
import sys
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from pathlib import Path
from urllib.error import HTTPError
from urllib.request import urlopen

import psutil
import psycopg
import pytest

from xietong.platform import embedded

XIETONG = Path(sys.executable).with_name("xietong")
PATIENCE_SECONDS = 60


@pytest.fixture
def home() -> Iterator[Path]:
    with tempfile.TemporaryDirectory() as name:
        folder = Path(name)
        # Root's database runs as another user, who has to reach it.
        folder.chmod(0o755)
        yield folder / "home"


@pytest.fixture
def port() -> int:
    with socket.create_server(("127.0.0.1", 0)) as probe:
        return int(probe.getsockname()[1])


@contextmanager
def serving(home: Path, port: int, **environment: str) -> Iterator[subprocess.Popen[str]]:
    """`xietong serve` with a database of its own, killed at the end if it still runs."""
    ours = {name: value for name, value in os.environ.items() if name != "DATABASE_URL"}
    with subprocess.Popen(
        [XIETONG, "serve", "--home", home, "--port", str(port)],
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
        text=True,
        env={**ours, "LC_ALL": "C.UTF-8", **environment},
    ) as command:
        try:
            yield command
        finally:
            if command.poll() is None:
                command.kill()


def until_it_serves(command: subprocess.Popen[str]) -> str:
    assert command.stdout is not None
    return command.stdout.readline().strip()


def status_at(port: int) -> int:
    try:
        with urlopen(f"http://127.0.0.1:{port}/", timeout=10) as answer:
            return int(answer.status)
    except HTTPError as refused:
        return refused.code


def is_free(port: int) -> bool:
    with socket.socket() as probe:
        probe.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        try:
            probe.bind(("127.0.0.1", port))
        except OSError:
            return False
    return True


def children_named(command: subprocess.Popen[str], module: str) -> list[psutil.Process]:
    return [child for child in psutil.Process(command.pid).children() if module in child.cmdline()]


@pytest.mark.parametrize("ending", [signal.SIGINT, signal.SIGTERM])
def test_that_it_serves_until_it_is_told_to_stop_and_stops_all_it_started(
    home: Path, port: int, ending: signal.Signals
) -> None:
    with serving(home, port) as command:
        assert until_it_serves(command) == (
            f"Xietong is at http://127.0.0.1:{port} (Ctrl-C stops it)."
        )
        assert status_at(port) < 500
        started = psutil.Process(command.pid).children(recursive=True)
        assert {"postgres", "python"} <= {re.sub(r"[\d.]", "", child.name()) for child in started}
        command.send_signal(ending)
        _, errors = command.communicate(timeout=PATIENCE_SECONDS)
        assert (command.returncode, errors) == (0, "")
        assert [child for child in started if child.is_running()] == []
        assert is_free(port)


def test_that_pages_and_jobs_are_done_in_the_role_that_rewrites_nothing(
    home: Path, port: int
) -> None:
    with serving(home, port) as command:
        until_it_serves(command)
        assert status_at(port) < 500
        with psycopg.connect(f"postgresql://xietong@/xietong?host={home}/socket") as owner:
            users = owner.execute(
                "SELECT DISTINCT usename FROM pg_stat_activity"
                " WHERE backend_type = 'client backend' AND pid <> pg_backend_pid()"
            ).fetchall()
    assert users == [("xietong_app",)]


def test_that_an_owner_who_may_not_make_roles_is_told_what_to_do(home: Path, port: int) -> None:
    home.mkdir()
    with embedded.running(home) as url:
        with psycopg.connect(url, autocommit=True) as owner:
            owner.execute("CREATE ROLE modest LOGIN")
            owner.execute("CREATE DATABASE theirs OWNER modest")
        modest = url.replace("xietong@/xietong", "modest@/theirs")
        with serving(home / "keys", port, DATABASE_URL=modest) as command:
            _, errors = command.communicate(timeout=PATIENCE_SECONDS)
    assert command.returncode == 1
    assert "can neither make nor take on the role xietong_app" in " ".join(errors.split())


def test_that_an_owner_who_was_given_the_role_serves_in_it(home: Path, port: int) -> None:
    home.mkdir()
    with embedded.running(home) as url:
        with psycopg.connect(url, autocommit=True) as owner:
            owner.execute("CREATE ROLE modest LOGIN")
            owner.execute("CREATE DATABASE theirs OWNER modest")
            owner.execute("CREATE ROLE xietong_app")
            owner.execute("GRANT xietong_app TO modest")
        modest = url.replace("xietong@/xietong", "modest@/theirs")
        with serving(home / "keys", port, DATABASE_URL=modest) as command:
            assert until_it_serves(command).startswith("Xietong is at")
            assert status_at(port) < 500


def test_that_all_it_started_ends_when_it_is_killed_and_the_next_start_succeeds(
    home: Path, port: int
) -> None:
    with serving(home, port) as killed:
        until_it_serves(killed)
        started = psutil.Process(killed.pid).children(recursive=True)
        killed.kill()
        assert psutil.wait_procs(started, PATIENCE_SECONDS)[1] == []
    key = (home / "secret-key").read_text()
    with serving(home, port) as command:
        until_it_serves(command)
        assert status_at(port) < 500
        # Who was signed in still is.
        assert (home / "secret-key").read_text() == key
        assert (home / "secret-key").stat().st_mode & 0o777 == 0o600


@pytest.mark.long
def test_that_a_start_succeeds_whenever_the_ones_before_it_were_killed(
    home: Path, port: int
) -> None:
    # From before the data folder is made until after the first page.
    for tenths in range(1, 80, 7):
        with serving(home, port) as killed:
            with suppress(subprocess.TimeoutExpired):
                killed.wait(tenths / 10)
            killed.kill()
            killed.communicate()
            assert killed.returncode == -signal.SIGKILL
    with serving(home, port) as command:
        until_it_serves(command)
        assert status_at(port) < 500


def test_that_no_worker_outlives_a_killed_web_server_and_the_command_says_so(
    home: Path, port: int
) -> None:
    with serving(home, port) as command:
        until_it_serves(command)
        (web,) = children_named(command, "xietong.platform.web")
        workers = web.children()
        web.kill()
        _, errors = command.communicate(timeout=PATIENCE_SECONDS)
        assert command.returncode == 1
        assert errors == "The web server stopped by itself with exit code -9.\n"
        assert psutil.wait_procs(workers, PATIENCE_SECONDS)[1] == []


def test_that_a_killed_worker_is_replaced(home: Path, port: int) -> None:
    with serving(home, port) as command:
        until_it_serves(command)
        (web,) = children_named(command, "xietong.platform.web")
        first, second = web.children()
        first.kill()
        first.wait(PATIENCE_SECONDS)
        assert status_at(port) < 500
        assert second.is_running()


@pytest.mark.parametrize(
    ("locale", "told"),
    [
        (
            "C.UTF-8",
            "Xietong cannot be served at 127.0.0.1:{port} (Address already in use); "
            "choose another port with --port.\n",
        ),
        (
            "zh_CN.UTF-8",
            "Xietong cannot be served at 127.0.0.1:{port} (Address already in use); "
            "choose another port with --port.\n"
            "无法在 127.0.0.1:{port} 提供服务（Address already in use）；请用 --port 另选端口。\n",
        ),
    ],
)
def test_that_a_port_in_use_is_named_in_one_sentence_before_anything_is_made(
    home: Path, port: int, locale: str, told: str
) -> None:
    with (
        socket.create_server(("127.0.0.1", port)),
        serving(home, port, LC_ALL=locale) as command,
    ):
        output, errors = command.communicate(timeout=PATIENCE_SECONDS)
    assert (command.returncode, output, errors) == (1, "", told.format(port=port))
    assert not home.exists()


def test_that_a_database_that_does_not_answer_is_one_sentence(home: Path, port: int) -> None:
    with serving(home, port, DATABASE_URL="postgresql://me@127.0.0.1:1/xietong") as command:
        output, errors = command.communicate(timeout=PATIENCE_SECONDS)
    assert (command.returncode, output) == (1, "")
    assert errors.startswith("The PostgreSQL of DATABASE_URL at 127.0.0.1:1 lets nobody in: ")
    assert errors.count("\n") == 1


def test_that_a_folder_in_use_is_one_sentence(home: Path, port: int) -> None:
    with serving(home, port) as first:
        until_it_serves(first)
        with socket.create_server(("127.0.0.1", 0)) as probe:
            other = int(probe.getsockname()[1])
        with serving(home, other) as second:
            _, errors = second.communicate(timeout=PATIENCE_SECONDS)
    assert second.returncode == 1
    assert errors == (
        f"Process {first.pid} already runs Xietong in {home}; stop it first, "
        "or name another folder in XIETONG_HOME.\n"
    )
