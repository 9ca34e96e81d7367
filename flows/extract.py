"""Extract: read the corpus's new and changed posts into records."""

import contextlib
import functools
from collections.abc import Callable
from contextlib import AbstractContextManager

from prefect import flow, task
from prefect.logging import get_run_logger

from flows import engines, notices
from flows.common import opened
from pipeline import extract as extracting
from pipeline.extract import Ticker
from pipeline.home import Home
from pipeline.study import Study

Bar = Callable[[int], AbstractContextManager[Ticker]]


@task(name="extract", retries=1, retry_delay_seconds=1, persist_result=False)
def read_here(study: Study, home: Home, bar: Bar) -> int:
    """Read the new and changed posts on this machine; give how many there were."""
    done, _ = extracting.read_corpus(home, study, bar)
    get_run_logger().info("%d posts read", done.read)
    return done.read


@flow(name="extract on a cluster", validate_parameters=False, persist_result=False)
def read_on_cluster(study: Study, home: Home, bar: Bar) -> int:
    """Read the new and changed posts on the task runner of this flow; the corpus stays with this process."""
    done, _ = extracting.read_corpus(home, study, bar, mapped=functools.partial(engines.submitted, study))
    return done.read


def extract_posts(study: Study, home: Home, bar: Bar) -> int:
    """Read the new and changed posts where the study's [run] says; give how many there were."""
    if study.run.engine == "dask":
        return read_on_cluster.with_options(task_runner=engines.task_runner(study))(study, home, bar)
    return read_here(study, home, bar)


@flow(name="extract", persist_result=False, on_failure=[notices.failed])
def extract(study: str | None = None, home: str | None = None) -> int:
    """Read what waits in the corpus. study: name or path; home: folder of the corpus."""
    return extract_posts(*opened(study, home), no_bar)


def no_bar(_total: int) -> AbstractContextManager[Ticker]:
    """Give a progress display that shows nothing."""
    return contextlib.nullcontext(lambda _n: None)
