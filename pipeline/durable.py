"""Appending to files that must survive a kill and a full disk: whole and on the disk, or not at all."""

import contextlib
import os
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
