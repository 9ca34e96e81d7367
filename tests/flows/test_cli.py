"""Each command through the real entry point, as a person calls it."""

import json
import os
import subprocess
import sys
from pathlib import Path

import pytest
import zstandard

DOSELORE = Path(sys.executable).with_name("doselore")
HELPED = "I have taken baclofen 20mg three times a day for 2 years. It stopped my cravings. No drowsiness."
FAILED = "Naltrexone did nothing for my drinking and made me very nauseous, so I quit."
ALCOHOL = {"drug": "Baclofen", "condition": "Alcohol Dependence"}
POSTS = [
    {"id": "1", "text": HELPED, "author": "sample_heron", "date": "2012-03-04", **ALCOHOL},
    {"id": "2", "text": FAILED, "author": "sample_wren"},
    {"id": "3", "text": "Has anybody tried baclofen?", "author": "sample_owl"},
]


def call(
    *args: str | Path, home: Path | None = None, env: dict[str, str] | None = None
) -> subprocess.CompletedProcess[str]:
    settings = {**os.environ, **(env or {}), **({"DOSELORE_HOME": str(home)} if home else {})}
    return subprocess.run(
        [DOSELORE, *args],
        capture_output=True,
        text=True,
        env=settings,
        timeout=300,
        check=False,
        stdin=subprocess.DEVNULL,
    )


@pytest.fixture(scope="module")
def posts(tmp_path_factory: pytest.TempPathFactory) -> Path:
    file = tmp_path_factory.mktemp("posts") / "posts.jsonl"
    file.write_text("".join(json.dumps(p) + "\n" for p in POSTS))
    return file


@pytest.fixture(scope="module")
def home(tmp_path_factory: pytest.TempPathFactory, posts: Path) -> Path:
    """A corpus with three posts in it, imported and read."""
    made = tmp_path_factory.mktemp("home")
    assert call("import", posts, "--source", "file", home=made).returncode == 0
    assert call("extract", home=made).returncode == 0
    return made


def test_help_teaches_every_command_with_an_example() -> None:
    top = call("--help").stdout
    for command in ("run", "collect", "import", "extract", "table", "query", "check"):
        assert command in top
        if command != "run":
            assert "Example: doselore" in call(command, "--help").stdout


def test_import_extract_table_give_an_outcome_table_with_known_numbers(home: Path) -> None:
    rows = json.loads(call("table", "outcome_by_treatment", "--json", home=home).stdout)
    any_condition = {r["substance"]: r for r in rows if r["condition"] == "any"}
    assert any_condition["baclofen"]["persons"] == 1
    assert any_condition["baclofen"]["benefit"] == 1
    assert any_condition["naltrexone"]["benefit"] == 0
    assert any_condition["naltrexone"]["stopped"] == 1
    doses = json.loads(call("table", "outcome_by_dose", "--json", home=home).stdout)
    assert {(d["substance"], d["dose_band"], d["persons"]) for d in doses} == {("baclofen", "30-80 mg", 1)}
    effects = json.loads(call("table", "side_effect_rate", "--json", home=home).stdout)
    found = {(e["substance"], e["concept"]): (e["persons_present"], e["denied"]) for e in effects}
    assert found["naltrexone", "nausea"] == (1, 0)
    assert found["baclofen", "somnolence"] == (0, 1)


def test_every_number_leads_back_to_post_and_words(home: Path) -> None:
    rows = json.loads(call("query", "from evidence where fact = 'dose'", "--json", home=home).stdout)
    assert [(r["post_id"], r["quote"]) for r in rows] == [("file:1", "20mg three times a day")]
    assert "20mg three times a day" in rows[0]["context"]


def test_the_flow_of_posts_counts_what_was_left_out(home: Path) -> None:
    rows = json.loads(call("table", "flow", "--json", home=home).stdout)
    stages = {(r["stage"], r["reason"]): r["posts"] for r in rows}
    assert stages["seen", ""] == 3
    assert stages["left out", "nobody's experience is reported"] == 1
    assert stages["with a first-person report", ""] == 2


def test_a_second_import_and_a_second_reading_find_nothing_new(home: Path, posts: Path) -> None:
    assert "nothing new" in call("import", posts, "--source", "file", home=home).stdout
    assert "nothing new" in call("extract", home=home).stdout


@pytest.mark.parametrize("form", ["text", "csv", "json", "md"])
def test_a_table_comes_in_each_format(home: Path, form: str) -> None:
    done = call("table", "flow", "--format", form, home=home)
    assert done.returncode == 0
    assert "seen" in done.stdout


def test_a_table_comes_as_parquet(home: Path, tmp_path: Path) -> None:
    import pyarrow.parquet as pq

    assert call("table", "flow", "--format", "parquet", "--out", tmp_path / "f.parquet", home=home).returncode == 0
    assert "stage" in pq.read_table(tmp_path / "f.parquet").column_names


def test_an_unknown_table_names_the_near_one(home: Path) -> None:
    done = call("table", "outcome_by_tretment", home=home)
    assert done.returncode == 1
    assert 'Did you mean "outcome_by_treatment"?' in done.stderr
    assert len(done.stderr.strip().splitlines()) == 1


def test_a_query_answers_and_cannot_write(home: Path) -> None:
    assert json.loads(call("query", "select count(*) as n from post", "--json", home=home).stdout) == [{"n": 3}]
    done = call("query", "delete from post", home=home)
    assert done.returncode == 1
    assert done.stderr.startswith("CorpusError: query:")


@pytest.mark.timeout(300)  # two programs make their word lists ready
def test_extract_gives_one_record_a_post_in_order_and_the_same_bytes_twice(posts: Path, tmp_path: Path) -> None:
    first = tmp_path / "1.jsonl"
    assert call("extract", posts, "--out", first).returncode == 0
    records = [json.loads(line) for line in first.read_text().splitlines()]
    assert [r["id"] for r in records] == ["1", "2", "3"]
    keys = {"id", "reporter", "conditions", "treatments", "doses", "outcomes", "side_effects", "notes"}
    assert all(set(r) == keys for r in records)
    assert call("extract", posts).stdout == first.read_text()


def test_extract_sets_bad_lines_aside_and_says_which(tmp_path: Path) -> None:
    file = tmp_path / "bad.jsonl"
    file.write_text('{"id": "1", "text": "ok"}\nnot json\n{"id": "2"}\n{"id": "1", "text": "again"}\n')
    done = call("extract", file)
    assert done.returncode == 0
    assert len(done.stdout.splitlines()) == 1
    for where in ("bad.jsonl:2: not JSON", "bad.jsonl:3: no text", "bad.jsonl:4: duplicate id"):
        assert where in done.stderr


@pytest.mark.parametrize(
    ("args", "says"),
    [
        (["extract", "missing.jsonl"], "no such file"),
        (["import", "missing.jsonl", "--source", "x"], "no such file"),
        (["run", "--study", "missing"], "no such study file"),
        (["table", "flow"], "no corpus there yet"),
        (["query", "select 1"], "no corpus there yet"),
        (["extract"], "no corpus there yet"),
        (["collect"], "has no source yet"),
    ],
)
def test_what_cannot_be_done_is_one_line_and_status_1(args: list[str], says: str, tmp_path: Path) -> None:
    done = call(*args, home=tmp_path / "new")
    assert done.returncode == 1
    assert says in done.stderr
    assert len(done.stderr.strip().splitlines()) == 1


@pytest.mark.parametrize(
    "args",
    [["tabel"], ["import", "x.jsonl"], ["collect", "--url", "https://x.example"], ["table", "flow", "--limit", "-1"],
     ["import", "x", "--source", "a b"], ["import", "x", "--source", "a", "--map", "text"], []],
)  # fmt: skip
def test_a_wrong_call_is_status_2(args: list[str], tmp_path: Path) -> None:
    assert call(*args, home=tmp_path).returncode == 2


def test_an_import_where_one_of_two_files_fails_is_done_in_part(posts: Path, tmp_path: Path) -> None:
    done = call("import", posts, tmp_path / "none.jsonl", "--source", "x", home=tmp_path / "home")
    assert done.returncode == 3
    assert "none.jsonl" in done.stderr
    assert "3 new" in done.stdout


def test_options_may_stand_before_the_command_too(home: Path) -> None:
    done = call("--home", home, "--json", "table", "flow")
    assert done.returncode == 0
    assert json.loads(done.stdout)


def test_check_says_what_is_in_place_and_fails_on_what_is_not(home: Path, tmp_path: Path) -> None:
    done = call("check", home=home)
    assert done.returncode == 0
    assert "3 posts" in done.stdout
    study = tmp_path / "s.toml"
    study.write_text(
        'name = "s"\ntitle = "S"\nindex = "baclofen"\n[[source]]\nname = "r"\nkind = "reddit"\nsubreddits = ["a"]\n'
    )
    done = call("check", "--study", study, home=home)
    assert done.returncode == 1
    assert "no approval recorded" in done.stdout


def test_another_study_works_with_no_change_of_code(tmp_path: Path) -> None:
    file = tmp_path / "p.jsonl"
    rows = [
        {
            "id": 1,
            "text": "Started Ozempic 1 mg a week for weight, and I no longer crave wine. Some nausea.",
            "author": "a",
        },
        {"id": 2, "text": "Mounjaro did nothing for my drinking.", "author": "b"},
    ]
    file.write_text("".join(json.dumps(r) + "\n" for r in rows))
    home = tmp_path / "home"
    assert call("import", file, "--source", "x", "--study", "semaglutide", home=home).returncode == 0
    assert call("extract", home=home).returncode == 0
    table = json.loads(call("table", "outcome_by_treatment", "--json", home=home).stdout)
    persons = {
        r["substance"]: r["persons"]
        for r in table
        if r["condition"] == "any" and r["substance"] in ("semaglutide", "tirzepatide")
    }
    assert persons == {"semaglutide": 1, "tirzepatide": 1}


def test_help_needs_neither_prefect_nor_spacy_nor_duckdb() -> None:
    heavy = "{'prefect', 'spacy', 'duckdb', 'pandas', 'pydantic'}"
    call_help = "import sys\nfrom flows.cli import main\nsys.argv = ['doselore', '--help']\ntry: main()\nexcept SystemExit: pass"
    code = f"{call_help}\nprint(sorted({heavy} & set(sys.modules)))"
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)
    assert done.stdout.strip().splitlines()[-1] == "[]"


def test_half_an_emoji_in_an_id_costs_no_other_post(tmp_path: Path) -> None:
    file = tmp_path / "odd.jsonl"
    file.write_text('{"id": "a\\ud83d", "text": "Baclofen helped."}\n{"id": "b", "text": "Baclofen did nothing."}\n')
    done = call("extract", file, "--out", tmp_path / "out.jsonl", home=tmp_path / "home")
    assert done.returncode == 0, done.stderr
    assert [json.loads(line)["id"] for line in (tmp_path / "out.jsonl").read_text().splitlines()] == ["a\ufffd", "b"]


def test_a_dump_that_was_cut_is_done_in_part(tmp_path: Path) -> None:
    lines = b"".join(
        json.dumps({"id": f"c{n}", "author": "w", "body": f"Baclofen helped, {n * 7919}.", "link_id": "t3_a",
                    "subreddit": "s", "created_utc": 1500000000 + n}).encode() + b"\n"
        for n in range(3000)
    )  # fmt: skip
    file = tmp_path / "RC_2016-02.zst"
    whole = zstandard.ZstdCompressor().compress(lines)
    file.write_bytes(whole[: len(whole) // 2])
    done = call("import", file, "--source", "dump", home=tmp_path / "home")
    assert done.returncode == 3
    assert "1 x damaged archive" in done.stdout
    file.write_bytes(whole)
    again = call("import", file, "--source", "dump", home=tmp_path / "home")
    assert again.returncode == 0, again.stderr
    held = call("query", "select count(*) as n from post", "--json", home=tmp_path / "home")
    assert json.loads(held.stdout) == [{"n": 3000}]


def test_reading_a_file_that_breaks_off_gives_what_there_is_and_says_so(tmp_path: Path) -> None:
    file, out = tmp_path / "cut.jsonl", tmp_path / "out.jsonl"
    file.write_text('{"id": "1", "text": "Baclofen helped me."}\n{"id": "2", "text": "I took')
    done = call("extract", file, "--out", out)
    assert done.returncode == 3
    assert "cut.jsonl:2: file breaks off" in done.stderr
    assert [json.loads(line)["id"] for line in out.read_text().splitlines()] == ["1"]


def test_the_version_is_the_one_that_records_name() -> None:
    import nlp

    done = call("--version")
    assert done.returncode == 0
    assert done.stdout.strip().endswith(f"extractor {nlp.VERSION}")
