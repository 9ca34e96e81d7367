"""What runs: the reading as it was compiled to machine code (hatch_build.py), or else the same in plain Python.

What was compiled lies in a folder that is named by what it was compiled from: in a wheel inside this package, in a
clone in build/compiled. It is used only while the sources are just those; who changes one has plain Python at once, and
machine code again after `python3 dev.py setup`. DOSELORE_PLAIN=1 leaves it aside.
"""

import hashlib
import os
import sys
from importlib.machinery import EXTENSION_SUFFIXES
from pathlib import Path

PLAIN = "DOSELORE_PLAIN"
"""The variable of the environment that leaves aside what was compiled."""
_PACKAGE = Path(__file__).resolve().parent


def name(package: Path = _PACKAGE) -> str:
    """Give the name of the folder that holds what was compiled from the sources as they are now, for this Python."""
    digest = hashlib.sha256(EXTENSION_SUFFIXES[0].encode())
    for source in (*sorted(package.glob("*.py")), package.parent / "data" / "__init__.py"):
        digest.update(b"\0" + source.name.encode() + b"\0")
        digest.update(source.read_bytes())
    return f"{sys.implementation.cache_tag}-{digest.hexdigest()[:16]}"


def folder(package: Path = _PACKAGE) -> Path | None:
    """Give the folder of what was compiled from the sources as they are now; None if there is none, or unwanted."""
    if os.environ.get(PLAIN, "0") not in ("", "0"):
        return None
    try:
        called = name(package)
    except OSError:  # there are no sources: nothing tells whether what was compiled is theirs
        return None
    places = (package / "_compiled" / called, package.parent / "build" / "compiled" / called)
    return next((place for place in places if place.is_dir()), None)


def used() -> bool:
    """Tell whether machine code runs in this process."""
    return _FOLDER is not None


_FOLDER = folder()
if _FOLDER is not None and __name__ == "nlp.compiled":
    sys.modules["nlp"].__path__.insert(0, str(_FOLDER))
