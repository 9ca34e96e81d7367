"""The way through one thread: pages seen, posts met, which page follows by its number, and why one is set aside."""

import re
from dataclasses import dataclass, field

from pipeline.errors import Forbidden, Gone, SourceError, Unreadable
from pipeline.fetching.address import query_of
from pipeline.sources.engines import Engine, ThreadPage

_PAGE_IN_PATH = re.compile(r"/(?:page|p|index)[-/]?(\d+)(?:\.html?)?/?$|-page-(\d+)|\.(\d+)(?:\.html?)?$")

WHY = {
    "login": "needs a login",
    "error": "not there",
    "listing": "no thread at this address",
    "other": "no thread at this address",
}
STRANGE = "not a page of this site"  # noise, or a page of somebody between us and it: asked for again next time
# What the site decided and will not change by itself; it is asked again when the listing tells of a change.
FINAL = frozenset(WHY.values()) | {"forbidden by the site", "gone"}


@dataclass(slots=True)
class Trail:
    """The way through one thread. ids: of all posts met; tail, tail_ids: of the last two pages; gap: a page failed."""

    visited: set[str] = field(default_factory=set[str])
    known: dict[str, None] = field(default_factory=dict[str, None])
    ids: set[str] = field(default_factory=set[str])
    tail: tuple[str, ...] = ()
    tail_ids: tuple[tuple[str, ...], ...] = ()
    gap: bool = False

    def add(self, url: str, read: ThreadPage) -> None:
        """Take in a page that was read."""
        self.known.update(dict.fromkeys(read.page_urls))
        self.ids.update(p.native_id for p in read.posts)
        if not self.gap:  # behind a gap the tail stays, so that the next crawl comes back to it
            self.tail = (*self.tail, url)[-2:]
            self.tail_ids = (*self.tail_ids, tuple(p.native_id for p in read.posts))[-2:]

    def after(self, engine: Engine, url: str) -> str | None:
        """Give the page that follows by its number, of all pages that were linked to; None if there is none."""
        here = _number(engine, url)
        later = [(n, u) for u in self.known if u not in self.visited and (n := _number(engine, u)) > here]
        return min(later)[1] if later else None


def _number(engine: Engine, url: str) -> int:
    """Give the number of a page within its thread, as its address counts; 0 for the first."""
    query = query_of(url)
    counted = next((query[k] for k in engine.page_parameters if query.get(k, "").isdigit()), None)
    if counted is None:
        found = _PAGE_IN_PATH.search(url.partition("?")[0])
        counted = next((g for g in found.groups() if g), None) if found else None
    return int(counted) if counted else 0


def reason_of(error: SourceError) -> str:
    """Give the short reason under which a page that could not be had is set aside."""
    if isinstance(error, Forbidden):
        return "forbidden by robots.txt" if "robots.txt" in str(error) else "forbidden by the site"
    if isinstance(error, Gone):
        return "gone"
    return "unreadable" if isinstance(error, Unreadable) else "not answered"
