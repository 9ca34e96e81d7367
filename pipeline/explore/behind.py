"""From a bar to its posts, from a post to its words and its person, and the search in posts."""

import re
from typing import Any

import duckdb
import orjson

from pipeline.explore import ask
from pipeline.explore.filters import Bar, Filters, spoken
from pipeline.explore.text import Mark, around, pieces

SIZE = 25
KINDS = ("treatment", "dose", "outcome", "side_effect", "condition")
_WORDS = re.compile(r'"([^"]+)"|(\S+)')


def posts(con: duckdb.DuckDBPyConnection, chosen: Filters, bar: Bar, page: int) -> dict[str, Any]:
    """Give one page of the posts behind a bar, with claims and words, and how many posts and persons there are."""
    asked = {
        **chosen.parameters(),
        **{n: getattr(bar, n) for n in ("effect", "domain", "direction", "concept", "presence")},
    }
    ask.rows(con, "selected", asked)
    ask.rows(con, "behind", asked)
    total = con.execute("select count(*), count(distinct person_id) from behind").fetchone() or (0, 0)
    found = ask.rows(con, "behind_page", {"size": SIZE, "skip": SIZE * (page - 1)})
    claims = claims_of(con, [r["post_id"] for r in found])
    for row in found:
        told = [c for c in claims.get(row["post_id"], []) if c["substance"] in row["substances"]]
        row["claims"] = told
        row["matching"] = [c for c in told if _matches(c, bar)]
        row["passage"] = passage(row["text"], row["matching"] or told)
    return {"posts": int(total[0]), "persons": int(total[1]), "rows": found, "pages": max(1, -(-int(total[0]) // SIZE))}


def claims_of(con: duckdb.DuckDBPyConnection, ids: list[str]) -> dict[str, list[ask.Record]]:
    """Give the claims of posts, by post."""
    found: dict[str, list[ask.Record]] = {}
    for row in ask.rows(con, "claims", {"posts": ids}):
        found.setdefault(row["post_id"], []).append(row)
    return found


def passage(text: str, claims: list[ask.Record]) -> dict[str, Any]:
    """Give the passage of a text in which its first claim stands, in pieces, with all claims in it marked."""
    marks = [Mark("", c["fact"], c["span_start"], c["span_end"]) for c in claims if c["span_start"] is not None]
    first = min(marks, key=lambda m: m.start, default=None)
    low, high = around(text, first.start if first else None, first.end if first else None)
    return {"pieces": pieces(text, marks, low, high), "before": low > 0, "after": high < len(text)}


def post(con: duckdb.DuckDBPyConnection, post_id: str) -> ask.Record | None:
    """Give a post with its text in pieces, what was read in it, and its person's course; None if there is none such."""
    found = ask.rows(con, "post", {"post": post_id})
    if not found:
        return None
    row = found[0]
    mentions = ask.rows(con, "mentions", {"post": post_id}) if row["status"] == "live" else []
    marks: list[Mark] = []
    for m in mentions:
        key = f"m{m['position']}"
        marks.append(Mark(key, m["kind"], m["span_start"], m["span_end"], m["assertion"]))
        if m["cue_start"] is not None and m["cue_end"] is not None:
            marks.append(Mark(key, "cue", m["cue_start"], m["cue_end"]))
    row["mentions"] = mentions
    row["pieces"] = pieces(row["text"], marks)
    row["person"] = person(con, row["person_id"]) if row["person_id"] else None
    return row


def told(field: str, claim: str) -> str:
    """Give a claim as a person reads it. field, claim: as in review (see pipeline.review.items)."""
    held = orjson.loads(claim)
    substance = held["substance"]
    if field == "treatments":
        words = [held["status"], held["effect"], {True: "stopped", False: "not stopped"}.get(held["stopped"])]
        if held["duration_days"]:
            words.append(f"for {_range(held['duration_days'])} days")
    elif field == "doses":
        words = [held["status"]]
        words += [f"{_range(held['mg'])} mg each time"] if held["mg"] else []
        words += [f"{_range(held['mg_per_day'])} mg per day"] if held["mg_per_day"] else []
    elif field == "outcomes":
        words = [f"{held['domain']} {held['direction']}"]
    else:
        words = [held["concept"] + ("" if held["present"] else " denied")]
    return spoken(f"{substance}: {', '.join(w for w in words if w)}")


def _range(bounds: list[float]) -> str:
    low, high = bounds
    return f"{low:g}" if low == high else f"{low:g} to {high:g}"


def person(con: duckdb.DuckDBPyConnection, person_id: str) -> dict[str, Any]:
    """Give a person's reports in order of time with their claims, and the doses they told of."""
    reports = ask.rows(con, "person", {"person": person_id, "size": 200})
    claims = claims_of(con, [r["post_id"] for r in reports])
    for row in reports:
        row["claims"] = claims.get(row["post_id"], [])
    return {"reports": reports, "doses": ask.rows(con, "person_doses", {"person": person_id})}


def words(query: str) -> list[str]:
    """Give the words of a search, lower-cased; what stands in quotation marks is one."""
    return [(a or b).lower() for a, b in _WORDS.findall(query)][:12]


def search(con: duckdb.DuckDBPyConnection, query: str, page: int) -> dict[str, Any]:
    """Give one page of the posts that hold every word of a search, whatever its case."""
    asked = words(query)
    if not asked:
        return {"found": 0, "rows": [], "pages": 1}
    where = " and ".join(
        f"(contains(lower(p.text), $w{n}) or contains(lower(coalesce(p.title, '')), $w{n}))" for n in range(len(asked))
    )
    values = {f"w{n}": w for n, w in enumerate(asked)}
    names = {"size": SIZE, "skip": SIZE * (page - 1), **values}
    text = ask.sql("search").replace("{words}", where)
    cursor = con.execute(text, names)
    columns = [d[0] for d in cursor.description or []]
    rows = [dict(zip(columns, r, strict=True)) for r in cursor.fetchall()]
    for row in rows:
        low = row["text"].lower()
        same = len(low) == len(row["text"])  # else places in it are not those of the text
        marks = (
            [Mark("", "hit", m.start(), m.end()) for w in asked for m in re.finditer(re.escape(w), low)] if same else []
        )
        first = min(marks, key=lambda m: m.start, default=None)
        a, b = around(row["text"], first.start if first else None, first.end if first else None)
        row["passage"] = {"pieces": pieces(row["text"], marks, a, b), "before": a > 0, "after": b < len(row["text"])}
    found = int(rows[0]["found"]) if rows else 0
    return {"found": found, "rows": rows, "pages": max(1, -(-found // SIZE))}


def _matches(claim: ask.Record, bar: Bar) -> bool:
    if bar.domain:
        return claim["fact"] == "outcome" and claim["concept"] == bar.domain and bar.direction in (None, claim["word"])
    if bar.concept:
        return claim["fact"] == "side_effect" and claim["concept"] == bar.concept
    if bar.effect in ("benefit", "said"):
        return claim["fact"] == "treatment"
    return claim["fact"] == "treatment" and claim["word"] == bar.effect
