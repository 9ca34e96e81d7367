"""The flow that joins all: collect, extract, tabulate. `doselore run` is this flow."""

from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from prefect import flow, task
from prefect.artifacts import create_table_artifact
from prefect.logging import get_run_logger

from flows import progress as progressing
from flows import show
from pipeline import collect, copies, corpus, coverage, extract, tables
from pipeline.collect import Collected
from pipeline.home import Home
from pipeline.study import Source, Study


@dataclass(slots=True)
class Summary:
    """What one run did. collected: a row a source; read: posts the extractor read; files: the tables as written."""

    collected: list[Collected] = field(default_factory=list[Collected])
    read: int = 0
    files: list[Path] = field(default_factory=list[Path])

    @property
    def failed(self) -> list[Collected]:
        """The sources that stopped early."""
        return [c for c in self.collected if c.error]


@task(task_run_name="collect {source.name}", retries=2, retry_delay_seconds=[1, 5], persist_result=False)
def collect_source(study: Study, source: Source, home: Home, progress: Any) -> Collected:
    """Collect from one source."""
    done = collect.collect_source(study, source, home, progress)
    get_run_logger().info(
        "%s: %d new, %d changed, %d same", source.name, done.merged.new, done.merged.changed, done.merged.same
    )
    return done


@task(retries=1, retry_delay_seconds=1, persist_result=False)
def extract_posts(study: Study, home: Home, bar: Any) -> int:
    """Read the new and changed posts."""
    done, _ = extract.read_corpus(home, study, bar)
    get_run_logger().info("%d posts read", done.read)
    return done.read


@task(retries=1, retry_delay_seconds=1, persist_result=False)
def tabulate(study: Study, home: Home) -> list[Path]:
    """Write the tables, and the flow of posts as an artifact."""
    with corpus.writing(home) as con:
        corpus.publish(con, study)
    copies.mark(home, study)
    coverage.refresh(home)
    names, rows = tables.rows(home, "flow")
    create_table_artifact(
        key=f"flow-{study.name.replace('_', '-')}",
        table=[dict(zip(names, map(tables.cell, row), strict=True)) for row in rows],
        description=f"The flow of posts of study {study.name}",
    )
    return tables.write_all(home)


@flow(name="refresh", validate_parameters=False, persist_result=False)
def refresh(study: Study, home: Home, quiet: bool = False) -> Summary:
    """Collect what is new from every source, read it, and write the tables.

    study: what is asked; home: where the corpus lies; quiet: no progress on the terminal.
    """
    summary = Summary()
    with progressing.progress(quiet=quiet) as progress, collect.served(study) as ready:
        futures = [collect_source.submit(ready, source, home, progress) for source in ready.sources]
        summary.collected = [f.result() for f in futures]
    summary.read = extract_posts(study, home, show.bar("reading posts", quiet=quiet))
    summary.files = tabulate(study, home)
    return summary
