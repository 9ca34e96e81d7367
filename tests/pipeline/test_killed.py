"""Crawls that are killed at many moments, while the board goes on: nothing is lost, nothing doubled."""

import random
from collections import defaultdict
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

from pipeline import corpus, ledger
from pipeline.archive import Archive
from pipeline.home import Home
from pipeline.post import Capture
from tests.support.boards import Board
from tests.support.crawls import Crawls, crawls
from tests.support.served import served

KILLS = 12


def ask(home: Home, sql: str) -> list[tuple[Any, ...]]:
    if not home.corpus.exists():
        return []
    with corpus.reading(home) as con:
        return con.execute(sql).fetchall()


class Life:
    """A board that is written to, and edited where its posts are in the corpus already. edits: texts replaced."""

    def __init__(self, seed: int, home: Home) -> None:
        self.chance, self.home = random.Random(seed), home
        self.board = Board()
        self.edits: dict[str, list[str]] = defaultdict(list)
        for number in range(1, 9):
            self.board.topic(number, forum=1 + number % 2, posts=self.chance.randint(1, 12))

    def goes_on(self) -> None:
        number = self.chance.choice(list(self.board.topics))
        last = self.board.topics[number].messages[-1]
        held = dict(ask(self.home, "select native_id, text from post"))
        if held.get(str(last.id)) == last.text:
            self.edits[str(last.id)].append(last.text)
            last.text = f"Better words, number {len(self.edits[str(last.id)])}, of post {last.id}."
        self.board.post(number)


@pytest.fixture(scope="module")
def run() -> Iterator[Crawls]:
    """Have a process that crawls, and dies when it is asked to."""
    with crawls() as one:
        yield one


@pytest.mark.slow
@pytest.mark.timeout(600)
@pytest.mark.parametrize("seed", [1, 2])
def test_whenever_a_crawl_is_killed_nothing_is_lost_and_nothing_is_doubled(
    seed: int, run: Crawls, tmp_path: Path
) -> None:
    home = Home(tmp_path / "home")
    life = Life(seed, home)
    with served(life.board.answer) as base:
        whole = run.run(tmp_path / "other", base).calls
        killed = sum(_killed(run, life, home, base, whole) for _ in range(KILLS))
        assert not run.run(home.root, base).killed
        life.board.asked.clear()
        assert not run.run(home.root, base).killed
    assert killed > KILLS / 2
    assert life.edits
    assert not life.board.threads_asked
    assert list(home.staging.iterdir()) == []

    rows = ask(home, "select native_id, text from post")
    assert len(rows) == len(life.board.visible())
    assert dict(rows) == life.board.visible()
    versions: dict[str, list[str]] = defaultdict(list)
    for native_id, text in ask(home, "select split_part(post_id, ':', 2), text from post_version order by version"):
        versions[native_id].append(text)
    assert versions == life.edits

    assert ledger.verify(home.root / "ledger" / "board.ndjson") is None
    captures = ask(home, "select sha256, url, status, fetched_at from capture")
    with Archive(home.root / "archive", "board") as archive:
        assert captures
        assert all(archive.read(Capture(*row)) for row in captures)


def _killed(run: Crawls, life: Life, home: Home, base: str, whole: int) -> bool:
    # A crawl that has little left to do is short: early moments come up oftener than late ones.
    ended = run.run(home.root, base, kill_at=int(whole ** life.chance.uniform(0.3, 1)))
    life.goes_on()
    return ended.killed
