"""The command `report`. Added to the command line by `add`."""

from pathlib import Path
from typing import Annotated

import typer

from flows.privacy import AsJson, HomeDir, StudyName, Verbose, say


def add(app: typer.Typer) -> None:
    """Add this command to the command line."""
    app.command()(report)


def report(
    out: Annotated[
        Path | None,
        typer.Option("--out", help="The file to write; else report.html beside the corpus.", metavar="FILE"),
    ] = None,
    level: Annotated[
        str | None, typer.Option("--level", help="internal, shareable or public; else the study's.")
    ] = None,
    study: StudyName = None,
    home: HomeDir = None,
    as_json: AsJson = False,
    verbose: Verbose = False,
) -> None:
    """Write the report: one page that opens from disk, with answers, plots, tables, SQL, methods and limits.

    Example: doselore report --out baclofen.html
    """
    del verbose
    from pipeline import home as homes
    from pipeline import report as reporting
    from pipeline import study as studies

    file = reporting.write(homes.find(home), studies.load(study) if study else None, out, level=level)
    say({"report": str(file), "bytes": file.stat().st_size}, [f"report: {file}"], as_json=as_json)
