"""VerticalScope's boards: XenForo underneath, with cards for posts and for rows."""

from typing import ClassVar

from pipeline.sources.engines.base import Time
from pipeline.sources.engines.xenforo2 import XenForo2
from pipeline.sources.html import HtmlElement, where


class VerticalScope(XenForo2):
    """Addresses are XenForo's; a post is a card."""

    name = "verticalscope"
    rank = 0
    marks = ("div.MessageCard[id^='js-post-']", "[class*='california-']", ".structItem--california")
    post = "div.MessageCard[id^='js-post-']"
    not_post = ""
    post_id = "@id"
    author = ".MessageCard__user-info__name"
    posted = Time((
        ".MessageCard__date-created time@datetime",
        "a.MessageCard__date-created time@datetime",
        ".MessageCard__nested-postbit time@datetime",
    ))  # fmt: skip
    edited = Time((".message-lastEdit time@datetime", ".MessageCard__edited time@datetime"))
    body = "article.message-body .bbWrapper, .message-body .bbWrapper, .bbWrapper"
    permalink = "a.MessageCard__date-created, a.MessageCard__post-position"
    title = ".MessageCard__thread-title, h1.p-title-value, h1"
    next_page = "link[rel=next], a.pageNav-jump--next, a[rel=next]"
    listing_mark = ".structItemContainer, .california-thread-list"
    page_parameters: ClassVar[dict[str, str]] = {}

    def native_id(self, element: HtmlElement) -> str:
        """Give N of "js-post-N"."""
        return (where(element, self.post_id) or "").rpartition("-")[2]

    def author_of(self, element: HtmlElement) -> str | None:
        """Give the name on the card."""
        return where(element, self.author) or where(element, "[itemprop=name]@content")
