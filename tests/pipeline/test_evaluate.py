import json
import subprocess
import sys
from pathlib import Path
from typing import Any

import pytest

from pipeline import evaluate
from pipeline.errors import ExtractionError

SHARED = Path(__file__).resolve().parents[2].parent / "shared"


def record(post_id: str, **more: Any) -> dict[str, Any]:
    taken = {
        "substance": "baclofen",
        "status": "taken",
        "effect": "worked",
        "stopped": False,
        "duration_days": [365, 365],
    }
    dose = {"substance": "baclofen", "quote": "20mg", "mg": [20, 20], "mg_per_day": None, "status": "taken"}
    empty: dict[str, Any] = {"outcomes": [], "side_effects": []}
    return {
        "id": post_id,
        "reporter": "self",
        "conditions": ["pain"],
        "treatments": [taken],
        "doses": [dose],
        **empty,
        **more,
    }


def value(lines: list[evaluate.Score], field: str) -> evaluate.Score:
    return next(s for s in lines if s.field == field and s.group == "all")


def test_the_same_records_score_one_with_an_interval_of_nothing() -> None:
    gold = {"1": record("1"), "2": record("2")}
    lines = evaluate.scores(gold, gold)
    for name in ("treatments taken", "dose, whole record", "duration", "reporter (accuracy)"):
        assert (value(lines, name).value, value(lines, name).low, value(lines, name).high) == (1, 1, 1)


def test_a_missed_and_a_spurious_claim_are_counted_and_shown_with_their_words() -> None:
    gold = {"1": record("1")}
    wrong = {"substance": "baclofen", "quote": "30mg", "mg": [30, 30], "mg_per_day": None, "status": "taken"}
    found = {"1": record("1", doses=[wrong], conditions=["pain", "anxiety"])}
    lines = evaluate.scores(gold, found)
    assert (value(lines, "dose, amount").value, value(lines, "dose, amount").n) == (0, 1)
    conditions = value(lines, "conditions")
    assert (conditions.precision, conditions.recall) == (0.5, 1)
    missed, spurious = evaluate.mistakes("dose, amount", gold, found, {"1": "the text"})
    assert (missed.kind, missed.text) == ("missed", "20mg")
    assert (spurious.kind, spurious.text) == ("spurious", "30mg")


def test_a_duration_is_right_when_it_is_near() -> None:
    def with_days(days: list[int]) -> dict[str, Any]:
        return record("1", treatments=[{**record("1")["treatments"][0], "duration_days": days}])

    assert value(evaluate.scores({"1": record("1")}, {"1": with_days([400, 420])}), "duration").value == 1
    assert value(evaluate.scores({"1": record("1")}, {"1": with_days([30, 30])}), "duration").value == 0


def test_a_post_with_no_record_counts_as_an_empty_one() -> None:
    lines = evaluate.scores({"1": record("1"), "2": record("2")}, {"1": record("1")})
    assert value(lines, "treatments taken").recall == 0.5
    assert value(lines, "reporter (accuracy)").value == 0.5
    assert value(lines, "effect, 5 classes (accuracy)").value == 0.5


def test_groups_get_lines_of_their_own() -> None:
    gold = {"a:1": record("a:1"), "b:1": record("b:1")}
    lines = evaluate.scores(gold, {"a:1": record("a:1")}, {"a": ["a:1"], "b": ["b:1"]})
    shares = {s.group: s.value for s in lines if s.field == "treatments taken"}
    assert shares == {"all": pytest.approx(2 / 3), "a": 1, "b": 0}


def test_where_nothing_was_to_be_found_no_figure_stands(tmp_path: Path) -> None:
    gold, posts = tmp_path / "gold.jsonl", tmp_path / "posts.jsonl"
    gold.write_text(json.dumps(record("1", outcomes=[])) + "\n", encoding="utf-8")
    posts.write_text(json.dumps({"id": "1", "text": "I took baclofen for a year."}) + "\n", encoding="utf-8")
    names, rows = evaluate.table(gold, posts, None, None, None)
    line = next(row for row in rows if row[1] == "outcome, direction")
    assert line == ("all", "outcome, direction", None, None, None, None, None, 0)
    shown = next(row for row in evaluate.dashed(names, rows) if row[1] == "outcome, direction")
    assert shown == ("all", "outcome, direction", "-", "-", "-", "-", "-", 0)


def test_an_unknown_field_names_the_near_one() -> None:
    with pytest.raises(ExtractionError, match='Did you mean "conditions"'):
        evaluate.mistakes("condition", {"1": record("1")}, {}, {})


@pytest.mark.parametrize("content", ["", '{"id": 1}\n', "nonsense\n"])
def test_a_file_that_holds_no_records_is_refused(tmp_path: Path, content: str) -> None:
    (tmp_path / "gold.jsonl").write_text(content)
    with pytest.raises(ExtractionError):
        evaluate.records(tmp_path / "gold.jsonl")


def test_it_agrees_with_the_reference_scorer(tmp_path: Path) -> None:
    if not SHARED.exists():
        pytest.skip("../shared is missing: no reference scorer to agree with")
    gold_file = SHARED / "gold" / "dev_gold.jsonl"
    gold = evaluate.records(gold_file)
    found = {i: {**r, "doses": r["doses"][:1], "conditions": ["pain"], "reporter": "self"} for i, r in gold.items()}
    (tmp_path / "found.jsonl").write_text("".join(json.dumps(r) + "\n" for r in found.values()))
    command = [sys.executable, SHARED / "gold" / "score.py", gold_file, tmp_path / "found.jsonl", "--json"]
    said = json.loads(subprocess.run(command, capture_output=True, text=True, check=True).stdout)
    ours = {s.field: s for s in evaluate.scores(gold, found)}
    assert set(ours) == set(said)
    for name, line in said.items():
        assert ours[name].value == pytest.approx(line["f1"]), name
        assert ours[name].n == line["n"]


def test_scores_by_several_columns_at_once(tmp_path: Path) -> None:
    gold = [record("a:1", conditions=["pain", "anxiety"]), record("b:1", conditions=[])]
    (tmp_path / "gold.jsonl").write_text("".join(json.dumps(g) + "\n" for g in gold))
    posts = [{"id": "a:1", "text": "I took baclofen.", "place": "north"}, {"id": "b:1", "text": "Baclofen helped me."}]
    (tmp_path / "posts.jsonl").write_text("".join(json.dumps(p) + "\n" for p in posts))
    names, rows = evaluate.table(tmp_path / "gold.jsonl", None, "source, condition,place", None, None)
    taken = {row[0]: row[names.index("n")] for row in rows if row[1] == "treatments taken"}
    assert taken == {
        "all": 2,
        "source: a": 1,
        "source: b": 1,
        "condition: anxiety": 1,
        "condition: none": 1,
        "condition: pain": 1,
        "place: north": 1,
        "place: not said": 1,
    }
    with pytest.raises(ExtractionError, match='Did you mean "place"'):
        evaluate.table(tmp_path / "gold.jsonl", None, "plaec", None, None)


@pytest.mark.parametrize(
    ("wrong", "told"),
    [
        ({"treatments": "baclofen"}, "treatments"),
        ({"treatments": [5]}, "treatments.0"),
        ({"treatments": [{"substance": "baclofen", "status": "taken"}]}, "effect of a treatment taken"),
        (
            {"treatments": [{"substance": "baclofen", "status": "taken", "effect": "great"}]},
            "effect of a treatment taken",
        ),
        ({"doses": [5]}, "doses.0"),
        ({"doses": [{"substance": "baclofen", "status": "taken", "mg": "20"}]}, "doses.0.mg"),
        (
            {"side_effects": [{"substance": "baclofen", "concept": "nausea", "present": "yes"}]},
            "side_effects.0.present",
        ),
        ({"conditions": "pain"}, "conditions"),
        ({"id": ["1"]}, "id"),
    ],
)
def test_a_gold_record_of_another_form_is_named_with_its_line_and_place(
    tmp_path: Path, wrong: dict[str, Any], told: str
) -> None:
    file = tmp_path / "gold.jsonl"
    file.write_text(json.dumps(record("0")) + "\n" + json.dumps({**record("1"), **wrong}) + "\n")
    with pytest.raises(ExtractionError, match=rf"gold.jsonl, line 2: .*{told}"):
        evaluate.records(file)


def test_a_gold_file_with_an_id_twice_is_refused(tmp_path: Path) -> None:
    file = tmp_path / "gold.jsonl"
    file.write_text((json.dumps(record("1")) + "\n") * 2)
    with pytest.raises(ExtractionError, match="line 2: the id 1"):
        evaluate.records(file)


def test_a_column_of_long_texts_is_nothing_to_group_by(tmp_path: Path) -> None:
    gold, posts = tmp_path / "gold.jsonl", tmp_path / "posts.jsonl"
    gold.write_text(json.dumps(record("1")) + "\n")
    posts.write_text(json.dumps({"id": "1", "text": "Baclofen helps. " * 50}) + "\n")
    with pytest.raises(ExtractionError, match='"text" is too various'):
        evaluate.table(gold, posts, "text", None, None)


def test_a_claim_without_its_words_is_shown_with_the_beginning_of_the_post() -> None:
    dose = {"substance": "baclofen", "status": "taken", "mg": [20, 20], "mg_per_day": None}
    [wrong] = evaluate.mistakes("dose, amount", {"1": record("1", doses=[dose])}, {}, {"1": "the text"})
    assert (wrong.kind, wrong.text) == ("missed", "the text")
