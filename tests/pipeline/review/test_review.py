import csv
import json
from pathlib import Path

import pytest

from pipeline import corpus, evaluate, extract, staging, study
from pipeline.door import Door, key
from pipeline.errors import ReviewError
from pipeline.home import Home
from pipeline.post import Batch, Post
from pipeline.review import agreement, formats, items, labels
from pipeline.review.formats import Verdict
from pipeline.staging import SourceRow

TEXTS = [
    "I took baclofen 25 mg three times a day\nfor my drinking. My cravings are gone. It made me very sleepy.",
    "=cmd() I took naltrexone 50 mg daily. No side effects at all, and I drink less now.",
    "My doctor put me on baclofen, 10 mg 3x daily. It did nothing for my cravings. I was dizzy.",
]
BOARD = SourceRow("board", "board", "board")


@pytest.fixture(scope="module")
def full(tmp_path_factory: pytest.TempPathFactory) -> Home:
    where = Home(tmp_path_factory.mktemp("r") / "home").make()
    put(where, *(Post(str(n), text, author=f"a{n}") for n, text in enumerate(TEXTS)))
    with corpus.writing(where) as con:
        corpus.publish(con, study.load("baclofen"))
    extract.new_posts(where, study.load("baclofen"))
    return where


@pytest.fixture
def home(full: Home, tmp_path: Path) -> Home:
    import shutil

    shutil.copytree(full.root, tmp_path / "home")
    return Home(tmp_path / "home")


def put(home: Home, *posts: Post) -> None:
    with staging.Staging(home, BOARD, Door(key(home.key))) as aside:
        aside.add(Batch(posts=posts))
    staging.merge(home)


def drawn(home: Home, how: str = "stratified", count: int = 99) -> list[items.Item]:
    with corpus.reading(home) as con:
        return items.draw(con, how, count)


def test_a_sample_is_the_same_each_time_and_holds_every_field(full: Home) -> None:
    assert drawn(full) == drawn(full)
    assert {i.field for i in drawn(full, "stratified", 4)} == set(items.FIELDS)
    assert len(drawn(full, "random", 3)) == 3
    assert all(i.text[i.start : i.end] == i.quote for i in drawn(full) if i.start is not None)
    with pytest.raises(ReviewError, match="stratified"):
        drawn(full, "stratifed")


def answered(form: str, out: Path) -> None:
    """Do what a reader does in the tool: judge every claim right, but the first, which is wrong."""
    if form == "label-studio":
        tasks = json.loads(out.read_text())
        for n, task in enumerate(tasks):
            choice = {
                "from_name": "verdict",
                "to_name": "text",
                "type": "choices",
                "value": {"choices": ["wrong" if n == 0 else "right"]},
            }
            task["annotations"] = [
                {
                    "completed_by": {"email": "reader@clinic.example"},
                    "updated_at": "2026-03-01T10:00:00Z",
                    "result": [*task["predictions"][0]["result"], choice],
                }
            ]
        out.write_text(json.dumps(tasks))
    elif form == "doccano":
        rows = [json.loads(line) for line in out.read_text().splitlines()]
        for n, row in enumerate(rows):
            row["label"] = [[0, 1, "wrong" if n == 0 else "right"]]
        out.write_text("".join(json.dumps(r) + "\n" for r in rows))
    elif form == "brat":
        first = True
        for ann in sorted(out.glob("*.ann")):
            lines = ann.read_text().splitlines()
            for n, target in enumerate([x.split("\t")[0] for x in lines if x.startswith("T")], start=1):
                lines.append(f"A{n}\tVerdict {target} {'wrong' if first else 'right'}")
                first = False
            ann.write_text("\n".join(lines) + "\n")
    elif form == "csv":
        with out.open(encoding="utf-8-sig", newline="") as file:
            rows = list(csv.DictReader(file))
        for n, row in enumerate(rows):
            row["verdict"] = "wrong" if n == 0 else "right"
        with out.open("w", encoding="utf-8", newline="") as file:
            writer = csv.DictWriter(file, rows[0])
            writer.writeheader()
            writer.writerows(rows)
    else:
        openpyxl = pytest.importorskip("openpyxl")
        book = openpyxl.load_workbook(out)
        for n, row in enumerate(book.worksheets[0].iter_rows(min_row=2)):
            row[7].value = "wrong" if n == 0 else "right"
        book.save(out)


@pytest.mark.parametrize("form", formats.FORMATS)
def test_every_claim_goes_out_and_its_verdict_comes_back(home: Home, tmp_path: Path, form: str) -> None:
    claims = drawn(home)
    out = (
        tmp_path / {"label-studio": "a.json", "doccano": "a.jsonl", "brat": "a", "csv": "a.csv", "xlsx": "a.xlsx"}[form]
    )
    formats.write(claims, form, out)
    answered(form, out)
    found = formats.read(out, form, "reader_1")
    assert {v.item for v in found} == {c.item for c in claims}
    assert sorted(v.verdict for v in found).count("wrong") == 1
    done = labels.take(home, found)
    assert (done.taken, done.refused) == (len(claims), [])


def test_brat_marks_what_the_text_says(full: Home, tmp_path: Path) -> None:
    formats.write(drawn(full), "brat", tmp_path / "b")
    for ann in (tmp_path / "b").glob("*.ann"):
        text = ann.with_suffix(".txt").read_bytes().decode()
        for line in ann.read_text().splitlines():
            if line.startswith("T"):
                _, where, words = line.split("\t")
                spans = [tuple(map(int, s.split())) for s in where.split(" ", 1)[1].split(";")]
                assert " ".join(text[a:b] for a, b in spans) == words


def test_no_cell_of_a_sheet_runs_as_a_formula(full: Home, tmp_path: Path) -> None:
    formats.write(drawn(full), "csv", tmp_path / "a.csv")
    with (tmp_path / "a.csv").open(encoding="utf-8-sig", newline="") as file:
        assert not [c for row in csv.reader(file) for c in row if c.startswith(("=", "+", "-", "@"))]


def test_a_verdict_on_a_changed_text_is_refused(home: Home) -> None:
    claims = [c for c in drawn(home) if c.post_id == "board:2"]
    said = [Verdict(c.item, c.text_hash, "right", "r") for c in claims]
    put(home, Post("2", TEXTS[2] + " Edited since.", author="a2"))
    extract.new_posts(home, study.load("baclofen"))
    done = labels.take(home, said)
    assert done.taken == 0
    assert len(done.refused) == len(claims)


def test_who_said_what_is_kept_and_settled_by_majority_or_a_judge(home: Home) -> None:
    first = drawn(home)[0]
    labels.take(
        home, [Verdict(first.item, first.text_hash, v, r) for r, v in (("a", "right"), ("b", "wrong"), ("c", "right"))]
    )
    with corpus.reading(home) as con:
        by = labels.judged(con)[first.field][first.item]
    assert by == {"a": "right", "b": "wrong", "c": "right"}
    assert labels.settle(by) == "right"
    assert labels.settle(by, judge="b") == "wrong"
    assert labels.settle({"a": "right", "b": "wrong"}) is None
    assert labels.settle({"a": "unsure", "b": "wrong"}) == "wrong"
    assert labels.figures(home)[1][0][:3] == (first.field, 1, 3)


def test_accepted_claims_become_gold_that_evaluate_reads(home: Home, tmp_path: Path) -> None:
    claims = drawn(home)
    dropped = next(c for c in claims if c.field == "side_effects")
    labels.take(home, [Verdict(c.item, c.text_hash, "wrong" if c == dropped else "right", "a") for c in claims])
    out = tmp_path / "reviewed_gold.jsonl"
    assert labels.gold(home, out) == (3, 0)
    record = next(r for r in map(json.loads, out.read_text().splitlines()) if r["id"] == dropped.post_id)
    assert json.loads(dropped.claim) not in record["side_effects"]
    assert list(record) == ["id", "reporter", "conditions", "treatments", "doses", "outcomes", "side_effects", "notes"]
    assert evaluate.table(out, tmp_path / "reviewed_posts.jsonl", None, None, None)[1]


def test_the_figures_of_agreement_are_those_of_the_books() -> None:
    # Fleiss 1971's own table is long; these are worked by hand and held against kept libraries.
    a, b = list("yyynnyynny"), list("yynnnyyyny")
    assert agreement.cohen(a, b) == pytest.approx(0.583333, abs=1e-5)
    krippendorff = pytest.importorskip("krippendorff")
    sets = [["y", "y", "n"], ["n", "n"], ["y", "y", "y"], ["n", "y"], ["n", "n", "n"], ["y"]]
    wide = [[{"y": 1, "n": 0}[s[r]] if r < len(s) else float("nan") for s in sets] for r in range(3)]
    assert agreement.alpha(sets) == pytest.approx(krippendorff.alpha(wide, level_of_measurement="nominal"))
    from statsmodels.stats.inter_rater import fleiss_kappa

    full = [["y", "y", "n"], ["n", "n", "n"], ["y", "y", "y"], ["n", "y", "n"]]
    counts = [[s.count("y"), s.count("n")] for s in full]
    assert agreement.fleiss(full) == pytest.approx(fleiss_kappa(counts))


def test_a_file_of_another_form_is_an_error_in_one_line(tmp_path: Path) -> None:
    (tmp_path / "x.json").write_text("not json")
    with pytest.raises(ReviewError, match="label-studio"):
        formats.read(tmp_path / "x.json", "label-studio")
    (tmp_path / "x.csv").write_text("item,text_hash,verdict\n1,2,perhaps\n")
    with pytest.raises(ReviewError, match="perhaps"):
        formats.read(tmp_path / "x.csv", "csv")
