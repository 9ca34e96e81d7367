"""Sweep: ask each source again for what we hold, and erase what it has deleted."""

from typing import Any

from prefect import flow, task
from prefect.logging import get_run_logger
from prefect.runtime import task_run
from prefect.tasks import exponential_backoff

from flows import notices
from flows.common import opened
from pipeline import sweep as sweeping
from pipeline.collect import may_pass
from pipeline.errors import SourceError, cause
from pipeline.home import Home
from pipeline.study import Study
from pipeline.sweep import Swept


@task(name="sweep", retry_jitter_factor=0.3, persist_result=False)  # not kept: it is the asking that counts
def ask_again(study: Study, home: Home, hours: float) -> list[Swept]:
    """Ask for every post that was not asked for within some hours; where a source is busy, try again."""
    done = sweeping.sweep(study, home, hours=hours)
    for one in done:
        get_run_logger().info("%s: %d asked for, %d erased, %d left", one.source, one.asked, one.gone, one.left)
        if one.error is not None:
            get_run_logger().warning("%s: stopped early (%s)", one.source, cause(one.error))
    passing = [d for d in done if may_pass(study.source(d.source), d.error)]
    if passing and task_run.run_count <= study.run.retries:
        raise SourceError(_why(passing))
    return done


@flow(name="sweep", persist_result=False, on_failure=[notices.failed], on_crashed=[notices.crashed])
def sweep(study: str | None = None, home: str | None = None, hours: float = sweeping.HOURS) -> dict[str, Any]:
    """Erase what its source has deleted; give counts by source.

    study: name or path; home: folder of the corpus; hours: posts asked for within them are left alone. Raises
    SourceError if sources failed, naming them.
    """
    chosen, where = opened(study, home)
    asked = [s for s in chosen.sources if s.kind != "file"]  # files cannot be asked for again
    run = ask_again.with_options(
        retries=chosen.run.retries,
        retry_delay_seconds=exponential_backoff(chosen.run.retry_seconds),
        timeout_seconds=chosen.run.source_hours * 3600,
    )
    done = run(chosen.model_copy(update={"sources": tuple(asked)}), where, hours)
    if failed := [d for d in done if d.error is not None]:
        raise SourceError(f"stopped early: {_why(failed)} (`doselore sweep` says more)")
    return {d.source: {"asked": d.asked, "erased": d.gone, "left": d.left} for d in done}


def _why(stopped: list[Swept]) -> str:
    """Give, by source, what a log may say of why it stopped."""
    return "; ".join(f"{one.source}: {cause(one.error)}" for one in stopped if one.error is not None)
