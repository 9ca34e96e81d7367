"""Collect: one task a source, side by side; a source that fails does not stop the others."""

from typing import Any

from prefect import flow, task
from prefect.logging import get_run_logger

from flows import notices
from flows.common import opened
from pipeline import collect as collecting
from pipeline.collect import Collected
from pipeline.errors import SourceError
from pipeline.home import Home
from pipeline.progress import Silent
from pipeline.study import Source, Study

_HOURS = 3600
_LONGEST = 20 * _HOURS  # seconds that one source may take in one run; the next run goes on where it stopped


@task(
    task_run_name="collect {source.name}",
    retries=2,
    retry_delay_seconds=[1, 5],
    timeout_seconds=_LONGEST,
    persist_result=False,
)
def collect_source(study: Study, source: Source, home: Home, progress: Any) -> Collected:
    """Collect from one source; what stopped it early is in the result."""
    done = collecting.collect_source(study, source, home, progress)
    log = get_run_logger()
    log.info("%s: %d new, %d changed, %d same", source.name, done.merged.new, done.merged.changed, done.merged.same)
    if done.error is not None:
        log.warning("%s: stopped early (%s)", source.name, type(done.error).__name__)
    return done


def collect_all(study: Study, home: Home, progress: Any) -> list[Collected]:
    """Collect from every source of a study, within a flow."""
    with collecting.served(study) as ready:
        futures = [collect_source.submit(ready, source, home, progress) for source in ready.sources]
        return [f.result() for f in futures]


@flow(name="collect", persist_result=False, on_failure=[notices.failed])
def collect(study: str | None = None, home: str | None = None) -> None:
    """Collect what is new or changed from every source of a study.

    study: name or path; home: folder of the corpus. Raises SourceError, naming them, if sources failed; what the others
    gave is kept.
    """
    failed = [c.source for c in collect_all(*opened(study, home), Silent()) if c.error is not None]
    if failed:
        raise SourceError(f"{', '.join(failed)}: stopped early; `doselore collect` says why")
