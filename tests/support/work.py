"""Work for worker processes: some of it kills the process that does it."""

import os
import signal
from pathlib import Path


def made(folder: str) -> str:
    return folder


def doubled(_folder: str, item: int) -> int:
    return item * 2


def dies_once(folder: str, item: int) -> int:
    mark = Path(folder) / "died"
    if item == 17 and not mark.exists():
        mark.touch()
        os.kill(os.getpid(), signal.SIGKILL)
    return item * 2


def dies_always(_folder: str, item: int) -> int:
    if item == 3:
        os.kill(os.getpid(), signal.SIGKILL)
    return item


def fails(_folder: str, item: int) -> int:
    if item == 5:
        raise ValueError("item five")
    return item
