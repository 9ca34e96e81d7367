"""Verdicts come back: into the corpus, refused where the text changed; adjudicated; and out again as gold."""

from collections import Counter
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field, replace
from pathlib import Path
from typing import Any

import duckdb
import orjson

from pipeline import accuracy, corpus
from pipeline.errors import ReviewError
from pipeline.home import Home
from pipeline.review import agreement
from pipeline.review.formats import MISSED, Verdict
from pipeline.review.items import FIELDS, Item, every, whole

Records = dict[str, dict[str, Any]]
_QUOTES = ("quote", "duration_quote")


@dataclass(slots=True)
class Imported:
    """What came of an import, in verdicts. refused: item and why."""

    taken: int = 0
    refused: list[tuple[str, str]] = field(default_factory=list[tuple[str, str]])


def take(home: Home, verdicts: Iterable[Verdict]) -> Imported:
    """Take verdicts into the corpus; a reader's later verdict on an item replaces the earlier one.

    A verdict on a text that is not as it was, or on a claim that is not in the tables, is refused.
    """
    done = Imported()
    with corpus.writing(home) as con:
        asked = whole(con)
        there = {i.item: i for i in (*every(con), *asked)}
        posts = {i.post_id: i for i in asked}
        for said in verdicts:
            item = there.get(said.item)
            if said.verdict == MISSED:
                if item is not None:
                    done.refused.append((said.item, "this claim is in the tables: it was not missed"))
                    continue
                item = _added(said, posts.get(said.post_id or ""))
            if item is None:
                done.refused.append((said.item, "no such claim now: the post is gone, or was read otherwise since"))
            elif item.text_hash != said.text_hash:
                done.refused.append((said.item, "the text of its post changed since it was exported"))
            else:
                at = said.at or corpus.now()
                con.execute(
                    "insert or replace into review_label values (?, ?, ?, ?, ?, ?, ?, ?)",
                    [item.item, item.post_id, item.text_hash, item.field, item.claim, said.verdict, said.reviewer, at],
                )
                con.execute(
                    "insert or replace into review values (?, ?, ?, ?, ?, null, ?)",
                    [item.post_id, item.field, item.claim, said.reviewer, said.verdict, at],
                )
                con.execute("delete from review_browsed where item = ? and reviewer = ?", [item.item, said.reviewer])
                done.taken += 1
        accuracy.from_labels(con, judged(con, drawn=True))
        accuracy.from_whole(con, *settled(con, drawn=True, read_whole=True))
    return done


def _added(said: Verdict, post: Item | None) -> Item | None:
    """Give the item of a claim that was missed, if its post is there and holds the words quoted."""
    if post is None or said.field is None or said.claim is None:
        return None
    held = orjson.loads(said.claim)
    quote = next((str(held[n]) for n in _QUOTES if held.get(n)), "")
    if quote not in post.text:
        return None
    return replace(post, item=said.item, field=said.field, claim=said.claim, quote=quote)


def judged(con: duckdb.DuckDBPyConnection, *, drawn: bool = False) -> dict[str, dict[str, dict[str, str]]]:
    """Give field -> item -> reviewer -> verdict, of texts that are as they were when judged.

    drawn: without what was judged in the explorer, where readers judge what they come upon.
    """
    return {f: items for f, items in _judged(con, drawn=drawn).items() if f in FIELDS}


def _judged(con: duckdb.DuckDBPyConnection, *, drawn: bool) -> dict[str, dict[str, dict[str, str]]]:
    rows = con.execute(
        "select l.field, l.item, l.reviewer, l.verdict from review_label l join post p "
        "on p.post_id = l.post_id and p.text_sha256 = l.text_hash where l.verdict <> ? "
        "and not (? and (l.item, l.reviewer) in (select (item, reviewer) from review_browsed)) order by all",
        [MISSED, drawn],
    ).fetchall()
    found: dict[str, dict[str, dict[str, str]]] = {}
    for name, item, reviewer, verdict in rows:
        found.setdefault(str(name), {}).setdefault(str(item), {})[str(reviewer)] = str(verdict)
    return found


def figures(home: Home) -> tuple[list[str], list[tuple[Any, ...]]]:
    """Give the table of agreement: a row a field. Raises ReviewError where nothing was judged yet."""
    with corpus.reading(home) as con:
        fields = judged(con)
    if not fields:
        raise ReviewError("nothing was judged yet; `doselore review export`, then `doselore review import`")
    names = ["field", "items", "reviewers", "cohen", "fleiss", "krippendorff"]
    made = {f: agreement.table(fields[f]) for f in FIELDS if f in fields}
    return names, [(f, *(row[n] for n in names[1:])) for f, row in made.items()]


def settle(by: Mapping[str, str], judge: str | None = None) -> str | None:
    """Give the verdict that stands: the judge's where there is one, else the majority's; None in a tie.

    "unsure" does not vote where anybody else was sure.
    """
    if judge and judge in by:
        return by[judge]
    votes = Counter(v for v in by.values() if v != "unsure") or Counter(by.values())
    ranked = votes.most_common(2)
    return None if len(ranked) == 2 and ranked[0][1] == ranked[1][1] else ranked[0][0]


def missed(con: duckdb.DuckDBPyConnection, judge: str | None = None) -> dict[str, list[tuple[str, dict[str, Any]]]]:
    """Give post -> field and claim of all that readers (or the judge) say was missed, each once whatever its quote."""
    rows = con.execute(
        "select l.post_id, l.field, l.claim from review_label l join post p "
        "on p.post_id = l.post_id and p.text_sha256 = l.text_hash "
        "where l.verdict = ? and (?::varchar is null or l.reviewer = ?) order by all",
        [MISSED, judge, judge],
    ).fetchall()
    found: dict[tuple[str, str, str], dict[str, Any]] = {}
    for post_id, name, claim in rows:
        held = orjson.loads(claim)
        key = {k: v for k, v in held.items() if k not in _QUOTES}
        found.setdefault((str(post_id), str(name), repr(sorted(key.items()))), held)
    by_post: dict[str, list[tuple[str, dict[str, Any]]]] = {}
    for (post_id, name, _), held in found.items():
        by_post.setdefault(post_id, []).append((name, held))
    return by_post


def settled(
    con: duckdb.DuckDBPyConnection, judge: str | None = None, *, drawn: bool = False, read_whole: bool = False
) -> tuple[Records, Records]:
    """Give the records of the posts all of whose claims are settled: as readers say they are, and as they were found.

    A claim judged right stays, one judged wrong is left out, one that was missed is added. A post waits if a claim of
    it is open, unsure or tied, or if something is said to be missing and nobody says what. drawn: see `judged`.
    read_whole: only posts of which readers say whether a claim is missing.
    """
    stands = {i: settle(by, judge) for items in _judged(con, drawn=drawn).values() for i, by in items.items()}
    claims: dict[str, list[Item]] = {}
    for item in every(con):
        claims.setdefault(item.post_id, []).append(item)
    lacks = missed(con, judge)
    complete = {i.post_id: stands.get(i.item) for i in whole(con)}
    ready = [
        post_id
        for post_id, said in complete.items()
        if all(stands.get(i.item) in ("right", "wrong") for i in claims.get(post_id, []))
        and (said in ("right", "wrong") if read_whole else post_id in claims)
        and (said != "wrong" or post_id in lacks)
    ]
    facts = con.execute(
        "select post_id, reporter, conditions from report where post_id in (select unnest(?)) order by 1", [ready]
    ).fetchall()
    right: Records = {}
    found: Records = {}
    for post_id, reporter, conditions in facts:
        of_post = claims.get(post_id, [])
        kept = [(i.field, orjson.loads(i.claim)) for i in of_post if stands[i.item] == "right"]
        heading = {"id": post_id, "reporter": reporter, "conditions": conditions}
        right[post_id] = {**heading, **_listed([*kept, *lacks.get(post_id, [])]), "notes": ""}
        found[post_id] = {**heading, **_listed([(i.field, orjson.loads(i.claim)) for i in of_post]), "notes": ""}
    return right, found


def _listed(claims: Iterable[tuple[str, dict[str, Any]]]) -> dict[str, list[dict[str, Any]]]:
    every_ = list(claims)
    lists = {f: [c for name, c in every_ if name == f] for f in FIELDS}
    there = {t["substance"] for t in lists["treatments"]}
    return {f: [c for c in lists[f] if f == FIELDS[0] or c["substance"] in there] for f in FIELDS}


def gold(home: Home, out: Path, judge: str | None = None) -> tuple[int, int]:
    """Write the posts all of whose claims are settled as gold (JSONL) and their texts beside it; give posts and ties.

    See `settled`. The posts go to the file with "posts" for "gold" in its name, where `doselore evaluate` looks.
    """
    if "gold" not in out.name:
        raise ReviewError(f'{out}: name it with "gold" in it, e.g. reviewed_gold.jsonl')
    with corpus.reading(home) as con:
        ties = sum(settle(by, judge) is None for items in judged(con).values() for by in items.values())
        records, _ = settled(con, judge)
        texts = con.execute(
            "select post_id, title, text, drug, condition from post where post_id in (select unnest(?)) order by 1",
            [list(records)],
        ).fetchall()
    names = ("id", "title", "text", "drug", "condition")
    out.write_bytes(b"".join(orjson.dumps(r) + b"\n" for r in records.values()))
    posts = [orjson.dumps(dict(zip(names, row, strict=True))) + b"\n" for row in texts]
    out.with_name(out.name.replace("gold", "posts")).write_bytes(b"".join(posts))
    return len(records), ties
