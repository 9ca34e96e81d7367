"""What the report tells, read from the corpus: one SQL file a figure (pipeline/sql/report), without small cells.

A figure's file begins with two comments: its title on the first line, how it is to be read on the next ones.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from functools import cache
from typing import Any

import duckdb

from pipeline import corpus
from pipeline.release import suppress

Row = dict[str, Any]
_PLACES = ("day", "step", "line")  # whole numbers that say where a row stands, and count nobody
_PERSONAL = ("dose_trajectory",)  # rows of single persons: at level "internal" only


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


def figure(con: duckdb.DuckDBPyConnection, key: str, level: str, least: int) -> Figure:
    """Ask for one figure. level: of privacy; least: persons in a cell that may be shown outside the house."""
    title, words, sql = texts(key)
    if level != "internal" and key in _PERSONAL:
        return Figure(key, title, words, sql, (), (), withheld="rows of single persons stay at level internal")
    cursor = con.execute(sql)
    columns = tuple(str(d[0]) for d in cursor.description or [])
    rows = cursor.fetchall()
    if level == "internal":
        return Figure(key, title, words, sql, columns, tuple(_row(columns, r) for r in rows))
    kept, small = _kept(key, columns, rows, least)
    return Figure(key, title, words, sql, columns, tuple(_row(columns, r) for r in kept), small)


def everything(con: duckdb.DuckDBPyConnection, level: str, least: int) -> Mapping[str, Figure]:
    """Ask for every figure, by name."""
    return {key: figure(con, key, level, least) for key in named()}


def _row(columns: Sequence[str], row: Sequence[Any]) -> Row:
    return dict(zip(columns, row, strict=True))


def _kept(key: str, columns: Sequence[str], rows: Sequence[Sequence[Any]], least: int) -> tuple[list[list[Any]], int]:
    """Give the rows with the figures of small cells blanked, and how many they are."""
    if key in ("time_to_effect", "time_on_treatment"):
        coarse = _coarse(columns, rows, least)
        return coarse, len(rows) - len(coarse)
    places = [n for n, c in enumerate(columns) if c in _PLACES]
    held = [[f"{v}" if n in places else v for n, v in enumerate(row)] for row in rows]
    kept, small = suppress.suppress(columns, held, least)
    for row, old in zip(kept, rows, strict=True):
        for n in places:
            row[n] = old[n]
    return kept, small


def _coarse(columns: Sequence[str], rows: Sequence[Sequence[Any]], least: int) -> list[list[Any]]:
    """Give the steps of a Kaplan-Meier curve that tell of `least` persons or more.

    Between two steps that are shown at least so many persons had the event or were seen last, so none stands alone; the
    count of a single day is not told.
    """
    at = {c: n for n, c in enumerate(columns)}
    kept: list[list[Any]] = []
    last: dict[str, int] = {}
    for row in rows:
        who, risk = str(row[at["substance"]]), int(row[at["denominator"]])
        if row[at["persons"]] - row[at["missing"]] < least or risk < least:
            continue
        if who in last and last[who] - risk < least:
            continue
        last[who] = risk
        shown = list(row)
        shown[at["events"]] = None
        if 0 < row[at["missing"]] < least:
            shown[at["missing"]] = None
        kept.append(shown)
    return kept
