"""What the report tells, read from the corpus: one SQL file a figure (pipeline/sql/report), without small cells.

A figure's file begins with two comments: its title on the first line, how it is to be read on the next ones.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from functools import cache
from typing import Any

import duckdb

from pipeline import corpus
from pipeline.home import Home
from pipeline.release import build

Row = dict[str, Any]
_SINGLE = "it shows single persons, who stay at level internal"
_UNDECLARED = "it is not among the tables of a release, so it stays at level internal"
# Figures that read what no release holds.
_WITHHELD = {
    "dose_trajectory": _SINGLE,
    "time_to_effect": _SINGLE,
    "time_on_treatment": _SINGLE,
    "stopping": _UNDECLARED,
    "persons": _UNDECLARED,
    "years": _UNDECLARED,
    "sources": _UNDECLARED,
}


@dataclass(frozen=True, slots=True)
class Figure:
    """One figure: its table, and what is said beside it.

    key: the SQL file's name; words: how it is to be read; rows: without the figures of small cells; small: how many
    rows lost them; withheld: why there are no rows at all, "" if it is for want of data.
    """

    key: str
    title: str
    words: str
    sql: str
    columns: tuple[str, ...]
    rows: tuple[Row, ...]
    small: int = 0
    withheld: str = ""


@cache
def texts(key: str) -> tuple[str, str, str]:
    """Give title, words and SQL of a figure."""
    lines = corpus.sql(f"report/{key}").splitlines()
    start = next(n for n, line in enumerate(lines) if not line.startswith("--"))
    title, *words = (line.removeprefix("--").strip() for line in lines[:start])
    return title, " ".join(words), "\n".join(lines[start:]).strip()


@cache
def named() -> tuple[str, ...]:
    """Give the name of every figure there is."""
    return tuple(sorted(p.stem for p in (corpus.SQL / "report").glob("*.sql")))


def figure(con: duckdb.DuckDBPyConnection, key: str, level: str) -> Figure:
    """Ask for one figure. level: of privacy; below "internal" what is asked must have gone through `shown_only`."""
    title, words, sql = texts(key)
    if level != "internal" and key in _WITHHELD:
        return Figure(key, title, words, sql, (), (), withheld=_WITHHELD[key])
    cursor = con.execute(sql)
    columns = tuple(str(d[0]) for d in cursor.description or [])
    rows = tuple(dict(zip(columns, r, strict=True)) for r in cursor.fetchall())
    small = 0 if level == "internal" else sum(_blanked(r) for r in rows)
    return Figure(key, title, words, sql, columns, rows, small)


def everything(con: duckdb.DuckDBPyConnection, home: Home, level: str) -> Mapping[str, Figure]:
    """Ask for every figure, by name."""
    if level != "internal":
        shown_only(con, home)
    return {key: figure(con, key, level) for key in named()}


def shown_only(con: duckdb.DuckDBPyConnection, home: Home) -> None:
    """Put what a public release shows of each view in its place, for this connection alone.

    Whatever is then asked of it tells no more than the release does; a view that no release holds is not touched, so a
    figure that reads one must be withheld.
    """
    for table in build._tables(con, home, "public").tables:
        kinds = ", ".join(f'"{c}" {k}' for c, k in zip(table.columns, table.kinds, strict=True))
        con.execute(f'create temp table "{table.name}" ({kinds})')
        marks = ", ".join("?" * len(table.columns))
        for row in table.rows:
            con.execute(f'insert into temp."{table.name}" values ({marks})', row)


def _blanked(row: Row) -> bool:
    return any(row.get(c, 0) is None for c in ("posts", "persons", "denominator", "persons_present"))
