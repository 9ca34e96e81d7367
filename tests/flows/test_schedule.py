"""Schedules as a study states them; that they run is in test_told.py."""

import subprocess
import sys
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
