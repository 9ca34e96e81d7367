"""What all forum engines share: a page in, posts and threads out.

An engine is one small file: by which marks its pages are known, and where post, author, time, text, quotes and next
page stand, as CSS selectors. What cannot be said in a selector is a method overridden there. Walking, fetching and
limits are elsewhere. `engine_for(page)` finds the engine of a page by the page's own marks, never by its host.

A place is a CSS selector, with `@name` at its end for an attribute instead of the text: "time@datetime".
"""

import re
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from functools import cached_property
from typing import ClassVar, Literal
from urllib.parse import parse_qsl, urlencode, urljoin, urlsplit, urlunsplit

from bs4 import BeautifulSoup, Tag

from pipeline.errors import Unreadable
from pipeline.post import Exclusion, Post, Quote, Status, Thread
from pipeline.sources import html, times

Kind = Literal["thread", "listing", "login", "error", "other"]

# Parameters that change how a page looks, or who asks, but not which posts are on it.
_IDLE = frozenset(
    "sid phpsessid s lang sk sd st sort order orderby dir highlight hilit view print nocache utm_source utm_medium "
    "utm_campaign utm_content utm_term ref fbclid gclid styleid mode pp daysprune prefixid tab".split()
)
_LOGIN = re.compile(
    r"\byou (?:must|need to|have to) (?:be )?(?:log(?:ged)?|sign(?:ed)?|register)|\bplease (?:log ?in|sign in)"
    r"|\blog ?in to (?:view|continue|read)|\bnot logged in or you do not have permission"
    r"|\bnot authori[sz]ed to (?:read|view)|\brequires you to be registered",
    re.IGNORECASE,
)
_MISSING = re.compile(
    r"\b(?:topic|thread|forum|discussion|board|page|post)\b[^.]{0,60}"
    r"\b(?:does not exist|doesn't exist|not be found|is missing|(?:deleted|removed)\b|no longer exists|off limits)"
    r"|\binvalid (?:thread|topic|forum)|\bno (?:thread|topic) specified|\bnot found\b|\ban error (?:has )?occurred",
    re.IGNORECASE,
)


@dataclass(frozen=True)
class Page:
    """One answer, decoded. url: the final address; fetched_at: UTC, for times told as "3 hours ago"."""

    url: str
    html: str
    fetched_at: datetime

    @cached_property
    def soup(self) -> BeautifulSoup:
        """The parsed page."""
        return html.soup(self.html)

    @cached_property
    def held(self) -> dict[str, list[Tag]]:
        """The posts found on the page, by engine: asked for more than once."""
        return {}

    @cached_property
    def base(self) -> str:
        """What relative links are relative to: `<base href>` if the page has one."""
        tag = self.soup.select_one("base[href]")
        return urljoin(self.url, str(tag["href"])) if tag else self.url

    def link(self, href: object) -> str:
        """Give the whole address of a link on the page."""
        try:
            return urljoin(self.base, str(href).strip())
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
    """Where a time stands, and how it is written. where: tried in order; formats: strptime patterns for the text."""

    where: tuple[str, ...]
    formats: tuple[str, ...] = field(default=())


class Engine:
    """One forum software. A subclass fills in the selectors; the methods below suit most engines as they are."""

    name: ClassVar[str] = ""
    rank: ClassVar[int] = 1
    """Asked in this order: 0 for one whose pages bear another engine's marks too, 2 for one with weak marks."""
    marks: ClassVar[tuple[str, ...]] = ()
    """Selectors, each of which hits only pages of this engine; one hit is enough."""
    post: ClassVar[str] = ""
    not_post: ClassVar[str] = ""
    """Elements that `post` hits and that are none: advertisements, hidden ones."""
    post_id: ClassVar[str] = "@id"
    author: ClassVar[str] = ""
    posted: ClassVar[Time] = Time(())
    edited: ClassVar[Time] = Time(())
    body: ClassVar[str] = ""
    quote: ClassVar[str] = "blockquote"
    quote_author: ClassVar[str] = "cite"
    drop: ClassVar[str] = ""
    """Within the body: what is not the author's own words (edit notices, signatures, buttons)."""
    permalink: ClassVar[str] = ""
    title: ClassVar[str] = "h1"
    next_page: ClassVar[str] = "a[rel=next], link[rel=next]"
    pages: ClassVar[str] = ""
    thread_row: ClassVar[str] = ""
    thread_link: ClassVar[str] = ""
    last_post: ClassVar[Time] = Time(())
    replies: ClassVar[str] = ""
    moved: ClassVar[str] = ""
    """Rows that only point to a thread's new place."""
    board_link: ClassVar[str] = ""
    thread_path: ClassVar[str] = ""
    """Regular expression on path and query of a thread's address; its group is the thread's native id."""
    page_parameters: ClassVar[dict[str, str]] = {"page": "1", "start": "0"}
    """Parameters that count pages, with the value that the first page may also be reached without."""
    idle: ClassVar[frozenset[str]] = _IDLE

    def recognises(self, page: Page) -> bool:
        """Tell whether a page was made by this engine."""
        return any(page.soup.select_one(mark) is not None for mark in self.marks)

    def kind(self, page: Page) -> Kind:
        """Tell what a page is, by what is on it; a status of 200 says nothing."""
        if self.posts_on(page):
            return "thread"
        if (self.thread_row and page.soup.select_one(self.thread_row)) or (
            self.board_link and page.soup.select_one(self.board_link)
        ):
            return "listing"
        words = html.text_of(page.soup)[:20_000]
        if _LOGIN.search(words):
            return "login"
        return "error" if _MISSING.search(words) else "other"

    def thread_page(self, page: Page, zone: str = "UTC") -> ThreadPage:
        """Read one page of a thread. zone: IANA name, for times without one. Raises Unreadable if no post is on it."""
        elements = self.posts_on(page)
        if not elements:
            raise Unreadable(f"{page.url}: no post on this page ({self.name})")
        thread = Thread(self.thread_id(page), self.thread_url(page), self.title_of(page))
        posts: dict[str, Post] = {}
        unreadable: list[Exclusion] = []
        for number, element in enumerate(elements, 1):
            made = self.read_post(page, element, thread, zone)
            if isinstance(made, str):
                unreadable.append(Exclusion(f"{page.url}#{number}", "collect", made, self.name))
            elif made is not None:
                posts.setdefault(made.native_id, made)
        return ThreadPage(thread, tuple(posts.values()), self.next_url(page), self.page_urls(page), tuple(unreadable))

    def listing(self, page: Page, zone: str = "UTC") -> Listing:
        """Read one page that lists threads or forums."""
        threads: dict[str, Thread] = {}
        for row in page.soup.select(self.thread_row) if self.thread_row else ():
            thread = self.read_row(page, row, zone)
            if thread is not None:
                threads.setdefault(thread.native_id, thread)
        links = page.soup.select(self.board_link) if self.board_link else ()
        boards = dict.fromkeys(self.canonical(page.link(a.get("href"))) for a in links if a.get("href"))
        boards.pop(self.canonical(page.url), None)
        return Listing(tuple(threads.values()), tuple(boards), self.next_url(page))

    # What a page and its address say.

    def canonical(self, url: str) -> str:
        """Give the one address under which a page is kept: no session, no sorting, no anchor, no number of page one."""
        try:
            parts = urlsplit(url)
            pairs = parse_qsl(parts.query.replace(";", "&"), keep_blank_values=True)
        except ValueError:
            return url
        kept = [(k, v) for k, v in pairs if k.lower() not in self.idle and self.page_parameters.get(k) != v]
        path = re.sub(r";[^/]*$", "", parts.path) or "/"
        path = re.sub(r"//+", "/", path)
        return urlunsplit((parts.scheme.lower(), parts.netloc.lower(), path, urlencode(sorted(kept)), ""))

    def native_thread(self, url: str) -> str | None:
        """Give the native id of the thread that an address leads to; None if it leads to none."""
        parts = urlsplit(self.canonical(url))
        found = (
            re.search(self.thread_path, parts.path + (f"?{parts.query}" if parts.query else ""))
            if self.thread_path
            else None
        )
        return next((g for g in found.groups() if g), None) if found else None

    def thread_id(self, page: Page) -> str:
        """Give the native id of the thread that a page shows."""
        for address in (page.url, *self._own_addresses(page)):
            found = self.native_thread(address)
            if found:
                return found
        return self.canonical(page.url)

    def thread_url(self, page: Page) -> str:
        """Give the canonical address of the first page of the thread."""
        own = next((a for a in self._own_addresses(page) if self.native_thread(a)), page.url)
        return self.first_page(own if not self.native_thread(page.url) else page.url)

    def first_page(self, url: str) -> str:
        """Give the address of a thread's first page from that of any of its pages."""
        parts = urlsplit(self.canonical(url))
        kept = [(k, v) for k, v in parse_qsl(parts.query, keep_blank_values=True) if k not in self.page_parameters]
        return urlunsplit((parts.scheme, parts.netloc, parts.path, urlencode(kept), ""))

    def title_of(self, page: Page) -> str | None:
        """Give the thread's title."""
        found = page.soup.select_one(self.title)
        words = html.text_of(found).replace("\n", " ") if found else ""
        if not words and page.soup.title:
            words = page.soup.title.get_text(" ", strip=True)
        return words or None

    def next_url(self, page: Page) -> str | None:
        """Give the canonical address of the next page; None on the last one."""
        tag = next((t for t in page.soup.select(self.next_page) if t.get("href")), None)
        if tag is None:
            return None
        url = self.canonical(page.link(tag["href"]))
        return url if url.startswith("http") and url != self.canonical(page.url) else None

    def page_urls(self, page: Page) -> tuple[str, ...]:
        """Give the canonical addresses of all pages of the thread that this page links to."""
        links = page.soup.select(self.pages) if self.pages else ()
        return tuple(dict.fromkeys(self.canonical(page.link(a["href"])) for a in links if a.get("href")))

    def api_url(self, page: Page) -> str | None:  # noqa: ARG002 - most engines have none
        """Give the address of the same thread as JSON, where the engine has one that is better than its pages."""
        return None

    def _own_addresses(self, page: Page) -> list[str]:
        tags = page.soup.select("link[rel=canonical][href], meta[property='og:url'][content]")
        return [page.link(t.get("href") or t.get("content")) for t in tags]

    # One post.

    def posts_on(self, page: Page) -> list[Tag]:
        """Give the elements that are posts, in order of reading."""
        if self.name not in page.held:
            page.held[self.name] = self._find_posts(page)
        return page.held[self.name]

    def _find_posts(self, page: Page) -> list[Tag]:
        found = page.soup.select(self.post) if self.post else []
        left_out = {id(e) for e in page.soup.select(self.not_post)} if self.not_post else set[int]()
        return [e for e in html.outermost(found) if id(e) not in left_out]

    def read_post(self, page: Page, element: Tag, thread: Thread, zone: str) -> Post | str | None:
        """Read one post; give a short reason if it cannot be read, None if it is no post at all."""
        native_id = self.native_id(element)
        if not native_id:
            return "post without an id"
        status = self.status(element)
        body = self.body_of(element)
        if body is None:
            if status == "live":
                return "post without a text"
            return Post(
                native_id,
                "",
                thread.native_id,
                status=status,
                title=thread.title,
                url=self.post_url(page, element, native_id),
            )
        text, quotes = self.own_text(body)
        live = status == "live"
        return Post(
            native_id=native_id,
            text=text if live else "",
            thread_id=thread.native_id,
            author=self.author_of(element) if live else None,
            posted_at=self.time_of(element, self.posted, page, zone),
            edited_at=self.time_of(element, self.edited, page, zone),
            url=self.post_url(page, element, native_id),
            title=thread.title,
            quotes=quotes if live else (),
            status=status,
        )

    def native_id(self, element: Tag) -> str:
        """Give the post's id as the site counts it: the last number of the attribute or text that holds it."""
        value = where(element, self.post_id) or ""
        digits = re.findall(r"\d+", value)
        return digits[-1] if digits else value.strip()

    def status(self, element: Tag) -> Status:  # noqa: ARG002 - most engines show no trace of a deleted post
        """Tell whether a post is live; engines that leave a stub say how it is known."""
        return "live"

    def body_of(self, element: Tag) -> Tag | None:
        """Give the element that holds the post's text."""
        return element.select_one(self.body)

    def author_of(self, element: Tag) -> str | None:
        """Give the author's name in clear."""
        return where(element, self.author)

    def time_of(self, element: Tag, time: Time, page: Page, zone: str) -> datetime | None:
        """Give the first of the places of a time that can be read."""
        said = (where(element, place) for place in time.where)
        return next((t for s in said if s and (t := self.said_time(s, time, page, zone)) is not None), None)

    def said_time(self, said: str, time: Time, page: Page, zone: str) -> datetime | None:
        """Read a time as the page prints it."""
        return times.moment(said, times.zone_of(zone), page.fetched_at, time.formats)

    def post_url(self, page: Page, element: Tag, native_id: str) -> str | None:
        """Give the post's own address: its permalink, else its page with an anchor."""
        href = where(element, f"{self.permalink}@href") if self.permalink else None
        if href and not href.startswith(("#", "javascript:")):
            url = page.link(href)
            anchor = urlsplit(url).fragment
            return self.canonical(url) + (f"#{anchor}" if anchor else "")
        anchor = str(element.get("id") or native_id)
        return f"{self.canonical(page.url)}#{anchor}"

    def own_text(self, body: Tag) -> tuple[str, tuple[Quote, ...]]:
        """Give the author's own words and the quotes in a body."""
        found = body.select(self.quote) if self.quote else []
        quotes = html.quotes_of(body, found, self.quoted_author)
        left_out = [*found, *(body.select(self.drop) if self.drop else ())]
        return html.text_of(body, left_out), quotes

    def quoted_author(self, quote: Tag) -> tuple[str | None, Sequence[Tag]]:
        """Give whose words a quote is, and the elements in it that only say so."""
        labels = quote.select(self.quote_author) if self.quote_author else []
        label = next(iter(labels), None)
        if label is None:
            return None, ()
        words = label.get_text(" ", strip=True)
        return html.said_by(words) or (words if label.name == "cite" and len(words) < 40 else None), labels

    # One row of a listing.

    def read_row(self, page: Page, row: Tag, zone: str) -> Thread | None:
        """Read one row of a listing; None if it is no thread, or only points to where one has moved."""
        if self.moved and (row.select_one(self.moved) is not None or matches(row, self.moved)):
            return None
        link = row if self.thread_link == "" and row.name == "a" else row.select_one(self.thread_link)
        if link is None or not link.get("href"):
            return None
        url = self.first_page(page.link(link["href"]))
        native = self.native_thread(url)
        if native is None:
            return None
        count = where(row, self.replies) if self.replies else None
        digits = re.sub(r"[^\d]", "", count or "")
        last = self.time_of(row, self.last_post, page, zone)
        title = link.get_text(" ", strip=True) or str(link.get("title") or "")
        return Thread(native, url, title or None, last_post_at=last, posts=int(digits) + 1 if digits else None)


def where(element: Tag, place: str) -> str | None:
    """Give the text or attribute at a place ("selector", "selector@attribute", "@attribute"); None if there is none."""
    selector, _, attribute = place.partition("@")
    found: Tag | None = element if not selector else element.select_one(selector)
    if found is None:
        return None
    if attribute:
        value = found.get(attribute)
        said = " ".join(value) if isinstance(value, list) else value
    else:
        said = found.get_text(" ", strip=True)
    return said.strip() or None if said else None


def matches(element: Tag, selector: str) -> bool:
    """Tell whether an element itself is hit by a selector."""
    return bool(element.css.match(selector))


def first(found: Iterable[Engine], page: Page) -> Engine | None:
    """Give the first of the engines that recognises a page."""
    return next((engine for engine in found if engine.recognises(page)), None)
