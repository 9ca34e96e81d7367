"""What the flows share: a study and a home by name, as a schedule can hold them, and the key of a kept result."""

from pathlib import Path
from typing import Any

from pipeline import corpus
from pipeline import home as homes
from pipeline.home import Home
from pipeline.study import Study


def opened(study: str | None, home: str | None) -> tuple[Study, Home]:
    """Give the study of a name or path (None: the corpus's own) and the home of a folder (None: the usual one).

    Raises StudyError if there is no such study.
    """
    where = homes.find(Path(home) if home else None).make()
    return corpus.study_of(where, study), where


def of_same_input(context: Any, given: dict[str, Any]) -> str:
    """Name what a task made from an input, in a home, so that it need not be made again, also after a restart."""
    return f"{context.task.name}-{corpus.fingerprint(str(given['home'].root))}-{given['inputs']}"
