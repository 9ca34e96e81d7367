"""The same results in the same order, in one process or in several, also where a process dies."""

from pathlib import Path

import pytest

from pipeline import extract, workers
from pipeline.errors import ExtractionError
from tests.support.work import dies_always, dies_once, doubled, fails, made


@pytest.mark.parametrize("processes", [1, 2])
def test_results_come_in_order(processes: int) -> None:
    assert list(workers.ordered(made, ("",), doubled, range(50), processes)) == [2 * n for n in range(50)]


def test_nothing_in_nothing_out() -> None:
    assert list(workers.ordered(made, ("",), doubled, [], 2)) == []


def test_a_killed_process_is_replaced_and_nothing_is_lost_or_doubled(tmp_path: Path) -> None:
    assert list(workers.ordered(made, (str(tmp_path),), dies_once, range(40), 2)) == [2 * n for n in range(40)]
    assert (tmp_path / "died").exists()


def test_an_item_that_kills_its_process_each_time_is_told() -> None:
    with pytest.raises(ExtractionError, match="worker processes died"):
        list(workers.ordered(made, ("",), dies_always, range(10), 2))


def test_an_error_of_the_work_is_raised() -> None:
    with pytest.raises(ValueError, match="item five"):
        list(workers.ordered(made, ("",), fails, range(10), 2))


def test_two_processes_write_the_bytes_of_one(tmp_path: Path) -> None:
    posts = tmp_path / "posts.jsonl"
    lines = (
        f'{{"id": "p{n}", "text": "I take baclofen {n % 9 + 1}0 mg a day, no cravings at all."}}' for n in range(450)
    )
    posts.write_text("\n".join(lines), encoding="utf-8")
    one = b"".join(extract.records(posts, None, [], 1))
    assert one.count(b"\n") == 450
    assert b"".join(extract.records(posts, None, [], 2)) == one


def test_what_is_no_post_is_told_and_where_the_file_itself_breaks_off(tmp_path: Path) -> None:
    posts = tmp_path / "posts.jsonl"
    posts.write_text('{"id": "1", "text": "Baclofen helped me."}\n{"id": "1", "text": "again"}\n{"id": "2", "te')
    aside: list[extract.Aside] = []
    assert len(list(extract.records(posts, None, aside))) == 1
    assert [(a.line.split(" (")[0], a.broken) for a in aside] == [
        ("posts.jsonl:2: duplicate id", False),
        ("posts.jsonl:3: file breaks off", True),
    ]
