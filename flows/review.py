"""The commands of review: export, import, agreement, gold, check. Added to the command line by `add`."""

from pathlib import Path
from typing import Annotated

import typer

from flows.privacy import AsJson, HomeDir, StudyName, Verbose, say

app = typer.Typer(
    help="Claims to and from readers: Label Studio, doccano, brat, CSV, XLSX.",
    no_args_is_help=True,
    rich_markup_mode=None,
)
Form = Annotated[str, typer.Option("--format", help="label-studio, doccano, brat, csv or xlsx.")]


def add(parent: typer.Typer) -> None:
    """Add these commands to the command line."""
    parent.add_typer(app, name="review")


@app.command("export")
def export(
    out: Annotated[Path, typer.Argument(help="File to write; for brat a folder.")],
    form: Form = "csv",
    sample: Annotated[str, typer.Option("--sample", help="random, stratified, disagreement or posts.")] = "stratified",
    count: Annotated[int, typer.Option("--count", "-n", min=1, help="Claims (or posts) at most.")] = 200,
    seed: Annotated[int, typer.Option("--seed", help="Another number draws another sample.")] = 1,
    study: StudyName = None,
    home: HomeDir = None,
    as_json: AsJson = False,
    verbose: Verbose = False,
) -> None:
    """Draw a sample of claims and write it for a tool, what we read in it marked.

    posts: whole posts, each with all its claims and the question whether one is missing; the only sample that tells
    recall. Who finds one missing adds a row (CSV, XLSX): a copy of one of the post's, its item left empty, field and
    claim written as in the others, verdict "missed".

    Example: doselore review export claims.csv --sample stratified -n 200
    """
    del verbose
    from pipeline import corpus
    from pipeline import home as homes
    from pipeline.review import formats, items

    chosen = corpus.study_of(homes.find(home), study)
    with corpus.reading(homes.find(home)) as con:
        drawn = items.draw(con, sample, count, seed, chosen)
    files = formats.write(drawn, form, out)
    say({"claims": len(drawn), "files": [str(f) for f in files]}, [f"{len(drawn)} claims: {out}"], as_json=as_json)


@app.command("import")
def import_(
    file: Annotated[Path, typer.Argument(help="The tool's export; a folder for brat, or of doccano.", exists=True)],
    form: Form = "csv",
    reviewer: Annotated[str | None, typer.Option("--reviewer", help="Who judged, where the file does not say.")] = None,
    study: StudyName = None,
    home: HomeDir = None,
    as_json: AsJson = False,
    verbose: Verbose = False,
) -> None:
    """Take verdicts back; those on texts that changed since are refused.

    Label Studio: JSON, JSON-MIN or CSV. doccano: export what was approved only, since a claim left as it came is right.

    Example: doselore review import claims.csv --reviewer reader_1
    """
    del study, verbose
    from pipeline import home as homes
    from pipeline.review import formats, labels

    done = labels.take(homes.find(home), formats.read(file, form, reviewer))
    lines = [f"{done.taken} verdicts taken, {len(done.refused)} refused", *(f"  {i}: {why}" for i, why in done.refused)]
    say({"taken": done.taken, "refused": done.refused}, lines, as_json=as_json)
    raise typer.Exit(0 if not done.refused else 3 if done.taken else 1)


@app.command("agreement")
def agreement(study: StudyName = None, home: HomeDir = None, as_json: AsJson = False, verbose: Verbose = False) -> None:
    """Say how far the readers agree, by field: Cohen's and Fleiss' kappa, Krippendorff's alpha.

    Example: doselore review agreement
    """
    del study, verbose
    from pipeline import home as homes
    from pipeline import tables
    from pipeline.review import labels

    tables.emit(tables.written(*labels.figures(homes.find(home)), "json" if as_json else "text"))


@app.command("gold")
def gold(
    out: Annotated[Path, typer.Argument(help='JSONL to write, with "gold" in its name.')],
    judge: Annotated[str | None, typer.Option("--judge", help="The reader whose verdict settles.")] = None,
    study: StudyName = None,
    home: HomeDir = None,
    as_json: AsJson = False,
    verbose: Verbose = False,
) -> None:
    """Write the posts whose claims are all settled as gold, for `doselore evaluate`.

    Example: doselore review gold reviewed_gold.jsonl --judge reader_3
    """
    del study, verbose
    from pipeline import home as homes
    from pipeline.review import labels

    posts, ties = labels.gold(homes.find(home), out, judge)
    lines = [f"{posts} posts are settled: {out}", f"{ties} claims are tied; a --judge settles them"]
    say({"posts": posts, "ties": ties}, lines, as_json=as_json)


@app.command("check")
def check(
    judge: Annotated[str | None, typer.Option("--judge", help="The reader whose verdict settles.")] = None,
    study: StudyName = None,
    home: HomeDir = None,
    as_json: AsJson = False,
    verbose: Verbose = False,
) -> None:
    """Read the reviewed posts anew: say which claims judged right are lost, and which judged wrong are made again.

    Run it before a new version's records replace the old. Status 1 where a claim judged right is lost.

    Example: doselore review check
    """
    del verbose
    from pipeline import corpus, tables
    from pipeline import home as homes
    from pipeline.review import standing

    where = homes.find(home)
    found = standing.stand(where, corpus.study_of(where, study), judge)
    if as_json:
        rows = [dict(zip(standing.COLUMNS, row, strict=True)) for row in found.rows]
        say({"fields": rows, "lost": found.lost}, [], as_json=True)
    else:
        tables.emit(tables.written(standing.COLUMNS, found.rows, "text"))
        say({}, [f"lost: {post} {field}: {words}" for post, field, words in found.lost], as_json=False)
    raise typer.Exit(1 if found.missing else 0)
