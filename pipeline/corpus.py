"""The corpus: one DuckDB file. Opening it to read, to write, and to ask it questions from outside.

DuckDB lets one process write and none read meanwhile, so writers hold the file only for a short merge, and everybody
waits such a moment out.
"""

import hashlib
import re
import threading
import time
from collections.abc import Generator, Sequence
from contextlib import contextmanager
from datetime import UTC, datetime
from functools import cache
from pathlib import Path
from typing import TYPE_CHECKING, Any

import duckdb

from pipeline.errors import CorpusError, Locked, Outdated
from pipeline.home import Home

if TYPE_CHECKING:
    from pipeline.study import Study

SCHEMA_VERSION = 2
WAIT_SECONDS = 20.0
_HEADERS = 12288  # bytes that a DuckDB file has before its first block
MEMORY = "4GB"  # of one reader: a question typed by somebody is stopped before the machine is
MOST_ROWS = 1_000_000  # of an answer to a question typed by somebody
SQL = Path(__file__).parent / "sql"

Row = tuple[Any, ...]
_ONE_WRITER = threading.Lock()  # DuckDB would let two threads of one process write, and then one of them fails
_SETTINGS = threading.Lock()


@cache
def sql(name: str) -> str:
    """Give the text of a file of `pipeline/sql`, e.g. ``sql("merge_posts")``."""
    return (SQL / f"{name}.sql").read_text(encoding="utf-8")


@cache
def views() -> tuple[tuple[str, str], ...]:
    """Give name and text of every view file, in the order in which they must be made."""
    files = sorted((SQL / "views").glob("*.sql"))
    return tuple((f.stem.split("_", 1)[1], f.read_text(encoding="utf-8")) for f in files)


@cache
def views_hash() -> str:
    """Give a hash of schema, view files and the rules of what is kept: tells whether a corpus has today's."""
    from pipeline import derive

    meanings = (SQL / "columns.txt").read_text(encoding="utf-8")
    parts = [sql("schema"), *(text for _, text in views()), derive.rules_hash(), meanings]
    return hashlib.sha256("\0".join(parts).encode()).hexdigest()[:16]


def now() -> datetime:
    """Give the time, in UTC."""
    return datetime.now(UTC)


@contextmanager
def writing(home: Home, *, wait: float = WAIT_SECONDS) -> Generator[duckdb.DuckDBPyConnection]:
    """Open the corpus to write, made if there is none; what is done inside is one transaction.

    Raises Locked if another process holds it for longer than `wait` seconds, Outdated if another version wrote it.
    """
    from pipeline import derive, upgrade

    home.make()
    with _ONE_WRITER:
        con = _connect(home.corpus, read_only=False, wait=wait)
        try:
            found = _meta(con, "schema_version") if "meta" in _tables(con) else None
            if ways := upgrade.steps(found, SCHEMA_VERSION):
                con.close()
                upgrade.copied(home.corpus, str(found))
                con = _connect(home.corpus, read_only=False, wait=wait)
            con.execute("begin")
            if ways:
                upgrade.run(con, ways, SCHEMA_VERSION)
            _ready(con, home.corpus)
            yield con
            derive.refresh(con)
            con.execute("commit")
        except duckdb.Error as error:
            raise CorpusError(f"{home.corpus}: {_first_line(error)}{_advice(error)}") from error
        finally:
            con.close()


@contextmanager
def reading(home: Home, *, wait: float = WAIT_SECONDS) -> Generator[duckdb.DuckDBPyConnection]:
    """Open the corpus to read. Inside it no file, no network and no setting can be reached.

    Raises CorpusError if there is none yet, Locked and Outdated as `writing` does.
    """
    if not home.corpus.exists():
        raise CorpusError(
            f"{home.corpus}: no corpus there yet; make one with `doselore run` or `doselore import FILE --source NAME`"
        )
    con = _connect(home.corpus, read_only=True, wait=wait)
    try:
        from pipeline import upgrade

        tables = _tables(con)
        empty = not tables  # a kill in the very first merge leaves a file with nothing in it
        older = "meta" in tables and bool(upgrade.steps(_meta(con, "schema_version"), SCHEMA_VERSION))
        if not empty and not older:
            _same_version(con, home.corpus)
        if empty or older or _meta(con, "views") != views_hash():
            con.close()
            with writing(home, wait=wait):
                pass  # opening to write makes the tables and brings the views up to date
            con = _connect(home.corpus, read_only=True, wait=wait)
        _lock_settings(con)
        yield con
    finally:
        con.close()


def _lock_settings(con: duckdb.DuckDBPyConnection) -> None:
    """Shut files, network and settings off. Readers in one process share one database, and so its settings."""
    with _SETTINGS:
        if not _locked(con):
            con.execute(f"set memory_limit = '{MEMORY}'")
            con.execute("set enable_external_access = false")
            con.execute("set lock_configuration = true")


def _locked(con: duckdb.DuckDBPyConnection) -> bool:
    return con.execute("select current_setting('lock_configuration')").fetchone() == (True,)


def publish(con: duckdb.DuckDBPyConnection, study: "Study") -> None:
    """Write the study's treatments, bands and thresholds into the corpus, where the views read them."""
    from statistics import NormalDist

    from pipeline import published

    published.load(con)
    tail = 0.5 + study.thresholds.confidence / 2
    con.execute("delete from study")
    con.execute(
        "insert into study values (?, ?, ?, ?, ?, ?, ?)",
        [
            study.name,
            study.title,
            study.index,
            study.thresholds.minimum_cell,
            study.thresholds.confidence,
            NormalDist().inv_cdf(tail),
            settings(study),
        ],
    )
    con.execute("truncate study_treatment")
    con.execute("truncate dose_band")
    for position, substance in enumerate(study.treatments):
        con.execute("insert into study_treatment values (?, ?)", [substance, position])
    for substance, bounds in study.dose_bands.items():
        for position, (low, high, label) in enumerate(_bands(bounds)):
            con.execute("insert into dose_band values (?, ?, ?, ?, ?)", [substance, position, low, high, label])


def settings(study: "Study") -> str:
    """Give what the corpus keeps of a study, as JSON: all but its sources."""
    return study.model_dump_json(by_alias=True, exclude={"sources"})


def _bands(bounds: Sequence[float]) -> list[tuple[float, float | None, str]]:
    lows = [0.0, *bounds]
    highs: list[float | None] = [*bounds, None]
    return [(a, b, f"> {a:g} mg" if b is None else f"{a:g}-{b:g} mg") for a, b in zip(lows, highs, strict=True)]


def query(con: duckdb.DuckDBPyConnection, text: str, *, seconds: float = 60.0) -> tuple[list[str], list[Row]]:
    """Run one statement that a person typed; give column names and rows.

    The connection must come from `reading`, so the statement can neither write nor reach files or the network; it is
    stopped after `seconds`. Raises CorpusError with DuckDB's first line.
    """
    timer = threading.Timer(seconds, con.interrupt)
    timer.daemon = True
    timer.start()
    try:
        statements = con.extract_statements(text)
        if len(statements) != 1:
            raise CorpusError(f"one statement at a time, please: there are {len(statements)}")
        cursor = con.execute(statements[0])
        names = [d[0] for d in cursor.description or []]
        found: list[Row] = []
        while some := cursor.fetchmany(10_000):
            found += some
            if len(found) > MOST_ROWS:
                raise CorpusError(f"query: more than {MOST_ROWS:,} rows; narrow it with `where` or `limit`")
        return names, found
    except duckdb.InterruptException as error:
        raise CorpusError(f"stopped: the query took over {seconds:g} s; narrow it with `where` or `limit`") from error
    except duckdb.Error as error:
        raise CorpusError(f"query: {_first_line(error)}") from error
    finally:
        timer.cancel()


def fingerprint(*things: object) -> str:
    """Give a short hash that tells whether rows are what they were."""
    return hashlib.sha256(repr(things).encode()).hexdigest()[:16]


def product_version() -> str:
    """Give doselore's own version, "unknown" where it runs without being installed."""
    from importlib.metadata import PackageNotFoundError, version

    try:
        return version("doselore")
    except PackageNotFoundError:
        return "unknown"


def _connect(path: Path, *, read_only: bool, wait: float) -> duckdb.DuckDBPyConnection:
    until = time.monotonic() + wait
    while True:
        try:
            con = duckdb.connect(str(path), read_only=read_only)
            with _SETTINGS:
                if not _locked(con):  # where another reader of this process locked the settings, it set this one too
                    con.execute("set global timezone = 'UTC'")
            return con
        except duckdb.Error as error:
            line = _first_line(error)
            # A reader and a writer of this same process: DuckDB calls it another configuration.
            if "lock" not in line.lower() and "different configuration" not in line:
                if not read_only and "not a valid DuckDB" in line and _cut_off(path):
                    path.unlink()
                    continue
                raise _unusable(path, line) from error
            if time.monotonic() > until:
                holder = re.search(r"PID (\d+)", str(error))
                by = f" by process {holder.group(1)}" if holder else ""
                raise Locked(f"{path}: held{by} for over {wait:g} s; wait until it is done, then try again") from error
            time.sleep(0.1)


def _cut_off(path: Path) -> bool:
    """Tell whether a file is the beginning of a database whose making a kill or a full disk cut off: headers alone."""
    try:
        held = path.read_bytes() if path.stat().st_size < _HEADERS else b"."
    except OSError:
        return False
    return not held.strip(b"\0") or held[8:12] == b"DUCK"


def _unusable(path: Path, line: str) -> CorpusError:
    if "not a valid DuckDB" in line or "magic" in line:
        return CorpusError(f"{path}: not a corpus (not a DuckDB file); move it away, or choose another --home")
    if "newer version" in line or "older version" in line or "storage version" in line.lower():
        return Outdated(f"{path}: written by another version of DuckDB; use the doselore that made it")
    return CorpusError(f"{path}: {line}{_advice(line)}")


def _advice(error: object) -> str:
    """Give what to do about an error of DuckDB's, where it can be told."""
    words = str(error).lower()
    if "no space left" in words or "could not write" in words:
        return "; what was finished is kept: make room, then run it again"
    if "checksum" in words or "corrupt" in words:
        return "; the file is damaged: put back a copy, or move it away and bring the posts again " + (
            "(`doselore collect --from-archive`, `doselore import`)"
        )
    return ""


def _ready(con: duckdb.DuckDBPyConnection, path: Path) -> None:
    if not _tables(con):
        con.execute(sql("schema"))
        _set_meta(con, "schema_version", str(SCHEMA_VERSION))
        _set_meta(con, "made_by", f"doselore {product_version()}")
    _same_version(con, path)
    if _meta(con, "views") != views_hash():
        from pipeline import derive

        con.execute(sql("schema"))  # tables that came since
        derive.prepare(con)
        for _, text in views():
            con.execute(text)
        derive.comment(con)
        _set_meta(con, "views", views_hash())


def _tables(con: duckdb.DuckDBPyConnection) -> set[str]:
    rows = con.execute("select table_name from duckdb_tables() where schema_name = 'main' and not internal").fetchall()
    return {str(r[0]) for r in rows}


def _same_version(con: duckdb.DuckDBPyConnection, path: Path) -> None:
    if not _tables(con):
        raise CorpusError(f"{path}: empty, its making was cut off; the next `doselore run` or import makes it")
    if "meta" not in _tables(con):
        raise CorpusError(f"{path}: a DuckDB file, but not a corpus of doselore; choose another --home")
    found = _meta(con, "schema_version")
    if found == str(SCHEMA_VERSION):
        return
    raise Outdated(
        f"{path}: a corpus of schema {found}, and this doselore knows schema {SCHEMA_VERSION}; "
        f"use the doselore that made it ({_meta(con, 'made_by')}), or import the posts again into another --home"
    )


def _meta(con: duckdb.DuckDBPyConnection, key: str) -> str | None:
    # Without a parameter: DuckDB loads pandas, where it is installed, to look at what it is given.
    rows = con.execute("select key, value from meta").fetchall()
    return next((str(v) for k, v in rows if k == key), None)


def _set_meta(con: duckdb.DuckDBPyConnection, key: str, value: str) -> None:
    con.execute("insert or replace into meta values (?, ?)", [key, value])


def _first_line(error: Exception) -> str:
    return str(error).strip().splitlines()[0] if str(error).strip() else type(error).__name__


def checkpoints(home: Home, source_id: str) -> dict[str, str]:
    """Give a source's checkpoints, key to value; none where there is no corpus yet."""
    if not home.corpus.exists():
        return {}
    with reading(home) as con:
        rows = con.execute("select key, value from checkpoint where source_id = ?", [source_id]).fetchall()
    return {str(k): str(v) for k, v in rows}


def study_of(home: Home, name: str | None) -> "Study":
    """Give the study that is named, else the one that the corpus was last used for, else baclofen's.

    Raises StudyError if there is no such study, or its file is wrong.
    """
    from pipeline import study as studies

    held = None if name else study_settings(home)
    if held is None:
        return studies.load(name or "baclofen")
    stored = studies.stored(held, str(home.corpus))
    return studies.load(stored.name) if stored.name in studies.bundled() else stored


def study_settings(home: Home) -> str | None:
    """Give the settings, as JSON, of the study that the corpus was last written for; None if there is none."""
    if not home.corpus.exists():
        return None
    with reading(home) as con:
        row = con.execute("select settings from study").fetchone()
    return str(row[0]) if row else None
