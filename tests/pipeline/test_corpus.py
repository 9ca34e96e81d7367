import subprocess
import sys
from concurrent.futures import ThreadPoolExecutor
from datetime import UTC, datetime
from pathlib import Path

import duckdb
import pytest

from pipeline import corpus, staging, study
from pipeline.door import Door
from pipeline.errors import CorpusError, Locked, Outdated
from pipeline.home import Home
from pipeline.post import Batch, Capture, Exclusion, Post, Thread
from pipeline.staging import Merged, SourceRow

BOARD = SourceRow("board", "board", "board")
KEY = b"0123456789abcdef0123456789abcdef"


@pytest.fixture
def home(tmp_path: Path) -> Home:
    return Home(tmp_path / "home")


def merged(home: Home, *batches: Batch) -> Merged:
    with staging.Staging(home, BOARD, Door(KEY)) as aside:
        for batch in batches:
            aside.add(batch)
    return staging.merge(home)["board"]


def ask(home: Home, sql: str) -> list[tuple[object, ...]]:
    with corpus.reading(home) as con:
        return con.execute(sql).fetchall()


def post(number: int, text: str = "words", **more: object) -> Post:
    return Post(str(number), text, author="sample_heron", **more)  # pyright: ignore[reportArgumentType]


def test_a_post_goes_in_once_however_often_it_comes(home: Home) -> None:
    assert merged(home, Batch(posts=(post(1), post(2)))).new == 2
    again = merged(home, Batch(posts=(post(1), post(2), post(3))))
    assert (again.new, again.same, again.changed) == (1, 2, 0)
    assert ask(home, "select post_id from post order by 1") == [("board:1",), ("board:2",), ("board:3",)]


def test_no_author_reaches_the_disk_in_clear(home: Home) -> None:
    merged(home, Batch(posts=(post(1, "by me, @sample_wren"),)))
    for file in home.root.rglob("*"):
        if file.is_file():
            assert b"heron" not in file.read_bytes()
            assert b"wren" not in file.read_bytes()


def test_an_edited_post_keeps_its_earlier_text(home: Home) -> None:
    merged(home, Batch(posts=(post(1, "first"),)))
    assert merged(home, Batch(posts=(post(1, "second"),))).changed == 1
    merged(home, Batch(posts=(post(1, "third"),)))
    assert ask(home, "select text from post") == [("third",)]
    assert ask(home, "select version, text from post_version order by 1") == [(1, "first"), (2, "second")]


def test_what_its_source_deleted_we_delete_and_never_restore(home: Home) -> None:
    merged(home, Batch(posts=(post(1, "first"),)))
    merged(home, Batch(posts=(post(1, "second"),)))
    merged(home, Batch(posts=(post(1, "", status="deleted"),)))
    assert ask(home, "select status, text from post") == [("deleted", "")]
    assert ask(home, "select count(*) from post_version") == [(0,)]
    merged(home, Batch(posts=(post(1, "second"),)))
    assert ask(home, "select status, text from post") == [("deleted", "")]


def test_an_erased_post_does_not_come_back(home: Home) -> None:
    import hashlib

    merged(home, Batch(posts=(post(1),)))
    with corpus.writing(home) as con:
        con.execute("delete from post")
        con.execute("insert into tombstone values (?, now(), 'on request')", [hashlib.sha256(b"board:1").hexdigest()])
    assert merged(home, Batch(posts=(post(1), post(2)))).erased == 1
    assert ask(home, "select post_id from post") == [("board:2",)]


def test_a_staged_file_torn_by_a_kill_gives_what_was_finished(home: Home) -> None:
    with staging.Staging(home, BOARD, Door(KEY)) as aside:
        aside.add(Batch(posts=(post(1),), checkpoint={"at": "1"}))
    with aside.path.open("ab") as file:
        file.write(b'{"source": ["board", "bo')
    assert staging.merge(home)["board"].new == 1
    assert corpus.checkpoints(home, "board") == {"at": "1"}
    assert list(home.staging.iterdir()) == []


def test_a_file_that_was_merged_before_a_kill_is_not_merged_twice(home: Home) -> None:
    with staging.Staging(home, BOARD, Door(KEY)) as aside:
        aside.add(Batch(posts=(post(1, "a"),)))
    content = aside.path.read_bytes()
    staging.merge(home)
    merged(home, Batch(posts=(post(1, "b"),)))
    aside.path.write_bytes(content)  # as if the kill came between the commit and the removal
    staging.merge(home)
    assert ask(home, "select text from post") == [("b",)]
    assert ask(home, "select count(*) from post_version") == [(1,)]


def test_threads_exclusions_and_checkpoints_come_with_the_posts(home: Home) -> None:
    when = datetime(2020, 1, 1, tzinfo=UTC)
    batch = Batch(
        posts=(post(1, thread_id="9"),),
        threads=(Thread("9", "https://x.example/9", "A thread", last_post_at=when),),
        exclusions=(Exclusion("page 3", "collect", "not readable", "why"),) * 2,
        checkpoint={"a": "1", "b": "2"},
    )
    assert merged(home, batch).reasons == {"not readable": 2}
    merged(home, Batch(checkpoint={"a": None, "b": "3"}))
    assert corpus.checkpoints(home, "board") == {"b": "3"}
    assert ask(home, "select t.title, last_post_at from thread t join post using (thread_id)") == [("A thread", when)]
    assert ask(home, "select what, reason from exclusion") == [("page 3", "not readable")]


def test_a_corpus_that_another_process_holds_is_a_clear_line(home: Home) -> None:
    with corpus.writing(home):
        pass
    hold = "import duckdb, sys; c = duckdb.connect(sys.argv[1]); print('held', flush=True); sys.stdin.read()"
    command = [sys.executable, "-c", hold, str(home.corpus)]
    with subprocess.Popen(command, stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True) as holder:
        assert holder.stdout is not None
        assert holder.stdout.readline() == "held\n"
        with pytest.raises(Locked, match="held by process"), corpus.reading(home, wait=0.2):
            pass
        holder.communicate("")
    assert ask(home, "select count(*) from post") == [(0,)]


@pytest.mark.parametrize("found", ["0", "99"])
def test_a_corpus_of_another_version_is_refused(home: Home, found: str) -> None:
    with corpus.writing(home) as con:
        con.execute("update meta set value = ? where key = 'schema_version'", [found])
    with pytest.raises(Outdated, match=f"schema {found}"), corpus.reading(home):
        pass
    with pytest.raises(Outdated, match=f"schema {found}"), corpus.writing(home):
        pass


def test_a_file_that_is_no_corpus_is_refused_and_left_alone(home: Home) -> None:
    home.make()
    home.corpus.write_bytes(b"something else entirely" * 1000)
    with pytest.raises(CorpusError, match="not a corpus"), corpus.reading(home):
        pass
    home.corpus.unlink()
    duckdb.connect(str(home.corpus)).execute("create table mine (a int)").close()
    with pytest.raises(CorpusError, match="not a corpus of doselore"), corpus.writing(home):
        pass


@pytest.mark.parametrize(
    "sql",
    [
        "select * from read_csv('/etc/passwd')",
        "select * from '/etc/passwd'",
        "copy post to 'out.csv'",
        "attach 'other.duckdb'",
        "install httpfs",
        "load httpfs",
        "set enable_external_access = true",
        "select * from read_text('https://example.org')",
        "delete from post",
        "drop table post",
        "create table mine (a int)",
        "select 1; select 2",
        "export database 'there'",
        "pragma database_list; select 1",
    ],
)
def test_a_query_can_neither_write_nor_reach_files_or_the_network(home: Home, sql: str) -> None:
    merged(home, Batch(posts=(post(1),)))
    with corpus.reading(home) as con, pytest.raises(CorpusError):
        corpus.query(con, sql)
    assert ask(home, "select count(*) from post") == [(1,)]


def test_an_endless_query_is_stopped(home: Home) -> None:
    merged(home, Batch(posts=(post(1),)))
    endless = "select count(*) from range(1000000) a, range(1000000) b"
    with corpus.reading(home) as con, pytest.raises(CorpusError, match="took over"):
        corpus.query(con, endless, seconds=0.2)


def test_bands_and_thresholds_of_the_study_are_in_the_corpus(home: Home) -> None:
    with corpus.writing(home) as con:
        corpus.publish(con, study.load("baclofen"))
        corpus.publish(con, study.load("semaglutide"))
    assert ask(home, "select name, round(z, 2) from study") == [("semaglutide", 1.96)]
    assert ask(home, "select label from dose_band order by position")[0] == ("0-0.04 mg",)
    assert ask(home, "select substance from study_treatment where position = 0") == [("semaglutide",)]


def test_a_corpus_whose_making_was_killed_is_an_empty_one(home: Home) -> None:
    home.make()
    duckdb.connect(str(home.corpus)).close()
    assert ask(home, "from post") == []
    assert merged(home, Batch(posts=(post(1),))).new == 1


def test_a_post_that_came_in_other_words_in_one_go_keeps_them_all(home: Home) -> None:
    merged(home, Batch(posts=(post(1, "one"),)), Batch(posts=(post(1, "two"),)), Batch(posts=(post(1, "three"),)))
    merged(home, Batch(posts=(post(1, "four"),)), Batch(posts=(post(1, "five"), post(1, "five"))))
    assert ask(home, "select text from post") == [("five",)]
    versions = ask(home, "select version, text from post_version order by version")
    assert versions == [(1, "one"), (2, "two"), (3, "three"), (4, "four")]


def test_a_page_saved_long_ago_does_not_replace_a_newer_word(home: Home) -> None:
    merged(home, Batch(posts=(post(1, "now"),)))

    def saved(*days: int) -> Merged:
        with staging.Staging(home, BOARD, Door(KEY), dated=True) as aside:
            for day in days:
                at = datetime(2020, 1, day, tzinfo=UTC)
                aside.add(
                    Batch(
                        posts=(post(1, f"day {day}"), post(2, f"day {day}")),
                        captures=(Capture("0" * 64, "u", 200, at),),
                    )
                )
        return staging.merge(home)["board"]

    saved(5, 9, 2)
    assert ask(home, "select native_id, text from post order by 1") == [("1", "now"), ("2", "day 9")]
    saved(7)
    assert ask(home, "select native_id, text from post order by 1") == [("1", "now"), ("2", "day 9")]


def test_readers_at_once_in_one_process_do_not_shut_each_other_out(tmp_path: Path) -> None:
    home = Home(tmp_path).make()
    with corpus.writing(home):
        pass

    def read(_: int) -> tuple[object, ...] | None:
        with corpus.reading(home) as con:
            return con.execute("select current_setting('lock_configuration'), current_setting('timezone')").fetchone()

    with ThreadPoolExecutor(8) as pool:
        assert set(pool.map(read, range(64))) == {(True, "UTC")}
