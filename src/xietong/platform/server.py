"""The platform as processes: its database, its web server, the worker that does its jobs."""

import os
import socket
import subprocess
import sys
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from http.client import HTTPConnection, HTTPException
from pathlib import Path

import psycopg

from xietong.platform import database, processes
from xietong.platform.home import secret_key
from xietong.platform.trouble import CannotStart

SECONDS_BETWEEN_LOOKS = 0.1


def check_address(host: str, port: int) -> None:
    """Raises CannotStart unless the platform can be served at this address now."""
    try:
        family, _, _, _, address = socket.getaddrinfo(host, port, type=socket.SOCK_STREAM)[0]
        with socket.socket(family, socket.SOCK_STREAM) as probe:
            # As the web server does: a port whose last connections are still closing is free.
            probe.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
            probe.bind(address)
    except OSError as error:
        raise CannotStart(
            f"Xietong cannot be served at {host}:{port} ({error.strerror}); "
            "choose another port with --port.",
            f"无法在 {host}:{port} 提供服务（{error.strerror}）；请用 --port 另选端口。",
        ) from error


@contextmanager
def running(home: Path, *, fresh: bool = False) -> Iterator[None]:
    """The platform ready for use inside the `with` block: Django set up, its tables migrated.

    The owner of the tables migrates them; what follows is done in the application's own role.
    `home`: folder of the data; `fresh`: whether to empty the database first. Once a process, since
    Django reads its settings once. Raises CannotStart.
    """
    home = home.absolute()
    key = secret_key(home)
    with database.running(home) as url:
        if fresh:
            _empty(url)
        applications_url = database.for_application(url)
        os.environ["DATABASE_URL"] = url
        os.environ["XIETONG_HOME"] = str(home)
        os.environ.setdefault("XIETONG_SECRET_KEY", key)
        os.environ["DJANGO_SETTINGS_MODULE"] = "xietong.platform.settings"

        import django
        from django.core.management import call_command
        from django.db import connections

        django.setup()
        try:
            call_command("migrate", verbosity=0, interactive=False)
            _leave_ownership(applications_url)
            yield
        finally:
            connections.close_all()


def _leave_ownership(url: str) -> None:
    """Connects anew, here and in every process started from here, in the application's role."""
    from django.db import DatabaseError, connection, connections

    from xietong.platform import privileges, settings

    try:
        privileges.grant()
        connections.close_all()
        os.environ["DATABASE_URL"] = url
        connections.settings["default"].update(settings.database(url))
        connection.ensure_connection()
    except DatabaseError as error:
        role = database.APPLICATION
        raise CannotStart(
            f"The user of DATABASE_URL can neither make nor take on the role {role}; as an "
            f"administrator of that PostgreSQL, CREATE ROLE {role} and GRANT {role} to that user.",
            f"DATABASE_URL 中的用户既不能创建也不能使用角色 {role}；"
            f"请以该 PostgreSQL 管理员的身份 CREATE ROLE {role}，并把 {role} GRANT 给该用户。",
        ) from error


@contextmanager
def in_haste() -> Iterator[None]:
    """Inside the `with` block commits do not wait for the disk; call it inside `running`.

    For what can be made again: a power cut may take the last moment away, never leave a half of it.
    """
    from django.db import connections
    from django.db.backends.base.base import BaseDatabaseWrapper
    from django.db.backends.signals import connection_created

    def hurry(connection: BaseDatabaseWrapper, **_: object) -> None:
        with connection.cursor() as cursor:
            cursor.execute("SET synchronous_commit TO off")

    connections.close_all()
    connection_created.connect(hurry, weak=False)
    try:
        yield
    finally:
        connection_created.disconnect(hurry)
        connections.close_all()


def _empty(url: str) -> None:
    with psycopg.connect(url, autocommit=True) as connection:
        connection.execute("DROP SCHEMA public CASCADE")
        connection.execute("CREATE SCHEMA public")


def serve(host: str, port: int, announce: Callable[[str], None]) -> None:
    """Serves pages and does jobs until Ctrl-C or SIGTERM; call it inside `running`.

    `announce` gets the address once it answers. Raises CannotStart if a part stops by itself.
    """
    with (
        processes.running([sys.executable, "-m", "xietong.platform.web", host, str(port)]) as web,
        processes.running([sys.executable, "-m", "xietong.platform.jobs"]) as worker,
    ):
        try:
            while not _answers(host, port):
                _look(web, worker)
            announce(f"http://{f'[{host}]' if ':' in host else host}:{port}")
            while True:
                _look(web, worker)
        except KeyboardInterrupt:
            return


def _answers(host: str, port: int) -> bool:
    connection = HTTPConnection(host, port, timeout=5)
    try:
        connection.request("HEAD", "/")
        status = connection.getresponse().status
    except (OSError, HTTPException):
        return False
    finally:
        connection.close()
    if status >= 500:
        raise CannotStart(
            f"The platform answers with error {status}; what it said of it stands above.",
            f"平台返回错误 {status}；原因见上方输出。",
        )
    return True


def _look(web: subprocess.Popen[bytes], worker: subprocess.Popen[bytes]) -> None:
    time.sleep(SECONDS_BETWEEN_LOOKS)
    for process, english, chinese in (
        (web, "web server", "网页服务器"),
        (worker, "worker of the jobs", "后台任务进程"),
    ):
        if process.poll() is not None:
            raise CannotStart(
                f"The {english} stopped by itself with exit code {process.returncode}.",
                f"{chinese}自行停止，退出码 {process.returncode}。",
            )
