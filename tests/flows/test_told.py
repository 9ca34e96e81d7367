"""A schedule whose run is killed, then fails; a quiet source, an alarm of the tables: each is told, nothing secret left."""

import gzip
import json
import os
import queue
import signal
import subprocess
import sys
import threading
import time
import urllib.request
from dataclasses import dataclass
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from typing import Any

import pytest

from tests.support.boards import Board
from tests.support.reddit_api import Answer, World
from tests.support.reddit_api import served as reddit_served
from tests.support.served import free_port, served

pytestmark = [pytest.mark.slow, pytest.mark.timeout(1000)]

DOSELORE = Path(sys.executable).with_name("doselore")
PLANTED = {
    "DOSELORE_REDDIT_CLIENT_ID": "planted-client-id-11",
    "DOSELORE_REDDIT_CLIENT_SECRET": "planted-client-secret-22",
    "DOSELORE_KEY": "planted-pseudonym-key-33-0123456789",
    "HTTPS_PROXY": "http://someone:planted-proxy-word-44@127.0.0.1:9",
}
TOKEN, COOKIE, HOOK = "planted-token-55", "planted-cookie-66", "planted-webhook-77"
STUDY = """name = "watched"
title = "Watched"
index = "baclofen"
[thresholds]
minimum_cell = 5
[[schedule]]
every_hours = 1000
[[schedule]]
flow = "tabulate"
every_hours = 0.02
[[schedule]]
flow = "sweep"
cron = "0 3 * * 1"
timezone = "Europe/Berlin"
paused = true
[[source]]
name = "file"
kind = "file"
paths = ["{posts}"]
[[source]]
name = "still"
kind = "board"
urls = ["{board}"]
allow_private = true
delay_seconds = 0
[[source]]
name = "api"
kind = "reddit"
subreddits = ["recovery"]
approval = {{ basis = "a test", date = 2026-01-31 }}
"""


@dataclass
class Seen:
    """What was there when the schedule had been stopped.

    told: bodies of the webhook's calls; ended: deployment, state and number of starts of runs; served: the deployments as
    the server knows them, by name; shown: the last artifact of each key; logs: of runs, as the server has them; log: what
    was printed.
    """

    folder: Path
    told: list[tuple[str, Any]]
    ended: set[tuple[str, str, int]]
    served: dict[str, Any]
    shown: dict[str, Any]
    logs: list[dict[str, Any]]
    figures: dict[str, Any]
    log: bytes


@pytest.fixture(scope="module")
def seen(tmp_path_factory: pytest.TempPathFactory) -> Seen:
    folder = tmp_path_factory.mktemp("watched")
    home = folder / "home"
    posts = folder / "posts.jsonl"
    posts.write_text(
        "".join(
            json.dumps({"id": str(n), "author": f"writer {n}", "text": f"{words}, day {n}."}) + "\n"
            for n, words in enumerate(["Baclofen for my alcoholism at 60 mg a day worked wonders, no cravings"] * 12)
        )
    )
    (home / "runs").mkdir(parents=True)
    earlier = {"study": "watched", "began": "2026-01-05T03:00:00+00:00", "by_source": {"still": {"new": 7}}}
    (home / "runs" / "2026-01-05.json").write_text(json.dumps(earlier))
    world = World(refused={"recovery": 403})
    cookie = {"set-cookie": f"session={COOKIE}; Path=/"}
    token = json.dumps({"access_token": TOKEN, "token_type": "bearer", "expires_in": 3600, "scope": "*"})
    world.faults["/api/v1/access_token"] = [Answer(200, token, cookie) for _ in range(50)]
    with Hook() as (address, calls), reddit_served(world) as api, served(Board().answer) as board:
        (folder / "watched.toml").write_text(STUDY.format(posts=posts, board=board))
        port = free_port()
        env = {
            **os.environ, **PLANTED, "DOSELORE_HOME": str(home), "PREFECT_HOME": str(folder / "prefect"),
            "DOSELORE_REDDIT_URL": api, "DOSELORE_REDDIT_OAUTH_URL": api, "DOSELORE_REDDIT_USER": "some_researcher",
            "DOSELORE_NOTICE_URL": f"{address}/{HOOK}", "NO_PROXY": "127.0.0.1,localhost",
        }  # fmt: skip
        command = [DOSELORE, "schedule", "--study", folder / "watched.toml", "--port", str(port)]
        with (folder / "log").open("wb") as log:
            running = subprocess.Popen(command, stdout=log, stderr=log, env=env, start_new_session=True)
            told: list[tuple[str, Any]] = []
            ended: set[tuple[str, str, int]] = set()
            served_there: dict[str, Any] = {}
            shown: dict[str, Any] = {}
            logs: list[dict[str, Any]] = []
            begun, killed, paused = 0, False, False
            until = time.monotonic() + 850
            try:
                while time.monotonic() < until and running.poll() is None:
                    try:
                        told.append(calls.get(timeout=1))
                    except queue.Empty:
                        served_there = served_there or _served(port)
                        ended |= _ended(port, served_there)
                    states = {(name, starts) for name, state, starts in ended if state != "CRASHED"}
                    if begun == 0 or (begun == 1 and ("watched-refresh-1", 2) in states):
                        begun += _change(port, served_there.get("watched-refresh-1"), "create_flow_run")
                    killed = killed or _kill(port)
                    if not paused and ("watched-tabulate-2", 1) in states:  # once by itself is enough
                        paused = _change(port, served_there["watched-tabulate-2"], "pause_deployment")
                    whole = {("watched-refresh-1", 2), ("watched-refresh-1", 1), ("watched-tabulate-2", 1)} <= states
                    if whole and len({_kind(body) for _, body in told}) == 4:
                        break
                ended |= _ended(port, served_there)
                for offset in range(0, 1000, 200):
                    logs += _ask(port, "logs", json.dumps({"limit": 200, "offset": offset}))
                shown = {str(one["key"]): one["data"] for one in _ask(port, "artifacts/latest")}
            finally:
                if running.poll() is None:
                    os.killpg(running.pid, signal.SIGTERM)
                    running.wait(90)
    runs = sorted(home.glob("runs/20*Z.json"))
    figures = json.loads(runs[0].read_bytes()) if runs else {}
    return Seen(folder, told, ended, served_there, shown, logs, figures, (folder / "log").read_bytes())


class Hook:
    """A webhook on loopback. Gives its address and a queue of (content type, body) of the calls."""

    def __enter__(self) -> tuple[str, "queue.Queue[tuple[str, Any]]"]:
        calls: queue.Queue[tuple[str, Any]] = queue.Queue()

        class Handler(BaseHTTPRequestHandler):
            def do_POST(self) -> None:
                body = self.rfile.read(int(self.headers["content-length"]))
                calls.put((self.headers.get("content-type", ""), json.loads(body) if self.path == f"/{HOOK}" else None))
                self.send_response(204)
                self.end_headers()

            def log_message(self, format: str, *args: Any) -> None:
                """Say nothing."""

        self.server = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
        threading.Thread(target=self.server.serve_forever, kwargs={"poll_interval": 0.01}, daemon=True).start()
        return f"http://127.0.0.1:{self.server.server_port}", calls

    def __exit__(self, *_: object) -> None:
        self.server.shutdown()
        self.server.server_close()


def _ask(port: int, what: str, body: str = "{}") -> list[dict[str, Any]]:
    url, kind = f"http://127.0.0.1:{port}/api/{what}/filter", {"content-type": "application/json"}
    with urllib.request.urlopen(urllib.request.Request(url, body.encode(), kind)) as answer:
        return json.loads(answer.read())


def _served(port: int) -> dict[str, Any]:
    """Ask the server for its deployments, by name, once all are there."""
    try:
        found = {str(one["name"]): one for one in _ask(port, "deployments")}
    except OSError:  # not up yet
        return {}
    return found if len(found) == STUDY.count("[[schedule]]") else {}


def _ended(port: int, served_there: dict[str, Any]) -> set[tuple[str, str, int]]:
    """Ask the server how the runs of its deployments stand: (deployment, state, starts)."""
    over = '{"flow_runs": {"state": {"type": {"any_": ["COMPLETED", "FAILED", "CRASHED"]}}}}'
    names = {one["id"]: name for name, one in served_there.items()}
    try:
        return {
            (names[r["deployment_id"]], str(r["state_type"]), int(r["run_count"]))
            for r in (_ask(port, "flow_runs", over) if names else [])
            if r["deployment_id"] in names
        }
    except OSError:
        return set()


def _change(port: int, deployment: dict[str, Any] | None, what: str) -> bool:
    """Have a deployment run now, or pause it, as a person does in Prefect's pages; give whether it was there."""
    if deployment is None:
        return False
    url = f"http://127.0.0.1:{port}/api/deployments/{deployment['id']}/{what}"
    try:
        with urllib.request.urlopen(urllib.request.Request(url, b"{}", {"content-type": "application/json"})):
            return True
    except OSError:
        return False


def _kill(port: int) -> bool:
    """Kill the process of the refresh once a source of it is done; give whether it was."""
    try:
        tasks = _ask(port, "task_runs")
        if not any((t["name"], t["state_type"]) == ("collect file", "COMPLETED") for t in tasks):
            return False
        runs = _ask(port, "flow_runs", '{"flow_runs": {"state": {"type": {"any_": ["RUNNING"]}}}}')
    except OSError:
        return False
    asked = [f"PREFECT__FLOW_RUN_ID={r['id']}".encode() for r in runs if str(r["name"]).startswith("refresh ")]
    for process in Path("/proc").glob("[0-9]*"):
        try:
            variables = (process / "environ").read_bytes().split(b"\0")
        except OSError:
            continue
        if any(one in variables for one in asked):
            os.kill(int(process.name), signal.SIGKILL)
            return True
    return False


def _kind(body: Any) -> str:
    words = str(body["text"])
    by = {"was killed": "killed", "scheduled-refresh failed": "failed", "nothing new since": "quiet"}
    return next((kind for marks, kind in by.items() if marks in words), "alarm")


def test_a_killed_and_a_failed_run_a_quiet_source_and_an_alarm_are_told(seen: Seen) -> None:
    said = {_kind(body): body["text"] for _, body in seen.told}
    assert said.keys() == {"killed", "failed", "quiet", "alarm"}, seen.log.decode()[-3000:]
    assert "still: nothing new since 2026-01-05" in said["quiet"]
    assert "the published range" in said["alarm"]
    assert all("watched" in words for words in said.values())
    alarms = [body["text"] for _, body in seen.told if _kind(body) in ("quiet", "alarm")]
    assert len(alarms) == len(set(alarms))  # each once, though it stands in every run
    assert {kind for kind, _ in seen.told} == {"application/json"}


def test_cron_and_interval_are_served_paused_or_not(seen: Seen) -> None:
    assert {name: one["paused"] for name, one in seen.served.items()} == {
        "watched-refresh-1": False, "watched-tabulate-2": False, "watched-sweep-3": True,
    }  # fmt: skip
    first, _, last = (
        seen.served[name]["schedules"][0]["schedule"] for name in sorted(seen.served, key=lambda n: n[-1])
    )
    assert (first["interval"], last["cron"], last["timezone"]) == (3_600_000, "0 3 * * 1", "Europe/Berlin")


def test_a_person_finds_the_flow_the_coverage_the_report_and_what_is_new(seen: Seen) -> None:
    assert seen.shown.keys() >= {
        "flow-watched",
        "coverage-watched",
        "outcome-by-treatment-watched",
        "report-watched",
        "run-watched",
    }
    assert "report.html" in seen.shown["report-watched"]
    assert "New since the last run" in seen.shown["run-watched"]
    assert "| file " in seen.shown["run-watched"]


def test_schedules_run_by_themselves_and_what_came_is_kept(seen: Seen) -> None:
    assert ("watched-tabulate-2", "COMPLETED", 1) in seen.ended, seen.log.decode()[-3000:]
    assert seen.figures["study"] == "watched"
    assert seen.figures["by_source"]["file"]["new"] == 12
    assert seen.figures["flow"]["kept"] == 12
    assert seen.figures["failed"] == ["still", "api"]
    assert set(seen.figures["seconds"]) == {"collect", "extract", "tabulate", "report"}


def test_a_run_that_was_killed_goes_on_and_does_not_do_again_what_was_done(seen: Seen) -> None:
    assert ("watched-refresh-1", "FAILED", 2) in seen.ended, seen.log.decode()[-3000:]
    assert "Finished in state Cached(type=COMPLETED)" in {str(line["message"]) for line in seen.logs}
    assert (
        seen.figures["by_source"]["file"]["new"] == 12
    )  # told from the result that was kept: asked again, it has none


def test_logs_carry_run_and_source(seen: Seen) -> None:
    lines = [one for one in seen.logs if str(one["message"]).startswith("api: stopped early")]
    assert lines
    assert all(one["flow_run_id"] and one["task_run_id"] for one in lines)
    assert b"stopped early (" not in seen.log  # on the terminal only what failed, in a line
    assert b"stopped early: still: " in seen.log
    assert b"Traceback" not in seen.log


def test_nothing_secret_or_personal_is_in_what_runs_leave(seen: Seen) -> None:
    files = [f for f in seen.folder.rglob("*") if f.is_file() and f.suffix not in (".toml", ".jsonl")]
    assert any(f.name == "prefect.db" for f in files)
    assert any(f.parent.name == "runs" for f in files)
    words = [TOKEN, COOKIE, HOOK, "planted-proxy-word-44", *(v for k, v in PLANTED.items() if k != "HTTPS_PROXY")]
    for file in files:
        held = file.read_bytes()
        held += gzip.decompress(held) if file.suffix == ".gz" else b""
        assert [w for w in words if w.encode() in held] == [], file
        if not file.is_relative_to(seen.folder / "home" / "archive"):
            assert b"writer 1" not in held, file
