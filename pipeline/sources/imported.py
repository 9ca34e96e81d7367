"""What a file is, told by its content, and its posts: what `doselore import` reads."""

import json
import re
import zlib
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import replace
from pathlib import Path
from typing import Literal

from pipeline.errors import SourceError
from pipeline.post import DAMAGED, Batch, Exclusion
from pipeline.sources import dumps, files, lemmy, saved
from pipeline.study import Source

Kind = Literal["folder", "warc", "page", "dump", "lemmy", "reddit", "table"]

_HEAD = 1 << 16
_PACKED = (b"\x28\xb5\x2f\xfd", b"\xfd7zXZ\x00", b"BZh", b"\x2a\x4d\x18")
_BEGIN_SO = (".zst", ".xz", ".bz2", ".gz", ".warc")  # kinds that are known by their first bytes, else damaged
_DUMPS = (".zst", ".xz", ".bz2", ".ndjson", ".jsonl", ".json")
_NO_PAGE = "holds no page of a forum or review site that is known"
_DUMP_NAME = re.compile(r"R[CS]_\d{4}")
_PAGES = (".html", ".htm", ".xhtml", ".shtml", ".php", ".asp", ".aspx")


def batches(
    path: Path, source: Source, words: Sequence[str] = (), fields: Mapping[str, str] | None = None
) -> Iterator[Batch]:
    """Give the posts of a file or folder.

    source: under which they are kept; its timezone holds for pages that tell none. words: of a dump only posts with one
    of them are taken. fields: of a table, field to column. Raises SourceError for a file that cannot be used, and where
    a folder or WARC file holds nothing that is known.
    """
    kind = "table" if fields else kind_of(path)
    if kind == "dump":
        yield from dumps.collect([path], words, {})
    elif kind == "lemmy":
        yield from lemmy.read([path])
    elif kind == "table":
        yield from files.collect([path], fields)
    else:
        yield from _pages(path, source, kind, words)


def kind_of(path: Path) -> Kind:
    """Tell what a file is. Raises SourceError for one that is missing, unreadable, empty or damaged at its head."""
    if path.is_dir():
        return "folder"
    try:
        with path.open("rb") as stream:
            head = stream.read(_HEAD)
    except FileNotFoundError as error:
        raise SourceError(f"{path}: no such file") from error
    except OSError as error:
        raise SourceError(f"{path}: cannot be read: {error.strerror or error}") from error
    if not head:
        raise SourceError(f"{path}: empty")
    if head.startswith(_PACKED) or head[1:4] == b"\x2a\x4d\x18":
        return "dump"
    packed = head.startswith(b"\x1f\x8b")
    if packed:
        head = _unpacked(head)
    start = head.removeprefix(b"\xef\xbb\xbf").lstrip()
    if start.startswith(b"WARC/"):
        return "warc"
    if start.startswith(b"<") and not packed:
        return "page"
    if start[:1] in (b"{", b"["):
        return _json_kind(path, start, packed=packed)
    if not packed and path.suffix.lower() in _BEGIN_SO:
        raise SourceError(f"{path}: damaged: it does not begin as a {path.suffix.lower()} file does")
    return "dump" if packed else "table"


def _unpacked(head: bytes) -> bytes:
    """Unpack as much of a beginning as there is: the file may be torn further on."""
    try:
        return zlib.decompressobj(zlib.MAX_WBITS | 16).decompress(head, _HEAD)
    except zlib.error:
        return b""


def _json_kind(path: Path, start: bytes, *, packed: bool) -> Kind:
    """Tell JSON apart: dumps and most tables hold an object a line, an answer of an API is one document."""
    try:
        first: object = json.loads(start.split(b"\n", 1)[0])
    except (ValueError, RecursionError):
        first = None
    if isinstance(first, Mapping) and "subreddit" in first and ("body" in first or "selftext" in first):
        return "dump"
    if packed:
        return "dump"
    if first is None and b'"kind"' not in start and not any(k in start for k in (b'"creator"', b'"post_view"')):
        return "table"
    if first is None:
        try:
            first = json.loads(path.read_bytes())
        except (ValueError, RecursionError, OSError):
            return "table"
    if lemmy.is_answer(first):
        return "lemmy"
    listing = first[0] if isinstance(first, list) and first else first
    if isinstance(listing, Mapping) and (listing.get("kind") in ("Listing", "t1", "t3") or "json" in listing):
        return "reddit"
    return "table"


def _pages(path: Path, source: Source, kind: Kind, words: Sequence[str]) -> Iterator[Batch]:
    if kind == "folder":
        yield from _folder(path, source, words)
        return
    found = 0
    reading = (
        saved.warc(path, source)
        if kind == "warc"
        else _answers(path)
        if kind == "reddit"
        else saved.pages([path], source)
    )
    for batch in reading:
        found += len(batch.posts) + len(batch.threads)
        yield batch
    if not found:
        raise SourceError(f"{path}: {_NO_PAGE}")


def _answers(path: Path) -> Iterator[Batch]:
    """Read answers of Reddit's API: one document, or one a line."""
    whole = path.read_bytes()
    try:
        told = [json.loads(whole)]
    except (ValueError, RecursionError):
        told = [row for _, row in files.json_lines(path) if not isinstance(row, files.Bad)]
    for one in told:
        found = saved.answer_of_api(one, path.name)
        if found:
            yield found


def _folder(path: Path, source: Source, words: Sequence[str]) -> Iterator[Batch]:
    """Read the pages, WARC files, dumps and answers of APIs below a folder, in the order of their names.

    Other files are passed over; a damaged one is set aside. Raises SourceError for a folder without any of these.
    """
    inside = sorted(p for p in path.rglob("*") if p.is_file())
    if not inside:
        raise SourceError(f"{path}: an empty folder")
    found = 0
    for file in inside:
        if file.stat().st_size == 0:
            continue
        try:
            kind = kind_of(file)
        except SourceError as error:
            name = str(file.relative_to(path))
            yield Batch(exclusions=(Exclusion(name, "import", DAMAGED, str(error).removeprefix(f"{file}: ")),))
            continue
        found += kind == "dump" and _named_as_dump(file)  # one in which no post was looked for is a dump all the same
        for batch in _of_folder(file, kind, source, path, words):
            found += len(batch.posts) + len(batch.threads)
            yield replace(batch, checkpoint={})  # a folder is read from its beginning each time
    if not found:
        more = "WARC file, Reddit dump or answer of an API; name tables (CSV, JSONL, Parquet) one by one"
        raise SourceError(f"{path}: {_NO_PAGE}, nor a {more}")


def _of_folder(file: Path, kind: Kind, source: Source, root: Path, words: Sequence[str]) -> Iterator[Batch]:
    if kind == "page" or (kind == "table" and file.suffix.lower() in _PAGES):
        yield from saved.pages([file], source, root)
    elif kind == "warc":
        yield from saved.warc(file, source)
    elif kind == "lemmy":
        yield from lemmy.read([file])
    elif kind == "reddit":
        yield from _answers(file)
    elif kind == "dump" and _named_as_dump(file):
        yield from dumps.collect([file], words, {})


def _named_as_dump(file: Path) -> bool:
    """Tell whether a packed file bears a dump's name: a mirror may hold packed files of all kinds."""
    return file.suffix.lower() in _DUMPS or _DUMP_NAME.match(file.name) is not None
