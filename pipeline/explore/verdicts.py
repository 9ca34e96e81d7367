"""Judgements that a reader gives in the browser: written aside at once, and into the corpus as soon as it is free.

The corpus admits one writer. A judgement is therefore a small file of the home first; it is lost neither by a crawl
that holds the corpus nor by a kill, and goes in with the next merge, at the latest when the explorer is started again.
"""

import os
import threading
import uuid
from dataclasses import asdict, dataclass
from datetime import datetime
from pathlib import Path
from typing import Any

import duckdb
import orjson

from pipeline import corpus
from pipeline.errors import CorpusError, Locked, ReviewError
from pipeline.explore import ask
from pipeline.home import Home
from pipeline.review import items
from pipeline.review.items import Item

WAIT_SECONDS = 3.0
RETRY_SECONDS = 2.0
LONGEST = 2000  # characters of a reason
REASONS = (
    "not said in the text",
    "said, but negated or only feared",
    "of somebody else",
    "of another treatment",
    "the value is another",
    "another reason",
)
_CLAIMS = ("post", "treatment", "dose", "outcome", "side_effect")
_COLUMNS = {
    "review_label": "$item, $post_id, $text_hash, $field, $claim, $verdict, $reviewer, $at",
    "review_browsed": "$item, $post_id, $reviewer",
    "review": "$post_id, $field, $claim, $reviewer, $verdict, $reason, $at",
}


@dataclass(frozen=True, slots=True)
class Judgement:
    """What a reader says of one claim. item: its stable id; claim: JSON; text_hash: of the text judged; at: UTC."""

    item: str
    post_id: str
    text_hash: str
    field: str
    claim: str
    verdict: str
    reason: str
    reviewer: str
    at: str

    def __post_init__(self) -> None:
        if self.verdict not in items.VERDICTS or self.field not in items.FIELDS:
            raise ReviewError(f"{self.verdict} of {self.field}: not a verdict on a claim")
        if self.item != items.item_id(self.post_id, self.field, self.claim):
            raise ReviewError("the claim is not the one that was shown; load the post again")


def of_post(con: duckdb.DuckDBPyConnection, post_id: str) -> list[Item]:
    """Give the claims of one post, as they are reviewed. The connection's temporary tables hide the corpus's own."""
    for table in _CLAIMS:
        con.execute(f"create temp table {table} as select * from {table} where post_id = ?", [post_id])
    return items.every(con)


def judged(con: duckdb.DuckDBPyConnection, post_id: str) -> dict[str, list[ask.Record]]:
    """Give the judgements on a post's claims, by claim."""
    found: dict[str, list[ask.Record]] = {}
    for row in ask.rows(con, "judged", {"post": post_id}):
        found.setdefault(row["item"], []).append(row)
    return found


class Verdicts:
    """Takes judgements for one corpus."""

    def __init__(self, home: Home) -> None:
        self._home = home
        self._one = threading.Lock()
        self._again: threading.Timer | None = None

    @property
    def folder(self) -> Path:
        """Where judgements wait."""
        return self._home.root / "judged"

    def waiting(self) -> int:
        """Give how many judgements are not in the corpus yet."""
        return sum(1 for _ in self.folder.glob("*.json")) if self.folder.exists() else 0

    def give(self, one: Judgement) -> bool:
        """Keep a judgement, and say whether it is in the corpus already; else it waits, and is tried again."""
        self.folder.mkdir(mode=0o700, exist_ok=True)
        path = self.folder / f"{uuid.uuid4().hex}.json"
        part = path.with_suffix(".part")
        with os.fdopen(os.open(part, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600), "wb") as file:
            file.write(orjson.dumps(asdict(one)))
            file.flush()
            os.fsync(file.fileno())
        part.replace(path)
        return self.merge(WAIT_SECONDS)

    def merge(self, wait: float) -> bool:
        """Bring what waits into the corpus; give whether nothing waits any more."""
        with self._one:
            files = sorted(self.folder.glob("*.json")) if self.folder.exists() else []
            if not files:
                return True
            try:
                with corpus.writing(self._home, wait=wait) as con:
                    for path in files:
                        _write(con, path)
            except Locked:
                self._later()
                return False
            for path in files:
                path.unlink(missing_ok=True)
            return True

    def stop(self) -> None:
        """Try a last time and leave the rest for the next start."""
        if self._again:
            self._again.cancel()
        try:
            self.merge(wait=0)
        except CorpusError:
            return
        if self._again:
            self._again.cancel()

    def _later(self) -> None:
        if self._again is None or not self._again.is_alive() or self._again is threading.current_thread():
            self._again = threading.Timer(RETRY_SECONDS, self.merge, [0.0])
            self._again.daemon = True
            self._again.start()


def _write(con: duckdb.DuckDBPyConnection, path: Path) -> None:
    held: dict[str, Any] = orjson.loads(path.read_bytes())
    held["at"] = datetime.fromisoformat(held["at"])
    for table, columns in _COLUMNS.items():
        ask.rows(con, "judge", held, table=table, columns=columns)
