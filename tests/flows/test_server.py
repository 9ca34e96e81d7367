"""Prefect's own server ends with what started it, however that ends; and two that start at once wait for each other."""

import os
import signal
import subprocess
import sys
import time
from pathlib import Path

import pytest

from flows import server

# What it is told to run says that it is there, and then waits for ever.
WAITS = "import time\nprint('there', flush=True)\ntime.sleep(600)\n"
STARTER = """
import subprocess, sys, time
run = [sys.executable, "-m", "flows.lifeline", "waits"]
print(subprocess.Popen(run, stdin=subprocess.PIPE, stdout=sys.stdout).pid, flush=True)
time.sleep(600)
"""


def _alive(pid: int) -> bool:
    """Tell whether a process runs still; one that ended and was not waited for does not."""
    try:
        return Path(f"/proc/{pid}/stat").read_text(encoding="utf-8").rpartition(")")[2].split()[0] != "Z"
    except FileNotFoundError:
        return False


@pytest.mark.skipif(not Path("/proc/self/stat").exists(), reason="looks at processes as Linux shows them")
@pytest.mark.timeout(120)
def test_the_server_of_a_run_that_is_killed_ends_too(tmp_path: Path) -> None:
    (tmp_path / "waits.py").write_text(WAITS, encoding="utf-8")
    found = {**os.environ, "PYTHONPATH": os.pathsep.join([str(tmp_path), str(Path.cwd())])}
    starter = subprocess.Popen([sys.executable, "-c", STARTER], stdout=subprocess.PIPE, text=True, env=found)
    assert starter.stdout
    served = int(starter.stdout.readline())
    assert starter.stdout.readline() == "there\n"
    assert _alive(served)
    starter.send_signal(signal.SIGKILL)
    starter.wait()
    starter.stdout.close()
    until = time.monotonic() + 60
    while _alive(served) and time.monotonic() < until:
        time.sleep(0.05)
    assert not _alive(served)


def test_of_two_first_servers_the_second_waits_until_the_database_is_made(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("PREFECT_HOME", str(tmp_path))
    take = (
        "import fcntl, sys\n"
        "with open(sys.argv[1], 'ab') as turn:\n"
        "    try:\n        fcntl.flock(turn.fileno(), fcntl.LOCK_EX | fcntl.LOCK_NB)\n"
        "    except BlockingIOError:\n        sys.exit(7)\n"
    )

    def other() -> int:
        return subprocess.run([sys.executable, "-c", take, str(tmp_path / ".starting")], check=False).returncode

    with server._first_alone():
        assert other() == 7
    assert other() == 0
    with server._first_alone():  # the database is there: nobody waits
        assert other() == 0
