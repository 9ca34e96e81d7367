"""Where a corpus and what belongs to it lie: one folder, the home."""

import os
from dataclasses import dataclass
from pathlib import Path

from pipeline.errors import CorpusError

DEFAULT = "doselore-home"
KEY_FILE = "DOSELORE_KEY_FILE"


@dataclass(frozen=True, slots=True)
class Home:
    """One folder, of one project. root: its path."""

    root: Path

    @property
    def corpus(self) -> Path:
        """The corpus, one DuckDB file."""
        return self.root / "corpus.duckdb"

    @property
    def staging(self) -> Path:
        """Posts that were collected and are not merged yet."""
        return self.root / "staging"

    @property
    def tables(self) -> Path:
        """The tables as written by the last run."""
        return self.root / "tables"

    @property
    def key(self) -> Path:
        """The pseudonym key: a file outside the corpus, where DOSELORE_KEY_FILE names it outside the home too.

        Raises CorpusError if that names a file in the home: what is copied with the corpus protects nobody.
        """
        named = os.environ.get(KEY_FILE, "").strip()
        if not named:
            return self.root / "pseudonym.key"
        path = Path(named).expanduser().resolve()
        if path.is_relative_to(self.root.resolve()):
            raise CorpusError(f"{KEY_FILE} names {path}, in the home itself; keep the key in another folder")
        return path

    def make(self) -> "Home":
        """Make the folder, readable by its owner alone. Raises CorpusError if it cannot be made or written."""
        try:
            self.root.mkdir(mode=0o700, parents=True, exist_ok=True)
            self.staging.mkdir(mode=0o700, exist_ok=True)
        except OSError as error:
            raise CorpusError(f"{self.root}: cannot be made: {error.strerror}; choose another --home") from error
        if not os.access(self.root, os.W_OK):
            raise CorpusError(f"{self.root}: not writable; choose another --home")
        return self


def find(home: str | Path | None = None) -> Home:
    """Give the home that was named, else the one of DOSELORE_HOME, else ./doselore-home."""
    return Home(Path(home or os.environ.get("DOSELORE_HOME") or DEFAULT).expanduser().absolute())
