"""Posts from files that somebody else made: JSONL, JSON, CSV, TSV and Parquet, with a field mapping.

A row that cannot be used is set aside with file, line and reason, and the rest goes on.
"""

import json
import re
import tomllib
from collections.abc import Iterator, Mapping, Sequence
from datetime import UTC, datetime
from functools import cache
from itertools import count
from pathlib import Path
from typing import Any

import data
from pipeline.errors import SourceError
from pipeline.post import BREAKS_OFF, NOT_UTF8, Batch, Exclusion, Post, Quote
from pipeline.sources import csv_rows
from pipeline.sources.csv_rows import Bad, Row

_BATCH = 1000
_NAMES, _NAME = 20, 40  # columns told in an error, and letters of each
_ALONE = ("duration", "dose", "age", "sex", "subreddit")  # kept as text beside the post
FORMATS = (".jsonl", ".ndjson", ".json", ".csv", ".tsv", ".parquet")


@cache
def known_fields() -> dict[str, tuple[str, ...]]:
    """Give the fields of a post and the column names under which other files keep them."""
    names = tomllib.loads(data.path("import_fields.toml").read_text(encoding="utf-8"))
    return {field: tuple(_plain(n) for n in columns) for field, columns in names.items()}


def collect(paths: Sequence[Path], fields: Mapping[str, str] | None = None) -> Iterator[Batch]:
    """Read files into batches of posts.

    paths: files of the kinds in FORMATS; fields: field to column name, before the names of data/import_fields.toml.
    Raises SourceError for a file that is missing, empty, of an unknown kind or in which no row can be used, and for an
    unknown field.
    """
    for field in fields or {}:
        if field not in known_fields():
            raise SourceError(f"--map {field}=…: no such field; fields are {', '.join(known_fields())}")
    for path in paths:
        yield from _file(path, dict(fields or {}))


def _file(path: Path, fields: dict[str, str]) -> Iterator[Batch]:
    seen: dict[str, int] = {}
    posts: list[Post] = []
    aside: list[Exclusion] = []
    used = told = False
    columns: list[str] = []
    for number, row in _rows(path):
        if not columns and not isinstance(row, Bad):
            columns = list(row)
        where = f"{path.name}:{number}"
        if isinstance(row, Bad):
            aside.append(Exclusion(where, "import", row.reason, row.detail))
        else:
            made = _post(row, fields, where)
            if isinstance(made, Bad):
                aside.append(Exclusion(where, "import", made.reason, made.detail))
            else:
                post, remarks = made
                key = hash((post.text, post.title))
                if post.native_id in seen:
                    same = "same" if seen[post.native_id] == key else "other"
                    aside.append(Exclusion(where, "import", f"duplicate id, {same} text", post.native_id))
                else:
                    seen[post.native_id] = key
                    posts.append(post)
                    aside.extend(remarks)
        used, told = used or bool(posts), told or bool(aside)
        if len(posts) + len(aside) >= _BATCH:
            yield Batch(posts=tuple(posts), exclusions=tuple(aside))
            posts, aside = [], []
    if posts or aside:
        yield Batch(posts=tuple(posts), exclusions=tuple(aside))
    if not used and not seen:
        if not told:
            raise SourceError(f"{path}: empty, nothing to import")
        why = _missing(columns, fields) or 'every row was set aside (see `doselore query "from exclusion"`)'
        raise SourceError(f"{path}: no post in it; {why}")


def _missing(columns: Sequence[str], fields: Mapping[str, str]) -> str | None:
    """Give, in words, which column a file lacks, and which it has; None if it has all that a post needs."""
    if not columns:
        return None
    names = {_plain(c) for c in columns}
    have = ", ".join(c[:_NAME] for c in columns[:_NAMES]) + (", …" if len(columns) > _NAMES else "")
    for field in ("id", "text"):
        if field in fields and fields[field] not in columns:
            return f"--map {field}={fields[field]}: no such column; it has: {have}"
        also = known_fields()["title"] if field == "text" else ()
        if field not in fields and names.isdisjoint((*known_fields()[field], *also)):
            return f"no column for the {field} is known by its name; it has: {have}; say which: --map {field}=COLUMN"
    return None


def _rows(path: Path) -> Iterator[tuple[int, Row | Bad]]:
    """Give number (from 1) and content of each line or row of a file."""
    if not path.exists():
        raise SourceError(f"{path}: no such file")
    if path.is_dir():
        raise SourceError(f"{path}: a folder; name the files in it")
    readers = {
        ".jsonl": json_lines,
        ".ndjson": json_lines,
        ".json": _json,
        ".csv": csv_rows.read,
        ".tsv": csv_rows.read,
        ".parquet": _parquet,
    }
    reader = readers.get(path.suffix.lower())
    if reader is None:
        kinds = f"{', '.join(FORMATS)}, Reddit dumps (.zst, .ndjson), WARC (.warc, .warc.gz) and saved pages (.html)"
        raise SourceError(f"{path}: unknown kind of file; doselore imports {kinds}")
    try:
        yield from reader(path)
    except OSError as error:
        raise SourceError(f"{path}: cannot be read: {error.strerror or error}") from error


def json_lines(path: Path) -> Iterator[tuple[int, Row | Bad]]:
    """Give number and object of each line that is not blank; Bad where a line is no JSON object."""
    with path.open("rb") as file:
        if code := csv_rows.marked(file.read(4)):
            raise SourceError(f"{path}: is {code.upper()}; save it as UTF-8")
        file.seek(0)
        for number, raw in enumerate(file, 1):
            line = raw.removeprefix(b"\xef\xbb\xbf").strip() if number == 1 else raw.strip()
            if line:
                yield number, _object(line, whole=raw.endswith(b"\n"))


def _object(line: bytes, *, whole: bool) -> Row | Bad:
    """Give the object of a line. whole: it ends as a line does, and not with the file."""
    try:
        value: Any = json.loads(line.decode("utf-8"))
    except UnicodeDecodeError as error:
        return Bad(NOT_UTF8 if whole else BREAKS_OFF, f"byte {error.start}")
    except (json.JSONDecodeError, RecursionError) as error:
        cut = not whole and line.startswith(b"{") and not line.endswith(b"}")
        return Bad(BREAKS_OFF if cut else "not JSON", str(error)[:120])
    return value if isinstance(value, dict) else Bad("not a JSON object", type(value).__name__)


def _json(path: Path) -> Iterator[tuple[int, Row | Bad]]:
    text = ""
    try:
        text = path.read_bytes().decode("utf-8-sig")
        value: Any = json.loads(text)
    except (UnicodeDecodeError, RecursionError):
        yield from json_lines(path)
        return
    except json.JSONDecodeError as error:
        if text.lstrip().startswith("["):
            yield from _list_that_breaks_off(text.lstrip(), error)
        else:
            yield from json_lines(path)  # many files called .json hold one object a line
        return
    rows = value if isinstance(value, list) else [value]
    for number, row in enumerate(rows, 1):
        yield number, row if isinstance(row, dict) else Bad("not a JSON object", type(row).__name__)


def _list_that_breaks_off(text: str, wrong: json.JSONDecodeError) -> Iterator[tuple[int, Row | Bad]]:
    """Give the objects of a list up to where it is no JSON."""
    decoder, at = json.JSONDecoder(), 1
    for number in count(1):
        at += len(text[at : at + 64]) - len(text[at : at + 64].lstrip(", \t\r\n"))
        try:
            row, at = decoder.raw_decode(text, at)
        except (json.JSONDecodeError, RecursionError):
            yield number, Bad(BREAKS_OFF, f"line {wrong.lineno}: {wrong.msg}"[:120])
            return
        yield number, row if isinstance(row, dict) else Bad("not a JSON object", type(row).__name__)


def _parquet(path: Path) -> Iterator[tuple[int, Row | Bad]]:
    import pyarrow as pa
    import pyarrow.parquet as pq

    try:
        file = pq.ParquetFile(path)
        number = 0
        for batch in file.iter_batches(batch_size=_BATCH):
            for row in batch.to_pylist():
                number += 1
                yield number, row
    except pa.ArrowInvalid as error:
        raise SourceError(f"{path}: not a Parquet file: {str(error).splitlines()[0]}") from error


def _post(row: Row, fields: Mapping[str, str], where: str) -> tuple[Post, list[Exclusion]] | Bad:
    columns = {_plain(k): k for k in row}

    def value(field: str) -> Any:
        if field in fields:
            return row.get(fields[field])
        return next(
            (row[columns[n]] for n in known_fields()[field] if n in columns and not _blank(row[columns[n]])), None
        )

    for field in ("id", "text"):
        if isinstance(value(field), (list, dict)):
            return Bad(f"{field} is neither text nor number", type(value(field)).__name__)
    native_id = _text(value("id"))
    body, title = _text(value("text")), _text(value("title"))
    status = _status(_text(value("status")), body)
    if not native_id:
        return Bad("no id")
    if status == "live" and not body and not title:
        return Bad("no text", native_id)
    remarks: list[Exclusion] = []
    date = value("date")
    posted = moment(date)
    if posted is None and not _blank(date):
        remarks.append(Exclusion(where, "import", "date unreadable, post kept without it", str(date)[:60]))
    quoted = value("quoted")
    quotes = quoted if isinstance(quoted, list) else [quoted] if quoted else []
    extra = {name: _text(value(name)) for name in (*_ALONE, "helpful") if not _blank(value(name))}
    post = Post(
        native_id=native_id,
        text=body if status == "live" else "",
        thread_id=_text(value("thread")) or None,
        parent_id=_text(value("parent")) or None,
        author=_author(_text(value("author"))),
        posted_at=posted,
        edited_at=moment(value("edited")),
        url=_text(value("url")) or None,
        title=title or None,
        quotes=tuple(Quote(_text(q)) for q in quotes if _text(q)),
        rating=_number(value("rating")),
        drug=_text(value("drug")) or None,
        condition=_text(value("condition")) or None,
        status=status,
        extra=extra,
    )
    return post, remarks


def _status(said: str, body: str) -> Any:
    """Give the status of a post: what the file says of it, or what Reddit writes in its place."""
    if said in ("deleted", "removed"):
        return said
    return {"[deleted]": "deleted", "[removed]": "removed"}.get(body, "live")


def _author(name: str) -> str | None:
    return None if name.casefold() in ("", "[deleted]", "anonymous", "anon", "unknown", "n/a") else name


def moment(value: object) -> datetime | None:
    """Give the time, in UTC, that a cell of a file says; None if it says none that can be read.

    Numbers are seconds since 1970, or milliseconds if larger than 10^11. Where the zone is missing it is UTC; where day
    and month cannot be told apart ("03/04/2012") the month comes first, as on the American sites that write so.
    """
    if _blank(value) or isinstance(value, bool):
        return None
    if isinstance(value, datetime):
        return value.astimezone(UTC) if value.tzinfo else value.replace(tzinfo=UTC)
    text = str(value).strip()
    try:
        if re.fullmatch(r"-?\d{9,14}(?:\.\d+)?", text):
            seconds = float(text)
            return datetime.fromtimestamp(seconds / 1000 if abs(seconds) > 1e11 else seconds, UTC)
        found = datetime.fromisoformat(text)
        return found.astimezone(UTC) if found.tzinfo else found.replace(tzinfo=UTC)
    except (ValueError, OverflowError, OSError):
        return _written_out(text)


def _written_out(text: str) -> datetime | None:
    if not re.search(r"\d", text) or len(text) > 60:
        return None
    import dateparser

    settings: Any = {
        "TIMEZONE": "UTC",
        "RETURN_AS_TIMEZONE_AWARE": True,
        "PARSERS": ["absolute-time"],
        "REQUIRE_PARTS": ["year", "month"],
        "PREFER_DAY_OF_MONTH": "first",
    }
    found = dateparser.parse(text, languages=["en"], settings=settings)
    return found.astimezone(UTC) if found else None


def _plain(name: str) -> str:
    return re.sub(r"[\s_\-]+", "", name).casefold()


def _blank(value: object) -> bool:
    return value is None or value == "" or (isinstance(value, float) and value != value) or str(value).strip() == ""


def _text(value: object) -> str:
    if _blank(value):
        return ""
    if isinstance(value, float) and value.is_integer():
        return str(int(value))
    return str(value).replace("\r\n", "\n").replace("\0", "").strip()


def _number(value: object) -> float | None:
    try:
        return None if _blank(value) else float(str(value).split("/")[0])
    except ValueError:
        return None
