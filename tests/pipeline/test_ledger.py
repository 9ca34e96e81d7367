"""The ledger: append-only, chained, and free of anything personal."""

import json
from datetime import UTC, datetime
from pathlib import Path

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from pipeline import ledger
from pipeline.errors import Locked
from pipeline.ledger import Ledger

AT = datetime(2026, 3, 1, 12, 0, tzinfo=UTC)
LINES = 6


def written(folder: Path, lines: int = LINES) -> Path:
    with Ledger(folder, "b") as book:
        for number in range(lines):
            book.add("request", AT, url=f"http://a.example/{number}", status=200)
    return ledger.path_of(folder, "b")


def test_what_was_written_is_read_back_and_holds(tmp_path: Path) -> None:
    path = written(tmp_path)
    assert ledger.verify(path) is None
    assert [r["url"] for r in ledger.rows(path)] == [f"http://a.example/{n}" for n in range(LINES)]
    assert all(r["at"] == AT.isoformat() and r["status"] == 200 for r in ledger.rows(path))


def test_a_second_crawl_goes_on_with_the_chain_under_its_own_id(tmp_path: Path) -> None:
    written(tmp_path)
    path = written(tmp_path)
    assert ledger.verify(path) is None
    assert len({r["crawl"] for r in ledger.rows(path)}) == 2


@settings(max_examples=60, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(st.integers(0, LINES - 1), st.floats(0, 1), st.integers(1, 127))
def test_a_later_edit_of_any_byte_shows_and_its_line_is_named(
    tmp_path: Path, line: int, share: float, flip: int
) -> None:
    path = ledger.path_of(tmp_path, "b")
    path.unlink(missing_ok=True)
    ledger._head(path).unlink(missing_ok=True)
    written(tmp_path)
    lines = path.read_bytes().splitlines(keepends=True)
    at = round(share * (len(lines[line]) - 2))
    lines[line] = lines[line][:at] + bytes([lines[line][at] ^ flip]) + lines[line][at + 1 :]
    path.write_bytes(b"".join(lines))
    fault = ledger.verify(path)
    assert fault is not None
    assert fault.line == line + 1


def test_a_line_changed_together_with_its_own_hash_shows_at_the_next(tmp_path: Path) -> None:
    path = written(tmp_path)
    lines = path.read_text().splitlines()
    row = json.loads(lines[2])
    row.pop("hash")
    row["status"] = 404
    lines[2] = json.dumps({**row, "hash": ledger._hash(row)})
    path.write_text("\n".join(lines) + "\n")
    assert ledger.verify(path) == ledger.Fault(
        4, "does not follow the line before it: one was changed, added or removed here"
    )


@pytest.mark.parametrize("keep", [[0, 2, 3, 4, 5], [0, 1, 1, 2, 3, 4, 5], [1, 0, 2, 3, 4, 5], [0, 1, 2, 3], []])
def test_lines_that_were_removed_doubled_swapped_or_cut_off_show(tmp_path: Path, keep: list[int]) -> None:
    path = written(tmp_path)
    lines = path.read_bytes().splitlines(keepends=True)
    path.write_bytes(b"".join(lines[n] for n in keep))
    assert ledger.verify(path) is not None


def test_a_ledger_that_was_removed_shows(tmp_path: Path) -> None:
    path = written(tmp_path)
    path.unlink()
    assert ledger.verify(path) == ledger.Fault(1, "the file is gone")


def test_a_line_that_a_kill_left_half_written_is_cut_and_the_chain_goes_on(tmp_path: Path) -> None:
    path = written(tmp_path)
    whole = path.read_bytes()
    path.write_bytes(whole + b'{"at":"2026-03-01T12:00')
    assert ledger.verify(path) is None
    written(tmp_path, 1)
    assert ledger.verify(path) is None
    assert path.read_bytes().startswith(whole)
    assert sum(1 for _ in ledger.rows(path)) == LINES + 1


def test_session_ids_names_and_secrets_stay_out(tmp_path: Path) -> None:
    with Ledger(tmp_path, "b") as book:
        book.add(
            "request", AT, url="http://me:pass@a.example/x;jsessionid=77?sid=0123456789abcdef0123&t=3&token=abc#p5"
        )
    assert [r["url"] for r in ledger.rows(ledger.path_of(tmp_path, "b"))] == ["http://a.example/x?t=3"]


def test_two_crawls_cannot_write_one_ledger(tmp_path: Path) -> None:
    with Ledger(tmp_path, "b"), pytest.raises(Locked, match="another crawl of b"):
        Ledger(tmp_path, "b")


def test_only_its_owner_can_read_it(tmp_path: Path) -> None:
    assert written(tmp_path / "ledger").stat().st_mode & 0o777 == 0o600
    assert (tmp_path / "ledger").stat().st_mode & 0o777 == 0o700
