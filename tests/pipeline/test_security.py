import csv
import io
from pathlib import Path

import pytest

from pipeline import corpus, staging, study, tables
from pipeline.door import Door, key
from pipeline.errors import CorpusError
from pipeline.home import Home
from pipeline.post import Batch, Post
from pipeline.release import build, describe
from pipeline.review import formats, items
from pipeline.staging import SourceRow

HOSTILE = "<script>alert(1)</script> \x1b[31mred\x1b[0m \u202egnp.exe ![x](http://evil.example/a.png) | a"


@pytest.fixture
def home(tmp_path: Path) -> Home:
    where = Home(tmp_path / "home").make()
    with staging.Staging(where, SourceRow("board", "board", "board"), Door(key(where.key))) as aside:
        aside.add(Batch(posts=(Post("../../../evil", HOSTILE, title="=cmd|' /C calc'!A0", author="sample_heron"),)))
    staging.merge(where)
    with corpus.writing(where) as con:
        corpus.publish(con, study.load("baclofen"))
    return where


@pytest.mark.parametrize(
    "sql",
    [
        "select * from read_csv('/etc/passwd')",
        "copy post to 'x.csv'",
        "attach 'other.duckdb'",
        "install httpfs",
        "set enable_external_access = true",
        "delete from post",
        "select 1; drop table post",
        "select * from 'https://evil.example/x.parquet'",
    ],
)
def test_sql_of_users_reaches_neither_files_nor_the_net_nor_writes(home: Home, sql: str) -> None:
    with corpus.reading(home) as con, pytest.raises(CorpusError):
        corpus.query(con, sql)


def test_what_is_printed_moves_no_terminal_and_runs_no_formula(home: Home) -> None:
    for form in ("text", "md", "csv"):
        out = tables.written(*tables.rows(home, "post"), form).decode()
        assert "\x1b" not in out
        assert "\u202e" not in out
    out = tables.written(*tables.rows(home, "post"), "csv").decode()
    assert not [c for row in csv.reader(io.StringIO(out)) for c in row if c.startswith(("=", "@", "+"))]


def test_a_data_sheet_shows_markup_as_text() -> None:
    cell = describe._cell(HOSTILE)
    assert "<script>" not in cell
    assert "\x1b" not in cell
    assert "![" not in cell
    assert " | " not in cell


def test_no_post_names_a_file_outside_its_folder(home: Home, tmp_path: Path) -> None:
    text = "words of the post"
    evil = items.Item("0" * 16, "board:../../../evil", "a" * 64, text, "doses", "{}", "words", 0, 5)
    formats.write([evil], "brat", tmp_path / "in" / "brat")
    build.export(home, tmp_path / "in" / "out", "internal")
    assert sorted(p.name for p in tmp_path.iterdir()) == ["home", "in"]
    assert not list(tmp_path.rglob("*evil"))


def test_the_key_is_in_no_file_but_its_own(home: Home, tmp_path: Path) -> None:
    secret = home.key.read_bytes().strip()
    for level in build.LEVELS:
        build.export(home, tmp_path / level, level)
    for file in tmp_path.rglob("*"):
        if file.is_file() and file != home.key:
            assert secret not in file.read_bytes(), file


def test_a_short_key_is_not_told_in_the_error(home: Home, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("DOSELORE_KEY", "tooshort")
    with pytest.raises(CorpusError) as error:
        key(home.key)
    assert "tooshort" not in str(error.value)
