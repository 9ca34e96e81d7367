"""AskAPatient: `viewrating.asp?drug=ID&page=N`, a table with a review in each row and no authors."""

import re

from pipeline.post import Post, Thread
from pipeline.sources import html
from pipeline.sources.engines.base import Page, Time
from pipeline.sources.engines.reviews import Review, ReviewSite, named, stars
from pipeline.sources.html import HtmlElement

# What the columns are headed with; by their order where a page has no headings.
_COLUMNS = {
    "rating": "rating", "reason": "reason", "side effect": "effects", "comment": "comments", "sex": "sex",
    "gender": "sex", "duration": "duration", "dosage": "duration", "age": "age", "date": "date",
}  # fmt: skip
_ORDER = ("rating", "reason", "effects", "comments", "sex", "age", "duration", "date")
_TIME = (
    r"(?:\d+(?:[.,/]\d+)?|an?|one|two|three|a few|several)\s*"
    r"(?:(?:day|week|month|year|hour|minute|yr|wk|mo)s?\b|times?\b)"
)


class AskAPatient(ReviewSite):
    """The text is the comments, and before them what the patient wrote under "Side effects"."""

    name = "askapatient"
    marks = ("table.ratingsTable", "#searchResultsDetailHeader")
    post = "table tr"
    posted = Time(("td:last-child",), within=r"(\d{1,2}/\d{1,2}/\d{2,4})")
    title = "h1, title"
    next_page = "#searchResultsDetailHeader a[rel=next]"
    pages = "#searchResultsDetailHeader a[href], a[href*='viewrating.asp'][href*='page=']"
    thread_path = r"viewrating\.asp\?(?:.*&)?drug=([^&]+)"

    def recognises(self, page: Page) -> bool:
        """Tell by the table; where that has no name, by the address and what looks like reviews."""
        return super().recognises(page) or ("viewrating.asp" in page.url and bool(self.posts_on(page)))

    def find_posts(self, page: Page) -> list[HtmlElement]:
        """Find the rows with as many cells as a review has, the last of them a date."""
        rows = [r for r in html.select(page.root, "tr") if html.one(r, "table") is None]
        return [r for r in rows if len(_cells(r)) >= 7 and self._dated(r)]

    def _dated(self, row: HtmlElement) -> bool:
        return bool(re.search(r"\d{1,2}/\d{1,2}/\d{2,4}", html.words(_cells(row)[-1])))

    def read_post(self, page: Page, element: HtmlElement, thread: Thread, zone: str) -> Post | str | None:
        """Read one row."""
        names = _headings(element)
        cells = dict(zip(names, _cells(element), strict=False))
        said = {name: html.text_of(cell) for name, cell in cells.items()}
        effects, comments = said.get("effects", ""), said.get("comments", "")
        if not effects and not comments:
            return "review without a text"
        lines = said.get("duration", "").split("\n")
        duration, dose = _taken(lines)
        ids = (re.search(r"(?:id|rating)=(\d+)", href, re.IGNORECASE) for href, _ in html.links(element, "a"))
        return self.post_of(
            page,
            thread,
            Review(
                "\n".join(t for t in (f"Side effects: {effects}" if effects else "", comments) if t),
                next((i[1] for i in ids if i), "") or re.sub(r"\D", "", html.attribute(element, "id")),
                posted_at=self.time_of(element, self.posted, page, zone),
                rating=stars(said.get("rating")) or stars(html.where(cells["rating"], "img@alt")) if names else None,
                drug=_drug(page),
                condition=" ".join(said.get("reason", "").split()) or None,
                extra={"sex": said.get("sex", ""), "age": said.get("age", ""), "duration": duration, "dose": dose},
            ),
        )

    def next_url(self, page: Page) -> str | None:
        """Give the page whose number follows; there are links to several."""
        here = self.canonical(page.url)
        same = [u for u in self.page_urls(page) if self.native_thread(u) == self.native_thread(here)]
        later = [(n, u) for u in same if (n := _number(u)) > _number(here)]
        return min(later, default=(0, None))[1]


def _cells(row: HtmlElement) -> list[HtmlElement]:
    return [c for c in row if c.tag == "td"]


def _headings(row: HtmlElement) -> tuple[str, ...]:
    """Give what the columns of a row's table are, by the headings of the table."""
    table = next(row.iterancestors("table"), None)
    for head in html.select(table, "tr") if table is not None else ():
        cells = [html.words(c).lower() for c in head if c.tag in ("th", "td")]
        names = [next((n for word, n in _COLUMNS.items() if word in c), "") if len(c) < 60 else "" for c in cells]
        if {"reason", "comments"} <= set(names):
            return tuple(names)
    return _ORDER


def _taken(lines: list[str]) -> tuple[str, str]:
    """Give how long it was taken, and the field as a whole ("3 years / 20mg 3X D"): people write both into it."""
    whole = " / ".join(line for line in lines if line)
    found = re.match(_TIME, whole, re.IGNORECASE)
    return (found[0].strip() if found else "", whole)


def _drug(page: Page) -> str | None:
    found = re.search(r"[?&]name=([^&]+)", page.url)
    if found:
        return named(found[1])
    title = html.where(page.root, "h1") or html.where(page.root, "title") or ""
    first = re.match(
        r"(?:drug ratings for |reviews? (?:of|for) )?(.+?)(?:\s*[:(|,-].*|\s+(?:ratings?|reviews?|side effects)\b.*)?$",
        title,
        re.I,
    )
    return first[1].strip() if first else None


def _number(url: str) -> int:
    found = re.search(r"[?&]page=(\d+)", url)
    return int(found[1]) if found else 1
