"""Collecting a study's sources into the corpus, and reading them again from the archive."""

import errno
import os
import socket
from collections.abc import Generator
from pathlib import Path
from typing import Any

import httpx
import pytest

from pipeline import collect, corpus, ledger
from pipeline.archive import Archive
from pipeline.errors import CorpusError, Forbidden, StudyError
from pipeline.fetching import turns
from pipeline.home import Home
from pipeline.post import Capture
from pipeline.study import Study
from tests.support.boards import Board
from tests.support.served import served


@pytest.fixture
def home(tmp_path: Path) -> Home:
    return Home(tmp_path / "home")


@pytest.fixture
def board() -> Board:
    made = Board()
    for number in range(1, 5):
        made.topic(number, forum=1, posts=number * 3)
    return made


@pytest.fixture
def base(board: Board) -> Generator[str]:
    with served(board.answer) as address:
        yield address


@pytest.fixture(autouse=True)
def no_naps(monkeypatch: pytest.MonkeyPatch) -> None:
    napped: list[float] = []
    monkeypatch.setattr(turns.SHARED, "sleep", napped.append)


def study(**sources: str) -> Study:
    told = [{"name": n, "kind": "board", "urls": [u], "allow_private": True} for n, u in sources.items()]
    return Study.model_validate({"name": "trial", "title": "A trial", "index": "baclofen", "source": told})


def ask(home: Home, sql: str) -> list[tuple[Any, ...]]:
    with corpus.reading(home) as con:
        return con.execute(sql).fetchall()


_ALL = "select post_id, thread_id, author_id, posted_at, title, url, text, quoted from post order by post_id"


def test_a_dead_source_is_named_and_the_others_are_collected(home: Home, board: Board, base: str) -> None:
    with socket.socket() as nobody:
        nobody.bind(("127.0.0.1", 0))
        done = collect.collect(study(alive=base, dead=f"http://127.0.0.1:{nobody.getsockname()[1]}/"), home)
    alive, dead = done
    assert alive.error is None
    assert alive.merged.new == len(board.visible())
    assert dead.error is not None
    assert "127.0.0.1" in str(dead.error)
    assert ask(home, "select distinct source_id from post") == [("alive",)]


@pytest.mark.parametrize("room", [0, 700, 9_000, 20_000, 40_000])
def test_a_full_disk_stops_the_crawl_in_one_line_and_the_next_goes_on(
    home: Home, board: Board, base: str, room: int, monkeypatch: pytest.MonkeyPatch
) -> None:
    write, left = os.write, [room]

    def full(descriptor: int, data: Any) -> int:
        if left[0] <= 0:
            raise OSError(errno.ENOSPC, os.strerror(errno.ENOSPC))
        written = write(descriptor, bytes(data)[: left[0]])
        left[0] -= written
        return written

    home.make()
    with monkeypatch.context() as disk:
        disk.setattr("pipeline.durable.os.write", full)
        done = collect.collect(study(b=base), home)[0]
    assert isinstance(done.error, CorpusError)
    assert "No space left" in str(done.error)
    assert ledger.verify(home.root / "ledger" / "b.ndjson") is None
    again = collect.collect(study(b=base), home)[0]
    assert again.error is None
    assert dict(ask(home, "select native_id, text from post")) == board.visible()
    assert ledger.verify(home.root / "ledger" / "b.ndjson") is None
    with Archive(home.root / "archive", "b") as archive:
        held = ask(home, "select sha256, url, status, fetched_at from capture")
        assert all(archive.read(Capture(*row)) for row in held)


def test_a_board_with_nothing_in_it_is_no_error(home: Home) -> None:
    empty = Board()
    empty.forum(1, "A forum without a topic")
    with served(empty.answer) as address:
        done = collect.collect(study(b=address), home)[0]
    assert (done.error, done.merged.seen) == (None, 0)


def test_a_board_that_shows_a_login_page_with_status_200_is_named(home: Home) -> None:
    closed = Board()
    login = httpx.Response(200, html="<html><body id='phpbb'><a href='./viewforum.php?f=1'>x</a><form action='./ucp.php?mode=login'>"
        "<input type='password' name='password'></form><p>The board requires you to be registered and logged in.</p></body></html>")  # fmt: skip
    closed.broken = {"/": login}
    with served(closed.answer) as address:
        done = collect.collect(study(b=address), home)[0]
    assert done.merged.seen == 0
    assert "login" in str(done.error)


def test_what_a_reader_got_wrong_is_set_right_from_the_archive_without_asking_the_board(
    home: Home, board: Board, base: str
) -> None:
    collect.collect(study(b=base), home)
    right = ask(home, _ALL)
    with corpus.writing(home) as con:  # as an earlier reader, less able, would have left it
        con.execute("update post set text = 'half of it', title = null where native_id in ('1', '2')")
        con.execute("update post set posted_at = posted_at - interval 9 hours, author_id = null where native_id = '3'")
        con.execute("delete from post where native_id = '4'")
    board.asked.clear()
    done = collect.collect(study(b=base), home, from_archive=True)[0]
    assert (done.error, done.merged.new, done.merged.changed) == (None, 1, 3)
    assert ask(home, _ALL) == right
    assert ask(home, "from post_version") == []
    assert not board.asked


def test_a_lost_corpus_is_made_again_from_the_archive(home: Home, base: str) -> None:
    collect.collect(study(b=base), home)
    right = ask(home, _ALL)
    home.corpus.unlink()
    collect.collect(study(b=base), home, from_archive=True)
    assert ask(home, _ALL) == right


def test_what_was_deleted_does_not_come_back_from_the_archive(home: Home, base: str) -> None:
    collect.collect(study(b=base), home)
    with corpus.writing(home) as con:
        con.execute("update post set status = 'deleted', text = '' where native_id = '1'")
    collect.collect(study(b=base), home, from_archive=True)
    assert ask(home, "select status, text from post where native_id = '1'") == [("deleted", "")]


def test_a_board_crawled_by_its_address_alone_is_read_again_by_its_name(home: Home, base: str) -> None:
    crawled = collect.with_address(study(), "mine", base, None, None, allow_private=True)
    new = collect.collect(crawled, home, ["mine"])[0].merged.new
    done = collect.collect(study(), home, ["mine"], from_archive=True)[0]
    assert (done.error, done.merged.same) == (None, new)


def test_a_source_without_an_archive_is_named(home: Home, base: str) -> None:
    collect.collect(study(board=base), home)
    with pytest.raises(StudyError, match=r'"boards" has nothing in the archive.*there is: board.*mean "board"'):
        collect.collect(study(), home, ["boards"], from_archive=True)


def test_a_source_that_is_down_from_the_start_is_worth_another_try_and_one_that_forbids_is_not(
    home: Home, board: Board, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(turns.SHARED, "_hosts", {})
    with served(board.answer) as base:
        pass
    down = study(down=base)
    (done,) = collect.collect(down, home)
    assert isinstance(done.error, turns.HostDown)
    assert "refused" in str(done.error)
    assert collect.may_pass(down.source("down"), done.error)
    board.robots = "User-agent: *\nDisallow: /\n"
    with served(board.answer) as base:
        shut = study(shut=base)
        (done,) = collect.collect(shut, home)
    assert isinstance(done.error, Forbidden)
    assert not collect.may_pass(shut.source("shut"), done.error)


def test_a_host_that_is_down_does_not_stop_the_other_hosts_of_its_source(
    home: Home, base: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(turns.SHARED, "_hosts", {})
    with served(lambda _: httpx.Response(404)) as dead:
        pass
    settings = {"name": "two", "kind": "board", "urls": [dead, base], "allow_private": True}
    both = Study.model_validate({"name": "t", "title": "t", "index": "baclofen", "source": [settings]})
    (done,) = collect.collect(both, home)
    assert isinstance(done.error, turns.HostDown)
    assert done.merged.new == 30


@pytest.mark.parametrize("first", ["gone", "down"])
def test_a_source_with_one_address_gone_and_another_down_is_worth_another_try(
    home: Home, monkeypatch: pytest.MonkeyPatch, first: str
) -> None:
    monkeypatch.setattr(turns.SHARED, "_hosts", {})
    with served(lambda _: httpx.Response(404)) as dead:
        pass
    with served(lambda _: httpx.Response(404)) as gone:
        urls = [gone, dead] if first == "gone" else [dead, gone]
        settings = {"name": "two", "kind": "board", "urls": urls, "allow_private": True}
        both = Study.model_validate({"name": "t", "title": "t", "index": "baclofen", "source": [settings]})
        (done,) = collect.collect(both, home)
    assert isinstance(done.error, turns.HostDown)
    assert collect.may_pass(both.source("two"), done.error)
