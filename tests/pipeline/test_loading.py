"""Records into the corpus by the tens of thousands of rows: once, however often they come."""

from pathlib import Path
from typing import Any

import duckdb
import pytest

from pipeline import batches, corpus, extract
from pipeline.home import Home
from tests.pipeline.simulated import Told, write

POSTS = 2000
WORDS = 10  # mentions of a post


def line(number: int, told: Told, excluded: str | None = None) -> bytes:
    mention = {"kind": "dose", "substance": told.substance, "quote": "q", "assertion": "present", "whose": "self"}
    mentions = [{**mention, "span_start": n, "span_end": n + 1} for n in range(WORDS)]
    return batches.flat(
        {"post_id": f"board:{number}", "text_sha256": "", "version": "2", "extracted_at": "2026-01-01T00:00:00+00:00",
         "language": "en", "excluded": excluded, "age_years": None, "sex": None, "record": told.record(), "mentions": mentions}
    )  # fmt: skip


def held(con: duckdb.DuckDBPyConnection) -> dict[str, tuple[Any, ...] | None]:
    """Give of each table how many rows it has, of how many posts, and a sum of its rows in which their order has no say."""
    return {
        name: con.execute(f"select count(*), count(distinct post_id), sum(hash(t)::hugeint) from {name} t").fetchone()
        for name in batches.TABLES
    }


@pytest.fixture
def home(tmp_path: Path) -> Home:
    made = Home(tmp_path)
    write(made, [("heron", Told(0))])
    with corpus.writing(made) as con:
        con.execute(
            "insert into post by name select 'board:' || i as post_id, i::varchar as native_id, * exclude (post_id, native_id, i) "
            f"from post, range(1, {POSTS}) r(i)"
        )
    return made


def test_what_comes_twice_is_there_once_and_what_comes_anew_replaces_it(home: Home) -> None:
    told = Told(0, effect="worked", mg=30, outcomes=(("craving", "improved"), ("mood", "improved")))
    every = b"".join(line(n, told) for n in range(POSTS))
    with corpus.writing(home) as con:
        extract.merge_bytes(con, every)
        first = held(con)
        extract.merge_bytes(con, every + every)
        assert held(con) == first
        expected = {"extraction": 1, "report": 1, "treatment": 1, "dose": 1, "outcome": 2, "mention": WORDS}
        assert {n: v and v[:2] for n, v in first.items()} == {
            **{n: (POSTS * rows, POSTS) for n, rows in expected.items()},
            "side_effect": (0, 0),
        }
        extract.merge_bytes(con, line(7, told, "advertisement") + line(8, Told(0, mg=60)))
        assert con.execute("select post_id, mg_per_day from dose where mg_per_day[1] <> 30").fetchall() == [
            ("board:8", [60.0, 60.0])
        ]
        counts = "select (select count(*) from extraction), (select count(*) from mention)"
        assert con.execute(counts).fetchone() == (POSTS, (POSTS - 1) * WORDS)
        assert con.execute("select count(*) from outcome where post_id in ('board:7', 'board:8')").fetchone() == (0,)


def test_a_torn_line_and_a_post_that_is_gone_bring_nothing(home: Home) -> None:
    whole = line(1, Told(0, mg=30)) + line(POSTS + 5, Told(0, mg=30))
    with corpus.writing(home) as con:
        extract.merge_bytes(con, whole + line(2, Told(0, mg=30))[:-9])
        assert con.execute("select post_id from dose").fetchall() == [("board:1",)]
