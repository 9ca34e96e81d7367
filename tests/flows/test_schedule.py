"""A schedule runs by itself against a real Prefect server."""

import json
import os
import signal
import subprocess
import sys
import time
from pathlib import Path

import pytest

import data
from pipeline import study as studies
from pipeline.errors import StudyError

DOSELORE = Path(sys.executable).with_name("doselore")


def written(folder: Path, lines: str) -> Path:
    file = folder / "sample.toml"
    file.write_text(data.path("studies/sample.toml").read_text(encoding="utf-8") + lines, encoding="utf-8")
    return file


@pytest.mark.timeout(500)
@pytest.mark.slow
def test_a_schedule_runs_the_study_by_itself(tmp_path: Path) -> None:
    study = written(tmp_path, "\n[[schedule]]\nevery_hours = 0.01\n")
    home = tmp_path / "home"
    environment = {**os.environ, "DOSELORE_HOME": str(home), "PREFECT_HOME": str(tmp_path / "prefect")}
    with (tmp_path / "log").open("wb") as log:
        command = [DOSELORE, "schedule", "--study", study]
        running = subprocess.Popen(command, stdout=log, stderr=log, env=environment, start_new_session=True)
        try:
            until = time.monotonic() + 420
            while not list(home.glob("runs/*.json")) and time.monotonic() < until and running.poll() is None:
                try:
                    running.wait(0.5)
                except subprocess.TimeoutExpired:
                    continue
        finally:
            if running.poll() is None:
                os.killpg(running.pid, signal.SIGTERM)
                running.wait(60)
    runs = sorted(home.glob("runs/*.json"))
    assert runs, (tmp_path / "log").read_text(encoding="utf-8")
    figures = json.loads(runs[0].read_bytes())
    assert figures["study"] == "sample"
    assert figures["new"] > 40
    assert figures["read"] > 40
    assert figures["failed"] == []
    assert set(figures["seconds"]) == {"collect", "extract", "tabulate", "report"}


@pytest.mark.parametrize(
    ("lines", "told"),
    [
        ('\n[[schedule]]\nflow = "refresh"\n', "either"),
        ('\n[[schedule]]\ncron = "0 3"\n', "five fields"),
        ('\n[[schedule]]\ncron = "0 3 * * 1"\nflow = "dance"\n', "dance|flow"),
    ],
)
def test_a_schedule_that_cannot_be_is_told(tmp_path: Path, lines: str, told: str) -> None:
    with pytest.raises(StudyError, match=told):
        studies.load(str(written(tmp_path, lines)))


def test_what_the_command_says_of_itself() -> None:
    said = subprocess.run([DOSELORE, "schedule", "--help"], capture_output=True, text=True, check=True).stdout
    assert "Example: doselore schedule" in said
