"""What commands say at their end."""

from pathlib import Path

import pytest
from typer.testing import CliRunner

from flows import commands, show


def lake_fill(folder: Path, *files: Path) -> str:
    given = ["lake", "fill", *map(str, files), "--lake", str(folder / "lake"), "--source", "reddit"]
    return CliRunner().invoke(commands.app, [*given, "--workers", "1", "--home", str(folder / "home")]).output


def test_a_file_of_a_lake_that_is_not_there_is_named_once_and_nothing_is_to_be_committed(tmp_path: Path) -> None:
    missing = tmp_path / "nofile.zst"
    assert lake_fill(tmp_path, missing) == f"{missing}: No such file or directory\n"


def test_the_last_count_is_that_of_all(monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]) -> None:
    monkeypatch.setattr(show, "_LINE_EVERY", -1.0)
    with show.counter("posts read") as tick:
        assert list(tick([b"a", b"b", b"c"])) == [b"a", b"b", b"c"]
    assert capsys.readouterr().err.splitlines()[-1] == "posts read: 3"


def test_what_is_done_before_a_line_is_due_is_not_counted_aloud(capsys: pytest.CaptureFixture[str]) -> None:
    with show.counter("posts read") as tick:
        list(tick([b"a", b"b"]))
    assert capsys.readouterr().err == ""
