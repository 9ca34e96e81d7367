"""The capture archive: every answer as it came, in WARC files, so that posts can be read again without the network.

Captures hold pages as the site showed them, authors' names in clear included: that is what makes them evidence, and
why the folder is readable by its owner alone, lies apart from the corpus, and obeys `purge` and `forget`.

One folder a source; one file a day, and a further one where a day's file grows over `max_bytes`. Each record is a gzip
member of its own, appended and flushed to the disk whole: a kill at any moment leaves at most a torn last member, which
the next opening cuts off. Bodies are kept as they were read, transfer and content encodings undone (the headers that
named them are kept under `X-Archive-Orig-`), so that the payload's SHA-256 is the name of the capture everywhere.
`index.sqlite` beside the files can be deleted at any time: it is made again from them.
"""

import fcntl
import os
import re
import sqlite3
import zlib
from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass, replace
from datetime import datetime
from hashlib import sha256
from io import BytesIO, FileIO
from pathlib import Path
from types import TracebackType
from typing import Any, BinaryIO, Self

from warcio.archiveiterator import ArchiveIterator
from warcio.statusandheaders import StatusAndHeaders
from warcio.warcwriter import WARCWriter

from pipeline import durable
from pipeline.errors import CorpusError, Locked
from pipeline.fetching.address import plain_address
from pipeline.fetching.warc_index import Entry, Index
from pipeline.post import Batch, Capture, Exclusion

MAX_BYTES = 1 << 30
_ORIGINAL = "X-Archive-Orig-"
_UNDONE = {"content-encoding", "content-length", "transfer-encoding"}
_CHUNK = 1 << 16
_GZIP = b"\x1f\x8b\x08"
# Kept by name, since a page that sets a cookie is not the same for all; its value is a key to somebody's session.
_SECRET = frozenset({"authorization", "proxy-authorization", "cookie", "set-cookie", "x-api-key"})


@dataclass(frozen=True, slots=True)
class Exchange:
    """One request and the answer to it, as it goes into the archive.

    body: encodings undone. request_headers, headers: in order, names as sent. fetched_at: UTC, when all had come.
    """

    url: str
    status: int
    body: bytes
    sha256: str
    fetched_at: datetime
    headers: tuple[tuple[str, str], ...] = ()
    request_headers: tuple[tuple[str, str], ...] = ()
    reason: str = ""
    content_type: str | None = None

    def capture(self, warc: str | None = None, offset: int | None = None) -> Capture:
        """Give its capture, lying in that file at that offset."""
        return Capture(self.sha256, self.url, self.status, self.fetched_at, self.content_type, warc, offset)


@dataclass(frozen=True, slots=True)
class Kept:
    """One capture read back: headers lower case, body as it was."""

    capture: Capture
    headers: dict[str, str]
    body: bytes


class Archive:
    """The captures of one source. Use as a context manager.

    folder: the archive's folder (`archive/` in the home); source: its name. Raises Locked if another process writes it.
    """

    def __init__(self, folder: Path, source: str, *, max_bytes: int = MAX_BYTES) -> None:
        folder.mkdir(mode=0o700, parents=True, exist_ok=True)
        self.folder = folder / source
        self.folder.mkdir(mode=0o700, exist_ok=True)
        self._source, self._max_bytes = source, max_bytes
        self._lock = (self.folder / ".lock").open("a")
        try:
            fcntl.flock(self._lock, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except OSError as error:
            self._lock.close()
            raise Locked(f"{self.folder}: another crawl of {source} is writing here; wait for it to end") from error
        self.damaged: list[Capture] = []
        self._out: FileIO | None = None
        self._name = ""
        self._index = Index(self.folder / "index.sqlite")
        self._reconcile()

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self.close()

    def close(self) -> None:
        """Close the files and let others write."""
        if self._out:
            self._out.close()
            self._out = None
        self._index.close()
        self._lock.close()

    def write(self, exchange: Exchange) -> Capture:
        """Keep one exchange, and wait until it is on the disk."""
        out = self._file_of(exchange.fetched_at)
        response, pair = _records(exchange)
        offset = durable.append(out.fileno(), pair, self.folder / self._name)
        name = self._name
        capture = exchange.capture(name, offset)
        try:
            self._index.add(
                Entry(capture, plain_address(exchange.url), offset, response, len(pair)), offset + len(pair)
            )
        except sqlite3.Error as error:
            raise CorpusError(
                f"{self.folder}/index.sqlite: cannot be written: {error}; what was finished is kept: make room, go on"
            ) from error
        return capture

    def read(self, capture: Capture | str) -> Kept | None:
        """Give a capture, or the newest of that SHA-256; None if it is not kept (purged, forgotten, never written).

        What is damaged, so that its body has another SHA-256, is not kept either.
        """
        sha256 = capture if isinstance(capture, str) else capture.sha256
        found = self._index.named(sha256)
        if isinstance(capture, Capture):
            exact = [e for e in found if e.capture.url == capture.url and e.capture.fetched_at == capture.fetched_at]
            found = exact or found
        return self._kept(found[-1]) if found else None

    def latest(self, url: str) -> Capture | None:
        """Give the newest capture of an address whose answer was 200, None if there is none."""
        return self._index.latest(plain_address(url))

    def captures(self, *, newest_only: bool = False, ok_only: bool = False) -> Iterator[Kept]:
        """Give what is kept, oldest first. newest_only: one an address; ok_only: answers of status 200 alone.

        What turns out to be damaged is left out, and noted in `damaged`.
        """
        for entry in self._index.all(newest_only=newest_only, ok_only=ok_only):
            kept = self._kept(entry)
            if kept:
                yield kept
            else:
                self.damaged.append(entry.capture)

    def aside(self) -> Iterator[Batch]:
        """Give what `captures` met that is damaged, as exclusions: at most one batch."""
        reason = "damaged in the archive"
        found = tuple(Exclusion(c.url, "collect", reason, f"{c.warc} at byte {c.offset}") for c in self.damaged)
        if found:
            yield Batch(exclusions=found)

    def newest(self, count: int) -> Iterator[Kept]:
        """Give the newest answers of status 200, at most so many."""
        for entry in self._index.newest(count):
            kept = self._kept(entry)
            if kept:
                yield kept

    def held(self) -> Iterator[Capture]:
        """Give where every capture lies, without reading any, oldest first."""
        return (entry.capture for entry in self._index.all())

    def purge(self, before: datetime) -> int:
        """Remove every capture fetched before that time (UTC); give how many went.

        What robots.txt said stays: it names nobody, and tells what was allowed then.
        """
        return self._remove(e for e in self._index.before(before) if not e.address.endswith("/robots.txt"))

    def forget(self, what: str) -> int:
        """Remove every capture of that SHA-256 or address; give how many went."""
        if re.fullmatch(r"[0-9a-f]{64}", what):
            return self._remove(self._index.named(what))
        return self._remove(self._index.of_address(plain_address(what)))

    def forget_where(self, holds: Callable[[Kept], bool]) -> int:
        """Remove every capture for which `holds` is true (say, whose body names an author); give how many went.

        Reads every capture: minutes for a large archive. What is damaged goes too: what it shows cannot be told.
        """
        gone: list[Entry] = []
        for entry in self._index.all():
            kept = self._kept(entry)
            if kept is None or holds(kept):
                gone.append(entry)
        return self._remove(gone)

    def _file_of(self, at: datetime) -> FileIO:
        day = f"{self._source}-{at:%Y%m%d}"
        if self._out and self._name.startswith(f"{day}-") and self._out.tell() < self._max_bytes:
            return self._out
        if self._out:
            self._out.close()
        there = sorted(self.folder.glob(f"{day}-*.warc.gz"))
        if there and there[-1].stat().st_size < self._max_bytes:
            path = there[-1]
        else:
            path = self.folder / f"{day}-{len(there):03d}.warc.gz"
            while path.exists():
                path = path.with_name(f"{day}-{int(path.name[-11:-8]) + 1:03d}.warc.gz")
        self._out, self._name = FileIO(os.open(path, os.O_RDWR | os.O_CREAT, 0o600), "r+"), path.name
        if self._out.seek(0, os.SEEK_END) == 0:
            durable.append(self._out.fileno(), _info(path.name), path)
            self._index.sized(path.name, self._out.tell())
        return self._out

    def _kept(self, entry: Entry) -> Kept | None:
        path = self.folder / str(entry.capture.warc)
        try:
            with path.open("rb") as stream:
                stream.seek(entry.offset)
                record = _record(stream.read(entry.response_length))
        except FileNotFoundError:
            return None
        if record is None:
            return None
        headers = {k.lower(): v for k, v in record.http_headers.headers} if record.http_headers else {}
        body = record.content_stream().read()
        return Kept(entry.capture, headers, body) if sha256(body).hexdigest() == entry.capture.sha256 else None

    def _remove(self, gone: Iterable[Entry]) -> int:
        by_file: dict[str, set[int]] = {}
        for entry in gone:
            by_file.setdefault(str(entry.capture.warc), set()).add(entry.offset)
        if by_file and self._out:
            self._out.close()
            self._out = None
        for name, offsets in by_file.items():
            self._rewrite(self.folder / name, offsets)
        return sum(map(len, by_file.values()))

    def _rewrite(self, path: Path, without: set[int]) -> None:
        """Write a file again without some of its records. A kill leaves the old file or the new one, whole."""
        stay = [e for e in self._index.in_file(path.name) if e.offset not in without]
        if not stay:
            path.unlink(missing_ok=True)
            self._index.replace_file(path.name, [], 0)
            return
        aside = path.with_suffix(".tmp")
        moved: list[Entry] = []
        with (
            path.open("rb") as old,
            os.fdopen(os.open(aside, os.O_WRONLY | os.O_CREAT | os.O_TRUNC, 0o600), "wb") as new,
        ):
            new.write(_info(path.name))
            for entry in stay:
                old.seek(entry.offset)
                offset = new.tell()
                new.write(old.read(entry.length))
                moved.append(replace(entry, capture=replace(entry.capture, offset=offset), offset=offset))
            size = new.tell()
            new.flush()
            os.fsync(new.fileno())
        # The index forgets the file first: whatever happens between, the next opening reads the file that is there.
        self._index.replace_file(path.name, [], -1)
        aside.replace(path)
        self._index.replace_file(path.name, moved, size)

    def _reconcile(self) -> None:
        """Make files and index agree: cut torn tails, index what a kill left unindexed, drop what is not there."""
        for stray in self.folder.glob("*.tmp"):
            stray.unlink()
        known = self._index.sizes()
        files = {p.name: p for p in self.folder.glob("*.warc.gz")}
        for name in known.keys() - files.keys():
            self._index.replace_file(name, [], 0)
        for name, path in sorted(files.items()):
            size, indexed = path.stat().st_size, known.get(name, -1)
            if size == indexed:
                continue
            start = indexed if 0 <= indexed < size else 0
            found, end = _scan(path, start)
            if end < size:
                with path.open("r+b") as out:
                    out.truncate(end)
                    os.fsync(out.fileno())
            before = [e for e in self._index.in_file(name) if e.offset < start] if start else []
            self._index.replace_file(name, [*before, *found], end)


class _Writer(WARCWriter):
    @staticmethod
    def _create_digester() -> Any:
        from warcio.utils import Digester

        return Digester("sha256")


def _info(name: str) -> bytes:
    out = BytesIO()
    writer = _Writer(out, gzip=True, warc_version="1.1")
    writer.write_record(writer.create_warcinfo_record(name, {"software": "doselore", "format": "WARC File Format 1.1"}))
    return out.getvalue()


def _records(exchange: Exchange) -> tuple[int, bytes]:
    """Give the length of the response's gzip member, and it with the request's after it."""
    out = BytesIO()
    writer = _Writer(out, gzip=True, warc_version="1.1")
    headers = [(_ORIGINAL + k if k.lower() in _UNDONE else k, _line(v)) for k, v in _public(exchange.headers)]
    headers.append(("Content-Length", str(len(exchange.body))))
    at = {"WARC-Date": exchange.fetched_at.strftime("%Y-%m-%dT%H:%M:%S.%fZ")}
    answer = writer.create_warc_record(
        exchange.url,
        "response",
        payload=BytesIO(exchange.body),
        length=len(exchange.body),
        http_headers=StatusAndHeaders(f"{exchange.status} {_line(exchange.reason)}".strip(), headers, "HTTP/1.1"),
        warc_headers_dict={**at, "WARC-Payload-Digest": f"sha256:{exchange.sha256}"},
    )
    target = re.sub(r"^[a-z]+://[^/?#]*", "", exchange.url, flags=re.IGNORECASE) or "/"
    request = writer.create_warc_record(
        exchange.url,
        "request",
        payload=BytesIO(b""),
        length=0,
        http_headers=StatusAndHeaders(
            f"GET {target} HTTP/1.1",
            [(k, _line(v)) for k, v in _public(exchange.request_headers)],
            is_http_request=True,
        ),
        warc_headers_dict={**at, "WARC-Concurrent-To": answer.rec_headers.get_header("WARC-Record-ID")},
    )
    writer.write_record(answer)
    length = out.tell()
    writer.write_record(request)
    return length, out.getvalue()


def _public(headers: Iterable[tuple[str, str]]) -> Iterator[tuple[str, str]]:
    return ((k, "withheld" if k.lower() in _SECRET else v) for k, v in headers)


def _line(text: str) -> str:
    return re.sub(r"[\r\n\0]+", " ", text)


def _scan(path: Path, start: int) -> tuple[list[Entry], int]:
    """Read a file's members from an offset; give the entries of its whole exchanges, and where the last one ends."""
    found: list[Entry] = []
    whole = start
    pending: Entry | None = None
    with path.open("rb") as stream:
        for offset, length in _members(stream, start):
            stream.seek(offset)
            record = _record(stream.read(length))
            if record is None:
                continue
            if record.rec_type == "response":
                if pending:  # the request after it is damaged
                    found.append(pending)
                pending = _entry(path.name, record, offset, length)
            elif record.rec_type == "request" and pending:
                found.append(replace(pending, length=offset + length - pending.offset))
                pending = None
            if pending is None:
                whole = offset + length
    return found, whole


def _record(member: bytes) -> Any:
    """Give the WARC record of a gzip member; None for one that is damaged."""
    try:
        record = next(iter(ArchiveIterator(BytesIO(member))), None)
        if record is not None:
            # Read here, so that what is damaged within fails here: the iterator unpacks as it goes.
            body = record.content_stream().read()
            record.content_stream = lambda: BytesIO(body)
    except Exception:  # noqa: BLE001 - whatever the parser trips over, the record is damaged
        return None
    return record


def _entry(name: str, record: Any, offset: int, length: int) -> Entry:
    head = record.rec_headers
    url = str(head.get_header("WARC-Target-URI"))
    capture = Capture(
        sha256=str(head.get_header("WARC-Payload-Digest")).removeprefix("sha256:"),
        url=url,
        status=int(record.http_headers.get_statuscode()),
        fetched_at=datetime.fromisoformat(str(head.get_header("WARC-Date")).replace("Z", "+00:00")),
        content_type=record.http_headers.get_header("Content-Type"),
        warc=name,
        offset=offset,
    )
    return Entry(capture, plain_address(url), offset, length, length)


def _members(stream: BinaryIO, start: int) -> Iterator[tuple[int, int]]:
    """Give offset and length of each whole gzip member from an offset on; what is damaged between is passed over."""
    offset: int | None = start
    while offset is not None:
        length = _member(stream, offset)
        if length:
            yield offset, length
            offset += length
        else:
            offset = _next_member(stream, offset + 1)


def _member(stream: BinaryIO, offset: int) -> int:
    """Give the length of the gzip member at an offset; 0 for one that is torn or damaged, or none."""
    stream.seek(offset)
    unpacker, read = zlib.decompressobj(zlib.MAX_WBITS | 16), 0
    try:
        while not unpacker.eof:
            chunk = stream.read(_CHUNK)
            if not chunk:
                return 0
            read += len(chunk)
            unpacker.decompress(chunk)
    except zlib.error:
        return 0
    return read - len(unpacker.unused_data)


def _next_member(stream: BinaryIO, offset: int) -> int | None:
    """Give where the next gzip member may begin, None if nowhere."""
    stream.seek(offset)
    held = b""
    while chunk := stream.read(_CHUNK):
        at = (held + chunk).find(_GZIP)
        if at >= 0:
            return offset - len(held) + at
        offset += len(chunk)
        held = (held + chunk)[-len(_GZIP) + 1 :]
    return None
