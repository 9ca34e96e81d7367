"""spaCy without its command line, which it imports only to offer `spacy.info` and which takes as long as all the rest.

Nothing is missing afterwards: `spacy.info`, and whoever imports `spacy.cli`, get the command line when they ask for it.
"""

import sys
from types import ModuleType
from typing import Any

_CLI, _INFO = "spacy.cli", "spacy.cli.info"


def info(*args: Any, **kwargs: Any) -> Any:
    """Do what spaCy's own does, which is imported now."""
    from spacy.cli.info import info as own

    return own(*args, **kwargs)


def _imported() -> None:
    stand_ins = {_CLI: ModuleType(_CLI), _INFO: ModuleType(_INFO)}
    vars(stand_ins[_INFO])["info"] = info
    sys.modules.update(stand_ins)
    try:
        import spacy  # noqa: F401 # pyright: ignore[reportUnusedImport]
    finally:
        for name in stand_ins:
            del sys.modules[name]


if "spacy" not in sys.modules:
    _imported()
