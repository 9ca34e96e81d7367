"""The walker, on an invented board that behaves as live boards do."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from pathlib import Path

import httpx
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from pipeline.archive import Archive
from pipeline.errors import Forbidden, Gone, RateLimited, SourceError, Unreadable
from pipeline.fetch import Fetcher
from pipeline.fetching.turns import HostDown
from pipeline.post import Batch, Exclusion, Post
from pipeline.sources import board as walker
from pipeline.study import Source
from tests.support.boards import BASE, Board
from tests.support.clocks import Clock


@dataclass
class Saved:
    """What a corpus would hold: posts by id, in the order they first came, and the checkpoints."""

    posts: dict[str, Post] = field(default_factory=dict[str, Post])
    state: dict[str, str] = field(default_factory=dict[str, str])
    exclusions: list[Exclusion] = field(default_factory=list[Exclusion])
    threads: set[str] = field(default_factory=set[str])
    batches: int = 0
    came: int = 0

    def add(self, batch: Batch) -> None:
        self.batches += 1
        self.came += len(batch.posts)
        self.posts.update({p.native_id: p for p in batch.posts})
        self.exclusions += batch.exclusions
        self.threads.update(t.native_id for t in batch.threads)
        for key, value in batch.checkpoint.items():
            if value is None:
                self.state.pop(key, None)
            else:
                self.state[key] = value

    def texts(self) -> dict[str, str]:
        return {i: p.text for i, p in self.posts.items()}


def batches(
    board: Board, state: Mapping[str, str], url: str = "/", *, archive: Archive | None = None, **source: object
) -> Iterator[Batch]:
    clock = Clock()
    place = Source.model_validate(
        {"name": "b", "kind": "board", "urls": [f"{BASE}{url}"], "allow_private": True, **source}
    )
    with Fetcher(
        Path(), place, archive=archive, transport=board.transport(), turns=clock.turns(), now=clock.now
    ) as fetcher:
        yield from walker.collect(place, fetcher, dict(state))


def _add_all(saved: Saved, found: Iterator[Batch]) -> None:
    for batch in found:
        saved.add(batch)


def crawl(
    board: Board, saved: Saved | None = None, url: str = "/", *, archive: Archive | None = None, **source: object
) -> Saved:
    """Crawl once; what comes is added to what was saved, from whose checkpoints it goes on."""
    saved = saved or Saved()
    board.asked.clear()
    saved.came, saved.exclusions = 0, []
    _add_all(saved, batches(board, saved.state, url, archive=archive, **source))
    return saved


@pytest.fixture
def board() -> Board:
    made = Board()
    made.topic(1, forum=1, posts=2, sticky=True)
    for number in range(2, 8):
        made.topic(number, forum=1, posts=number * 2)
    made.topic(20, forum=2, posts=5)
    return made


def test_every_visible_post_is_collected_once_and_in_order(board: Board) -> None:
    saved = crawl(board)
    assert saved.texts() == board.visible()
    assert saved.came == len(board.visible())
    for topic in board.topics.values():
        in_thread = [p for p in saved.posts.values() if p.thread_id == str(topic.id)]
        assert [p.native_id for p in in_thread] == [str(m.id) for m in topic.messages]
        assert [(p.author, p.posted_at) for p in in_thread] == [(m.author, m.at) for m in topic.messages]
    assert max(board.asked.values()) == 1


@pytest.mark.parametrize("robots", [500, None])
def test_a_thread_that_leads_to_another_host_of_the_site_which_is_down_is_set_aside_alone(
    board: Board, robots: int | None
) -> None:
    there, listed = f"https://127.0.0.1:{BASE.rpartition(':')[2]}", board.answer
    moved = httpx.Response(301, headers={"location": f"{there}/viewtopic.php?t=7"})
    board.broken["/viewtopic.php?t=7"] = moved

    def answer(request: httpx.Request) -> httpx.Response:
        if request.url.scheme == "http":
            return listed(request)
        if robots is None:
            raise httpx.ConnectError("Connection refused", request=request)
        return httpx.Response(robots)

    board.answer = answer
    saved = crawl(board)
    others = {str(m.id) for n, t in board.topics.items() if n != 7 for m in t.messages}
    assert set(saved.posts) == others
    assert [(e.what, e.reason) for e in saved.exclusions] == [(f"{BASE}/viewtopic.php?t=7", "not answered")]
    board.broken.clear()
    assert crawl(board, saved).texts() == board.visible()


def test_a_host_that_is_down_behind_the_redirect_of_the_start_is_told_as_down(board: Board) -> None:
    there, listed = f"https://127.0.0.1:{BASE.rpartition(':')[2]}", board.answer
    board.broken["/"] = httpx.Response(301, headers={"location": f"{there}/"})
    board.answer = lambda request: listed(request) if request.url.scheme == "http" else httpx.Response(500)
    with pytest.raises(HostDown, match=r"robots\.txt"):
        crawl(board)


def test_an_unchanged_board_costs_its_listings_only(board: Board) -> None:
    saved = crawl(board)
    crawl(board, saved)
    assert not board.threads_asked
    assert saved.came == 0


def test_only_threads_with_news_are_asked_again_and_only_their_end(board: Board) -> None:
    saved = crawl(board)
    board.post(7)
    crawl(board, saved)
    assert saved.texts() == board.visible()
    assert set(board.threads_asked) == {"/viewtopic.php?start=5&t=7", "/viewtopic.php?start=10&t=7"}


def test_a_reply_is_found_though_another_post_was_deleted_and_the_count_is_the_same(board: Board) -> None:
    saved = crawl(board)
    board.delete(7, 0)
    board.post(7)
    crawl(board, saved)
    assert board.visible().items() <= saved.texts().items()


@pytest.mark.parametrize("gone", [3, 6, 9, 12])
def test_deleted_posts_that_shift_later_ones_to_earlier_pages_hide_no_new_post(board: Board, gone: int) -> None:
    board.topic(30, forum=1, posts=14)
    saved = crawl(board)
    board.delete(30, *range(gone))
    for _ in range(4):
        board.post(30)
    crawl(board, saved)
    assert board.visible().items() <= saved.texts().items()


def test_an_edited_post_near_the_end_comes_again_with_its_new_text(board: Board) -> None:
    saved = crawl(board)
    board.topics[7].messages[-1].text = "Better words."
    board.post(7)
    crawl(board, saved)
    assert saved.texts() == board.visible()


def test_a_crawl_killed_after_any_batch_goes_on_and_ends_with_the_same_posts(board: Board) -> None:
    whole = crawl(board)
    for alive in range(whole.batches):
        saved = Saved()
        for batch in batches(board, {}):
            if saved.batches == alive:
                break
            saved.add(batch)
        held = len(saved.posts)
        crawl(board, saved)
        assert saved.texts() == board.visible()
        # What was read to its end is not read again; of a thread that was not, at most two pages are.
        assert saved.came <= len(board.visible()) - held + 2 * board.posts_a_page


@settings(max_examples=40, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(st.data())
def test_posts_written_and_deleted_between_interrupted_crawls_are_never_lost(data: st.DataObject) -> None:
    board = Board(posts_a_page=data.draw(st.integers(1, 4)), topics_a_page=2)
    for number in range(1, data.draw(st.integers(2, 5))):
        board.topic(number, forum=1, posts=data.draw(st.integers(1, 9)))
    saved = Saved()
    for _ in range(data.draw(st.integers(1, 4))):
        alive = data.draw(st.integers(0, 12))
        for batch in batches(board, saved.state):
            if alive == 0:
                break
            alive -= 1
            saved.add(batch)
        topic = data.draw(st.sampled_from(sorted(board.topics)))
        doomed = data.draw(st.sets(st.integers(0, len(board.topics[topic].messages) - 1), max_size=3))
        for _ in range(data.draw(st.integers(1, 4))):
            board.post(topic)
        board.delete(topic, *doomed)
    crawl(board, saved)
    assert board.visible().items() <= saved.texts().items()
    crawl(board, saved)
    assert not board.threads_asked


def test_moved_shadows_and_private_threads_are_left_out_and_private_ones_named(board: Board) -> None:
    board.topic(40, forum=2, posts=1).moved_to = 2
    board.topic(41, forum=2, posts=3, private=True)
    saved = crawl(board)
    assert saved.texts() == board.visible()
    assert [(e.what, e.reason) for e in saved.exclusions] == [(f"{BASE}/viewtopic.php?t=41", "needs a login")]
    crawl(board, saved)
    assert not board.threads_asked
    board.post(41)
    crawl(board, saved)
    assert sum(board.threads_asked.values()) == 1


def test_a_thread_that_is_gone_is_set_aside_and_the_rest_goes_on(board: Board) -> None:
    board.broken["/viewtopic.php?t=4"] = httpx.Response(410, html="<p>gone</p>")
    saved = crawl(board)
    lost = {str(m.id) for m in board.topics[4].messages}
    assert set(saved.texts()) == set(board.visible()) - lost
    assert [e.reason for e in saved.exclusions] == ["gone"]


def test_a_page_that_cannot_be_read_is_set_aside_and_tried_again_next_time(board: Board) -> None:
    board.broken["/viewtopic.php?start=5&t=7"] = httpx.Response(
        200, content=b"\x89PNG", headers={"content-type": "image/png"}
    )
    saved = crawl(board)
    first_page = {str(m.id) for m in board.topics[7].messages[:5]}
    assert first_page <= set(saved.posts)
    assert [e.reason for e in saved.exclusions] == ["page unreadable"]
    board.broken.clear()
    crawl(board, saved)
    assert saved.texts() == board.visible()
    crawl(board, saved)
    assert not board.threads_asked


@pytest.mark.parametrize("page", ["/viewtopic.php?t=4", "/viewtopic.php?start=5&t=7", "/viewforum.php?f=1"])
@pytest.mark.parametrize(
    "body", [bytes(b ^ 0x55 for b in b"<html><body>words</body></html>"), b"<p>Checking your browser</p>"]
)
def test_noise_in_place_of_a_page_loses_nothing_once_it_is_over(board: Board, page: str, body: bytes) -> None:
    board.broken[page] = httpx.Response(200, content=body, headers={"content-type": "text/html"})
    saved = crawl(board)
    assert len(saved.posts) < len(board.visible())
    board.broken.clear()
    crawl(board, saved)
    assert saved.texts() == board.visible()


def test_a_page_that_never_can_be_read_is_given_up_in_the_end(board: Board) -> None:
    board.broken["/viewtopic.php?start=5&t=7"] = httpx.Response(404, html="<p>?</p>")
    saved = crawl(board)
    for _ in range(3):
        crawl(board, saved)
    assert not board.threads_asked


def test_links_that_lead_in_a_circle_end(board: Board) -> None:
    circle = board.answer(httpx.Request("GET", f"{BASE}/viewtopic.php?t=6")).text.replace("start=5", "start=0")
    board.broken["/viewtopic.php?start=5&t=6"] = httpx.Response(200, html=circle)
    saved = crawl(board)
    assert board.threads_asked["/viewtopic.php?t=6"] == 1
    assert {str(m.id) for m in board.topics[7].messages} <= set(saved.posts)


def test_pages_past_the_end_that_answer_with_an_old_page_end_the_thread(board: Board) -> None:
    last = board.answer(httpx.Request("GET", f"{BASE}/viewtopic.php?t=7&start=10")).text
    for start in (10, 15, 20):
        onward = f"<div class='pagination'><a rel='next' href='./viewtopic.php?t=7&amp;start={start + 5}'>Next</a></div></body>"
        board.broken[f"/viewtopic.php?start={start}&t=7"] = httpx.Response(200, html=last.replace("</body>", onward))
    saved = crawl(board)
    assert saved.texts() == board.visible()
    assert sum(n for k, n in board.threads_asked.items() if "t=7" in k) == 4


def test_a_start_in_the_middle_of_one_thread_reads_that_thread_whole_and_no_other(board: Board) -> None:
    saved = crawl(board, url="/viewtopic.php?f=1&t=7&start=5&sid=00000000000000000000000000000001")
    assert list(saved.posts) == [str(m.id) for m in board.topics[7].messages]
    assert saved.threads == {"7"}


def test_a_start_at_one_forum_stays_in_it(board: Board) -> None:
    saved = crawl(board, url="/viewforum.php?f=2")
    assert list(saved.posts) == [str(m.id) for m in board.topics[20].messages]


def test_a_limit_counts_posts_and_a_later_crawl_without_one_gets_the_rest(board: Board) -> None:
    saved = crawl(board, limit=7)
    assert saved.came == 7
    crawl(board, saved)
    assert saved.texts() == board.visible()


def test_robots_txt_keeps_a_forum_out_and_the_rest_comes(board: Board) -> None:
    board.robots = "User-agent: doselore\nDisallow: /viewforum.php?f=2\n"
    saved = crawl(board)
    assert not {str(m.id) for m in board.topics[20].messages} & set(saved.posts)
    assert [e.reason for e in saved.exclusions] == ["forbidden by robots.txt"]
    assert "/viewforum.php?f=2" not in board.asked


def test_what_a_study_says_of_all_posts_of_a_source_is_on_each(board: Board) -> None:
    saved = crawl(board, drug="baclofen", condition="alcohol_use")
    assert {(p.drug, p.condition) for p in saved.posts.values()} == {("baclofen", "alcohol_use")}


@pytest.mark.parametrize(
    ("answer", "error"),
    [
        (httpx.Response(404, html="<p>no</p>"), Gone),
        (httpx.Response(403, html="<p>no</p>"), Forbidden),
        (httpx.Response(200, html="<p>A shop for shoes.</p>"), Unreadable),
        (httpx.Response(429, headers={"retry-after": "86400"}), RateLimited),
        (httpx.Response(503), SourceError),
        (httpx.Response(200, html="<body id='phpbb'><p>You must be logged in to view this page.</p>"), Forbidden),
    ],
)
def test_a_start_address_that_gives_nothing_says_why(
    board: Board, answer: httpx.Response, error: type[SourceError]
) -> None:
    board.broken["/"] = answer
    with pytest.raises(error, match=r"^http://127\.0\.0\.1:8099/: [^\n]+$"):
        crawl(board)


def test_one_dead_start_address_does_not_stop_the_others(board: Board) -> None:
    board.broken["/viewforum.php?f=1"] = httpx.Response(404, html="<p>no</p>")
    saved = Saved()
    urls = [f"{BASE}/viewforum.php?f=1", f"{BASE}/viewforum.php?f=2"]
    with pytest.raises(Gone):
        _add_all(saved, batches(board, {}, urls=urls))
    assert list(saved.posts) == [str(m.id) for m in board.topics[20].messages]


def test_posts_can_be_read_again_from_the_archive_alone(board: Board, tmp_path: Path) -> None:
    with Archive(tmp_path / "archive", "b") as archive:
        saved = crawl(board, archive=archive)
    place = Source(name="b", kind="board", urls=(BASE,))
    again = Saved()
    _add_all(again, walker.from_archive(place, tmp_path))
    assert again.posts == saved.posts
    assert not again.state


def test_retention_removes_old_captures_at_the_next_crawl(board: Board, tmp_path: Path) -> None:
    with Archive(tmp_path / "archive", "b") as archive:
        crawl(board, archive=archive)  # by the test's clock, months ago
    place = Source(name="b", kind="board", urls=("http://127.0.0.1:1/",), allow_private=True, retention_days=30)
    walker._retain(archive := Archive(tmp_path / "archive", "b"), place.model_copy(update={"retention_days": 0}))
    assert [k.capture.url for k in archive.captures()] == [f"{BASE}/robots.txt"]  # it tells what was allowed then
    archive.close()
