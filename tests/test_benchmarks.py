"""The benchmark command: what it makes of the figures of its parts, and when it says that a limit is missed."""

import json
import subprocess
import sys
from collections import Counter
from pathlib import Path
from typing import Any

import pytest

from benchmarks import __main__ as bench
from benchmarks import left_out, pages
from pipeline import gold

ROOT = Path(__file__).resolve().parents[1]


def test_every_number_in_nested_figures_has_a_dotted_name() -> None:
    told = {"rates": [3, 1, 2], "by": {"phpbb": 4.5, "name": "x"}, "sure": True, "none": None}
    assert dict(bench.flat(told, "pages")) == {"pages.rates": 2, "pages.by.phpbb": 4.5}


def test_runs_are_told_by_median_least_and_most() -> None:
    (figure,) = bench.figures_of([{"s": 3}, {"s": 1}, {"s": 2}], "x").values()
    assert figure == {"median": 2, "least": 1, "most": 3, "runs": 3}


@pytest.mark.parametrize(
    ("limit", "quick", "kept"),
    [
        ({"at_least": 2}, False, True),
        ({"at_least": 2.1}, False, False),
        ({"at_most": 2}, False, True),
        ({"at_most": 1.9}, False, False),
        ({"at_most": 1.9, "full": True}, True, None),
    ],
)
def test_a_limit_is_held_missed_or_not_judged(limit: dict[str, Any], *, quick: bool, kept: bool | None) -> None:
    figures = {"x": {"median": 2.0}}
    assert bench.held({"figure": "x", **limit}, figures, quick=quick) is kept
    assert bench.held({"figure": "y", **limit}, figures, quick=quick) is None


def test_the_command_measures_a_part_and_writes_what_it_found(tmp_path: Path) -> None:
    out = tmp_path / "figures.json"
    call = [sys.executable, "-m", "benchmarks", "dedup", "--quick", "--json", str(out)]
    done = subprocess.run(call, cwd=ROOT, capture_output=True, text=True, check=False)
    assert done.returncode == 0, done.stderr
    found = json.loads(out.read_bytes())
    assert found["figures"]["dedup.posts"]["median"] == 5000
    assert found["figures"]["dedup.recall.exact"]["median"] == 1
    assert found["failed"] == {}
    assert "dedup.posts_s" in done.stdout
    assert str(ROOT) not in out.read_text(encoding="utf-8")


def test_a_part_that_is_not_there_is_refused_by_name() -> None:
    call = [sys.executable, "-m", "benchmarks", "nothing"]
    done = subprocess.run(call, cwd=ROOT, capture_output=True, text=True, check=False)
    assert done.returncode == 2
    assert "no such part: nothing" in done.stderr


def test_every_limit_is_of_a_part_that_is_there() -> None:
    import tomllib

    table = tomllib.loads((ROOT / "benchmarks" / "parts.toml").read_text(encoding="utf-8"))
    assert {limit["figure"].split(".")[0] for limit in table["limit"]} <= set(table["part"])
    assert all({"at_least", "at_most"} & set(limit) for limit in table["limit"])


def test_a_set_without_pages_has_no_rate() -> None:
    assert pages.set_of([]) == {"pages": 0}
    assert pages.across(pages.plain, [], 1) == 0
    assert pages.gain(pages.plain, [], 2) == 0


def test_the_annotations_hold_no_words_of_posts_and_are_of_the_form_that_evaluate_takes() -> None:
    found = left_out.annotated()
    assert len({row["id"] for row in found}) == len(found) > 400
    for row in found:
        assert gold.wrong_with(row) is None
        inner = [claim for kind in ("treatments", "doses", "outcomes", "side_effects") for claim in row[kind]]
        told = [value for claim in inner for value in claim.values() if isinstance(value, str)]
        assert [value for value in told if len(value) > 40 or value.count(" ") > 1] == []  # names of medicines have one


def test_every_part_of_the_annotated_posts_is_about_as_large_as_the_others() -> None:
    sizes = Counter(left_out.part_of(row["id"]) for row in left_out.annotated())
    assert set(sizes) == set(range(left_out.PARTS))
    assert min(sizes.values()) > 50
