"""Many workers and one committer give the corpus that one process gives, whoever is killed and when."""

import json
import os
import signal
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
import zstandard

from pipeline import collect, corpus, extract, lake, study
from pipeline.errors import CorpusError
from pipeline.home import Home

TABLES = (
    "post",
    "thread",
    "exclusion",
    "author",
    "extraction",
    "report",
    "treatment",
    "dose",
    "outcome",
    "side_effect",
)
TIMES = {"captured_at", "seen_at", "first_seen", "extracted_at"}
SAID = (
    "Baclofen 30 mg a day stopped my craving for wine.",
    "I took naltrexone for a month and it did nothing, I was only sick.",
    "My neurologist gave me baclofen 10mg three times a day, the spasms are gone but I am sleepy.",
    "Nothing about medicine here.",
)
KILLED = """
import os, signal, sys
from pathlib import Path
from pipeline import lake, study
from pipeline.home import Home
kept, left = lake._whole, [4]
def whole(path, content):
    left[0] -= 1
    if not left[0]:
        os.kill(os.getpid(), signal.SIGKILL)
    kept(path, content)
lake._whole, lake._BATCH = whole, 3
list(lake.fill(Path(sys.argv[1]), Home(Path(sys.argv[2])), study.load("baclofen"), "dump", map(Path, sys.argv[3:])))
"""


class Kill(BaseException):
    """Stands for a kill: nothing catches it."""


def comment(number: int) -> bytes:
    row = {
        "id": f"c{number:04d}", "author": f"somebody_{number % 7}", "subreddit": "example", "link_id": "t3_aaaa",
        "parent_id": "t3_aaaa", "created_utc": 1_420_000_000 + number * 86_400, "body": f"{SAID[number % 4]} No {number}.",
    }  # fmt: skip
    return json.dumps(row).encode() + b"\n"


@pytest.fixture(scope="module")
def dumps(tmp_path_factory: pytest.TempPathFactory) -> list[Path]:
    folder = tmp_path_factory.mktemp("dumps")
    paths = [folder / f"RC_2015-0{n}.zst" for n in (1, 2)]
    for n, path in enumerate(paths):
        lines = [comment(i) for i in range(n * 16, n * 16 + 16)]
        lines[5:5] = [b'{"id": "broken", "body": "baclofen\n']
        path.write_bytes(zstandard.compress(b"".join(lines)))
    return paths


@pytest.fixture(scope="module", autouse=True)
def one_key() -> Iterator[None]:
    with pytest.MonkeyPatch.context() as patch:
        patch.setenv("DOSELORE_KEY", "a key of the tests alone")
        patch.setattr(lake, "_BATCH", 3)
        made = extract.engine(study.load("baclofen"))

        def engine(_study: object) -> Any:
            return made  # seconds each to make

        patch.setattr(extract, "engine", engine)
        yield


@pytest.fixture(scope="module")
def alone(tmp_path_factory: pytest.TempPathFactory, dumps: list[Path], one_key: None) -> dict[str, Any]:
    home = Home(tmp_path_factory.mktemp("alone")).make()
    chosen = study.load("baclofen")
    with corpus.writing(home) as con:
        corpus.publish(con, chosen)
    collect.import_files(chosen, home, dumps, "dump")
    extract.new_posts(home, chosen)
    found = told(home)
    assert len(found["post"]) == 24
    assert len(found["exclusion"]) == 2
    return found


def told(home: Home) -> dict[str, list[Any]]:
    """Give what the tables hold, in order, but for the times at which it was done."""
    out: dict[str, list[Any]] = {}
    with corpus.reading(home) as con:
        for name in TABLES:
            columns = [str(r[0]) for r in con.execute(f"describe {name}").fetchall()]
            asked = ", ".join(c for c in columns if c not in TIMES)
            out[name] = con.execute(f"select {asked} from {name} order by all").fetchall()
        out["course"] = con.execute("select * from course order by all").fetchall()
    return out


def fill(folder: Path, home: Home, paths: list[Path]) -> list[lake.Wrote]:
    return list(lake.fill(folder, home, study.load("baclofen"), "dump", paths))


def test_two_workers_one_killed_give_the_tables_of_one_process(
    tmp_path: Path, dumps: list[Path], alone: dict[str, Any]
) -> None:
    home, folder = Home(tmp_path / "home").make(), tmp_path / "lake"
    call = [sys.executable, "-c", KILLED, str(folder), str(home.root), *map(str, dumps)]
    with subprocess.Popen(call, env=dict(os.environ)) as other:
        mine = fill(folder, home, [dumps[1]])
    assert other.returncode == -signal.SIGKILL
    assert [w.state for w in mine] == ["read"]
    lake.commit(folder, home, study.load("baclofen"))  # what is finished goes in before the rest is
    again = fill(folder, home, dumps)
    assert [w.state for w in again] == ["read", "already read"]
    lake.commit(folder, home, study.load("baclofen"))
    assert told(home) == alone


def test_a_worker_killed_at_any_write_loses_and_doubles_nothing(
    tmp_path: Path, dumps: list[Path], alone: dict[str, Any], monkeypatch: pytest.MonkeyPatch
) -> None:
    home, folder = Home(tmp_path / "home").make(), tmp_path / "lake"
    kept, left = lake._whole, [0]  # pyright: ignore[reportPrivateUsage]

    def whole(path: Path, content: bytes) -> None:
        left[0] -= 1
        if left[0] == 0:
            raise Kill
        kept(path, content)
        if left[0] == 1:
            left[0] = -1_000_000
            raise Kill

    monkeypatch.setattr(lake, "_whole", whole)
    for at in (1, 3, 4, 6, 2, 5):
        left[0] = at
        with pytest.raises(Kill):
            fill(folder, home, dumps)
    left[0] = -1
    fill(folder, home, dumps)
    lake.commit(folder, home, study.load("baclofen"))
    assert told(home) == alone
    assert not list(folder.glob("parts/*/*/*"))


def test_a_committer_killed_between_parts_takes_each_in_once(
    tmp_path: Path, dumps: list[Path], alone: dict[str, Any], monkeypatch: pytest.MonkeyPatch
) -> None:
    home, folder = Home(tmp_path / "home").make(), tmp_path / "lake"
    fill(folder, home, dumps)
    parts = len(list(folder.glob("parts/*/*/*.parquet")))
    monkeypatch.setattr(lake, "_AT_ONCE", 4)
    merge, removed, calls = extract.merge_bytes, Path.unlink, [0]

    def merging(*asked: Any) -> None:
        calls[0] += 1
        if calls[0] == 4:
            raise Kill
        merge(*asked)

    def keeping(path: Path, *, missing_ok: bool = False) -> None:
        if path.suffix == ".parquet":
            raise Kill
        removed(path, missing_ok=missing_ok)

    for name, patched in (("unlink", keeping), ("merge_bytes", merging)):
        with monkeypatch.context() as patch:
            patch.setattr(Path if name == "unlink" else extract, name, patched)
            with pytest.raises(Kill):
                lake.commit(folder, home, study.load("baclofen"))
    done = lake.commit(folder, home, study.load("baclofen"))
    assert 0 < done.parts < parts
    assert told(home) == alone


def test_a_damaged_part_is_set_aside_and_made_again(tmp_path: Path, dumps: list[Path], alone: dict[str, Any]) -> None:
    home, folder = Home(tmp_path / "home").make(), tmp_path / "lake"
    fill(folder, home, dumps)
    first, second, *_ = sorted(folder.glob("parts/*/*/*.parquet"))
    first.write_bytes(first.read_bytes()[:-40])
    second.write_bytes(next(p for p in folder.glob("parts/*/*/*.parquet") if p not in (first, second)).read_bytes())
    done = lake.commit(folder, home, study.load("baclofen"))
    assert len(done.damaged) == 2
    assert [w.state for w in fill(folder, home, dumps)] == ["read", "read"]
    lake.commit(folder, home, study.load("baclofen"))
    assert told(home) == alone


def test_a_dump_that_was_cut_is_told_each_time_until_it_is_whole(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(lake, "_BATCH", 2_000)
    home, folder, file = Home(tmp_path / "home").make(), tmp_path / "lake", tmp_path / "RC_2016-02.zst"
    whole = zstandard.ZstdCompressor().compress(b"".join(comment(n) for n in range(2000)))
    file.write_bytes(whole[: len(whole) // 2])
    for _ in range(2):
        (wrote,) = fill(folder, home, [file])
        assert wrote.state == "failed"
        assert "cut short" in str(wrote.error)
    file.write_bytes(whole)
    assert [w.state for w in fill(folder, home, [file])] == ["read"]
    lake.commit(folder, home, study.load("baclofen"))
    with corpus.reading(home) as con:
        (held,) = con.execute("select count(*) from post").fetchall()
    assert held == (1500,)  # every fourth names no medicine


def test_a_file_of_lines_that_breaks_off_is_told_until_it_is_whole(tmp_path: Path) -> None:
    home, folder, file = Home(tmp_path / "home").make(), tmp_path / "lake", tmp_path / "posts.jsonl"
    lines = b"".join(b'{"id": "%d", "text": "Baclofen helped me."}\n' % n for n in range(3))
    file.write_bytes(lines[:-9])
    for _ in range(2):
        (wrote,) = fill(folder, home, [file])
        assert (wrote.state, wrote.posts) == ("failed", 2)
        assert "breaks off" in str(wrote.error)
    file.write_bytes(lines)
    assert [(w.state, w.posts) for w in fill(folder, home, [file])] == [("read", 3)]


def test_two_processes_write_the_parts_that_one_writes(
    tmp_path: Path, dumps: list[Path], monkeypatch: pytest.MonkeyPatch
) -> None:
    names: list[list[str]] = []
    for many in (1, 2):
        folder, home = tmp_path / f"lake{many}", Home(tmp_path / "home").make()
        monkeypatch.setattr(lake, "_BATCH", 2_000)
        list(lake.fill(folder, home, study.load("baclofen"), "dump", dumps, workers=many))
        names.append(sorted(str(p.relative_to(folder)) for p in folder.glob("parts/*/*/*.parquet")))
    assert names[0] == names[1] != []


def test_a_lake_under_another_key_is_refused(
    tmp_path: Path, dumps: list[Path], monkeypatch: pytest.MonkeyPatch
) -> None:
    home, folder = Home(tmp_path / "home").make(), tmp_path / "lake"
    fill(folder, home, dumps[:1])
    monkeypatch.setenv("DOSELORE_KEY", "quite another key")
    with pytest.raises(CorpusError, match="another pseudonym key"):
        fill(folder, home, dumps)
    with pytest.raises(CorpusError, match="no lake there"):
        lake.commit(tmp_path / "none", home, study.load("baclofen"))


def test_no_name_reaches_a_part(tmp_path: Path, dumps: list[Path]) -> None:
    home, folder = Home(tmp_path / "home").make(), tmp_path / "lake"
    fill(folder, home, dumps[:1])
    import pyarrow.parquet as pq

    rows = [r for p in folder.glob("parts/*/*/*.parquet") for r in pq.read_table(p).to_pylist()]
    assert any(b"Baclofen 30 mg" in r["row"] for r in rows)
    assert not any(b"somebody_" in r["row"] + (r["read"] or b"") for r in rows)


def test_a_folder_that_is_named_by_a_dot_has_a_name_in_what_is_told(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    (tmp_path / "here").mkdir()
    monkeypatch.chdir(tmp_path / "here")
    assert lake._called(Path()) == "here"
    assert lake._called(Path("a/RC_2015-01.zst")) == "RC_2015-01.zst"
