"""The tables that people read: which there are, their rows, and the forms in which they are written."""

import csv
import io
import json
import re
import sys
from collections.abc import Iterable, Sequence
from datetime import date, datetime
from functools import cache
from pathlib import Path
from typing import Any, BinaryIO

import duckdb

from pipeline import corpus
from pipeline.errors import CorpusError, near
from pipeline.home import Home

FORMATS = ("text", "csv", "json", "parquet", "md")
PUBLISHED = ("flow", "outcome_by_treatment", "outcome_by_domain", "outcome_by_dose", "side_effect_rate")
_CONTROL = re.compile(r"[\x00-\x08\x0b-\x1f\x7f-\x9f\u202a-\u202e\u2066-\u2069]")
_BATCH = 20_000  # rows: smaller than DuckDB's own, so that every core has some to convert, and half as slow for it
_FORMULA = ("=", "+", "-", "@", "\t", "\r")

Rows = list[tuple[Any, ...]]


@cache
def described() -> dict[str, str]:
    """Give every table and view of the corpus and what a row of it is, from the comments of its `.sql` file."""
    texts = [corpus.sql("schema"), *(text for _, text in corpus.views())]
    return {
        name: words
        for text in texts
        for name, words in re.findall(r"^-- (\w+): (.+)$", text, re.MULTILINE)
        if re.search(rf"create (?:or replace )?(?:table|view) (?:if not exists )?{name}\b", text)
    }


def rows(home: Home, name: str, *, limit: int | None = None) -> tuple[list[str], Rows]:
    """Give the columns and rows of one table or view. Raises CorpusError, naming near ones, if there is none such."""
    if name not in described():
        known = ", ".join(described())
        raise CorpusError(f'no table "{name}"{near(name, list(described()))}. There are: {known}')
    with corpus.reading(home) as con:
        cursor = con.execute(f'select * from "{name}"' + (f" limit {limit:d}" if limit is not None else ""))
        names = [d[0] for d in cursor.description or []]
        return names, cursor.fetchall()


def arrow(con: duckdb.DuckDBPyConnection, name: str) -> Any:
    """Give a table or view whole, as a pyarrow.Table. name: one of `described`, for it goes into the statement."""
    return con.sql(f'from "{name}"').to_arrow_table(_BATCH)


def flow(home: Home) -> dict[str, int]:
    """Give how many posts came to each stage of `flow`, without what was left out on the way."""
    names, found = rows(home, "flow")
    stage, reason, posts = (names.index(name) for name in ("stage", "reason", "posts"))
    return {str(row[stage]): int(row[posts]) for row in found if not row[reason]}


def written(names: Sequence[str], rows_: Rows, form: str) -> bytes:
    """Give a table in one of FORMATS. Control characters are taken out, and CSV cells cannot run as formulas."""
    makers = {"text": _as_text, "csv": _as_csv, "json": _as_json, "parquet": _as_parquet, "md": _as_markdown}
    if form not in makers:
        raise CorpusError(f'no format "{form}"{near(form, FORMATS)}. There are: {", ".join(FORMATS)}')
    return makers[form](names, rows_)


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


def emit(content: bytes, out: Path | None = None, stream: BinaryIO | None = None) -> None:
    """Write bytes to a file, or to standard output where none is named."""
    if out is not None:
        try:
            out.write_bytes(content)
        except OSError as error:
            raise CorpusError(f"{out}: cannot be written: {error.strerror or error}") from error
        return
    target = stream or sys.stdout.buffer
    target.write(content)
    target.flush()


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
    from rich.console import Console
    from rich.table import Table
    from rich.text import Text

    table = Table(box=None, pad_edge=False, header_style="bold")
    for place, name in enumerate(names):
        number = any(isinstance(r[place], (int, float)) and not isinstance(r[place], bool) for r in rows_)
        table.add_column(name, justify="right" if number else "left", no_wrap=True)
    for row in rows_:
        table.add_row(*(Text(cell(v)) for v in row))
    buffer = io.StringIO()
    Console(file=buffer, width=100_000, no_color=True, highlight=False).print(table)
    lines = [line.rstrip() for line in buffer.getvalue().splitlines()]
    note = "(no rows)\n" if not rows_ else ""
    return ("\n".join(lines) + "\n" + note).encode()


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
        return json.dumps(value, ensure_ascii=False, default=str)
    text = value.isoformat() if isinstance(value, (date, datetime)) else _CONTROL.sub("", str(value))
    return "'" + text if text.startswith(_FORMULA) else text


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
    import pyarrow.parquet as pq

    columns = {n: [row[i] for row in rows_] for i, n in enumerate(names)}
    sink = pa.BufferOutputStream()
    pq.write_table(pa.table(columns), sink)
    return sink.getvalue().to_pybytes()
