"""How a command ends when it is told to stop, or when nobody takes what it writes."""

import errno
import os
import signal
import sys
from collections.abc import Generator
from contextlib import contextmanager
from types import FrameType

_NO_ROOM = (errno.ENOSPC, errno.EDQUOT, errno.EFBIG)
STOPPED = 128 + signal.SIGTERM


@contextmanager
def tidied() -> Generator[None]:
    """Have SIGTERM end what goes on within as an exit does, so that what was half written is taken away."""

    def stop(_number: int, _frame: FrameType | None) -> None:
        raise SystemExit(STOPPED)

    before = signal.signal(signal.SIGTERM, stop)
    try:
        yield
    finally:
        signal.signal(signal.SIGTERM, before)


def full(error: Exception) -> bool:
    """Say whether an error is that of writing, to standard output or a disk, where there is no room."""
    return isinstance(error, OSError) and error.errno in _NO_ROOM


def drop_output() -> None:
    """Throw away what standard output would not take, so that the interpreter does not fail on it once more."""
    try:
        sys.stdout.flush()
    except OSError:
        os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())
