"""Collecting from Lemmy: mapping, walking its listings, and files of its answers."""

import json
from dataclasses import dataclass, field
from datetime import UTC, datetime
from pathlib import Path
from typing import Any
from urllib.parse import parse_qs, urlsplit

import pytest
from hypothesis import given
from hypothesis import strategies as st

from pipeline.errors import SourceError, Unreadable
from pipeline.post import Batch, Capture, Post
from pipeline.sources import lemmy
from pipeline.study import Source

Node = dict[str, Any]


def when(minute: int) -> str:
    return f"2024-03-{1 + minute // 1440:02}T{minute // 60 % 24:02}:{minute % 60:02}:00.123456Z"


def post_view(number: int, minute: int, **more: Any) -> Node:
    item = {
        "id": number, "name": f"Post {number}", "body": f"Body {number}", "creator_id": 7, "community_id": 3,
        "removed": False, "locked": False, "published": when(minute), "deleted": False,
        "ap_id": f"https://lemmy.example/post/{number}",
    }  # fmt: skip
    return {
        "post": {**item, **more},
        "creator": {"id": 7, "name": "sam", "actor_id": "https://other.example/u/sam", "deleted": False},
        "community": {"id": 3, "name": "recovery", "removed": False, "deleted": False},
        "counts": {"comments": 2, "score": 5, "newest_comment_time": when(minute + 5)},
    }


def comment_view(number: int, path: str, minute: int, **more: Any) -> Node:
    comment = {
        "id": number, "creator_id": 7, "post_id": 1, "content": f"Comment {number}", "removed": False,
        "published": when(minute), "deleted": False, "ap_id": f"https://lemmy.example/comment/{number}", "path": path,
    }  # fmt: skip
    return {**post_view(1, 0), "comment": {**comment, **more}}


@dataclass
class Said:
    body: bytes


@dataclass
class Server:
    """Answers as a server would: newest first, 50 a page; a page past the end repeats the last, as some do."""

    posts: list[Node] = field(default_factory=list[Node])
    comments: list[Node] = field(default_factory=list[Node])
    asked: list[str] = field(default_factory=list[str])
    repeats: bool = False
    broken: bool = False

    def get(self, url: str, *, accept: Any = "json") -> Said:
        self.asked.append(url)
        parts, query = urlsplit(url), parse_qs(urlsplit(url).query)
        if self.broken:
            return Said(b"<html>")
        if parts.path == "/api/v3/post":
            own = next(v for v in self.posts if str(v["post"]["id"]) == query["id"][0])
            return Said(json.dumps({"post_view": own, "cross_posts": []}).encode())
        key = "posts" if "post/list" in url else "comments"
        nodes = sorted(getattr(self, key), key=lambda v: v[key[:-1]]["published"], reverse=True)
        page = int(query["page"][0])
        some = nodes[50 * (page - 1) : 50 * page]
        return Said(json.dumps({key: some or (nodes[:50] if self.repeats else [])}).encode())

    def take_captures(self) -> tuple[Capture, ...]:
        return ()


def source(url: str = "https://lemmy.example/c/recovery", **more: Any) -> Source:
    return Source(name="lemmy", kind="lemmy", urls=(url,), **more)


def crawl(server: Server, state: dict[str, str], asked: Source | None = None) -> dict[str, Post]:
    found: dict[str, Post] = {}
    for batch in lemmy.crawl(asked or source(), state, server):
        found |= {p.native_id: p for p in batch.posts}
        state.update({k: v for k, v in batch.checkpoint.items() if v})
    return found


def test_a_post_and_its_thread() -> None:
    batch = lemmy.batch({"posts": [post_view(1, 0, updated=when(9), body="> said\n\nIt **helped**")]})
    (made,), (thread,) = batch.posts, batch.threads
    assert (made.native_id, made.thread_id, made.parent_id) == ("post/1", "post/1", None)
    assert (made.title, made.text, made.quotes[0].text) == ("Post 1", "Post 1\n\nIt helped", "said")
    assert made.author == "sam@other.example"
    assert made.posted_at == datetime(2024, 3, 1, 0, 0, 0, 123456, UTC)
    assert made.edited_at == datetime(2024, 3, 1, 0, 9, 0, 123456, UTC)
    assert made.url == "https://lemmy.example/post/1"
    assert (thread.title, thread.posts, thread.last_post_at) == (
        "Post 1",
        3,
        datetime(2024, 3, 1, 0, 5, 0, 123456, UTC),
    )


def test_a_comment_answers_the_post_or_another_comment() -> None:
    batch = lemmy.batch({"comments": [comment_view(12, "0.12", 1), comment_view(34, "0.12.34", 2)]})
    assert [(p.native_id, p.parent_id, p.thread_id) for p in batch.posts] == [
        ("comment/12", "post/1", "post/1"),
        ("comment/34", "comment/12", "post/1"),
    ]
    assert batch.threads == ()


def test_a_time_without_a_zone_is_utc() -> None:
    made = lemmy.post(post_view(1, 0, published="2023-06-12T10:20:30.5"))
    assert made.posted_at == datetime(2023, 6, 12, 10, 20, 30, 500000, UTC)


@pytest.mark.parametrize(("flags", "status"), [({"deleted": True}, "deleted"), ({"removed": True}, "removed")])
def test_what_is_deleted_or_removed_loses_its_text(flags: Node, status: str) -> None:
    for made in (lemmy.post(post_view(1, 0, **flags)), lemmy.post(comment_view(2, "0.2", 0, **flags))):
        assert (made.status, made.text, made.title, made.author) == (status, "", None, None)


def test_what_stood_in_a_removed_community_is_removed() -> None:
    view = post_view(1, 0)
    view["community"]["removed"] = True
    assert lemmy.post(view).status == "removed"


def test_every_page_is_read_once_and_pages_past_the_end_fool_nobody() -> None:
    server = Server([post_view(n, n) for n in range(1, 101)], [comment_view(500, "0.500", 3)], repeats=True)
    found = crawl(server, {})
    assert set(found) == {f"post/{n}" for n in range(1, 101)} | {"comment/500"}
    assert len(server.asked) == 4  # two full pages of posts, one that repeats, one of comments


def test_a_second_crawl_gives_what_is_new_or_edited() -> None:
    server = Server([post_view(n, n * 30) for n in range(1, 130)])
    state: dict[str, str] = {}
    crawl(server, state)
    server.asked.clear()
    server.posts += [post_view(200, 130 * 30)]
    server.posts[99] = post_view(100, 100 * 30, updated=when(130 * 30))
    found = crawl(server, state)
    assert {"post/200", "post/100"} <= set(found)
    assert len(found) < 20  # those of the last six hours are looked at again
    assert len([u for u in server.asked if "post/list" in u]) == 2


def test_the_mark_is_kept_only_when_the_listing_was_read_to_its_end() -> None:
    server = Server([post_view(n, n * 30) for n in range(1, 130)])
    batches = [b for b in lemmy.crawl(source(), {}, server) if b.posts]
    assert [bool(b.checkpoint) for b in batches] == [False, False, True]


def test_one_post_with_its_comments() -> None:
    server = Server([post_view(1, 0), post_view(2, 1)], [comment_view(9, "0.9", 4)])
    assert set(crawl(server, {}, source("https://lemmy.example/post/1"))) == {"post/1", "comment/9"}


def test_the_limit_of_the_study_holds() -> None:
    server = Server([post_view(n, n) for n in range(1, 400)])
    assert len(crawl(server, {}, source(limit=60))) == 100


def test_an_address_that_is_none_of_lemmy_s_is_named() -> None:
    with pytest.raises(SourceError, match="/c/NAME"):
        crawl(Server(), {}, source("https://lemmy.example/u/sam"))


def test_an_answer_that_is_no_json_is_an_error_with_its_address() -> None:
    with pytest.raises(Unreadable, match=r"lemmy\.example/api/v3/post/list"):
        crawl(Server(broken=True), {})


def test_files_of_answers_are_read_whole_or_line_by_line(tmp_path: Path) -> None:
    one, two = tmp_path / "posts.json", tmp_path / "comments.jsonl"
    one.write_text(json.dumps({"posts": [post_view(1, 0)]}))
    two.write_text(
        "\n".join([json.dumps(comment_view(5, "0.5", 1)), "{broken", "", json.dumps(comment_view(6, "0.6", 2))])
    )
    batches: list[Batch] = list(lemmy.read([one, two]))
    assert [p.native_id for b in batches for p in b.posts] == ["post/1", "comment/5", "comment/6"]
    assert [(e.what, e.reason) for b in batches for e in b.exclusions] == [("comments.jsonl:2", "not valid JSON")]
    assert lemmy.is_answer(json.loads(one.read_text()))
    assert not lemmy.is_answer({"posts": 3})


ANYTHING = st.recursive(
    st.none() | st.booleans() | st.integers() | st.text(max_size=12),
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(st.sampled_from(list("ab")), inner, max_size=3),
    max_leaves=4,
)


@given(
    st.dictionaries(st.sampled_from(["id", "content", "published", "deleted", "path", "ap_id"]), ANYTHING),
    st.dictionaries(st.sampled_from(["creator", "community", "counts", "post", "comment"]), ANYTHING),
)
def test_any_view_is_mapped_or_set_aside(inner: Node, outer: Node) -> None:
    view = comment_view(1, "0.1", 0)
    view["comment"] = {**view["comment"], **inner}
    batch = lemmy.batch({"comments": [{**view, **outer}]})
    assert len(batch.posts) + len(batch.exclusions) == 1
