"""xietong serve: the platform on this machine, until Ctrl-C."""

import errno
import signal
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Annotated

import psycopg
import typer

from xietong.platform import home as homes
from xietong.platform import server
from xietong.platform.trouble import CannotStart, in_languages_of_terminal

Host = Annotated[str, typer.Option(help="Address to serve at. 服务地址。")]
Port = Annotated[int, typer.Option(help="Port to serve at. 服务端口。", min=1, max=65535)]
Home = Annotated[
    Path | None,
    typer.Option(
        help="Folder of the data; XIETONG_HOME or .xietong if not given. "
        "数据文件夹；默认为 XIETONG_HOME 或 .xietong。"
    ),
]


def serve(host: Host = "127.0.0.1", port: Port = 8000, home: Home = None) -> None:
    """Serve the platform until Ctrl-C. 启动平台，按 Ctrl-C 停止。"""
    with in_one_sentence():
        server.check_address(host, port)
        with server.running(home or homes.default()):
            server.serve(host, port, announce)


def announce(address: str) -> None:
    """Tells the terminal where the platform is."""
    say(
        f"Xietong is at {address} (Ctrl-C stops it).",
        f"协同已启动：{address}（按 Ctrl-C 停止）。",
    )


def say(english: str, chinese: str) -> None:
    """Prints a line in the languages of the terminal, at once."""
    print(in_languages_of_terminal(english, chinese), flush=True)


@contextmanager
def in_one_sentence() -> Iterator[None]:
    """Ends the command as a person expects: trouble is one sentence and exit code 1, Ctrl-C is 130.

    SIGTERM and a closed terminal end it as Ctrl-C does.
    """
    for ending in (signal.SIGTERM, signal.SIGHUP):
        signal.signal(ending, signal.default_int_handler)
    try:
        yield
    except CannotStart as trouble:
        _fail(trouble)
    except KeyboardInterrupt:
        raise SystemExit(130) from None
    except Exception as error:
        if not _is_full_disk(error):
            raise
        _fail(CannotStart("The disk is full.", "磁盘已满。"))


def _fail(trouble: CannotStart) -> None:
    print(in_languages_of_terminal(trouble.english, trouble.chinese), file=sys.stderr)
    raise SystemExit(1) from None


def _is_full_disk(error: BaseException | None) -> bool:
    while error is not None:
        if isinstance(error, psycopg.errors.DiskFull):
            return True
        if isinstance(error, OSError) and error.errno in (errno.ENOSPC, errno.EDQUOT):
            return True
        error = error.__cause__
    return False
