"""Copies in the corpus: recorded with what they repeat, and counted once."""

from datetime import UTC, datetime, timedelta
from typing import Any

import pytest

from pipeline import batches, copies, corpus, extract, staging, study
from pipeline.door import Door
from pipeline.home import Home
from pipeline.post import Batch, Post
from pipeline.staging import SourceRow

KEY = b"0123456789abcdef0123456789abcdef"
START = datetime(2020, 1, 1, tzinfo=UTC)
STORY = (
    "I took baclofen for two years at sixty milligrams a day and the wish to drink went away in the third week, "
    "though I slept through most mornings until the dose was halved and my doctor moved the last tablet to noon."
)
REPLY = "My own story is another one, as I never got past ten milligrams before the itching drove me up the wall."
RECORD: dict[str, Any] = {
    "reporter": "self",
    "conditions": [],
    "doses": [],
    "outcomes": [],
    "side_effects": [],
    "notes": "",
    "treatments": [{"substance": "baclofen", "status": "taken", "effect": "worked", "stopped": None,
                    "duration_days": None, "duration_quote": None}],
}  # fmt: skip


def post(number: str, text: str, author: str, day: int, **more: Any) -> Post:
    return Post(number, text, author=author, posted_at=START + timedelta(days=day), **more)


def add(home: Home, source: str, *posts: Post, site: str | None = None) -> None:
    with staging.Staging(home, SourceRow(source, "board", site or source), Door(KEY)) as aside:
        aside.add(Batch(posts=posts))
    staging.merge(home)


def read_all(home: Home) -> None:
    """Leave what an extractor would that finds the same experience in every post."""
    with corpus.writing(home) as con:
        lines = [
            {"post_id": i, "text_sha256": h, "version": "1", "extracted_at": corpus.now().isoformat(), "language": "en",
             "excluded": None, "age_years": None, "sex": None, "record": RECORD, "mentions": []}
            for i, h in con.execute("select post_id, text_sha256 from post where status = 'live'").fetchall()
        ]  # fmt: skip
        extract.merge_bytes(con, b"".join(map(batches.flat, lines)))


def ask(home: Home, sql: str) -> list[tuple[Any, ...]]:
    with corpus.reading(home) as con:
        return con.execute(sql).fetchall()


@pytest.fixture
def home(tmp_path: Any) -> Home:
    made = Home(tmp_path / "home")
    add(made, "board", post("1", STORY, "heron", 1), post("2", f"{STORY} {REPLY}", "owl", 5))
    add(made, "mirror", post("1", STORY.upper(), "heron_again", 3), post("2", REPLY * 2, "wren", 4))
    return made


def test_a_re_posted_story_is_one_person_s(home: Home) -> None:
    read_all(home)
    assert copies.mark(home, study.load("baclofen")) == 2
    assert ask(home, "select post_id, copy_of, kind from copy order by 1") == [
        ("board:2", "board:1", "quote"),
        ("mirror:1", "board:1", "exact"),
    ]
    assert ask(home, "select post_id, left_out from counted_post where left_out is not null") == [
        ("mirror:1", "copy of an earlier post")
    ]
    assert ask(home, "select count(distinct person_id) from person_report") == [(3,)]
    assert ask(home, "select posts, persons from flow where reason = 'copy of an earlier post'") == [(1, 1)]


def test_a_copy_counts_where_the_first_was_deleted(home: Home) -> None:
    read_all(home)
    copies.mark(home, study.load("baclofen"))
    add(home, "board", Post("1", "", status="deleted"))
    assert ask(home, "select left_out from counted_post where post_id = 'mirror:1'") == [(None,)]
    copies.mark(home, study.load("baclofen"))
    assert ask(home, "select post_id, copy_of, kind from copy") == [("board:2", "mirror:1", "quote")]


def test_a_cross_post_that_reddit_declares_is_found_by_its_native_id(home: Home) -> None:
    add(home, "first", post("t3_a", REPLY, "ann", 1), site="reddit")
    later = post("t3_b", "", "ben", 2, extra={"crosspost_parent": "t3_a"})
    add(home, "second", later, post("t3_c", "", "ben", 3, extra={"crosspost_parent": "t3_zz"}), site="reddit")
    copies.mark(home, study.load("baclofen"))
    assert ask(home, "from copy where post_id like 'second%'") == [("second:t3_b", "first:t3_a", "crosspost", 1.0)]


def test_nothing_is_compared_again_until_a_post_changes(home: Home, monkeypatch: pytest.MonkeyPatch) -> None:
    assert copies.mark(home, study.load("baclofen")) == 2
    with monkeypatch.context() as patch:
        patch.setattr("pipeline.dedup.links", None)
        assert copies.mark(home, study.load("baclofen")) == 2
    add(
        home, "mirror", post("1", "Other words, now that it was edited by the one who wrote it here.", "heron_again", 3)
    )
    assert copies.mark(home, study.load("baclofen")) == 1
