"""The web server, a process of its own: `python -m xietong.platform.web HOST PORT`."""

import ctypes
import signal
import sys
from typing import Any

from granian.constants import Interfaces
from granian.log import LogLevels
from granian.server import Server

# Each thread keeps one connection to the database.
WORKERS = 2
THREADS_OF_A_WORKER = 8
SECONDS_TO_FINISH_A_PAGE = 10
PR_SET_PDEATHSIG = 1


def application() -> Any:
    """The WSGI application, loaded in a worker, which from here on ends with the web server."""
    ctypes.CDLL(None).prctl(PR_SET_PDEATHSIG, signal.SIGTERM)
    from xietong.platform.wsgi import application

    return application


def main(host: str, port: int) -> None:
    """Serves the platform at this address until SIGTERM."""
    Server(
        "xietong.platform.wsgi:application",
        address=host,
        port=port,
        interface=Interfaces.WSGI,
        workers=WORKERS,
        blocking_threads=THREADS_OF_A_WORKER,
        workers_kill_timeout=SECONDS_TO_FINISH_A_PAGE,
        respawn_failed_workers=True,
        log_level=LogLevels.error,
    ).serve(target_loader=application, wrap_loader=False)


if __name__ == "__main__":
    main(sys.argv[1], int(sys.argv[2]))
