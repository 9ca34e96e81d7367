"""The commands of the lake: many workers fill it, one committer takes it into the corpus. Added by `add`."""

from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from flows.privacy import AsJson, HomeDir, StudyName, Verbose, say

if TYPE_CHECKING:
    from pipeline.lake import Wrote

FAILED, IN_PART = 1, 3

lakes = typer.Typer(
    help="For many writers: workers fill a folder, one committer takes it into the corpus.",
    no_args_is_help=True,
    rich_markup_mode=None,
)


def add(app: typer.Typer) -> None:
    """Add these commands to the command line."""
    app.add_typer(lakes, name="lake")


@lakes.command()
def fill(
    files: Annotated[list[Path], typer.Argument(help="Reddit dumps, and all else that `import` reads.")],
    lake: Annotated[Path, typer.Option("--lake", help="Folder of the lake, seen by all workers.")],
    source: Annotated[str, typer.Option("--source", help="The name to keep these posts under.")],
    workers: Annotated[
        int | None, typer.Option("--workers", min=1, help="Processes; else as the study's [run].")
    ] = None,
    study: StudyName = None,
    home: HomeDir = None,
    as_json: AsJson = False,
    verbose: Verbose = False,
) -> None:
    """Search and read files into the lake. Start it as often as you like: each worker takes what no other holds.

    Example: doselore lake fill RC_2015-*.zst --lake ./lake --source reddit
    """
    from flows.commands import prefect_settings, source_name
    from pipeline import corpus
    from pipeline import home as homes
    from pipeline import lake as lakes_
    from pipeline import workers as workers_

    where = homes.find(home).make()
    chosen = corpus.study_of(where, study)
    name = source_name(source)
    if workers is None and chosen.run.engine == "dask":
        prefect_settings(where, verbose=verbose)
        from flows import engines

        on_cluster = engines.fill_on_cluster.with_options(task_runner=engines.task_runner(chosen))
        wrote = on_cluster(lake, where, chosen, name, files)
    else:
        here = chosen.run.engine == "here"
        many = workers or (1 if here else min(chosen.run.workers or workers_.cores(), len(files)))
        wrote = list(lakes_.fill(lake, where, chosen, name, files, many))
    lines = [filled(w) for w in wrote]
    if any(w.parts or w.state == "already read" for w in wrote):
        lines.append(f"next: doselore lake commit {lake}")
    say({"files": [{n: getattr(w, n) for n in w.__slots__} for w in wrote]}, lines, as_json=as_json)
    failed = sum(w.error is not None for w in wrote)
    nothing = failed == len(wrote) and not any(w.posts for w in wrote)
    raise typer.Exit((FAILED if nothing else IN_PART) if failed else 0)


def filled(wrote: "Wrote") -> str:
    """Say what came of one file."""
    if wrote.error is None:
        return f"{wrote.file}: {wrote.state}, {wrote.posts} posts in {wrote.parts} parts"
    name = "" if wrote.file in wrote.error else f"{wrote.file}: "
    return f"{name}{wrote.error}{f'; {wrote.posts} posts in {wrote.parts} parts' if wrote.parts else ''}"


@lakes.command()
def commit(
    lake: Annotated[Path, typer.Argument(help="Folder of the lake.", metavar="DIR")],
    study: StudyName = None,
    home: HomeDir = None,
    as_json: AsJson = False,
    verbose: Verbose = False,
) -> None:
    """Take the parts of the lake into the corpus. Killed half-way, run it again: nothing is lost or doubled.

    Example: doselore lake commit ./lake
    """
    del verbose
    from pipeline import copies, corpus
    from pipeline import home as homes
    from pipeline import lake as lakes_

    where = homes.find(home).make()
    chosen = corpus.study_of(where, study)
    done = lakes_.commit(lake, where, chosen)
    copies.mark(where, chosen)
    lines = [f"{done.parts} parts taken in, {done.known} that were in before"]
    lines += [f"{name}: {m.new} new, {m.changed} changed, {m.same} the same" for name, m in done.merged.items()]
    lines += [f"damaged, set aside: {name}; fill again to make it anew" for name in done.damaged]
    facts = {
        "parts": done.parts,
        "known": done.known,
        "damaged": done.damaged,
        "sources": {n: {"new": m.new, "changed": m.changed, "same": m.same} for n, m in done.merged.items()},
    }
    say(facts, lines, as_json=as_json)
    raise typer.Exit(IN_PART if done.damaged else 0)
