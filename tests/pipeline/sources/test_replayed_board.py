"""The saved board beside the checkout, served on loopback and crawled through walker and corpus as a user would."""

import html
import json
import re
import subprocess
import sys
import unicodedata
from collections import Counter
from collections.abc import Generator
from contextlib import contextmanager
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import pytest

from pipeline import collect, corpus, door
from pipeline.fetching import turns
from pipeline.home import Home
from pipeline.study import Study

BOARD = Path(__file__).resolve().parents[4] / "shared" / "pages" / "board"
FAULTS = {
    "none": (),
    "429, 503 and dropped connections": ("--every-429", "11", "--every-503", "7", "--every-drop", "6"),
}

pytestmark = pytest.mark.skipif(
    not (BOARD / "replay.py").is_file(), reason="the saved board is not beside the checkout"
)


@dataclass
class Replayed:
    """base: the board's address; log: a line a request."""

    base: str
    log: Path

    def asked(self) -> list[str]:
        lines = self.log.read_text().splitlines() if self.log.exists() else []
        self.log.unlink(missing_ok=True)
        return [str(json.loads(line)["path"]) for line in lines]


@contextmanager
def replayed(folder: Path, *options: str) -> Generator[Replayed]:
    log = folder / "requests.jsonl"
    command = [sys.executable, str(BOARD / "replay.py"), "--port", "0", "--log", str(log), *options]
    with subprocess.Popen(command, stdout=subprocess.PIPE, text=True) as server:
        try:
            assert server.stdout
            yield Replayed(server.stdout.readline().strip(), log)
        finally:
            server.kill()


@dataclass
class Waits:
    """seconds: every pause that a crawl would have made."""

    seconds: list[float] = field(default_factory=list[float])


@pytest.fixture
def waits(monkeypatch: pytest.MonkeyPatch) -> Waits:
    """Let no time pass between requests, and keep how much would have."""
    made = Waits()
    monkeypatch.setattr(turns.SHARED, "sleep", made.seconds.append)
    return made


def study(base: str) -> Study:
    board = {"name": "saved", "kind": "board", "urls": [f"{base}/"], "allow_private": True}
    about = {"name": "saved", "title": "A saved board", "index": "baclofen"}
    return Study.model_validate({**about, "privacy": {"mask_text": False}, "source": [board]})


def shown() -> dict[str, tuple[dict[str, Any], dict[str, Any]]]:
    """Native id to thread and post of everything that a guest is shown."""
    truth = json.loads((BOARD / "truth_phpbb.json").read_text())
    visible = (t for t in truth["threads"] if t["visible_to_guests"])
    return {str(p["post_id"]): (t, p) for t in visible for p in t["posts"] if not p["deleted"]}


def words(*texts: str) -> list[str]:
    # phpBB stores what was typed in NFC; the truth has it as typed.
    return unicodedata.normalize("NFC", html.unescape(" ".join(texts))).split()


@pytest.mark.slow
@pytest.mark.parametrize("fault", FAULTS)
def test_every_post_that_a_guest_is_shown_is_collected_once_and_right(fault: str, tmp_path: Path, waits: Waits) -> None:
    home = Home(tmp_path / "home")
    with replayed(tmp_path, *FAULTS[fault]) as board:
        first = collect.collect(study(board.base), home)[0]
        again = board.asked()
        second = collect.collect(study(board.base), home)[0]
        asked_again = board.asked()
    assert first.error is None
    assert second.error is None
    assert (second.merged.new, second.merged.changed) == (0, 0)
    assert not [path for path in asked_again if "viewtopic" in path]
    if fault == "none":
        assert max(Counter(re.sub(r"[?&]sid=\w+", "", path) for path in again).values()) == 1
        assert 0.5 < max(waits.seconds) <= 1.0  # its robots.txt asks for one second; reading a page takes some of it

    expected = shown()
    assert first.merged.new == len(expected)
    pseudonym = door.Door(door.key(home.key)).author_id
    with corpus.reading(home) as con:
        rows = con.execute(
            "select native_id, thread_id, author_id, epoch(posted_at)::bigint, text, len(quoted), title, epoch(edited_at)::bigint from post"
        ).fetchall()
        in_order = con.execute("select native_id from post order by rowid").fetchall()
    assert Counter(r[0] for r in rows) == Counter(expected.keys())
    for native_id, thread_id, author_id, at, text, quotes, title, edited in rows:
        thread, post = expected[native_id]
        assert (thread_id, author_id, at) == (
            f"saved:{thread['topic_id']}",
            pseudonym("saved", post["author"]),
            post["created"],
        )
        assert words(text) == words(*post["own_text"])
        assert bool(quotes) == bool(post["quotes"])
        assert title == thread["title"]
        assert edited == (post["edited"] and post["edited"] // 60 * 60)  # the page tells the minute
    for thread in {t["topic_id"]: t for t, _ in expected.values()}.values():
        own = [str(p["post_id"]) for p in thread["posts"] if str(p["post_id"]) in expected]
        assert [i for (i,) in in_order if expected[i][0]["topic_id"] == thread["topic_id"]] == own
