"""Extract: read the corpus's new and changed posts into records."""

import contextlib
import functools
from collections.abc import Callable
from contextlib import AbstractContextManager

from prefect import flow, task
from prefect.logging import get_run_logger
from prefect.tasks import exponential_backoff

from flows import engines, notices
from flows.common import opened
from pipeline import extract as extracting
from pipeline.extract import Ticker
from pipeline.home import Home
from pipeline.study import Study

Bar = Callable[[int], AbstractContextManager[Ticker]]


# Not kept by a hash of its input: the corpus knows each post that was read, by which version, and its text's hash.
@task(
    name="extract",
    retries=2,
    retry_delay_seconds=exponential_backoff(2),
    retry_jitter_factor=0.3,
    persist_result=False,
)
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
    longest = study.run.read_hours * 3600
    if study.run.engine == "dask":
        cluster = engines.task_runner(study)
        return read_on_cluster.with_options(task_runner=cluster, timeout_seconds=longest)(study, home, bar)
    return read_here.with_options(timeout_seconds=longest)(study, home, bar)


@flow(name="extract", persist_result=False, on_failure=[notices.failed], on_crashed=[notices.crashed])
def extract(study: str | None = None, home: str | None = None) -> int:
    """Read what waits in the corpus. study: name or path; home: folder of the corpus."""
    return extract_posts(*opened(study, home), no_bar)


def no_bar(_total: int) -> AbstractContextManager[Ticker]:
    """Give a progress display that shows nothing."""
    return contextlib.nullcontext(lambda _n: None)
