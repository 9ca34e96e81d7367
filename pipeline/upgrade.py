"""Bringing a corpus of an older schema to today's, in place, after a copy of its file.

A step from schema N-1 to N is pipeline/sql/migrations/NNNN_what.sql. Tables and columns that only came since need none:
schema.sql makes missing tables each time the views are made anew.
"""

import shutil
from pathlib import Path

import duckdb

from pipeline import corpus
from pipeline.errors import CorpusError


def steps(found: str | None, known: int, folder: Path | None = None) -> list[Path]:
    """Give the SQL files that lead from the schema found to the one known, in order; none where there is no way."""
    if found is None or not found.isdigit() or not 0 < int(found) < known:
        return []
    there = {int(f.name.split("_")[0]): f for f in (folder or corpus.SQL / "migrations").glob("[0-9]*_*.sql")}
    wanted = range(int(found) + 1, known + 1)
    return [there[n] for n in wanted] if all(n in there for n in wanted) else []


def copied(path: Path, found: str) -> Path:
    """Copy a corpus file beside itself before it is changed; give the copy. It must not be open in this process."""
    copy = path.with_name(f"{path.stem}.schema{found}{path.suffix}")
    try:
        part = copy.with_suffix(".part")
        shutil.copy2(path, part)
        part.replace(copy)
    except OSError as error:
        raise CorpusError(f"{copy}: no copy could be made before the upgrade: {error.strerror or error}") from error
    return copy


def run(con: duckdb.DuckDBPyConnection, files: list[Path], known: int) -> None:
    """Run the steps inside the writer's transaction, and mark the corpus as of the schema known."""
    for file in files:
        con.execute(file.read_text(encoding="utf-8"))
    con.execute("update meta set value = ? where key = 'schema_version'", [str(known)])
    con.execute("delete from meta where key in ('views', 'kept_rules')")
