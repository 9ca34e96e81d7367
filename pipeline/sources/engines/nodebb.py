"""NodeBB 1 to 4, in its themes Persona and Harmony and those made from them."""

import re
from collections.abc import Sequence
from datetime import datetime
from html import unescape
from typing import ClassVar

from pipeline.post import Status
from pipeline.sources import html, times
from pipeline.sources.engines import address
from pipeline.sources.engines.base import Engine, Kind, Page, Time
from pipeline.sources.html import HtmlElement

_SAID = re.compile(r"@?\S.{0,200}\b(?:said|wrote|schrieb|ha scritto|a dit|dijo)\b.{0,200}", re.IGNORECASE)
_NOBODY = frozenset({"", "guest", "a former user", "anonymous", "[[global:guest]]", "[[global:former_user]]"})


class NodeBB(Engine):
    """A thread is `/topic/N/SLUG?page=K`; a number after the slug only scrolls to a post."""

    name = "nodebb"
    marks = (
        "[component=post][data-pid]",
        "[component=topic]",
        "[component='category/topic']",
        "[component='categories/category']",
        "[component=category]",
        "body[class*=page-status-]",
    )
    post = "[component=post][data-pid]"
    author = "@data-username"
    edited = Time(("meta[itemprop=dateModified]@content", "[component='post/editor'] .timeago@title"))
    body = "[component='post/content']"
    quote = "blockquote"
    drop = "[component='post/signature'], .signature"
    deleted = ".deleted"
    title = "[component='topic/title'], h1"
    next_page = "link[rel=next], .pagination li.next:not(.disabled):not(.pe-none) a[href]"
    pages = ".pagination a[href*='page=']"
    thread_mark = "[component=topic]@data-tid"
    listing_mark = "[component=category], [component='categories/category'], ul.categories"
    thread_row = "[component='category/topic']"
    thread_link = (
        "[component='topic/header'] a[href*='/topic/'], h3 a[href*='/topic/'], h2 a[href*='/topic/'], "
        ".title a[href*='/topic/'], a[href*='/topic/']"
    )
    row_id = "@data-tid"
    last_post = Time(
        (
            "[component='topic/teaser'] .timeago@title",
            ".lastpost .timeago@title",
            "[component='topic/teaser'] time@datetime",
            ".lastpost time@datetime",
        )
    )
    replies = ".stats-postcount .human-readable-number, .stats-postcount"
    moved = ".moved"
    board_link = "[component='categories/category'] a[href*='/category/'], .subcategories a[href*='/category/']"
    error_box = ".page-status-403 .alert, .page-status-404 .alert, .page-status-401 .alert"
    thread_path = r"/topic/([^/?]+)"
    idle = address.IDLE | {"lang", "loggedin", "register"}
    page_parameters: ClassVar[dict[str, str]] = {"page": "1"}

    def canonical(self, url: str) -> str:
        """Leave out the post that an address scrolls to."""
        return re.sub(r"(/(?:topic|category)/[^/?]+/[^/?]+)/\d+(?=\?|$)", r"\1", super().canonical(url))

    def kind(self, page: Page) -> Kind:
        """Tell a page of login, to which guests are led, from one that is missing."""
        if not self.posts_on(page):
            if re.search(r"/login/?$", page.url.partition("?")[0]) or page.has("body.page-login"):
                return "login"
            if page.has("body.page-status-403") or page.has("body.page-status-401"):
                return "login"
            if page.has("body.page-status-404") or page.has("body.page-status-500"):
                return "error"
        return super().kind(page)

    def native_id(self, element: HtmlElement) -> str:
        """Give the id whole: posts that came from another server have an address as theirs."""
        return html.attribute(element, "data-pid")

    def author_of(self, element: HtmlElement) -> str | None:
        """Give the name without the markup that some names hold; none for guests and users who left."""
        said = super().author_of(element) or html.where(element, "[itemprop=author] meta[itemprop=name]@content") or ""
        name = re.sub(r"<[^>]*>", "", unescape(unescape(said))).strip()
        return None if name.lower() in _NOBODY else name

    def time_of(self, element: HtmlElement, time: Time, page: Page, zone: str) -> datetime | None:
        """Read the milliseconds that a post has, before what it prints."""
        if time is self.posted:
            found = times.epoch(html.attribute(element, "data-timestamp"), milliseconds=True)
            said = html.where(element, "meta[itemprop=datePublished]@content")
            return found or (self.said_time(said, time, page, zone) if said else None)
        return super().time_of(element, time, page, zone)

    def status(self, element: HtmlElement) -> Status:
        """Tell a stub by its class, or by what it says."""
        body = self.body_of(element)
        said = html.words(body) if body is not None else ""
        gone = html.matches(element, self.deleted) or said in ("This post is deleted!", "[[topic:post_is_deleted]]")
        return "deleted" if gone else "live"

    def parent_of(self, element: HtmlElement) -> str | None:
        """Give the post that this one answers."""
        for place in ("@data-parent-pid", "@data-topid"):
            told = html.where(element, f"[component='post/parent']{place}")
            if told:
                return told
        toward = html.where(element, "[component='post/parent'][href*='/post/']@href") or ""
        return toward.rpartition("/post/")[2] or None

    def post_url(self, page: Page, element: HtmlElement, native_id: str) -> str | None:  # noqa: ARG002 - the id says it
        """Give the post's own address, by which it is found on whatever page it stands."""
        if native_id.startswith("http"):
            return native_id
        return f"{page.url.partition('/topic/')[0].rstrip('/')}/post/{native_id}"

    def labels_in(self, body: HtmlElement) -> Sequence[HtmlElement]:
        """Give the paragraphs "@NAME said in TITLE:" before quotes."""
        return [label for q in self.quotes_in(body) if (label := _label(q)) is not None]

    def quoted_author(self, quote: HtmlElement) -> tuple[str | None, Sequence[HtmlElement]]:
        """Give the name in "@NAME said in TITLE:", which stands before the quote."""
        label = _label(quote)
        inner = self.labels_in(quote)
        if label is None:
            return None, inner
        said = re.sub(r"\s+(?:said|wrote) in\b.*", " said", html.words(label).rstrip(": "))
        return html.said_by(said), inner

    def posts_in(self, row: HtmlElement) -> int | None:
        """Give how many posts a thread has: what is printed counts the first one too."""
        count = super().posts_in(row)
        return None if count is None else count - 1


def _label(quote: HtmlElement) -> HtmlElement | None:
    """Give the paragraph before a quote that says whose it is."""
    before = quote.getprevious()
    if before is None or before.tag != "p" or (quote.getprevious().tail or "").strip():
        return None
    said = html.words(before)
    return before if said.endswith(":") and _SAID.fullmatch(said) else None
