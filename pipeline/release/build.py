"""Write a release: tables as Parquet and CSV, the SQL, descriptions that machines and people read, and hashes.

The same corpus gives the same bytes: rows are in a fixed order, and the only time told is that of the newest post read.
"""

import contextlib
import csv
import fcntl
import hashlib
import hmac
import io
import json
import os
import shutil
from collections.abc import Collection, Generator, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path
from typing import Any

import duckdb
import pyarrow as pa
import pyarrow.parquet as pq

from pipeline import corpus, door, tables
from pipeline.errors import ExportError, near
from pipeline.home import Home
from pipeline.release import describe, quantities, quotes, sheets, singles, suppress
from pipeline.release.describe import Table

LEVELS = ("internal", "shareable", "public")
# What is of the workshop and says nothing of the posts.
_INNER = {
    "meta", "checkpoint", "merged", "stale_post", "release_post", "looked_at", "erasure", "tombstone", "crawl",
    "gone_post", "review_browsed",
}  # fmt: skip
_PERSONAL = {
    "post_id",
    "person_id",
    "writer_id",
    "author_id",
    "thread_id",
    "copy_of",
    "url",
    "text",
    "quote",
    "what",
    "sha256",
}
# Of what tells of single persons, these columns alone leave at "shareable"; see `_coded` for what becomes of them.
_SHAREABLE = {
    "post": "post_id, source_id, thread_id, author_id, posted_at, rating, drug, condition, language, status",
    "report": "post_id, reporter, conditions, age_years, sex",
    "treatment": "post_id, substance, status, effect, stopped, duration_days, duration_quote",
    "dose": "post_id, position, substance, quote, mg, per_day, mg_per_day, status, role",
    "outcome": "post_id, position, substance, domain, direction, quote",
    "side_effect": "post_id, position, substance, concept, present, quote",
    "mention": "post_id, position, kind, concept, substance, quote, assertion, whose",
}
_IDS = {"post_id", "thread_id", "author_id"}
_QUOTES = {"quote", "duration_quote"}
_TIMES = {"posted_at"}


@dataclass(frozen=True, slots=True)
class Release:
    """What was written. name: its short hash; rows: table to rows; small: rows blanked; quotes: passed and withheld.

    guarded: what was done to rows of single persons.
    """

    name: str
    folder: Path
    level: str
    rows: dict[str, int]
    small: int
    quotes: tuple[int, int]
    guarded: singles.Guarded


def export(home: Home, folder: Path, level: str) -> Release:
    """Write a release to a folder that is not there yet, or empty; whole, or not at all.

    Raises ExportError for an unknown level, a folder with something in it, or a place that cannot be written.
    """
    if level not in LEVELS:
        raise ExportError(f'no level "{level}"{near(level, LEVELS)}. There are: {", ".join(LEVELS)}')
    with _alone(folder):
        return _export(home, folder, level)


@contextlib.contextmanager
def _alone(folder: Path) -> Generator[None]:
    """Wait until no other export writes beside a folder: two would take away each other's half-written files."""
    try:
        folder.parent.mkdir(parents=True, exist_ok=True)
        beside = os.open(folder.parent, os.O_RDONLY)
    except OSError as error:
        raise ExportError(f"{folder}: cannot be written: {error.strerror or error}") from error
    try:
        fcntl.flock(beside, fcntl.LOCK_EX)
        yield
    finally:
        os.close(beside)


def _export(home: Home, folder: Path, level: str) -> Release:
    if folder.exists() and (not folder.is_dir() or any(folder.iterdir())):
        raise ExportError(f"{folder}: there is something already; name an empty folder or a new one")
    part = folder.with_name(f".{folder.name}.part")
    try:
        shutil.rmtree(part, ignore_errors=True)  # of an export that was killed
        (part / "data").mkdir(parents=True)
        with corpus.reading(home) as con:
            made = _tables(con, home, level)
            facts = describe.facts(con, level, made.small, (made.passed, made.withheld), made.guarded)
            posts = [str(r[0]) for r in con.execute("select sha256(post_id) from post order by 1").fetchall()]
        for table in made.tables:
            _write_table(part / "data", table)
        _write_sql(part)
        aggregate = {
            t.name: (t.columns, [list(map(tables.cell, r)) for r in t.rows]) for t in made.tables if t.aggregate
        }
        if aggregate:
            (part / "tables.xlsx").write_bytes(sheets.workbook(_neutral(aggregate)))
        describe.write(part, made.tables, facts)
        name = _sums(part)
        if folder.exists():
            folder.rmdir()
        part.replace(folder)
    except OSError as error:
        raise ExportError(f"{folder}: cannot be written: {error.strerror or error}") from error
    finally:
        shutil.rmtree(part, ignore_errors=True)
    _remember(home, name, level, posts)
    rows = {t.name: len(t.rows) for t in made.tables}
    return Release(name, folder, level, rows, made.small, (made.passed, made.withheld), made.guarded)


@dataclass(slots=True)
class _Made:
    tables: list[Table]
    small: int = 0
    passed: int = 0
    withheld: int = 0
    guarded: singles.Guarded = singles.NOTHING


def _tables(con: duckdb.DuckDBPyConnection, home: Home, level: str) -> _Made:
    made = _Made([])
    row = con.execute("select minimum_cell from study").fetchone()
    least = int(row[0]) if row else 5
    for name, words in tables.described().items():
        if name in _INNER:
            continue
        columns = _columns(con, name)
        personal = bool(_PERSONAL & set(columns))
        if level != "internal" and personal:
            if level == "shareable" and name in _SHAREABLE:
                made.tables.append(_ask(con, name, words, f'select {_SHAREABLE[name]} from "{name}"'))
            continue
        says = quantities.declared().get(name)
        if level != "internal" and (says is None or not _aggregate(con, name)):
            continue
        asked = f'select * from "{name}"' if says is None or level == "internal" else _leaving(name, says, least)
        table = _ask(con, name, words, asked)
        table.aggregate = _aggregate(con, name)
        made.tables.append(table)
    if level != "internal":
        cells = [suppress.Cells(t.name, t.columns, t.rows) for t in made.tables if t.name in quantities.declared()]
        suppress.suppress(cells, least)
        made.small = sum(c.blanked for c in cells)
    if level != "public":
        made.tables.append(
            _ask(con, "note_nlp", "one row per mention, OMOP NOTE_NLP 5.4.", corpus.sql("release/note_nlp"))
        )
    if level == "shareable":
        _code(con, home, made, least)
        made.guarded = singles.guard(made.tables, least)
        _number_notes(next(t for t in made.tables if t.name == "note_nlp"))
    for table in made.tables:
        table.rows.sort(key=lambda r: json.dumps(list(r), default=str))
    return made


def _leaving(name: str, says: quantities.Declared, least: int) -> str:
    """Give the SQL of what of a table leaves the building at all."""
    chosen = ", ".join(f'"{c}"' for c in says.columns)
    where = f" where {says.rows.replace('$least', str(least))}" if says.rows else ""
    return f'select {f"distinct {chosen}" if chosen else "*"} from "{name}"{where}'


def _aggregate(con: duckdb.DuckDBPyConnection, name: str) -> bool:
    found = con.execute("select count(*) from duckdb_views() where view_name = ? and not internal", [name]).fetchone()
    columns = _columns(con, name)
    public = {"study_treatment", "dose_band", "published", "accuracy"}
    return name in public or (bool(found and found[0]) and not _PERSONAL & set(columns))


def _columns(con: duckdb.DuckDBPyConnection, name: str) -> list[str]:
    return [str(r[0]) for r in con.execute(f'describe "{name}"').fetchall()]


def _ask(con: duckdb.DuckDBPyConnection, name: str, words: str, sql: str) -> Table:
    cursor = con.execute(sql)
    columns = [str(d[0]) for d in cursor.description or []]
    kinds = [str(d[1]) for d in cursor.description or []]
    return Table(name, words, columns, kinds, [list(r) for r in cursor.fetchall()])


def _code(con: duckdb.DuckDBPyConnection, home: Home, made: _Made, least: int) -> None:
    """Code what tells of single persons: ids under the project's key, times to the month, ages to ten years, quotes."""
    secret = door.key(home.key)
    said = {
        str(r[n])
        for t in made.tables
        for n, c in enumerate(t.columns)
        if c in _QUOTES or c == "lexical_variant"
        for r in t.rows
        if r[n]
    }
    posts = con.execute("select coalesce(author_id, post_id), text from post order by post_id").fetchall()
    ids = [str(r[0]) for r in con.execute("select distinct post_id from mention").fetchall()]
    passing = quotes.common(said, posts, least)
    made.passed, made.withheld = len(passing), len(said) - len(passing)

    def code(value: Any) -> str:
        return hmac.new(secret, f"release\0{value}".encode(), hashlib.sha256).hexdigest()[:16]

    for table in made.tables:
        if table.name == "note_nlp":
            _code_notes(
                table, {_number(hashlib.sha256(p.encode()).hexdigest()): _number(code(p)) for p in ids}, passing
            )
            continue
        for n, column in enumerate(table.columns):
            if column in _IDS:
                table.kinds[n] = "VARCHAR"
                table.set(n, code)
            elif column in _TIMES:
                table.kinds[n] = "VARCHAR"
                table.set(n, lambda v: f"{v:%Y-%m}")
            elif column == "age_years":
                table.set(n, lambda v: v // 10 * 10)
            elif column in _QUOTES:
                table.set(n, lambda v: v if v in passing else None)


def _number(code: str) -> int:
    """Give the number that stands for a post in OMOP's tables, where ids are whole numbers: 52 bits of its code."""
    return int(code[:13], 16)


def _code_notes(table: Table, notes: Mapping[int, int], passing: Collection[str]) -> None:
    """Code OMOP's NOTE_NLP and keep it one: its dates stay dates, its lexical variant is never empty."""
    at = {c: n for n, c in enumerate(table.columns)}
    for row in table.rows:
        row[at["note_id"]] = notes[row[at["note_id"]]]
        row[at["offset"]] = None
        row[at["lexical_variant"]] = row[at["lexical_variant"]] if row[at["lexical_variant"]] in passing else "withheld"
        row[at["nlp_date"]] = row[at["nlp_date"]].replace(day=1)
        row[at["nlp_datetime"]] = row[at["nlp_datetime"]].replace(day=1, hour=0, minute=0, second=0, microsecond=0)


def _number_notes(table: Table) -> None:
    # Numbered anew: the order of the posts' own ids would tell whose row is whose.
    table.rows.sort(key=lambda r: json.dumps(r[1:], default=str))
    for number, row in enumerate(table.rows, start=1):
        row[0] = number


def _write_table(folder: Path, table: Table) -> None:
    arrays: dict[str, Any] = {}
    for n, column in enumerate(table.columns):
        kind = describe.arrow(table.kinds[n])
        arrays[column] = pa.array([_arrow(r[n], kind) for r in table.rows], kind)
    held = pa.table(arrays)
    pq.write_table(held, folder / f"{table.name}.parquet", compression="zstd")
    out = io.StringIO()
    writer = csv.writer(out, lineterminator="\n")
    writer.writerow(table.columns)
    for row in table.rows:
        writer.writerow([_plain(v) for v in row])
    (folder / f"{table.name}.csv").write_text(out.getvalue(), encoding="utf-8", newline="")


def _arrow(value: Any, kind: Any) -> Any:
    """Give a value as its Arrow type wants it; what has no type of its own there (a struct) goes as JSON."""
    if value is None:
        return None
    if pa.types.is_list(kind):
        return [_arrow(v, kind.value_type) for v in value]
    if not pa.types.is_string(kind) or isinstance(value, str):
        return value
    return json.dumps(value, default=str, sort_keys=True) if isinstance(value, list | dict) else str(value)


def _plain(value: Any) -> Any:
    """Give a CSV cell. A text that a spreadsheet would run as a formula gets an apostrophe before it."""
    if value is None or isinstance(value, bool | int | float):
        return "" if value is None else str(value).lower() if isinstance(value, bool) else value
    if isinstance(value, datetime):
        return value.isoformat()
    if isinstance(value, list | dict):
        return json.dumps(value, ensure_ascii=False, default=str, sort_keys=True)
    text = str(value).replace("\0", "")
    return f"'{text}" if text.startswith(("=", "+", "-", "@", "\t", "\r")) else text


def _neutral(
    named: dict[str, tuple[list[str], list[list[str]]]],
) -> dict[str, tuple[Sequence[str], Sequence[Sequence[Any]]]]:
    return {n: (columns, [[_plain(c) for c in row] for row in rows]) for n, (columns, rows) in named.items()}


def _write_sql(part: Path) -> None:
    folder = part / "sql"
    folder.mkdir()
    (folder / "schema.sql").write_text(corpus.sql("schema"), encoding="utf-8")
    (folder / "note_nlp.sql").write_text(corpus.sql("release/note_nlp"), encoding="utf-8")
    for number, (name, text) in enumerate(corpus.views(), start=1):
        (folder / f"{number:03d}_{name}.sql").write_text(text, encoding="utf-8")


def _sums(part: Path) -> str:
    files = sorted(f for f in part.rglob("*") if f.is_file())
    lines = [f"{hashlib.sha256(f.read_bytes()).hexdigest()}  {f.relative_to(part).as_posix()}\n" for f in files]
    (part / "SHA256SUMS").write_text("".join(lines), encoding="utf-8")
    for file in files:
        with file.open("rb") as held:
            os.fsync(held.fileno())
    return hashlib.sha256("".join(lines).encode()).hexdigest()[:12]


def _remember(home: Home, name: str, level: str, posts: Sequence[str]) -> None:
    """Note which posts a release held, by hash, so that who asks to be forgotten learns where they stand."""
    with corpus.writing(home) as con:
        con.execute("delete from release_post where release = ?", [name])
        con.execute("insert into release_post select ?, ?, ?, unnest(?)", [name, level, corpus.now(), list(posts)])
