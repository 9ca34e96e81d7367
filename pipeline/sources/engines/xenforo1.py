"""XenForo 1, in its own style and those made from it."""

import re
from collections.abc import Sequence
from datetime import datetime
from typing import ClassVar

from pipeline.sources import times
from pipeline.sources.engines.base import Engine, Page, Time
from pipeline.sources.html import HtmlElement, attribute, one, said_by, select, where, words

_FORMATS = ("%b %d, %Y at %I:%M %p", "%b %d, %Y", "%d %b %Y at %H:%M", "%B %d, %Y at %I:%M %p")


class XenForo1(Engine):
    """A thread is `threads/title.N/`; pages are `page-K` behind it; a recent time is told by `abbr[data-time]`."""

    name = "xenforo1"
    marks = ("html#XenForo", "li.message[id^='post-'][data-author]", "ol#messageList.messageList")
    post = "li.message[id^='post-']"
    not_post = "li.message.placeholder, li.message.ignored"
    author = "@data-author"
    posted = Time((
        ".messageMeta abbr.DateTime@data-time",
        ".messageMeta .DateTime@title",
        ".messageMeta .DateTime",
        ".messageDetails .DateTime@title",
        ".DateTime@title",
        ".DateTime",
    ), _FORMATS)  # fmt: skip
    edited = Time((".editDate .DateTime@data-time", ".editDate .DateTime@title", ".editDate .DateTime"), _FORMATS)
    body = ".messageText, blockquote.messageText, .messageContent article"
    quote = ".bbCodeQuote"
    quote_author = ".attribution, .AttributionLink"
    drop = ".quoteExpand, .messageTextEndMarker, .editDate, .attachedFiles, .signature, .likesSummary, .newIndicator"
    deleted = ".deleted, .messageDeleted"
    permalink = "a.postNumber, a.datePermalink, a.hashPermalink"
    title = ".titleBar h1, h1"
    next_page = "link[rel=next], .PageNav a.text:last-of-type[href*='page-'], a[rel=next]"
    pages = ".PageNav nav a[href*='page-']"
    listing_mark = "ol.discussionListItems, .discussionList"
    thread_row = "li.discussionListItem"
    thread_link = "h3.title a[href*='threads/'], .title a.PreviewTooltip, .title a"
    row_id = "@id"
    last_post = Time(
        (".lastPostInfo .DateTime@data-time", ".lastPostInfo .DateTime@title", ".lastPostInfo .DateTime"), _FORMATS
    )
    replies = ".stats .major dd"
    moved = ".redirect, [class*=redirect]"
    board_link = ".nodeTitle a, .subForumList a"
    error_box = ".errorOverlay, .errorPanel, .baseHtml.error"
    thread_path = r"(?:^|/|\?)threads/(?:[^/?&]*\.)?(\d+)"
    page_path = r"(?<=/)page-(\d+)/?$"
    page_parameters: ClassVar[dict[str, str]] = {}

    def said_time(self, said: str, time: Time, page: Page, zone: str) -> datetime | None:
        """Read seconds since 1970 too, which recent posts carry."""
        return times.epoch(said) if re.fullmatch(r"\d{9,11}", said) else super().said_time(said, time, page, zone)

    def next_url(self, page: Page) -> str | None:
        """Give the next page: the link of that name only, not the last of the numbers."""
        found = super().next_url(page)
        if found and not select(page.root, "link[rel=next], a[rel=next]"):
            last = [a for a in select(page.root, ".PageNav a.text") if words(a).lower().startswith("next")]
            return self.canonical(page.link(attribute(last[0], "href"))) if last else None
        return found

    def author_of(self, element: HtmlElement) -> str | None:
        """Give the name in the post's own attribute, else the one beside the post."""
        return super().author_of(element) or where(element, ".userText .username, .username.author")

    def quoted_author(self, quote: HtmlElement) -> tuple[str | None, Sequence[HtmlElement]]:
        """Give the name in data-author, else in "NAME said:"."""
        label = one(quote, ".attribution")
        labels = [] if label is None else [label]
        return attribute(quote, "data-author") or (said_by(words(label)) if label is not None else None), labels
