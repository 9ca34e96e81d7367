"""The commands that give figures: table, query, evaluate. Added to the command line by `add`."""

from pathlib import Path
from typing import Annotated, Any

import typer

from flows.privacy import AsJson, HomeDir, StudyName, Verbose


def add(app: typer.Typer) -> None:
    """Add these commands to the command line."""
    app.command()(table)
    app.command()(query)
    app.command()(evaluate)


def table(
    name: Annotated[str | None, typer.Argument(help="A table or view; with none, they are listed.")] = None,
    form: Annotated[str, typer.Option("--format", help="text, csv, json, parquet or md.")] = "text",
    out: Annotated[Path | None, typer.Option("--out", help="Write to this file instead of standard output.")] = None,
    limit: Annotated[
        int | None, typer.Option("--limit", min=0, help="At most so many rows; else all, as text 1,000.")
    ] = None,
    evidence: Annotated[
        str | None, typer.Option("--evidence", help='What stands behind a cell: "treatment=baclofen,domain=craving".')
    ] = None,
    study: StudyName = None,
    home: HomeDir = None,
    as_json: AsJson = False,
    verbose: Verbose = False,
) -> None:
    """Print one of the tables; with no name, list them.

    Example: doselore table outcome_by_treatment --format csv
    """
    from flows import show
    from pipeline import corpus, tables
    from pipeline import home as homes

    del verbose
    form = "json" if as_json else form
    if name is None:
        rows: list[tuple[Any, ...]] = [(n, words) for n, words in tables.described().items()]
        tables.emit(tables.written(["table", "one row is"], rows, form), out)
        return
    where = homes.find(home)
    if study:
        with corpus.writing(where) as con:
            corpus.publish(con, corpus.study_of(where, study))
    if evidence is not None:
        from pipeline import cells

        names, found = cells.evidence(where, name, cells.parse(evidence))
        tables.emit(tables.written(names, found[:limit], form), out)
        return
    show.table(where, name, form, limit, out)


def query(
    sql: Annotated[str, typer.Argument(help='One statement of DuckDB\'s SQL, e.g. "select count(*) from post".')],
    form: Annotated[str, typer.Option("--format", help="text, csv, json, parquet or md.")] = "text",
    seconds: Annotated[float, typer.Option("--seconds", min=0.1, help="Stop after so many seconds.")] = 60.0,
    study: StudyName = None,
    home: HomeDir = None,
    as_json: AsJson = False,
    verbose: Verbose = False,
) -> None:
    """Ask the corpus in SQL: read-only, and no file, network or setting can be reached from inside.

    Example: doselore query "select substance, count(*) from treatment group by 1 order by 2 desc"
    """
    from pipeline import corpus, tables
    from pipeline import home as homes

    del study, verbose
    with corpus.reading(homes.find(home)) as con:
        names, rows = corpus.query(con, sql, seconds=seconds)
    tables.emit(tables.written(names, rows, "json" if as_json else form))


def evaluate(
    gold: Annotated[Path, typer.Argument(help="Annotated records, JSONL.")],
    posts: Annotated[
        Path | None, typer.Option("--posts", help='The annotated posts; else the neighbour with "posts" for "gold".')
    ] = None,
    by: Annotated[str | None, typer.Option("--by", help="Also by columns of the posts: source,condition,…")] = None,
    errors: Annotated[str | None, typer.Option("--errors", help="List the mistakes of this field, with words.")] = None,
    keep: Annotated[
        str | None, typer.Option("--keep", help="Keep the result in the corpus under this name; see table corrected.")
    ] = None,
    annotator: Annotated[str, typer.Option("--annotator", help="With --keep: who read the sample.")] = "not said",
    form: Annotated[str, typer.Option("--format", help="text, csv, json, parquet or md.")] = "text",
    study: StudyName = None,
    home: HomeDir = None,
    as_json: AsJson = False,
    verbose: Verbose = False,
) -> None:
    """Say how good the extractor is: its records against annotated ones, with bootstrap intervals.

    Example: doselore evaluate dev_gold.jsonl --posts dev_posts.jsonl --errors conditions
    """
    from pipeline import evaluate as evaluating
    from pipeline import study as studies
    from pipeline import tables

    del verbose
    also, chosen = None, studies.load(study) if study else None
    if keep is not None:
        from pipeline import accuracy

        also, chosen = accuracy.keeper(home, keep, annotator, study)
    names, rows = evaluating.table(gold, posts, by, errors, chosen, also)
    form = "json" if as_json else form
    rows = evaluating.dashed(names, rows) if form in ("text", "md") else rows
    tables.emit(tables.written(names, rows, form))
