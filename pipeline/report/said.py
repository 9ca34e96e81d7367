"""What they wrote: a few claims on the treatment studied, good and bad alike, as the level of privacy allows."""

from dataclasses import dataclass
from datetime import datetime
from urllib.parse import urlsplit

import duckdb

from pipeline import corpus
from pipeline.release import quotes

_LONGEST = 300  # characters of a quote that are shown


@dataclass(frozen=True, slots=True)
class Quote:
    """One claim in its writer's words. about: what was read in them; url: "" where it may not be shown or is none."""

    group: str
    about: str
    text: str
    source: str
    year: str
    url: str


def said(con: duckdb.DuckDBPyConnection, level: str, least: int) -> list[Quote]:
    """Give quotes of outcomes and side effects.

    level: "internal": in context, with address; "shareable": only words that lead back to nobody; "public": none.
    """
    if level == "public":
        return []
    rows = con.execute(corpus.sql("report_quotes")).fetchall()
    if level == "internal":
        return [
            Quote(group, about, _cut(context or quote), str(source), _year(at), _link(url))
            for group, about, quote, context, source, at, url in rows
        ]
    posts = con.execute("select coalesce(author_id, post_id), text from post order by post_id").fetchall()
    passing = quotes.common([str(r[2]) for r in rows if r[2]], [(str(a), str(t)) for a, t in posts], least)
    return [Quote(r[0], r[1], _cut(r[2]), "", "", "") for r in rows if r[2] in passing]


def _cut(text: str) -> str:
    return text if len(text) <= _LONGEST else text[:_LONGEST] + " …"


def _year(at: datetime | None) -> str:
    return "" if at is None else str(at.year)


def _link(url: str | None) -> str:
    """Give an address that may be made a link: http or https alone, with a host."""
    try:
        parts = urlsplit(url or "")
    except ValueError:
        return ""
    return (url or "") if parts.scheme in ("http", "https") and parts.netloc else ""
