"""Copies of the embedded database, and the way back to what it was at a point in time.

A folder of backups holds whole copies (`whole-<time>`): in `data` what there was, in `changes`
PostgreSQL's log of what was written since. The server keeps the log from one backup to the next.
"""

import subprocess
import time
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import UTC, datetime
from hashlib import sha256
from pathlib import Path

import psycopg

from xietong.platform import embedded
from xietong.platform.home import cannot_use
from xietong.platform.trouble import CannotStart

# By a name like this the server remembers what a folder of backups has yet to be given.
SLOT = "xietong_backup_"
FORMAT = "whole-%Y%m%dT%H%M%SZ"
TOO_SHORT = "recovery ended before configured recovery target was reached"
SECONDS_BETWEEN_LOOKS = 0.05


def back_up(home: Path, folder: Path) -> tuple[datetime, datetime]:
    """Bring the backups in `folder` up to now, and return from when to when they reach.

    The first time the whole database is copied, later what was written since. The platform may be
    in use meanwhile. Raises CannotStart.
    """
    folder = folder.absolute()
    try:
        folder.mkdir(parents=True, exist_ok=True)
    except OSError as error:
        raise cannot_use(folder, error) from error
    with _served(home) as url, psycopg.connect(url, autocommit=True) as connection:
        if not _goes_on(connection, folder):
            _copy_whole(connection, url, folder)
        # A transaction of its own: whoever goes back to a moment needs one that ended after it.
        connection.execute("SELECT pg_current_xact_id()")
        ((until, end),) = connection.execute(
            "SELECT now(), pg_current_wal_flush_lsn()::text"
        ).fetchall()
        newest = _wholes(folder)[-1][1]
        _run(
            "pg_receivewal",
            *("--dbname", url, "--directory", newest / "changes", "--slot", _slot(folder)),
            *("--endpos", end, "--no-loop"),
        )
    return _wholes(folder)[0][0], until


def restore(folder: Path, home: Path, until: datetime | None = None) -> None:
    """Make the database in `home` anew, as it was at a moment (None: at the last backup).

    `home` must hold no database. Raises CannotStart; then there is none either.
    """
    found = [(made, whole) for made, whole in _wholes(folder) if until is None or made <= until]
    if not found:
        raise CannotStart(
            f"There is no backup in {folder} from that time or before.",
            f"{folder} 中没有这一时刻或更早的备份。",
        )
    with embedded.put_back(home, found[-1][1]) as settings:
        if until is not None:
            settings["recovery_target_time"] = until.isoformat()
            settings["recovery_target_action"] = "promote"
        try:
            with embedded.running(home, settings) as url:
                _wait_until_whole(url)
        except (psycopg.OperationalError, CannotStart) as error:
            if TOO_SHORT not in (home / "postgresql.log").read_text(errors="replace"):
                raise
            raise CannotStart(
                f"The backups in {folder} do not reach the time asked for.",
                f"{folder} 中的备份没有覆盖到所要的时刻。",
            ) from error


@contextmanager
def _served(home: Path) -> Iterator[str]:
    """URL of the home's database: the one that is running, or else one that runs meanwhile."""
    url = f"postgresql://{embedded.DATABASE}@/{embedded.DATABASE}?host={home.absolute()}/socket"
    try:
        psycopg.connect(url).close()
    except psycopg.OperationalError:
        if not (home / "postgresql").exists():
            raise CannotStart(
                f"There is no database of Xietong's own in {home}.",
                f"{home} 中没有协同自带的数据库。",
            ) from None
        with embedded.running(home) as own:
            yield own
    else:
        yield url


def _goes_on(connection: psycopg.Connection[tuple[object, ...]], folder: Path) -> bool:
    """Whether the server has kept all that was written since the last backup in this folder."""
    found = connection.execute(
        "SELECT wal_status <> 'lost' FROM pg_replication_slots WHERE slot_name = %s",
        [_slot(folder)],
    ).fetchone()
    return bool(found and found[0] and _wholes(folder))


def _copy_whole(connection: psycopg.Connection[tuple[object, ...]], url: str, folder: Path) -> None:
    # The log is kept for one folder alone: another that is forgotten would fill the disk.
    connection.execute(
        "SELECT pg_drop_replication_slot(slot_name) FROM pg_replication_slots"
        " WHERE starts_with(slot_name, %s)",
        [SLOT],
    )
    connection.execute("SELECT pg_create_physical_replication_slot(%s, true)", [_slot(folder)])
    half = folder / f"copying-{time.time_ns()}"
    (half / "changes").mkdir(parents=True)
    _run("pg_basebackup", "--dbname", url, "--pgdata", half / "data", "--checkpoint=fast")
    half.rename(folder / datetime.now(UTC).strftime(FORMAT))


def _slot(folder: Path) -> str:
    return f"{SLOT}{sha256(str(folder).encode()).hexdigest()[:16]}"


def _wholes(folder: Path) -> list[tuple[datetime, Path]]:
    """The whole copies, and when each was finished, the oldest first."""
    return sorted(
        (datetime.strptime(whole.name, FORMAT).replace(tzinfo=UTC), whole)
        for whole in folder.glob("whole-*")
    )


def _wait_until_whole(url: str) -> None:
    with psycopg.connect(url, autocommit=True) as connection:
        while connection.execute("SELECT pg_is_in_recovery()").fetchone() == (True,):
            time.sleep(SECONDS_BETWEEN_LOOKS)


def _run(program: str, *arguments: str | Path) -> None:
    done = subprocess.run(  # noqa: S603
        [embedded.INSTALLED / embedded.PROGRAMS / program, *arguments],
        check=False,
        capture_output=True,
        text=True,
    )
    if done.returncode:
        why = done.stderr.strip().splitlines()[-1:] or [str(done.returncode)]
        raise CannotStart(f"The backup failed: {why[0]}.", f"备份失败：{why[0]}。")
