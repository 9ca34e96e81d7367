"""What readers add: claims that were missed, which give recall; and judgements that are no sample, which give nothing."""

import csv
from pathlib import Path
from typing import Any

import orjson
import pytest

from pipeline import corpus
from pipeline.errors import ReviewError
from pipeline.explore.verdicts import Judgement, Verdicts
from pipeline.home import Home
from pipeline.review import formats, items, labels
from tests.pipeline.simulated import Told, ask, write

TOLD = [
    ("heron", Told(0, effect="worked", mg=30, side_effects=(("nausea", True),))),
    ("wren", Told(0, effect="no_effect", outcomes=(("craving", "unchanged"),))),
    ("owl", Told(0, effect="worked")),
]
Row = dict[str, str]


@pytest.fixture
def home(tmp_path: Path) -> Home:
    made = Home(tmp_path / "home")
    write(made, TOLD)
    return made


def exported(home: Home, out: Path, count: int = 9) -> list[Row]:
    with corpus.reading(home) as con:
        formats.write(items.draw(con, "posts", count), "csv", out)
    with out.open(encoding="utf-8-sig", newline="") as file:
        return list(csv.DictReader(file))


def imported(home: Home, rows: list[Row], out: Path) -> labels.Imported:
    with out.open("w", encoding="utf-8", newline="") as file:
        writer = csv.DictWriter(file, list(rows[0]))
        writer.writeheader()
        writer.writerows(rows)
    return labels.take(home, formats.read(out, "csv", "reader_1"))


def added(row: Row, field: str, claim: str, quote: str = "q") -> Row:
    return {**row, "item": "", "field": field, "claim": claim, "quote": quote, "verdict": "missed"}


def lines(home: Home, sample: str) -> dict[str, dict[str, Any]]:
    rows = ask(home, f"select * from accuracy where sample = '{sample}' and concept in ('', 'all')")
    return {r["field"]: r for r in rows}


def test_whole_posts_with_what_was_missed_give_recall(home: Home, tmp_path: Path) -> None:
    rows = exported(home, tmp_path / "posts.csv")
    asked = {r["post_id"]: r for r in rows if r["field"] == "post"}
    assert set(asked) == {"board:0", "board:1", "board:2"}
    for row in rows:
        row["verdict"] = "right"
        if row["field"] == "side_effects":
            row["verdict"] = "wrong"
    asked["board:1"]["verdict"] = "wrong"
    rows.append(added(asked["board:1"], "side_effects", "substance: baclofen, concept: dizziness"))
    rows.append(added(asked["board:1"], "doses", "substance: baclofen, mg_per_day: 60, status: taken"))
    assert imported(home, rows, tmp_path / "back.csv").refused == []
    found = lines(home, "review of whole posts")
    assert {r["posts"] for r in found.values()} == {3}
    dose = found["dose, mg per day taken"]
    assert (dose["tp"], dose["fp"], dose["fn"], dose["recall"]) == (1, 0, 1, 0.5)
    effects = found["side_effect"]  # nausea of heron is not there, dizziness of wren was missed; all else agree
    assert (effects["tp"], effects["fp"], effects["fn"]) == (0, 1, 1)
    assert lines(home, "review")["doses"]["recall"] is None  # claims alone do not tell what was missed
    assert labels.gold(home, tmp_path / "gold.jsonl") == (3, 0)
    gold = {r["id"]: r for r in map(orjson.loads, (tmp_path / "gold.jsonl").read_bytes().splitlines())}
    assert [e["concept"] for e in gold["board:1"]["side_effects"]] == ["dizziness"]
    assert gold["board:0"]["side_effects"] == []


def test_a_post_of_which_nobody_says_what_is_missing_counts_for_nothing(home: Home, tmp_path: Path) -> None:
    rows = exported(home, tmp_path / "posts.csv")
    for row in rows:
        row["verdict"] = "wrong" if (row["post_id"], row["field"]) == ("board:1", "post") else "right"
    imported(home, rows, tmp_path / "back.csv")
    assert {r["posts"] for r in lines(home, "review of whole posts").values()} == {2}


def test_a_missed_claim_must_be_one_and_stand_in_its_post(home: Home, tmp_path: Path) -> None:
    row = exported(home, tmp_path / "posts.csv")[-1]
    done = imported(home, [added(row, "outcomes", "substance: baclofen, domain: mood, direction: improved", "not there")],
                    tmp_path / "back.csv")  # fmt: skip
    assert (done.taken, len(done.refused)) == (0, 1)
    for field, claim in (("outcomes", "substance: baclofen"), ("moods", "substance: baclofen"), ("doses", "a lot"),
                         ("side_effects", "substance: baclofen, concept: nausea, colour: red")):  # fmt: skip
        with pytest.raises(ReviewError, match="csv"):
            imported(home, [added(row, field, claim)], tmp_path / "back.csv")


def test_a_claim_that_is_listed_was_not_missed(home: Home, tmp_path: Path) -> None:
    row = next(r for r in exported(home, tmp_path / "posts.csv") if r["field"] == "side_effects")
    with corpus.reading(home) as con:
        (claim,) = [i.claim for i in items.every(con) if i.field == "side_effects"]
    done = imported(home, [added(row, "side_effects", claim, orjson.loads(claim)["quote"])], tmp_path / "back.csv")
    assert [why for _, why in done.refused] == ["this claim is in the tables: it was not missed"]


def test_what_is_judged_in_the_explorer_is_no_sample(home: Home, tmp_path: Path) -> None:
    rows = exported(home, tmp_path / "posts.csv")
    with corpus.reading(home) as con:
        one = next(i for i in items.every(con) if i.field == "side_effects")
    Verdicts(home).give(
        Judgement(
            one.item, one.post_id, one.text_hash, one.field, one.claim, "wrong", "", "browser",
            "2026-01-01T00:00:00+00:00",
        )
    )  # fmt: skip
    treatments = [{**r, "verdict": "right"} for r in rows if r["field"] == "treatments"]
    imported(home, treatments, tmp_path / "back.csv")
    assert set(lines(home, "review")) == {"treatments"}
    imported(home, [{**r, "verdict": "right"} for r in rows if r["field"] == "side_effects"], tmp_path / "again.csv")
    assert (lines(home, "review")["side_effects"]["tp"], lines(home, "review")["side_effects"]["fp"]) == (1, 0)
