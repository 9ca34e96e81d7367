"""The study files, lexicons, published benchmarks and the sample corpus, and where they lie."""

from pathlib import Path

_HERE = Path(__file__).resolve().parent


def path(name: str = "") -> Path:
    """Give the path of a bundled file or folder, e.g. ``path("lexicons/substances.toml")``.

    Raises FileNotFoundError if the package holds no such file: a broken installation.
    """
    found = _HERE / name
    if not found.exists():
        raise FileNotFoundError(f"{found}: missing from the installation; install doselore again")
    return found
