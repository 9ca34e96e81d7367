"""WebMD: `/drugs/drugreview-N-NAME?page=K`; reviews as JSON in the page, or in its markup."""

import re
from collections.abc import Iterator, Mapping
from typing import Any

import orjson

from pipeline.post import Post, Thread
from pipeline.sources import html
from pipeline.sources.engines.base import Page, Time
from pipeline.sources.engines.reviews import Review, ReviewSite, named, stars
from pipeline.sources.html import HtmlElement

_STATE = re.compile(r"__INITIAL_STATE__\s*=\s*(?=\{)")
_AT = "data-at"
_PAGE_SIZE = 20
_PARTS = ("effectiveness", "ease", "satisfaction")
# The fields of a review, by the names under which the JSON has held them; case and "_" do not count.
_FIELDS: Mapping[str, tuple[str, ...]] = {
    "id": ("reviewid", "drugreviewid", "userreviewid", "id"),
    "text": ("userexperience", "comment", "reviewtext"),
    "author": ("displayname", "username", "nickname"),
    "date": ("dateposted", "reviewdate", "createddate"),
    "condition": ("conditionname", "condition", "primaryconditionname"),
    "drug": ("drugname", "brandname", "monographname"),
    "rating": ("ratingoverall", "overallrating", "overall", "rating"),
    "effectiveness": ("ratingeffectiveness", "effectiveness", "effectivenessrating"),
    "ease": ("ratingeaseofuse", "easeofuse", "easeofuserating", "ratingease"),
    "satisfaction": ("ratingsatisfaction", "satisfaction", "satisfactionrating"),
    "helpful": ("foundhelpfulcount", "helpfulcount", "helpful", "helpfulvotes", "totalhelpful", "foundhelpful"),
    "duration": ("timeusingdrug", "lengthoftreatment", "timeusing", "duration", "treatmentduration", "onmedication"),
    "age": ("age", "agerange", "agegroup"),
    "sex": ("gender", "sex"),
    "role": ("usertype", "reviewertype", "usergroup", "role"),
}


class WebMD(ReviewSite):
    """Ratings go from 1 to 5: how well it worked, how easy it was to use, how satisfied one is. The mean is overall."""

    name = "webmd"
    marks = (".review-details-holder", ".review-details")
    post = ".review-details-holder, .review-details:not(.review-details-holder *)"
    posted = Time((".date", "time@datetime"))
    title = "h1"
    thread_path = r"drugreview-(\d+)"
    idle = ReviewSite.idle | {"next_page", "conditionid", "sortval", "reviewerid"}

    def recognises(self, page: Page) -> bool:
        """Tell by the reviews that are laid into the page."""
        return ("__INITIAL_STATE__" in page.html and "review_nimvs" in page.html) or super().recognises(page)

    def find_posts(self, page: Page) -> list[HtmlElement]:
        """Find the reviews; those told as JSON become elements."""
        told = _reviews(page)
        if not told:
            return html.outermost(html.select(page.root, ".review-details-holder, .review-details"))
        elements: list[HtmlElement] = []
        for at, _ in enumerate(told):
            element = html.tree("<div></div>")
            element.set(_AT, str(at))
            elements.append(element)
        return elements

    def read_post(self, page: Page, element: HtmlElement, thread: Thread, zone: str) -> Post | str | None:
        """Read one review."""
        at = html.attribute(element, _AT)
        made = self._told(page, _reviews(page)[int(at)], zone) if at else self._shown(page, element, zone)
        return made if isinstance(made, str) else self.post_of(page, thread, made)

    def next_url(self, page: Page) -> str | None:
        """Give the following page as long as pages are full: how many there are is not told.

        Past the end the last one comes again, which ends the walk.
        """
        if len(self.posts_on(page)) < _PAGE_SIZE:
            return None
        here = self.canonical(page.url)
        found = re.search(r"[?&]page=(\d+)", here)
        first = self.first_page(here)
        return f"{first}{'&' if '?' in first else '?'}page={int(found[1]) + 1 if found else 2}"

    def _told(self, page: Page, fields: Mapping[str, Any], zone: str) -> Review | str:
        said = {name: _said(fields, names) for name, names in _FIELDS.items()}
        text = html.text_of(html.tree(f"<div>{said['text']}</div>"))
        if not text:
            return "review without a text"
        return Review(
            text,
            said["id"],
            _person(said["author"]),
            self.said_time(said["date"], self.posted, page, zone),
            rating=_overall(said),
            drug=said["drug"] or _drug(page),
            condition=said["condition"] or None,
            extra={k: said[k] for k in (*_PARTS, "helpful", "duration", "age", "sex", "role")},
        )

    def _shown(self, page: Page, element: HtmlElement, zone: str) -> Review | str:
        whole = html.one(element, ".description-text, .description")
        text = (
            html.text_of(whole, html.select(whole, "button, .more, .less, .show-more, .read-more"))
            if whole is not None
            else ""
        )
        if not text:
            return "review without a text"
        said = dict.fromkeys(_FIELDS, "")
        for label, value in _ratings(element):
            said["ease" if "ease" in label else "effectiveness" if "effect" in label else "satisfaction"] = value
        said["rating"] = html.where(element, ".overall-rating") or ""
        details = html.where(element, ".details") or ""
        parts = [p.strip() for p in details.split("|") if p.strip()]
        condition = re.sub(r"^conditions?:\s*", "", html.where(element, ".condition") or "", flags=re.IGNORECASE)
        taken = re.search(r"on medication for\s+([^|]+)", details, re.IGNORECASE)
        helpful = html.where(element, ".likes, .helpful") or ""
        return Review(
            text,
            re.sub(r"\D", "", html.attribute(element, "data-review-id") or html.attribute(element, "id")),
            _person(parts[0])
            if parts and not re.match(r"\d|on medication|male|female|patient|caregiver", parts[0], re.I)
            else None,
            self.time_of(element, self.posted, page, zone),
            rating=_overall(said),
            drug=_drug(page),
            condition=condition or None,
            extra={
                **{k: said[k] for k in _PARTS},
                "duration": taken[1].strip() if taken else "",
                "age": next((p for p in parts if re.fullmatch(r"\d+\s*-\s*\d+|\d+ or over|under \d+", p)), ""),
                "sex": next((p for p in parts if p.lower() in ("male", "female", "other", "transgender")), ""),
                "role": next((p for p in parts if p.lower() in ("patient", "caregiver")), ""),
                "helpful": next(iter(re.findall(r"\d+", helpful)), ""),
            },
        )


def _ratings(element: HtmlElement) -> Iterator[tuple[str, str]]:
    for part in html.select(element, ".categories section, .rating-category, .categories li"):
        value = html.where(part, "[aria-valuenow]@aria-valuenow") or html.where(part, "[class*=rate]") or ""
        number = re.search(r"\d+(?:\.\d+)?", value)
        if number:
            yield html.words(part).lower(), number[0]


def _overall(said: Mapping[str, str]) -> float | None:
    told = stars(said["rating"])
    parts = [v for k in _PARTS if (v := stars(said[k])) is not None]
    return told if told is not None else round(sum(parts) / len(parts), 1) if len(parts) == len(_PARTS) else None


def _reviews(page: Page) -> list[Mapping[str, Any]]:
    """Give the reviews in the JSON of a page, wherever in it they stand."""
    if WebMD.name not in page.laid:
        page.laid[WebMD.name] = _laid(page)
    return page.laid[WebMD.name]


def _laid(page: Page) -> list[Mapping[str, Any]]:
    start = _STATE.search(page.html)
    if start is None:
        return []
    text = page.html[start.end() :]
    ends = (m.start() for m in re.finditer(r";?\s*</script", text))
    body = text[: next(ends, len(text))]
    try:
        told: Any = orjson.loads(_object(body))
    except orjson.JSONDecodeError:
        return []
    return list(_within(told))


def _object(text: str) -> str:
    """Give the JSON object that a text begins with."""
    depth, quoted, escaped = 0, False, False
    for at, sign in enumerate(text):
        if escaped or sign == "\\":
            escaped = not escaped
        elif sign == '"':
            quoted = not quoted
        elif not quoted and sign in "{}":
            depth += 1 if sign == "{" else -1
            if depth == 0:
                return text[: at + 1]
    return text


def _within(told: Any) -> Iterator[Mapping[str, Any]]:
    todo: list[Any] = [told]
    while todo:
        here = todo.pop(0)
        if isinstance(here, dict):
            if any(_plain(k) == "userexperience" for k in here):
                yield here
            else:
                todo[:0] = list(here.values())
        elif isinstance(here, list):
            todo[:0] = here


def _said(fields: Mapping[str, Any], names: tuple[str, ...]) -> str:
    plain = {_plain(k): v for k, v in fields.items()}
    found = next(
        (plain[n] for n in names if plain.get(n) not in (None, "") and not isinstance(plain[n], (dict, list))), ""
    )
    return str(found).strip()


def _plain(name: str) -> str:
    return name.replace("_", "").lower()


def _person(name: str) -> str | None:
    return None if name.lower() in ("", "anonymous", "n/a", "null") else name


def _drug(page: Page) -> str | None:
    found = re.search(r"drugreview-\d+-([^/?#]+)", page.url)
    return named(found[1]) if found else None
