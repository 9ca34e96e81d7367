"""Reading Reddit's monthly dumps: what is found, what is set aside, and that nothing is read twice."""

import bz2
import gzip
import json
import lzma
from collections.abc import Callable, Sequence
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path
from typing import Any

import pytest
import zstandard
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from pipeline.errors import SourceError
from pipeline.post import Batch, Post
from pipeline.sources import dump_scan, dumps

WORDS = ("baclofen", "bac", "sodium oxybate", "баклофен")


def comment(number: int, body: str, **more: Any) -> dict[str, Any]:
    return {
        "id": f"c{number}",
        "author": f"writer{number}",
        "body": body,
        "link_id": "t3_thread",
        "parent_id": "t3_thread",
        "subreddit": "alcoholism",
        "created_utc": 1500000000 + number,
        **more,
    }


def written(path: Path, rows: Sequence[dict[str, Any] | bytes]) -> Path:
    lines = [r if isinstance(r, bytes) else json.dumps(r).encode() for r in rows]
    path.write_bytes(b"".join(line + b"\n" for line in lines))
    return path


def read(path: Path, words: Sequence[str] = WORDS, **more: Any) -> tuple[list[Post], list[Batch]]:
    batches = list(dumps.collect([path], words, {}, **more))
    return [p for b in batches for p in b.posts], batches


def ids(posts: Sequence[Post]) -> list[str]:
    return [p.native_id for p in posts]


def test_only_lines_with_a_whole_word_are_taken_and_all_are_counted(tmp_path: Path) -> None:
    texts = [
        "Baclofen helped",
        "I went back home",
        "40mg BACLOFEN\ndaily",
        "first line\nbac works",
        "arbaclofen only",
        "_bac_ and such",
        "baclofen25mg",
        "Sodium\nOxybate at night",
        "bacon",
    ]
    posts, batches = read(written(tmp_path / "RC.ndjson", [comment(i, t) for i, t in enumerate(texts)]))
    assert ids(posts) == ["t1_c0", "t1_c2", "t1_c3", "t1_c5", "t1_c6", "t1_c7"]
    (position,) = dumps.positions(batches[-1].checkpoint).values()  # pyright: ignore[reportArgumentType]
    assert (position.seen, position.matched, position.aside, position.done) == (9, 6, 0, True)


@pytest.mark.parametrize("ascii_only", [True, False])
def test_a_word_in_another_script_is_found_escaped_or_not(tmp_path: Path, ascii_only: bool) -> None:
    line = json.dumps(comment(1, "Пью БАКЛОФЕН год"), ensure_ascii=ascii_only).encode()
    posts, _ = read(written(tmp_path / "RC.ndjson", [line, comment(2, "Пью воду")]))
    assert [p.text for p in posts] == ["Пью БАКЛОФЕН год"]


def test_a_word_in_the_author_or_subreddit_alone_does_not_count(tmp_path: Path) -> None:
    row = comment(1, "hello", author="baclofen", subreddit="baclofen")
    assert read(written(tmp_path / "RC.ndjson", [row]))[0] == []


def test_only_the_asked_subreddits_are_taken(tmp_path: Path) -> None:
    rows = [comment(1, "x", subreddit="Stopdrinking"), comment(2, "x"), comment(3, "r/stopdrinking")]
    path = written(tmp_path / "RC.ndjson", rows)
    assert ids(read(path, (), subreddits=["r/stopdrinking"])[0]) == ["t1_c1"]
    assert ids(read(path, ("x",), subreddits=["alcoholism"])[0]) == ["t1_c2"]


def two_frames(plain: bytes) -> bytes:
    return zstandard.compress(plain[:700]) + zstandard.compress(plain[700:])


@pytest.mark.parametrize("pack", [bytes, gzip.compress, bz2.compress, lzma.compress, zstandard.compress, two_frames])
def test_every_packing_gives_the_same_posts(tmp_path: Path, pack: Callable[[bytes], bytes]) -> None:
    plain = b"".join(json.dumps(comment(i, "bac é☃")).encode() + b"\n" for i in range(20))
    path = tmp_path / "RC_2019-01"
    path.write_bytes(pack(plain))
    posts, _ = read(path)
    assert ids(posts) == [f"t1_c{i}" for i in range(20)]
    assert {p.text for p in posts} == {"bac é☃"}


def test_a_dump_with_a_window_of_2_gib_is_read(tmp_path: Path) -> None:
    parameters = zstandard.ZstdCompressionParameters(window_log=31, compression_level=1)
    path = tmp_path / "RC.zst"
    with path.open("wb") as file, zstandard.ZstdCompressor(compression_params=parameters).stream_writer(file) as out:
        out.write(json.dumps(comment(1, "bac")).encode() + b"\n")
    assert zstandard.get_frame_parameters(path.read_bytes()).window_size == 2**31
    assert ids(read(path)[0]) == ["t1_c1"]


def test_bad_lines_are_set_aside_with_line_and_reason_and_the_rest_goes_on(tmp_path: Path) -> None:
    good = [json.dumps(comment(i, "bac")).encode() for i in range(2)]
    rows = [
        good[0],
        b'{"id": "c7", "body": "bac", ',
        b"\0\0\0" + good[0],
        b'{"id": "c8", "body": "caf\xe9"}',
        b"[1, 2]",
        b"",
        b'{"id": "c9", "score": "bac", "body": "bac"',
        b'{"score": 3, "title_of_nothing": 1, "subreddit": "bac"}',
        good[1],
    ]
    path = written(tmp_path / "RC.ndjson", rows)
    path.write_bytes(path.read_bytes() + b'{"id": "c10", "bo')
    posts, batches = read(path)
    assert ids(posts) == ["t1_c0", "t1_c1"]
    assert [(e.what, e.reason) for b in batches for e in b.exclusions] == [
        ("RC.ndjson:2", "not valid JSON"),
        ("RC.ndjson:3", "NUL bytes"),
        ("RC.ndjson:4", "not valid UTF-8"),
        ("RC.ndjson:5", "not a JSON object"),
        ("RC.ndjson:7", "not valid JSON"),
        ("RC.ndjson:10", "truncated last line"),
    ]
    assert {e.stage for b in batches for e in b.exclusions} == {"import"}


def test_the_last_line_needs_no_newline(tmp_path: Path) -> None:
    path = tmp_path / "RC.ndjson"
    path.write_bytes(json.dumps(comment(1, "bac")).encode())
    assert ids(read(path)[0]) == ["t1_c1"]


def test_a_line_too_long_is_passed_over_and_numbers_stay_right(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(dump_scan, "BLOCK", 256)
    rows = [comment(1, "bac"), comment(2, "bac " * 5000), comment(3, "bac"), b"nonsense"]
    path = written(tmp_path / "RC.ndjson", rows)
    find = dump_scan.finder(dump_scan.needles(["bac"]))
    found = list(dump_scan.scan(path, find, longest=2000))
    assert [f.block.first_line + i for f in found for i, _, _ in f.hits] == [1, 3, 4]
    assert sum(f.block.overlong for f in found) == 1


def test_a_damaged_archive_gives_what_was_whole_and_says_where_it_broke(tmp_path: Path) -> None:
    plain = b"".join(json.dumps(comment(i, "bac")).encode() + b"\n" for i in range(50))
    path = tmp_path / "RC.zst"
    path.write_bytes(zstandard.compress(plain) + b"\x28\xb5\x2f\xfd" + b"\xff" * 40)
    posts, batches = read(path)
    assert len(posts) == 50
    assert [(e.what, e.reason) for b in batches for e in b.exclusions] == [("RC.zst:51", "damaged archive")]


def test_a_missing_file_is_named_before_any_is_read(tmp_path: Path) -> None:
    with pytest.raises(SourceError, match=r"gone\.zst"):
        next(dumps.collect([written(tmp_path / "a.ndjson", [comment(1, "bac")]), tmp_path / "gone.zst"], WORDS, {}))


def test_reading_goes_on_after_any_batch_without_loss_or_double(tmp_path: Path) -> None:
    rows = [comment(i, "bac" if i % 3 else "no") for i in range(100)]
    path = tmp_path / "RC.zst"
    path.write_bytes(zstandard.compress(written(tmp_path / "plain", rows).read_bytes()))
    whole, batches = read(path, batch_size=7)
    for stop in range(len(batches)):
        state: dict[str, str] = {}
        kept: list[Post] = []
        for batch in batches[: stop + 1]:
            kept += batch.posts
            state.update({k: v for k, v in batch.checkpoint.items() if v})
        rest = [p for b in dumps.collect([path], WORDS, state, batch_size=7) for p in b.posts]
        assert ids(kept + rest) == ids(whole)


def test_a_file_read_to_its_end_is_read_again_only_for_other_words(tmp_path: Path) -> None:
    path = written(tmp_path / "RC.ndjson", [comment(1, "bac"), comment(2, "naltrexone")])
    state = {k: v for b in dumps.collect([path], ["bac"], {}) for k, v in b.checkpoint.items() if v}
    assert list(dumps.collect([path], ["bac"], state)) == []
    assert [p.native_id for b in dumps.collect([path], ["naltrexone"], state) for p in b.posts] == ["t1_c2"]


def test_the_same_post_seen_deleted_beside_an_older_copy_stays_deleted(tmp_path: Path) -> None:
    rows = [comment(1, "bac", _meta={"was_deleted_later": True}), comment(1, "bac")]
    posts, _ = read(written(tmp_path / "RC.ndjson", rows))
    assert [(p.status, p.text) for p in posts] == [("deleted", "")]


@settings(deadline=None, max_examples=60, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(
    bodies=st.lists(st.text(alphabet=st.sampled_from('bac nx\n"\\éб☃😀_0\u2028'), max_size=30), max_size=12),
    block=st.integers(40, 400),
    ascii_only=st.booleans(),
    portable=st.booleans(),
)
def test_wherever_blocks_are_cut_the_matching_lines_come_out_whole(
    tmp_path: Path, bodies: list[str], block: int, ascii_only: bool, portable: bool
) -> None:
    rows = [json.dumps(comment(i, b), ensure_ascii=ascii_only).encode() for i, b in enumerate(bodies)]
    path = tmp_path / "RC.ndjson"
    path.write_bytes(b"\n".join(rows))
    wanted = dumps._Wanted(["bac", "é☃"], [])
    find = dump_scan.finder(dump_scan.needles(["bac", "é☃"]), portable=portable)
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(dump_scan, "BLOCK", block)
        found = [(f.block.first_line + i, line) for f in dump_scan.scan(path, find) for i, _, line in f.hits]
    assert all(line == rows[number - 1] for number, line in found)
    assert {n for n, _ in found} >= {i + 1 for i, b in enumerate(bodies) if wanted.takes({"body": b})}


def test_one_search_serves_several_threads(tmp_path: Path) -> None:
    find = dump_scan.finder(dump_scan.needles(["baclofen"]))
    path = tmp_path / "a.ndjson"
    path.write_bytes(
        b"".join(b'{"n": %d, "body": "%s"}\n' % (n, b"baclofen" if n % 7 == 0 else b"x" * 90) for n in range(40_000))
    )

    def lines(_: int) -> int:
        return sum(len(found.hits) for found in dump_scan.scan(path, find))

    with ThreadPoolExecutor(4) as pool:
        assert set(pool.map(lines, range(8))) == {len(range(0, 40_000, 7))}
