import json
from datetime import UTC, datetime
from hashlib import sha256
from pathlib import Path

import pytest

from pipeline import batches, corpus, extract, forget, staging, study
from pipeline.archive import Archive, Exchange
from pipeline.door import Door, key
from pipeline.errors import CorpusError
from pipeline.forget import Asked
from pipeline.home import Home
from pipeline.post import Batch, Post, Quote, Thread
from pipeline.staging import SourceRow

BOARD = SourceRow("board", "board", "board")
URL = "https://forum.example/t/7"
TEXT = "I took baclofen 25 mg three times a day for six weeks and the cravings were gone by then."
OTHER = "Baclofen 10 mg made me sleepy and nothing else happened to me at all."
AT = datetime(2021, 3, 1, tzinfo=UTC)


@pytest.fixture
def home(tmp_path: Path) -> Home:
    where = Home(tmp_path / "home").make()
    posts = (
        Post("1", TEXT, author="sample_heron", thread_id="7", url=f"{URL}#p1", posted_at=AT),
        Post(
            "2", OTHER, author="sample_wren", thread_id="7", url=f"{URL}#p2", posted_at=AT, quotes=(Quote(TEXT[:60]),)
        ),
    )
    merged(where, BOARD, *posts)
    merged(
        where, BOARD, Post("1", TEXT + " Edited.", author="sample_heron", thread_id="7", url=f"{URL}#p1", posted_at=AT)
    )
    with corpus.writing(where) as con:
        corpus.publish(con, study.load("baclofen"))
    extract.new_posts(where, study.load("baclofen"))
    return where


def merged(home: Home, source: SourceRow, *posts: Post) -> staging.Merged:
    with staging.Staging(home, source, Door(key(home.key))) as aside:
        aside.add(Batch(posts=posts, threads=(Thread("7", URL, "A thread"),)))
    return staging.merge(home)[source.source_id]


def ask(home: Home, sql: str) -> list[tuple[object, ...]]:
    with corpus.reading(home) as con:
        return con.execute(sql).fetchall()


def test_nothing_of_a_forgotten_post_is_left_in_any_file(home: Home) -> None:
    done = forget.forget(home, Asked(post="board:1"))
    assert done.posts == 1
    assert done.rows["post"] == 1
    assert ask(home, "select post_id from post") == [("board:2",)]
    assert ask(home, "select quoted from post") == [([],)]
    assert ask(home, "select count(*) from kept_report where post_id = 'board:1'") == [(0,)]
    for file in home.root.rglob("*"):
        if file.is_file():
            held = file.read_bytes()
            assert b"six weeks" not in held, file
            assert b"cravings were gone" not in held, file


def test_the_tables_still_answer_after_forgetting(home: Home) -> None:
    done = forget.forget(home, Asked(author="sample_heron"))
    assert done.changed["outcome_by_treatment"] > 0
    noted = ask(home, "select rows->'changed' from erasure")
    assert json.loads(str(noted[0][0])) == done.changed
    assert ask(home, "select count(*) from course") is not None
    assert ask(home, "select persons from outcome_by_treatment where substance = 'baclofen'") != [(2,)]
    assert ask(home, "select asked_by, posts from erasure") == [("author", 1)]


def test_no_import_brings_a_forgotten_post_back(home: Home) -> None:
    merged(home, SourceRow("api", "reddit", "reddit"), Post("t3_abc", "words one two", author="sample_gull"))
    forget.forget(home, Asked(post="t3_abc"))
    again = merged(home, SourceRow("dump", "file", "dump"), Post("t3_abc", "words one two", author="sample_gull"))
    assert (again.new, again.erased) == (0, 1)


def test_who_was_forgotten_is_not_collected_again(home: Home) -> None:
    forget.forget(home, Asked(author="Sample_Heron"))
    again = merged(home, BOARD, Post("9", "something new", author="sample_heron"))
    assert (again.new, again.erased) == (0, 1)


def test_pages_of_the_archive_that_show_the_post_go(home: Home) -> None:
    def page(url: str, body: str) -> Exchange:
        raw = body.encode()
        return Exchange(url, 200, raw, sha256(raw).hexdigest(), AT, content_type="text/html")

    with Archive(home.root / "archive", "board") as archive:
        archive.write(page(URL, "<p>thread page one</p>"))
        archive.write(page("https://forum.example/recent", f"<p>{TEXT.replace('three', 'three<br>')}</p>"))
        archive.write(page("https://forum.example/user", "<b>Sample_Heron</b>"))
        archive.write(page("https://forum.example/t/8", "<p>another thread</p>"))
        held = list(archive.held())
    with corpus.writing(home) as con:
        for c in held:
            row = ["board", c.sha256, c.url, c.fetched_at, c.warc, c.offset]
            con.execute(
                "insert into capture (source_id, sha256, url, fetched_at, warc, warc_offset, status) "
                "values (?, ?, ?, ?, ?, ?, 200)",
                row,
            )
    done = forget.forget(home, Asked(author="sample_heron"))
    assert (done.captures, done.rows["capture"]) == (3, 3)
    with Archive(home.root / "archive", "board") as archive:
        assert [k.capture.url for k in archive.captures()] == ["https://forum.example/t/8"]
        stays = [(c.url, c.warc, c.offset) for c in archive.held()]
    # What the corpus lists is what is kept, where it lies now: the file was written anew.
    assert ask(home, "select url, warc, warc_offset from capture") == stays


def test_an_address_forgets_the_thread_behind_it(home: Home) -> None:
    assert forget.forget(home, Asked(url=URL)).posts == 2
    assert ask(home, "select count(*) from thread") == [(0,)]
    assert ask(home, "select count(*) from author") == [(0,)]


def test_what_is_not_held_is_said(home: Home) -> None:
    with pytest.raises(CorpusError, match="nothing in the corpus"):
        forget.forget(home, Asked(post="board:77"))
    with pytest.raises(CorpusError, match="name one of"):
        forget.forget(home, Asked(post="board:1", author="x"))


def test_what_a_crawl_finds_deleted_goes_like_what_was_asked_for(home: Home) -> None:
    raw = f"<p>{TEXT}</p>".encode()
    with Archive(home.root / "archive", "board") as archive:
        archive.write(Exchange("https://forum.example/recent", 200, raw, sha256(raw).hexdigest(), AT))
    merged(home, BOARD, Post("1", "", thread_id="7", url=f"{URL}#p1", status="deleted"))
    assert ask(home, "select title, text, quoted, author_id from post where post_id = 'board:1'") == [
        (None, "", [], None)
    ]
    done = forget.due(home, "board")
    assert (done.posts, done.captures) == (1, 1)
    for file in home.root.rglob("*"):
        if file.is_file():
            assert b"six weeks" not in file.read_bytes(), file
    assert merged(home, BOARD, Post("1", TEXT, thread_id="7")).erased == 1
    assert forget.due(home).posts == 0


def test_a_dump_s_copy_of_a_reddit_post_goes_with_it_and_copies_of_the_corpus_too(home: Home) -> None:
    merged(home, SourceRow("api", "reddit", "reddit"), Post("t3_abc", "words one two", author="sample_gull"))
    merged(home, SourceRow("dump", "file", "reddit"), Post("t3_abc", "words one two", author="sample_gull"))
    older = home.corpus.with_name("corpus.schema0.duckdb")
    older.write_bytes(home.corpus.read_bytes())
    assert forget.forget(home, Asked(post="api:t3_abc")).posts == 2
    assert ask(home, "select count(*) from post where native_id = 't3_abc'") == [(0,)]
    assert not older.exists()


def test_records_that_were_waiting_do_not_bring_an_erased_post_back(home: Home) -> None:
    forget.forget(home, Asked(post="board:1"))
    late = {"post_id": "board:1", "text_sha256": "", "version": "1", "extracted_at": AT.isoformat(), "language": "en",
            "excluded": None, "age_years": None, "sex": None, "mentions": [],
            "record": {"reporter": "self", "conditions": [], "treatments": [], "doses": [], "outcomes": [],
                       "side_effects": [], "notes": ""}}  # fmt: skip
    (home.staging / "late.records.ndjson").write_bytes(batches.flat(late))
    extract.merge(home)
    assert ask(home, "select count(*) from report where post_id = 'board:1'") == [(0,)]
