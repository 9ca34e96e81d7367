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
    """One claim in its writer's words. about: what was read in them; before, after: what stands around them.

    source, year, url: "" where they may not be shown, or are not known.
    """

    group: str
    about: str
    text: str
    before: str = ""
    after: str = ""
    source: str = ""
    year: str = ""
    url: str = ""


def said(con: duckdb.DuckDBPyConnection, level: str, least: int) -> list[Quote]:
    """Give quotes of outcomes and side effects.

    level: "internal": in context, with address; "shareable": only words that lead back to nobody; "public": none.
    """
    if level == "public":
        return []
    rows = con.execute(corpus.sql("report_quotes")).fetchall()
    if level != "internal":
        posts = con.execute("select coalesce(author_id, post_id), text from post order by post_id").fetchall()
        passing = quotes.common([str(r[2]) for r in rows], [(str(a), str(t)) for a, t in posts], least)
        return [Quote(str(r[0]), str(r[1]), _cut(str(r[2]))) for r in rows if r[2] in passing]
    made: list[Quote] = []
    for group, about, quote, context, source, at, url in rows:
        before, found, after = (context or "").partition(quote)
        before, after = (_cut(_from_word(before)), _cut(_to_word(after))) if found else ("", "")
        made.append(Quote(group, about, _cut(quote), before, after, str(source), _year(at), _link(url)))
    return made


def _from_word(text: str) -> str:
    """Give the end of a text from its first whole word on."""
    return " ".join(["…", *text.split(" ")[1:]]) if " " in text else ""


def _to_word(text: str) -> str:
    """Give the beginning of a text up to its last whole word."""
    return " ".join([*text.split(" ")[:-1], "…"]) if " " in text else ""


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
