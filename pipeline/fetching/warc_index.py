"""Where each capture lies: an index of one source's WARC files, in SQLite. It can be made again from the files."""

import sqlite3
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path

from pipeline.post import Capture

_SCHEMA = """
create table if not exists exchange (
    sha256 text not null, url text not null, address text not null, status integer not null, fetched_at text not null,
    content_type text, warc text not null, start integer not null, response_length integer not null,
    length integer not null, primary key (warc, start)
) without rowid;
create index if not exists exchange_sha256 on exchange (sha256);
create index if not exists exchange_address on exchange (address, fetched_at);
create table if not exists file (warc text primary key, size integer not null);
"""
_COLUMNS = "sha256, url, address, status, fetched_at, content_type, warc, start, response_length, length"
_ORDER = "order by fetched_at, warc, start"

_Row = tuple[str, str, str, int, str, str | None, str, int, int, int]


@dataclass(frozen=True, slots=True)
class Entry:
    """One exchange in a WARC file.

    address: without session ids; offset: of the response's gzip member, in bytes; response_length: of that member;
    length: of it and the request's after it.
    """

    capture: Capture
    address: str
    offset: int
    response_length: int
    length: int


class Index:
    """The index of one source's files."""

    def __init__(self, path: Path) -> None:
        self._db = _opened(path)
        path.chmod(0o600)

    def close(self) -> None:
        """Close the file."""
        self._db.close()

    def add(self, entry: Entry, size: int) -> None:
        """Add one exchange; size: of its file with it, in bytes."""
        with self._db:
            self._insert([entry])
            self._size(str(entry.capture.warc), size)

    def sized(self, warc: str, size: int) -> None:
        """Note how much of a file is indexed, in bytes."""
        with self._db:
            self._size(warc, size)

    def sizes(self) -> dict[str, int]:
        """Give how much of each file is indexed, in bytes; -1: the file was being rewritten."""
        rows: list[tuple[str, int]] = self._db.execute("select warc, size from file").fetchall()
        return dict(rows)

    def replace_file(self, warc: str, entries: Iterable[Entry], size: int) -> None:
        """Put other entries in the place of a file's; size 0: the file is gone."""
        with self._db:
            self._db.execute("delete from exchange where warc = ?", [warc])
            self._db.execute("delete from file where warc = ?", [warc])
            self._insert(entries)
            if size:
                self._size(warc, size)

    def named(self, sha256: str) -> list[Entry]:
        """Give the exchanges whose body has that hash, oldest first."""
        return self._entries("where sha256 = ?", sha256)

    def of_address(self, address: str) -> list[Entry]:
        """Give the exchanges of an address, oldest first."""
        return self._entries("where address = ?", address)

    def in_file(self, warc: str) -> list[Entry]:
        """Give a file's exchanges, in the order in which they lie."""
        return sorted(self._entries("where warc = ?", warc), key=lambda e: e.offset)

    def before(self, at: datetime) -> list[Entry]:
        """Give the exchanges that are older than a time."""
        return self._entries("where fetched_at < ?", _text(at))

    def latest(self, address: str) -> Capture | None:
        """Give the newest capture of an address that answered 200."""
        found = self._entries("where address = ? and status = 200", address)
        return found[-1].capture if found else None

    def newest(self, count: int) -> list[Entry]:
        """Give the newest exchanges that answered 200, at most so many."""
        rows: list[_Row] = self._db.execute(
            f"select {_COLUMNS} from exchange where status = 200 "
            "order by fetched_at desc, warc desc, start desc limit ?",
            [count],
        ).fetchall()
        return [_entry(row) for row in rows]

    def all(self, *, newest_only: bool = False, ok_only: bool = False) -> Iterator[Entry]:
        """Give every exchange, oldest first."""
        ok = "status = 200" if ok_only else "true"
        newest = (
            f"(address, fetched_at) in (select address, max(fetched_at) from exchange where {ok} group by address)"
            if newest_only
            else "true"
        )
        for row in self._db.execute(f"select {_COLUMNS} from exchange where {ok} and {newest} {_ORDER}"):
            yield _entry(row)

    def _entries(self, where: str, *values: str) -> list[Entry]:
        rows: list[_Row] = self._db.execute(f"select {_COLUMNS} from exchange {where} {_ORDER}", values).fetchall()
        return [_entry(row) for row in rows]

    def _insert(self, entries: Iterable[Entry]) -> None:
        self._db.executemany(
            f"insert or replace into exchange ({_COLUMNS}) values (?, ?, ?, ?, ?, ?, ?, ?, ?, ?)",
            [
                (
                    e.capture.sha256,
                    e.capture.url,
                    e.address,
                    e.capture.status,
                    _text(e.capture.fetched_at),
                    e.capture.content_type,
                    e.capture.warc,
                    e.offset,
                    e.response_length,
                    e.length,
                )
                for e in entries
            ],
        )

    def _size(self, warc: str, size: int) -> None:
        self._db.execute("insert or replace into file values (?, ?)", [warc, size])


def _opened(path: Path) -> sqlite3.Connection:
    """Open the index; one that is damaged is made anew."""
    for attempt in (0, 1):
        db = sqlite3.connect(path, check_same_thread=False)
        try:
            db.execute("pragma journal_mode = wal")
            db.execute("pragma synchronous = normal")
            db.executescript(_SCHEMA)
            return db
        except sqlite3.DatabaseError:
            db.close()
            if attempt:
                raise
            for part in ("", "-wal", "-shm"):
                path.with_name(path.name + part).unlink(missing_ok=True)
    raise AssertionError


def _text(at: datetime) -> str:
    return at.astimezone(UTC).strftime("%Y-%m-%dT%H:%M:%S.%f")


def _entry(row: _Row) -> Entry:
    sha256, url, address, status, at, content_type, warc, start, response_length, length = row
    fetched = datetime.fromisoformat(at).replace(tzinfo=UTC)
    return Entry(
        Capture(sha256, url, status, fetched, content_type, warc, start), address, start, response_length, length
    )
