"""XenForo 2, in its own style and those made from it."""

from collections.abc import Sequence
from typing import ClassVar

from pipeline.sources.engines.base import Engine, Time
from pipeline.sources.html import HtmlElement, attribute, said_by, select, where, words


class XenForo2(Engine):
    """A thread is `threads/title.N/`; pages are `page-K` behind it; posts say themselves who wrote them."""

    name = "xenforo2"
    rank = 1
    marks = ("html#XF", "html[data-app=public][data-template]", "article.message--post[data-content]")
    post = (
        "article.message--post[data-content], article.message[data-content^='post-'], article[id^='js-post-'].message"
    )
    not_post = ".message--deleted.is-empty"
    post_id = "@data-content"
    author = "@data-author"
    posted = Time((
        ".message-attribution-main time@datetime",
        ".message-attribution time@datetime",
        "header time@datetime",
        "time.u-dt@datetime",
        "time@datetime",
    ))  # fmt: skip
    edited = Time((".message-lastEdit time@datetime",))
    body = ".message-body .bbWrapper, .message-content .bbWrapper, .bbWrapper, .message-body"
    quote = "blockquote.bbCodeBlock--quote, .bbCodeBlock--quote"
    quote_author = ".bbCodeBlock-title, .bbCodeBlock-sourceJump"
    drop = (
        ".message-lastEdit, .message-signature, .bbCodeBlock-expandLink, .bbCodeBlock-shrinkLink, .js-unfurl, "
        ".bbCodeBlock--unfurl, .message-attachments, .bbMediaJustifier, .lbContainer-zoomer"
    )
    deleted = ".message--deleted, .messageNotice--deleted"
    permalink = (
        ".message-attribution-main a[href*='post-'], .message-attribution a[href*='post-'], header a[href*='/posts/']"
    )
    title = "h1.p-title-value, .p-title-value, h1"
    next_page = "a.pageNav-jump--next, link[rel=next], a[rel=next]"
    pages = ".pageNav-page a"
    listing_mark = ".structItemContainer, .js-threadList"
    thread_row = ".structItem--thread"
    thread_link = (
        ".structItem-title a[data-preview-url], .structItem-title a[href*='threads/'], .structItem-title a:last-child"
    )
    last_post = Time((".structItem-latestDate@datetime", ".structItem-cell--latest time@datetime"))
    replies = ".structItem-cell--meta dl:first-child dd, .pairs--justified dd"
    moved = ".structItem--redirect, [class*=redirect]"
    board_link = ".node-title a, .subNodeLink, .node-subNodeFlatList a"
    error_box = ".blockMessage--error, .p-body-pageContent .blockMessage:only-child"
    thread_path = r"(?:^|/|\?)threads/(?:[^/?&]*\.)?(\d+)"
    page_path = r"(?<=/)page-(\d+)/?$"
    page_parameters: ClassVar[dict[str, str]] = {}

    def native_id(self, element: HtmlElement) -> str:
        """Give N of "post-N"."""
        return super().native_id(element) or attribute(element, "id").rpartition("-")[2]

    def author_of(self, element: HtmlElement) -> str | None:
        """Give the name in the post's own attribute, else the one beside the post."""
        places = (self.author, ".message-name .username", ".message-name", ".message-userDetails .username")
        named = (where(element, place) for place in (*places, "[itemprop=author] [itemprop=name]@content"))
        return next((n for n in named if n), None)

    def quoted_author(self, quote: HtmlElement) -> tuple[str | None, Sequence[HtmlElement]]:
        """Give the name in data-quote, else in "NAME said:"."""
        labels = [e for e in select(quote, self.quote_author) if self._nearest(e) is quote]
        source = attribute(quote, "data-quote")
        return source or (said_by(words(labels[0])) if labels else None), labels
