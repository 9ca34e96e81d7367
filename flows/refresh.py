"""The flow that joins all: collect, extract, tabulate, report. `doselore run` is this flow."""

import time
from collections import Counter
from collections.abc import Generator, Mapping
from contextlib import contextmanager
from dataclasses import asdict, dataclass, field
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import orjson
from prefect import flow
from prefect.artifacts import create_markdown_artifact

from flows import notices as telling
from flows import progress as progressing
from flows import show
from flows.collect import collect_all
from flows.common import opened
from flows.extract import extract_posts
from flows.report import write_report
from flows.tabulate import write_tables
from pipeline import notices, tables
from pipeline.collect import Collected
from pipeline.errors import SourceError, cause
from pipeline.home import Home
from pipeline.notices import Notice
from pipeline.staging import Merged
from pipeline.study import Study


@dataclass(slots=True)
class Summary:
    """What one run did. collected: a row a source; read: posts the extractor read; files: the tables as written.

    report: the page; flow: posts by stage as the tables count them; told: what a person should know of; seconds: time
    by stage.
    """

    collected: list[Collected] = field(default_factory=list[Collected])
    read: int = 0
    files: list[Path] = field(default_factory=list[Path])
    report: Path | None = None
    flow: dict[str, int] = field(default_factory=dict[str, int])
    told: list[Notice] = field(default_factory=list[Notice])
    seconds: dict[str, float] = field(default_factory=dict[str, float])

    @property
    def failed(self) -> list[Collected]:
        """The sources that stopped early."""
        return [c for c in self.collected if c.error]

    def figures(self) -> dict[str, Any]:
        """Give what a run is judged by: counts, rates and times, and nothing personal."""
        total = Merged()
        for one in self.collected:
            total += one.merged
        return {
            "sources": len(self.collected),
            "new": total.new,
            "changed": total.changed,
            "same": total.same,
            "erased": total.erased,
            "set_aside": total.reasons,
            "collected_per_second": self._rate("collect", total.seen),
            "read": self.read,
            "read_per_second": self._rate("extract", self.read),
            "by_source": {c.source: _counts(c) for c in self.collected},
            "flow": self.flow,
            "told": [asdict(one) for one in self.told],
            "errors": dict(Counter(type(c.error).__name__ for c in self.failed)),
            "failed": [c.source for c in self.failed],
            "seconds": {stage: round(s, 2) for stage, s in self.seconds.items()},
        }

    def _rate(self, stage: str, posts: int) -> float | None:
        spent = self.seconds.get(stage, 0.0)
        return round(posts / spent, 1) if spent and posts else None


def _counts(one: Collected) -> dict[str, Any]:
    merged = one.merged
    error, why = (type(one.error).__name__, cause(one.error)) if one.error else (None, None)
    return {"new": merged.new, "changed": merged.changed, "same": merged.same, "error": error, "why": why}


@contextmanager
def _timed(summary: Summary, stage: str) -> Generator[None]:
    began = time.monotonic()
    try:
        yield
    finally:
        summary.seconds[stage] = time.monotonic() - began


@flow(name="refresh", validate_parameters=False, persist_result=False)
def refresh(study: Study, home: Home, quiet: bool = False) -> Summary:
    """Collect what is new from every source, read it, write the tables and the report.

    study: what is asked; home: where the corpus lies; quiet: no progress on the terminal.
    """
    began = datetime.now(UTC)
    summary = Summary()
    with _timed(summary, "collect"), progressing.progress(quiet=quiet) as shown:
        summary.collected = collect_all(study, home, None if quiet else shown)
    with _timed(summary, "extract"):
        summary.read = extract_posts(study, home, show.bar("reading posts", quiet=quiet))
    with _timed(summary, "tabulate"):
        summary.files = write_tables(study, home)
    with _timed(summary, "report"):
        summary.report = write_report(study, home)
    summary.flow = tables.flow(home)
    before = notices.runs(home)
    summary.told = notices.alarms(home) + notices.quiet(study, [*before, _run(study, began, summary)], began)
    _keep(study, home, _run(study, began, summary), notices.last(study, before))
    telling.emit(study, notices.news(summary.told, study, before))
    return summary


@flow(
    name="scheduled-refresh",
    flow_run_name="refresh {study}",
    persist_result=False,
    on_failure=[telling.failed],
    on_crashed=[telling.crashed],
)
def scheduled_refresh(study: str | None = None, home: str | None = None) -> dict[str, Any]:
    """Do what `doselore run` does, by names, as a schedule asks for it; give the run's figures.

    Raises SourceError, naming them, if sources failed: the run is then a failed one, and all that came is kept.
    """
    summary = refresh(*opened(study, home), quiet=True)
    if summary.failed:
        failed = [f"{c.source}: {cause(c.error)}" for c in summary.failed if c.error]
        raise SourceError(f"stopped early: {'; '.join(failed)}; what came is kept")
    return summary.figures()


def _run(study: Study, began: datetime, summary: Summary) -> dict[str, Any]:
    return {"study": study.name, "began": began.isoformat(), **summary.figures()}


def _keep(study: Study, home: Home, run: dict[str, Any], last: Mapping[str, Any] | None) -> None:
    """Write a run's figures beside the corpus, and as an artifact what is new since the last one."""
    folder = home.root / notices.RUNS
    folder.mkdir(mode=0o700, exist_ok=True)
    name = datetime.fromisoformat(run["began"]).strftime("%Y-%m-%dT%H%M%S.%fZ.json")
    (folder / name).write_bytes(orjson.dumps(run, option=orjson.OPT_INDENT_2) + b"\n")
    create_markdown_artifact(
        key=f"run-{study.name}".replace("_", "-"),
        markdown=show.since(run, last),
        description=f"The last run of study {study.name}, and what is new since the one before",
    )
