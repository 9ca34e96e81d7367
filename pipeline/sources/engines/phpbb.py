"""phpBB 3.0 to 3.3, in its own styles (prosilver, subsilver2) and those made from them."""

import re
from collections.abc import Sequence
from datetime import datetime
from typing import ClassVar
from urllib.parse import unquote_plus

from pipeline.sources import html
from pipeline.sources.engines.base import Engine, Page, Time
from pipeline.sources.html import HtmlElement

_FORMATS = ("%a %b %d, %Y %I:%M %p", "%d %b %Y, %H:%M", "%b %d, %Y %I:%M %p", "%d %b %Y %H:%M", "%a %d %b, %Y %I:%M %p")


class PhpBB(Engine):
    """A thread is `viewtopic.php?t=N`; `p=N` and `f=N` lead to the same one; pages count posts in `start`."""

    name = "phpbb"
    rank = 2  # a link to a phpBB board may stand in a post anywhere
    marks = ("body#phpbb", "html#phpbb", "a[href*='viewtopic.php?']", "a[href*='viewforum.php?']")
    post = "div.post[id^=p]"
    not_post = "div.post:not(:has(.postbody, .content))"
    author = (
        ".author .username, .author .username-coloured, .postprofile .username, .postprofile .username-coloured, "
        ".postprofile dt strong, .author strong"
    )
    posted = Time((".author time@datetime", "time@datetime", ".author"), _FORMATS)
    edited = Time((".notice time@datetime", ".notice"), _FORMATS)
    body = ".content"
    quote = "blockquote"
    drop = ".notice, .signature, .attachbox, .codebox > p, dl.file, .inline-attachment, .post-buttons"
    permalink = ".postbody h3 a, .postbody h2 a, .author > a"
    title = "h2.topic-title, h2 a[href*=viewtopic], h2"
    next_page = (
        ".pagination a[rel=next], .pagination li.next a, .pagination li.arrow.next a, .pagination a.right-box, "
        "fieldset.display-options a.right-box"
    )
    pages = ".action-bar .pagination a[href*=viewtopic], .topic-actions .pagination a[href*=viewtopic]"
    thread_row = "ul.topiclist li.row:has(a.topictitle)"
    thread_link = "a.topictitle"
    last_post = Time(("dd.lastpost time@datetime", "dd.lastpost span"), _FORMATS)
    replies = "dd.posts"
    moved = "dl[class*=topic_moved]"
    board_link = "a.forumtitle, a.subforum, .subforum a[href*='viewforum.php']"
    thread_path = r"viewtopic\.php\?(?:.*&)?t=(\d+)"
    page_parameters: ClassVar[dict[str, str]] = {"start": "0"}

    def canonical(self, url: str) -> str:
        """Drop the forum too, where the thread is named: both addresses show the same posts."""
        plain = super().canonical(url)
        if "viewtopic.php" not in plain or not re.search(r"[?&]t=\d", plain):
            return plain
        place, _, query = plain.partition("?")
        asked = (piece.partition("=") for piece in query.split("&"))
        kept = [f"{name}={unquote_plus(value)}" for name, _, value in asked if value and name in ("t", "start")]
        return f"{place}?{'&'.join(kept)}" if kept else place

    def time_of(self, element: HtmlElement, time: Time, page: Page, zone: str) -> datetime | None:
        """Read "» Sat Mar 03, 2012 7:04 pm", which 3.0 to 3.2 print after the author's name."""
        found = super().time_of(element, time, page, zone)
        if found is not None or time is not self.posted:
            return found
        line = html.one(element, ".author")
        said = html.text_of(line).split("»")[-1] if line is not None else ""
        return self.said_time(said, time, page, zone)

    def said_time(self, said: str, time: Time, page: Page, zone: str) -> datetime | None:
        """Read "Last edited by NAME on Sat Mar 03, 2012 7:04 pm, edited 2 times in total." too."""
        if time is self.edited:
            found = re.search(r"\bon ([^\n]+?)(?:, edited \d+ times?\b|\.?$)", said)
            said = found[1] if found else said
        return super().said_time(said, time, page, zone)

    def quoted_author(self, quote: HtmlElement) -> tuple[str | None, Sequence[HtmlElement]]:
        """Give the name in `<cite><a>NAME</a> wrote: <a>↑</a><div>date</div></cite>`."""
        label = html.one(quote, "cite")
        if label is None or next(label.iterancestors("blockquote"), None) is not quote:
            return None, ()
        link = html.one(label, "a[href*=memberlist], a[href*=viewprofile]")
        if link is not None:
            return html.words(link), [label]
        return html.said_by(html.text_of(label).split("\n")[0].replace("↑", " ")), [label]
