"""Sweeps over HTTP against stand-ins of every kind of source: what was deleted there is nowhere in the home any more."""

import subprocess
import sys
import time
from collections.abc import Generator
from contextlib import contextmanager
from pathlib import Path
from types import SimpleNamespace
from typing import Any

import httpx
import prawcore.rate_limit
import prawcore.sessions
import pytest
from praw.config import Config

from pipeline import collect, corpus, extract, staging, sweep, tables
from pipeline import study as studies
from pipeline.door import Door, key
from pipeline.fetching import turns
from pipeline.home import Home
from pipeline.post import Batch, Post
from pipeline.release import build
from pipeline.sources import reddit_api as reddit_sources
from pipeline.staging import SourceRow
from pipeline.study import Study
from tests.support import lemmy_api, reddit_api
from tests.support.boards import Board
from tests.support.served import served

ROOT = Path(__file__).resolve().parents[2]
SECRET = "my purple baclofen porridge cured the craving within nine days"


@pytest.fixture
def home(tmp_path: Path) -> Home:
    return Home(tmp_path / "home").make()


@pytest.fixture(autouse=True)
def no_naps(monkeypatch: pytest.MonkeyPatch) -> None:
    napped: list[float] = []
    monkeypatch.setattr(turns.SHARED, "sleep", napped.append)
    monkeypatch.setattr(turns.SHARED, "_hosts", {})
    clock = SimpleNamespace(sleep=napped.append, monotonic=time.monotonic, monotonic_ns=time.monotonic_ns)
    monkeypatch.setattr(reddit_sources, "GAP", 0.0)
    monkeypatch.setattr(prawcore.rate_limit, "time", clock)
    monkeypatch.setattr(prawcore.sessions, "time", clock)


def study(*sources: dict[str, Any]) -> Study:
    return Study.model_validate({"name": "t", "title": "t", "index": "baclofen", "source": list(sources)})


def one(url: str, kind: str = "board") -> Study:
    return study({"name": "it", "kind": kind, "urls": [url], "allow_private": True})


def ask(home: Home, sql: str) -> list[tuple[Any, ...]]:
    with corpus.reading(home) as con:
        return con.execute(sql).fetchall()


def gather(about: Study, home: Home, *, read: bool = False) -> None:
    """Collect, read, write tables: so that words lie wherever words can lie."""
    assert [c.error for c in collect.collect(about, home)] == [None] * len(about.sources)
    if not read:
        return
    with corpus.writing(home) as con:
        corpus.publish(con, studies.load("baclofen"))
    extract.new_posts(home, studies.load("baclofen"))
    tables.write_all(home)
    (home.root / "report.html").write_text(f"<p>{SECRET}</p>")


def nowhere(home: Home, *words: str) -> None:
    """Assert that no file of the home holds the words, packed or not."""
    import gzip

    for file in home.root.rglob("*"):
        if not file.is_file():
            continue
        held = file.read_bytes()
        if file.suffix == ".gz":
            held += gzip.decompress(held)
        for word in words:
            assert word.encode() not in held, (file, word)


@pytest.fixture
def board() -> Board:
    made = Board()
    for number in range(1, 6):
        made.topic(number, forum=1, posts=7)
    return made


def test_a_post_that_a_board_deleted_goes_from_every_file_of_the_home(board: Board, home: Home) -> None:
    board.post(2, SECRET)
    board.post(4, f"{SECRET} and more, edited later")
    with served(board.answer) as base:
        gather(one(base), home, read=True)
        assert ask(home, f"select count(*) from post where text like '%{SECRET}%'") == [(2,)]
        board.delete(2, 7)
        board.topics[4].messages[7].text = "This message was deleted by its author."
        (done,) = sweep.sweep(one(base), home, hours=0)
        assert (done.gone, done.left, done.error) == (2, 0, None)
        nowhere(home, "purple", "porridge", "nine days")
        assert ask(home, "select count(*) from post") == [(35,)]
        assert ask(home, "select count(*) from tombstone") == [(2,)]
        assert [c.merged.new for c in collect.collect(one(base), home)] == [0]
        assert [c.merged.new for c in collect.collect(one(base), home, from_archive=True)] == [0]
        assert sweep.sweep(one(base), home)[0].asked == 0  # all were asked for within 48 hours


def test_a_thread_that_is_no_more_takes_its_posts_along(board: Board, home: Home) -> None:
    board.post(3, SECRET)
    with served(board.answer) as base:
        gather(one(base), home)
        del board.topics[3]
        (done,) = sweep.sweep(one(base), home, hours=0)
    assert (done.gone, done.error) == (8, None)
    nowhere(home, "purple", "porridge")


def test_a_post_that_was_moved_to_another_page_or_edited_stays(board: Board, home: Home) -> None:
    with served(board.answer) as base:
        gather(one(base), home)
        board.delete(1, 0)
        board.topics[2].messages[3].text = "Other words by the same author."
        (done,) = sweep.sweep(one(base), home, hours=0)
        assert done.gone == 1
        assert ask(home, "select count(*) from post") == [(34,)]
        assert ask(home, "select count(*) from post where text like 'Other words%'") == [(1,)]


@pytest.mark.parametrize("status", [403, 404, 429, 500, 503])
def test_a_board_that_is_down_has_deleted_nothing(board: Board, home: Home, status: int) -> None:
    with served(board.answer) as base:
        gather(one(base), home)
    with served(lambda _: httpx.Response(status, text="<html>not now</html>")) as other:
        down = _moved(home, base, other)
        (done,) = sweep.sweep(down, home, hours=0)
    assert done.error is not None
    assert done.gone == 0
    assert ask(home, "select count(*) from post where status = 'live'") == [(35,)]


def test_a_thread_that_leads_to_another_host_of_the_site_which_is_down_does_not_end_the_sweep(
    board: Board, home: Home
) -> None:
    with served(board.answer) as base:
        gather(one(base), home)
        there = base.replace("http://", "https://")  # nobody speaks TLS there
        board.broken["/viewtopic.php?t=3"] = httpx.Response(301, headers={"location": f"{there}/viewtopic.php?t=3"})
        board.delete(2, 6)  # one is asked for before it, the other after
        board.delete(4, 6)
        (done,) = sweep.sweep(one(base), home, hours=0)
    assert done.gone == 2
    assert isinstance(done.error, turns.HostDown)
    assert "https://" in str(done.error)


@pytest.mark.parametrize("kind", ["board", "lemmy"])
def test_a_site_that_nobody_answers_for_has_deleted_nothing(board: Board, home: Home, kind: str) -> None:
    with served(board.answer) as base:
        gather(one(base), home)
    gone = one(base, kind)
    (done,) = sweep.sweep(gone, home, hours=0)
    assert isinstance(done.error, turns.HostDown)
    assert collect.may_pass(gone.source("it"), done.error)
    assert (done.asked, done.gone) == (0, 0)
    assert ask(home, "select count(*) from post where status = 'live'") == [(35,)]


@pytest.mark.parametrize(
    "body", ["", "<html><body><h1>Maintenance</h1></body></html>", "<html><body>Log in</body></html>"]
)
def test_a_page_that_holds_no_thread_has_deleted_nothing(board: Board, home: Home, body: str) -> None:
    with served(board.answer) as base:
        gather(one(base), home)
    with served(
        lambda r: httpx.Response(200, html=body) if r.url.path != "/robots.txt" else httpx.Response(404)
    ) as other:
        (done,) = sweep.sweep(_moved(home, base, other), home, hours=0)
    assert done.error is not None
    assert ask(home, "select count(*) from post where status = 'live'") == [(35,)]


def _moved(home: Home, base: str, other: str) -> Study:
    """Let the corpus believe that it was collected at another port: the one on which the site is ill."""
    with corpus.writing(home) as con:
        for table in ("post", "thread"):
            con.execute(f"update {table} set url = replace(url, ?, ?)", [base, other])
    return one(other)


REVIEW = """<div class="ddc-comment" id="comment-{n}"><div class="ddc-comment-header">Writer{n} <span class="comment-date">March
{n}, 2019</span></div><p><b>For Alcohol Dependence:</b> "{text}"</p><div>9 / 10</div></div>"""


def test_a_review_that_its_site_deleted_goes(home: Home) -> None:
    reviews = {n: f"Baclofen took the edge off for reviewer number {n}." for n in range(1, 13)}
    reviews[5] = SECRET

    def answer(request: httpx.Request) -> httpx.Response:
        if request.url.path != "/comments/baclofen/":
            return httpx.Response(404)
        page = int(request.url.params.get("page", "1"))
        some = list(reviews.items())[5 * (page - 1) : 5 * page]
        more = f'<a class="ddc-paging-item-next" href="/comments/baclofen/?page={page + 1}">Next</a>'
        shown = "".join(REVIEW.format(n=n, text=t) for n, t in some)
        return httpx.Response(
            200, html=f"<h1>Baclofen User Reviews</h1>{shown}{more if 5 * page < len(reviews) else ''}"
        )

    with served(answer) as base:
        about = one(f"{base}/comments/baclofen/", "reviews")
        gather(about, home)
        assert ask(home, "select count(*) from post") == [(12,)]
        del reviews[5]
        (done,) = sweep.sweep(about, home, hours=0)
    assert (done.gone, done.left, done.error) == (1, 0, None)
    assert ask(home, "select count(*) from post") == [(11,)]
    nowhere(home, "purple", "porridge")


def test_what_lemmy_deleted_removed_or_purged_goes(home: Home) -> None:
    server = lemmy_api.Server()
    for number in range(1, 5):
        server.post(number, f"Body of post {number}, which stays.")
        server.comment(10 + number, number, f"Comment on post {number}, which stays.")
    server.post(6, SECRET)
    server.comment(20, 1, f"first comment: {SECRET}")
    server.comment(21, 2, f"second comment: {SECRET}")
    with served(server.answer) as base:
        about = one(base, "lemmy")
        gather(about, home)
        assert ask(home, "select count(*) from post") == [(11,)]
        server.posts[6]["post"] |= {"deleted": True, "body": ""}
        server.comments[20]["comment"] |= {"removed": True, "content": ""}
        del server.comments[21]
        (done,) = sweep.sweep(about, home, hours=0)
        assert (done.gone, done.left, done.error) == (3, 0, None)
        nowhere(home, "purple", "porridge")
        assert ask(home, "select count(*) from post where status = 'live'") == [(8,)]
    with served(lambda _: httpx.Response(502)) as other:
        (down,) = sweep.sweep(_lemmy_moved(other), home, hours=0)
    assert (down.gone, down.asked) == (0, 0)
    assert down.error is not None


def _lemmy_moved(other: str) -> Study:
    return one(other, "lemmy")


@pytest.fixture
def world(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> reddit_api.World:
    made = reddit_api.World()
    made.submit("aa", 1_700_000_000)
    for n in range(130):
        made.answer(f"c{n}", "t3_aa", 1_700_000_001 + n)
    monkeypatch.chdir(tmp_path)
    monkeypatch.setenv("XDG_CONFIG_HOME", str(tmp_path))
    monkeypatch.setattr(Config, "CONFIG", None)
    return made


@contextmanager
def reddit(world: reddit_api.World, monkeypatch: pytest.MonkeyPatch) -> Generator[Study]:
    with reddit_api.served(world) as base:
        for name, value in {"URL": base, "OAUTH_URL": base, "CLIENT_ID": "an-id", "CLIENT_SECRET": "a-secret",
                            "USER": "some_researcher"}.items():  # fmt: skip
            monkeypatch.setenv(f"DOSELORE_REDDIT_{name}", value)
        approval = {"basis": "a test", "date": "2026-01-31"}
        yield study({"name": "api", "kind": "reddit", "subreddits": ["recovery"], "approval": approval})


def test_reddit_is_asked_in_hundreds_newest_first_and_what_is_gone_there_goes(
    world: reddit_api.World, home: Home, monkeypatch: pytest.MonkeyPatch
) -> None:
    for own_id in ("c3", "c120"):
        world.comments[own_id]["body"] = f"{SECRET} {own_id}"
    with reddit(world, monkeypatch) as about:
        gather(about, home)
        assert ask(home, "select count(*) from post") == [(131,)]
        done_release = build.export(home, home.root.parent / "out", "public")
        world.comments["c3"] |= {"author": "[deleted]", "body": "[deleted]"}
        world.comments["c120"] |= {"author": "[deleted]", "body": "[removed]"}
        world.log.clear()
        (done,) = sweep.sweep(about, home, hours=0)
        asked = [p for p in world.paths() if "/api/info" in p]
        assert (done.asked, done.gone, done.left, done.error) == (131, 2, 0, None)
        assert len(asked) == 2
        assert "t1_c129" in asked[0]
        assert "t3_aa" in asked[1]
        nowhere(home, "purple", "porridge")
        assert done_release.name in str(ask(home, "select releases from erasure"))
        # Neither a dump, nor the crawl, nor the archive brings it back.
        with staging.Staging(home, SourceRow("dump", "file", "dump"), Door(key(home.key))) as aside:
            aside.add(Batch(posts=(Post("t1_c3", SECRET, author="writer_c3"),)))
        assert staging.merge(home)["dump"].erased == 1
        world.comments["c3"] |= {"author": "writer_c3", "body": SECRET}
        collect.collect(about, home)
        collect.collect(about, home, from_archive=True)
        assert ask(home, f"select count(*) from post where text like '%{SECRET[:20]}%'") == [(0,)]


def test_a_reddit_that_names_nothing_has_deleted_nothing(
    world: reddit_api.World, home: Home, monkeypatch: pytest.MonkeyPatch
) -> None:
    with reddit(world, monkeypatch) as about:
        gather(about, home)
    with reddit(reddit_api.World(), monkeypatch) as about:
        (done,) = sweep.sweep(about, home, hours=0)
    assert (done.asked, done.gone) == (0, 0)
    assert "nothing is erased" in str(done.error)
    with reddit(world, monkeypatch) as about:
        del world.comments["c129"]  # one that is not named, among others that are
        (done,) = sweep.sweep(about, home, hours=0)
        assert (done.gone, done.error) == (1, None)


def test_a_sweep_that_is_killed_goes_on_where_it_was(board: Board, home: Home) -> None:
    for topic in range(6, 30):
        board.topic(topic, forum=1, posts=2)
    board.post(1, SECRET)  # the newest
    board.post(28, f"{SECRET} too")
    killed = (
        "import os, sys\n"
        "from pathlib import Path\n"
        "from pipeline import forget, sweep\n"
        "from pipeline.home import Home\n"
        "from tests.pipeline.test_sweep_sources import one\n"
        "forget.rewrite = lambda home: os._exit(9)\n"
        "sweep.sweep(one(sys.argv[2]), Home(Path(sys.argv[1])), hours=0)\n"
    )
    with served(board.answer) as base:
        gather(one(base), home)
        (home.root / "report.html").write_text(f"<p>{SECRET}</p>")
        board.delete(1, 7)
        board.delete(28, 2)
        dead = subprocess.run([sys.executable, "-c", killed, str(home.root), base], cwd=ROOT, check=False)
        assert dead.returncode == 9
        (done,) = sweep.sweep(one(base), home, hours=0)
        assert done.error is None
        nowhere(home, "purple", "porridge")
        assert ask(home, "select count(*) from tombstone") == [(2,)]
        assert sweep.sweep(one(base), home)[0].asked == 0
