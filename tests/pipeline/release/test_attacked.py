"""Releases of corpora that nobody would wish for, and their form against OMOP and across processes."""

import csv
import hashlib
import os
import subprocess
import sys
from importlib import import_module
from pathlib import Path
from typing import Any

import pyarrow as pa
import pyarrow.parquet as pq
import pytest

from pipeline.home import Home
from pipeline.release import build
from tests.pipeline.release.corpora import made

TEXTS = [
    "Baclofen 25 mg \U0001f635\u200d\U0001f4ab made me dizzy \U0001f1eb\U0001f1f7, my cravings are gone.",
    "\u202eI took baclofen 10 mg daily\u202c and was sleepy. \u05e9\u05dc\u05d5\u05dd \u0000\u0007\x1b[31mred\x1b[0m",
    '=HYPERLINK("http://x.example","baclofen") made me sleepy, 10 mg.\r\n| a | b |\n<script>alert(1)</script>',
    "@SUM(1) baclofen\t20 mg\u2028gave me a headache.\ufffe\ud7ff",
    "I took baclofen 30 mg and it helped my cravings. " * 800,
]
# The DDL of the Common Data Model 5.4, table NOTE_NLP: column, kind, longest text, whether it must be there.
OMOP: list[tuple[str, str, int, bool]] = [
    ("note_nlp_id", "integer", 0, True),
    ("note_id", "integer", 0, True),
    ("section_concept_id", "integer", 0, False),
    ("snippet", "text", 250, False),
    ("offset", "text", 50, False),
    ("lexical_variant", "text", 250, True),
    ("note_nlp_concept_id", "integer", 0, False),
    ("note_nlp_source_concept_id", "integer", 0, False),
    ("nlp_system", "text", 250, False),
    ("nlp_date", "date", 0, True),
    ("nlp_datetime", "datetime", 0, False),
    ("term_exists", "text", 1, False),
    ("term_temporal", "text", 50, False),
    ("term_modifiers", "text", 2000, False),
]
IS = {
    "integer": pa.types.is_integer,
    "text": pa.types.is_string,
    "date": pa.types.is_date,
    "datetime": pa.types.is_timestamp,
}


@pytest.fixture(scope="module")
def home(tmp_path_factory: pytest.TempPathFactory) -> Home:
    return made(tmp_path_factory.mktemp("attacked") / "home", TEXTS)


@pytest.fixture(scope="module", params=["internal", "shareable"])
def release(request: pytest.FixtureRequest, home: Home, tmp_path_factory: pytest.TempPathFactory) -> Path:
    return build.export(home, tmp_path_factory.mktemp("out") / request.param, request.param).folder


def sums(folder: Path) -> dict[str, str]:
    files = sorted(f for f in folder.rglob("*") if f.is_file())
    return {f.relative_to(folder).as_posix(): hashlib.sha256(f.read_bytes()).hexdigest() for f in files}


def test_hostile_texts_pass_both_validators_and_no_cell_is_a_formula(release: Path) -> None:
    report: Any = import_module("frictionless").validate(str(release / "datapackage.json"))
    assert report.valid, report.flatten(["type", "message"])[:5]
    croissant: Any = import_module("mlcroissant").Dataset(jsonld=str(release / "croissant.json"))
    assert not croissant.metadata.ctx.issues.errors
    csv.field_size_limit(10**9)
    for file in (release / "data").glob("*.csv"):
        with file.open(encoding="utf-8", newline="") as held:
            rows = list(csv.reader(held))
        assert not [c for r in rows for c in r if c.startswith(("=", "@", "\t", "\r"))], file.name
        assert len(rows) - 1 == pq.read_table(file.with_suffix(".parquet")).num_rows, file.name


def test_note_nlp_is_the_table_of_omop_5_4(release: Path) -> None:
    table = pq.read_table(release / "data" / "note_nlp.parquet")
    assert table.column_names == [name for name, *_ in OMOP]
    assert table.num_rows
    for name, kind, longest, needed in OMOP:
        column = table.column(name)
        assert IS[kind](column.type), (name, column.type)
        assert not needed or column.null_count == 0, name
        assert not longest or max((len(v) for v in column.to_pylist() if v), default=0) <= longest, name
    assert len(set(table.column("note_nlp_id").to_pylist())) == table.num_rows


def test_a_note_of_omop_leads_to_its_post(release: Path) -> None:
    notes = set(pq.read_table(release / "data" / "note_nlp.parquet").column("note_id").to_pylist())
    posts = pq.read_table(release / "data" / "post.parquet").column("post_id").to_pylist()
    codes = posts if release.name == "shareable" else [hashlib.sha256(p.encode()).hexdigest() for p in posts]
    assert notes <= {int(code[:13], 16) for code in codes}


def test_another_process_with_other_hashes_writes_the_same_bytes(release: Path, home: Home, tmp_path: Path) -> None:
    code = "import sys; from pathlib import Path; from pipeline.home import Home; from pipeline.release import build; "
    code += "build.export(Home(Path(sys.argv[1])), Path(sys.argv[2]), sys.argv[3])"
    subprocess.run(
        [sys.executable, "-c", code, home.root, tmp_path / "again", release.name],
        check=True,
        env={**os.environ, "PYTHONHASHSEED": "4242", "TZ": "Asia/Kolkata", "LC_ALL": "C"},
        cwd=Path(__file__).parents[3],
    )
    assert sums(tmp_path / "again") == sums(release)


@pytest.mark.parametrize("level", build.LEVELS)
def test_an_empty_corpus_gives_an_empty_release_that_holds_together(tmp_path: Path, level: str) -> None:
    done = build.export(made(tmp_path / "home", []), tmp_path / "out", level)
    assert "DATASHEET.md" in sums(done.folder)
    report: Any = import_module("frictionless").validate(str(done.folder / "datapackage.json"))
    assert report.valid, report.flatten(["type", "message"])[:5]


def test_the_data_sheet_tells_what_how_limits_flow_terms_and_what_can_be_found_again(release: Path) -> None:
    sheet = (release / "DATASHEET.md").read_text(encoding="utf-8")
    for said in ("## Limits", "## How", "## Flow of posts", "## Sources, terms and approvals", "3 of 3", "11 of 19"):
        assert said in sheet, said
    flow = sheet.partition("## Flow of posts")[2].partition("\n## ")[0]
    assert "| seen |" in flow.replace("| 1 |", "|", 1)
