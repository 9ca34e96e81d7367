"""Posts in, records out, as Arrow batches: a pure function, so that it may run in this process or on any engine.

The same batch, version and time give the same bytes, whoever computes them.
"""

from collections.abc import Iterator, Mapping
from typing import Any, NamedTuple

import orjson
import pyarrow as pa

import nlp

POSTS: Any = pa.schema([(n, pa.string()) for n in ("post_id", "text", "title", "drug", "condition", "text_sha256")])
"""What is read: a row a post. title, drug, condition: headings, or null."""

READ: Any = pa.schema([("post_id", pa.string()), ("excluded", pa.string()), ("line", pa.binary())])
"""What was read, a row a post in the order asked. excluded: why it is left out, or null; line: a JSON line to merge."""


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
            pa.array([orjson.dumps(line) + b"\n" for line in lines], pa.binary()),
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
