"""Reddit's answers on the record: each kept in the archive and told in the ledger, and read again from the archive.

The client that asks is PRAW's own; what it hears is handed on here. The token and the header that carries it are
never kept. A request by POST is kept under its address with the form's fields behind it, so that each has one of its
own.
"""

import hashlib
import json
import time
from collections.abc import Iterator, Mapping
from contextlib import closing
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any
from urllib.parse import urlsplit

import requests

from pipeline.archive import Archive, Exchange
from pipeline.fetch import Fetcher
from pipeline.ledger import Ledger
from pipeline.post import Batch, Exclusion, Post, Thread
from pipeline.progress import Progress, Silent
from pipeline.sources import reddit, reddit_api, reddit_json
from pipeline.study import Source

_NEVER_KEPT = frozenset({"authorization", "cookie", "set-cookie"})


def collect_source(
    source: Source,
    home: Path,
    state: Mapping[str, str],
    progress: Progress | None = None,
    *,
    sleep: reddit_api.Sleep = time.sleep,
) -> Iterator[Batch]:
    """Collect over the network, with archive (`archive/`) and ledger (`ledger/`) in the home folder.

    Raises what `reddit.collect` raises; without approval or credentials nothing is asked and nothing is written.
    """
    agent = reddit_api.connect(source).config.user_agent  # refuses before a line is written
    shown = progress or Silent()
    shown.started(source.name)
    try:
        with (
            closing(Archive(home / "archive", source.name)) as archive,
            closing(Ledger(home / "ledger", source.name)) as ledger,
            Fetcher(home, source, archive=archive, ledger=ledger, agent=agent, progress=shown) as fetcher,
        ):
            if source.retention_days is not None:
                archive.purge(datetime.now(UTC) - timedelta(days=source.retention_days))
            fetcher.fetch_terms()

            def heard(answer: requests.Response) -> None:
                if not urlsplit(answer.url).path.endswith("/access_token"):
                    fetcher.keep(exchange(answer), len(answer.content), answer.elapsed.total_seconds())

            for batch in reddit.collect(source, state, progress=shown, sleep=sleep, heard=heard):
                fetcher.posts += len(batch.posts)
                yield replace(batch, captures=(*batch.captures, *fetcher.take_captures()))
    finally:
        shown.finished(source.name)


def exchange(answer: requests.Response) -> Exchange:
    """Give one answer as the archive keeps it, without token and cookies."""
    request = answer.request
    url = str(request.url)
    form = request.body.decode() if isinstance(request.body, bytes) else request.body
    if request.method != "GET" and isinstance(form, str) and form:
        url = f"{url}{'&' if '?' in url else '?'}{form}"
    return Exchange(
        url=url,
        status=answer.status_code,
        body=answer.content,
        sha256=hashlib.sha256(answer.content).hexdigest(),
        fetched_at=datetime.now(UTC),
        headers=_public(answer.headers),
        request_headers=_public(request.headers),
        reason=answer.reason or "",
        content_type=answer.headers.get("content-type"),
    )


def _public(headers: Mapping[str, Any]) -> tuple[tuple[str, str], ...]:
    text = ((k, v.decode("latin-1") if isinstance(v, bytes) else str(v)) for k, v in headers.items())
    return tuple((k, v) for k, v in text if k.lower() not in _NEVER_KEPT)


def from_archive(source: Source, home: Path, progress: Progress | None = None) -> Iterator[Batch]:
    """Read a source's kept answers again, oldest first: the last word on each post is the newest that was heard."""
    shown = progress or Silent()
    shown.started(source.name)
    try:
        with Archive(home / "archive", source.name) as archive:
            for kept in archive.captures(ok_only=True):
                try:
                    batch = batch_of(json.loads(kept.body))
                except (ValueError, RecursionError):
                    continue  # the terms page, robots.txt
                if batch.posts or batch.exclusions:
                    shown.page(source.name, kept.capture.url)
                    shown.posts(source.name, len(batch.posts))
                    yield replace(batch, captures=(kept.capture,))
            yield from archive.aside()
    finally:
        shown.finished(source.name)


def batch_of(answer: object) -> Batch:
    """Map every comment and submission of one answer of the API, however deep it lies in it."""
    posts: dict[str, Post] = {}
    threads: list[Thread] = []
    aside: list[Exclusion] = []
    for thing in _things(answer):
        try:
            made = reddit_json.post(thing)
            thread = reddit_json.thread(thing)
        except reddit_json.NotAPostError as reason:
            aside.append(Exclusion(str(thing.get("data", {}).get("name", "?")), "collect", str(reason)))
            continue
        posts[made.native_id] = made
        if thread:
            threads.append(thread)
    return Batch(tuple(posts.values()), tuple(threads), tuple(aside))


def _things(answer: object) -> Iterator[dict[str, Any]]:
    """Give what is of kind t1 or t3, a submission before its comments and a comment before its answers."""
    waiting = [answer]
    while waiting:
        one = waiting.pop()
        if isinstance(one, list):
            waiting += reversed(one)
        elif isinstance(one, dict):
            inner = one.get("data")
            if one.get("kind") in ("t1", "t3") and isinstance(inner, dict):
                yield one
                waiting.append(inner.get("replies"))
            else:
                waiting += [v for k, v in one.items() if k in ("data", "children", "json", "things")]
