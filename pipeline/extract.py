"""From posts to records: runs the extractor over a file, or over the corpus's new and changed posts.

What is read is written aside, part by part, and held against the corpus only for the short merge: a kill loses at most
the part in hand.
"""

import contextlib
import io
import itertools
import uuid
from collections.abc import Callable, Generator, Iterable, Iterator, Mapping
from contextlib import AbstractContextManager, contextmanager
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any, NamedTuple, TypedDict

import duckdb
import orjson
import pyarrow as pa
import pyarrow.compute as pc
import pyarrow.json as pajson

import nlp
from nlp.reading import whole
from pipeline import batches, corpus, durable
from pipeline import workers as workers_
from pipeline.errors import ExtractionError, SourceError
from pipeline.home import Home
from pipeline.post import BROKEN
from pipeline.sources import files
from pipeline.study import Study

_PART = 200  # posts in one part: what a process is given at a time, and what a kill loses
_MANY = 10_000  # posts from which more processes save more than the seconds that they take to start
_POST_BYTES = 1000
_BLOCK = 4 << 20  # bytes of JSON lines that are parsed at a time
_SUFFIX = ".records.ndjson"

Ticker = Callable[[int], None]
Mapped = Callable[[Iterable[batches.Part]], Iterator[Any]]
"""Reads parts elsewhere: parts in, what `batches.read_batch` gives for each out, in order."""


class Asked(TypedDict, total=False):
    """One post as the extractor wants it. drug, condition: a review's heading."""

    id: str
    text: str
    title: str | None
    drug: str | None
    condition: str | None


@dataclass(slots=True)
class Extracted:
    """How many posts were read, and why posts were left out, by reason."""

    read: int = 0
    left_out: dict[str, int] = field(default_factory=dict[str, int])


class Aside(NamedTuple):
    """A line of a file that is no post: which and why. broken: the file itself breaks off or is damaged there."""

    line: str
    broken: bool = False


def engine(study: Study | None) -> Any:
    """Give the extractor for a study; for no study, one that knows the bundled treatments only."""
    if study is None:
        return nlp.load()
    extra = [{"id": s.id, "names": list(s.names)} for s in study.substances]
    return nlp.load(index=study.index, substances=extra or None)


def records(path: Path, study: Study | None, aside: list[Aside], workers: int = 1) -> Iterator[bytes]:
    """Give the record of every post of a JSONL file, one line each, in the file's order.

    aside: filled with what each line of the file that is no post is. workers: processes. Raises SourceError if the
    file is missing, is not JSONL, or holds no post.
    """
    if not path.exists():
        raise SourceError(f"{path}: no such file")
    if path.is_dir():
        raise SourceError(f"{path}: a folder; name a JSONL file in it")
    any_post = False
    for lines in workers_.ordered(engine, (study,), _record_lines, _batched(_asked(path, aside)), workers):
        any_post = True
        yield from lines
    if not any_post:
        why = "no post in it" if aside else "empty, nothing to extract"
        other = "; files of other kinds: `doselore import`, then `doselore extract`" if aside else ""
        raise SourceError(f"{path}: {why}; expected lines of " + '{"id": …, "text": …}' + other)


def workers_for(path: Path) -> int:
    """Give how many processes a file of posts is worth, by its size."""
    return _worth(path.stat().st_size // _POST_BYTES if path.is_file() else 0)


def _worth(posts: int) -> int:
    return workers_.cores() if posts >= _MANY else 1


def read_rows(study: Study | None, rows: Iterable[Mapping[str, Any]]) -> Iterator[Mapping[str, Any]]:
    """Give the record of each row that has an id and a text, in order."""
    asked = (_as_asked(row) for row in rows)
    for reading in nlp.read(engine(study), asked):
        yield reading.record


def _record_lines(reader: Any, asked: list[Asked]) -> list[bytes]:
    return [orjson.dumps(reading.record) + b"\n" for reading in nlp.read(reader, asked)]


def _batched(asked: Iterable[Asked]) -> Iterator[list[Asked]]:
    posts = iter(asked)
    while part := list(itertools.islice(posts, _PART)):
        yield part


def _as_asked(row: Mapping[str, Any]) -> Asked:
    return {
        "id": whole(str(row["id"])),
        "text": str(row["text"]),
        "title": _str(row.get("title")),
        "drug": _str(row.get("drug")),
        "condition": _str(row.get("condition")),
    }


def _asked(path: Path, aside: list[Aside]) -> Iterator[Asked]:
    seen: set[str] = set()
    for number, row in files.json_lines(path):
        if isinstance(row, files.Bad):
            why = f"{row.reason}{f' ({row.detail})' if row.detail else ''}"
            aside.append(Aside(f"{path.name}:{number}: {why}", broken=row.reason in BROKEN))
        elif not _is_id(row.get("id")) or not isinstance(row.get("text"), str):
            aside.append(Aside(f"{path.name}:{number}: {'no text' if _is_id(row.get('id')) else 'no id'}"))
        elif whole(str(row["id"])) in seen:
            aside.append(Aside(f"{path.name}:{number}: duplicate id ({whole(str(row['id']))})"))
        else:
            seen.add(whole(str(row["id"])))
            yield _as_asked(row)


def _is_id(value: object) -> bool:
    """Say whether a value names a post: a text that is not empty, or a whole number."""
    return value != "" and isinstance(value, str | int) and not isinstance(value, bool)


def _str(value: object) -> str | None:
    return value if isinstance(value, str) else None


def read_corpus(
    home: Home,
    study: Study,
    bar: Callable[[int], AbstractContextManager[Ticker]],
    workers: int | None = None,
    mapped: Mapped | None = None,
) -> tuple[Extracted, int]:
    """Read what waits in the corpus; give what was done, and how many posts waited.

    bar: given the number of posts, opens a progress display. workers: processes; None: as [run] says. mapped:
    reads the parts elsewhere, in place of these processes. Raises CorpusError where there is no corpus.
    """
    merge(home)
    waiting = count_waiting(home, study)
    if not waiting:
        return Extracted(), 0
    with bar(waiting) as tick:
        return new_posts(home, study, tick, workers or _processes(study, waiting), mapped), waiting


def _processes(study: Study, waiting: int) -> int:
    if study.run.engine == "here":
        return 1
    if study.run.engine == "processes":
        return study.run.workers or workers_.cores()
    return min(_worth(waiting), study.run.workers or workers_.cores())


def new_posts(
    home: Home, study: Study, tick: Ticker | None = None, workers: int = 1, mapped: Mapped | None = None
) -> Extracted:
    """Read the corpus's new and changed posts, and those read by another version of the extractor; merge the records.

    tick: called with the number of posts done since the last call; workers: processes; mapped: see `read_corpus`.
    """
    version = f"{nlp.VERSION}/{study.index}"
    done = Extracted()
    merge(home)
    while (waiting := _waiting(home, version)).num_rows:
        staged = home.staging / f"{uuid.uuid4().hex}{_SUFFIX}"
        with _own(staged) as file:
            at = corpus.now().isoformat()
            parts = (
                batches.Part(posts, version, at)
                for posts in _sliced(waiting, study.run.batch_posts if mapped else _PART)
            )
            for read in (
                mapped(parts) if mapped else workers_.ordered(engine, (study,), batches.read_batch, parts, workers)
            ):
                done.read += read.num_rows
                for reason in read.column("excluded").drop_null().to_pylist():
                    done.left_out[reason] = done.left_out.get(reason, 0) + 1
                durable.append(file, b"".join(read.column("line").to_pylist()), staged)
                if tick:
                    tick(read.num_rows)
        merge(home)
    return done


@contextmanager
def _own(path: Path) -> Generator[int]:
    file = durable.create(path)
    try:
        yield file
    finally:
        durable.release(file)


def count_waiting(home: Home, study: Study) -> int:
    """Give how many posts wait to be read."""
    with corpus.reading(home) as con:
        row = con.execute(
            f"select count(*) from ({corpus.sql('waiting_posts')})", [f"{nlp.VERSION}/{study.index}"]
        ).fetchone()
    return int(row[0]) if row else 0


def _waiting(home: Home, version: str) -> Any:
    with corpus.reading(home) as con:
        return con.execute(corpus.sql("waiting_posts") + " limit 50000", [version]).to_arrow_table().cast(batches.POSTS)


def _sliced(waiting: Any, size: int) -> Iterator[Any]:
    whole = waiting.combine_chunks()
    for start in range(0, whole.num_rows, size):
        yield whole.slice(start, size).to_batches()[0]


def merge(home: Home) -> None:
    """Bring records that were written aside into the corpus; what was read from the same posts before is replaced.

    A file that another process still writes is left to it.
    """
    for path in sorted(home.staging.glob(f"*{_SUFFIX}")):
        with durable.taken(path) as ours:
            if ours:
                with corpus.writing(home) as con:
                    merge_bytes(con, path.read_bytes())
                path.unlink()


def merge_bytes(con: duckdb.DuckDBPyConnection, data: bytes) -> None:
    """Bring lines, as `batches.flat` writes them, into the corpus; a torn line, or one of another form, is left."""
    data = data[: data.rfind(b"\n") + 1]
    if not data:
        return
    longest = max(map(len, data.split(b"\n"))) + 1
    options = pajson.ReadOptions(block_size=max(_BLOCK, 2 * longest))
    form = pajson.ParseOptions(explicit_schema=batches.FLAT, unexpected_field_behavior="ignore")
    read = _last(pajson.read_json(io.BytesIO(data), read_options=options, parse_options=form))
    con.register("read_lines", read.select(["post_id", "extraction"]))
    # What was erased since it was read does not come back.
    con.execute(
        "create or replace temp table read_posts as select distinct post_id from read_lines "
        "semi join (select post_id from post where status = 'live') using (post_id) where extraction is not null"
    )
    again = con.execute("select count(*) from extraction semi join read_posts using (post_id)").fetchone() != (0,)
    for name, columns in batches.TABLES.items():
        if again:  # else there is nothing to be found, and of a large corpus it is much to look through
            con.execute(f"delete from {name} where post_id in (select post_id from read_posts)")
        con.register("incoming", _flattened(read, name))
        names = ", ".join(f"{c}::timestamptz" if c == "extracted_at" else c for c, _ in columns)
        con.execute(
            f"insert into {name} ({', '.join(c for c, _ in columns)}) "
            f"select {names} from incoming semi join read_posts using (post_id)"
        )
        con.unregister("incoming")
    con.execute(corpus.sql("set_language"))
    con.unregister("read_lines")
    con.execute("drop table read_posts")


def _last(read: Any) -> Any:
    """Give the last line of each post: one that was read twice counts once."""
    places = {post_id: place for place, post_id in enumerate(read.column("post_id").to_pylist())}
    return read if len(places) == read.num_rows else read.take(pa.array(sorted(places.values())))


def _flattened(read: Any, name: str) -> Any:
    """Give the rows of a table that stand in the lines, each with the post_id of its line."""
    lists = read.column(name).combine_chunks()
    lines = pc.call_function("list_parent_indices", [lists])
    rows = pa.Table.from_struct_array(lists.flatten())
    return rows.append_column("post_id", read.column("post_id").combine_chunks().take(lines))


def write(lines: Iterable[bytes], out: Path) -> int:
    """Write lines to a file that is there whole or not at all; give how many. Raises ExtractionError if it cannot.

    What is no file, such as /dev/stdout or a pipe, is written to as it is, and never replaced.
    """
    count = 0
    straight = out.exists() and not out.is_file()
    part = out if straight else out.with_name(f".{out.name}.{uuid.uuid4().hex[:8]}")
    try:
        with part.open("wb") as file:
            for line in lines:
                file.write(line)
                count += 1
        if not straight:
            part.replace(out)
    except OSError as error:
        raise ExtractionError(f"{out}: cannot be written: {error.strerror or error}") from error
    finally:
        if not straight:
            with contextlib.suppress(OSError):  # a folder in the path is a file: there is nothing to take away
                part.unlink(missing_ok=True)
    return count
