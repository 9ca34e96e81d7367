from pathlib import Path

import pytest

from pipeline import corpus, door, key, staging
from pipeline.errors import CorpusError
from pipeline.home import Home
from pipeline.post import Batch, Post
from pipeline.staging import SourceRow

BOARD = SourceRow("board", "board", "board")


@pytest.fixture
def home(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Home:
    monkeypatch.delenv(door.KEY_VARIABLE, raising=False)
    where = Home(tmp_path / "home").make()
    merged(where, Post("1", "words", author="sample_heron"), Post("2", "words too", author="sample_wren"))
    return where


def merged(home: Home, *posts: Post) -> None:
    with staging.Staging(home, BOARD, door.Door(door.key(home.key))) as aside:
        aside.add(Batch(posts=posts))
    staging.merge(home)


def authors(home: Home) -> list[str]:
    with corpus.reading(home) as con:
        return [str(r[0]) for r in con.execute("select author_id from post order by post_id").fetchall()]


def test_a_rotation_changes_every_pseudonym_and_keeps_persons_apart_and_together(home: Home) -> None:
    before, old = authors(home), door.key(home.key)
    assert key.rotate(home) == 2
    after = authors(home)
    assert not set(before) & set(after)
    assert len(set(after)) == 2
    assert door.Door(old).author_id("board", "sample_heron") not in after
    merged(home, Post("3", "later", author="Sample_Heron"))
    assert authors(home)[2] == after[0]
    for file in home.root.rglob("*.duckdb"):
        assert before[0].encode() not in file.read_bytes()


def test_a_second_rotation_holds_too(home: Home) -> None:
    key.rotate(home)
    key.rotate(home)
    merged(home, Post("3", "later", author="sample_wren"))
    assert authors(home)[2] == authors(home)[1]


def test_a_rotation_killed_before_the_key_was_in_place_is_finished_by_the_next(
    home: Home, monkeypatch: pytest.MonkeyPatch
) -> None:
    real = Path.replace

    def dies(self: Path, target: Path) -> Path:
        if self.suffix == ".next":
            raise KeyboardInterrupt
        return real(self, target)

    monkeypatch.setattr(Path, "replace", dies)
    with pytest.raises(KeyboardInterrupt):
        key.rotate(home)
    monkeypatch.setattr(Path, "replace", real)
    key.rotate(home)
    merged(home, Post("3", "later", author="sample_wren"))
    assert authors(home)[2] == authors(home)[1]


def test_a_destroyed_key_is_gone_and_names_lead_nowhere(home: Home) -> None:
    secret = home.key.read_bytes()
    key.destroy(home)
    assert not home.key.exists()
    assert all(secret.strip() not in f.read_bytes() for f in home.root.rglob("*") if f.is_file())
    with pytest.raises(CorpusError, match="no key"):
        key.destroy(home)


def test_a_key_of_the_environment_is_not_ours_to_change(home: Home, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv(door.KEY_VARIABLE, "a key of good length here")
    with pytest.raises(CorpusError, match="DOSELORE_KEY"):
        key.rotate(home)
