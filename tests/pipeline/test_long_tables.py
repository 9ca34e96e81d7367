"""Tables of many rows: how they are written, and that no way of writing says anything else than another."""

import io
import json
from collections.abc import Generator
from pathlib import Path

import duckdb
import pyarrow.parquet as pq
import pytest
from hypothesis import given
from hypothesis import strategies as st

from pipeline import corpus, csv_lines, tables
from pipeline.home import Home

WORDS = (
    'a "word", and more',
    "line\nbreak",
    "=1+1",
    "-5 mg",
    "\x1b[31mred",
    "\u202eback",
    "",
    "naïve 漢字 🙂",
    "tab\there",
    "\r=x",
)


@pytest.fixture
def con() -> Generator[duckdb.DuckDBPyConnection]:
    made = duckdb.connect()
    made.execute("set timezone = 'UTC'")
    made.execute("""
        create table held (
            n bigint, share double, yes boolean, said_at timestamptz, day date, word varchar, words varchar[],
            told struct(word varchar, share double, yes boolean)[], extra json
        )
    """)
    yield made
    made.close()


def both(con: duckdb.DuckDBPyConnection) -> tuple[str, str]:
    """Give the table `held` as DuckDB writes it and as Python does."""
    made = csv_lines.lines(con, "held")
    assert made is not None
    by_duckdb = b"".join(made).decode()
    cursor = con.execute("from held")
    names = [d[0] for d in cursor.description or []]
    return by_duckdb, tables.written(names, cursor.fetchall(), "csv").decode()


def test_duckdb_writes_every_kind_of_cell_as_python_does(con: duckdb.DuckDBPyConnection) -> None:
    for number, word in enumerate(WORDS):
        told = [{"word": word, "share": number / 3, "yes": None}]
        time = f"2020-01-02 03:04:05{'.25' if number % 2 else ''}+00"
        row = [number, number / 7, number % 2 == 0, time, "2020-01-02", word, [word, None], told, json.dumps(word)]
        con.execute("insert into held values (?, ?, ?, ?, ?, ?, ?, ?, ?)", row)
    con.execute("insert into held values (null, null, null, null, null, null, null, null, null)")
    con.execute("insert into held values (-1, 1e16, true, null, null, null, [], [null], null)")
    by_duckdb, by_python = both(con)
    assert by_duckdb == by_python
    assert "\x1b" not in by_duckdb
    assert "'=1+1" in by_duckdb


@given(st.lists(st.tuples(st.text(), st.floats(allow_nan=False, allow_infinity=False)), max_size=5))
def test_no_text_and_no_number_is_written_otherwise(rows: list[tuple[str, float]]) -> None:
    with duckdb.connect() as con:
        con.execute("create table held (word varchar, share double, words varchar[])")
        for word, share in rows:
            word = word.replace("\0", "")
            con.execute("insert into held values (?, ?, ?)", [word, share, [word]])
        by_duckdb, by_python = both(con)
    assert by_duckdb == by_python


@pytest.fixture(scope="module")
def home(tmp_path_factory: pytest.TempPathFactory) -> Home:
    """Give a corpus of 1,500 posts, each with one treatment of which it tells."""
    made = Home(tmp_path_factory.mktemp("long"))
    with corpus.writing(made) as con:
        con.execute("insert into source values ('s', 'file', 's', false, null, null, now(), now())")
        con.execute("""
            insert into post by name select 's:' || lpad(n::varchar, 5, '0') as post_id, 's' as source_id, n::varchar as native_id,
                'w' || n as author_id, 'words' as text, [] as quoted, 'live' as status, now() as captured_at,
                '' as text_sha256, '{}' as extra from range(1500) t(n)
        """)
        con.execute("insert into extraction select post_id, '', '1', now(), 'en', null from post")
        con.execute("insert into report select post_id, 'self', [], null, null, '' from post")
        con.execute("insert into treatment select post_id, 'baclofen', 'taken', 'worked', null, null, null from post")
        con.execute("insert into stale_post select post_id from post")
    return made


def test_a_long_table_shows_its_first_rows_and_says_so(home: Home) -> None:
    shown = b"".join(tables.parts(home, "course", "text")).decode().splitlines()
    assert len(shown) == 1 + 1000 + 1
    assert shown[-1] == "(the first 1,000 rows; --limit N shows so many, --format csv gives all)"
    assert len(b"".join(tables.parts(home, "course", "text", limit=1200)).splitlines()) == 1201
    assert len(b"".join(tables.parts(home, "course", "csv")).splitlines()) == 1501


def test_the_first_rows_of_the_evidence_are_those_of_the_whole(home: Home) -> None:
    names, whole = tables.rows(home, "evidence")
    for number in (1, 7, 1500, 2000):
        assert tables.rows(home, "evidence", limit=number) == (names, whole[:number])


def test_parquet_keeps_kinds_also_where_no_row_says_anything(home: Home) -> None:
    read = pq.read_table(io.BytesIO(b"".join(tables.parts(home, "treatment", "parquet"))))
    assert read.num_rows == 1500
    assert str(read.schema.field("stopped").type) == "bool"


def test_a_file_is_left_alone_by_a_table_that_cannot_be_asked(home: Home, tmp_path: Path) -> None:
    out = tmp_path / "out.csv"
    out.write_text("kept", encoding="utf-8")
    with pytest.raises(tables.CorpusError):
        tables.emit(tables.parts(home, "no_such", "csv"), out)
    assert out.read_text(encoding="utf-8") == "kept"
