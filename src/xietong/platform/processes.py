"""Processes that end with the one that started them."""

import os
import signal
import subprocess
from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

PATIENCE_SECONDS = 20


@dataclass(frozen=True)
class Account:
    """A system user that a process runs as: user id and group id."""

    user: int
    group: int


@contextmanager
def running(
    command: Sequence[str | Path],
    *,
    stop_by: signal.Signals = signal.SIGTERM,
    account: Account | None = None,
    environment: Mapping[str, str] | None = None,
    folder: Path | None = None,
    output: int | None = None,
) -> Iterator[subprocess.Popen[bytes]]:
    """A process that runs inside the `with` block.

    It gets the signal `stop_by` at the end of the block, and from the kernel should this process
    be killed. `account`: whom it runs as, ourselves if None; `environment`: variables added to
    ours; `folder`: where it runs, here if None; `output`: file descriptor of its standard output
    and error, ours if None.
    """
    # The kernel forgets the signal when a process changes its user: setpriv sets it after that.
    bound: list[str | Path] = ["setpriv", "--pdeathsig", stop_by.name.removeprefix("SIG")]
    if account is not None:
        bound += ["--reuid", str(account.user), "--regid", str(account.group), "--clear-groups"]
    process = subprocess.Popen(  # noqa: S603
        [*bound, "--", *command],
        # Ctrl-C reaches every process of the terminal's group; ours end in the order of the blocks.
        start_new_session=True,
        stdin=subprocess.DEVNULL,
        stdout=output,
        stderr=output,
        cwd=folder,
        env={**os.environ, **(environment or {})},
    )
    try:
        yield process
    finally:
        _end(process, stop_by)


def _end(process: subprocess.Popen[bytes], stop_by: signal.Signals) -> None:
    if process.poll() is None:
        process.send_signal(stop_by)
    try:
        process.wait(PATIENCE_SECONDS)
    except subprocess.TimeoutExpired:
        os.killpg(process.pid, signal.SIGKILL)
        process.wait()
