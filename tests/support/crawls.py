"""Crawls in processes of their own that die by SIGKILL at a chosen moment. Run as a module, it is that process.

A moment is a count: the nth time that a function of `pipeline` is entered. Everything is imported once, and each crawl
is a fork of that, so that hundreds of deaths cost seconds.
"""

import json
import os
import signal
import subprocess
import sys
import threading
from collections.abc import Generator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Any

ROOT = Path(__file__).resolve().parents[2]


@dataclass(frozen=True)
class Ended:
    """killed: whether it died; calls: functions entered, if it did not."""

    killed: bool
    calls: int


class Crawls:
    def __init__(self, process: "subprocess.Popen[str]") -> None:
        self._process = process

    def run(self, home: Path, url: str, *, kill_at: int | None = None) -> Ended:
        assert self._process.stdin
        assert self._process.stdout
        self._process.stdin.write(json.dumps([str(home), url, kill_at]) + "\n")
        self._process.stdin.flush()
        killed, calls, error = json.loads(self._process.stdout.readline())
        assert error is None, error
        return Ended(killed, calls)


@contextmanager
def crawls() -> Generator[Crawls]:
    command = [sys.executable, "-m", "tests.support.crawls"]
    with subprocess.Popen(command, cwd=ROOT, stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True) as process:
        try:
            yield Crawls(process)
        finally:
            process.kill()


def _dying(kill_at: int | None) -> list[int]:
    entered, here = [0], str(ROOT / "pipeline")

    def count(frame: Any, event: str, _: object) -> None:
        if event == "call" and frame.f_code.co_filename.startswith(here):
            entered[0] += 1
            if entered[0] == kill_at:
                os.kill(os.getpid(), signal.SIGKILL)

    threading.setprofile(count)
    sys.setprofile(count)
    return entered


def _crawl(home: str, url: str, kill_at: int | None) -> tuple[int, str | None]:
    from pipeline import collect
    from pipeline.home import Home
    from pipeline.study import Study

    settings = {"name": "board", "kind": "board", "urls": [url], "allow_private": True}
    about = {"name": "t", "title": "t", "index": "baclofen", "privacy": {"mask_text": False}}
    study = Study.model_validate({**about, "source": [settings]})
    entered = _dying(kill_at)
    done = collect.collect(study, Home(Path(home)))[0]
    return entered[0], str(done.error) if done.error else None


def _serve() -> None:
    import duckdb
    import pyarrow

    import pipeline.collect
    import pipeline.sources.board

    assert duckdb
    assert pyarrow
    assert pipeline.collect
    assert pipeline.sources.board
    for line in sys.stdin:
        home, url, kill_at = json.loads(line)
        out, into = os.pipe()
        child = os.fork()
        if child == 0:
            try:
                told = json.dumps(_crawl(home, url, kill_at))
            except BaseException as error:  # noqa: BLE001 - whatever it is, the test is to see it
                told = json.dumps([0, repr(error)])
            os.write(into, told.encode())
            os._exit(0)
        os.close(into)
        with os.fdopen(out) as stream:
            told = stream.read()
        _, status = os.waitpid(child, 0)
        calls, error = json.loads(told) if told else (0, None)
        sys.stdout.write(json.dumps([os.WIFSIGNALED(status), calls, error]) + "\n")
        sys.stdout.flush()


if __name__ == "__main__":
    _serve()
