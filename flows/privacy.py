"""The commands of privacy: forget, sweep, key. Added to the command line by `add`."""

from pathlib import Path
from typing import Annotated, Any

import typer

StudyName = Annotated[str | None, typer.Option("--study", help="A bundled study's name, or the path of a study file.")]
HomeDir = Annotated[Path | None, typer.Option("--home", help="Folder of the corpus; else DOSELORE_HOME.")]
AsJson = Annotated[bool, typer.Option("--json", help="Print the result as JSON.")]
Verbose = Annotated[bool, typer.Option("-v", "--verbose", help="Say more; show the trace of an error.")]

keys = typer.Typer(help="The pseudonym key: rotate it, or destroy it.", no_args_is_help=True, rich_markup_mode=None)


def add(app: typer.Typer) -> None:
    """Add these commands to the command line."""
    app.command()(forget)
    app.command()(sweep)
    app.add_typer(keys, name="key")


def say(facts: dict[str, Any], lines: list[str], *, as_json: bool) -> None:
    """Print facts as JSON, or lines for a person."""
    import json
    import sys

    out = json.dumps(facts, sort_keys=True, default=str) if as_json else "\n".join(lines)
    sys.stdout.write(out + "\n")


def forget(
    author: Annotated[str | None, typer.Option("--author", help="Name at the site, or pseudonym.")] = None,
    url: Annotated[str | None, typer.Option("--url", "--address", help="Address of a post or thread.")] = None,
    post: Annotated[str | None, typer.Option("--post", help="post_id, or the site's own id.")] = None,
    study: StudyName = None,
    home: HomeDir = None,
    as_json: AsJson = False,
    verbose: Verbose = False,
) -> None:
    """Erase a post, an author's posts or a thread: text, versions, mentions, pages of the archive; a tombstone stays.

    Example: doselore forget --author some_name
    """
    del study, verbose
    from pipeline import forget as forgetting
    from pipeline import home as homes

    done = forgetting.forget(homes.find(home), forgetting.Asked(author, post, url))
    lines = [f"erased: {done.posts} posts, {done.captures} pages of the archive"]
    lines += [f"  {table}: {count} rows" for table, count in done.rows.items()]
    lines += [f"  results changed in {table}: {count} rows" for table, count in done.changed.items()]
    lines += [f"written anew: {', '.join(done.files)}"] if done.files else []
    lines += [f"release that held them, to be recalled by hand: {r}" for r in done.releases]
    facts = {
        "posts": done.posts,
        "captures": done.captures,
        "rows": done.rows,
        "changed": done.changed,
        "releases": done.releases,
    }
    say(facts, lines, as_json=as_json)


def sweep(
    hours: Annotated[float, typer.Option("--hours", min=0, help="Ask for what was not asked for so long.")] = 48.0,
    limit: Annotated[int | None, typer.Option("--limit", min=1, help="Posts of a source at most.")] = None,
    study: StudyName = None,
    home: HomeDir = None,
    as_json: AsJson = False,
    verbose: Verbose = False,
) -> None:
    """Ask each source again for what we hold, newest first, and erase what it has deleted.

    Example: doselore sweep --hours 48
    """
    del verbose
    from pipeline import corpus
    from pipeline import home as homes
    from pipeline import sweep as sweeping

    where = homes.find(home)
    done = sweeping.sweep(corpus.study_of(where, study), where, hours=hours, limit=limit)
    lines = [
        f"{d.source}: {d.asked} asked for, {d.gone} erased, {d.left} left"
        + (f"; stopped: {d.error}" if d.error else "")
        for d in done
    ]
    facts = [
        {
            "source": d.source,
            "asked": d.asked,
            "gone": d.gone,
            "left": d.left,
            "error": str(d.error) if d.error else None,
        }
        for d in done
    ]
    say({"sources": facts}, lines or ["the study has no sources"], as_json=as_json)
    failed = sum(1 for d in done if d.error)
    raise typer.Exit(0 if not failed else 1 if failed == len(done) else 3)


@keys.command()
def rotate(home: HomeDir = None, as_json: AsJson = False, verbose: Verbose = False) -> None:
    """Put every pseudonym under a further key, so that the old key alone explains none.

    Example: doselore key rotate
    """
    del verbose
    from pipeline import home as homes
    from pipeline import key

    count = key.rotate(homes.find(home))
    say({"authors": count}, [f"rotated: {count} pseudonyms"], as_json=as_json)


@keys.command()
def destroy(
    yes: Annotated[bool, typer.Option("--yes", help="Yes: there is no way back.")] = False,
    home: HomeDir = None,
    as_json: AsJson = False,
    verbose: Verbose = False,
) -> None:
    """Destroy the key: no name leads to a row any more, and there is no way back.

    Example: doselore key destroy --yes
    """
    del verbose
    from pipeline import home as homes
    from pipeline import key

    if not yes:
        raise typer.BadParameter("destroying the key cannot be undone; say --yes")
    path = key.destroy(homes.find(home))
    say({"destroyed": path.name}, [f"destroyed: {path}"], as_json=as_json)
