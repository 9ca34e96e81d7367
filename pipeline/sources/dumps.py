"""Posts from Reddit's monthly dumps: comments and submissions of every era, packed (.zst, .gz, .xz, .bz2) or plain.

Lines are searched as raw bytes (`dump_scan`) and only those that may match are parsed. Memory stays below the window of
the compression (2 GiB) and some blocks. A bad line is set aside with file, line and reason, and the rest goes on.
"""

import hashlib
import json
import re
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import asdict, dataclass
from pathlib import Path
from typing import Any

import orjson

from pipeline.errors import SourceError
from pipeline.post import DAMAGED, LAST_LINE, Batch, Exclusion, Post, Thread
from pipeline.sources import dump_scan, reddit_json

STAGE = "import"
_HEAD = 1 << 16
_SAVE_EVERY = 1 << 30  # unpacked bytes between two checkpoints where nothing matches

Progress = Callable[[str, int, int], None]
"""Called with the file's name, bytes read of it and bytes in all (as they lie on the disk)."""


@dataclass(frozen=True, slots=True)
class Position:
    """How far a file has been read; kept as a checkpoint.

    size: bytes of the file; asked: hash of the words and subreddits looked for; offset: unpacked bytes done; seen:
    lines done, matching or not; matched: posts given; aside: bad lines.
    """

    size: int
    asked: str
    offset: int = 0
    seen: int = 0
    matched: int = 0
    aside: int = 0
    done: bool = False


def collect(
    paths: Sequence[Path],
    words: Sequence[str],
    state: Mapping[str, str],
    *,
    subreddits: Sequence[str] = (),
    batch_size: int = 2000,
    progress: Progress | None = None,
) -> Iterator[Batch]:
    """Read dumps into batches of posts, each with the checkpoint from which the next call goes on.

    words: looked for as whole words in title, selftext and body, case ignored; none: every line is taken.
    subreddits: if any, only their lines are taken. state: checkpoints of earlier batches, by key; a file read to its
    end with the same words is passed over. Raises SourceError, before reading any, for a file that is missing.
    """
    for path in paths:
        if not path.is_file():
            raise SourceError(f"{path}: no such file; give the path of a Reddit dump (.zst, .ndjson)")
    wanted = _Wanted(words, subreddits)
    for path in paths:
        key = _key(path)
        position = _position(state.get(key), path.stat().st_size, wanted.asked)
        if not position.done:
            yield from _file(path, key, position, wanted, max(1, batch_size), progress)


def positions(state: Mapping[str, str]) -> dict[str, Position]:
    """Give how far each file was read, from the checkpoints: file name to position."""
    found: dict[str, Position] = {}
    for key, value in state.items():
        if key.startswith("dump:"):
            found[key.split(":")[1]] = Position(**json.loads(value))
    return found


class _Wanted:
    """What is looked for, on raw bytes and then on a parsed object."""

    def __init__(self, words: Sequence[str], subreddits: Sequence[str]) -> None:
        names = sorted({w.strip().lower() for w in words if w.strip()})
        self.subreddits = {s.strip().lower().removeprefix("/").removeprefix("r/") for s in subreddits}
        self.asked = hashlib.sha256(repr((names, sorted(self.subreddits))).encode()).hexdigest()[:16]
        self.find = dump_scan.finder(dump_scan.needles(names, sorted(self.subreddits)))
        # A letter beside it makes another word; a digit does not ("baclofen25mg").
        pattern = "|".join(_spaced(n) for n in sorted(names, key=len, reverse=True))
        self._words = re.compile(rf"(?<![^\W\d_])(?:{pattern})(?![^\W\d_])", re.IGNORECASE) if names else None
        # One of these stands as a word in every text with a name: in plain text that is found many times faster.
        self._parts = tuple({max(re.split(r"[\s\-]+", n), key=len) for n in names})

    def takes(self, data: Mapping[str, Any]) -> bool:
        if self.subreddits and reddit_json.subreddit(data).lower() not in self.subreddits:
            return False
        if self._words is None:
            return True
        text = reddit_json.texts(data)
        if text.isascii():
            lower = text.lower()
            if not any(part in lower and _stands(part, lower) for part in self._parts):
                return False
        return self._words.search(text) is not None


def _stands(part: str, text: str) -> bool:
    """Tell whether a part of a text has no letter beside it anywhere."""
    at = text.find(part)
    while at >= 0:
        end = at + len(part)
        if not text[end : end + 1].isalpha() and not (at and text[at - 1].isalpha()):
            return True
        at = text.find(part, at + 1)
    return False


def _spaced(name: str) -> str:
    return r"[\s\u00a0\-\u2010-\u2013]+".join(re.escape(part) for part in re.split(r"[\s\-]+", name) if part)


def _key(path: Path) -> str:
    with path.open("rb") as file:
        head = hashlib.sha256(file.read(_HEAD)).hexdigest()[:16]
    return f"dump:{path.name}:{head}"


def _position(saved: str | None, size: int, asked: str) -> Position:
    fresh = Position(size=size, asked=asked)
    if saved is None:
        return fresh
    try:
        old = Position(**json.loads(saved))
    except (ValueError, TypeError):
        return fresh
    return old if (old.size, old.asked) == (size, asked) else fresh


@dataclass(slots=True)
class _Gathered:
    """What waits to be given out as one batch."""

    posts: dict[str, Post]
    threads: dict[str, Thread]
    aside: list[Exclusion]

    def add(self, made: Post, thread: Thread | None) -> None:
        held = self.posts.get(made.native_id)
        if held and held.status != "live":
            return  # what was seen deleted is not restored by an older copy beside it
        self.posts[made.native_id] = made
        if thread:
            self.threads[thread.native_id] = thread

    def batch(self, key: str, position: Position) -> Batch:
        made = Batch(
            posts=tuple(self.posts.values()),
            threads=tuple(self.threads.values()),
            exclusions=tuple(self.aside),
            checkpoint={key: json.dumps(asdict(position))},
        )
        self.posts, self.threads, self.aside = {}, {}, []
        return made


def _file(
    path: Path, key: str, position: Position, wanted: _Wanted, batch_size: int, progress: Progress | None
) -> Iterator[Batch]:
    gathered = _Gathered({}, {}, [])
    size, matched, aside, saved = position.size, position.matched, position.aside, position.offset
    for found in dump_scan.scan(path, wanted.find, start=position.offset, first_line=position.seen + 1):
        block = found.block
        for back in range(block.overlong, 0, -1):
            gathered.aside.append(Exclusion(f"{path.name}:{block.first_line - back}", STAGE, "line too long"))
            aside += 1
        for index, end, line in found.hits:
            number = block.first_line + index
            last = block.last and index == found.lines - 1
            made = _made(line, wanted, last=last)
            if isinstance(made, str):
                gathered.aside.append(Exclusion(f"{path.name}:{number}", STAGE, made, f"{len(line)} bytes"))
                aside += 1
            elif made:
                gathered.add(*made)
                matched += 1
            if len(gathered.posts) + len(gathered.aside) >= batch_size and end < block.size:
                saved = block.start + end + 1
                yield gathered.batch(key, Position(size, wanted.asked, saved, number, matched, aside))
        at = block.start + block.size
        seen = block.first_line + found.lines - 1
        if block.damaged:
            what = f"{path.name}:{seen + 1}"
            gathered.aside.append(Exclusion(what, STAGE, DAMAGED, block.damaged))
            aside += 1
        if progress:
            progress(path.name, block.read, size)
        if block.last or len(gathered.posts) + len(gathered.aside) >= batch_size or at - saved >= _SAVE_EVERY:
            saved = at
            done = block.last and not block.damaged
            yield gathered.batch(key, Position(size, wanted.asked, at, seen, matched, aside, done))


def _made(line: bytes, wanted: _Wanted, *, last: bool) -> tuple[Post, Thread | None] | str | None:
    """Give post and thread of a line, None if it is not wanted, or the reason for which it is set aside."""
    if not line.strip():
        return None
    if b"\0" in line:
        return "NUL bytes"
    try:
        data = _parsed(line)
    except UnicodeDecodeError:
        return "not valid UTF-8"
    except (ValueError, RecursionError):
        return LAST_LINE if last else "not valid JSON"
    if not isinstance(data, dict):
        return "not a JSON object"
    if not wanted.takes(data):
        return None
    try:
        return reddit_json.post(data), reddit_json.thread(data)
    except reddit_json.NotAPostError as reason:
        return str(reason)


def _parsed(line: bytes) -> Any:
    try:
        return orjson.loads(line)
    except orjson.JSONDecodeError:
        # The standard parser takes halves of surrogate pairs, which old dumps hold; they are cleaned in the mapping.
        return json.loads(line.decode("utf-8"))
