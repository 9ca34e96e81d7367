"""Commands in processes of their own, disturbed as asked. Run as a module, it is the process that they are forks of.

A kill comes so many seconds after the start, from the kernel: nothing of ours runs any more. Everything is imported once.
Time can be made to pass at once (`quick`), so that back-off and pauses cost nothing, and to jump (`jump`, seconds).
"""

import json
import os
import resource
import signal
import subprocess
import sys
import tempfile
import time
from collections.abc import Generator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import datetime, timedelta, tzinfo
from pathlib import Path
from typing import Any

ROOT = Path(__file__).resolve().parents[2]
_TIME = {"ahead": 0.0, "quick": 0.0}
_real_sleep, _real_monotonic = time.sleep, time.monotonic


@dataclass(frozen=True)
class Ended:
    """killed: by a signal; status: of the command; said: what it printed."""

    killed: bool
    status: int
    said: str


class Children:
    """Starts commands. Each is a fork, so that hundreds cost seconds."""

    def __init__(self, process: "subprocess.Popen[str]") -> None:
        self._process = process

    def start(self, *argv: str, **how: Any) -> None:
        """Start a command; `how`: kill_after (seconds), quick, jump, file_bytes (the most that one file may hold)."""
        assert self._process.stdin
        self._process.stdin.write(json.dumps([argv, how]) + "\n")
        self._process.stdin.flush()

    def end(self) -> Ended:
        """Wait for a command that was started, in the order of their starts."""
        assert self._process.stdout
        return Ended(*json.loads(self._process.stdout.readline()))

    def run(self, *argv: str, **how: Any) -> Ended:
        """Run a command to its end."""
        self.start(*argv, **how)
        self.start("wait")
        return self.end()

    def together(self, *commands: tuple[str, ...]) -> list[Ended]:
        """Run commands at once."""
        for argv in commands:
            self.start(*argv)
        self.start("wait")
        return [self.end() for _ in commands]


@contextmanager
def children(env: Mapping[str, str]) -> Generator[Children]:
    """Have a process that starts commands, with these variables in its environment."""
    command = [sys.executable, "-m", "tests.faults.child"]
    settings = {**os.environ, **env, "PYTHONPATH": str(ROOT)}
    with subprocess.Popen(
        command, cwd=ROOT, stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True, env=settings
    ) as process:
        try:
            yield Children(process)
        finally:
            process.kill()


def _sleep(seconds: float) -> None:
    if _TIME["quick"]:
        _TIME["ahead"] += seconds
    else:
        _real_sleep(seconds)


def _monotonic() -> float:
    return _real_monotonic() + _TIME["ahead"]


class _Kind(type(datetime)):
    def __instancecheck__(cls, instance: object) -> bool:
        return isinstance(instance, datetime)


class _Jumping(datetime, metaclass=_Kind):
    """A clock that is wrong by `by` seconds from the given call on, and right before."""

    by = 0.0
    at_call = 3
    calls = 0

    @classmethod
    def now(cls, tz: tzinfo | None = None) -> datetime:  # pyright: ignore[reportIncompatibleMethodOverride]
        cls.calls += 1
        return datetime.now(tz) + timedelta(seconds=cls.by if cls.calls > cls.at_call else 0)


def _command(argv: list[str], how: dict[str, Any], said: int) -> None:
    """Be the command; never returns."""
    from flows import cli

    os.dup2(said, 1)
    os.dup2(said, 2)
    _TIME["quick"] = float(bool(how.get("quick")))
    if how.get("jump"):
        _Jumping.by = float(how["jump"])
        for name, module in list(sys.modules.items()):
            if name.split(".")[0] in ("pipeline", "flows") and vars(module).get("datetime") is datetime:
                vars(module)["datetime"] = _Jumping
    if how.get("file_bytes"):
        signal.signal(signal.SIGXFSZ, signal.SIG_IGN)
        resource.setrlimit(resource.RLIMIT_FSIZE, (how["file_bytes"], how["file_bytes"]))
    sys.argv = ["doselore", *argv]
    if "kill_after" in how:
        signal.setitimer(signal.ITIMER_REAL, how["kill_after"])  # SIGALRM's own way: the process ends there and then
    status = 0
    try:
        cli.main()
    except SystemExit as ended:
        status = ended.code if isinstance(ended.code, int) else 1
    except BaseException:  # noqa: BLE001 - a trace is what the harness looks for
        import traceback

        traceback.print_exc()
        status = 70
    finally:
        sys.stdout.flush()
        sys.stderr.flush()
    os._exit(status)


def _serve() -> None:
    time.sleep, time.monotonic = _sleep, _monotonic
    import duckdb
    import pandas
    import pyarrow.json

    from flows import cli, commands
    from pipeline import collect, copies, door, extract, forget, look_again, sweep
    from pipeline.release import build
    from pipeline.review import formats, labels
    from pipeline.sources import board, dumps

    assert all(
        (
            duckdb,
            pandas,
            pyarrow.json,
            cli,
            commands,
            collect,
            copies,
            extract,
            forget,
            look_again,
            sweep,
            build,
            formats,
            labels,
        )
    )
    assert all((board, dumps))
    # What loads on first use is loaded here, once: word lists, and the table of names that masks are made by.
    list(extract.read_rows(None, [{"id": "1", "text": "I took baclofen for a month."}]))
    door.Door(b"0" * 32).text("My name is Heron, write to heron@forum.example.")
    running: list[tuple[int, Any]] = []
    for line in sys.stdin:
        argv, how = json.loads(line)
        if argv == ["wait"]:
            for pid, said in running:
                _, status = os.waitpid(pid, 0)
                said.seek(0)
                ended = [os.WIFSIGNALED(status), os.waitstatus_to_exitcode(status), said.read()]
                said.close()
                sys.stdout.write(json.dumps(ended) + "\n")
            sys.stdout.flush()
            running.clear()
            continue
        said = tempfile.TemporaryFile("w+", encoding="utf-8", errors="replace")  # noqa: SIM115 - closed after the wait
        pid = os.fork()
        if pid == 0:
            _command(argv, how, said.fileno())
        running.append((pid, said))


if __name__ == "__main__":
    _serve()
