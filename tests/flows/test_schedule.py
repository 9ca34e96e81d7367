"""Schedules as a study states them; that they run is in test_told.py."""

import asyncio
import logging
import subprocess
import sys
from pathlib import Path

import pytest

import data
from pipeline import study as studies
from pipeline.errors import SourceError, StudyError

DOSELORE = Path(sys.executable).with_name("doselore")


def written(folder: Path, lines: str) -> Path:
    file = folder / "sample.toml"
    file.write_text(data.path("studies/sample.toml").read_text(encoding="utf-8") + lines, encoding="utf-8")
    return file


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


def logged(caplog: pytest.LogCaptureFixture, logger: str, words: str, error: BaseException) -> list[tuple[str, bool]]:
    """Log an error as it is logged where it is caught; give what is printed: words, and whether with a trace."""
    caplog.clear()
    log = logging.getLogger(logger)
    log.addHandler(caplog.handler)
    try:
        log.error(words, exc_info=error)
    finally:
        log.removeHandler(caplog.handler)
    return list(dict.fromkeys((r.getMessage(), r.exc_info is not None) for r in caplog.records))


def test_a_run_that_fails_by_our_own_error_is_told_in_one_line(caplog: pytest.LogCaptureFixture) -> None:
    from flows import common

    assert common
    ours, bug = SourceError("stopped early: board: HostDown, forum.example"), KeyError("a mistake")
    told = "Encountered exception during execution"
    assert logged(caplog, "prefect.flow_runs", told, ours) == [(told, False)]
    assert logged(caplog, "prefect.flow_runs", "Engine execution exited with unexpected exception", ours) == []
    assert logged(caplog, "prefect.flow_runs", told, bug) == [(told, True)]


def test_a_schedule_that_is_told_to_stop_prints_no_trace(caplog: pytest.LogCaptureFixture) -> None:
    from flows import schedule

    schedule.end_quietly()
    assert logged(caplog, "asyncio", "Exception in callback", asyncio.CancelledError()) == []
    assert logged(caplog, "asyncio", "Exception in callback", KeyError()) == [("Exception in callback", True)]
