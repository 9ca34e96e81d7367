"""A corpus of an older schema is upgraded in place after a copy."""

from pathlib import Path

import duckdb
import pytest

from pipeline import corpus, upgrade
from pipeline.errors import Outdated
from pipeline.home import Home
from tests.pipeline.simulated import Told, ask, write

NEXT = corpus.SCHEMA_VERSION + 1
FIRST = Path(__file__).with_name("schema_1.sql")


def of_the_first_schema(home: Home) -> None:
    """Make a corpus as the first doselore left it: its own tables, none of today's views, one post that was read."""
    home.make()
    with duckdb.connect(str(home.corpus)) as con:
        con.execute(FIRST.read_text(encoding="utf-8"))
        con.execute("insert into meta values ('schema_version', '1'), ('made_by', 'doselore 0.1'), ('views', 'old')")
        con.execute("insert into study values ('baclofen', 'Baclofen', 'baclofen', 5, 0.95, 1.959963984540054, '{}')")
        con.execute("insert into source values ('board', 'board', 'board', false, null, null, now(), now())")
        con.execute(
            "insert into post (post_id, source_id, native_id, author_id, text, quoted, status, captured_at, text_sha256, extra) "
            "values ('board:1', 'board', '1', 'a1', 'very sleepy', [], 'live', now(), 'h', '{}')"
        )
        con.execute("insert into extraction values ('board:1', 'h', '1', now(), 'en', null)")
        con.execute("insert into report values ('board:1', 'self', [], null, null, '')")
        con.execute("insert into treatment values ('board:1', 'baclofen', 'taken', 'worked', null, null, null)")
        con.execute(
            "insert into mention values ('board:1', 0, 'side_effect', 'somnolence', 'baclofen', 'very sleepy', 0, 11, "
            "'present', null, null, null, 'self')"
        )


def test_a_corpus_of_the_first_schema_is_copied_and_brought_to_todays(tmp_path: Path) -> None:
    home = Home(tmp_path / "home")
    of_the_first_schema(home)
    assert ask(home, "select quote, detail from mention") == [{"quote": "very sleepy", "detail": None}]
    assert ask(home, "select effect from course where condition = 'any'") == [{"effect": "worked"}]
    assert ask(home, "from accuracy") == []
    assert ask(home, "select value from meta where key = 'schema_version'") == [{"value": str(corpus.SCHEMA_VERSION)}]
    with duckdb.connect(str(home.corpus.with_name("corpus.schema1.duckdb")), read_only=True) as copy:
        assert copy.execute("select value from meta where key = 'schema_version'").fetchall() == [("1",)]
        assert "detail" not in {r[0] for r in copy.execute("describe mention").fetchall()}


def test_what_was_upgraded_has_the_columns_of_a_new_corpus(tmp_path: Path) -> None:
    old, new = Home(tmp_path / "old"), Home(tmp_path / "new")
    of_the_first_schema(old)
    write(new, [("heron", Told(0))])
    shape = (
        "select table_name, column_name, data_type, is_nullable from duckdb_columns() "
        "where schema_name = 'main' and not internal order by all"
    )
    assert ask(old, shape) == ask(new, shape)


def test_posts_can_be_written_into_what_was_upgraded(tmp_path: Path) -> None:
    home = Home(tmp_path)
    of_the_first_schema(home)
    write(home, [("heron", Told(0, effect="worked"))], first=2)
    assert ask(home, "select benefit from outcome_by_treatment where condition = 'any'") == [{"benefit": 2}]


def test_an_upgrade_that_fails_leaves_the_corpus_as_it_was(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    home, folder = Home(tmp_path / "home"), tmp_path / "steps"
    write(home, [("heron", Told(0, effect="worked"))])
    folder.mkdir()
    (folder / f"{NEXT:04d}_broken.sql").write_text("alter table source add column remark varchar; select nonsense;")
    known = upgrade.steps

    def ours(found: str | None, to: int) -> list[Path]:
        return known(found, to, folder)

    with monkeypatch.context() as patched:
        patched.setattr(upgrade, "steps", ours)
        patched.setattr(corpus, "SCHEMA_VERSION", NEXT)
        with pytest.raises(corpus.CorpusError, match="nonsense"):
            ask(home, "from source")
    assert "remark" not in ask(home, "from source")[0]


def test_without_a_way_from_its_schema_a_corpus_is_refused_and_left_alone(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    home = Home(tmp_path)
    write(home, [("heron", Told(0))])
    monkeypatch.setattr(corpus, "SCHEMA_VERSION", NEXT + 1)
    with pytest.raises(Outdated, match=f"schema {NEXT - 1}"):
        ask(home, "from post")
    assert list(tmp_path.glob("corpus.schema*")) == []


def test_a_corpus_of_a_newer_doselore_is_refused_in_one_line(tmp_path: Path) -> None:
    home = Home(tmp_path)
    write(home, [("heron", Told(0))])
    with corpus.writing(home) as con:
        con.execute("update meta set value = ? where key = 'schema_version'", [str(NEXT)])
    with pytest.raises(Outdated, match=rf"schema {NEXT}, and this doselore knows schema {NEXT - 1}; use the doselore"):
        ask(home, "from post")
