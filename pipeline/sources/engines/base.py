"""What all forum engines share: a page in, posts and threads out.

An engine is one small file: by which marks its pages are known, and where post, author, time, text, quotes and next
page stand, as CSS selectors. What cannot be said in a selector is a method overridden there. Walking, fetching and
limits are elsewhere. `engine_for(page)` finds the engine of a page by the page's own marks, never by its host.

A place is a CSS selector, with `@name` at its end for an attribute instead of the text: "time@datetime".
"""

import re
from collections.abc import Iterable, Sequence
from datetime import datetime, tzinfo
from typing import ClassVar, Literal

from pipeline.errors import Unreadable
from pipeline.post import Exclusion, Post, Quote, Status, Thread
from pipeline.sources import html, times
from pipeline.sources.engines import address
from pipeline.sources.engines.page import Listing, Page, ThreadPage, Time
from pipeline.sources.html import HtmlElement, matches, one, select, where

__all__ = ["Engine", "Kind", "Listing", "Page", "ThreadPage", "Time", "first"]

Kind = Literal["thread", "listing", "login", "error", "other"]

_LOGIN = re.compile(
    r"\byou (?:must|need to|have to|are required to) (?:be )?(?:log(?:ged)?|sign(?:ed)?|register)"
    r"|\bplease (?:log ?in|sign in|login)|\b(?:log ?in|sign in) to (?:view|continue|read|see|access)"
    r"|\bnot logged in or (?:you )?do(?:es)? not have permission|\blogin or register (?:an account|to)"
    r"|\bnot (?:authori[sz]ed|permitted|allowed) to (?:read|view|access|enter)"
    r"|\brequires? you to be (?:registered|logged)"
    r"|\bonly registered (?:members|users)|\byou do(?:n't| not) have permission|\binsufficient privileges?"
    r"|\bmust be logged in\b|\bprivate forum\b",
    re.IGNORECASE,
)
_MISSING = re.compile(
    r"\b(?:topic|thread|forum|discussion|board|page|post|category|message)s?\b[^.]{0,60}"
    r"\b(?:do(?:es)? not exist|doesn't exist|(?:not|n't) be found|is missing|(?:deleted|removed)\b|no longer exists?"
    r"|off limits|either missing)"
    r"|\binvalid (?:thread|topic|forum|discussion|link)|\bno (?:thread|topic|forum) specified|\bnot found\b"
    r"|\b(?:an )?error (?:has )?occurred|\bfollowed an invalid or expired link|\bthe link you followed\b",
    re.IGNORECASE,
)


class Engine:
    """One forum software. A subclass fills in the selectors; the methods below suit most engines as they are."""

    name: ClassVar[str] = ""
    rank: ClassVar[int] = 1
    """Asked in this order: 0 for one whose pages bear another engine's marks too, 2 for one with weak marks."""
    marks: ClassVar[tuple[str, ...]] = ()
    """Selectors, each of which hits only pages of this engine; one hit is enough."""
    # Posts.
    post: ClassVar[str] = ""
    not_post: ClassVar[str] = ""
    """Elements that `post` hits and that are none: advertisements, hidden ones."""
    post_id: ClassVar[str] = "@id"
    author: ClassVar[str] = ""
    posted: ClassVar[Time] = Time(())
    edited: ClassVar[Time] = Time(())
    order: ClassVar[times.Order] = "MDY"
    """Which comes first in a date of bare numbers, unless the page's other dates show it."""
    body: ClassVar[str] = ""
    quote: ClassVar[str] = "blockquote"
    quote_author: ClassVar[str] = "cite"
    drop: ClassVar[str] = ""
    """Within the body: what is not the author's own words (edit notices, signatures, buttons)."""
    deleted: ClassVar[str] = ""
    """Hits a post, or something in it, that is the stub of a deleted one."""
    permalink: ClassVar[str] = ""
    # Threads.
    title: ClassVar[str] = "h1"
    next_page: ClassVar[str] = "a[rel=next], link[rel=next]"
    pages: ClassVar[str] = ""
    thread_mark: ClassVar[str] = ""
    """Place of the thread's native id on a page of it, for boards whose addresses do not hold it."""
    # Listings.
    listing_mark: ClassVar[str] = ""
    """Hits a listing even if it is empty."""
    thread_row: ClassVar[str] = ""
    thread_link: ClassVar[str] = ""
    row_id: ClassVar[str] = ""
    """Place of the thread's native id in its row, where its address does not hold it."""
    last_post: ClassVar[Time] = Time(())
    replies: ClassVar[str] = ""
    moved: ClassVar[str] = ""
    """Rows that only point to a thread's new place, advertisements."""
    board_link: ClassVar[str] = ""
    error_box: ClassVar[str] = ""
    """Hits the box in which the software says why it does not show what was asked for."""
    # Addresses.
    thread_path: ClassVar[str] = ""
    """Regular expression on path and query of a thread's address; its first group that matches is the native id."""
    page_parameters: ClassVar[dict[str, str]] = {"page": "1"}
    """Parameters that count pages, with the value that the first page may also be reached without."""
    page_path: ClassVar[str] = ""
    """Regular expression on the end of a path that counts pages, the number in its first group."""
    idle: ClassVar[frozenset[str]] = address.IDLE

    def __init__(self) -> None:
        """Make an engine, which may be asked about any number of pages."""
        self._mark = ", ".join(self.marks)

    def recognises(self, page: Page) -> bool:
        """Tell whether a page was made by this engine."""
        return page.has(self._mark)

    def kind(self, page: Page) -> Kind:
        """Tell what a page is, by what is on it; a status of 200 says nothing."""
        if self.posts_on(page):
            return "thread"
        boxes = select(page.root, self.error_box)
        said = " ".join(html.words(b) for b in boxes)
        if boxes and (refusal := _refusal(said)):
            return refusal
        if any(s and select(page.root, s) for s in (self.thread_row, self.board_link, self.listing_mark)):
            return "listing"
        return _refusal(html.text_of(page.root)[:20_000]) or ("error" if boxes else "other")

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
        for row in html.outermost(select(page.root, self.thread_row)):
            thread = self.read_row(page, row, zone)
            if thread is not None:
                threads.setdefault(thread.native_id, thread)
        found = (self.canonical(page.link(href)) for href, _ in html.links(page.root, self.board_link))
        boards = dict.fromkeys(u for u in found if u.startswith("http"))
        boards.pop(self.canonical(page.url), None)
        return Listing(tuple(threads.values()), tuple(boards), self.next_url(page))

    # What a page and its address say.

    def canonical(self, url: str) -> str:
        """Give the one address under which a page is kept: no session, no sorting, no anchor, no number of page one."""
        return address.canonical(url, self.idle, self.page_parameters, self.page_path)

    def first_page(self, url: str) -> str:
        """Give the address of a thread's first page from that of any of its pages."""
        return address.first_page(self.canonical(url), self.page_parameters, self.page_path)

    def native_thread(self, url: str) -> str | None:
        """Give the native id of the thread that an address leads to; None if it does not tell."""
        found = re.search(self.thread_path, address.path_and_query(self.canonical(url))) if self.thread_path else None
        return next((g for g in found.groups() if g), None) if found else None

    def thread_id(self, page: Page) -> str:
        """Give the native id of the thread that a page shows."""
        marked = where(page.root, self.thread_mark) if self.thread_mark else None
        told = (self.native_thread(a) for a in (page.url, *page.own_addresses))
        return next((t for t in told if t), None) or _number(marked) or self.first_page(page.url)

    def thread_url(self, page: Page) -> str:
        """Give the canonical address of the first page of the thread."""
        told = next((a for a in (page.url, *page.own_addresses) if self.native_thread(a)), None)
        return self.first_page(told or next(iter(page.own_addresses), page.url))

    def title_of(self, page: Page) -> str | None:
        """Give the thread's title."""
        return where(page.root, self.title) or where(page.root, "title") or None

    def next_url(self, page: Page) -> str | None:
        """Give the canonical address of the next page; None on the last one."""
        href = next((h for h, _ in html.links(page.root, self.next_page)), None)
        url = self.canonical(page.link(href)) if href else ""
        return url if url.startswith("http") and url != self.canonical(page.url) else None

    def page_urls(self, page: Page) -> tuple[str, ...]:
        """Give the canonical addresses of all pages of the thread that this page links to."""
        linked = dict.fromkeys(page.link(href) for href, _ in html.links(page.root, self.pages))
        found = (self.canonical(url) for url in linked)
        return tuple(dict.fromkeys(u for u in found if u.startswith("http")))

    def api_url(self, page: Page) -> str | None:  # noqa: ARG002 - most engines have none
        """Give the address of the same thread as JSON, where the engine has one that is better than its pages."""
        return None

    # One post.

    def posts_on(self, page: Page) -> list[HtmlElement]:
        """Give the elements that are posts, in order of reading."""
        if self.name not in page.held:
            page.held[self.name] = self.find_posts(page)
        return page.held[self.name]

    def find_posts(self, page: Page) -> list[HtmlElement]:
        """Find the elements that are posts; asked once a page."""
        found = select(page.root, self.post)
        left_out = set(select(page.root, self.not_post)) if found and self.not_post else set[HtmlElement]()
        return [e for e in html.outermost(found) if e not in left_out]

    def read_post(self, page: Page, element: HtmlElement, thread: Thread, zone: str) -> Post | str | None:
        """Read one post; give a short reason if it cannot be read, None if it is no post at all."""
        native_id = self.native_id(element)
        if not native_id:
            return "post without an id"
        status = self.status(element)
        body = self.body_of(element)
        if body is None and status == "live":
            return "post without a text"
        live = status == "live"
        text, quotes = self.own_text(body) if live and body is not None else ("", ())
        return Post(
            native_id=native_id,
            text=text,
            thread_id=thread.native_id,
            parent_id=self.parent_of(element) if live else None,
            author=self.author_of(element) if live else None,
            posted_at=self.time_of(element, self.posted, page, zone),
            edited_at=self.time_of(element, self.edited, page, zone),
            url=self.post_url(page, element, native_id),
            title=thread.title,
            quotes=quotes,
            status=status,
        )

    def native_id(self, element: HtmlElement) -> str:
        """Give the post's id as the site counts it: the last number of the attribute or text that holds it."""
        return _number(where(element, self.post_id)) or ""

    def parent_of(self, element: HtmlElement) -> str | None:  # noqa: ARG002 - most boards have no trees
        """Give the native id of the post that this one answers, where the page tells it."""
        return None

    def status(self, element: HtmlElement) -> Status:
        """Tell whether a post is live, or the stub of one that was."""
        gone = self.deleted and (matches(element, self.deleted) or one(element, self.deleted) is not None)
        return "deleted" if gone else "live"

    def body_of(self, element: HtmlElement) -> HtmlElement | None:
        """Give the element that holds the post's text."""
        return one(element, self.body)

    def author_of(self, element: HtmlElement) -> str | None:
        """Give the author's name in clear."""
        return where(element, self.author)

    def time_of(self, element: HtmlElement, time: Time, page: Page, zone: str) -> datetime | None:
        """Give the first of the places of a time that can be read."""
        for said in said_times(element, time):
            found = self.said_time(said, time, page, zone)
            if found is not None:
                return found
        return None

    def said_time(self, said: str, time: Time, page: Page, zone: str) -> datetime | None:
        """Read a time as the page prints it."""
        order = self.order_on(page) if times.bare(said) else self.order
        return times.moment(said, self.zone_on(page, zone), page.fetched_at, time.formats, order)

    def zone_on(self, page: Page, zone: str) -> tzinfo:
        """Give the zone of the times on a page: the one asked for, else the one that the page says, else UTC."""
        if zone and zone != "UTC":
            return times.zone_of(zone)
        return page.told_zone or times.zone_of("UTC")

    def order_on(self, page: Page) -> times.Order:
        """Tell by the dates on a page whether its board puts the day or the month first."""
        if self.name not in page.orders:
            places = ((e, self.posted) for e in self.posts_on(page))
            rows = ((r, self.last_post) for r in select(page.root, self.thread_row))
            texts = [said for e, time in (*places, *rows) for said in said_times(e, time)]
            page.orders[self.name] = times.order_of(texts, self.order)
        return page.orders[self.name]

    def post_url(self, page: Page, element: HtmlElement, native_id: str) -> str | None:
        """Give the post's own address: its permalink, else its page with an anchor."""
        href = where(element, f"{self.permalink}@href") if self.permalink else None
        if href and not href.startswith(("#", "javascript:")):
            url, _, anchor = page.link(href).partition("#")
            return self.canonical(url) + (f"#{anchor}" if anchor else "")
        return f"{self.canonical(page.url)}#{html.attribute(element, 'id') or native_id}"

    def own_text(self, body: HtmlElement) -> tuple[str, tuple[Quote, ...]]:
        """Give the author's own words and the quotes in a body."""
        found = self.quotes_in(body)
        drop = select(body, self.drop)
        quotes = html.quotes_of(body, found, self.quoted_author, drop)
        return html.text_of(body, [*found, *drop, *self.labels_in(body)]), quotes

    def quotes_in(self, body: HtmlElement) -> list[HtmlElement]:
        """Give the elements in a body that are quotes."""
        return select(body, self.quote)

    def labels_in(self, body: HtmlElement) -> Sequence[HtmlElement]:  # noqa: ARG002 - most engines put them in the quote
        """Give the elements of a body, outside of its quotes, that only say whose words follow."""
        return ()

    def quoted_author(self, quote: HtmlElement) -> tuple[str | None, Sequence[HtmlElement]]:
        """Give whose words a quote is, and the elements in it that only say so."""
        labels = [e for e in select(quote, self.quote_author) if self._nearest(e) is quote] if self.quote_author else []
        if not labels:
            return None, ()
        said = html.words(labels[0])
        return html.said_by(said) or (said if labels[0].tag == "cite" and 0 < len(said) < 40 else None), labels

    def _nearest(self, element: HtmlElement) -> HtmlElement | None:
        return next((a for a in element.iterancestors() if matches(a, self.quote)), None)

    # One row of a listing.

    def read_row(self, page: Page, row: HtmlElement, zone: str) -> Thread | None:
        """Read one row of a listing; None if it is no thread, or only points to where one has moved."""
        if self.moved and (matches(row, self.moved) or one(row, self.moved) is not None):
            return None
        link = one(row, self.thread_link) if self.thread_link else row
        href = html.attribute(link, "href") if link is not None else ""
        if link is None or not href:
            return None
        url = self.first_page(page.link(href))
        marked = _number(where(row, self.row_id)) if self.row_id else None
        native = self.native_thread(url) or marked
        if native is None:
            return None
        last = self.time_of(row, self.last_post, page, zone)
        title = html.words(link) or html.attribute(link, "title")
        return Thread(native, url, title or None, last_post_at=last, posts=self.posts_in(row))

    def posts_in(self, row: HtmlElement) -> int | None:
        """Give how many posts a thread has, as its row tells: the replies, and the first post."""
        said = where(row, self.replies) if self.replies else None
        count = address.counted(said or "")
        return None if count is None else count + 1


def said_times(element: HtmlElement, time: Time) -> Iterable[str]:
    """Give what stands at the places of a time, one after the other."""
    for place in time.where:
        said = where(element, place)
        if said and time.within:
            match = re.search(time.within, said)
            said = next((g for g in match.groups() if g), None) if match else None
        if said:
            yield said


def first(found: Iterable[Engine], page: Page) -> Engine | None:
    """Give the first of the engines that recognises a page."""
    return next((engine for engine in found if engine.recognises(page)), None)


def _refusal(said: str) -> Literal["login", "error"] | None:
    if _LOGIN.search(said):
        return "login"
    return "error" if _MISSING.search(said) else None


def _number(said: str | None) -> str | None:
    digits = re.findall(r"\d+", said or "")
    return digits[-1] if digits else (said or "").strip() or None
