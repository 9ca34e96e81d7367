"""How commands end when they are told to stop, or when nobody takes what they write."""

import json
import os
import signal
import subprocess
import sys
from pathlib import Path

import pytest

DOSELORE = Path(sys.executable).with_name("doselore")


def posts(folder: Path, lines: list[object]) -> Path:
    file = folder / "posts.jsonl"
    file.write_text("".join(json.dumps(line) + "\n" for line in lines), encoding="utf-8")
    return file


@pytest.mark.skipif(not Path("/dev/full").exists(), reason="no /dev/full here")
def test_a_full_disk_behind_standard_output_is_told_in_one_line(tmp_path: Path) -> None:
    file = posts(tmp_path, [{"id": "1", "text": "Baclofen helps."}])
    with Path("/dev/full").open("wb") as full:
        done = subprocess.run(
            [DOSELORE, "extract", file], stdout=full, stderr=subprocess.PIPE, text=True, check=False, timeout=120
        )
    assert done.returncode == 1
    assert "standard output: cannot be written: No space left on device" in done.stderr
    assert "fault" not in done.stderr
    assert "ignored" not in done.stderr


def test_a_reading_that_is_told_to_stop_leaves_no_part_behind(tmp_path: Path) -> None:
    out = tmp_path / "out"
    out.mkdir()
    many = posts(tmp_path, [{"id": str(n), "text": f"Baclofen {n} mg helps my spasms. " * 20} for n in range(20_000)])
    running = subprocess.Popen([DOSELORE, "extract", many, "--out", out / "r.jsonl", "--workers", "1"])
    while not list(out.iterdir()):
        assert running.poll() is None
        os.sched_yield()
    running.send_signal(signal.SIGTERM)
    assert running.wait(timeout=60) == 128 + signal.SIGTERM
    assert list(out.iterdir()) == []


@pytest.mark.parametrize("named", ["", True, ["1"], {"a": 1}, None, 1.5])
def test_what_names_no_post_is_no_id(tmp_path: Path, named: object) -> None:
    file = posts(tmp_path, [{"id": named, "text": "Baclofen helps."}, {"id": 7, "text": "It works.", "drug": 5}])
    done = subprocess.run([DOSELORE, "extract", file], capture_output=True, text=True, check=False, timeout=120)
    assert [json.loads(line)["id"] for line in done.stdout.splitlines()] == ["7"]
    assert "posts.jsonl:1: no id" in done.stderr


def test_a_file_of_another_kind_is_pointed_to_import(tmp_path: Path) -> None:
    file = tmp_path / "posts.csv"
    file.write_text("id,text\n1,Baclofen helps.\n")
    done = subprocess.run([DOSELORE, "extract", file], capture_output=True, text=True, check=False, timeout=120)
    assert done.returncode == 1
    assert "doselore import" in done.stderr


@pytest.mark.parametrize("asked", [[], ["--help"], ["nowhere.jsonl"]])
def test_the_reader_alone_says_how_it_is_used(asked: list[str]) -> None:
    done = subprocess.run(
        [sys.executable, "-m", "nlp", *asked], capture_output=True, text=True, check=False, timeout=120
    )
    assert done.returncode == (0 if asked == ["--help"] else 1 if asked else 2)
    assert "Traceback" not in done.stderr
    assert ("no such file" if asked == ["nowhere.jsonl"] else "usage") in done.stderr
