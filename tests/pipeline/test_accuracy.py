"""Our own error in the tables: from reviewed samples to accuracy, and from accuracy to corrected shares."""

import csv
import json
from pathlib import Path
from typing import Any

import numpy as np
import pytest
from statsmodels.stats.proportion import proportion_confint
from typer.testing import CliRunner

from flows.commands import app
from pipeline import accuracy, corpus
from pipeline.errors import ExtractionError
from pipeline.home import Home
from pipeline.review import items, labels
from pipeline.review.formats import Verdict
from pipeline.statistics import correction
from tests.pipeline.simulated import Told, ask, write

NEAR = 1e-12


def record(*, worked: bool, stopped: bool = False, nausea: bool = False) -> dict[str, Any]:
    told = (("nausea", True),) if nausea else ()
    return Told(0, effect="worked" if worked else "no_effect", stopped=stopped, side_effects=told).record()


def sample(errors: int = 10) -> tuple[dict[str, Any], dict[str, Any]]:
    """Give 100 posts as read with care and as found: half worked; of the others `errors` are found to have worked."""
    gold = {str(i): record(worked=i < 50, stopped=i % 3 == 0, nausea=i % 4 == 0) for i in range(100)}
    found = {
        str(i): record(worked=i < 50 or i < 50 + errors, stopped=i % 3 == 0 and i % 9 != 0, nausea=i % 4 == 0 and i > 4)
        for i in range(100)
    }
    return gold, found


@pytest.fixture
def home(tmp_path: Path) -> Home:
    home = Home(tmp_path / "home")
    write(
        home,
        [
            (f"sample_{n}", Told(0, effect="worked" if n < 14 else "no_effect", stopped=n % 4 == 0, side_effects=(("nausea", n < 6),)))
            for n in range(20)
        ],
    )  # fmt: skip
    return home


def keep(home: Home, name: str = "march", errors: int = 10) -> None:
    accuracy.keep(home, accuracy.Sample(name, "reader_1", "v"), *sample(errors))


def row(home: Home, measure: str, condition: str = "any") -> dict[str, Any]:
    (found,) = ask(home, f"from corrected where measure = '{measure}' and condition = '{condition}'")
    return found


def test_counts_of_a_sample_are_those_that_were_made(home: Home) -> None:
    keep(home)
    rows = {(r["field"], r["concept"]): r for r in ask(home, "from accuracy")}
    improved = rows["improved", ""]
    assert [improved[k] for k in ("tp", "fp", "fn", "tn", "posts")] == [50, 10, 0, 40, 100]
    assert (improved["precision"], improved["recall"], improved["specificity"]) == (50 / 60, 1, 0.8)
    assert improved["precision_low"] < 50 / 60 < improved["precision_high"]
    assert 0.9 < improved["recall_low"] < 1  # no mistake in 50 is not the same as no mistake ever
    assert [rows["stopped", ""][k] for k in ("tp", "fp", "fn", "tn")] == [22, 0, 12, 66]
    assert [rows["side_effect", "nausea"][k] for k in ("tp", "fp", "fn", "tn")] == [23, 0, 2, 75]
    claims = rows["side effect, concept and presence", ""]
    assert (claims["tp"], claims["fn"], claims["tn"], claims["specificity"]) == (23, 2, None, None)


def test_raw_and_corrected_stand_side_by_side_with_the_sample(home: Home) -> None:
    keep(home)
    found = row(home, "improved")
    assert (found["numerator"], found["denominator"], found["share"]) == (14, 20, 0.7)
    assert (found["low"], found["high"]) == pytest.approx(proportion_confint(14, 20, method="wilson"), abs=1e-9)
    assert found["corrected"] == pytest.approx((0.7 + 0.8 - 1) / (1 + 0.8 - 1), abs=NEAR)
    assert found["corrected_low"] < found["corrected"] < found["corrected_high"]
    # The doubt about the extractor comes on top of that about the persons.
    assert found["corrected_high"] - found["corrected_low"] > found["high"] - found["low"]
    assert (found["sample"], found["sample_posts"], found["annotator"]) == ("march", 100, "reader_1")
    assert row(home, "stopped")["corrected"] == pytest.approx(0.25 / (22 / 34), abs=NEAR)
    effect = row(home, "side_effect")
    assert (effect["basis"], effect["corrected"]) == ("this side effect", pytest.approx(0.3 / (23 / 25), abs=NEAR))


def test_the_same_sample_gives_the_same_numbers_twice_and_samples_stand_side_by_side(home: Home) -> None:
    keep(home)
    before = ask(home, "from corrected")
    keep(home)
    assert ask(home, "from corrected") == before
    keep(home, "april", errors=5)
    assert {r["sample"] for r in ask(home, "from corrected")} == {"march", "april"}
    assert [r for r in ask(home, "from corrected") if r["sample"] == "march"] == before


def test_an_extractor_no_better_than_chance_corrects_nothing_and_says_so(home: Home) -> None:
    keep(home, errors=50)
    found = row(home, "improved")
    assert (found["corrected"], found["corrected_low"]) == (None, None)
    assert "not above 1" in found["reason"]
    assert found["share"] == 0.7


def test_without_a_sample_the_raw_share_stands_alone_with_what_to_do(home: Home) -> None:
    found = row(home, "improved")
    assert (found["share"], found["corrected"], found["sample"]) == (0.7, None, None)
    assert "evaluate --keep" in found["reason"]


def test_too_small_a_sample_corrects_nothing(home: Home) -> None:
    gold, found = sample()
    few = list(gold)[44:54]
    accuracy.keep(home, accuracy.Sample("few", "r", "v"), {i: gold[i] for i in few}, {i: found[i] for i in few})
    assert row(home, "improved")["reason"].startswith("too little was reviewed: 6 with and 4 without")


def test_a_rare_side_effect_is_corrected_by_all_side_effects_together(home: Home) -> None:
    gold, found = sample()
    for side in (gold, found):
        side["1"] = Told(0, effect="worked", side_effects=(("dizziness", True),)).record()
    accuracy.keep(home, accuracy.Sample("march", "r", "v"), gold, found)
    write(home, [("wren", Told(0, side_effects=(("dizziness", True),)))], first=90)
    rows = {r["concept"]: r for r in ask(home, "from corrected where measure = 'side_effect'")}
    assert (rows["nausea"]["basis"], rows["dizziness"]["basis"]) == ("this side effect", "all side effects")
    assert rows["dizziness"]["recall"] == pytest.approx(24 / 26, abs=NEAR)


def test_a_correction_follows_the_posts_that_come_later(home: Home) -> None:
    keep(home)
    write(home, [("wren", Told(0, effect="worked"))], first=90)
    found = row(home, "improved")
    assert (found["numerator"], found["denominator"]) == (15, 21)
    assert found["corrected"] == pytest.approx((15 / 21 - 0.2) / 0.8, abs=NEAR)


def test_the_interval_holds_the_truth_as_often_as_it_says() -> None:
    """Persons and validation samples drawn a hundred times from a known truth."""
    dice = np.random.default_rng(3)
    truth, sensitivity, specificity, held = 0.3, 0.8, 0.9, 0
    for n in range(100):
        apparent = dice.binomial(300, truth * sensitivity + (1 - truth) * (1 - specificity))
        tp, tn = dice.binomial(60, sensitivity), dice.binomial(90, specificity)
        counts = np.array(
            [[1, 0, 0, 0]] * tp + [[0, 0, 1, 0]] * (60 - tp) + [[0, 0, 0, 1]] * tn + [[0, 1, 0, 0]] * (90 - tn)
        )
        sums = correction.resampled(counts.astype(float), 500)
        drawn = (correction.drawn_share(sums[:, 0], sums[:, 2]), correction.drawn_share(sums[:, 3], sums[:, 1]))
        made = correction.corrected(int(apparent), 300, tp / 60, tn / 90, drawn, key=str(n))
        assert made.low is not None
        assert made.high is not None
        held += made.low <= truth <= made.high
    assert 88 <= held <= 100


def test_a_share_below_what_errors_alone_would_give_is_cut_to_nothing() -> None:
    drawn = (np.full(500, 0.9), np.full(500, 0.8))
    made = correction.corrected(1, 20, 0.9, 0.8, drawn, key="x")
    assert made.share == 0
    assert made.reason is not None
    assert made.reason.startswith("cut to 0")


def test_verdicts_of_readers_give_a_precision_and_no_recall(home: Home) -> None:
    with corpus.reading(home) as con:
        claims = [i for i in items.every(con) if i.field == "side_effects"]
    said = [Verdict(c.item, c.text_hash, "wrong" if n < 4 else "right", "reader_1") for n, c in enumerate(claims)]
    labels.take(home, said)
    (found,) = ask(home, "from accuracy where sample = 'review'")
    assert (found["field"], found["tp"], found["fp"], found["fn"], found["posts"]) == ("side_effects", 16, 4, None, 20)
    assert (found["precision"], found["recall"], found["annotator"]) == (0.8, None, "reader_1")
    assert "missed" in row(home, "side_effect")["reason"]


def test_the_name_of_the_readers_own_sample_is_theirs(home: Home) -> None:
    with pytest.raises(ExtractionError, match="review"):
        keep(home, "review")


def called(home: Home, *args: str) -> str:
    done = CliRunner().invoke(app, [*args, "--home", str(home.root)])
    assert done.exit_code == 0, done.exception
    return done.stdout


def test_from_annotated_posts_on_the_command_line_to_the_corrected_table(home: Home, tmp_path: Path) -> None:
    gold, _ = sample()
    text = "I have taken baclofen 20 mg three times a day. It worked wonders and made me nauseous."
    rows = [{"id": i, **gold[i]} for i in list(gold)[:3]]
    (tmp_path / "a_gold.jsonl").write_text("".join(json.dumps(r) + "\n" for r in rows))
    (tmp_path / "a_posts.jsonl").write_text("".join(json.dumps({"id": r["id"], "text": text}) + "\n" for r in rows))
    called(home, "evaluate", str(tmp_path / "a_gold.jsonl"), "--keep", "april", "--annotator", "reader_2")
    lines = json.loads(called(home, "table", "accuracy", "--json"))
    (taken,) = [r for r in lines if r["field"] == "treatments taken"]
    assert (taken["sample"], taken["annotator"], taken["posts"], taken["tp"]) == ("april", "reader_2", 3, 3)
    rows = json.loads(called(home, "table", "corrected", "--json"))
    assert {(r["sample"], r["sample_posts"], r["annotator"]) for r in rows} == {("april", 3, "reader_2")}
    assert all("too little was reviewed" in r["reason"] for r in rows)


def test_from_a_reviewed_sheet_on_the_command_line_to_the_accuracy_table(home: Home, tmp_path: Path) -> None:
    sheet = tmp_path / "claims.csv"
    called(home, "review", "export", str(sheet), "-n", "500")
    with sheet.open(encoding="utf-8-sig", newline="") as file:
        rows = list(csv.DictReader(file))
    for row in rows:
        row["verdict"] = "wrong" if row["post_id"] == "board:0" else "right"
    with sheet.open("w", encoding="utf-8", newline="") as file:
        writer = csv.DictWriter(file, rows[0])
        writer.writeheader()
        writer.writerows(rows)
    called(home, "review", "import", str(sheet), "--reviewer", "reader_1")
    lines = {r["field"]: r for r in json.loads(called(home, "table", "accuracy", "--json"))}
    assert {(r["sample"], r["annotator"], r["posts"]) for r in lines.values()} == {("review", "reader_1", 20)}
    assert (lines["treatments"]["tp"], lines["treatments"]["fp"], lines["treatments"]["precision"]) == (19, 1, 0.95)
    assert lines["side_effects"]["precision_low"] < 0.95 < lines["side_effects"]["precision_high"]
