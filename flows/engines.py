"""Where a large reading is done, and dumps are searched: on the engine of a study, through Prefect's task runners.

In this process and in processes of this machine, `pipeline.workers` does it: it starts in a second. A cluster gets the
same pure function as Prefect tasks. The bytes are the same.
"""

import functools
import importlib.util
from collections import deque
from collections.abc import Iterable, Iterator
from pathlib import Path
from typing import Any

from prefect import flow, task

from pipeline import batches, lake, workers
from pipeline import extract as extracting
from pipeline.errors import ExtractionError
from pipeline.home import Home
from pipeline.study import Study

_AHEAD = 3  # parts handed out per worker before the first is waited for: memory stays flat however many there are


@functools.lru_cache(maxsize=2)
def _reader(study: str) -> Any:
    """Make the extractor once in each process of a cluster. study: as JSON, so that it can be told from another."""
    return extracting.engine(Study.model_validate_json(study))


@task(name="read part", retries=3, retry_delay_seconds=1, persist_result=False, log_prints=False)
def read_part(study: str, part: batches.Part) -> Any:
    """Read one batch of posts; a worker that dies is a retry."""
    return batches.read_batch(_reader(study), part)


@functools.lru_cache(maxsize=2)
def _filler(folder: str, home: str, study: str, source: str) -> lake.Worker:
    """Make what fills a lake once in each process of a cluster."""
    return lake.worker(Path(folder), Home(Path(home)), Study.model_validate_json(study), source)


@task(name="fill from a file", retries=3, retry_delay_seconds=1, persist_result=False, log_prints=False)
def fill_file(folder: str, home: str, study: str, source: str, path: str) -> lake.Wrote:
    """Search one file and write what is found into a lake; a worker that dies is a retry, from where it stopped."""
    return lake.read_file(_filler(folder, home, study, source), Path(path))


@flow(name="fill the lake", validate_parameters=False, persist_result=False)
def fill_on_cluster(folder: Path, home: Home, study: Study, source: str, paths: list[Path]) -> list[lake.Wrote]:
    """Fill a lake on the task runner of this flow, a file a task. Every worker must see the files and both folders."""
    asked = (str(folder.absolute()), str(home.root.absolute()), study.model_dump_json(by_alias=True), source)
    return [future.result() for future in [fill_file.submit(*asked, str(path.absolute())) for path in paths]]


def task_runner(study: Study) -> Any:
    """Give the task runner of a study's [run] engine "dask": a scheduler that runs already, or a cluster for the run.

    Raises ExtractionError if the extra is not installed.
    """
    if importlib.util.find_spec("prefect_dask") is None:
        raise ExtractionError('engine = "dask" needs an extra: pip install "doselore[dask]"')
    from prefect_dask.task_runners import DaskTaskRunner

    if study.run.address is not None:
        return DaskTaskRunner(address=study.run.address)
    many = study.run.workers or workers.cores()
    return DaskTaskRunner(
        cluster_kwargs={
            "n_workers": many,
            "threads_per_worker": 1,
            "dashboard_address": None,
            "host": "127.0.0.1",
            "env": {"PREFECT_API_URL": _api()},
        }
    )


def _api() -> str:
    """Give the address of the Prefect server in use: without it, each worker would start a server of its own."""
    from prefect.client.orchestration import get_client

    with get_client(sync_client=True) as client:
        return str(client.api_url)


def submitted(study: Study, parts: Iterable[batches.Part]) -> Iterator[Any]:
    """Read parts on the task runner of the flow that runs, a few ahead, and give what came in the parts' order."""
    whole = study.model_dump_json(by_alias=True)
    most = _AHEAD * (study.run.workers or workers.cores())
    ahead: deque[Any] = deque()
    for part in parts:
        ahead.append(read_part.submit(whole, part))
        if len(ahead) >= most:
            yield ahead.popleft().result()
    while ahead:
        yield ahead.popleft().result()
