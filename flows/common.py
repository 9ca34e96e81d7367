"""What the flows share: a study and a home by name, as a schedule can hold them, and the key of a kept result."""

import logging
import os
from pathlib import Path
from typing import Any

from prefect.logging import get_run_logger

from pipeline import corpus, made
from pipeline import home as homes
from pipeline.errors import DoseloreError
from pipeline.home import Home
from pipeline.made import Inputs
from pipeline.study import Study


class _OneLine(logging.Filter):
    """Has an error of ours told by Prefect in one line, once; its trace, and told again, only with -v."""

    def filter(self, record: logging.LogRecord) -> bool:
        """Take the trace off a line; drop the line that says the same again."""
        ours = record.exc_info is not None and isinstance(record.exc_info[1], DoseloreError)
        if not ours or os.environ.get("PREFECT_LOGGING_HANDLERS_CONSOLE_LEVEL") == "INFO":
            return True
        record.exc_info = record.exc_text = None
        return not record.getMessage().startswith("Engine execution exited")


logging.getLogger("prefect.flow_runs").addFilter(_OneLine())


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
