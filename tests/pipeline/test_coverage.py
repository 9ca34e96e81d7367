"""The ledger as a table: what an ethics board asks, and whether somebody changed it since."""

import hashlib
import json
from collections.abc import Generator
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import orjson
import pytest

from pipeline import checks, collect, coverage, tables
from pipeline.archive import Archive
from pipeline.fetching import turns
from pipeline.home import Home
from pipeline.study import Study
from tests.support.boards import Board
from tests.support.served import served

ROBOTS = "User-agent: *\nDisallow: /viewtopic.php?*t=2\n"


@pytest.fixture
def board() -> Board:
    made = Board(robots=ROBOTS)
    for number in range(1, 4):
        made.topic(number, forum=1, posts=3)
    return made


@pytest.fixture
def base(board: Board) -> Generator[str]:
    with served(board.answer) as address:
        yield address


@pytest.fixture
def home(tmp_path: Path, board: Board, base: str, monkeypatch: pytest.MonkeyPatch) -> Home:
    """Crawled twice."""
    napped: list[float] = []
    monkeypatch.setattr(turns.SHARED, "sleep", napped.append)
    made = Home(tmp_path / "home")
    collect.collect(study(base), made)
    board.post(1)
    collect.collect(study(base), made)
    return made


def study(base: str) -> Study:
    approval = {"basis": "the board's owner agreed by letter", "date": "2026-01-31"}
    settings = {"urls": [base], "allow_private": True, "terms": f"{base}/terms", "approval": approval}
    return Study.model_validate(
        {"name": "t", "title": "t", "index": "baclofen", "source": [{"name": "b", "kind": "board", **settings}]}
    )


def shown(home: Home) -> list[dict[str, Any]]:
    coverage.refresh(home)
    names, rows = tables.rows(home, "coverage")
    return [dict(zip(names, row, strict=True)) for row in rows]


def ledger_of(home: Home) -> Path:
    return home.root / "ledger" / "b.ndjson"


def test_each_crawl_tells_by_what_right_what_was_asked_and_what_came(home: Home, board: Board) -> None:
    first, second = shown(home)
    assert (first["source_id"], first["kind"], first["ended"], first["chain"]) == ("b", "board", "done", "ok")
    assert (first["approval"], first["approval_date"]) == ("the board's owner agreed by letter", "2026-01-31")
    assert first["terms"].endswith("/terms")
    assert first["terms_sha256"] is None  # the board has no such page
    assert first["robots_sha256"] == [hashlib.sha256(ROBOTS.encode()).hexdigest()]
    assert first["user_agent"].startswith("doselore/")
    # robots.txt, the terms, the index, one forum, two of three topics
    assert (first["requests"], first["answers_by_status"], first["refused_by_robots"]) == (6, "200: 5, 404: 1", 1)
    assert first["bytes"] > 1000
    assert (first["posts_read"], second["posts_read"]) == (6, 4)
    assert first["posts_held"] == 7
    assert first["started_at"] <= first["first_request_at"] <= first["last_request_at"] < second["started_at"]
    assert len(board.visible()) == 10


def test_asking_again_writes_nothing_where_no_ledger_has_news(home: Home, board: Board, base: str) -> None:
    first = shown(home)
    before = home.corpus.stat().st_mtime_ns
    assert shown(home) == first
    assert home.corpus.stat().st_mtime_ns == before
    board.post(2)
    collect.collect(study(base), home)
    assert len(shown(home)) == 3


def test_the_table_comes_as_csv(home: Home) -> None:
    lines = tables.written(*tables.rows(home, "coverage"), "csv").decode().splitlines()
    assert len(lines) == 3
    assert lines[0].startswith("source_id,crawl_id,kind,approval")


def _changed(path: Path) -> None:
    before = path.read_bytes()
    path.write_bytes(before.replace(b'"status":200', b'"status":404', 1))
    assert path.read_bytes() != before


def _cut(path: Path) -> None:
    lines = path.read_bytes().splitlines(keepends=True)
    path.write_bytes(b"".join(lines[:-2]))


def _forged(path: Path) -> None:
    """Leave out a request, chain all that follows anew, and set the file's own end to match."""
    rows = [json.loads(line) for line in path.read_bytes().splitlines()]
    del rows[4]
    prev, out = "0" * 64, list[bytes]()
    for row in rows:
        row.pop("hash")
        row["prev"] = prev
        prev = hashlib.sha256(orjson.dumps(row, option=orjson.OPT_SORT_KEYS)).hexdigest()
        out.append(orjson.dumps({**row, "hash": prev}) + b"\n")
    path.write_bytes(b"".join(out))
    path.with_suffix(".head").write_text(f"{len(out)} {prev}\n")


@pytest.mark.parametrize("tamper", [_changed, _cut, _forged])
def test_a_ledger_that_was_tampered_with_shows_in_the_table_and_in_the_check(home: Home, tamper: Any) -> None:
    assert {c.state for c in checks._ledgers(home)} == {"ok"}
    tamper(ledger_of(home))
    assert {row["chain"][:5] for row in shown(home)} == {"line "}
    assert {row["chain"][:5] for row in shown(home)} == {"line "}  # looking does not make it whole
    (found,) = checks._ledgers(home)
    assert found.state == "fail"
    assert "line" in found.found


def test_a_robots_txt_that_is_not_kept_fails_the_check_and_retention_keeps_it(home: Home) -> None:
    with Archive(home.root / "archive", "b") as archive:
        assert archive.purge(datetime(2100, 1, 1, tzinfo=UTC)) > 3
        assert [k.capture.url.rpartition("/")[2] for k in archive.captures()] == ["robots.txt", "robots.txt"]
    assert [c.state for c in checks._ledgers(home)] == ["ok"]
    with Archive(home.root / "archive", "b") as archive:
        archive.forget(hashlib.sha256(ROBOTS.encode()).hexdigest())
    (found,) = checks._ledgers(home)
    assert (found.state, "not in the archive" in found.found) == ("fail", True)
