"""Collect: one task a source, side by side; a source that fails does not stop the others."""

from contextlib import AbstractContextManager, nullcontext
from typing import Any

from prefect import flow, task
from prefect.client.orchestration import get_client
from prefect.concurrency.sync import concurrency
from prefect.logging import get_run_logger
from prefect.runtime import flow_run, task_run
from prefect.settings import get_current_settings
from prefect.tasks import exponential_backoff

from flows import notices, progress
from flows.common import opened
from pipeline import collect as collecting
from pipeline.collect import Collected
from pipeline.errors import SourceError, cause
from pipeline.home import Home
from pipeline.progress import Progress
from pipeline.staging import Merged
from pipeline.study import Source, Study

_HOURS = 3600
_LEASE = 60  # seconds after which the place of a run that was killed is free


def _of_this_run(_context: Any, given: dict[str, Any]) -> str:
    """Name what a source gave in a run: a run that was killed and goes on does not ask it again."""
    return f"collect-{flow_run.root_flow_run_id}-{given['source'].name}"


@task(task_run_name="collect {source.name}", cache_key_fn=_of_this_run, persist_result=True)
def collect_source(study: Study, source: Source, home: Home, shown: Progress | None, earlier: Merged) -> Collected:
    """Collect from one source; what stopped it early is in the result, unless it is worth another try.

    earlier: what the tries before this one brought.
    """
    log = get_run_logger()
    with _alone(source):
        done = collecting.collect_source(study, source, home, shown or progress.Logged(log))
    earlier += done.merged
    if done.error is not None:
        log.warning("%s: stopped early (%s)", source.name, cause(done.error))
        if collecting.may_pass(source, done.error) and task_run.run_count <= study.run.retries:
            raise SourceError(f"{source.name}: {cause(done.error)}")  # Prefect logs it: no address in it
    log.info("%s: %d new, %d changed, %d same", source.name, earlier.new, earlier.changed, earlier.same)
    return Collected(source.name, earlier, done.error)


def collect_all(study: Study, home: Home, shown: Progress | None) -> list[Collected]:
    """Collect from every source of a study, within a flow. shown: where progress goes; None: the log of the run."""
    asked = collect_source.with_options(
        retries=study.run.retries,
        retry_delay_seconds=exponential_backoff(study.run.retry_seconds),
        retry_jitter_factor=0.3,
        timeout_seconds=study.run.source_hours * _HOURS,
    )
    earlier = {source.name: Merged() for source in study.sources}
    with collecting.served(study) as ready:
        futures = {s.name: asked.submit(ready, s, home, shown, earlier[s.name]) for s in ready.sources}
        found: dict[str, Any] = {name: future.result(raise_on_failure=False) for name, future in futures.items()}
    return [f if isinstance(f, Collected) else Collected(n, earlier[n], _error(n, f)) for n, f in found.items()]


def _error(name: str, what: Any) -> SourceError:
    if isinstance(what, TimeoutError):
        return SourceError(f"{name}: took longer than the study's source_hours; the next run goes on where it stopped")
    return SourceError(f"{name}: {type(what).__name__}: {what}")


def _alone(source: Source) -> AbstractContextManager[None]:
    """Have a source to oneself, whoever else crawls it: a limit of the Prefect server that several runs share.

    A server of this process alone has no others to wait for; two crawls in one home are kept apart by their ledger.
    """
    if not get_current_settings().api.url:
        return nullcontext()
    name = f"doselore-{source.name}"
    with get_client(sync_client=True) as client:
        client.upsert_global_concurrency_limit_by_name(name, 1)
    return concurrency(name, lease_duration=_LEASE)


@flow(name="collect", persist_result=False, on_failure=[notices.failed], on_crashed=[notices.crashed])
def collect(study: str | None = None, home: str | None = None) -> None:
    """Collect what is new or changed from every source of a study.

    study: name or path; home: folder of the corpus. Raises SourceError, naming them, if sources failed; what the others
    gave is kept.
    """
    failed = [f"{c.source}: {cause(c.error)}" for c in collect_all(*opened(study, home), None) if c.error is not None]
    if failed:
        raise SourceError(f"stopped early: {'; '.join(failed)} (`doselore collect` says more)")
