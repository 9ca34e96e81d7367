"""Appending to files that must survive a kill and a full disk: whole and on the disk, or not at all."""

import contextlib
import fcntl
import os
from collections.abc import Generator
from pathlib import Path

from pipeline.errors import CorpusError


def append(descriptor: int, data: bytes, path: Path) -> int:
    """Append to an open file and wait until it is on the disk; give where it begins.

    Where that fails the file is cut back to what it was, and CorpusError raised. path: its name, for the message.
    """
    start = os.lseek(descriptor, 0, os.SEEK_END)
    try:
        left = memoryview(data)
        while left:
            left = left[os.write(descriptor, left) :]
        os.fsync(descriptor)
    except OSError as error:
        with contextlib.suppress(OSError):
            os.ftruncate(descriptor, start)
        raise CorpusError(
            f"{path}: cannot be written: {error.strerror or error}; what was finished is kept: make room, then go on"
        ) from error
    return start


def create(path: Path) -> int:
    """Make or open a file that is one's own until `release`, readable by its owner alone; give its descriptor.

    Another process that looks for finished files (`taken`) leaves it alone. Raises CorpusError if it cannot be made.
    """
    while True:
        try:
            descriptor = os.open(path, os.O_WRONLY | os.O_CREAT | os.O_APPEND, 0o600)
        except OSError as error:
            raise CorpusError(f"{path}: cannot be made: {error.strerror or error}; make room, then go on") from error
        fcntl.flock(descriptor, fcntl.LOCK_EX)
        if _there(path, descriptor):
            return descriptor
        os.close(descriptor)  # taken away between the two by who thought it finished


def release(descriptor: int) -> None:
    """Close what `create` gave: the file is finished. Unlocked by name, since a worker may have inherited it."""
    with contextlib.suppress(OSError):
        fcntl.flock(descriptor, fcntl.LOCK_UN)
    os.close(descriptor)


@contextlib.contextmanager
def taken(path: Path) -> Generator[bool]:
    """Have a finished file to oneself; gives False for one that somebody writes or takes, or that is there no more."""
    try:
        descriptor = os.open(path, os.O_RDONLY)
    except FileNotFoundError:
        yield False
        return
    try:
        try:
            fcntl.flock(descriptor, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except BlockingIOError:
            yield False
        else:
            yield _there(path, descriptor)
    finally:
        with contextlib.suppress(OSError):
            fcntl.flock(descriptor, fcntl.LOCK_UN)
        os.close(descriptor)


def _there(path: Path, descriptor: int) -> bool:
    try:
        return path.stat().st_ino == os.fstat(descriptor).st_ino
    except FileNotFoundError:
        return False
