"""What a person should be told of while schedules run: a run that failed, a source gone quiet, an alarm of the tables.

Nothing personal is in a notice: sources, facts and counts alone.
"""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta
from pathlib import Path
from typing import Any, Literal

import orjson

from pipeline import corpus
from pipeline.home import Home
from pipeline.study import Study

RUNS = "runs"


@dataclass(frozen=True, slots=True)
class Notice:
    """One thing to be told. about: the flow, source or published fact; words: a line for a person."""

    kind: Literal["failed", "quiet", "alarm"]
    about: str
    words: str


def alarms(home: Home) -> list[Notice]:
    """Give a notice for each result that lies outside of what trials and cohorts report."""
    with corpus.reading(home) as con:
        rows = con.execute(corpus.sql("alarms")).fetchall()
    return [
        Notice("alarm", str(fact), f"{fact}: {reading} the published range; see `doselore table benchmark`")
        for fact, reading in rows
    ]


def quiet(study: Study, runs: Iterable[Mapping[str, Any]], now: datetime) -> list[Notice]:
    """Give a notice for each source that once gave posts and has given none that is new for `quiet_days`.

    runs: figures of earlier runs and of this one, as `flows.refresh` keeps them; those of other studies are passed
    over. now: aware, UTC.
    """
    last: dict[str, datetime] = {}
    for run in runs:
        if run.get("study") != study.name:
            continue
        began = datetime.fromisoformat(str(run["began"]))
        for name, counts in dict(run.get("by_source") or {}).items():
            if counts.get("new"):
                last[name] = max(began, last.get(name, began))
    days = study.notices.quiet_days
    asked = [s for s in study.sources if s.kind in ("board", "reviews", "reddit", "lemmy")]
    return [
        Notice("quiet", s.name, f"{s.name}: nothing new since {last[s.name]:%Y-%m-%d}; see `doselore table coverage`")
        for s in asked
        if s.name in last and now - last[s.name] >= timedelta(days=days)
    ]


def news(told: Iterable[Notice], study: Study, before: Iterable[Mapping[str, Any]]) -> list[Notice]:
    """Give what the study's last run did not tell: who is told the same each week hears nothing in the end.

    before: figures of earlier runs, oldest first.
    """
    told_then = (last(study, before) or {}).get("told") or ()
    known = {(str(one.get("kind")), str(one.get("about"))) for one in told_then}
    return [one for one in told if (one.kind, one.about) not in known]


def last(study: Study, before: Iterable[Mapping[str, Any]]) -> Mapping[str, Any] | None:
    """Give the figures of a study's last run, of those of all runs, oldest first; None where this is the first."""
    return next((run for run in reversed(list(before)) if run.get("study") == study.name), None)


def runs(home: Home) -> list[dict[str, Any]]:
    """Give the figures of the runs that a home remembers, oldest first; a file that was torn is passed over."""
    found: list[dict[str, Any]] = []
    for path in sorted((home.root / RUNS).glob("*.json")):
        figures = _figures(path)
        if figures is not None:
            found.append(figures)
    return found


def _figures(path: Path) -> dict[str, Any] | None:
    try:
        figures = orjson.loads(path.read_bytes())
    except (OSError, orjson.JSONDecodeError):
        return None
    return figures if isinstance(figures, dict) and "began" in figures else None
