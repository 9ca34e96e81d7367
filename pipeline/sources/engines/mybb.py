"""MyBB 1.8, and what 1.6 has in common with it."""

import re
from collections.abc import Sequence
from datetime import datetime
from urllib.parse import parse_qs, urlsplit

from pipeline.sources import html
from pipeline.sources.engines.base import Engine, Page, Time
from pipeline.sources.html import HtmlElement

_WITHIN_THREAD = re.compile(r"-(?:post-\d+|pid-\d+|lastpost|newpost|nextoldest|nextnewest)(?=\.html$|$)")


class MyBB(Engine):
    """A thread is `thread-N.html`, `thread-N-page-K.html` or `showthread.php?tid=N&page=K`."""

    name = "mybb"
    marks = (
        "div.post[id^=post_] .post_body[id^=pid_]",
        "table[id^=post_] .post_body[id^=pid_]",
        "span[id^=tid_] a",
        "#copyright a[href*='mybb.com']",
        "#powered_by a[href*='mybb.com']",
    )
    post = "div.post[id^=post_], table[id^=post_]:has(.post_body)"
    author = ".author_information .largetext a"
    posted = Time((".post_date", ".post_head .smalltext", ".tcat .smalltext"))
    edited = Time((".post_edit",), within=r"modified:?\s+(.+?)(?:\s+by\b.*|\.?\s*\)?)$")
    body = ".post_body"
    quote = "blockquote"
    drop = ".post_edit, .signature, .codeblock > .title, fieldset, .quick_jump, .post_meta"
    deleted = ".deleted_post, [id^=deleted_post_], .deleted_message"
    permalink = ".post_head strong a[href], .post_number a[href], .float_right strong a[href*=pid]"
    title = ".navigation .active, .breadcrumb .active"
    next_page = "div.pagination:not(.pagination_breadcrumb) a.pagination_next"
    pages = "div.pagination:not(.pagination_breadcrumb) a[href]"
    thread_mark = "input[name=tid]@value"
    listing_mark = "span.lastpost, a[href*='newthread.php'], .forum_legend"
    thread_row = "tr:has(span[id^=tid_]), tr.inline_row"
    thread_link = "span[id^=tid_] a"
    row_id = "span[id^=tid_]@id"
    last_post = Time(("span.lastpost",))
    replies = "a[href*='action=whoposted'], a[onclick*=whoPosted]"
    moved = ".movefolder, .thread_status[class*=move]"
    board_link = (
        "strong > a[href^='forum-'], strong > a[href*='/forum-'], strong > a[href*='forumdisplay.php?fid='], "
        ".subforumicon + a, .sub_forums a"
    )
    thread_path = r"(?:^|/)[Tt]hread-(\d+)|showthread\.php\?(?:.*&)?tid=(\d+)"
    page_path = r"-page-(\d+)(\.html)?$"

    def recognises(self, page: Page) -> bool:
        """Tell by the names that its scripts have on every page, too."""
        return "my_post_key" in page.html or super().recognises(page)

    def first_page(self, url: str) -> str:
        """Leave out which post was asked for."""
        plain = super().first_page(url)
        parts = urlsplit(plain)
        query, asked = parts.query, parse_qs(parts.query)
        if "tid" in asked:
            query = f"tid={asked['tid'][0]}"
        return parts._replace(path=_WITHIN_THREAD.sub("", parts.path), query=query).geturl()

    def author_of(self, element: HtmlElement) -> str | None:
        """Give a guest's name too, which is no link."""
        return super().author_of(element) or html.where(element, ".author_information .largetext, .largetext")

    def time_of(self, element: HtmlElement, time: Time, page: Page, zone: str) -> datetime | None:
        """Read "03-03-2012, 07:04 PM" without the note on edits beside it; for "Today", what its title says."""
        if time is self.edited:
            places = html.select(element, ".post_edit")
        else:
            places = [e for place in time.where for e in html.select(element, place)]
        for place in places:
            said = _exact(place, keep_edit=time is self.edited)
            if time is self.edited:
                match = re.search(time.within, said)
                said = match[1] if match else ""
            found = self.said_time(said, time, page, zone) if said else None
            if found is not None:
                return found
        return None

    def quoted_author(self, quote: HtmlElement) -> tuple[str | None, Sequence[HtmlElement]]:
        """Give the name in `<cite><span>(DATE)</span>NAME Wrote: <a></a></cite>`."""
        label = next((c for c in quote if c.tag == "cite"), None)
        if label is None:
            return None, ()
        said = html.text_of(label, html.select(label, "span, a")).replace("\n", " ")
        return html.said_by(said), [label]


def _exact(place: HtmlElement, *, keep_edit: bool) -> str:
    """Give what a time says, with "Today" and "5 minutes ago" replaced by the date or time in their title."""
    said = [place.text or ""]
    for child in place.iterdescendants():
        if not isinstance(child.tag, str) or (not keep_edit and "post_edit" in html.attribute(child, "class")):
            pass
        elif child.tag == "br":
            said.append("\n")
        else:
            titled = html.attribute(child, "title")
            said.append(titled if re.search(r"\d.*\d", titled) else child.text or "")
        if keep_edit or not any("post_edit" in html.attribute(a, "class") for a in child.iterancestors("span")):
            said.append(child.tail or "")
    whole = "".join(said)
    return " ".join((whole if keep_edit else whole.strip().split("\n")[0].split("(")[0]).split())
