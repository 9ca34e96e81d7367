"""A round of most kinds of fault. `python -m tests.faults --rounds 20` plays all of them, many times."""

from collections.abc import Generator
from pathlib import Path

import pytest

from tests.faults import journey, kinds

PLAYED = (
    "kill collect",
    "kill extract",
    "kill sweep",
    "disk full in collect",
    "disk full in export",
    "network: busy",
    "network: cut",
    "network: truncated",
    "two at once: extract",
    "two at once: forget",
    "clock jumps in collect",
    "archive (WARC) corrupted",
    "dump block corrupted",
    "database page corrupted",
)


@pytest.fixture(scope="module")
def made(tmp_path_factory: pytest.TempPathFactory) -> Generator[journey.Journey]:
    with journey.journey(tmp_path_factory.mktemp("journey")) as one:
        yield one


@pytest.mark.parametrize("kind", PLAYED)
def test_a_fault_is_survived(kind: str, made: journey.Journey, tmp_path: Path) -> None:
    done = kinds.play(kind, made, 1, tmp_path / "round")
    assert not done.wrong


def test_the_harness_sees_what_is_lost_and_what_is_there_twice(made: journey.Journey, tmp_path: Path) -> None:
    from pipeline import corpus
    from pipeline.home import Home

    home = made.copy("extract", tmp_path / "home")
    with corpus.writing(Home(home)) as con:
        con.execute("delete from post where post_id = (select min(post_id) from post where source_id = 'dump')")
        con.execute("insert into copy select post_id, post_id, 'exact', 1 from post limit 1")
    assert made.run("extract", home).status == 0
    now, peace = journey.held(home), made.after["extract"]
    assert len(now["post"]) == len(peace["post"]) - 1
    assert now["copy"] != peace["copy"]
