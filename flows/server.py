"""Prefect's own server, on loopback, for as long as a run or a schedule lasts, and not a moment longer."""

import fcntl
import importlib
import os
import socket
import subprocess
import sys
import time
import urllib.error
import urllib.request
from collections.abc import Generator, Sequence
from contextlib import contextmanager
from importlib.metadata import version
from pathlib import Path

from pipeline.errors import DoseloreError
from pipeline.home import Home

_START_SECONDS = 300.0  # a machine may have much else to do
_BARE = (  # as Prefect starts the server of a single run
    "uvicorn", "--factory", "prefect.server.api.server:create_app", "--log-level", "error", "--lifespan", "on",
)  # fmt: skip
_BARE_SETTINGS = {"PREFECT_UI_ENABLED": "0", "PREFECT__SERVER_EPHEMERAL": "1", "PREFECT__SERVER_FINAL": "1"}


@contextmanager
def running(
    home: Home, port: int | None = None, *, interface: bool = True, needs: Sequence[str] = ()
) -> Generator[str]:
    """Run Prefect's server on loopback for as long as the block lasts; give the address of its API.

    interface: with its pages and what starts scheduled runs; without, it is up sooner. needs: modules that the block
    will import; it is done while the server comes up, which takes as long. A server that PREFECT_API_URL names is used
    as it is. It ends with this process, also where that is killed (flows/lifeline.py). Raises
    DoseloreError if it does not come up.
    """
    if named := os.environ.get("PREFECT_API_URL"):
        yield named
        return
    port = port or _free_port()
    log = home.root / "prefect-server.log"
    program = ("prefect", "server", "start") if interface else _BARE
    command = [sys.executable, "-m", "flows.lifeline", *program, "--host", "127.0.0.1", "--port", str(port)]
    settings = {**os.environ, **({} if interface else _BARE_SETTINGS)}
    url = f"http://127.0.0.1:{port}/api"
    with _first_alone(), log.open("ab") as file:
        started = subprocess.Popen(command, stdout=file, stderr=file, stdin=subprocess.PIPE, env=settings)  # noqa: S603
        try:
            for name in needs:
                importlib.import_module(name)
            _wait_for(f"{url}/health", started, log)
        except BaseException:
            _stop(started)
            raise
    try:
        os.environ["PREFECT_API_URL"] = url  # for the processes of runs
        from prefect.settings import PREFECT_API_URL, temporary_settings

        # And for this process: settings were read when Prefect was imported, and without an address it would start a
        # second server, whose automations the first does not know.
        with temporary_settings({PREFECT_API_URL: url}):
            try:
                yield url
            finally:
                _say_all()
    finally:
        os.environ.pop("PREFECT_API_URL", None)
        _stop(started)


@contextmanager
def _first_alone() -> Generator[None]:
    """Let one server at a time make Prefect's database, or bring it up to date: two at once stumble over each other."""
    folder = Path(os.environ.get("PREFECT_HOME") or Path.home() / ".prefect")
    made = folder / f".database-of-{version('prefect')}"
    if made.exists():
        yield
        return
    folder.mkdir(parents=True, exist_ok=True)
    with (folder / ".starting").open("ab") as turn:
        fcntl.flock(turn.fileno(), fcntl.LOCK_EX)  # a kill frees it
        yield
        made.touch()


def _say_all() -> None:
    """Wait until Prefect's threads have sent their lines and events: later they would find no server, and complain."""
    from prefect.events.worker import EventsWorker
    from prefect.logging.handlers import APILogWorker

    APILogWorker.drain_all(timeout=5)
    EventsWorker.drain_all(timeout=5)


def _stop(started: "subprocess.Popen[bytes]") -> None:
    started.terminate()
    try:
        started.wait(20)
    except subprocess.TimeoutExpired:
        started.kill()
        started.wait()
    if started.stdin:
        started.stdin.close()


def _free_port() -> int:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return int(probe.getsockname()[1])


def _wait_for(url: str, running: "subprocess.Popen[bytes]", log: Path) -> None:
    until = time.monotonic() + _START_SECONDS
    while time.monotonic() < until:
        if running.poll() is not None:
            break
        try:
            with urllib.request.urlopen(url, timeout=2):  # noqa: S310 - our own server on loopback
                return
        except (urllib.error.URLError, OSError):
            time.sleep(0.2)
    raise DoseloreError(f"Prefect's server did not come up; {log} says why")
