"""The journey that is disturbed: a small board and a dump, read, reviewed, released, swept; and what must be alike."""

import copy
import csv
import io
import json
import shutil
import time
from collections.abc import Generator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import zstandard

from pipeline import corpus, ledger
from pipeline.archive import Archive
from pipeline.home import Home
from pipeline.post import Capture
from tests.faults.child import Children, Ended, children
from tests.faults.network import Unruly, served
from tests.support.boards import Board

KEY = "0123456789abcdef0123456789abcdef"
STEPS = ("collect", "import", "extract", "review", "export", "sweep", "forget")
_STUDY = """name = "faults"
title = "Faults on purpose"
index = "baclofen"
comparators = ["naltrexone"]
[thresholds]
minimum_cell = 1
[[source]]
name = "board"
kind = "board"
urls = ["{base}/index.php"]
delay_seconds = 0
allow_private = true
"""
# What is told of the posts; times at which we looked, and what names a file of ours, differ from run to run.
_ALIKE = {
    "post": "post_id, source_id, thread_id, parent_id, author_id, posted_at, url, title, text, status, text_sha256",
    "post_version": "post_id, version, text",
    "thread": "thread_id, source_id, title",
    "author": "author_id",
    "extraction": "post_id, text_sha256, version, language, excluded",
    "report": "*",
    "treatment": "*",
    "dose": "*",
    "outcome": "*",
    "side_effect": "*",
    "mention": "*",
    "copy": "*",
    "review_label": "item, post_id, text_hash, field, claim, verdict, reviewer",
    "accuracy": "* exclude (made_at)",
    "tombstone": "post_hash",
    "kept_course": "*",
    "outcome_by_treatment": "*",
    "side_effect_rate": "*",
}


@dataclass
class Journey:
    """states: folder of the home as it is before each step; after: what it holds once the step is done.

    boards: the board as it is at each step, some posts being deleted before the sweep; seconds: that a step takes.
    """

    folder: Path
    boards: dict[str, Board]
    unruly: Unruly
    children: Children
    study: Path
    dump: Path
    states: dict[str, Path]
    after: dict[str, dict[str, list[Any]]]
    seconds: dict[str, float]

    def argv(self, step: str, home: Path) -> tuple[str, ...]:
        """Give the command of a step on a home."""
        where = ("--home", str(home))
        return {
            "collect": ("collect", "--study", str(self.study), *where),
            "import": ("import", str(self.dump), "--source", "dump", *where),
            "extract": ("extract", "--workers", "1", *where),
            "review": ("review", "import", str(self.folder / "claims.csv"), "--reviewer", "reader_1", *where),
            "export": ("export", str(released(home)), "--level", "shareable", *where),
            "sweep": ("sweep", "--hours", "0", "--study", str(self.study), *where),
            "forget": ("forget", "--author", "member2", *where),
        }[step]

    def run(self, step: str, home: Path, **how: Any) -> Ended:
        """Run a step. Time passes at once."""
        return self.children.run(*self.argv(step, home), quick=True, **how)

    def copy(self, step: str, to: Path) -> Path:
        """Give a home as it is before a step, in a new folder; the board is as it was then."""
        _copy(self.states[step], to)
        self.unruly.board = self.boards[step]
        return to


def _copy(home: Path, to: Path) -> None:
    shutil.copytree(home, to)
    if released(home).exists():
        shutil.copytree(released(home), released(to))


def released(home: Path) -> Path:
    """Give the folder that the release of a home goes to."""
    return home.parent / f"{home.name}-release"


def held(home: Path) -> dict[str, list[Any]]:
    """Give what a home holds, as text, in a fixed order; the release too."""
    found: dict[str, list[Any]] = {}
    with corpus.reading(Home(home)) as con:
        for table, columns in _ALIKE.items():
            found[table] = sorted(map(str, con.execute(f'select {columns} from "{table}"').fetchall()))
    sums = released(home) / "SHA256SUMS"
    data = sums.read_text().splitlines() if sums.exists() else []
    found["release"] = sorted(line for line in data if "/report." in line or "/treatment." in line)
    return found


def whole(home: Path) -> list[str]:
    """Give what is wrong with a home's own books: a page that cannot be read, a ledger that was changed, leftovers."""
    place = Home(home)
    wrong = [f"left in staging: {f.name}" for f in place.staging.iterdir()] if place.staging.exists() else []
    with corpus.reading(place) as con:
        captures = con.execute("select source_id, sha256, url, status, fetched_at from capture").fetchall()
    with Archive(place.root / "archive", "board") as archive:
        lost = [c[2] for c in captures if c[0] == "board" and archive.read(Capture(*c[1:])) is None]
    wrong += [f"page not in the archive: {url}" for url in lost]
    book = place.root / "ledger" / "board.ndjson"
    if book.exists() and (broken := ledger.verify(book)) is not None:
        wrong.append(f"ledger: {broken}")
    return wrong


@contextmanager
def journey(folder: Path) -> Generator[Journey]:
    """Make the journey once in peace, and keep the home as it is before each step."""
    board = _board()
    unruly = Unruly(board)
    env = {"DOSELORE_KEY": KEY, "PREFECT_HOME": str(folder / "prefect"), "TMPDIR": str(folder)}
    with served(unruly) as base, children(env) as child:
        study = folder / "faults.toml"
        study.write_text(_STUDY.format(base=base), encoding="utf-8")
        made = Journey(folder, {}, unruly, child, study, _dump(folder), {}, {}, {})
        home = folder / "peace"
        home.mkdir()
        for step in STEPS:
            if step == "review":
                _judge(made, home)
            if step == "sweep":
                unruly.board = board = copy.deepcopy(board)
                _delete(board)
            made.boards[step] = board
            made.states[step] = folder / f"before-{step}"
            _copy(home, made.states[step])
            began = time.monotonic()
            ended = made.run(step, home)
            made.seconds[step] = time.monotonic() - began
            assert ended.status == 0, (step, ended.said)
            made.after[step] = held(home)
            assert not whole(home), (step, whole(home))
        yield made


def _board() -> Board:
    board = Board()
    said = [
        "I took baclofen 25 mg three times a day for my drinking. My cravings are gone.",
        "Naltrexone 50 mg did nothing for my drinking, and I felt sick.",
        "On baclofen 60 mg for a month. It made me very sleepy, but I drink less now.",
        "Hello all, good luck to everybody.",
    ]
    for number in range(1, 6):
        board.topic(number, forum=1 + number % 2, posts=0)
        for post in range(4):
            board.post(number, f"{said[(number + post) % 4]} That was post {number}.{post}.")
    return board


def _delete(board: Board) -> None:
    board.delete(1, 0)
    board.delete(3, 1)


def _judge(made: Journey, home: Path) -> None:
    out = made.folder / "claims.csv"
    ended = made.children.run("review", "export", str(out), "-n", "40", "--sample", "random", "--home", str(home))
    assert ended.status == 0, ended.said
    rows = list(csv.DictReader(io.StringIO(out.read_text(encoding="utf-8-sig"), newline="")))
    for n, row in enumerate(rows):
        row["verdict"] = "wrong" if n % 5 == 0 else "right"
    with out.open("w", encoding="utf-8", newline="") as file:
        writer = csv.DictWriter(file, rows[0].keys())
        writer.writeheader()
        writer.writerows(rows)


def _dump(folder: Path) -> Path:
    """Write a dump of Reddit's lines in several zstd frames."""
    out = folder / "RS_2013-01.zst"
    lines = [
        {
            "id": f"r{n}",
            "author": f"redditor{n % 9}",
            "subreddit": "alcoholism",
            "title": "How it went",
            "selftext": f"I took baclofen {10 * (1 + n % 6)} mg a day for my drinking. The cravings are gone. Day {n}.",
            "created_utc": 1_357_000_000 + n,
        }
        for n in range(60)
    ]
    packer = zstandard.ZstdCompressor()
    frames = [
        packer.compress("".join(json.dumps(line) + "\n" for line in lines[at : at + 15]).encode())
        for at in range(0, 60, 15)
    ]
    out.write_bytes(b"".join(frames))
    return out
