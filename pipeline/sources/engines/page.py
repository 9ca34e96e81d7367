"""A page as an engine gets it, and what it gives."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, tzinfo
from functools import cached_property
from typing import Any
from urllib.parse import urljoin

import orjson

from pipeline.post import Exclusion, Post, Thread
from pipeline.sources import css, html, times
from pipeline.sources.html import HtmlElement
from pipeline.sources.index import Index

_OF_TEXT = ("json", "_encoded", "_index", "_lower")
"""What a page keeps that its address has no part in."""


@dataclass(frozen=True)
class Page:
    """One answer, decoded. url: the final address; fetched_at: UTC, for times told as "3 hours ago"."""

    url: str
    html: str
    fetched_at: datetime

    @cached_property
    def root(self) -> HtmlElement:
        """The parsed page; an empty one where the answer is JSON."""
        return self._index.root

    def at(self, url: str) -> "Page":
        """Give the same page as the answer of another address, without parsing it again."""
        other = Page(url, self.html, self.fetched_at)
        vars(other).update((name, made) for name, made in vars(self).items() if name in _OF_TEXT)
        return other

    @cached_property
    def json(self) -> Any:
        """What the answer says, where it is JSON; None where it is a page."""
        if self.html.lstrip()[:1] not in ("{", "["):
            return None
        try:
            return orjson.loads(self.html)
        except orjson.JSONDecodeError:
            return None

    @cached_property
    def _index(self) -> Index:
        return Index(html.tree(b"" if self.json is not None else self._encoded), self._lower)

    @cached_property
    def _encoded(self) -> bytes:
        return html.encoded(self.html)

    @cached_property
    def _lower(self) -> bytes:
        return self._encoded.lower()  # of a text with any letter beyond Latin this takes ten times as long

    def has(self, selector: str) -> bool:
        """Tell whether a selector hits anything."""
        if not selector:
            return False
        ways = css.ways(selector)
        if ways is None:
            return html.matches(self.root, selector) or bool(html.select(self.root, selector))
        return self._index.has(ways)

    @cached_property
    def held(self) -> dict[str, list[HtmlElement]]:
        """The posts found on the page, by engine: asked for more than once."""
        return {}

    @cached_property
    def laid(self) -> dict[str, Any]:
        """What is laid into the page as JSON for its scripts, by engine."""
        return {}

    @cached_property
    def orders(self) -> dict[str, times.Order]:
        """The order of day and month on the page, by engine."""
        return {}

    @cached_property
    def told_zone(self) -> tzinfo | None:
        """The zone that the page says its times are in."""
        return times.told_zone(self._encoded, self._lower)

    @cached_property
    def base(self) -> str:
        """What relative links are relative to: `<base href>` if the page has one."""
        href = html.where(self.root, "base@href")
        return self._joined(self.url, href) if href else self.url

    def link(self, href: object) -> str:
        """Give the whole address of a link on the page."""
        said = str(href).strip()
        if said not in self._links:
            self._links[said] = self._joined(self.base, said)
        return self._links[said]

    @cached_property
    def _links(self) -> dict[str, str]:
        """Whole addresses by what the page says: most links stand on it more than once."""
        return {}

    @cached_property
    def own_addresses(self) -> Sequence[str]:
        """The addresses that the page says are its own."""
        found = html.links(self.root, "link[rel=canonical], meta[property='og:url']")
        return [self.link(href) for href, _ in found]

    @staticmethod
    def _joined(base: str, href: str) -> str:
        try:
            return urljoin(base, href)
        except ValueError:
            return ""


@dataclass(frozen=True, slots=True)
class ThreadPage:
    """What one page of a thread gave. next_url: canonical, None on the last page; page_urls: all pages it links to."""

    thread: Thread
    posts: tuple[Post, ...]
    next_url: str | None = None
    page_urls: tuple[str, ...] = ()
    unreadable: tuple[Exclusion, ...] = ()


@dataclass(frozen=True, slots=True)
class Listing:
    """What one listing page gave. threads: with canonical addresses; boards: addresses of forums it links to."""

    threads: tuple[Thread, ...] = ()
    boards: tuple[str, ...] = ()
    next_url: str | None = None


@dataclass(frozen=True, slots=True)
class Time:
    """Where a time stands, and how it is written.

    where: places, tried in order; formats: strptime patterns for what stands there; within: a regular expression whose
    first group that matches is the time, where more than the time stands there.
    """

    where: tuple[str, ...]
    formats: tuple[str, ...] = ()
    within: str = ""
