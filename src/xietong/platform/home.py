"""The folder that holds what one Xietong keeps: its data, its lock, its secret key."""

import errno
import fcntl
import os
import secrets
import shutil
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from xietong.platform.trouble import CannotStart

# A fresh cluster takes 40 MB and its log of changes up to 80 MB more; the rest is for the data.
FREE_MEGABYTES = 200


def default() -> Path:
    """The folder named in XIETONG_HOME, else .xietong in the current folder."""
    return Path(os.environ.get("XIETONG_HOME") or ".xietong")


@contextmanager
def alone_in(home: Path) -> Iterator[None]:
    """Holds the folder's lock; raises CannotStart if another process holds it."""
    # The kernel drops the lock with the process, so none is ever stale.
    with (home / "lock").open("a+") as file:
        try:
            fcntl.flock(file, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except BlockingIOError:
            file.seek(0)
            holder = file.read()
            raise CannotStart(
                f"Process {holder} already runs Xietong in {home}; stop it first, "
                "or name another folder in XIETONG_HOME.",
                f"进程 {holder} 正在 {home} 中运行协同；请先停止它，或用 XIETONG_HOME 另选文件夹。",
            ) from None
        file.truncate(0)
        file.write(str(os.getpid()))
        file.flush()
        yield


def check_space(home: Path) -> None:
    """Raises CannotStart if the disk of the folder has less free space than a start needs."""
    free = shutil.disk_usage(home).free // 1_000_000
    if free < FREE_MEGABYTES:
        raise CannotStart(
            f"The disk of {home} is full: {free} MB are free, {FREE_MEGABYTES} MB are needed.",
            f"{home} 所在的磁盘已满：剩余 {free} MB，至少需要 {FREE_MEGABYTES} MB。",
        )


def cannot_use(home: Path, error: OSError) -> CannotStart:
    """What to tell a person whose data folder gave this error."""
    path = error.filename or home
    if error.errno in (errno.ENOSPC, errno.EDQUOT):
        return CannotStart(f"The disk of {path} is full.", f"{path} 所在的磁盘已满。")
    return CannotStart(
        f"The data folder {home} cannot be used ({path}: {error.strerror}); "
        "make it writable, or name another folder in XIETONG_HOME.",
        f"无法使用数据文件夹 {home}（{path}：{error.strerror}）；"
        "请让它可写，或用 XIETONG_HOME 另选文件夹。",
    )


def secret_key(home: Path) -> str:
    """The key that signs sessions, made at the first start and readable by its owner alone."""
    key = home / "secret-key"
    try:
        home.mkdir(parents=True, exist_ok=True)
        if not key.exists():
            with tempfile.NamedTemporaryFile("w", dir=home, delete=False) as file:
                file.write(secrets.token_urlsafe(48))
            Path(file.name).rename(key)
        return key.read_text()
    except OSError as error:
        raise cannot_use(home, error) from error
