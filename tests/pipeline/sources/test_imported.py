"""What a file is shows in its content; saved pages, WARC files and answers of APIs are read like a crawl's."""

import gzip
import io
import json
from pathlib import Path
from typing import Any

import httpx
import pytest
import zstandard
from warcio.statusandheaders import StatusAndHeaders
from warcio.warcwriter import WARCWriter

from pipeline.errors import SourceError
from pipeline.post import Batch, Post
from pipeline.sources import imported
from pipeline.study import Source
from tests.support.boards import Board

SITE = "http://forum.example"
SOURCE = Source(name="saved", kind="board", urls=(f"{SITE}/",))


@pytest.fixture
def board() -> Board:
    made = Board(base=SITE)
    made.topic(1, forum=1, posts=7)
    made.topic(2, forum=1, posts=2)
    return made


def page(board: Board, path: str) -> bytes:
    return board.answer(httpx.Request("GET", f"{SITE}/{path}")).content


def read(path: Path, **more: Any) -> list[Batch]:
    return list(imported.batches(path, SOURCE, **more))


def posts(batches: list[Batch]) -> dict[str, Post]:
    return {p.native_id: p for b in batches for p in b.posts}


def texts(batches: list[Batch]) -> dict[str, str]:
    return {i: p.text for i, p in posts(batches).items()}


def reasons(batches: list[Batch]) -> list[str]:
    return [e.reason for b in batches for e in b.exclusions]


def test_a_page_saved_by_a_browser_tells_its_address(board: Board, tmp_path: Path) -> None:
    note = f"<!-- saved from url=(0042){SITE}/viewtopic.php?t=2 -->\n".encode()
    saved = tmp_path / "Topic 2.htm"
    saved.write_bytes(b"<!DOCTYPE html>\n" + note + page(board, "viewtopic.php?t=2"))
    found = posts(read(saved))
    assert {i: p.text for i, p in found.items()} == {str(m.id): m.text for m in board.topics[2].messages}
    first = board.topics[2].messages[0]
    assert found[str(first.id)].author == first.author
    assert found[str(first.id)].thread_id == "2"
    assert str(found[str(first.id)].url).startswith(f"{SITE}/viewtopic.php")


def test_a_page_that_tells_no_address_is_read_without_one(board: Board, tmp_path: Path) -> None:
    saved = tmp_path / "page.html"
    saved.write_bytes(page(board, "viewtopic.php?t=2"))
    found = posts(read(saved))
    assert len(found) == 2
    assert {p.url for p in found.values()} == {None}


def test_a_mirror_s_folders_are_the_addresses_and_other_files_are_passed_over(board: Board, tmp_path: Path) -> None:
    mirror = tmp_path / "mirror" / "forum.example"
    mirror.mkdir(parents=True)
    for name in ("viewtopic.php?t=1", "viewtopic.php?t=1&start=5", "viewforum.php?f=1"):
        (mirror / f"{name}.html").write_bytes(page(board, name))
    (mirror / "style.css").write_text("p { color: red }")
    (mirror / "logo.png").write_bytes(b"\x89PNG\r\n\x1a\n" + bytes(range(256)))
    (mirror / "about.html").write_text("<html><body>Just words.</body></html>")
    (mirror / "empty.html").touch()
    batches = read(tmp_path / "mirror")
    assert texts(batches) == {str(m.id): m.text for m in board.topics[1].messages}
    assert {p.thread_id for p in posts(batches).values()} == {"1"}
    assert reasons(batches) == ["no page of a known forum"]


def warc(path: Path, answers: list[tuple[str, int, str, bytes]], *, packed: bool = True) -> None:
    with path.open("wb") as out:
        writer = WARCWriter(out, gzip=packed)
        writer.write_record(writer.create_warcinfo_record(path.name, {"software": "another crawler"}))
        for url, status, kind, body in answers:
            head = StatusAndHeaders(f"{status} OK", [("Content-Type", kind)], protocol="HTTP/1.1")
            writer.write_record(writer.create_warc_record(url, "response", payload=io.BytesIO(body), http_headers=head))


HTML = "text/html; charset=utf-8"


@pytest.mark.parametrize("packed", [True, False])
def test_another_crawler_s_warc_is_read(board: Board, tmp_path: Path, packed: bool) -> None:
    listing = {"kind": "Listing", "data": {"children": [{"kind": "t1", "data": {
        "id": "c1", "name": "t1_c1", "link_id": "t3_aa", "parent_id": "t3_aa", "author": "sample_owl", "body": "Ten mg.",
        "created_utc": 1_700_000_000, "subreddit": "recovery"}}]}}  # fmt: skip
    answers = [
        (f"{SITE}/robots.txt", 200, "text/plain", b"User-agent: *"),
        (f"{SITE}/logo.png", 200, "image/png", b"\x89PNG"),
        (f"{SITE}/viewtopic.php?t=1", 200, HTML, page(board, "viewtopic.php?t=1")),
        (f"{SITE}/viewtopic.php?t=9", 404, HTML, page(board, "viewtopic.php?t=9")),
        (f"{SITE}/viewtopic.php?t=1&start=5", 200, HTML, page(board, "viewtopic.php?t=1&start=5")),
        ("https://oauth.reddit.com/r/recovery/comments", 200, "application/json", json.dumps(listing).encode()),
    ]
    file = tmp_path / "crawl.of.unknown.kind"
    warc(file, answers, packed=packed)
    assert texts(read(file)) == {**{str(m.id): m.text for m in board.topics[1].messages}, "t1_c1": "Ten mg."}


def test_a_torn_warc_gives_what_is_whole_and_says_so(board: Board, tmp_path: Path) -> None:
    file = tmp_path / "torn.warc.gz"
    warc(file, [(f"{SITE}/viewtopic.php?t={n}", 200, HTML, page(board, f"viewtopic.php?t={n}")) for n in (2, 1)])
    file.write_bytes(file.read_bytes()[:-200])
    batches = read(file)
    assert set(texts(batches)) == {str(m.id) for m in board.topics[2].messages}
    assert reasons(batches) == ["torn WARC record"]


def test_dumps_lemmy_and_reddit_answers_are_told_apart_whatever_their_names(tmp_path: Path) -> None:
    line = {"id": "c1", "body": "Baclofen at 30 mg.", "author": "sample_owl", "subreddit": "x", "link_id": "t3_a",
            "created_utc": 1_400_000_000}  # fmt: skip
    other = {**line, "id": "c2", "body": "Nothing of it."}
    lines = "".join(json.dumps(row) + "\n" for row in (line, other)).encode()
    (tmp_path / "a.bin").write_bytes(zstandard.compress(lines))
    (tmp_path / "b.txt").write_bytes(gzip.compress(lines))
    (tmp_path / "c.json").write_bytes(lines)
    for name in ("a.bin", "b.txt", "c.json"):
        assert texts(read(tmp_path / name, words=["baclofen"])) == {"t1_c1": "Baclofen at 30 mg."}
    view = {"post": {"id": 5, "name": "A title", "body": "Own words.", "ap_id": f"{SITE}/post/5", "published": "2024-01-01T00:00:00Z"},
            "creator": {"name": "sample_owl", "actor_id": f"{SITE}/u/sample_owl"}, "community": {"name": "c"}, "counts": {}}  # fmt: skip
    (tmp_path / "d.txt").write_text(json.dumps({"posts": [view]}, indent=2))
    assert list(posts(read(tmp_path / "d.txt"))) == ["post/5"]
    (tmp_path / "e.txt").write_text(
        json.dumps([{"kind": "Listing", "data": {"children": [{"kind": "t1", "data": line}]}}])
    )
    assert list(posts(read(tmp_path / "e.txt"))) == ["t1_c1"]


def test_a_table_stays_a_table(tmp_path: Path) -> None:
    (tmp_path / "t.jsonl").write_text('{"id": "1", "text": "<b>bold</b>"}\n')
    assert list(posts(read(tmp_path / "t.jsonl"))) == ["1"]
    (tmp_path / "t.csv").write_text("id,text\n1,hello there\n")
    assert list(posts(read(tmp_path / "t.csv"))) == ["1"]


@pytest.mark.parametrize("content", [b"", b"<html><body>A recipe.</body></html>", b"WARC/1.0 and then nothing"])
def test_a_file_with_nothing_in_it_is_named(content: bytes, tmp_path: Path) -> None:
    (tmp_path / "file.html").write_bytes(content)
    with pytest.raises(SourceError, match=r"file\.html"):
        read(tmp_path / "file.html")
    with pytest.raises(SourceError, match="nowhere"):
        read(tmp_path / "nowhere")


DUMPED = json.dumps({"id": "c1", "body": "Baclofen at 30 mg.", "author": "sample_owl", "subreddit": "x",
                     "link_id": "t3_a", "created_utc": 1_400_000_000}).encode() + b"\n"  # fmt: skip


def test_a_folder_of_dumps_is_read_and_a_damaged_one_in_it_set_aside(board: Board, tmp_path: Path) -> None:
    (tmp_path / "RC_2014-05.zst").write_bytes(zstandard.compress(DUMPED))
    (tmp_path / "RC_2014-06.ndjson").write_bytes(DUMPED.replace(b"c1", b"c2"))
    (tmp_path / "RC_2014-07.zst").write_bytes(b"\x00" * 99 + zstandard.compress(DUMPED))
    (tmp_path / "sitemap.xml.gz").write_bytes(gzip.compress(b"<urlset/>"))
    (tmp_path / "page.html").write_bytes(page(board, "viewtopic.php?t=2"))
    batches = read(tmp_path, words=["baclofen"])
    own = {str(m.id) for m in board.topics[2].messages}
    assert posts(batches).keys() == {"t1_c1", "t1_c2", *own}
    assert reasons(batches) == ["damaged archive"]
    (tmp_path / "page.html").unlink()
    assert posts(read(tmp_path, words=["naltrexone"])) == {}  # nothing of it there: that is no error


@pytest.mark.parametrize(
    ("files", "says"),
    [({}, "an empty folder"), ({"a.csv": b"id,text\n1,words\n"}, "name tables .* one by one")],
)
def test_a_folder_with_nothing_to_read_says_why(tmp_path: Path, files: dict[str, bytes], says: str) -> None:
    for name, content in files.items():
        (tmp_path / name).write_bytes(content)
    with pytest.raises(SourceError, match=says):
        read(tmp_path)


@pytest.mark.parametrize("name", ["a.zst", "a.warc", "a.warc.gz", "RC.xz"])
def test_a_file_that_is_damaged_at_its_beginning_is_called_so(tmp_path: Path, name: str) -> None:
    (tmp_path / name).write_bytes(bytes(range(1, 200)))
    with pytest.raises(SourceError, match=rf"{name}: damaged: it does not begin as a \.\w+ file does"):
        read(tmp_path / name)
