"""A table as CSV whose lines DuckDB makes: the bytes of `tables.written(…, "csv")`, in seconds for millions of rows."""

from collections.abc import Iterator
from typing import Any

import duckdb

_AT_ONCE = 20_000  # lines handed over at a time
_CONTROL = r"[\x00-\x08\x0b-\x1f\x7f-\x{9f}\x{202a}-\x{202e}\x{2066}-\x{2069}]"  # as tables._CONTROL
_NEEDS_CARE = rf"^[=+@\t-]|[,\x{{22}}\n]|{_CONTROL}"
_WHOLE = ("tinyint", "smallint", "integer", "bigint", "hugeint", "utinyint", "usmallint", "uinteger", "ubigint")


def lines(con: duckdb.DuckDBPyConnection, name: str) -> Iterator[bytes] | None:
    """Give a table or view whole, as parts of a CSV file; None where a column is of a kind that only Python can write.

    name: one of `tables.described`, for it goes into the statement. The connection's times must be in UTC.
    """
    found = con.sql(f'select * from "{name}" limit 0')
    cells = [_cell(_quoted(column), kind) for column, kind in zip(found.columns, found.types, strict=True)]
    if len(cells) < 2 or None in cells:  # a single empty cell is written in quotes, which nothing here needs
        return None
    line = " || ',' || ".join(f"coalesce({cell}, '')" for cell in cells)
    return _read(con, ",".join(found.columns), f'select {line} || chr(10) from "{name}"')


def _read(con: duckdb.DuckDBPyConnection, head: str, statement: str) -> Iterator[bytes]:
    yield f"{head}\n".encode()
    rows = con.execute(statement)
    while some := rows.fetchmany(_AT_ONCE):
        yield "".join([row[0] for row in some]).encode()


def _quoted(name: str) -> str:
    return '"' + name.replace('"', '""') + '"'


def _cell(value: str, kind: Any) -> str | None:
    """Give the SQL that writes a value as a cell; null for null."""
    if kind.id in _WHOLE or kind.id in ("double", "date"):
        return f"{value}::varchar"
    if kind.id == "boolean":
        return f"case when {value} then 'True' when not {value} then 'False' end"
    if kind.id == "timestamp with time zone":
        time = f"make_timestamp(epoch_us({value}))"
        parts = f"strftime({time}, '%Y-%m-%dT%H:%M:%S.%f')"
        return f"if(epoch_us({value}) % 1000000 = 0, replace({time}::varchar, ' ', 'T'), {parts}) || '+00:00'"
    if kind.id == "varchar":
        value = f"{value}::varchar"  # JSON is one too, and would want to be JSON still
        return f"if(regexp_matches({value}, '{_NEEDS_CARE}'), {_careful(value)}, {value})"
    if kind.id in ("list", "struct"):
        json = _json(value, kind, 0)
        return json and f"if({value} is not null, {_in_quotes(json)}, null)"
    return None


def _careful(value: str) -> str:
    """Give the SQL of a text without control characters that no spreadsheet runs, in quotes where it needs them."""
    plain = f"regexp_replace({value}, '{_CONTROL}', '', 'g')"
    safe = f"if(regexp_matches({plain}, '^[=+@\\t-]'), '''', '') || {plain}"
    return _in_quotes(safe)


def _in_quotes(text: str) -> str:
    return f"if(regexp_matches({text}, '[,\\x22\\n]'), '\"' || replace({text}, '\"', '\"\"') || '\"', {text})"


def _json(value: str, kind: Any, depth: int) -> str | None:
    """Give the SQL that writes a value as JSON the way Python does, "null" for null."""
    written: str | None = None
    if kind.id in _WHOLE or kind.id == "double":
        written = f"{value}::varchar"
    elif kind.id == "boolean":
        written = f"case when {value} then 'true' when not {value} then 'false' end"
    elif kind.id == "varchar":
        written = f"to_json(regexp_replace({value}, '{_CONTROL}', '', 'g'))::varchar"
    elif kind.id == "list":
        inner = _json(f"e{depth}", kind.child, depth + 1)
        written = inner and f"'[' || array_to_string(list_transform({value}, lambda e{depth}: {inner}), ', ') || ']'"
    elif kind.id == "struct":
        pairs = [(name, _json(f"{value}.{_quoted(name)}", child, depth)) for name, child in kind.children]
        if all(inner for _, inner in pairs):
            said = " || ', ' || ".join(f"'\"{name}\": ' || {inner}" for name, inner in pairs)
            written = f"if({value} is null, null, '{{' || {said} || '}}')"
    return written and f"coalesce({written}, 'null')"
