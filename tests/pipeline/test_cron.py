"""Schedules as a study writes them: what cannot be served is told with its line, what can passes."""

import asyncio
from pathlib import Path

import pytest

from pipeline import cron
from pipeline import study as studies
from pipeline.errors import StudyError

HEAD = 'name = "mine"\ntitle = "Mine"\nindex = "baclofen"\n\n[[schedule]]\nflow = "refresh"\n'
FIRE = (
    "0 3 * * 1", "*/15 * * * *", "5/20 0-6,22-2 1,15 jan-MAR mon-fri", "0 0 29 2 *", "0 0 30 2,4 *", "0 0 31 * *",
    "0 0 L * *", "0 0 * * 5#2", "0 0 * * L5", "0 0 ? * sun", "59 23 31 12 7",
)  # fmt: skip
FIRE_NOT = (
    "0 99 * * 1", "60 3 * * 1", "0 3 0 * *", "0 3 32 * *", "0 3 * 13 *", "0 3 * * 8", "0 3 * * moon", "0 3 31 2 *", "0 0 31 2 1",
    "0 3 30,31 2 *", "0 3 31 4,6 *", "*/0 3 * * *", "a 3 * * *", "0 3 1- * *", "0 3 1,, * *", "-1 3 * * *",
)  # fmt: skip


def _fires(line: str) -> bool:
    """Ask who serves schedules."""
    from prefect.server.schemas.schedules import CronSchedule

    try:
        return bool(asyncio.run(CronSchedule(cron=line).get_dates(1)))
    except ValueError:
        return False


def test_what_is_said_of_a_cron_line_is_what_comes_of_it() -> None:
    assert [line for line in FIRE if cron.fault(line) is not None or not _fires(line)] == []
    assert [line for line in FIRE_NOT if cron.fault(line) is None or _fires(line)] == []


@pytest.mark.parametrize(
    ("line", "told"),
    [
        ('cron = "0 99 * * 1"', 'line 7: schedule.0.cron: "0 99 * * 1": "99" is no hour (from 0 to 23)'),
        ('cron = "0 3 31 2 *"', 'line 7: schedule.0.cron: "0 3 31 2 *": never fires: there is no such day'),
        ('cron = "0 3 * * moon"', '"moon" is no day of the week (from 0 to 7 or sun to sat)'),
        ('cron = "0 3"', "five fields"),
        (
            'every_hours = 24\ntimezone = "Europe/Nowhere"',
            'line 8: schedule.0.timezone: "Europe/Nowhere": no such time',
        ),
        ('every_hours = 24\ntimezone = "Europe/Berlyn"', 'Did you mean "Europe/Berlin"?'),
        ("every_hours = inf", "line 7: schedule.0.every_hours"),
    ],
)
def test_a_schedule_that_cannot_be_served_is_told_with_its_line(tmp_path: Path, line: str, told: str) -> None:
    file = tmp_path / "mine.toml"
    file.write_text(HEAD + line + "\n", encoding="utf-8")
    with pytest.raises(StudyError) as error:
        studies.load(str(file))
    assert told in str(error.value)


def test_a_corpus_of_a_study_that_can_be_served_no_more_says_so(tmp_path: Path) -> None:
    settings = '{"name": "mine", "title": "Mine", "index": "baclofen", "schedule": [{"cron": "0 3 31 2 *"}]}'
    with pytest.raises(StudyError, match=r"corpus: the study .*never fires.*--study"):
        studies.stored(settings, "corpus")
