"""The ledger: what was asked of a source, when, and under which permission; one line a request, chained by hashes.

Append-only NDJSON, one file a source. Each line holds the SHA-256 of the one before (`prev`) and its own (`hash`), so
that a later edit, insertion or removal shows; the file `….head` beside it holds the newest line's number and hash, so
that lines cut off the end show too. The chain has no key: it proves that nobody edited the file by hand, not that
nobody made the whole of it anew; who must prove that too keeps the head elsewhere.

Nothing personal goes in: addresses are written without session ids, and bodies only as hashes.
"""

import fcntl
import hashlib
import os
import uuid
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from datetime import UTC, datetime
from io import BufferedReader, FileIO
from pathlib import Path
from types import TracebackType
from typing import Any, Literal, Self

import orjson

from pipeline import durable
from pipeline.errors import CorpusError, Locked

Kind = Literal["crawl started", "terms", "robots", "request", "crawl finished"]
_FIRST = "0" * 64


@dataclass(frozen=True, slots=True)
class Fault:
    """A place where a ledger is not as it was written. line: counted from 1."""

    line: int
    what: str


class Ledger:
    """One source's ledger, open for appending. Use as a context manager.

    folder: `ledger/` in the home; source: its name. Raises Locked if another process writes it.
    """

    def __init__(self, folder: Path, source: str) -> None:
        folder.mkdir(mode=0o700, parents=True, exist_ok=True)
        self.path = path_of(folder, source)
        self.crawl_id = uuid.uuid4().hex
        self._out = FileIO(os.open(self.path, os.O_RDWR | os.O_CREAT, 0o600), "r+")
        try:
            fcntl.flock(self._out, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except OSError as error:
            self._out.close()
            raise Locked(f"{self.path}: another crawl of {source} is writing it; wait for it to end") from error
        self._lines, self._prev = self._mend()

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self.close()

    def close(self) -> None:
        """Close the file and let others write."""
        self._out.close()

    def add(self, kind: Kind, at: datetime, **facts: object) -> None:
        """Write one line, and wait until it is on the disk. at: UTC; facts: JSON values, `url` is written plain."""
        url = facts.get("url")
        if isinstance(url, str):
            from pipeline.fetching.address import plain_address  # here: a reader of ledgers needs no network

            facts["url"] = plain_address(url)
        row = {"at": at.astimezone(UTC).isoformat(), "kind": kind, "crawl": self.crawl_id, **facts, "prev": self._prev}
        own = _hash(row)
        durable.append(self._out.fileno(), orjson.dumps({**row, "hash": own}) + b"\n", self.path)
        self._lines, self._prev = self._lines + 1, own
        _write_head(self.path, self._lines, own)

    def _mend(self) -> tuple[int, str]:
        """Cut a line that a kill left half-written; give how many whole ones there are, and the last one's hash."""
        lines, prev, end = 0, _FIRST, 0
        for line in BufferedReader(FileIO(self._out.fileno(), closefd=False)):
            if not line.endswith(b"\n"):
                self._out.truncate(end)
                break
            end += len(line)
            lines += 1
            prev = _named_hash(line) or prev
        return lines, prev


def path_of(folder: Path, source: str) -> Path:
    """Give the path of a source's ledger."""
    return folder / f"{source}.ndjson"


def rows(path: Path) -> Iterator[dict[str, Any]]:
    """Give the lines of a ledger, oldest first; one that is no JSON object is passed over (`verify` names it)."""
    if not path.exists():
        return
    with path.open("rb") as stream:
        for line in stream:
            row = _read(line)
            if row is not None:
                yield row


def end(path: Path) -> tuple[int, str] | None:
    """Give the number of whole lines of a ledger and the hash of the last, None for one without lines."""
    lines, last = 0, None
    if path.exists():
        with path.open("rb") as stream:
            for line in stream:
                if not line.endswith(b"\n"):
                    break
                lines, last = lines + 1, line
    own = _named_hash(last) if last else None
    return (lines, own) if own else None


def verify(path: Path, known: tuple[int, str] | None = None) -> Fault | None:
    """Give the first place where a ledger was changed after it was written, None if it was not.

    known: a line's number and hash that were kept elsewhere: one who writes the whole file anew changes that line too.
    A half-written last line is no fault: a kill leaves one, and the next crawl cuts it.
    """
    prev, lines = _FIRST, 0
    heads = [h for h in (_read_head(path), known) if h]
    if not path.exists():
        return Fault(1, "the file is gone") if heads else None
    with path.open("rb") as stream:
        for number, line in enumerate(stream, 1):
            if not line.endswith(b"\n"):
                break
            row = _read(line)
            if row is None:
                return Fault(number, "is not a line of a ledger")
            own = row.pop("hash", None)
            if row.get("prev") != prev:
                return Fault(number, "does not follow the line before it: one was changed, added or removed here")
            if own != _hash(row):
                return Fault(number, "was changed after it was written")
            if any(head[0] == number and head[1] != own for head in heads):
                return Fault(number, "is not the line that was written here")
            prev, lines = str(own), number
    written = max((head[0] for head in heads), default=0)
    if lines < written:
        return Fault(lines + 1, f"is missing: {written} lines were written, {lines} are there")
    return None


def _hash(row: Mapping[str, object]) -> str:
    return hashlib.sha256(orjson.dumps(row, option=orjson.OPT_SORT_KEYS)).hexdigest()


def _read(line: bytes) -> dict[str, Any] | None:
    try:
        row = orjson.loads(line)
    except orjson.JSONDecodeError:
        return None
    return row if isinstance(row, dict) else None


def _named_hash(line: bytes) -> str | None:
    row = _read(line)
    return str(row["hash"]) if row and "hash" in row else None


def _head(path: Path) -> Path:
    return path.with_suffix(".head")


def _write_head(path: Path, lines: int, own: str) -> None:
    aside = path.with_suffix(".head.tmp")
    try:
        aside.write_text(f"{lines} {own}\n")
        aside.replace(_head(path))
    except OSError as error:
        raise CorpusError(f"{aside}: cannot be written: {error.strerror or error}; make room, then go on") from error


def _read_head(path: Path) -> tuple[int, str] | None:
    try:
        lines, own = _head(path).read_text().split()
        return int(lines), own
    except (OSError, ValueError):
        return None
