"""The commands: a thin skin over Python calls. Each imports what it needs when it needs it."""

import contextlib
import os
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any

import typer

from flows import explore as exploring
from flows import export as exporting
from flows import figures, privacy, reporting, review
from flows import lake as lakes
from flows.endings import tidied
from pipeline.errors import DoseloreError

if TYPE_CHECKING:
    from pipeline.home import Home
    from pipeline.study import Study

DONE, FAILED, IN_PART = 0, 1, 3

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


def _version(asked: bool) -> None:
    if asked:
        import nlp
        from pipeline import corpus

        typer.echo(f"doselore {corpus.product_version()}, extractor {nlp.VERSION}")
        raise typer.Exit


@app.callback()
def doselore(
    version: Annotated[
        bool,
        typer.Option("--version", callback=_version, is_eager=True, help="Print the versions, as records name them."),
    ] = False,
) -> None:
    """Hold what every command has in common."""
    del version


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

    with server.running(where, interface=False, needs=["flows.refresh"]):
        from flows.refresh import refresh

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
            help="JSONL, JSON, CSV, TSV, Parquet, Reddit dumps (.zst, .ndjson), WARC, Lemmy JSON, saved pages; "
            "folders of all these but tables."
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
        aside: list[extracting.Aside] = []
        lines = extracting.records(file, _named_study(study), aside, workers or extracting.workers_for(file))
        with tidied(), show.counter("posts read", quiet=out is None or as_json) as tick:
            count = extracting.write(tick(lines), out) if out else show.stream(lines)
        show.extracted_file(file, out, count, [a.line for a in aside], as_json=as_json)
        raise typer.Exit(IN_PART if any(a.broken for a in aside) else DONE)
    if out is not None:
        raise typer.BadParameter("--out needs a FILE to read")
    where = homes.find(home)
    bar = show.bar("reading posts", quiet=as_json)
    done, total = extracting.read_corpus(where, _study(study, where), bar, workers)
    show.extracted_corpus(done, total, as_json=as_json)


figures.add(app)


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
