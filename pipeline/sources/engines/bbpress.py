"""bbPress, the forum within WordPress."""

import re
from collections.abc import Iterator, Sequence
from datetime import datetime
from typing import ClassVar
from urllib.parse import parse_qs, urlsplit

from pipeline.post import Post, Status, Thread
from pipeline.sources import html
from pipeline.sources.engines.base import Engine, Page, Time
from pipeline.sources.html import HtmlElement

_HEADERS = "bbp-reply-header", "bbp-topic-header"
_OWN_ID = re.compile(r"(?:post|reply|topic)-(\d+)")


class BbPress(Engine):
    """A thread is `/topic/SLUG/page/K/`; its native id is the slug, the only one that listings and pages both tell.

    A post is the element of its text; who wrote it stands beside that, its id and time in the header before.
    """

    name = "bbpress"
    marks = (
        "#bbpress-forums",
        "div.bbp-reply-header[id^=post-]",
        ".bbp-replies .bbp-reply-content",
        ".bbp-body .bbp-reply-content",
        "ul[id^=bbp-topic-]",
    )
    post = ".bbp-reply-content, .bbp-topic-content"
    not_post = ".bbp-header *, .bbp-footer *, .bbp-replies-widget *, .bbp-topic-form *, .bbp-reply-form *"
    author = (
        ".bbp-author-name, .bbp-reply-post-name a, .bbp-reply-author a, .bbp-topic-author a, .bbp-thread-byline a, "
        ".bbp-reply-author, .bbp-topic-author"
    )
    posted = Time((".bbp-reply-post-date", ".bbp-topic-post-date", "time@datetime", ".bbp-thread-byline"))
    edited = Time(
        (".bbp-reply-revision-log li", ".bbp-topic-revision-log li"), within=r"modified (?:on )?(.*\d{4}.*?)(?: by|$)"
    )
    order = "DMY"
    quote = "blockquote"
    quote_author = "cite, .d4p-bbp-quote-title, .gdbbx-quote-title, .bbp-quote-title"
    drop = (
        "[class*=signature], [class*=revision-log], .reply-tools, .topic-tools, .bbp-thread-byline, "
        ".bbpdsc-topic-tags, .bbp-topic-tags, .bbp-attachments, .bbp-voting, .bbp-meta, .bbp-admin-links, .sharedaddy"
    )
    deleted = ".status-trash, .status-spam"
    permalink = ".bbp-reply-permalink, .bbp-topic-permalink"
    title = ".bbp-breadcrumb-current, .bbp-lead-topic > h2, h1.entry-title, h1"
    next_page = ".bbp-pagination-links a.next, .bbp-pagination a.next, link[rel=next]"
    pages = ".bbp-pagination-links a[href]"
    listing_mark = ".bbp-topics, .bbp-forums, ul.bbp-topics"
    thread_row = "ul[id^=bbp-topic-]"
    thread_link = "a.bbp-topic-permalink"
    last_post = Time((".bbp-topic-freshness time@datetime", ".bbp-topic-freshness > a", ".bbp-topic-freshness"))
    replies = ".bbp-topic-reply-count"
    board_link = "a.bbp-forum-title, a.bbp-forum-link"
    page_path = r"/page/(\d+)(/?)$"
    page_parameters: ClassVar[dict[str, str]] = {"paged": "1"}

    def native_thread(self, url: str) -> str | None:
        """Give the slug, the last part of the path."""
        try:
            parts = urlsplit(self.first_page(url))
        except ValueError:
            return None
        asked = parse_qs(parts.query)
        named = next((asked[k][0] for k in ("topic", "p") if k in asked), None)
        return named or parts.path.rstrip("/").rpartition("/")[2] or None

    def find_posts(self, page: Page) -> list[HtmlElement]:
        """Leave out the headings of the columns, which have the same classes."""
        left_out = set(html.select(page.root, self.not_post))
        return [e for e in html.outermost(html.select(page.root, self.post)) if e not in left_out]

    def read_post(self, page: Page, element: HtmlElement, thread: Thread, zone: str) -> Post | str | None:
        """Take the lead post's id from the page, where it has none itself."""
        if not self.native_id(element) and "bbp-topic-content" in html.attribute(element, "class"):
            told = html.where(page.root, "#bbp_topic_id@value") or html.where(page.root, "ul[id^=topic-]@id")
            number = re.search(r"\d+", told or "") or re.search(
                r"\bpostid-(\d+)", html.where(page.root, "body@class") or ""
            )
            element.set("data-native-id", number[number.re.groups] if number else thread.native_id)
        return super().read_post(page, element, thread, zone)

    def native_id(self, element: HtmlElement) -> str:
        """Give the number in `post-N`, of the header or the box that a text stands in."""
        told = html.attribute(element, "data-native-id")
        if told:
            return told
        for scope in self._scopes(element):
            found = _OWN_ID.fullmatch(html.attribute(scope, "id"))
            if found:
                return found[1]
            listed = re.search(r"(?:^|\s)post-(\d+)(?:\s|$)", html.attribute(scope, "class"))
            if listed:
                return listed[1]
        return ""

    def status(self, element: HtmlElement) -> Status:
        """Tell what is in the trash, which moderators still see."""
        return "deleted" if any(html.matches(s, self.deleted) for s in self._scopes(element)) else "live"

    def body_of(self, element: HtmlElement) -> HtmlElement | None:
        """Give the element itself."""
        return element

    def labels_in(self, body: HtmlElement) -> Sequence[HtmlElement]:
        """Give the thread's title, where it heads the text of the lead post."""
        return [c for c in body if c.tag in ("h1", "h2")][:1] if html.matches(body, ".bbp-lead-topic") else ()

    def author_of(self, element: HtmlElement) -> str | None:
        """Give the name beside the text."""
        found = (
            html.where(scope, place.strip()) for place in self.author.split(",") for scope in self._scopes(element)
        )
        return next((name for name in found if name), None)

    def time_of(self, element: HtmlElement, time: Time, page: Page, zone: str) -> datetime | None:
        """Read the time in the header before the text."""
        found = (super(BbPress, self).time_of(s, time, page, zone) for s in self._scopes(element))
        return next((t for t in found if t is not None), None)

    def parent_of(self, element: HtmlElement) -> str | None:
        """Give the post under which this one hangs, where replies are threaded."""
        branch = next(
            (a for a in element.iterancestors() if "bbp-threaded-replies" in html.attribute(a, "class")), None
        )
        if branch is None:
            return None
        for before in branch.itersiblings(preceding=True):
            found = _OWN_ID.fullmatch(html.attribute(before, "id"))
            if found:
                return found[1]
        return None

    def post_url(self, page: Page, element: HtmlElement, native_id: str) -> str | None:
        """Give the permalink in the header."""
        for scope in self._scopes(element):
            href = next((h for h, _ in html.links(scope, self.permalink)), None)
            if href:
                return page.link(href)
        return f"{self.canonical(page.url)}#post-{native_id}"

    def posts_in(self, row: HtmlElement) -> int | None:
        """Give how many posts a thread has: what is printed counts the first one too."""
        count = super().posts_in(row)
        return None if count is None else count - 1

    def _scopes(self, text: HtmlElement) -> Sequence[HtmlElement]:
        """Give the boxes that hold what belongs to a text, from the inside, each with the header before it."""
        return list(self._boxes(text))

    def _boxes(self, text: HtmlElement) -> Iterator[HtmlElement]:
        for box in (text, *text.iterancestors()):
            if box is not text and len(html.select(box, self.post)) > 1:
                return
            if {"bbp-body", "bbp-replies"} & set(html.attribute(box, "class").split()) or box.tag in (
                "body",
                "article",
            ):
                return
            yield box
            before = box.getprevious()
            while before is not None and not isinstance(before.tag, str):
                before = before.getprevious()
            if before is not None and any(h in html.attribute(before, "class") for h in _HEADERS):
                yield before
                return
