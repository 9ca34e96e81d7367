"""Report: write the page that a person reads, and say where it lies."""

from pathlib import Path

from prefect import flow, task
from prefect.artifacts import create_link_artifact
from prefect.tasks import exponential_backoff

from flows import notices
from flows.common import changed, of_same_input, opened
from pipeline import made
from pipeline import report as reporting
from pipeline.home import Home
from pipeline.made import Inputs
from pipeline.study import Study


@task(
    name="report",
    cache_key_fn=of_same_input,
    persist_result=True,
    result_serializer="json",
    retries=2,
    retry_delay_seconds=exponential_backoff(2),
    retry_jitter_factor=0.3,
    timeout_seconds=3600,
)
def make_report(study: Study, home: Home, inputs: Inputs) -> str:
    """Write the report of a study into its home; give the file. inputs: what it is made from."""
    written = reporting.write(home, study)
    create_link_artifact(
        key=f"report-{study.name}".replace("_", "-"),
        link=written.resolve().as_uri(),
        link_text="the report",
        description=f"What was found for study {study.name}: answers with their denominators, limits, methods",
    )
    made.note(home, "report", inputs, [written])
    return str(written)


def write_report(study: Study, home: Home) -> Path:
    """Write the report of a study, unless it lies there already, made from the same input; give the file."""
    inputs = made.inputs(home, study)
    anew = changed(home, study, "report", inputs)
    return Path(make_report.with_options(refresh_cache=anew)(study, home, inputs))


@flow(name="report", persist_result=False, on_failure=[notices.failed], on_crashed=[notices.crashed])
def report(study: str | None = None, home: str | None = None) -> str:
    """Write the report anew; give its path. study: name or path; home: folder of the corpus."""
    return str(write_report(*opened(study, home)))
