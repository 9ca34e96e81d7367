import csv
import hashlib
import json
import threading
from concurrent.futures import ThreadPoolExecutor
from importlib import import_module
from pathlib import Path
from typing import Any

import pyarrow.parquet as pq
import pytest

from pipeline import corpus, extract, forget, staging, study
from pipeline.door import Door, key
from pipeline.errors import ExportError
from pipeline.home import Home
from pipeline.post import Batch, Post
from pipeline.release import build, quotes, sheets
from pipeline.staging import SourceRow

TEXTS = [
    "I took baclofen 25 mg three times a day for my drinking. My cravings are gone. It made me very sleepy.",
    "I took naltrexone 50 mg daily. No side effects at all, and I drink less now.",
    "My doctor put me on baclofen, 10 mg 3x daily. It did nothing for my cravings. I was dizzy.",
]
RARE = "Baclofen 35 mg turned my purple Thursday cravings into porridge, so they were gone."


@pytest.fixture(scope="module")
def home(tmp_path_factory: pytest.TempPathFactory) -> Home:
    where = Home(tmp_path_factory.mktemp("x") / "home").make()
    posts = [Post(f"native{n}", TEXTS[n % 3], author=f"a{n}", url=f"https://forum.example/t/{n}") for n in range(30)]
    posts.append(Post("=cmd", RARE, author="rare", title="=cmd()"))
    with staging.Staging(where, SourceRow("board", "board", "board"), Door(key(where.key))) as aside:
        aside.add(Batch(posts=tuple(posts)))
    staging.merge(where)
    with corpus.writing(where) as con:
        corpus.publish(con, study.load("baclofen"))
    extract.new_posts(where, study.load("baclofen"))
    return where


@pytest.fixture(scope="module")
def shareable(home: Home, tmp_path_factory: pytest.TempPathFactory) -> Path:
    return build.export(home, tmp_path_factory.mktemp("out") / "shareable", "shareable").folder


def test_the_same_corpus_gives_the_same_bytes(home: Home, shareable: Path, tmp_path: Path) -> None:
    again = build.export(home, tmp_path / "again", "shareable").folder
    files = sorted(f.relative_to(shareable) for f in shareable.rglob("*") if f.is_file())
    assert files == sorted(f.relative_to(again) for f in again.rglob("*") if f.is_file())
    for file in files:
        assert (shareable / file).read_bytes() == (again / file).read_bytes(), file


def test_nothing_shareable_leads_back_to_a_post(home: Home, shareable: Path) -> None:
    with corpus.reading(home) as con:
        authors = [str(r[0]) for r in con.execute("select author_id from author").fetchall()]
    for file in shareable.rglob("*"):
        if not file.is_file():
            continue
        held = str(pq.read_table(file).to_pylist()) if file.suffix == ".parquet" else file.read_text(errors="replace")
        for what in ("native1", "forum.example/t", "porridge", "purple Thursday", *authors):
            assert what not in held, (file, what)


def test_public_holds_tables_of_many_alone(home: Home, tmp_path: Path) -> None:
    done = build.export(home, tmp_path / "public", "public")
    assert "outcome_by_treatment" in done.rows
    assert not {"post", "mention", "course", "evidence", "note_nlp", "treatment"} & set(done.rows)


def test_internal_is_verbatim_and_csv_and_parquet_agree(home: Home, tmp_path: Path) -> None:
    folder = build.export(home, tmp_path / "internal", "internal").folder
    rows = pq.read_table(folder / "data" / "post.parquet").to_pylist()
    assert RARE in {r["text"] for r in rows}
    with (folder / "data" / "post.csv").open(encoding="utf-8", newline="") as file:
        held = list(csv.DictReader(file))
    assert {r["text"] for r in held} == {r["text"] for r in rows}
    assert not [c for r in held for c in r.values() if c.startswith(("=", "+", "@"))]


def test_the_descriptions_pass_their_own_validators(shareable: Path) -> None:
    frictionless = pytest.importorskip("frictionless")
    mlcroissant = pytest.importorskip("mlcroissant")
    report: Any = frictionless.validate(str(shareable / "datapackage.json"))
    assert report.valid, report.flatten(["type", "message"])
    made: Any = mlcroissant.Dataset(jsonld=str(shareable / "croissant.json"))
    assert not made.metadata.ctx.issues.errors
    crate = json.loads((shareable / "ro-crate-metadata.json").read_text())
    ids = {e["@id"] for e in crate["@graph"]}
    assert {p["@id"] for p in crate["@graph"][1]["hasPart"]} <= ids
    for entity in crate["@graph"]:
        if entity["@type"] == "File":
            assert (shareable / entity["@id"]).stat().st_size == int(entity["contentSize"])


def test_a_quote_passes_only_if_its_words_are_everybodys() -> None:
    posts = [(f"w{n}", "I had no side effects at all") for n in range(5)] + [("w9", "no side effects of the moon")]
    assert quotes.common(["no side effects", "effects of the moon", ""], posts, 5) == {"no side effects"}
    one = [("same", "I had no side effects at all")] * 9
    assert quotes.common(["no side effects"], one, 5) == set()


def test_a_workbook_holds_text_and_numbers_and_no_formula(tmp_path: Path) -> None:
    openpyxl: Any = pytest.importorskip("openpyxl")
    (tmp_path / "a.xlsx").write_bytes(sheets.workbook({"t": (["a", "b"], [["=cmd()", 1.5], ["<b>&\x07", None]])}))
    sheet = openpyxl.load_workbook(tmp_path / "a.xlsx").worksheets[0]
    assert [[c.value for c in row] for row in sheet.iter_rows()] == [["a", "b"], ["=cmd()", 1.5], ["<b>&", None]]
    assert all(c.data_type != "f" for row in sheet.iter_rows() for c in row)


def test_of_exports_to_one_folder_at_once_one_is_whole_and_the_others_are_told(home: Home, tmp_path: Path) -> None:
    begin = threading.Barrier(4)

    def one(_: int) -> str:
        begin.wait()
        try:
            return build.export(home, tmp_path / "out", "public").name
        except ExportError as error:
            return str(error)

    with ThreadPoolExecutor(4) as pool:
        told = list(pool.map(one, range(4)))
    assert sum("something already" in words for words in told) == 3
    for line in (tmp_path / "out" / "SHA256SUMS").read_text().splitlines():
        said, name = line.split("  ")
        assert hashlib.sha256((tmp_path / "out" / name).read_bytes()).hexdigest() == said
    assert [f.name for f in tmp_path.iterdir()] == ["out"]


def test_a_folder_with_something_in_it_is_left_alone(home: Home, tmp_path: Path) -> None:
    (tmp_path / "mine.txt").write_text("mine")
    with pytest.raises(ExportError, match="something already"):
        build.export(home, tmp_path, "public")
    with pytest.raises(ExportError, match='Did you mean "public"'):
        build.export(home, tmp_path / "p", "publik")
    assert [f.name for f in tmp_path.iterdir()] == ["mine.txt"]


def test_who_is_forgotten_learns_which_releases_held_them(home: Home, tmp_path: Path) -> None:
    import shutil

    shutil.copytree(home.root, tmp_path / "copy")
    other = Home(tmp_path / "copy")
    done = build.export(other, tmp_path / "r", "public")
    gone = forget.forget(other, forget.Asked(post="board:native1"))
    assert any(done.name in r for r in gone.releases)


def test_the_sums_are_those_of_the_files(shareable: Path) -> None:
    sha256 = import_module("hashlib").sha256
    lines = (shareable / "SHA256SUMS").read_text().splitlines()
    assert len(lines) > 20
    for line in lines:
        value, name = line.split("  ", 1)
        assert sha256((shareable / name).read_bytes()).hexdigest() == value
