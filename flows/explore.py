"""The command `explore`. Added to the command line by `add`."""

import sys
from typing import Annotated

import typer

from flows.privacy import AsJson, HomeDir, StudyName, Verbose, say


def add(app: typer.Typer) -> None:
    """Add this command to the command line."""
    app.command()(explore)


def explore(
    port: Annotated[int, typer.Option("--port", min=0, max=65535, help="Port on 127.0.0.1; 0: a free one.")] = 0,
    browser: Annotated[bool, typer.Option("--browser/--no-browser", help="Open the browser.")] = True,
    reviewer: Annotated[
        str, typer.Option("--reviewer", help="The name that your judgements are kept under.")
    ] = "explorer",
    study: StudyName = None,
    home: HomeDir = None,
    as_json: AsJson = False,
    verbose: Verbose = False,
) -> None:
    """Open the explorer in the browser, on this machine only: filters, plots, and from any bar to the posts behind it.

    Example: doselore explore --port 8080 --no-browser
    """
    del verbose
    from pipeline import home as homes
    from pipeline.explore import serve

    where = homes.find(home)

    def ready(address: str) -> None:
        say({"url": address}, [f"the explorer: {address} (Ctrl-C stops it)"], as_json=as_json)
        sys.stdout.flush()
        if browser:
            import webbrowser

            webbrowser.open(address)

    serve.serve(where, study, port, reviewer, ready)
