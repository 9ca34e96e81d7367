"""The capture archive: WARC files that a kill cannot spoil and that forget what they are told to."""

from datetime import timedelta
from hashlib import sha256
from pathlib import Path
from typing import Any

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from warcio.archiveiterator import ArchiveIterator

from pipeline.archive import Archive, Exchange
from pipeline.errors import Locked
from tests.support.clocks import NOON


def exchange(number: int, body: bytes | None = None, **more: Any) -> Exchange:
    body = f"<p>page {number} by some_author</p>".encode() if body is None else body
    given: dict[str, Any] = {
        "url": f"http://a.example/{number}",
        "status": 200,
        "fetched_at": NOON + timedelta(minutes=number),
        "headers": (("Content-Type", "text/html"), ("Content-Encoding", "gzip"), ("Content-Length", "7")),
        "request_headers": (("User-Agent", "doselore/1"),),
        "content_type": "text/html",
        **more,
    }
    return Exchange(body=body, sha256=sha256(body).hexdigest(), **given)


def filled(folder: Path, count: int = 4) -> None:
    with Archive(folder, "b") as archive:
        for number in range(count):
            archive.write(exchange(number))


def bodies(folder: Path) -> list[bytes]:
    with Archive(folder, "b") as archive:
        return [k.body for k in archive.captures()]


def test_an_answer_is_read_back_as_it_came(tmp_path: Path) -> None:
    with Archive(tmp_path, "b") as archive:
        capture = archive.write(exchange(1, b"\x00\xff<p>bytes\r\n"))
        kept = archive.read(capture)
        assert kept is not None
        assert (kept.body, kept.capture) == (b"\x00\xff<p>bytes\r\n", capture)
        assert kept.headers["content-type"] == "text/html"
        assert archive.read(capture.sha256) == kept
        assert archive.read("0" * 64) is None


def test_the_files_are_warc_with_request_response_and_sha256_of_the_body(tmp_path: Path) -> None:
    filled(tmp_path, 1)
    (path,) = (tmp_path / "b").glob("*.warc.gz")
    found: list[tuple[str, str | None, bytes]] = []
    with path.open("rb") as stream:
        reader: Any = ArchiveIterator(stream, check_digests=True)
        for record in reader:
            body = record.content_stream().read()
            found.append((record.rec_type, record.rec_headers.get_header("WARC-Payload-Digest"), body))
        assert reader.err_count == 0
    digest = sha256(found[1][2]).hexdigest()
    assert [f[0] for f in found] == ["warcinfo", "response", "request"]
    assert found[1][1:] == (f"sha256:{digest}", b"<p>page 0 by some_author</p>")


def test_only_its_owner_can_read_it(tmp_path: Path) -> None:
    filled(tmp_path / "archive")
    assert (tmp_path / "archive").stat().st_mode & 0o777 == 0o700
    assert all(f.stat().st_mode & 0o077 == 0 for f in (tmp_path / "archive" / "b").glob("*.warc.gz"))


@settings(max_examples=50, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(st.floats(0, 1), st.booleans())
def test_a_file_torn_anywhere_keeps_every_whole_answer_and_is_written_on(
    tmp_path_factory: pytest.TempPathFactory, share: float, without_index: bool
) -> None:
    folder = tmp_path_factory.mktemp("torn")
    filled(folder)
    (path,) = (folder / "b").glob("*.warc.gz")
    whole = path.read_bytes()
    cut = round(share * len(whole))
    path.write_bytes(whole[:cut])
    if without_index:
        (folder / "b" / "index.sqlite").unlink()
    kept = bodies(folder)
    assert kept == [exchange(n).body for n in range(len(kept))]
    if cut == len(whole):
        assert len(kept) == 4
    with Archive(folder, "b") as archive:
        archive.write(exchange(9))
    assert bodies(folder) == [*kept, exchange(9).body]


def test_an_answer_written_but_not_yet_indexed_is_found_again(tmp_path: Path) -> None:
    filled(tmp_path, 2)
    before = (tmp_path / "b" / "index.sqlite").read_bytes()
    filled_more = exchange(5)
    with Archive(tmp_path, "b") as archive:
        archive.write(filled_more)
    (tmp_path / "b" / "index.sqlite").write_bytes(before)
    assert bodies(tmp_path)[-1] == filled_more.body


@pytest.mark.parametrize("spoiled", [b"", b"not a database" * 100])
def test_the_index_is_made_again_from_the_files(tmp_path: Path, spoiled: bytes) -> None:
    filled(tmp_path)
    (tmp_path / "b" / "index.sqlite").write_bytes(spoiled)
    assert len(bodies(tmp_path)) == 4


def test_a_new_day_and_a_full_file_begin_another_one(tmp_path: Path) -> None:
    with Archive(tmp_path, "b", max_bytes=1500) as archive:
        for number in range(6):
            archive.write(exchange(number))
        archive.write(exchange(7, fetched_at=NOON + timedelta(days=1)))
        assert len(list(archive.captures())) == 7
    names = sorted(p.name for p in (tmp_path / "b").glob("*.warc.gz"))
    assert len(names) > 2
    assert names[-1] == "b-20260302-000.warc.gz"


def test_forget_removes_the_words_from_the_disk_by_hash_and_by_address(tmp_path: Path) -> None:
    filled(tmp_path)
    with Archive(tmp_path, "b") as archive:
        assert archive.forget(exchange(1).sha256) == 1
        assert archive.forget("http://a.example/2?sid=0123456789abcdef0123456789abcdef") == 1
        assert archive.forget("http://a.example/none") == 0
        assert archive.read(exchange(1).sha256) is None
        archive.write(exchange(8))
    assert bodies(tmp_path) == [exchange(n).body for n in (0, 3, 8)]
    everything = b"".join(_unpacked(p) for p in (tmp_path / "b").glob("*.warc.gz"))
    assert b"page 1 " not in everything
    assert b"http://a.example/2" not in everything
    assert b"page 3 " in everything


def test_forget_can_look_into_every_body(tmp_path: Path) -> None:
    filled(tmp_path)
    with Archive(tmp_path, "b") as archive:
        archive.write(exchange(5, b"<p>nobody</p>"))
        assert archive.forget_where(lambda kept: b"some_author" in kept.body) == 4
    assert bodies(tmp_path) == [b"<p>nobody</p>"]


def test_purge_removes_what_is_older_and_files_that_are_empty_then(tmp_path: Path) -> None:
    filled(tmp_path)
    with Archive(tmp_path, "b") as archive:
        archive.write(exchange(5, fetched_at=NOON + timedelta(days=2)))
        assert archive.purge(NOON + timedelta(minutes=2)) == 2
        assert archive.purge(NOON + timedelta(days=1)) == 2
    assert [p.name for p in (tmp_path / "b").glob("*.warc.gz")] == ["b-20260303-000.warc.gz"]


def test_a_kill_while_forgetting_leaves_a_file_that_can_be_read(tmp_path: Path) -> None:
    filled(tmp_path)
    (path,) = (tmp_path / "b").glob("*.warc.gz")
    path.with_suffix(".tmp").write_bytes(b"half")
    with Archive(tmp_path, "b") as archive:
        archive._index.replace_file(path.name, [], -1)  # what the index says between the two steps
    assert len(bodies(tmp_path)) == 4
    assert not list((tmp_path / "b").glob("*.tmp"))


def test_the_newest_capture_of_an_address_is_the_one_that_counts(tmp_path: Path) -> None:
    with Archive(tmp_path, "b") as archive:
        archive.write(exchange(1, b"old", url="http://a.example/x?sid=0123456789abcdef0123456789abcdef"))
        archive.write(exchange(2, b"new", url="http://a.example/x"))
        archive.write(exchange(3, b"error", url="http://a.example/x", status=503))
        assert [k.body for k in archive.captures(newest_only=True, ok_only=True)] == [b"new"]
        assert len(list(archive.captures())) == 3
        newest = archive.latest("http://a.example/x")
        assert newest is not None
        assert newest.sha256 == sha256(b"new").hexdigest()


def test_two_crawls_cannot_write_one_archive(tmp_path: Path) -> None:
    with Archive(tmp_path, "b"), pytest.raises(Locked, match="another crawl of b"):
        Archive(tmp_path, "b")


def test_headers_cannot_break_out_of_their_record(tmp_path: Path) -> None:
    sly = (("X-Note", "a\r\n\r\nWARC/1.1\r\nWARC-Type: response"), ("Content-Type", "text/html"))
    with Archive(tmp_path, "b") as archive:
        archive.write(exchange(1, headers=sly))
    (tmp_path / "b" / "index.sqlite").unlink()
    assert bodies(tmp_path) == [exchange(1).body]


def _unpacked(path: Path) -> bytes:
    import gzip

    return gzip.decompress(path.read_bytes())
