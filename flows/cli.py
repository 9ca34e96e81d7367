"""The command line: a thin skin over Python calls. Each command imports what it needs when it needs it."""

import contextlib
import os
import sys
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any

import typer

from flows import explore as exploring
from flows import export as exporting
from flows import lake as lakes
from flows import privacy, reporting, review
from pipeline.errors import DoseloreError, safe

if TYPE_CHECKING:
    from pipeline.home import Home
    from pipeline.study import Study

DONE, FAILED, WRONG_CALL, IN_PART = 0, 1, 2, 3

app = typer.Typer(
    name="doselore",
    help="What patients write about a treatment, turned into tables that a researcher can defend.\n\n"
    "Start with `doselore run`: the whole journey on a small invented sample, offline.",
    no_args_is_help=True,
    add_completion=False,
    pretty_exceptions_enable=False,
    rich_markup_mode=None,
    context_settings={"help_option_names": ["-h", "--help"]},
)

StudyName = Annotated[str | None, typer.Option("--study", help="A bundled study's name, or the path of a study file.")]
HomeDir = Annotated[
    Path | None, typer.Option("--home", help="Folder of the corpus; else DOSELORE_HOME, else ./doselore-home.")
]
AsJson = Annotated[bool, typer.Option("--json", help="Print the result as JSON.")]
Workers = Annotated[
    int | None, typer.Option("--workers", min=1, help="Processes that read posts; else one a core for many posts.")
]
Verbose = Annotated[bool, typer.Option("-v", "--verbose", help="Say more; show the trace of an error.")]


@app.command()
def run(study: StudyName = None, home: HomeDir = None, as_json: AsJson = False, verbose: Verbose = False) -> None:
    """Do the main job: collect, extract, tabulate. With no study: the bundled sample, offline.

    Example: doselore run --study baclofen --home ./baclofen
    """
    from flows import show
    from pipeline import home as homes
    from pipeline import study as studies

    where = homes.find(home).make()
    chosen = studies.load(study or "sample")
    prefect_settings(where, verbose=verbose)
    show.say(f"study {chosen.name}: {chosen.title}", quiet=as_json)
    show.say("starting Prefect's own server for this run (10 to 20 seconds) …", quiet=as_json)
    from flows import server
    from flows.refresh import refresh

    with server.running(where, interface=False):
        summary = refresh(chosen, where, quiet=as_json)
    show.summary(where, summary, as_json=as_json)
    raise typer.Exit(IN_PART if summary.failed else DONE)


@app.command()
def collect(
    sources: Annotated[list[str] | None, typer.Argument(help="Sources of the study; all if none is named.")] = None,
    url: Annotated[str | None, typer.Option("--url", help="One board or thread, without a study.")] = None,
    source: Annotated[
        str | None, typer.Option("--source", help="One source; with --url the name to keep it under.")
    ] = None,
    from_archive: Annotated[
        bool, typer.Option("--from-archive", help="Ask no site: read every kept answer again with today's readers.")
    ] = False,
    limit: Annotated[int | None, typer.Option("--limit", min=1, help="With --url: stop after so many posts.")] = None,
    delay: Annotated[
        float | None, typer.Option("--delay", min=0, help="With --url: least seconds between two requests.")
    ] = None,
    allow_private: Annotated[
        bool, typer.Option("--allow-private", help="With --url: the address may be private or loopback.")
    ] = False,
    study: StudyName = None,
    home: HomeDir = None,
    as_json: AsJson = False,
    verbose: Verbose = False,
) -> None:
    """Crawl the study's sources, or one address: what is new or changed only.

    Example: doselore collect --url https://forum.example/viewforum.php?f=2 --source example --limit 200
    """
    from flows import progress as progressing
    from flows import show
    from pipeline import collect as collecting
    from pipeline import copies, corpus
    from pipeline import home as homes

    where = homes.find(home).make()
    chosen = _study(study, where)
    if url is not None:
        if not source:
            raise typer.BadParameter("--url needs --source NAME, under which the posts are kept")
        if from_archive:
            raise typer.BadParameter("--from-archive asks no address; leave --url out")
        chosen = collecting.with_address(chosen, source, url, limit, delay, allow_private=allow_private)
        sources = [source]
    elif limit or delay or allow_private:
        raise typer.BadParameter("--limit, --delay and --allow-private go with --url")
    elif source:
        sources = [*(sources or ()), source]
    if not chosen.sources and not from_archive:
        raise DoseloreError(
            f"study {chosen.name} has no source yet: add a [[source]] to its file, or name an address with --url"
        )
    serving = contextlib.nullcontext(chosen) if from_archive else collecting.served(chosen)
    with progressing.progress(quiet=as_json) as progress, serving as ready:
        done = collecting.collect(ready, where, sources or (), progress, from_archive=from_archive)
    with corpus.writing(where) as con:
        corpus.publish(con, chosen)
    copies.mark(where, chosen)
    show.collected(done, as_json=as_json)
    raise typer.Exit(_exit_code(done))


@app.command(name="import")
def import_(
    files: Annotated[
        list[Path],
        typer.Argument(
            help="JSONL, JSON, CSV, TSV, Parquet, Reddit dumps (.zst, .ndjson), WARC, Lemmy JSON, saved pages, folders."
        ),
    ],
    source: Annotated[str, typer.Option("--source", help="The name to keep these posts under, e.g. webmd.")],
    mapping: Annotated[
        list[str] | None,
        typer.Option("--map", help="FIELD=COLUMN where a column is not found by itself, e.g. text=review."),
    ] = None,
    study: StudyName = None,
    home: HomeDir = None,
    as_json: AsJson = False,
    verbose: Verbose = False,
) -> None:
    """Bring posts from files into the corpus. Rows that cannot be used are set aside, counted and listed.

    Example: doselore import reviews.csv --source drugscom --map id=uniqueID --map text=review
    """
    from flows import show
    from pipeline import collect as collecting
    from pipeline import copies, corpus
    from pipeline import home as homes

    where = homes.find(home).make()
    chosen = _study(study, where)
    fields = _fields(mapping or [])
    with corpus.writing(where) as con:
        corpus.publish(con, chosen)
    done = collecting.import_files(chosen, where, files, source_name(source), fields)
    copies.mark(where, chosen)
    show.collected(done, as_json=as_json, home=where, next_step="doselore extract")
    raise typer.Exit(_exit_code(done))


@app.command()
def extract(
    file: Annotated[Path | None, typer.Argument(help='JSONL of {"id", "text", "drug"?, "condition"?}.')] = None,
    out: Annotated[
        Path | None, typer.Option("--out", help="Write the records here instead of standard output.")
    ] = None,
    workers: Workers = None,
    study: StudyName = None,
    home: HomeDir = None,
    as_json: AsJson = False,
    verbose: Verbose = False,
) -> None:
    """Read posts into records: of a file, or with no file the corpus's new and changed ones.

    Example: doselore extract posts.jsonl --out records.jsonl
    """
    from flows import show
    from pipeline import extract as extracting
    from pipeline import home as homes

    if file is not None:
        aside: list[str] = []
        lines = extracting.records(file, _named_study(study), aside, workers or extracting.workers_for(file))
        with show.counter("posts read", quiet=out is None or as_json) as tick:
            count = extracting.write(tick(lines), out) if out else show.stream(lines)
        show.extracted_file(file, out, count, aside, as_json=as_json)
        return
    if out is not None:
        raise typer.BadParameter("--out needs a FILE to read")
    where = homes.find(home)
    bar = show.bar("reading posts", quiet=as_json)
    done, total = extracting.read_corpus(where, _study(study, where), bar, workers)
    show.extracted_corpus(done, total, as_json=as_json)


@app.command()
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
    from pipeline import corpus, tables
    from pipeline import home as homes

    form = "json" if as_json else form
    if name is None:
        rows: list[tuple[Any, ...]] = [(n, words) for n, words in tables.described().items()]
        tables.emit(tables.written(["table", "one row is"], rows, form), out)
        return
    where = homes.find(home)
    if study:
        with corpus.writing(where) as con:
            corpus.publish(con, _study(study, where))
    if name == "coverage":
        from pipeline import coverage

        coverage.refresh(where)  # the ledgers as they are now, and whether they are whole
    if evidence is not None:
        from pipeline import cells

        names, found = cells.evidence(where, name, cells.parse(evidence))
        tables.emit(tables.written(names, found[:limit], form), out)
        return
    tables.emit(tables.parts(where, name, form, limit=limit), out)


@app.command()
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

    with corpus.reading(homes.find(home)) as con:
        names, rows = corpus.query(con, sql, seconds=seconds)
    tables.emit(tables.written(names, rows, "json" if as_json else form))


@app.command()
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
    from pipeline import tables

    also, chosen = None, _named_study(study)
    if keep is not None:
        from pipeline import accuracy

        also, chosen = accuracy.keeper(home, keep, annotator, study)
    names, rows = evaluating.table(gold, posts, by, errors, chosen, also)
    form = "json" if as_json else form
    rows = evaluating.dashed(names, rows) if form in ("text", "md") else rows
    tables.emit(tables.written(names, rows, form))


@app.command()
def schedule(
    port: Annotated[int | None, typer.Option("--port", help="Of Prefect's server; else a free one.")] = None,
    paused: Annotated[bool, typer.Option("--paused", help="Make the deployments, and start none by itself.")] = False,
    study: StudyName = None,
    home: HomeDir = None,
    as_json: AsJson = False,
    verbose: Verbose = False,
) -> None:
    """Serve the study's schedules until stopped: `[[schedule]]` with cron or every_hours; none: weekly.

    Example: doselore schedule --study baclofen --home ./baclofen
    """
    from pipeline import corpus
    from pipeline import home as homes

    where = homes.find(home).make()
    chosen = corpus.study_of(where, study)
    prefect_settings(where, verbose=verbose)
    from flows import schedule as scheduling

    path = Path(study) if study and study.endswith(".toml") else None
    name = str(path.resolve()) if path else chosen.name
    scheduling.serve(chosen, name, where, port=port, paused=paused)


@app.command()
def check(study: StudyName = None, home: HomeDir = None, as_json: AsJson = False, verbose: Verbose = False) -> None:
    """Say whether everything is in place: study, approvals, credentials, corpus, key, extractor, disk.

    Example: doselore check --study baclofen
    """
    from flows import show
    from pipeline import checks
    from pipeline import home as homes

    found = checks.everything(homes.find(home), study)
    show.checks(found, as_json=as_json)
    raise typer.Exit(FAILED if any(c.state == "fail" for c in found) else DONE)


privacy.add(app)
review.add(app)
exporting.add(app)
reporting.add(app)
exploring.add(app)
lakes.add(app)


def main() -> None:
    """Run the command line; every error of ours ends as one line and an exit status."""
    verbose = bool({"-v", "--verbose"} & set(sys.argv[1:]))
    try:
        app(_common_last(sys.argv[1:]))
    except DoseloreError as error:
        if verbose:
            _trace()
        sys.stderr.write(f"{type(error).__name__}: {error}\n")
        sys.exit(FAILED)
    except BrokenPipeError:
        os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())
        sys.exit(FAILED)
    except KeyboardInterrupt:
        sys.stderr.write("stopped; what was finished is kept, run it again to go on\n")
        sys.exit(130)
    except Exception as error:  # noqa: BLE001 - the edge: whatever it is, it ends as one line
        if verbose:
            _trace()
        line = safe(str(error).strip().splitlines()[0]) if str(error).strip() else ""
        sys.stderr.write(f"{type(error).__name__}: {line} (a fault of doselore; -v shows the trace)\n")
        sys.exit(FAILED)


def _trace() -> None:
    """Print where an error came from, line by line as safe as its message."""
    import traceback

    sys.stderr.write("".join(f"{safe(line)}\n" for line in traceback.format_exc().splitlines()))


def _common_last(args: list[str]) -> list[str]:
    """Let the options that every command has stand before the command too."""
    moved: list[str] = []
    while args and args[0].split("=")[0] in ("--study", "--home", "--json", "-v", "--verbose"):
        takes = args[0] in ("--study", "--home")
        moved, args = moved + args[: 1 + takes], args[1 + takes :]
    return [args[0], *moved, *args[1:]] if args else moved


def _study(name: str | None, home: "Home") -> "Study":
    """Give the study that was named, else that of the corpus, else baclofen's."""
    from pipeline import corpus

    return corpus.study_of(home, name)


def _named_study(name: str | None) -> "Study | None":
    from pipeline import study as studies

    return studies.load(name) if name else None


def source_name(name: str) -> str:
    """Give a source's name as it was typed, or end the call."""
    import re

    if not re.fullmatch(r"[A-Za-z0-9][\w.-]{0,63}", name):
        raise typer.BadParameter(f"--source {name!r}: letters, digits, '_', '-' and '.' only, 64 at most")
    return name


def _fields(pairs: list[str]) -> dict[str, str]:
    wrong = [p for p in pairs if "=" not in p]
    if wrong:
        raise typer.BadParameter(f"--map {wrong[0]}: write FIELD=COLUMN, e.g. --map text=review")
    return dict(p.split("=", 1) for p in pairs)


def _exit_code(done: list[Any]) -> int:
    if not any(d.in_part for d in done):
        return DONE
    return FAILED if all(d.error for d in done) and not any(d.merged.seen for d in done) else IN_PART


def prefect_settings(home: "Home", *, verbose: bool) -> None:
    """Set what Prefect reads when it is imported; a setting that the user made stands."""
    for name, value in {
        "PREFECT_HOME": str(home.root / "prefect"),
        "PREFECT_SERVER_ANALYTICS_ENABLED": "false",  # else every offline run logs errors
        "PREFECT_SERVER_EPHEMERAL_STARTUP_TIMEOUT_SECONDS": "180",
        "PREFECT_LOGGING_LEVEL": "INFO",  # in Prefect's pages; here what went wrong alone, unless more was asked for
        "PREFECT_LOGGING_HANDLERS_CONSOLE_LEVEL": "INFO" if verbose else "ERROR",
        "PREFECT_CLI_COLORS": "false",
        "DO_NOT_TRACK": "1",
    }.items():
        os.environ.setdefault(name, value)


if __name__ == "__main__":
    main()
