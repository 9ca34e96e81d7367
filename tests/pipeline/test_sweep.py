from datetime import UTC, datetime, timedelta
from pathlib import Path
from types import SimpleNamespace
from typing import Any

import pytest

from pipeline import corpus, staging, sweep
from pipeline.door import Door, key
from pipeline.home import Home
from pipeline.post import Batch, Post
from pipeline.sources import reddit as api
from pipeline.staging import SourceRow
from pipeline.study import Study

AT = datetime(2021, 3, 1, tzinfo=UTC)


def study(*sources: dict[str, Any]) -> Study:
    return Study.model_validate({"name": "t", "title": "t", "index": "baclofen", "source": list(sources)})


@pytest.fixture
def home(tmp_path: Path) -> Home:
    where = Home(tmp_path / "home").make()
    posts = [
        Post(f"t3_{n}", f"the words of post {n}", author=f"a{n}", posted_at=AT + timedelta(days=n)) for n in range(3)
    ]
    with staging.Staging(where, SourceRow("api", "reddit", "reddit"), Door(key(where.key))) as aside:
        aside.add(Batch(posts=tuple(posts)))
    staging.merge(where)
    return where


def test_what_reddit_deleted_is_erased_newest_first_in_batches(home: Home, monkeypatch: pytest.MonkeyPatch) -> None:
    asked: list[list[str]] = []

    def look_again(_source: Any, ids: list[str], **_: Any) -> Any:
        asked.append(list(ids))
        yield Batch(
            posts=tuple(
                Post(
                    i, "" if i == "t3_1" else f"the words of post {i[3:]}", status="deleted" if i == "t3_1" else "live"
                )
                for i in ids
            )
        )

    monkeypatch.setattr(api, "look_again", look_again)
    about = study({"name": "api", "kind": "reddit", "subreddits": ["any"]})
    done = sweep.sweep(about, home, hours=0, reddit=SimpleNamespace())
    assert asked == [["t3_2", "t3_1", "t3_0"]]
    assert (done[0].asked, done[0].gone, done[0].left, done[0].error) == (3, 1, 0, None)
    with corpus.reading(home) as con:
        assert con.execute("select post_id from post order by 1").fetchall() == [("api:t3_0",), ("api:t3_2",)]
        assert con.execute("select count(*) from tombstone").fetchall() != [(0,)]
    assert b"words of post 1" not in home.corpus.read_bytes()
    assert sweep.sweep(about, home, hours=1, reddit=SimpleNamespace())[0].asked == 0


def test_a_source_that_cannot_be_asked_is_named(home: Home) -> None:
    with staging.Staging(home, SourceRow("mine", "file", "mine"), Door(key(home.key))) as aside:
        aside.add(Batch(posts=(Post("1", "words"),)))
    done = sweep.sweep(study({"name": "mine", "kind": "file", "paths": ["x.jsonl"]}), home, hours=0)
    assert "cannot be asked" in str(done[0].error)
    assert done[0].left == 1
