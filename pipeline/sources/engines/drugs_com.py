"""Drugs.com: reviews at `/comments/DRUG/` and `/comments/DRUG/for-CONDITION.html`, 25 a page."""

import re

from pipeline.post import Post, Thread
from pipeline.sources import html
from pipeline.sources.engines.base import Page, Time
from pipeline.sources.engines.reviews import Review, ReviewSite, named, stars, unquoted
from pipeline.sources.html import HtmlElement

_HEADING = re.compile(r"^(?:(?P<drug>.+?)\s+)?for\s+(?P<condition>.+?)\s*:?$", re.IGNORECASE)
_TAKEN = re.compile(
    r"\btaken for\s+((?:less than |more than |over )?\d[\w ]*?(?:days?|weeks?|months?|years?)(?: or more)?)", re.I
)
_HELPFUL = re.compile(r"(\d[\d,]*)\s+(?:users?|people|persons?)?\s*found\b", re.IGNORECASE)
_NOT_NAME = re.compile(r"\btaken for\b|\breview|\bverified\b|\bage\b|^\W*$", re.IGNORECASE)


class DrugsCom(ReviewSite):
    """Each comment has condition (in bold), text, rating from 1 to 10, how long it was taken, and votes."""

    name = "drugs_com"
    marks = ("div.ddc-comment", ".ddc-comment-header", "a.ddc-paging-item-next")
    post = "div.ddc-comment, [id^=comment-].ddc-comment"
    posted = Time((".comment-date time@datetime", ".comment-date", "time@datetime"))
    title = "h1"
    next_page = "a.ddc-paging-item-next, .ddc-paging-item-next a, a[rel=next], link[rel=next]"
    pages = ".ddc-paging a[href]"
    thread_path = r"/comments/([^?#]+?)/?(?:\?|$)"
    listing_mark = ".ddc-reviews-none"

    def read_post(self, page: Page, element: HtmlElement, thread: Thread, zone: str) -> Post | str | None:
        """Read one comment."""
        text = next((p for p in html.select(element, "p") if html.one(p, "b") is not None), None)
        if text is None:
            text = next((p for p in html.select(element, "p") if html.words(p)), None)
        if text is None:
            return "review without a text"
        bold = next((c for c in text if c.tag in ("b", "strong")), None)
        heading = _HEADING.match(html.words(bold)) if bold is not None else None
        taken = _TAKEN.search(html.words(element))
        helpful = _HELPFUL.search(html.words(element))
        said = html.where(element, ".ddc-rating-summary") or html.where(element, "[class*=rating]")
        rated = re.search(r"(\d+(?:\.\d+)?)\s*/\s*10\b", html.words(element))
        votes = (
            helpful[1]
            if helpful
            else html.where(element, ".ddc-comment-helpful .votes, [class*=helpful] [class*=count]")
        )
        return self.post_of(
            page,
            thread,
            Review(
                unquoted(html.text_of(text, [bold] if heading and bold is not None else [])),
                _own_id(element),
                _name(element),
                self.time_of(element, self.posted, page, zone),
                rating=float(rated[1]) if rated else stars(said),
                drug=(heading["drug"] if heading else None) or named(thread.native_id.split("/")[0]),
                condition=heading["condition"] if heading else _condition(thread.native_id),
                extra={
                    "duration": taken[1].strip() if taken else "",
                    "helpful": re.sub(r"\D", "", votes or ""),
                },
            ),
        )


def _own_id(element: HtmlElement) -> str:
    places = ("@data-comment-id", "@data-id", "@id", "[id^=comment-]@id", "[data-comment-id]@data-comment-id")
    told = (html.where(element, place) for place in places)
    numbers = (re.search(r"\d+", t) for t in told if t)
    return next((n[0] for n in numbers if n), "")


def _name(element: HtmlElement) -> str | None:
    """Give the name in the header, which holds date and duration too."""
    header = html.one(element, ".ddc-comment-header")
    if header is None:
        return None
    marked = html.where(header, ".ddc-comment-author, .comment-author, [itemprop=author], strong")
    if marked and not _NOT_NAME.search(marked):
        return marked
    lines = html.text_of(header, html.select(header, ".comment-date, time, [class*=avatar]")).split("\n")
    parts = (p.strip(" ,·|") for line in lines for p in re.split(r"[·|•]", line))
    return next((p for p in parts if p and not _NOT_NAME.search(p) and p.lower() != "anonymous"), None)


def _condition(native: str) -> str | None:
    found = re.search(r"/for-(.+?)\.html$", native)
    return named(found[1]) if found else None
