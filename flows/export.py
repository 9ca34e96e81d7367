"""The command `export`. Added to the command line by `add`."""

from pathlib import Path
from typing import Annotated

import typer

from flows.privacy import AsJson, HomeDir, StudyName, Verbose, say


def add(app: typer.Typer) -> None:
    """Add this command to the command line."""
    app.command()(export)


def export(
    folder: Annotated[Path, typer.Argument(help="Folder to write, new or empty.", metavar="DIR")],
    level: Annotated[str, typer.Option("--level", help="internal, shareable or public.")] = "shareable",
    study: StudyName = None,
    home: HomeDir = None,
    as_json: AsJson = False,
    verbose: Verbose = False,
) -> None:
    """Write a dataset for review or release: Parquet, CSV, SQL, descriptions, a data sheet, hashes.

    Example: doselore export ./release --level shareable
    """
    del study, verbose
    from pipeline import home as homes
    from pipeline.release import build

    done = build.export(homes.find(home), folder, level)
    passed, withheld = done.quotes
    lines = [
        f"release {done.name} ({done.level}): {len(done.rows)} tables in {done.folder}",
        f"small rows blanked: {done.small}; quotes passed: {passed}, withheld: {withheld}",
    ]
    if level == "shareable":
        lone = done.guarded
        lines.append(
            f"rows of single persons: {lone.coarsened} values made coarser, {lone.blanked} rare numbers blanked, "
            f"{lone.withheld} rare claims withheld"
        )
    facts = {"release": done.name, "level": done.level, "rows": done.rows, "small": done.small}
    facts |= {"quotes_passed": passed, "quotes_withheld": withheld, **done.guarded._asdict()}
    say(facts, lines, as_json=as_json)
