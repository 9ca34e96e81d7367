"""Posts in, records out, as Arrow batches: a pure function, so that it may run in this process or on any engine.

The same batch, version and time give the same bytes, whoever computes them.
"""

from collections.abc import Iterable, Iterator, Mapping
from typing import Any, NamedTuple

import orjson
import pyarrow as pa

import nlp

POSTS: Any = pa.schema([(n, pa.string()) for n in ("post_id", "text", "title", "drug", "condition", "text_sha256")])
"""What is read: a row a post. title, drug, condition: headings, or null."""

READ: Any = pa.schema([("post_id", pa.string()), ("excluded", pa.string()), ("line", pa.binary())])
"""What was read, a row a post in the order asked. excluded: why it is left out, or null; line: a JSON line to merge."""


_LIST = pa.list_(pa.float64())
TABLES: dict[str, Any] = {
    "extraction": [
        *((n, pa.string()) for n in ("post_id", "text_sha256", "version", "extracted_at", "language", "excluded"))
    ],
    "report": [
        *((n, pa.string()) for n in ("post_id", "reporter")),
        ("conditions", pa.list_(pa.string())),
        ("age_years", pa.int32()),
        *((n, pa.string()) for n in ("sex", "notes")),
    ],
    "treatment": [
        *((n, pa.string()) for n in ("post_id", "substance", "status", "effect")),
        ("stopped", pa.bool_()),
        ("duration_days", _LIST),
        ("duration_quote", pa.string()),
    ],
    "dose": [
        ("post_id", pa.string()),
        ("position", pa.int32()),
        *((n, pa.string()) for n in ("substance", "quote")),
        ("mg", _LIST),
        ("per_day", pa.float64()),
        ("mg_per_day", _LIST),
        *((n, pa.string()) for n in ("status", "role", "derivation")),
        *((n, pa.int32()) for n in ("span_start", "span_end")),
    ],
    "outcome": [
        ("post_id", pa.string()),
        ("position", pa.int32()),
        *((n, pa.string()) for n in ("substance", "domain", "direction", "quote")),
        *((n, pa.int32()) for n in ("span_start", "span_end")),
        ("detail", pa.string()),
    ],
    "side_effect": [
        ("post_id", pa.string()),
        ("position", pa.int32()),
        *((n, pa.string()) for n in ("substance", "concept")),
        ("present", pa.bool_()),
        ("quote", pa.string()),
        *((n, pa.int32()) for n in ("span_start", "span_end")),
        ("detail", pa.string()),
    ],
    "mention": [
        ("post_id", pa.string()),
        ("position", pa.int32()),
        *((n, pa.string()) for n in ("kind", "concept", "substance", "quote")),
        *((n, pa.int32()) for n in ("span_start", "span_end")),
        *((n, pa.string()) for n in ("assertion", "cue")),
        *((n, pa.int32()) for n in ("cue_start", "cue_end")),
        *((n, pa.string()) for n in ("whose", "detail")),
    ],
}
"""The tables that a reading fills, with their columns."""

FLAT: Any = pa.schema(
    [("post_id", pa.string()), *((name, pa.list_(pa.struct(columns[1:]))) for name, columns in TABLES.items())]
)
"""A reading as it is merged: a line a post, and in it the rows of each table, without post_id and what is null."""
_COLUMNS = {name: [column for column, _ in columns[1:]] for name, columns in TABLES.items()}


class Part(NamedTuple):
    """Some posts to read. posts: of schema POSTS; version: of extractor and study; at: the time to write, ISO, UTC."""

    posts: Any
    version: str
    at: str


def read_batch(reader: Any, part: Part) -> Any:
    """Read a batch of posts of schema POSTS; give a batch of schema READ. reader: as `extract.engine` gives it."""
    lines = list(_lines(reader, part))
    return pa.record_batch(
        [
            pa.array([line["post_id"] for line in lines], pa.string()),
            pa.array([line["excluded"] for line in lines], pa.string()),
            pa.array([flat(line) for line in lines], pa.binary()),
        ],
        schema=READ,
    )


def _lines(reader: Any, part: Part) -> Iterator[dict[str, Any]]:
    rows: list[dict[str, Any]] = part.posts.to_pylist()
    hashes = {r["post_id"]: r["text_sha256"] for r in rows}
    for reading in nlp.read(reader, (_asked(row) for row in rows)):
        post_id = str(reading.record["id"])
        yield {
            "post_id": post_id,
            "text_sha256": hashes[post_id],
            "version": part.version,
            "extracted_at": part.at,
            "language": reading.language,
            "excluded": reading.exclusion,
            "age_years": reading.person.age,
            "sex": reading.person.sex,
            "record": reading.record,
            "mentions": [_mention(m) for m in reading.mentions],
        }


def _asked(row: Mapping[str, Any]) -> dict[str, Any]:
    return {"id": row["post_id"], **{k: row[k] for k in ("text", "title", "drug", "condition")}}


def _mention(m: Any) -> dict[str, Any]:
    return {
        "kind": m.kind,
        "concept": m.concept,
        "substance": m.substance,
        "quote": m.quote,
        "span_start": m.start,
        "span_end": m.end,
        "assertion": m.assertion,
        "cue": m.cue,
        "cue_start": m.cue_start,
        "cue_end": m.cue_end,
        "whose": m.whose,
        "detail": getattr(m, "detail", None),
        "role": getattr(m, "role", None),
        "derivation": getattr(m, "derivation", None),
    }


def flat(line: Mapping[str, Any]) -> bytes:
    """Give the JSON line of a reading, of schema FLAT."""
    rows = {
        name: [{c: row[c] for c in _COLUMNS[name] if row.get(c) is not None} for row in found]
        for name, found in _rows(line).items()
    }
    return orjson.dumps({"post_id": line["post_id"], **rows}) + b"\n"


def _rows(line: Mapping[str, Any]) -> dict[str, list[dict[str, Any]]]:
    record = line["record"]
    heading = {k: v for k, v in line.items() if k not in ("record", "mentions")}
    rows: dict[str, list[dict[str, Any]]] = {"extraction": [heading]}
    if line["excluded"]:
        return rows
    person = {"age_years": line["age_years"], "sex": line["sex"]}
    said = {k: record.get(k) for k in ("reporter", "conditions", "notes")}
    rows["report"] = [{**said, **person}]
    rows["treatment"] = record["treatments"]
    for name, kind in (("dose", "doses"), ("outcome", "outcomes"), ("side_effect", "side_effects")):
        rows[name] = [
            {**_found(line["mentions"], name, claim), **claim, "position": n} for n, claim in enumerate(record[kind])
        ]
    rows["mention"] = [{**m, "position": n} for n, m in enumerate(line["mentions"])]
    return rows


def _found(mentions: Iterable[Mapping[str, Any]], kind: str, claim: Mapping[str, Any]) -> dict[str, Any]:
    """Give where in the post a claim of the record stands: the mention of its kind with its words."""
    hits = [m for m in mentions if m["kind"] == kind and m["quote"] == claim["quote"]]
    best = next((m for m in hits if m["substance"] == claim["substance"]), hits[0] if hits else None)
    if best is None:
        return {}
    return {k: best.get(k) for k in ("span_start", "span_end", "role", "derivation", "detail")}
