"""Writing aside: batches of posts go to a file of their own, and into the corpus in one short merge.

A staged file is NDJSON, one batch a line, flushed to the disk before the next batch is asked for. A kill leaves at most
a torn last line, which is dropped; what stands before it goes in with the next run. A file goes in once: its name is
written into the corpus in the same transaction.
"""

import hashlib
import uuid
from collections.abc import Iterator, Mapping
from contextlib import ExitStack
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any, Self

import duckdb
import orjson
import pyarrow as pa

from pipeline import corpus, durable
from pipeline.door import Door
from pipeline.home import Home
from pipeline.post import Batch

_SUFFIX = ".posts.ndjson"
_LINES_AT_ONCE = 200  # batches held in memory during a merge
_STATED = {
    "duration": "duration_stated",
    "dose": "dose_stated",
    "age": "age_stated",
    "sex": "sex_stated",
    "subreddit": "subreddit",
}

_POST = pa.schema(
    [
        *((n, pa.string()) for n in ("post_id", "source_id", "native_id", "thread_id", "parent_id", "author_id")),
        *((n, pa.string()) for n in ("posted_at", "edited_at", "url", "title", "text")),
        ("quoted", pa.list_(pa.string())),
        ("rating", pa.float64()),
        *((n, pa.string()) for n in ("drug", "condition", "status", "captured_at", "text_sha256")),
        ("helpful", pa.int32()),
        *((n, pa.string()) for n in _STATED.values()),
        ("extra", pa.string()),
        ("post_hash", pa.string()),
        ("seq", pa.int64()),
        ("reread", pa.bool_()),
        ("dated", pa.bool_()),
    ]
)
_STRINGS = {
    "thread": ("thread_id", "source_id", "native_id", "title", "url", "started_at", "last_post_at"),
    "exclusion": ("source_id", "what", "stage", "reason", "detail", "seen_at"),
    "checkpoint": ("source_id", "key", "value"),
}
_CAPTURE = pa.schema(
    [
        *((n, pa.string()) for n in ("sha256", "source_id", "url")),
        ("status", pa.int32()),
        *((n, pa.string()) for n in ("fetched_at", "content_type", "warc")),
        ("warc_offset", pa.int64()),
    ]
)


@dataclass(frozen=True, slots=True)
class SourceRow:
    """What the corpus keeps of a source. site: the name space of its authors; approval: its basis in words."""

    source_id: str
    kind: str
    site: str
    invented: bool = False
    terms: str | None = None
    approval: str | None = None


@dataclass(slots=True)
class Merged:
    """What a merge did, in posts.

    new, same: as it says; changed: edited, or deleted at the source; erased: kept out by a tombstone; set_aside: rows
    of `exclusion`, by reason in `reasons`.
    """

    new: int = 0
    changed: int = 0
    same: int = 0
    erased: int = 0
    set_aside: int = 0
    reasons: dict[str, int] = field(default_factory=dict[str, int])

    @property
    def seen(self) -> int:
        """Posts that were read."""
        return self.new + self.changed + self.same

    def __iadd__(self, other: "Merged") -> Self:
        self.new += other.new
        self.changed += other.changed
        self.same += other.same
        self.erased += other.erased
        self.set_aside += other.set_aside
        for reason, count in other.reasons.items():
            self.reasons[reason] = self.reasons.get(reason, 0) + count
        return self


class Staging:
    """One staged file of one source, open for writing. Use as a context manager.

    reread: its posts are read from kept captures again: where they differ from the corpus, the reader changed and not
    the post, so they are set right without a version. dated: its posts are as old as the page they stand on (a saved
    one), so they do not replace a newer word.
    """

    def __init__(self, home: Home, source: SourceRow, door: Door, *, reread: bool = False, dated: bool = False) -> None:
        home.make()
        self.path = home.staging / f"{source.source_id}-{uuid.uuid4().hex}{_SUFFIX}"
        self._source, self._door, self._reread, self._dated = source, door, reread, dated
        self._file: int | None = None

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *_: object) -> None:
        if self._file is not None:
            durable.release(self._file)
            self._file = None

    def add(self, batch: Batch) -> None:
        """Write one batch, pseudonymised and masked, and wait until it is on the disk."""
        if self._file is None:
            self._file = durable.create(self.path)
        durable.append(self._file, orjson.dumps(self.line(batch)) + b"\n", self.path)

    def line(self, batch: Batch) -> dict[str, Any]:
        """Give a batch as it is staged, pseudonymised and masked: what `merge_lines` takes."""
        source = self._source
        return {
            "source": [source.source_id, source.kind, source.site, source.invented, source.terms, source.approval],
            "at": corpus.now().isoformat(),
            "reread": self._reread,
            "of": batch.captures[0].fetched_at.isoformat()
            if (self._reread or self._dated) and batch.captures
            else None,
            "posts": [self._door.row(source.source_id, source.site, p) for p in batch.posts],
            "threads": [
                {
                    "thread_id": f"{source.source_id}:{t.native_id}",
                    "native_id": t.native_id,
                    "title": self._door.text(t.title) if t.title else None,
                    "url": t.url,
                    "started_at": t.started_at.isoformat() if t.started_at else None,
                    "last_post_at": t.last_post_at.isoformat() if t.last_post_at else None,
                }
                for t in batch.threads
            ],
            "exclusions": [
                {"what": e.what, "stage": e.stage, "reason": e.reason, "detail": self._door.text(e.detail)}
                for e in batch.exclusions
            ],
            "captures": [
                {
                    "sha256": c.sha256,
                    "url": c.url,
                    "status": c.status,
                    "fetched_at": c.fetched_at.isoformat(),
                    "content_type": c.content_type,
                    "warc": c.warc,
                    "warc_offset": c.offset,
                }
                for c in batch.captures
            ],
            "checkpoint": dict(batch.checkpoint),
        }


def merge(home: Home, *, only: str | None = None) -> dict[str, Merged]:
    """Bring every staged file into the corpus, oldest first; give what came of it, by source.

    only: the name of one source; None: all. Files that are in the corpus already are removed; one that another process
    still writes is left to it.
    """
    files = sorted(home.staging.glob(f"*{_SUFFIX}"), key=_age)
    if only is not None:
        files = [f for f in files if f.name.rsplit("-", 1)[0] == only]
    with ExitStack() as ours:
        return _merge_files(home, [f for f in files if ours.enter_context(durable.taken(f))])


def _age(file: Path) -> tuple[int, str]:
    try:
        return file.stat().st_mtime_ns, file.name
    except FileNotFoundError:  # another process was quicker
        return 0, file.name


def _merge_files(home: Home, files: list[Path]) -> dict[str, Merged]:
    done: dict[str, Merged] = {}
    if not files:
        return done
    with corpus.writing(home) as con:
        there = {str(r[0]) for r in con.execute("select staged from merged").fetchall()}
        for file in files:
            if file.name in there:
                continue
            for lines in _chunks(file):
                done.setdefault(str(lines[0]["source"][0]), Merged()).__iadd__(merge_lines(con, lines))
            con.execute("insert into merged values (?, ?)", [file.name, corpus.now()])
    for file in files:
        file.unlink(missing_ok=True)
    return done


def _chunks(file: Path) -> Iterator[list[dict[str, Any]]]:
    held: list[dict[str, Any]] = []
    with file.open("rb") as stream:
        for line in stream:
            if not line.endswith(b"\n"):
                break  # torn by a kill: its batch was never acknowledged, and will be fetched again
            held.append(orjson.loads(line))
            if len(held) >= _LINES_AT_ONCE:
                yield held
                held = []
    if held:
        yield held


def merge_lines(con: duckdb.DuckDBPyConnection, lines: list[dict[str, Any]]) -> Merged:
    """Bring staged batches of one source into the corpus, inside the writer's transaction; give what came of it."""
    rows: dict[str, list[dict[str, Any]]] = {"post": [], "thread": [], "exclusion": [], "capture": [], "checkpoint": []}
    for line in lines:
        source_id, at = line["source"][0], line["at"]
        of, again = line.get("of"), bool(line.get("reread"))
        marks = {"reread": again, "dated": bool(of) and not again}
        rows["post"] += [
            {**_post_row(p, of or at, len(rows["post"]) + n), **marks} for n, p in enumerate(line["posts"])
        ]
        rows["thread"] += [{**t, "source_id": source_id} for t in line["threads"]]
        rows["exclusion"] += [{**e, "source_id": source_id, "seen_at": at} for e in line["exclusions"]]
        rows["capture"] += [{**c, "source_id": source_id} for c in line["captures"]]
        rows["checkpoint"] += [{"source_id": source_id, "key": k, "value": v} for k, v in line["checkpoint"].items()]
    last = lines[-1]
    con.execute(
        "insert into source values (?, ?, ?, ?, ?, ?, ?, ?) on conflict (source_id) do update set "
        "last_seen = excluded.last_seen, terms = excluded.terms, approval = excluded.approval, "
        "invented = excluded.invented",
        [*last["source"], lines[0]["at"], last["at"]],
    )
    tables = {"incoming_post": _table(rows["post"], _POST), "incoming_capture": _table(rows["capture"], _CAPTURE)}
    for name, columns in _STRINGS.items():
        tables[f"incoming_{name}"] = _table(rows[name], pa.schema([(c, pa.string()) for c in columns]))
    for name, table in tables.items():
        con.register(name, table)
    try:
        con.execute(corpus.sql("merge_rows"))
        counts = {
            str(k): int(v) for k, v in con.execute("select outcome, count(*) from changed_post group by 1").fetchall()
        }
        merged = Merged(counts.get("new", 0), counts.get("changed", 0), counts.get("same", 0), counts.get("erased", 0))
        for half in ("merge_changed", "merge_posts") if "changed" in counts else ("merge_posts",):
            for step in corpus.sql(half).split(";\n"):
                if step.strip():
                    con.execute(step)
    finally:
        for name in tables:
            con.unregister(name)
    merged.set_aside = len(rows["exclusion"])
    for row in rows["exclusion"]:
        merged.reasons[row["reason"]] = merged.reasons.get(row["reason"], 0) + 1
    return merged


def _table(rows: list[dict[str, Any]], schema: Any) -> Any:
    return pa.Table.from_pylist(rows, schema=schema)


def _post_row(post: Mapping[str, Any], at: str, seq: int) -> dict[str, Any]:
    extra = dict(post["extra"])
    stated = {column: extra.pop(key, None) for key, column in _STATED.items()}
    helpful = extra.pop("helpful", None)
    return {
        **post,
        **stated,
        "helpful": int(helpful) if helpful is not None and str(helpful).strip().isdigit() else None,
        "extra": orjson.dumps(extra, option=orjson.OPT_SORT_KEYS).decode(),
        "captured_at": at,
        "text_sha256": hashlib.sha256(str(post["text"]).encode()).hexdigest(),
        "post_hash": hashlib.sha256(str(post["post_id"]).encode()).hexdigest(),
        "seq": seq,
    }
