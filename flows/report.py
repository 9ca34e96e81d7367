"""Report: write the page that a person reads, and say where it lies."""

from pathlib import Path

from prefect import flow, task
from prefect.artifacts import create_link_artifact

from flows import notices
from flows.common import opened
from pipeline import report as reporting
from pipeline.home import Home
from pipeline.study import Study


@task(name="report", retries=1, retry_delay_seconds=1, persist_result=False)
def write_report(study: Study, home: Home) -> Path:
    """Write the report of a study into its home; give the file."""
    written = reporting.write(home, study)
    create_link_artifact(
        key=f"report-{study.name}".replace("_", "-"),
        link=written.resolve().as_uri(),
        link_text="the report",
        description=f"What was found for study {study.name}: answers with their denominators, limits, methods",
    )
    return written


@flow(name="report", persist_result=False, on_failure=[notices.failed])
def report(study: str | None = None, home: str | None = None) -> str:
    """Write the report anew; give its path. study: name or path; home: folder of the corpus."""
    return str(write_report(*opened(study, home)))
