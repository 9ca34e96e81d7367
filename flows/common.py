"""What the flows share: a study and a home by name, as a schedule can hold them, and the key of a kept result."""

from pathlib import Path
from typing import Any

from prefect.logging import get_run_logger

from pipeline import corpus, made
from pipeline import home as homes
from pipeline.home import Home
from pipeline.made import Inputs
from pipeline.study import Study


def opened(study: str | None, home: str | None) -> tuple[Study, Home]:
    """Give the study of a name or path (None: the corpus's own) and the home of a folder (None: the usual one).

    Raises StudyError if there is no such study.
    """
    where = homes.find(Path(home) if home else None).make()
    return corpus.study_of(where, study), where


def of_same_input(context: Any, given: dict[str, Any]) -> str:
    """Name what a task made from an input, in a home, so that it need not be made again, also after a restart."""
    return f"{context.task.name}-{corpus.fingerprint(str(given['home'].root))}-{given['inputs'].key}"


def changed(home: Home, study: Study, what: str, inputs: Inputs) -> bool:
    """Tell whether a thing must be made (anew), and say why in the log of the run."""
    why = made.why_anew(home, study, what, inputs)
    if why:
        get_run_logger().info("%s made anew: %s", what, why)
    return bool(why)
