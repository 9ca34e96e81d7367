"""The lake: a folder that many workers write to at once, and one committer that takes it into the corpus.

DuckDB's file has one writer. So each worker reads files into Parquet parts, by source and month, posts and what was
read from them beside each other; a part is renamed into its place when it is whole, and its name is the hash of what it
holds, so that the same work done twice is one part. The committer brings parts into the corpus and writes their names
there in the same transaction: killed anywhere and run again, it gives the same corpus. Parts that are in are removed:
what is erased later has then one place to be erased from.

    LAKE/parts/source=NAME/month=YYYY-MM/HASH.parquet
    LAKE/progress/NAME-HASH.json    how far a file was read, written after its parts
    LAKE/claims/NAME-HASH           locked by the worker that has the file; a kill frees it

A catalogue for many writers such as DuckLake's needs a database server beside it; a folder needs none.
"""

import fcntl
import hashlib
import os
import uuid
from collections.abc import Callable, Generator, Iterable, Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import duckdb
import orjson
import pyarrow as pa
import pyarrow.parquet as pq

import nlp
from pipeline import batches, collect, corpus, door, forget, staging
from pipeline import extract as extracting
from pipeline import workers as workers_
from pipeline.errors import CorpusError, SourceError
from pipeline.home import Home
from pipeline.post import BROKEN, Batch
from pipeline.sources import dumps, imported
from pipeline.staging import Merged, SourceRow, Staging
from pipeline.study import Source, Study

FORM = "1"
PART: Any = pa.schema([("what", pa.string()), ("id", pa.string()), ("row", pa.binary()), ("read", pa.binary())])
"""A row a thing. what: post, thread, exclusion, capture or checkpoint; row: it as JSON; read: a post's record, JSON."""

Row = tuple[str, str, bytes, bytes | None]

_KINDS = {"post": "posts", "thread": "threads", "exclusion": "exclusions", "capture": "captures"}
_HEAD = 1 << 16
_AT_ONCE = 50_000  # posts in one transaction
_GROUP = 10_000  # posts in one merge
_BATCH = 2_000  # posts in one batch of a dump: what a kill loses
_UNDATED = "none"


@dataclass(frozen=True, slots=True)
class Wrote:
    """What a worker made of one file. state: read, already read, or held by another worker; error: why it stopped."""

    file: str
    state: str
    posts: int = 0
    parts: int = 0
    error: str | None = None


@dataclass(slots=True)
class Committed:
    """What a committer did. parts: taken in; known: in the corpus before; damaged: set aside, to be made again."""

    parts: int = 0
    known: int = 0
    damaged: list[str] = field(default_factory=list[str])
    merged: dict[str, Merged] = field(default_factory=dict[str, Merged])


@dataclass(slots=True)
class Worker:
    """One process that fills a lake. Made once a process by `worker`."""

    lake: Path
    home: Home
    study: Study
    source: Source
    row: SourceRow
    keeper: door.Door
    reader: Any


def worker(lake: Path, home: Home, study: Study, name: str) -> Worker:
    """Make a worker. name: of the source. Raises CorpusError where the lake belongs to another key."""
    own = [s for s in study.sources if s.name == name]
    source = own[0] if own else Source.model_construct(name=name, kind="file", paths=())
    row = collect.source_row(own[0]) if own else SourceRow(name, "file", name)
    secret = door.key(home.make().key)
    _same_key(lake, secret)
    keeper = door.Door(secret, study.privacy.mask_text)
    return Worker(lake, home, study, source, row, keeper, extracting.engine(study))


def fill(lake: Path, home: Home, study: Study, name: str, paths: Iterable[Path], workers: int = 1) -> Iterator[Wrote]:
    """Read files into a lake and give what came of each, in order. Files that another worker holds are passed over.

    workers: processes of this machine. Others may run the same call on the same lake, here or elsewhere.
    """
    yield from workers_.ordered(worker, (lake, home, study, name), read_file, paths, workers)


def read_file(made: Worker, path: Path) -> Wrote:
    """Read one file into parts, from where an earlier worker stopped; never raises for the file's own trouble."""
    try:
        key = _key(made, path)
    except OSError as error:
        return Wrote(_called(path), "failed", error=f"{path}: {error.strerror or error}")
    with _claimed(made.lake / "claims" / key) as mine:
        if not mine:
            return Wrote(_called(path), "held")
        mark = made.lake / "progress" / f"{key}.json"
        done: dict[str, Any] = orjson.loads(mark.read_bytes()) if mark.exists() else {}
        if done.get("done"):
            return Wrote(_called(path), "already read")
        state, number = dict(done.get("state", {})), int(done.get("batches", 0))
        posts = parts = 0
        broken: list[str] = []
        try:
            for batch in _batches(made, path, state):
                parts += write(made, batch, (path.name, number))
                posts += len(batch.posts)
                number += 1
                broken += [f"{e.reason}: {e.detail}" for e in batch.exclusions if e.reason in BROKEN]
                if batch.checkpoint:
                    state.update({k: v for k, v in batch.checkpoint.items() if v})
                    _whole(mark, orjson.dumps({"state": state, "batches": number, "done": False}))
            _whole(mark, orjson.dumps({"state": state, "batches": number, "done": not broken}))
        except SourceError as error:
            return Wrote(_called(path), "failed", posts, parts, str(error))
        if broken:
            return Wrote(_called(path), "failed", posts, parts, f"{path}: breaks off ({'; '.join(broken)})")
        return Wrote(_called(path), "read", posts, parts)


def _called(path: Path) -> str:
    """Give the name of a file or folder, of "." too."""
    return path.name or path.resolve().name or str(path)


def _batches(made: Worker, path: Path, state: Mapping[str, str]) -> Iterator[Batch]:
    asked = collect.words(made.study)
    if path.is_file() and imported.kind_of(path) == "dump":
        subreddits = made.source.subreddits if made.source.kind == "dump" else ()
        return dumps.collect([path], asked, state, subreddits=subreddits, batch_size=_BATCH)
    return imported.batches(path, made.source, asked)


def write(made: Worker, batch: Batch, order: tuple[str, int]) -> int:
    """Write a batch as parts, one a month, read by the extractor; give how many.

    order: file and number of the batch, by which the committer takes parts.
    """
    line = Staging(made.home, made.row, made.keeper, dated=True).line(batch)
    version = f"{nlp.VERSION}/{made.study.index}"
    readings = _readings(made.reader, line["posts"], version, str(line["at"]))
    by_month: dict[str, list[Row]] = {}
    for what, name in _KINDS.items():
        for row in line[name]:
            month = str(row["posted_at"] or _UNDATED)[:7] if what == "post" else _UNDATED
            key = str(row.get("post_id") or row.get("thread_id") or row.get("what") or row.get("sha256"))
            read = readings.pop(key, None) if what == "post" else None
            by_month.setdefault(month, []).append((what, key, _packed(row), read))
    for key, value in line["checkpoint"].items():
        by_month.setdefault(_UNDATED, []).append(("checkpoint", key, _packed(value), None))
    facts = {"form": FORM, "source": line["source"], "order": order, "version": version}
    for month, rows in by_month.items():
        folder = made.lake / "parts" / f"source={made.row.source_id}" / f"month={month}"
        said = {**facts, "at": line["at"], "of": line["of"]}
        table = pa.Table.from_arrays(
            [pa.array(column, kind.type) for column, kind in zip(zip(*rows, strict=True), PART, strict=True)],
            schema=PART.with_metadata({"doselore": orjson.dumps(said)}),
        )
        out = pa.BufferOutputStream()
        pq.write_table(table, out, compression="zstd")
        _whole(folder / f"{_name(facts, rows)}.parquet", out.getvalue().to_pybytes())
    return len(by_month)


def _name(facts: Mapping[str, Any], rows: Iterable[tuple[Any, ...]]) -> str:
    """Give the name of a part: a hash of what it holds but for the times at which it was made."""
    told = hashlib.sha256(_packed({k: facts[k] for k in ("form", "source", "order", "version")}))
    for what, key, row, _read in rows:
        told.update(b"\0".join((what.encode(), key.encode(), row, b"")))
    return told.hexdigest()[:32]


def _packed(value: Any) -> bytes:
    return orjson.dumps(value, option=orjson.OPT_SORT_KEYS)


def _readings(reader: Any, rows: list[dict[str, Any]], version: str, at: str) -> dict[str, bytes]:
    """Give what the extractor reads in live posts: post_id to the line that is merged."""
    last = {str(r["post_id"]): r for r in rows}
    live = [r for r in last.values() if r["status"] == "live"]
    posts = pa.RecordBatch.from_pylist(
        [
            {
                **{k: r[k] for k in ("post_id", "text", "drug", "condition")},
                "title": r["title"] if r["parent_id"] is None else None,
                "text_sha256": hashlib.sha256(str(r["text"]).encode()).hexdigest(),
            }
            for r in live
        ],
        schema=batches.POSTS,
    )
    read = batches.read_batch(reader, batches.Part(posts, version, at))
    return dict(zip(read.column("post_id").to_pylist(), read.column("line").to_pylist(), strict=True))


def commit(lake: Path, home: Home, study: Study, tick: Callable[[int], None] | None = None) -> Committed:
    """Bring every part that is whole into the corpus, and remove it; may run while workers write.

    tick: called with the posts of each transaction. A damaged part is set aside in LAKE/damaged, and its source's files
    are read again by the next worker. Raises CorpusError where there is no lake, or the corpus cannot be written.
    """
    if not (lake / "key_mark").exists():
        raise CorpusError(f"{lake}: no lake there; fill one with `doselore lake fill FILE --lake {lake} --source NAME`")
    _same_key(lake, door.key(home.make().key))
    done = Committed()
    waiting = sorted(_parts(lake, done), key=lambda p: (p[1]["order"], p[0].name))
    with corpus.writing(home) as con:
        corpus.publish(con, study)
    while waiting:
        taken: list[Path] = []
        posts = 0
        with corpus.writing(home) as con:
            there = {str(r[0]) for r in con.execute("select staged from merged").fetchall()}
            group = _Group(con, done)
            while waiting and posts < _AT_ONCE:
                path, facts = waiting.pop(0)
                name = f"lake:{path.stem}"
                rows = None if name in there else _rows(path, facts)
                if rows is None and name not in there:
                    _aside(lake, path, done)
                    continue
                taken.append(path)
                if rows is None:
                    done.known += 1
                    continue
                posts += group.add(name, facts, rows)
            group.merge()
        for path in taken:
            path.unlink(missing_ok=True)
        if tick:
            tick(posts)
    for source in done.merged:
        forget.due(home, source)
    return done


class _Group:
    """Parts of one source, in their order, that go into the corpus at once: each merge looks through the tables."""

    def __init__(self, con: duckdb.DuckDBPyConnection, done: Committed) -> None:
        self._con, self._done = con, done
        self._source, self._posts = "", 0
        self._names: list[str] = []
        self._lines: list[dict[str, Any]] = []
        self._read: list[bytes] = []

    def add(self, name: str, facts: Mapping[str, Any], rows: list[Row]) -> int:
        """Take a part in, after what is of another source or enough; give how many posts it has."""
        source = str(facts["source"][0])
        if source != self._source or self._posts >= _GROUP:
            self.merge()
        self._source = source
        self._names.append(name)
        self._lines.append(_line(rows, facts))
        self._read += [r[3] for r in rows if r[3]]
        posts = sum(r[0] == "post" for r in rows)
        self._posts += posts
        return posts

    def merge(self) -> None:
        """Bring what was taken in into the corpus, inside the writer's transaction."""
        if not self._names:
            return
        merged = staging.merge_lines(self._con, self._lines)
        self._done.merged.setdefault(self._source, Merged()).__iadd__(merged)
        extracting.merge_bytes(self._con, b"".join(self._read))
        now = corpus.now()
        self._con.executemany("insert into merged values (?, ?)", [(name, now) for name in self._names])
        self._done.parts += len(self._names)
        self._posts, self._names, self._lines, self._read = 0, [], [], []


def _parts(lake: Path, done: Committed) -> Iterator[tuple[Path, dict[str, Any]]]:
    for path in sorted((lake / "parts").glob("source=*/month=*/*.parquet")):
        try:
            facts: dict[str, Any] = orjson.loads((pq.read_schema(path).metadata or {})[b"doselore"])
        except (pa.ArrowException, KeyError, ValueError, OSError):
            _aside(lake, path, done)
            continue
        if facts["form"] != FORM:
            raise CorpusError(f"{path}: written by another version of doselore (form {facts['form']}, here {FORM})")
        yield path, facts


def _rows(path: Path, facts: Mapping[str, Any]) -> list[Row] | None:
    """Give the rows of a part; None for one that does not hold what its name says."""
    try:
        table = pq.ParquetFile(path).read()
        rows = list(zip(*(column.to_pylist() for column in table.columns), strict=True))
    except (pa.ArrowException, OSError):
        return None
    return rows if _name(facts, rows) == path.stem else None


def _line(rows: list[Row], facts: Mapping[str, Any]) -> dict[str, Any]:
    line: dict[str, Any] = {"source": facts["source"], "at": facts["at"], "of": facts["of"], "reread": False}
    line |= {name: [orjson.loads(row) for what, _, row, _ in rows if what == kind] for kind, name in _KINDS.items()}
    line["checkpoint"] = {key: orjson.loads(row) for what, key, row, _ in rows if what == "checkpoint"}
    return line


def _aside(lake: Path, path: Path, done: Committed) -> None:
    """Set a damaged part aside, and forget how far its source's files were read: what is lost is made again."""
    done.damaged.append(str(path.relative_to(lake)))
    (lake / "damaged").mkdir(mode=0o700, exist_ok=True)
    path.replace(lake / "damaged" / path.name)
    source = path.parent.parent.name.removeprefix("source=")
    for mark in (lake / "progress").glob(f"{source}-*.json"):
        mark.unlink(missing_ok=True)


def _key(made: Worker, path: Path) -> str:
    """Give a name for a file and what is asked of it: name, size, beginning, words, version of the extractor."""
    told = hashlib.sha256(repr((path.name, collect.words(made.study), nlp.VERSION, made.study.index)).encode())
    if path.is_dir():
        told.update(repr([(str(p), p.stat().st_size) for p in sorted(path.rglob("*")) if p.is_file()]).encode())
    else:
        told.update(str(path.stat().st_size).encode())
        with path.open("rb") as file:
            told.update(file.read(_HEAD))
    return f"{made.row.source_id}-{told.hexdigest()[:16]}"


@contextmanager
def _claimed(path: Path) -> Generator[bool]:
    """Hold a file's claim as long as this process lives; False where another holds it.

    Where a network disk locks nothing, two workers may read one file: their parts have the same names.
    """
    path.parent.mkdir(mode=0o700, parents=True, exist_ok=True)
    with path.open("ab") as file:
        try:
            fcntl.flock(file.fileno(), fcntl.LOCK_EX | fcntl.LOCK_NB)
        except BlockingIOError:
            yield False
            return
        yield True


def _whole(path: Path, content: bytes) -> None:
    """Write a file that is there whole or not at all, also after a loss of power."""
    path.parent.mkdir(mode=0o700, parents=True, exist_ok=True)
    part = path.with_name(f".{path.name}.{uuid.uuid4().hex[:8]}")
    try:
        with os.fdopen(os.open(part, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600), "wb") as file:
            file.write(content)
            file.flush()
            os.fsync(file.fileno())
        part.replace(path)
    except OSError as error:
        raise CorpusError(f"{path}: cannot be written: {error.strerror or error}; make room, then go on") from error
    finally:
        part.unlink(missing_ok=True)


def _same_key(lake: Path, secret: bytes) -> None:
    """Make the lake's mark of the key, or compare with it: under two keys one person would become two."""
    path, mark = lake / "key_mark", hashlib.sha256(b"lake\0" + secret).hexdigest()[:16]
    if not path.exists():
        _whole(path, mark.encode())
    if path.read_text(encoding="ascii").strip() != mark:
        raise CorpusError(
            f"{lake}: filled under another pseudonym key; give every worker the same DOSELORE_KEY or DOSELORE_KEY_FILE"
        )
