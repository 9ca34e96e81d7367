"""Reddit's old pages, as old.reddit.com gives them and as people save them. Native ids are Reddit's full names."""

import re
from collections.abc import Sequence
from dataclasses import replace
from datetime import datetime

from pipeline.post import Post, Status, Thread
from pipeline.sources import html
from pipeline.sources.engines import address
from pipeline.sources.engines.base import Engine, Page, Time
from pipeline.sources.html import HtmlElement

_GONE: dict[str, Status] = {"[deleted]": "deleted", "[removed]": "removed"}


class OldReddit(Engine):
    """A thread is `/r/NAME/comments/ID/SLUG/`: the submission, and its comments in a tree."""

    name = "old_reddit"
    marks = (
        "div.comment.thing[data-fullname]",
        "#siteTable .thing.link[data-fullname]",
        "body.comments-page #siteTable",
        "body.listing-page #siteTable",
    )
    post = "#siteTable > .thing.link[data-fullname], div.comment.thing[data-fullname]"
    not_post = ".promoted, .promotedlink"
    author = ".tagline a.author"
    posted = Time((".tagline time:not(.edited-timestamp)@datetime",))
    edited = Time((".tagline time.edited-timestamp@datetime",))
    body = ".usertext-body .md"
    title = "#siteTable .thing.link p.title a.title, #siteTable a.title"
    next_page = "span.next-button a, .nav-buttons a[rel~=next]"
    thread_row = "#siteTable > .thing.link"
    thread_link = "a.comments, a.bylink"
    last_post = Time(())
    replies = "a.comments"
    moved = ".promoted, .promotedlink"
    listing_mark = "body.listing-page #siteTable, #noresults"
    error_box = ".interstitial"
    thread_path = r"/comments/([a-z0-9]+)"
    idle = address.IDLE | {"count", "context", "ref", "ref_source", "st", "sh", "limit", "depth", "after_id"}

    def find_posts(self, page: Page) -> list[HtmlElement]:
        """Find submission and comments, each of the tree; on a list of threads nothing is a post."""
        comments = page.has("div.comment.thing[data-fullname]") or page.has(".commentarea")
        if not comments and not page.has("body.comments-page"):
            return []
        left_out = set(html.select(page.root, self.not_post))
        return [e for e in html.select(page.root, self.post) if e not in left_out]

    def native_thread(self, url: str) -> str | None:
        """Give the submission's full name."""
        found = super().native_thread(url)
        return f"t3_{found}" if found else None

    def first_page(self, url: str) -> str:
        """Leave out the comment that an address leads to."""
        return re.sub(r"(/comments/[a-z0-9]+(?:/[^/?]+)?)/[a-z0-9]+/?(?=\?|$)", r"\1/", super().first_page(url))

    def thread_url(self, page: Page) -> str:
        """Give the address of the whole thread, where only a part of it is shown."""
        return self.first_page(page.url) if self.native_thread(page.url) else super().thread_url(page)

    def read_post(self, page: Page, element: HtmlElement, thread: Thread, zone: str) -> Post | str | None:
        """Read one; a submission that is only a link has no text."""
        made = super().read_post(page, element, thread, zone)
        if isinstance(made, Post) and html.attribute(element, "data-fullname").startswith("t1_"):
            subreddit = html.attribute(element, "data-subreddit")
            return replace(made, extra={"subreddit": subreddit} if subreddit else {})
        return made

    def native_id(self, element: HtmlElement) -> str:
        """Give the full name, "t1_abc"."""
        return html.attribute(element, "data-fullname")

    def status(self, element: HtmlElement) -> Status:
        """Tell what its author deleted from what a moderator removed."""
        entry = _entry(element)
        body = html.one(entry, self.body)
        said = html.words(body) if body is not None else ""
        if said in _GONE:
            return _GONE[said]
        unsaid = html.one(entry, "a.author") is None and not said
        return "deleted" if unsaid and "[deleted]" in html.words(entry)[:200] else "live"

    def body_of(self, element: HtmlElement) -> HtmlElement | None:
        """Give the text of this one, not of an answer to it."""
        entry = _entry(element)
        found = html.one(entry, self.body)
        if found is None and "link" in html.attribute(element, "class").split():
            return html.one(html.tree("<p></p>"), "p")
        return found

    def author_of(self, element: HtmlElement) -> str | None:
        """Give the name; none of a user who is no more."""
        name = html.attribute(element, "data-author") or super().author_of(_entry(element))
        return None if name in ("", "[deleted]") else name

    def time_of(self, element: HtmlElement, time: Time, page: Page, zone: str) -> datetime | None:
        """Read the time in this one's own line."""
        entry = element if element.get("data-fullname") is None else _entry(element)
        return super().time_of(entry, time, page, zone)

    def parent_of(self, element: HtmlElement) -> str | None:
        """Give what this one answers: the comment around it, else the submission."""
        if html.attribute(element, "data-fullname").startswith("t3_"):
            return None
        above = next((a for a in element.iterancestors() if html.matches(a, "div.comment.thing")), None)
        if above is not None:
            return html.attribute(above, "data-fullname") or None
        area = next((a for a in element.iterancestors() if html.matches(a, ".nestedlisting, .sitetable")), None)
        found = re.search(r"t[13]_[a-z0-9]+", html.attribute(area, "id")) if area is not None else None
        return found[0] if found else None

    def post_url(self, page: Page, element: HtmlElement, native_id: str) -> str | None:
        """Give the permalink."""
        href = html.attribute(element, "data-permalink") or html.where(_entry(element), "a.bylink@href")
        return self.canonical(page.link(href)) if href else f"{self.canonical(page.url)}#{native_id}"

    def quoted_author(self, quote: HtmlElement) -> tuple[str | None, Sequence[HtmlElement]]:  # noqa: ARG002
        """Give nothing: Reddit's quotes do not say whose they are."""
        return None, ()


def _entry(element: HtmlElement) -> HtmlElement:
    """Give what belongs to this post alone, without its answers."""
    return next((c for c in element if "entry" in html.attribute(c, "class").split()), element)
