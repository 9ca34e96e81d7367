"""Find the lines of a large JSONL file that may hold a word, before any JSON is parsed.

Two threads take turns to decompress, and search the raw bytes while the other has its turn; memory is bounded by the
window of the compression and a handful of blocks. What is found is a superset: whoever parses a line decides. Every
line is looked at for its frame ("{" … "}"), NUL bytes and valid UTF-8, so a bad line is given out even where it holds
no word.

Searching: Hyperscan (Wang et al. 2019, "Hyperscan: a fast multi-pattern regex matcher") at about 2 GB/s a core; where
it has no build, Arrow's RE2 at about a fifth of that. Python's own `re` ignoring case runs at 0.06 GB/s.
"""

import bz2
import gzip
import lzma
import re
import threading
import zlib
from collections import deque
from collections.abc import Callable, Generator, Iterator, Sequence
from contextlib import closing
from dataclasses import dataclass, replace
from functools import cache
from io import BufferedIOBase
from pathlib import Path
from queue import SimpleQueue
from typing import Any, cast

import numpy as np
import numpy.typing as npt
import pyarrow as pa
import pyarrow.compute as pc
import zstandard

from pipeline.sources.zstd_frames import Counted

try:
    import hyperscan
except ImportError:  # no build for this platform
    hyperscan = None

BLOCK = 1 << 20  # bytes read at once: stays in the cache between the threads
LONGEST = 32 << 20  # bytes of a line; a longer one is passed over
WINDOW = 2**31  # bytes; the monthly dumps are packed with zstd --long=31
_STEP = 4096
_AHEAD = 16  # blocks that are unpacked before they are searched, at most
_DAMAGED = (zstandard.ZstdError, EOFError, zlib.error, lzma.LZMAError, gzip.BadGzipFile, OSError)

_own = threading.local()  # room that a thread uses again for every block

Offsets = npt.NDArray[np.int64]
Bytes = npt.NDArray[np.uint8]
Finder = Callable[[Bytes, Offsets], set[int]]


@dataclass(frozen=True, slots=True)
class Block:
    """Whole lines of a file.

    buffer, size: the lines, each ending in a newline but the file's last; the buffer is used again once it was
    searched. start: offset of the first line in the unpacked file; first_line: its number, from 1; read: bytes read
    from the disk so far; overlong: lines passed over before this block; damaged: what broke the file after it.
    """

    buffer: bytearray
    size: int
    start: int
    first_line: int = 0
    read: int = 0
    overlong: int = 0
    last: bool = False
    damaged: str = ""


@dataclass(frozen=True, slots=True)
class Found:
    """What a block gave. lines: how many it holds; hits: index in the block, offset of the end, bytes of the line."""

    block: Block
    lines: int
    hits: tuple[tuple[int, int, bytes], ...]


def needles(words: Sequence[str], subreddits: Sequence[str] = ()) -> str:
    r"""Give a pattern on raw JSON, case ignored, that matches wherever a word may stand; "" matches every line.

    A word is looked for by its longest run of letters and digits, plain, as UTF-8 or as \uXXXX, with no letter beside
    it but those of an escape such as \n. Without words, lines of the subreddits are looked for.
    """
    if words:
        return "|".join(sorted({_needle(w) for w in words if w.strip()}))
    if subreddits:
        names = "|".join(sorted(re.escape(s.lower()) for s in subreddits))
        return rf'"subreddit(?:_name_prefixed)?"\s*:\s*"(?:r/)?(?:{names})"'
    return ""


def _needle(word: str) -> str:
    runs = re.findall(r"[^\W_]+", word.lower()) or [word.strip().lower()]
    run = max(runs, key=len)
    before = r"(?:^|[^a-z]|\\[nrtbf]|\\u[0-9a-f]{4})" if run[0].isascii() else ""
    after = "(?:[^a-z]|$)" if run[-1].isascii() else ""
    return before + "".join(_either(c) for c in run) + after


def _either(character: str) -> str:
    if character.isascii():
        return re.escape(character)
    ways: set[str] = set()
    for form in {character, character.upper(), character.lower()}:
        ways.add("".join(f"\\x{b:02x}" for b in form.encode()))
        units = form.encode("utf-16-be")
        ways.add("".join(rf"\\u{units[i : i + 2].hex()}" for i in range(0, len(units), 2)))
    return f"(?:{'|'.join(sorted(ways))})"


def finder(pattern: str, *, portable: bool = False) -> Finder:
    """Make the search: block and offsets of its newlines to the indexes of the lines with a match.

    portable: search by Arrow even where Hyperscan is there.
    """
    if not pattern:
        return lambda _data, ends: set(range(len(ends)))
    return _by_arrow(pattern) if portable or hyperscan is None else _by_hyperscan(pattern)


def _by_hyperscan(pattern: str) -> Finder:
    engine = cast("Any", hyperscan)

    own = threading.local()

    @cache
    def compiled() -> Any:
        # When the first block is there, not before: it takes as long as to unpack 15 MB, and goes on beside it.
        database = engine.Database()
        alone = [p.encode("ascii") for p in _split(pattern)]
        # Up to 48 words it chooses an engine that runs at a third of the speed of the one for many: add some that no
        # JSON can hold, so that it takes the other.
        alone += [rb"\x01\x02\x03\x04\x05\x%02x" % n for n in range(96)] if len(alone) < 96 else []
        database.compile(expressions=alone, ids=list(range(len(alone))), flags=[engine.HS_FLAG_CASELESS] * len(alone))
        return database

    def find(data: Bytes, ends: Offsets) -> set[int]:
        places: list[int] = []

        def note(_pattern: int, _start: int, end: int, _flags: int, _context: object) -> None:
            places.append(end)

        database = compiled()
        if not hasattr(own, "scratch"):
            own.scratch = engine.Scratch(database)  # one a thread: two scans cannot share it
        database.scan(data, match_event_handler=note, scratch=own.scratch)
        lines = np.searchsorted(ends, np.asarray(places, dtype=np.int64) - 1)
        return set(np.unique(lines).tolist())

    return find


def _split(pattern: str) -> list[str]:
    """Part a pattern at its outermost bars: Hyperscan takes many small expressions better than one large one."""
    parts, depth, start = list[str](), 0, 0
    for place in re.finditer(r"\\.|\[[^\]]*\]|[()|]", pattern):
        mark = place.group()
        depth += (mark == "(") - (mark == ")")
        if mark == "|" and depth == 0:
            parts.append(pattern[start : place.start()])
            start = place.end()
    return [*parts, pattern[start:]]


def _by_arrow(pattern: str) -> Finder:
    def find(data: Bytes, ends: Offsets) -> set[int]:
        starts = np.concatenate(([0], ends + 1)).astype(np.int64)
        starts[-1] = min(int(starts[-1]), len(data))
        buffers = [None, pa.py_buffer(starts), pa.py_buffer(data)]
        lines = pa.Array.from_buffers(pa.large_binary(), len(ends), buffers)
        match = cast("Any", pc).match_substring_regex(lines, pattern, ignore_case=True)
        return set(np.flatnonzero(match.to_numpy(zero_copy_only=False)).tolist())

    return find


def scan(path: Path, find: Finder, *, start: int = 0, first_line: int = 1, longest: int = LONGEST) -> Iterator[Found]:
    """Search a file from a line's start on, block by block in the file's order.

    start: offset of the line in the unpacked file; first_line: its number. A damaged file ends with a block that says
    so. Raises OSError where it cannot be opened.
    """
    spare, line = deque[bytearray](), first_line
    with closing(_ahead(_blocks(path, start, longest, spare))) as blocks:
        for block in blocks:
            found = _search(replace(block, first_line=line + block.overlong), find, spare)
            line += found.lines + block.overlong
            yield found


def _ahead(blocks: Iterator[Block]) -> Generator[Block]:
    """Unpack on a thread of its own, some blocks ahead: it needs Python's lock but for a moment between two blocks."""
    ready, room, stopped = SimpleQueue[Block | BaseException | None](), threading.Semaphore(_AHEAD), threading.Event()

    def unpack() -> None:
        try:
            for block in blocks:
                ready.put(block)
                room.acquire()
                if stopped.is_set():
                    return
            ready.put(None)
        except BaseException as error:  # noqa: BLE001 - raised again where the blocks are asked for
            ready.put(error)

    thread = threading.Thread(target=unpack, name="unpack", daemon=True)
    thread.start()
    try:
        while isinstance(block := ready.get(), Block):
            yield block
            room.release()
        if block is not None:
            raise block
    finally:
        stopped.set()
        room.release()
        thread.join()


def _search(block: Block, find: Finder, spare: deque[bytearray]) -> Found:
    try:
        return _lines(block, find) if block.size else Found(block, 0, ())
    finally:
        spare.append(block.buffer)


def _lines(block: Block, find: Finder) -> Found:
    data = np.frombuffer(block.buffer, np.uint8, block.size)
    ends = _newlines(data)
    if data[-1] != 10:
        ends = np.append(ends, block.size)
    starts = np.concatenate(([0], ends[:-1] + 1))
    hits = find(data, ends) | _suspects(data, starts, ends)
    lines = tuple((i, int(ends[i]), data[starts[i] : ends[i]].tobytes()) for i in sorted(hits) if ends[i] > starts[i])
    return Found(block, len(ends), lines)


def _newlines(data: Bytes) -> Offsets:
    """Give where the newlines are; eight bytes at a time first, for they are few."""
    size = len(data) + -len(data) % 8
    if not hasattr(_own, "mask") or len(_own.mask) < size:
        _own.mask = np.empty(size + BLOCK, np.bool_)
    mask = _own.mask[:size]
    np.equal(data, 10, out=mask[: len(data)])
    mask[len(data) :] = False
    eights = np.flatnonzero(mask.view(np.uint64) != 0)
    among = np.flatnonzero(mask.reshape(-1, 8)[eights])
    return eights[among >> 3] * 8 + (among & 7)


def _suspects(data: Bytes, starts: Offsets, ends: Offsets) -> set[int]:
    """Give the lines that cannot be JSON objects as they stand."""
    first, last = data[np.minimum(starts, len(data) - 1)], data[np.maximum(ends - 1, 0)]
    unframed = (first != 0x7B) | ((last != 0x7D) & (last != 0x0D))  # "{", and "}" or the CR of a CRLF
    suspects: set[int] = set(np.flatnonzero(unframed).tolist())
    if not data.min():
        suspects |= set(np.searchsorted(ends, np.flatnonzero(data == 0)).tolist())
    if not _utf8(data):
        suspects |= {i for i, (a, b) in enumerate(zip(starts, ends, strict=True)) if not _utf8(data[a:b])}
    return suspects


def _utf8(data: Bytes) -> bool:
    offsets = np.array([0, len(data)], np.int64)
    buffers = [None, pa.py_buffer(offsets), pa.py_buffer(data)]
    try:
        pa.Array.from_buffers(pa.large_string(), 1, buffers).validate(full=True)
    except pa.ArrowInvalid:
        return False
    return True


def _blocks(path: Path, start: int, longest: int, spare: deque[bytearray]) -> Iterator[Block]:
    """Cut a file at newlines; a line longer than `longest` bytes is passed over and counted."""
    at, kept, overlong, skipping = start, 0, 0, False  # kept: bytes of an unfinished line, in front of the buffer
    read, damaged = 0, ""
    buffer = _buffer(spare, 0)
    source = _filled(path, start)
    next(source)
    while True:
        buffer = _grown(buffer, kept + BLOCK)
        count, read, damaged = source.send(memoryview(buffer)[kept : kept + BLOCK])
        if not count:
            break
        end = kept + count
        if skipping:
            found = buffer.find(b"\n", 0, end) + 1
            at, skipping = at + (found or end), not found
            end -= found or end
            buffer[:end] = buffer[found : found + end]
            kept = 0
        cut = buffer.rfind(b"\n", kept, end) + 1
        if cut:
            following = _buffer(spare, end - cut)
            following[: end - cut] = memoryview(buffer)[cut:end]
            yield Block(buffer, cut, at, read=read, overlong=overlong)
            buffer, end, at, overlong = following, end - cut, at + cut, 0
        kept = end
        if kept > longest:
            at, kept, skipping, overlong = at + kept, 0, True, overlong + 1
    yield Block(buffer, kept, at, read=read, overlong=overlong, last=True, damaged=damaged)


def _buffer(spare: deque[bytearray], needed: int) -> bytearray:
    return _grown(spare.pop() if spare else bytearray(2 * BLOCK), needed)


def _grown(buffer: bytearray, needed: int) -> bytearray:
    """Give a buffer of at least that size with what the buffer holds. A new one: an old one may still be looked at."""
    return buffer if len(buffer) >= needed else buffer + bytes(needed - len(buffer) + BLOCK)


def _filled(path: Path, start: int) -> Generator[tuple[int, int, str], memoryview, None]:
    """Unpack a file from an offset into the views sent: bytes filled in (0 at the end), bytes read, what broke."""
    read, damaged, done = 0, "", start
    view = yield 0, 0, ""
    with path.open("rb") as disk:
        try:
            stream, frames = _at(disk, start)
            while count := stream.readinto(view):
                done, read = done + count, disk.tell()
                view = yield count, read, ""
            if frames and not frames.whole:
                yield 0, read, "it ends within a frame: the file was cut short; fetch it again, and it is read anew"
        except _DAMAGED as error:
            damaged = str(error) or type(error).__name__
        # What came out before the break within the last read is lost with it: read that part again, in small steps.
        try:
            disk.seek(0)
            stream = _at(disk, done)[0] if damaged else disk
            while damaged and (chunk := stream.read1(min(_STEP, len(view)))):
                view[: len(chunk)] = chunk
                view = yield len(chunk), read, ""
        except _DAMAGED:
            pass
    yield 0, read, damaged


def _at(disk: BufferedIOBase, offset: int) -> tuple[BufferedIOBase, Counted | None]:
    """Give the unpacked bytes of an open file from an offset on, and what counts its frames if it is zstd's."""
    stream, frames = _unpacked(disk)
    if stream is disk:
        disk.seek(offset)
    while offset > 0 and stream is not disk:
        chunk = stream.read(min(BLOCK, offset))
        if not chunk:
            break
        offset -= len(chunk)
    return stream, frames


def _unpacked(disk: BufferedIOBase) -> tuple[BufferedIOBase, Counted | None]:
    """Choose by what the first bytes say the file is, not by its name."""
    magic = disk.read(6)
    disk.seek(0)
    if magic[:4] == b"\x28\xb5\x2f\xfd" or magic[1:4] == b"\x2a\x4d\x18":  # a frame, or one to skip
        frames = Counted(disk)
        unpack = zstandard.ZstdDecompressor(max_window_size=WINDOW)
        # Packers that work in parallel write many frames into one file.
        stream = unpack.stream_reader(cast("Any", frames), read_size=1 << 20, read_across_frames=True)
        return cast("BufferedIOBase", stream), frames
    return _otherwise(disk, magic), None


def _otherwise(disk: BufferedIOBase, magic: bytes) -> BufferedIOBase:
    if magic[:2] == b"\x1f\x8b":
        return gzip.GzipFile(fileobj=cast("Any", disk))
    if magic == b"\xfd7zXZ\x00":
        return lzma.LZMAFile(cast("Any", disk))
    if magic[:3] == b"BZh":
        return bz2.BZ2File(cast("Any", disk))
    return disk
