"""Tabulate: bring the tables up to date, write them, and leave what a person wants to read as Prefect artifacts."""

from pathlib import Path

from prefect import flow, task
from prefect.artifacts import create_table_artifact

from flows import notices
from flows.common import opened
from pipeline import copies, corpus, coverage, tables
from pipeline.home import Home
from pipeline.study import Study

_SHOWN = {
    "flow": "The flow of posts of study {study}: seen, left out and why, kept, with an outcome",
    "coverage": "What was fetched for study {study}: by source and crawl, under which terms",
    "outcome_by_treatment": "Outcomes by treatment of study {study}: persons, not posts",
}


@task(name="tabulate", retries=1, retry_delay_seconds=1, persist_result=False)
def write_tables(study: Study, home: Home) -> list[Path]:
    """Bring the tables up to date and write them as CSV; give the files."""
    with corpus.writing(home) as con:
        corpus.publish(con, study)
    copies.mark(home, study)
    coverage.refresh(home)
    for name, words in _SHOWN.items():
        names, rows = tables.rows(home, name)
        create_table_artifact(
            key=f"{name}-{study.name}".replace("_", "-"),
            table=[dict(zip(names, map(tables.cell, row), strict=True)) for row in rows],
            description=words.format(study=study.name),
        )
    return tables.write_all(home)


@flow(name="tabulate", persist_result=False, on_failure=[notices.failed])
def tabulate(study: str | None = None, home: str | None = None) -> None:
    """Write the tables anew. study: name or path; home: folder of the corpus."""
    write_tables(*opened(study, home))
