"""Who is told of what: a source gone quiet, a result outside of the published range."""

from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

from pipeline import notices
from pipeline.home import Home
from pipeline.study import Source, Study

NOW = datetime(2026, 3, 1, tzinfo=UTC)
STUDY = Study(
    name="mine",
    title="Mine",
    index="baclofen",
    source=(
        Source(name="board", kind="board", urls=("https://forum.example/",)),
        Source(name="files", kind="file", paths=("posts.jsonl",)),
    ),
)


def run(days_ago: float, study: str = "mine", **new: int) -> dict[str, Any]:
    began = (NOW - timedelta(days=days_ago)).isoformat()
    return {"study": study, "began": began, "by_source": {name: {"new": n} for name, n in new.items()}}


def told(*runs: dict[str, Any]) -> list[str]:
    return [one.about for one in notices.quiet(STUDY, runs, NOW)]


def test_a_source_that_gave_nothing_new_for_two_weeks_is_told() -> None:
    assert told(run(21, board=5), run(14, board=0), run(0, board=0)) == ["board"]


def test_a_source_that_still_gives_is_not() -> None:
    assert told(run(21, board=5), run(3, board=1), run(0, board=0)) == []


def test_a_source_that_never_gave_anything_is_not_called_quiet() -> None:
    assert told(run(21, board=0), run(0, board=0)) == []


def test_files_and_other_studies_are_passed_over() -> None:
    assert told(run(40, files=9), run(40, study="other", board=9), run(0)) == []


def test_runs_are_read_oldest_first_and_a_torn_one_is_passed_over(tmp_path: Path) -> None:
    folder = tmp_path / notices.RUNS
    folder.mkdir()
    (folder / "2026-02-01.json").write_text('{"study": "mine", "began": "2026-02-01T00:00:00+00:00"}')
    (folder / "2026-01-01.json").write_text('{"study": "mine", "began": "2026-01-01T00:00:00+00:00"}')
    (folder / "2026-03-01.json").write_text('{"study": "mi')
    assert [r["began"][:7] for r in notices.runs(Home(tmp_path))] == ["2026-01", "2026-02"]
