"""Tabulate: bring the tables up to date, write them, and leave what a person wants to read as Prefect artifacts."""

from pathlib import Path

from prefect import flow, task
from prefect.artifacts import create_table_artifact
from prefect.tasks import exponential_backoff

from flows import notices
from flows.common import changed, of_same_input, opened
from pipeline import copies, corpus, coverage, made, tables
from pipeline.home import Home
from pipeline.made import Inputs
from pipeline.study import Study

_COVERAGE = "What was fetched for study {study}: by source and crawl, under which terms"
_SHOWN = {
    "flow": "The flow of posts of study {study}: seen, left out and why, kept, with an outcome",
    "outcome_by_treatment": "Outcomes by treatment of study {study}: persons, not posts",
}


@task(
    name="tabulate",
    cache_key_fn=of_same_input,
    persist_result=True,
    result_serializer="json",
    retries=2,
    retry_delay_seconds=exponential_backoff(2),
    retry_jitter_factor=0.3,
    timeout_seconds=4 * 3600,
)
def make_tables(study: Study, home: Home, inputs: Inputs) -> list[str]:
    """Bring the tables up to date and write them as CSV; give the files. inputs: what they are made from."""
    with corpus.writing(home) as con:
        corpus.publish(con, study)
    copies.mark(home, study)
    for name, words in _SHOWN.items():
        _show(study, home, name, words)
    files = tables.write_all(home)
    made.note(home, "tables", inputs, files)
    return [str(file) for file in files]


@task(
    name="coverage", retries=2, retry_delay_seconds=exponential_backoff(2), persist_result=False, timeout_seconds=3600
)
def show_coverage(study: Study, home: Home) -> None:
    """Bring what is told of crawls up to date, and show it: each run adds to it, whatever came."""
    coverage.refresh(home)
    _show(study, home, "coverage", _COVERAGE)


def write_tables(study: Study, home: Home) -> list[Path]:
    """Make the tables of a study, unless they lie there already, made from the same input; give the files."""
    inputs = made.inputs(home, study)
    anew = changed(home, study, "tables", inputs)
    files = [Path(file) for file in make_tables.with_options(refresh_cache=anew)(study, home, inputs)]
    show_coverage(study, home)
    return files


def _show(study: Study, home: Home, name: str, words: str) -> None:
    names, rows = tables.rows(home, name)
    create_table_artifact(
        key=f"{name}-{study.name}".replace("_", "-"),
        table=[dict(zip(names, map(tables.cell, row), strict=True)) for row in rows],
        description=words.format(study=study.name),
    )


@flow(name="tabulate", persist_result=False, on_failure=[notices.failed], on_crashed=[notices.crashed])
def tabulate(study: str | None = None, home: str | None = None) -> None:
    """Write the tables anew. study: name or path; home: folder of the corpus."""
    write_tables(*opened(study, home))
