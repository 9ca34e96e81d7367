"""A page as an engine gets it, and what it gives."""

from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import datetime, tzinfo
from functools import cached_property
from typing import Any
from urllib.parse import urljoin

import orjson

from pipeline.post import Exclusion, Post, Thread
from pipeline.sources import html, times
from pipeline.sources.html import Alternative, HtmlElement


@dataclass(frozen=True)
class Page:
    """One answer, decoded. url: the final address; fetched_at: UTC, for times told as "3 hours ago"."""

    url: str
    html: str
    fetched_at: datetime

    @cached_property
    def root(self) -> HtmlElement:
        """The parsed page; an empty one where the answer is JSON."""
        return html.tree("" if self.json is not None else self.html)

    @cached_property
    def json(self) -> Any:
        """What the answer says, where it is JSON; None where it is a page."""
        if self.html.lstrip()[:1] not in ("{", "["):
            return None
        try:
            return orjson.loads(self.html)
        except orjson.JSONDecodeError:
            return None

    def has(self, selector: str) -> bool:
        """Tell whether a selector hits anything."""
        able = self.narrowed(selector)
        return able != html.NEVER and (html.matches(self.root, able) or bool(html.select(self.root, able)))

    def narrowed(self, place: str) -> str:
        """Give a place, or a selector, without those of its alternatives that name a class or id which the page lacks.

        What it hits stays the same, and is found faster. html.NEVER where no alternative is left.
        """
        selector, at, name = place.partition("@")
        if not selector:
            return place
        ways = html.alternatives(selector)
        able = [way.selector for way in ways if self._can_hit(way)]
        if len(able) == len(ways):
            return place
        return f"{', '.join(able)}{at}{name}" if able else html.NEVER

    def able(self, place: "str | Time") -> "str | Time":
        """Give a selector or the places of a time, each narrowed; of a time, those of which something is left."""
        if isinstance(place, str):
            return self.narrowed(place)
        kept = tuple(n for p in place.where if (n := self.narrowed(p)) != html.NEVER)
        return place if kept == place.where else replace(place, where=kept)

    def _can_hit(self, way: Alternative) -> bool:
        return (
            way.names <= self.names
            and all(name in self._lower for name in way.attributes)
            and all(value in self.html for value in way.values)
        )

    @cached_property
    def _lower(self) -> str:
        return self.html.lower()

    @cached_property
    def names(self) -> frozenset[str]:
        """Every class and id on the page."""
        return html.names(self.root)

    @cached_property
    def held(self) -> dict[str, list[HtmlElement]]:
        """The posts found on the page, by engine: asked for more than once."""
        return {}

    @cached_property
    def orders(self) -> dict[str, times.Order]:
        """The order of day and month on the page, by engine."""
        return {}

    @cached_property
    def told_zone(self) -> tzinfo | None:
        """The zone that the page says its times are in."""
        return times.told_zone(self.html)

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
