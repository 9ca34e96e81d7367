"""What is written to: a file whole or not at all; a pipe or device as it is."""

import os
import stat
import threading
from pathlib import Path

import pytest

from pipeline import extract
from pipeline.errors import ExtractionError


@pytest.mark.skipif(not hasattr(os, "mkfifo"), reason="there are no named pipes here")
def test_a_pipe_is_written_to_and_never_replaced(tmp_path: Path) -> None:
    pipe, got = tmp_path / "pipe", list[bytes]()
    os.mkfifo(pipe)
    reader = threading.Thread(target=lambda: got.append(pipe.read_bytes()))
    reader.start()
    assert extract.write([b"one\n", b"two\n"], pipe) == 2
    reader.join()
    assert got == [b"one\ntwo\n"]
    assert stat.S_ISFIFO(pipe.stat().st_mode)
    assert list(tmp_path.iterdir()) == [pipe]


@pytest.mark.parametrize("place", ["a file/records.jsonl", "no folder/records.jsonl", "a folder"])
def test_a_place_that_cannot_be_written_is_named(tmp_path: Path, place: str) -> None:
    (tmp_path / "a file").write_text("kept")
    (tmp_path / "a folder").mkdir()
    with pytest.raises(ExtractionError, match="cannot be written"):
        extract.write([b"one\n"], tmp_path / place)
    assert (tmp_path / "a file").read_text() == "kept"
