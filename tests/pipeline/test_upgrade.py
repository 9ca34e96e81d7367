"""A corpus of an older schema is upgraded in place after a copy."""

from pathlib import Path

import duckdb
import pytest

from pipeline import corpus, upgrade
from pipeline.errors import Outdated
from pipeline.home import Home
from tests.pipeline.simulated import Told, ask, write


def test_an_older_corpus_is_copied_and_then_upgraded(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    home, folder = Home(tmp_path / "home"), tmp_path / "steps"
    write(home, [("heron", Told(0, effect="worked"))])
    folder.mkdir()
    (folder / "0002_a_note.sql").write_text("alter table source add column remark varchar;")
    known = upgrade.steps

    def ours(found: str | None, to: int) -> list[Path]:
        return known(found, to, folder)

    monkeypatch.setattr(upgrade, "steps", ours)
    monkeypatch.setattr(corpus, "SCHEMA_VERSION", 2)
    assert ask(home, "select remark from source") == [{"remark": None}]
    assert ask(home, "select value from meta where key = 'schema_version'") == [{"value": "2"}]
    assert ask(home, "select effect from course where condition = 'any'") == [{"effect": "worked"}]
    with duckdb.connect(str(home.corpus.with_name("corpus.schema1.duckdb")), read_only=True) as copy:
        assert copy.execute("select value from meta where key = 'schema_version'").fetchall() == [("1",)]


def test_without_a_way_from_its_schema_a_corpus_is_refused_and_left_alone(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    home = Home(tmp_path)
    write(home, [("heron", Told(0))])
    monkeypatch.setattr(corpus, "SCHEMA_VERSION", 3)
    with pytest.raises(Outdated, match="schema 1"):
        ask(home, "from post")
    assert list(tmp_path.glob("corpus.schema*")) == []
