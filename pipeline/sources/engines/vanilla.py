"""Vanilla Forums."""

import re
from collections.abc import Sequence
from typing import ClassVar

from pipeline.sources.engines.base import Engine, Page, Time
from pipeline.sources.html import HtmlElement, attribute, one, said_by, select, where, words


class Vanilla(Engine):
    """A thread is `discussion/N/title`; pages are `pK` behind it; the first post is the discussion itself."""

    name = "vanilla"
    marks = (
        ".ItemDiscussion .Message",
        "li.ItemComment[id^=Comment_]",
        "body.Vanilla",
        "body#vanilla_discussion_index",
        "body[id^=DiscussionForm]",
        "ul.DataList.Discussions",
        "li[id^=Discussion_].Item",
    )
    post = ".ItemDiscussion, .ItemComment[id^=Comment_], li.Comment[id^=Comment_], #Discussion_0"
    author = ".Author .Username, .Author a[title], .AuthorWrap .Username, .Username"
    posted = Time((".Meta .DateCreated time@datetime", ".DateCreated time@datetime", "time@datetime"))
    edited = Time((".DateUpdated time@datetime",))
    body = ".Message.userContent, .Message, .userContent"
    quote = "blockquote, .js-embed[data-embedjson*=quote]"
    quote_author = ".QuoteAuthor, .blockquote-content > .QuoteText cite"
    drop = ".QuoteAuthor, .UserSignature, .Signature, .DateUpdated, .Attachments"
    deleted = ".Deleted"
    permalink = "a.Permalink"
    title = ".PageTitle h1, h1"
    next_page = "a.Next[href], link[rel=next], a[rel=next]"
    pages = ".Pager a[href]"
    listing_mark = "ul.DataList.Discussions, table.DiscussionsTable"
    thread_row = "li[id^=Discussion_].Item, tr[id^=Discussion_], li.ItemDiscussion:not(.MessageList li)"
    thread_link = ".Title a, a.Title, .DiscussionName a"
    row_id = "@id"
    last_post = Time(
        (
            ".LastCommentDate time@datetime",
            ".LastUser time@datetime",
            ".BlockColumn.LatestPost time@datetime",
            "time@datetime",
        )
    )
    replies = ".CommentCount .Number@title, .CommentCount .Number, .CommentCount, td.CountComments .Number"
    moved = ".Tag-Redirect, .Redirect"
    board_link = ".CategoryList a.CategoryTitle, h2.CategoryName a, .ItemCategory a.Title, .CategoryName a"
    error_box = ".Errors, .FormTitleWrapper .Error, #Problem, .Center.SplashInfo"
    thread_path = r"/discussion/(?:comment/)?(\d+)"
    page_path = r"/p(\d+)(/?)$"
    page_parameters: ClassVar[dict[str, str]] = {"page": "p1", "Page": "p1"}

    def native_id(self, element: HtmlElement) -> str:
        """Give the comment's number; the discussion's own has a letter before it, for a comment may share it."""
        named = attribute(element, "id")
        number = re.sub(r"\D", "", named)
        if named.startswith("Discussion_") or "ItemDiscussion" in attribute(element, "class"):
            return f"d{number}" if number else "d"
        return number

    def thread_id(self, page: Page) -> str:
        """Give the discussion's number: of the address, else of the first post."""
        found = super().thread_id(page)
        first = where(page.root, ".ItemDiscussion@id") or ""
        return found if found.isdigit() else re.sub(r"\D", "", first) or found

    def quoted_author(self, quote: HtmlElement) -> tuple[str | None, Sequence[HtmlElement]]:
        """Give the name in "NAME said:"; older boards carry it as an attribute."""
        labels = [e for e in select(quote, self.quote_author) if self._nearest(e) is quote]
        named = attribute(quote, "rel") or attribute(quote, "data-username")
        if named or not labels:
            return named or None, labels
        link = one(labels[0], "a")
        return (words(link) if link is not None else said_by(words(labels[0]))), labels
