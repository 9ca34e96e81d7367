"""Posts from pages that somebody saved: HTML files, folders of them, and WARC files of any crawler.

A saved page tells its own address (canonical link, og:url, the note of the browser that saved it), or the folders of a
mirror do ("forum.example/viewtopic.php?t=3.html"). Without either its posts are read all the same, and only their
addresses are missing.
"""

import json
import re
from collections.abc import Iterator
from dataclasses import replace
from datetime import UTC, datetime
from hashlib import sha256
from pathlib import Path
from typing import Any
from urllib.parse import unquote

from warcio.archiveiterator import ArchiveIterator
from warcio.exceptions import ArchiveLoadFailed
from warcio.statusandheaders import StatusAndHeadersParserException

from pipeline.errors import SourceError
from pipeline.fetching.body import MAX_BYTES, fits, text_of
from pipeline.post import Batch, Capture, Exclusion
from pipeline.sources import board
from pipeline.sources.engines import Page
from pipeline.sources.html import HtmlElement, attribute, select
from pipeline.study import Source

STAGE = "import"
_NOTE = re.compile(r"<!-- saved from url=\(\d+\)(\S+) -->|Page saved with SingleFile\s+url:\s*(\S+)")
_HOST = re.compile(r"[a-z0-9-]+(?:\.[a-z0-9-]+)+(?::\d+)?", re.IGNORECASE)
_NOWHERE = "http://saved.invalid/"


def pages(paths: list[Path], source: Source, root: Path | None = None) -> Iterator[Batch]:
    """Read saved HTML pages, one batch each; a page of no known forum is set aside.

    root: the folder that a mirror begins in. Times told as "3 hours ago" count from the file's own time.
    """
    for path in paths:
        name = str(path.relative_to(root)) if root else path.name
        try:
            body = path.read_bytes() if path.stat().st_size <= MAX_BYTES else None
        except OSError as error:
            yield _aside(name, "cannot be read", error.strerror or str(error))
            continue
        if body is None:
            yield _aside(name, "too large", f"over {MAX_BYTES >> 20} MiB")
            continue
        text = text_of(body, None)
        seen = datetime.fromtimestamp(path.stat().st_mtime, UTC)
        bare = Page(_NOWHERE, text, seen)
        address = _told(bare) or _mirrored(path, root)
        made = board.read_page(source, bare.at(address) if address else bare)
        if made is None:
            yield _aside(name, "no page of a known forum", address or "")
            continue
        capture = Capture(sha256(body).hexdigest(), address or name, 200, seen)
        yield replace(_without(made, address), captures=(capture,))


def warc(path: Path, source: Source) -> Iterator[Batch]:
    """Read the answers of a WARC file, packed or plain, one batch each; what is no page or JSON is passed over.

    A file that is torn is read as far as it goes, and that is said. Raises SourceError for a file that is none.
    """
    number = 0
    try:
        with path.open("rb") as stream:
            for record in ArchiveIterator(stream, check_digests=False):
                number += 1
                batch = _answered(record, source, path.name)
                if batch:
                    yield batch
    except OSError as error:
        raise SourceError(f"{path}: cannot be read: {error.strerror or error}") from error
    except (ArchiveLoadFailed, StatusAndHeadersParserException, EOFError, ValueError, AttributeError) as error:
        if number == 0:
            raise SourceError(f"{path}: not a WARC file ({error})") from error
        yield _aside(f"{path.name}:{number + 1}", "torn WARC record", str(error)[:120])


def _answered(record: Any, source: Source, name: str) -> Batch | None:
    head = record.http_headers
    if record.rec_type not in ("response", "resource") or (head is not None and head.get_statuscode() != "200"):
        return None
    url = str(record.rec_headers.get_header("WARC-Target-URI") or "").strip("<>")
    kind = (head or record.rec_headers).get_header("Content-Type")
    if not url.startswith(("http://", "https://")) or url.endswith("/robots.txt"):
        return None
    body = record.content_stream().read(MAX_BYTES + 1)
    if len(body) > MAX_BYTES:
        return _aside(url, "too large", f"over {MAX_BYTES >> 20} MiB")
    if not fits("any", kind, body):
        return None
    record.raw_stream.read()
    if getattr(record.raw_stream, "limit", 0) > 0:
        return _aside(url, "torn WARC record", "the file ends before it does")
    seen = _moment(record.rec_headers.get_header("WARC-Date"))
    found = answer(source, url, text_of(body, kind), seen)
    capture = Capture(sha256(body).hexdigest(), url, 200, seen, kind, name)
    return replace(found, captures=(capture,)) if found else None


def answer(source: Source, url: str, text: str, seen: datetime) -> Batch | None:
    """Read one answer of any site that is known: a page, Reddit's or Lemmy's JSON; None if it is of none."""
    if text.lstrip()[:1] in ("{", "["):
        try:
            told: object = json.loads(text)
        except (ValueError, RecursionError):
            return None
        found = answer_of_api(told, url)
        if found:
            return found
    return board.read_page(source, Page(url, text, seen))


def answer_of_api(told: object, where: str) -> Batch | None:
    """Read an answer of Reddit's or Lemmy's API; None if it is of neither."""
    from pipeline.sources import lemmy, reddit_record

    if lemmy.is_answer(told):
        return lemmy.batch(told, stage=STAGE, where=where)
    first = told[0] if isinstance(told, list) and told else told
    if isinstance(first, dict) and ("kind" in first or "json" in first):
        found = reddit_record.batch_of(told)
        return found if found.posts or found.exclusions else None
    return None


def _told(page: Page) -> str | None:
    note = _NOTE.search(page.html[:4096])
    if note:
        return note[1] or note[2]
    own = [a for a in page.own_addresses if a.startswith(("http://", "https://")) and not a.startswith(_NOWHERE)]
    links: list[HtmlElement] = select(page.root, "base[href]")
    base = [h for e in links if (h := attribute(e, "href")) and h.startswith(("http://", "https://"))]
    return next(iter([*own, *base]), None)


def _mirrored(path: Path, root: Path | None) -> str | None:
    """Give the address of a page in a mirror, whose folders begin with the host (wget, httrack)."""
    parts = path.relative_to(root).parts if root else path.parts[-3:]
    start = next((n for n, part in enumerate(parts[:-1]) if _HOST.fullmatch(part)), None)
    if start is None:
        return None
    rest = unquote("/".join(parts[start + 1 :]))
    rest = re.sub(r"(?<=\?)(.*)\.x?html?$", r"\1", rest)  # "viewtopic.php?t=3.html"
    return f"http://{parts[start]}/{rest}"


def _without(batch: Batch, address: str | None) -> Batch:
    """Leave out addresses that were made up for a page that told none."""
    if address:
        return batch
    posts = tuple(replace(p, url=None) for p in batch.posts)
    return replace(batch, posts=posts, threads=tuple(replace(t, url=None) for t in batch.threads))


def _moment(text: str | None) -> datetime:
    try:
        return datetime.fromisoformat((text or "").replace("Z", "+00:00")).astimezone(UTC)
    except ValueError:
        return datetime.now(UTC)


def _aside(what: str, reason: str, detail: str) -> Batch:
    return Batch(exclusions=(Exclusion(what, STAGE, reason, detail),))
