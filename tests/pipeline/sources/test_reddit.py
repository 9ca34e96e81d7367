"""Collecting from Reddit's API with the real client, over HTTP, against a stand-in server on loopback."""

import subprocess
import time
from collections.abc import Generator, Iterator
from datetime import UTC, date, datetime
from pathlib import Path
from types import SimpleNamespace
from typing import Any

import prawcore.rate_limit
import prawcore.sessions
import pytest
from praw.config import Config

from pipeline import ledger
from pipeline.archive import Archive
from pipeline.errors import Forbidden, Gone, RateLimited
from pipeline.post import Batch, Post
from pipeline.sources import reddit, reddit_api, reddit_record
from pipeline.study import Approval, Source
from tests.support.reddit_api import Answer, World, served

START = 1_700_000_000


@pytest.fixture
def world() -> World:
    """Two threads in r/recovery, one with a small tree."""
    made = World()
    made.submit("aa", START)
    made.submit("bb", START + 100)
    made.answer("c1", "t3_aa", START + 200)
    made.answer("c2", "t1_c1", START + 300)
    made.answer("c3", "t3_bb", START + 400)
    return made


@pytest.fixture
def naps(monkeypatch: pytest.MonkeyPatch) -> list[float]:
    """Let nothing sleep; give how long each nap would have been."""
    taken: list[float] = []
    clock = SimpleNamespace(sleep=taken.append, monotonic=time.monotonic, monotonic_ns=time.monotonic_ns)
    monkeypatch.setattr(prawcore.rate_limit, "time", clock)
    monkeypatch.setattr(prawcore.sessions, "time", clock)
    return taken


@pytest.fixture(autouse=True)
def base(world: World, naps: list[float], monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> Generator[str]:
    monkeypatch.chdir(tmp_path)
    monkeypatch.setenv("XDG_CONFIG_HOME", str(tmp_path))
    monkeypatch.setattr(Config, "CONFIG", None)
    with served(world) as address:
        for name in ("URL", "OAUTH_URL"):
            monkeypatch.setenv(f"DOSELORE_REDDIT_{name}", address)
        monkeypatch.setenv("DOSELORE_REDDIT_CLIENT_ID", "an-id")
        monkeypatch.setenv("DOSELORE_REDDIT_CLIENT_SECRET", "a-secret")
        monkeypatch.setenv("DOSELORE_REDDIT_USER", "some_researcher")
        yield address


def source(*subreddits: str, **more: Any) -> Source:
    approval = Approval(basis="Reddit for Researchers, signed", date=date(2026, 1, 31))
    settings: dict[str, Any] = {"name": "reddit", "kind": "reddit", "approval": approval, **more}
    return Source(subreddits=subreddits or ("recovery",), **settings)


def crawl(state: dict[str, str], asked: Source | None = None, naps: list[float] | None = None) -> list[Batch]:
    taken: list[float] = [] if naps is None else naps
    batches: list[Batch] = []
    for batch in reddit.collect(asked or source(), state, sleep=taken.append):
        state.update({k: v for k, v in batch.checkpoint.items() if v})
        batches.append(batch)
    return batches


def posts(batches: list[Batch]) -> dict[str, Post]:
    return {p.native_id: p for b in batches for p in b.posts}


def test_submissions_come_with_their_whole_trees() -> None:
    found = posts(crawl({}))
    assert set(found) == {"t3_aa", "t3_bb", "t1_c1", "t1_c2", "t1_c3"}
    assert found["t1_c2"] == Post(
        native_id="t1_c2",
        text="Words of c2",
        thread_id="t3_aa",
        parent_id="t1_c1",
        author="writer_c2",
        posted_at=datetime.fromtimestamp(START + 300, UTC),
        url="https://www.reddit.com/r/recovery/comments/aa/title/c2/",
        extra={"subreddit": "recovery", "score": "1"},
    )
    assert (found["t3_aa"].title, found["t3_aa"].author) == ("Title of aa", "starter_aa")


def test_threads_are_told_with_title_and_count() -> None:
    threads = {t.native_id: t for b in crawl({}) for t in b.threads}
    assert (threads["t3_aa"].title, threads["t3_aa"].posts) == ("Title of aa", 3)


def test_hidden_and_continued_comments_are_fetched(world: World) -> None:
    world.shown, world.depth = 2, 3
    for n in range(9):
        world.answer(f"wide{n}", "t3_bb", START + 500 + n)
    parent = "t3_aa"
    for n in range(8):
        world.answer(f"deep{n}", parent, START + 600 + n)
        parent = f"t1_deep{n}"
    found = posts(crawl({}))
    assert {f"t1_wide{n}" for n in range(9)} | {f"t1_deep{n}" for n in range(8)} <= set(found)
    assert any("morechildren" in p for p in world.paths())
    assert any("/comments/aa/_/" in p for p in world.paths())


def test_a_second_crawl_asks_for_listings_only_and_gives_nothing_twice(world: World) -> None:
    state: dict[str, str] = {}
    crawl(state)
    world.log.clear()
    assert posts(crawl(state)) == {}
    assert [p.split("?")[0] for p in world.paths()] == ["/r/recovery/comments/", "/r/recovery/new"]


def test_a_second_crawl_gives_what_is_new(world: World) -> None:
    state: dict[str, str] = {}
    crawl(state)
    world.submit("cc", START + 1000)
    world.answer("c4", "t3_aa", START + 1100)
    world.answer("c5", "t3_cc", START + 1200)
    world.log.clear()
    assert set(posts(crawl(state))) == {"t3_cc", "t1_c4", "t1_c5"}
    assert not any(p.startswith("/comments/aa") for p in world.paths())


def test_a_comment_in_an_old_thread_brings_the_thread(world: World) -> None:
    world.submissions["aa"]["subreddit"] = "elsewhere-in-the-listing"
    assert {"t3_aa", "t1_c1", "t1_c2"} <= set(posts(crawl({})))


def test_a_crawl_cut_short_goes_on_and_loses_nothing(world: World) -> None:
    for n in range(6):
        world.submit(f"s{n}", START + 2000 + n)
    whole = set(posts(crawl({})))
    for stop in range(1, 9):
        state: dict[str, str] = {}
        kept: list[Batch] = []
        for batch, _ in zip(reddit.collect(source(), state, sleep=lambda _: None), range(stop), strict=False):
            kept.append(batch)
        for batch in kept:
            state.update({k: v for k, v in batch.checkpoint.items() if v})
        again = crawl(state)
        assert set(posts(kept)) | set(posts(again)) == whole
        assert not {i for i in posts(kept) if i.startswith("t3_")} & set(posts(again))


def test_searches_find_threads_that_are_not_new(world: World) -> None:
    state: dict[str, str] = {}
    crawl(state)
    world.submit("old", START - 10_000_000, selftext="how baclofen went")
    assert set(posts(crawl(state))) == set()
    assert set(posts(crawl(state, source(queries=("baclofen",))))) == {"t3_old"}


def test_after_more_comments_than_a_listing_holds_changed_threads_are_read_again(world: World) -> None:
    state: dict[str, str] = {}
    crawl(state)
    world.answer("lost", "t3_aa", START + 900)
    for n in range(3):
        world.answer(f"n{n}", "t3_bb", START + 100_000 + n)
    found = posts(crawl(state, source(limit=3)))
    assert {"t1_lost", "t1_n0", "t1_n1", "t1_n2"} <= set(found)


def test_deleted_and_removed_are_seen_as_such(world: World) -> None:
    world.comments["c1"] |= {"author": "[deleted]", "body": "[deleted]"}
    world.comments["c2"] |= {"author": "[deleted]", "body": "[removed]"}
    world.submissions["bb"] |= {"removed_by_category": "moderator", "selftext": "[removed]"}
    found = posts(crawl({}))
    assert {i: p.status for i, p in found.items() if p.status != "live"} == {
        "t1_c1": "deleted",
        "t1_c2": "removed",
        "t3_bb": "removed",
    }
    assert {(p.text, p.title, p.author) for p in found.values() if p.status != "live"} == {("", None, None)}


def test_looking_again_tells_what_was_deleted_since(world: World) -> None:
    del world.comments["c3"]
    world.comments["c2"] |= {"author": "[deleted]", "body": "[deleted]"}
    held = ["t3_aa", "t1_c1", "t1_c2", "t1_c3"]
    found = posts(list(reddit.look_again(source(), held, sleep=lambda _: None)))
    assert {i: p.status for i, p in found.items()} == {
        "t3_aa": "live", "t1_c1": "live", "t1_c2": "deleted", "t1_c3": "deleted",
    }  # fmt: skip
    assert found["t1_c3"].text == ""


def test_without_approval_nothing_is_asked(world: World) -> None:
    with pytest.raises(Forbidden, match="approval"):
        crawl({}, source(approval=None))
    assert world.log == []


@pytest.mark.parametrize(
    ("missing", "said"),
    [("CLIENT_ID", "DOSELORE_REDDIT_CLIENT_ID"), ("CLIENT_SECRET", "praw.ini"), ("USER", "DOSELORE_REDDIT_USER")],
)
def test_without_credentials_nothing_is_asked(
    world: World, monkeypatch: pytest.MonkeyPatch, missing: str, said: str
) -> None:
    monkeypatch.delenv(f"DOSELORE_REDDIT_{missing}")
    with pytest.raises(Forbidden, match=said):
        crawl({})
    assert world.log == []


def test_credentials_may_come_from_a_praw_ini(world: World, monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    for name in ("CLIENT_ID", "CLIENT_SECRET", "USER"):
        monkeypatch.delenv(f"DOSELORE_REDDIT_{name}")
    agent = "linux:example.study:1.0 (by /u/some_researcher)"
    (tmp_path / "praw.ini").write_text(f"[doselore]\nclient_id=a\nclient_secret=b\nuser_agent={agent}\n")
    assert len(posts(crawl({}))) == 5
    assert all(a.startswith(agent) for _, _, a in world.log)


def test_the_user_agent_says_who_asks(world: World) -> None:
    crawl({})
    assert world.log
    assert all(":doselore:" in agent and "(by /u/some_researcher)" in agent for _, _, agent in world.log)


def test_credentials_never_go_over_plain_http_to_another_machine(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("DOSELORE_REDDIT_OAUTH_URL", "http://reddit.example")
    with pytest.raises(Forbidden, match="https"):
        crawl({})


def test_refused_credentials_are_named(world: World) -> None:
    world.faults["/api/v1/access_token"] = [Answer(401, '{"message": "Unauthorized", "error": 401}')] * 9
    with pytest.raises(Forbidden, match="refuses the credentials"):
        crawl({})


@pytest.mark.parametrize(("status", "reason"), [(403, "private"), (404, "not there"), (451, "legal")])
def test_a_subreddit_that_refuses_is_set_aside_and_the_others_go_on(world: World, status: int, reason: str) -> None:
    world.refused["closed"] = status
    batches = crawl({}, source("closed", "recovery"))
    (aside,) = [e for b in batches for e in b.exclusions]
    assert (aside.what, aside.stage) == ("r/closed", "collect")
    assert reason in aside.reason
    assert len(posts(batches)) == 5


def test_where_every_subreddit_refuses_the_source_fails(world: World) -> None:
    world.refused["recovery"] = 403
    with pytest.raises(Gone, match="r/recovery"):
        crawl({})


HTML = Answer(429, "<!doctype html><title>Too Many Requests</title>", {"retry-after": "4"}, "text/html")


@pytest.mark.parametrize(
    "fault",
    [
        HTML,
        Answer(429, '{"message": "Too Many Requests", "error": 429}'),
        Answer(429, "", {"retry-after": "Wed, 21 Oct 2026 07:28:00 GMT"}),
        Answer(200, '{"kind": "Listing", "data": {"children": ['),
        Answer(200, "<html>maintenance</html>", kind="text/html"),
    ],
    ids=["429 HTML", "429 JSON", "429 with a date", "broken JSON", "HTML"],
)
@pytest.mark.parametrize("path", ["/r/recovery/new", "/comments/aa", "/r/recovery/comments"])
def test_a_passing_fault_is_waited_out(world: World, fault: Answer, path: str) -> None:
    world.faults[path] = [fault, fault]
    naps: list[float] = []
    assert len(posts(crawl({}, naps=naps))) == 5
    assert len([n for n in naps if n > reddit_api.GAP]) == 2


@pytest.mark.parametrize("status", [500, 502, 503, 504, 520])
def test_server_errors_are_waited_out(world: World, status: int) -> None:
    world.faults["/comments/aa"] = [Answer(status, "oops")] * 4
    assert len(posts(crawl({}))) == 5


def test_retry_after_is_the_time_waited(world: World) -> None:
    world.faults["/r/recovery/new"] = [HTML]
    naps: list[float] = []
    crawl({}, naps=naps)
    assert 4.0 in naps


def test_a_429_on_the_token_is_waited_out(world: World) -> None:
    world.faults["/api/v1/access_token"] = [Answer(429, '{"message": "Too Many Requests", "error": 429}')]
    assert len(posts(crawl({}))) == 5


def test_reddit_that_goes_on_answering_429_ends_the_crawl_with_the_time_told(world: World) -> None:
    world.faults["/r/recovery/new"] = [HTML] * 50
    with pytest.raises(RateLimited) as error:
        crawl({})
    assert error.value.retry_after == 4


def test_the_rate_limit_headers_are_obeyed(world: World, naps: list[float]) -> None:
    world.remaining, world.reset = "0.0", "37"
    crawl({})
    assert naps
    assert all(36 < nap <= 37 for nap in naps)


def test_requests_keep_the_delay_of_the_source() -> None:
    naps: list[float] = []
    crawl({}, source(delay_seconds=5), naps)
    assert len(naps) >= 4
    assert all(4 < nap <= 5 for nap in naps)


def test_a_thread_that_cannot_be_read_is_named_and_the_others_go_on(world: World) -> None:
    world.faults["/comments/aa"] = [Answer(403, '{"error": 403}')]
    state: dict[str, str] = {}
    batches = crawl(state)
    assert [(e.what, e.reason) for b in batches for e in b.exclusions] == [
        ("t3_aa", "thread is private or quarantined")
    ]
    assert {"t3_bb", "t1_c3", "t1_c1"} <= set(posts(batches))


def test_a_tree_read_in_part_is_kept_named_and_read_again(world: World) -> None:
    world.shown = 1
    world.answer("c9", "t3_aa", START + 10)
    world.faults["/api/morechildren"] = [Answer(503, "")] * 100
    state: dict[str, str] = {}
    batches = crawl(state)
    assert [e.what for b in batches for e in b.exclusions] == ["t3_aa"]
    assert "t1_c1" in posts(batches)
    world.faults.clear()
    state.pop("reddit:recovery:new")
    assert "t1_c9" in posts(crawl(state))


def test_every_answer_is_told_to_the_ledger() -> None:
    heard: list[int] = []
    list(reddit.collect(source(), {}, sleep=lambda _: None, heard=lambda answer: heard.append(answer.status_code)))
    assert len(heard) >= 5
    assert set(heard) == {200}


def recorded(home: Path, state: dict[str, str]) -> Iterator[Batch]:
    return reddit_record.collect_source(source(), home, state, sleep=lambda _: None)


def test_every_answer_is_archived_and_told_and_the_token_is_in_neither(tmp_path: Path) -> None:
    list(recorded(tmp_path, {}))
    told = list(ledger.rows(tmp_path / "ledger" / "reddit.ndjson"))
    asked = [row for row in told if row["kind"] == "request"]
    with Archive(tmp_path / "archive", "reddit") as archive:
        held = list(archive.captures())
    assert [k.capture.sha256 for k in held] == [row["sha256"] for row in asked]
    assert len(held) >= 4
    assert told[0]["user_agent"].endswith("(by /u/some_researcher)")
    assert told[0]["approval"]["basis"] == "Reddit for Researchers, signed"
    assert told[-1]["kind"] == "crawl finished"
    assert ledger.verify(tmp_path / "ledger" / "reddit.ndjson") is None
    for file in (tmp_path / "archive").rglob("*.warc.gz"):
        unpacked = subprocess.run(["gzip", "-dc", file], capture_output=True, check=True).stdout
        assert b"made-up" not in unpacked
        assert b"uthorization" not in unpacked


def test_posts_are_read_again_from_the_archive_alone(world: World, tmp_path: Path) -> None:
    world.shown, world.depth = 2, 3
    parent = "t3_aa"
    for n in range(8):
        world.answer(f"wide{n}", "t3_bb", START + 500 + n)
        world.answer(f"deep{n}", parent, START + 600 + n)
        parent = f"t1_deep{n}"
    collected = posts(list(recorded(tmp_path, {})))
    world.log.clear()
    assert posts(list(reddit_record.from_archive(source(), tmp_path))) == collected
    assert not world.log


def test_what_reddit_deleted_since_is_not_brought_back_from_an_older_answer(world: World, tmp_path: Path) -> None:
    state: dict[str, str] = {}
    for batch in recorded(tmp_path, state):
        state.update({k: v for k, v in batch.checkpoint.items() if v})
    world.comments["c1"].update(body="[deleted]", author="[deleted]")
    world.answer("c9", "t3_aa", START + 5000)
    list(recorded(tmp_path, {}))
    again = posts(list(reddit_record.from_archive(source(), tmp_path)))
    assert (again["t1_c1"].status, again["t1_c1"].text) == ("deleted", "")


def test_without_approval_nothing_is_written(world: World, tmp_path: Path) -> None:
    with pytest.raises(Forbidden, match="approval"):
        list(reddit_record.collect_source(source(approval=None), tmp_path / "home", {}))
    assert not (tmp_path / "home").exists()
    assert not world.log
