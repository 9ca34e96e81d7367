"""SMF 2.0 and 2.1, in their own themes and those made from them."""

import re
from collections.abc import Sequence
from datetime import UTC, datetime, timedelta, timezone, tzinfo

from pipeline.sources import html, times
from pipeline.sources.engines.base import Engine, Page, Time
from pipeline.sources.html import HtmlElement

_PLACE = re.compile(r"\b(?P<kind>topic|board)(?P<mark>[=,])(?P<id>\d+)(?:\.(?P<start>(?:msg|new|from)?\d*))?")
_DATE = r"(?:^|:\s+)([^:]*\d{1,2}:\d{2}(?::\d{2})?(?:\s*[AaPp]\.?[Mm]\.?)?)"


class SMF(Engine):
    """A page is `index.php?topic=N.START` or `index.php/topic,N.START.html`; START counts posts from 0."""

    name = "smf"
    marks = (
        "#forumposts div.post_wrapper",
        "div.post_wrapper div.postarea div.inner[id^=msg_]",
        "#messageindex td.subject",
        "#topic_container .message_index_title",
        "#boardindex_table",
        "#boards_container",
        "#fatal_error",
    )
    post = "div.post_wrapper:has(.inner), div[id^=msg]:has(> .poster .inner)"
    post_id = ".inner[id^=msg_]@id"
    author = ".poster h4 a"
    posted = Time(
        (".keyinfo time@datetime", ".postinfo a.smalltext", ".keyinfo .smalltext:not(.modified)", ".keyinfo"),
        within=r"(?:.*:\s+)?(.*\d.*)",
    )
    edited = Time(
        (".modified time@datetime", ".modified"), within=r"(?:^|:\s+)([^:]*\d.*?)(?:\s+(?:by|von|par|por)\b.*)?$"
    )
    body = ".inner[id^=msg_], .inner"
    quote = "blockquote"
    drop = ".quoteheader, .quotefooter, .codeheader, .signature, .attachments, .modified"
    permalink = ".keyinfo [id^=subject_] a"
    title = "#top_subject, .navigate_section li.last a"
    pages = ".pagelinks a[href]"
    thread_mark = "input[name=topic]@value"
    listing_mark = "#messageindex, #boardindex_table, #boards_container"
    thread_row = "#messageindex tbody tr:has(td.subject), #topic_container > div, #messageindex div.windowbg:has(.info)"
    thread_link = "span[id^=msg_] a[href*=topic], .message_index_title a[href*=topic], td.subject a[href*=topic]"
    last_post = Time((".lastpost time@datetime", ".lastpost"), within=_DATE)
    replies = "td.stats, .board_stats"
    moved = "img[src*='/moved.'], span.moved"
    board_link = "a.subject[href*=board], .children a[href*=board]"
    error_box = "#fatal_error, #frmLogin"

    def recognises(self, page: Page) -> bool:
        """Tell by the names that its scripts have on every page, too."""
        return "smf_scripturl" in page.html or "smf_theme_url" in page.html or super().recognises(page)

    def canonical(self, url: str) -> str:
        """Keep topic (or board) and where it starts; `;topicseen`, `;all`, `prev_next` and the session go."""
        plain = super().canonical(url)
        found = _PLACE.search(plain)
        if found is None:
            return plain
        place = f"{found['kind']}{found['mark']}{found['id']}.{found['start'] or '0'}"
        if found["mark"] == ",":
            return f"{plain[: found.start()]}{place}.html"
        return f"{plain.partition('?')[0]}?{place}"

    def first_page(self, url: str) -> str:
        """Give the address with start 0."""
        plain = self.canonical(url)
        return _PLACE.sub(lambda m: f"{m['kind']}{m['mark']}{m['id']}.0", plain, count=1)

    def native_thread(self, url: str) -> str | None:
        """Give N of `topic=N.START`."""
        found = _PLACE.search(url)
        return found["id"] if found and found["kind"] == "topic" else None

    def title_of(self, page: Page) -> str | None:
        """Leave out the number of the page."""
        title = super().title_of(page)
        return re.sub(r"\s+-\s+Page \d+$", "", title) if title else None

    def next_url(self, page: Page) -> str | None:
        """Give the page that starts next: in 2.0, `rel=next` leads to another topic."""
        here = self._here(page)
        if here is None:
            return None
        kind, native, start = here
        later: list[tuple[int, str]] = []
        for href, _ in html.links(page.root, self.pages):
            url = self.canonical(page.link(href))
            found = _PLACE.search(url)
            if found and (found["kind"], found["id"]) == (kind, native) and (found["start"] or "").isdigit():
                later.append((int(found["start"]), url))
        return min((at for at in later if at[0] > start), default=(0, None))[1]

    def _here(self, page: Page) -> tuple[str, str, int] | None:
        """Give what a page shows, and from where on: by its address, by the page itself where that names a post."""
        found = [m for a in (page.url, *page.own_addresses) if (m := _PLACE.search(self.canonical(a)))]
        if not found:
            return None
        counted = next((m for m in found if (m["start"] or "").isdigit()), None)
        return found[0]["kind"], found[0]["id"], int(counted["start"]) if counted else 0

    def zone_on(self, page: Page, zone: str) -> tzinfo:
        """Give the board's zone: 2.1 prints the present time twice, once in UTC."""
        if zone and zone != "UTC":
            return times.zone_of(zone)
        clock = html.one(page.root, "#inner_section time[datetime], .user time[datetime]")
        exact = times.moment(html.attribute(clock, "datetime"), UTC, page.fetched_at) if clock is not None else None
        shown = times.moment(html.words(clock), UTC, page.fetched_at) if clock is not None else None
        if exact is None or shown is None or abs(shown - exact) > timedelta(hours=15):
            return super().zone_on(page, zone)
        return timezone(timedelta(minutes=15 * round((shown - exact) / timedelta(minutes=15))))

    def author_of(self, element: HtmlElement) -> str | None:
        """Give a guest's name too, which is no link."""
        return super().author_of(element) or html.where(element, ".poster h4")

    def said_time(self, said: str, time: Time, page: Page, zone: str) -> datetime | None:
        """Read "March 03, 2012, 07:04:12 PM"."""
        return super().said_time(said.strip(" «»"), time, page, zone)

    def quoted_author(self, quote: HtmlElement) -> tuple[str | None, Sequence[HtmlElement]]:
        """Give the name in "Quote from: NAME on DATE": in 2.1 within the quote, in 2.0 in a header before it."""
        label = next((c for c in quote if c.tag == "cite"), None)
        if label is not None:
            return html.said_by(html.words(label)), [label]
        before = quote.getprevious()
        if before is not None and "quoteheader" in html.attribute(before, "class"):
            return html.said_by(html.words(before)), ()
        return None, ()
