"""Invision Community 4 and 5."""

import re
from collections.abc import Sequence
from typing import ClassVar

from pipeline.sources.engines.base import Engine, Page, Time
from pipeline.sources.html import HtmlElement, attribute, matches, one, said_by, select, where, words


class Invision(Engine):
    """A thread is `topic/N-title/`; pages are `page/K/` behind it or `?page=K`; a post is `elComment_N`."""

    name = "invision"
    marks = (
        "article[id^=elComment_]",
        "[data-pageapp=forums]",
        "body.ipsApp",
        "html[data-ips-path]",
        "li.ipsDataItem[data-rowid]",
        "[data-ips-hook]",
    )
    post = "article[id^=elComment_], .ipsEntry--post[id^=elComment_], article.ipsEntry--post"
    not_post = ".ipsComment_recommended, .ipsComment--recommended, [data-role=recommendedComments] article"
    author = (
        ".cAuthorPane_author a, .cAuthorPane_author, .ipsEntry__username a, .ipsEntry__username, .ipsComment_author a"
    )
    posted = Time((
        ".ipsComment_meta time@datetime",
        ".ipsEntry__date time@datetime",
        ".ipsType_reset time@datetime",
        "a[href*='do=findComment'] time@datetime",
        "time@datetime",
    ))  # fmt: skip
    edited = Time((".ipsType_medium.ipsType_light time@datetime", ".ipsEdited time@datetime", ".ipsEdit time@datetime"))
    body = (
        "[data-role=commentContent], .cPost_contentWrap .ipsType_richText, .ipsEntry__content .ipsRichText, "
        ".ipsRichText"
    )
    quote = "blockquote.ipsQuote, blockquote[data-ipsquote]"
    quote_author = ".ipsQuote_citation, .ipsQuote__citation"
    drop = (
        ".ipsQuote_citation, [data-role=memberSignature], .ipsEdited, .ipsEmbeddedVideo, .ipsAttachLink_block, "
        "p.ipsType_light strong time"
    )
    deleted = ".ipsModerated, .ipsComment_deleted, .ipsEntry--deleted"
    permalink = (
        ".ipsEntry__date a, .ipsType_blendLinks[href*='omment'], a[data-role=shareComment], a[href*='findComment']"
    )
    title = "h1.ipsType_pageTitle, .ipsPageHeader__title, h1"
    next_page = (
        "link[rel=next], .ipsPagination_next:not(.ipsPagination_inactive) a, .ipsPagination__next a, a[rel=next]"
    )
    pages = ".ipsPagination_page a, .ipsPagination__page a"
    listing_mark = "[data-role=topicListing], .cTopicList, .ipsData--topic-list"
    thread_row = "li.ipsDataItem[data-rowid], .cTopicList > li, li.ipsData__item[data-rowid], .ipsData__item--topic"
    thread_link = (
        ".ipsDataItem_title a[href*='topic/'], .ipsData__title a[href*='topic/'], .ipsDataItem_title a, "
        ".ipsData__title a, "
        "a[href*='topic/']"
    )
    row_id = "@data-rowid"
    last_post = Time((
        ".ipsDataItem_lastPoster time@datetime",
        ".ipsData__last time@datetime",
        ".ipsData__last-secondary time@datetime",
    ))  # fmt: skip
    replies = (
        "[data-stattype=forums_comments] .ipsDataItem_stats_number, [data-stattype=forums_comments] span, "
        ".ipsData__stats li"
    )
    moved = ".ipsDataItem_moved, [data-role=movedTopic], .cTopic_moved"
    board_link = (
        ".cForumRow .ipsDataItem_title a, .cForumGrid__title a, .cForumRow .ipsData__title a, .ipsDataItem_subList a"
    )
    error_box = "#elError, .ipsError, .ipsMessage_error"
    thread_path = r"/?topic/(\d+)|showtopic=(\d+)"
    page_path = r"(?<=/)page/(\d+)/?$"
    page_parameters: ClassVar[dict[str, str]] = {"page": "1"}
    idle = Engine.idle | {"do", "comment", "tab", "csrfkey", "sortby", "sortdirection"}

    def find_posts(self, page: Page) -> list[HtmlElement]:
        """Give the posts without those that are shown once more above them, as recommended."""
        seen: set[str] = set()
        found: list[HtmlElement] = []
        for element in super().find_posts(page):
            native = self.native_id(element)
            if native and native not in seen:
                seen.add(native)
                found.append(element)
        return found

    def native_id(self, element: HtmlElement) -> str:
        """Give N of "elComment_N", else the number that the post carries in its data."""
        named = attribute(element, "id")
        if named.startswith("elComment_"):
            return re.sub(r"\D", "", named)
        return where(element, "[data-commentid]@data-commentid") or ""

    def quotes_in(self, body: HtmlElement) -> list[HtmlElement]:
        """Give the quotes, and the plain blockquotes of version 5."""
        return select(body, "blockquote")

    def quoted_author(self, quote: HtmlElement) -> tuple[str | None, Sequence[HtmlElement]]:
        """Give the name in the quote's data, else in its "NAME said:"."""
        label = one(quote, self.quote_author)
        labels = [label] if label is not None and self._nearest(label) is quote else []
        name = attribute(quote, "data-ipsquote-username") or attribute(quote, "data-cite")
        said = re.sub(r"^(?:On|\d).*?,\s*(?=\S+ said)", "", words(labels[0])) if labels else ""
        return name or said_by(said), labels

    def _nearest(self, element: HtmlElement) -> HtmlElement | None:
        return next((a for a in element.iterancestors() if matches(a, "blockquote")), None)
