"""xietong backup, xietong restore: copies of the data, and the way back to a point in time."""

import os
import time
from datetime import datetime
from pathlib import Path
from typing import Annotated

import typer

from xietong.cli.serve import Home, in_one_sentence, say
from xietong.platform import backups
from xietong.platform import home as homes
from xietong.platform.trouble import CannotStart

Folder = Annotated[Path, typer.Argument(metavar="DIR", help="Folder of the backups. 备份文件夹。")]
Until = Annotated[
    str | None,
    typer.Option(
        help="Moment to go back to, as 2026-05-01T12:30 or with seconds and zone (+08:00); "
        "the last backup if not given. 要恢复到的时刻；默认为最近一次备份。"
    ),
]


def backup(folder: Folder, home: Home = None) -> None:
    """Bring the backups in DIR up to now, in use or not. 把 DIR 中的备份更新到此刻。"""
    with in_one_sentence():
        _only_our_own_database()
        began = time.perf_counter()
        since, until = backups.back_up(home or homes.default(), folder)
        seconds = time.perf_counter() - began
        say(
            f"Backed up in {seconds:.1f} s; every moment from {_told(since)} to {_told(until)} "
            "can be restored.",
            f"备份完成，用时 {seconds:.1f} 秒；可恢复到 {_told(since)} 至 {_told(until)} "
            "之间的任一时刻。",
        )


def restore(folder: Folder, until: Until = None, home: Home = None) -> None:
    """Make the data anew from DIR, as they were at a moment. 用 DIR 中的备份恢复数据。"""
    with in_one_sentence():
        _only_our_own_database()
        moment = None if until is None else _moment(until)
        began = time.perf_counter()
        place = home or homes.default()
        backups.restore(folder, place, moment)
        seconds = time.perf_counter() - began
        say(
            f"Restored in {seconds:.1f} s; `xietong serve --home {place}` serves it.",
            f"恢复完成，用时 {seconds:.1f} 秒；用 xietong serve --home {place} 启动。",
        )


def _only_our_own_database() -> None:
    if os.environ.get("DATABASE_URL"):
        raise CannotStart(
            "DATABASE_URL names a PostgreSQL of your own: back it up with its own tools "
            "(pg_basebackup), or unset DATABASE_URL.",
            "DATABASE_URL 指向您自己的 PostgreSQL：请用它自带的工具（pg_basebackup）备份，"
            "或取消 DATABASE_URL。",
        )


def _moment(text: str) -> datetime:
    try:
        return datetime.fromisoformat(text).astimezone()
    except ValueError:
        raise CannotStart(
            f"{text} is no moment; write it as 2026-05-01T12:30 or 2026-05-01T12:30:15+08:00.",
            f"“{text}”不是时刻；请写作 2026-05-01T12:30 或 2026-05-01T12:30:15+08:00。",
        ) from None


def _told(moment: datetime) -> str:
    return moment.astimezone().isoformat(sep=" ", timespec="seconds")
