"""The tables that people read: which there are, their rows, and the forms in which they are written."""

import csv
import io
import json
import re
import sys
from collections.abc import Callable, Generator, Iterable, Iterator, Sequence
from contextlib import contextmanager
from datetime import date, datetime
from functools import cache
from itertools import chain
from pathlib import Path
from typing import Any, BinaryIO

import duckdb

from pipeline import corpus, csv_lines
from pipeline.errors import CorpusError, ExportError, near
from pipeline.home import Home

FORMATS = ("text", "csv", "json", "parquet", "md")
PUBLISHED = ("flow", "outcome_by_treatment", "outcome_by_domain", "outcome_by_dose", "side_effect_rate")
SHOWN = 1000  # rows of a table as text: more are for a program, and then --format csv is what it wants
_CONTROL = re.compile(r"[\x00-\x08\x0b-\x1f\x7f-\x9f\u202a-\u202e\u2066-\u2069]")
_BATCH = 20_000  # rows: smaller than DuckDB's own, so that every core has some to convert, and half as slow for it
_FORMULA = ("=", "+", "-", "@", "\t", "\r")

Rows = list[tuple[Any, ...]]


@cache
def described() -> dict[str, str]:
    """Give every table and view of the corpus and what a row of it is, from the comments of its `.sql` file."""
    found: dict[str, str] = {}
    for text in (corpus.sql("schema"), *(text for _, text in corpus.views())):
        made = set(re.findall(r"create (?:or replace )?(?:table|view) (?:if not exists )?(\w+)", text))
        found |= {name: words for name, words in re.findall(r"^-- (\w+): (.+)$", text, re.MULTILINE) if name in made}
    return found


def rows(home: Home, name: str, *, limit: int | None = None) -> tuple[list[str], Rows]:
    """Give the columns and rows of one table or view. Raises CorpusError, naming near ones, if there is none such."""
    _known(name)
    with corpus.reading(home) as con:
        return _rows(con, name, limit)


def parts(home: Home, name: str, form: str, *, limit: int | None = None) -> Iterator[bytes]:
    """Give one table or view in one of FORMATS, piece by piece, for it may have millions of rows.

    As text only the first SHOWN rows, and a line that says so, unless a limit is named. Raises as `rows` does.
    """
    _known(name)
    _writer(form)
    with corpus.reading(home) as con:
        if form == "parquet":
            yield _parquet(arrow(con, name, limit))
            return
        if form == "csv" and limit is None and (lines := csv_lines.lines(con, name)):
            yield from lines
            return
        names, found = _rows(con, name, SHOWN + 1 if form == "text" and limit is None else limit)
    if form == "text" and limit is None and len(found) > SHOWN:
        yield written(names, found[:SHOWN], form)
        yield f"(the first {SHOWN:,} rows; --limit N shows so many, --format csv gives all)\n".encode()
    else:
        yield written(names, found, form)


def _known(name: str) -> None:
    if name not in described():
        known = ", ".join(described())
        raise CorpusError(f'no table "{name}"{near(name, list(described()))}. There are: {known}')


def _statement(name: str, limit: int | None) -> str:
    return f'select * from "{name}"' + (f" limit {limit:d}" if limit is not None else "")


def _rows(con: duckdb.DuckDBPyConnection, name: str, limit: int | None) -> tuple[list[str], Rows]:
    statement = _statement(name, limit)
    if name == "evidence" and limit and (last := _last_post(con, limit)):
        cursor = con.execute(statement.replace(" limit ", f" where post_id <= {last} limit "))
        if len(found := cursor.fetchall()) == limit:
            return [d[0] for d in cursor.description or []], found
    cursor = con.execute(statement)
    return [d[0] for d in cursor.description or []], cursor.fetchall()


def _last_post(con: duckdb.DuckDBPyConnection, rows_: int) -> str | None:
    """Give a post up to which `evidence`, which is in the order of posts, has so many rows, as a word of SQL.

    Its view works everything out before the first row comes, unless it is told where to stop.
    """
    found = con.execute(f"select post_id from treatment order by post_id limit 1 offset {rows_ - 1:d}").fetchone()
    return "'" + str(found[0]).replace("'", "''") + "'" if found else None


def arrow(con: duckdb.DuckDBPyConnection, name: str, limit: int | None = None) -> Any:
    """Give a table or view, as a pyarrow.Table. name: one of `described`, for it goes into the statement."""
    return con.sql(_statement(name, limit)).to_arrow_table(_BATCH)


def flow(home: Home) -> dict[str, int]:
    """Give how many posts came to each stage of `flow`, without what was left out on the way."""
    names, found = rows(home, "flow")
    stage, reason, posts = (names.index(name) for name in ("stage", "reason", "posts"))
    return {str(row[stage]): int(row[posts]) for row in found if not row[reason]}


def written(names: Sequence[str], rows_: Rows, form: str) -> bytes:
    """Give a table in one of FORMATS. Control characters are taken out, and CSV cells cannot run as formulas."""
    return _writer(form)(names, rows_)


def _writer(form: str) -> Callable[[Sequence[str], Rows], bytes]:
    makers = {"text": _as_text, "csv": _as_csv, "json": _as_json, "parquet": _as_parquet, "md": _as_markdown}
    if form not in makers:
        raise CorpusError(f'no format "{form}"{near(form, FORMATS)}. There are: {", ".join(FORMATS)}')
    return makers[form]


def write_all(home: Home, names: Iterable[str] = PUBLISHED) -> list[Path]:
    """Write tables as CSV beside the corpus; give the files."""
    home.tables.mkdir(mode=0o700, exist_ok=True)
    files: list[Path] = []
    for name in names:
        file = home.tables / f"{name}.csv"
        part = file.with_suffix(".part")
        part.write_bytes(written(*rows(home, name), "csv"))
        part.replace(file)
        files.append(file)
    return files


def emit(content: bytes | Iterable[bytes], out: Path | None = None, stream: BinaryIO | None = None) -> None:
    """Write bytes, or pieces of them, to a file, or to standard output where none is named."""
    pieces = iter((content,) if isinstance(content, bytes) else content)
    first = next(pieces, b"")  # before a file is opened: what cannot be asked spoils none
    if out is not None:
        try:
            with out.open("wb") as file:
                file.writelines(chain((first,), pieces))
        except OSError as error:
            raise CorpusError(f"{out}: cannot be written: {error.strerror or error}") from error
        return
    target = stream or sys.stdout.buffer
    for piece in chain((first,), pieces):
        with to_output():
            target.write(piece)
    with to_output():
        target.flush()


@contextmanager
def to_output() -> Generator[None]:
    """Raise ExportError where standard output cannot be written; a broken pipe stays one."""
    try:
        yield
    except BrokenPipeError:
        raise
    except OSError as error:
        raise ExportError(f"standard output: cannot be written: {error.strerror or error}") from error


def cell(value: Any) -> str:
    """Give a value as a person reads it: shares to three decimals, lists in brackets, no control characters."""
    if value is None:
        return ""
    if isinstance(value, float):
        return f"{value:.0f}" if value.is_integer() and abs(value) > 1 else f"{value:.3f}"
    if isinstance(value, bool):
        return "yes" if value else "no"
    if isinstance(value, datetime):
        return value.isoformat(sep=" ", timespec="seconds")
    if isinstance(value, list):
        return "[" + ", ".join(cell(v) for v in value) + "]"
    return _CONTROL.sub("", str(value).replace("\n", " ").replace("\t", " "))


def _as_text(names: Sequence[str], rows_: Rows) -> bytes:
    cells = [[cell(v) for v in row] for row in rows_]
    widths: list[int] = []
    right: list[bool] = []
    for place, name in enumerate(names):
        widths.append(max(_width(name), *(_width(row[place]) for row in cells), 0))
        right.append(any(isinstance(r[place], (int, float)) and not isinstance(r[place], bool) for r in rows_))
    lines = [_line(row, widths, right) for row in (names, *cells)]
    note = "(no rows)\n" if not rows_ else ""
    return ("\n".join(lines) + "\n" + note).encode()


def _line(row: Sequence[str], widths: list[int], right: list[bool]) -> str:
    padded = [
        " " * (width - _width(text)) + text if end else text + " " * (width - _width(text))
        for text, width, end in zip(row, widths, right, strict=True)
    ]
    return "  ".join(padded).rstrip()


def _width(text: str) -> int:
    """Give how many places a text takes on a terminal, where some letters take two, and some none."""
    if text.isascii():
        return len(text)
    from rich.cells import cell_len

    return cell_len(text)


def _as_csv(names: Sequence[str], rows_: Rows) -> bytes:
    buffer = io.StringIO()
    writer = csv.writer(buffer, lineterminator="\n")
    writer.writerow(names)
    for row in rows_:
        writer.writerow([_safe(v) for v in row])
    return buffer.getvalue().encode()


def _safe(value: Any) -> Any:
    """Give a cell that a spreadsheet will not run: text that begins like a formula gets an apostrophe before it."""
    if value is None or isinstance(value, (int, float, bool)):
        return value
    if isinstance(value, (list, dict)):
        return json.dumps(_clean(value), ensure_ascii=False, default=str)
    text = value.isoformat() if isinstance(value, (date, datetime)) else _CONTROL.sub("", str(value))
    return "'" + text if text.startswith(_FORMULA) else text


def _clean(value: Any) -> Any:
    """Give a value without control characters, however deep its texts lie."""
    if isinstance(value, str):
        return _CONTROL.sub("", value)
    if isinstance(value, list):
        return [_clean(v) for v in value]  # pyright: ignore[reportUnknownVariableType]
    return {k: _clean(v) for k, v in value.items()} if isinstance(value, dict) else value  # pyright: ignore[reportUnknownVariableType]


def _as_json(names: Sequence[str], rows_: Rows) -> bytes:
    objects = [dict(zip(names, row, strict=True)) for row in rows_]
    return (json.dumps(objects, ensure_ascii=False, indent=1, default=_plain) + "\n").encode()


def _plain(value: Any) -> str:
    return value.isoformat() if isinstance(value, (date, datetime)) else str(value)


def _as_markdown(names: Sequence[str], rows_: Rows) -> bytes:
    def line(cells: Iterable[str]) -> str:
        return "| " + " | ".join(c.replace("\\", "\\\\").replace("|", "\\|").replace("<", "&lt;") for c in cells) + " |"

    lines = [line(names), "|" + " --- |" * len(names), *(line(cell(v) for v in row) for row in rows_)]
    return ("\n".join(lines) + "\n").encode()


def _as_parquet(names: Sequence[str], rows_: Rows) -> bytes:
    import pyarrow as pa

    return _parquet(pa.table({n: [row[i] for row in rows_] for i, n in enumerate(names)}))


def _parquet(table: Any) -> bytes:
    import pyarrow as pa
    import pyarrow.parquet as pq

    sink = pa.BufferOutputStream()
    pq.write_table(table, sink)
    return sink.getvalue().to_pybytes()
