"""Sweep: ask each source again for what we hold, and erase what it has deleted."""

from typing import Any

from prefect import flow, task
from prefect.logging import get_run_logger

from flows import notices
from flows.common import opened
from pipeline import sweep as sweeping
from pipeline.errors import SourceError
from pipeline.home import Home
from pipeline.study import Study
from pipeline.sweep import Swept


@task(name="sweep", retries=1, retry_delay_seconds=60, persist_result=False)
def ask_again(study: Study, home: Home, hours: float) -> list[Swept]:
    """Ask for every post that was not asked for within some hours."""
    done = sweeping.sweep(study, home, hours=hours)
    for one in done:
        get_run_logger().info("%s: %d asked for, %d erased, %d left", one.source, one.asked, one.gone, one.left)
    return done


@flow(name="sweep", persist_result=False, on_failure=[notices.failed])
def sweep(study: str | None = None, home: str | None = None, hours: float = sweeping.HOURS) -> dict[str, Any]:
    """Erase what its source has deleted; give counts by source.

    study: name or path; home: folder of the corpus; hours: posts asked for within them are left alone. Raises
    SourceError if sources failed, naming them.
    """
    chosen, where = opened(study, home)
    asked = [s for s in chosen.sources if s.kind != "file"]  # files cannot be asked for again
    done = ask_again(chosen.model_copy(update={"sources": tuple(asked)}), where, hours)
    if failed := [d.source for d in done if d.error is not None]:
        raise SourceError(f"{', '.join(failed)}: stopped early; `doselore sweep` says why")
    return {d.source: {"asked": d.asked, "erased": d.gone, "left": d.left} for d in done}
