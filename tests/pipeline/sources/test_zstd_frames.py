"""A packed dump that was cut short is known as such, wherever the cut lies."""

import io
import itertools
import json
import random
from pathlib import Path

import pytest
import zstandard
from hypothesis import given, settings
from hypothesis import strategies as st

from pipeline.sources import dumps
from pipeline.sources.zstd_frames import Counted

_CHANCE = random.Random(5)
LINES = b"".join(
    json.dumps({"id": f"c{n}", "author": "w", "body": f"baclofen {_CHANCE.random()}", "link_id": "t3_a",
                "subreddit": "s", "created_utc": 1500000000 + n}).encode() + b"\n"
    for n in range(4000)
)  # fmt: skip


def packed(*, checksum: bool, size: bool) -> bytes:
    return zstandard.ZstdCompressor(write_checksum=checksum, write_content_size=size).compress(LINES)


SKIPPED = b"\x50\x2a\x4d\x18\x05\x00\x00\x00hello"
FRAMES = [
    *([packed(checksum=c, size=s)] for c in (False, True) for s in (False, True)),
    [packed(checksum=False, size=False), SKIPPED, packed(checksum=True, size=True)],
    [zstandard.ZstdCompressor().compress(b"")] * 3,
]


@pytest.mark.parametrize("number", range(len(FRAMES)))
@given(data=st.data())
@settings(max_examples=30)
def test_only_the_end_of_a_frame_is_an_end(number: int, data: st.DataObject) -> None:
    frames = FRAMES[number]
    ends = list(itertools.accumulate(map(len, frames), initial=0))
    cut = data.draw(st.one_of(st.integers(0, ends[-1]), st.sampled_from(ends)))
    read_size = data.draw(st.sampled_from((1, 3, 7, 4096, 1 << 20)))
    counted = Counted(io.BytesIO(b"".join(frames)[:cut]))
    while counted.read(read_size):
        pass
    assert counted.whole == (cut in ends)


@pytest.mark.parametrize("of_lines", [1000, 2500])
def test_a_dump_that_was_cut_gives_what_was_whole_and_is_told(tmp_path: Path, of_lines: int) -> None:
    path = tmp_path / "RC_2016-02.zst"
    # Flushed at the end of a line, as a cut may lie where nothing of the text looks torn.
    with io.BytesIO() as into, zstandard.ZstdCompressor().stream_writer(into, closefd=False) as writer:
        head = b"".join(LINES.splitlines(keepends=True)[:of_lines])
        writer.write(head)
        writer.flush(zstandard.FLUSH_BLOCK)
        path.write_bytes(into.getvalue())
    batches = list(dumps.collect([path], ["baclofen"], {}))
    assert len({p.native_id for b in batches for p in b.posts}) == of_lines
    (aside,) = [e for b in batches for e in b.exclusions]
    assert (aside.what, aside.reason) == (f"{path.name}:{of_lines + 1}", "damaged archive")
    assert "cut short" in str(aside.detail)
    kept = {key: value for key, value in batches[-1].checkpoint.items() if value}
    (position,) = dumps.positions(kept).values()
    assert not position.done
    path.write_bytes(zstandard.ZstdCompressor().compress(LINES))
    again = list(dumps.collect([path], ["baclofen"], kept))
    assert not [e for b in again for e in b.exclusions]
