"""Verdicts come back: into the corpus, refused where the text changed; adjudicated; and out again as gold."""

from collections import Counter
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import duckdb
import orjson

from pipeline import accuracy, corpus
from pipeline.errors import ReviewError
from pipeline.home import Home
from pipeline.review import agreement
from pipeline.review.formats import Verdict
from pipeline.review.items import FIELDS, Item, every


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
        there = {i.item: i for i in every(con)}
        for said in verdicts:
            item = there.get(said.item)
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
                done.taken += 1
        accuracy.from_labels(con, judged(con))
    return done


def judged(con: duckdb.DuckDBPyConnection) -> dict[str, dict[str, dict[str, str]]]:
    """Give field -> item -> reviewer -> verdict, of texts that are as they were when judged."""
    rows = con.execute(
        "select l.field, l.item, l.reviewer, l.verdict from review_label l join post p "
        "on p.post_id = l.post_id and p.text_sha256 = l.text_hash order by all"
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


def gold(home: Home, out: Path, judge: str | None = None) -> tuple[int, int]:
    """Write the posts all of whose claims are settled as gold (JSONL) and their texts beside it; give posts and ties.

    A claim judged right stays, one judged wrong is left out; a post with a claim that is open, unsure or tied waits.
    The posts go to the file with "posts" for "gold" in its name, where `doselore evaluate` looks for them.
    """
    if "gold" not in out.name:
        raise ReviewError(f'{out}: name it with "gold" in it, e.g. reviewed_gold.jsonl')
    with corpus.reading(home) as con:
        stands = {i: settle(by, judge) for items in judged(con).values() for i, by in items.items()}
        claims: dict[str, list[Item]] = {}
        for item in every(con):
            claims.setdefault(item.post_id, []).append(item)
        ready = {p: c for p, c in claims.items() if all(stands.get(i.item) in ("right", "wrong") for i in c)}
        facts = con.execute(
            "select r.post_id, r.reporter, r.conditions, p.title, p.text, p.drug, p.condition from report r "
            "join post p using (post_id) where r.post_id in (select unnest(?)) order by 1",
            [sorted(ready)],
        ).fetchall()
    records: list[bytes] = []
    posts: list[bytes] = []
    for post_id, reporter, conditions, title, text, drug, condition in facts:
        kept = [i for i in ready[post_id] if stands[i.item] == "right"]
        lists = {f: [orjson.loads(i.claim) for i in kept if i.field == f] for f in FIELDS}
        there = {t["substance"] for t in lists["treatments"]}
        for name in FIELDS[1:]:
            lists[name] = [c for c in lists[name] if c["substance"] in there]
        record = {"id": post_id, "reporter": reporter, "conditions": conditions, **lists, "notes": ""}
        records.append(orjson.dumps(record))
        posts.append(orjson.dumps({"id": post_id, "title": title, "text": text, "drug": drug, "condition": condition}))
    out.write_bytes(b"".join(r + b"\n" for r in records))
    out.with_name(out.name.replace("gold", "posts")).write_bytes(b"".join(p + b"\n" for p in posts))
    return len(records), sum(v is None for v in stands.values())
