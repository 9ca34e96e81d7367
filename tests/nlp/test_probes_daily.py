"""Probes of how much was taken a day, by medicine, and of what statements of doses say of each other."""

import json
from pathlib import Path
from typing import Any

import pytest
from spacy.language import Language

import nlp

PROBES: list[dict[str, Any]] = [
    json.loads(line) for line in (Path(__file__).parent / "probes_daily.jsonl").read_text(encoding="utf-8").splitlines()
]


@pytest.fixture(scope="module")
def engine() -> Language:
    return nlp.load()


def doses(engine: Language, text: str, drug: str | None = "Baclofen") -> list[dict[str, Any]]:
    return next(iter(nlp.read(engine, [{"id": "1", "text": text, "drug": drug}]))).record["doses"]


def days(found: list[dict[str, Any]], substance: str) -> list[list[float]]:
    """Give the different days' totals that were taken of a medicine, in order of size."""
    taken = [d for d in found if d["substance"] == substance and d["status"] == "taken" and d["mg_per_day"]]
    return [list(day) for day in sorted({tuple(round(x, 4) for x in d["mg_per_day"]) for d in taken})]


def test_the_daily_dose_of_forum_prose_is_right_in_nine_of_ten_probes(engine: Language) -> None:
    wrong: list[str] = []
    for probe in PROBES:
        found = doses(engine, probe["text"], probe["drug"])
        wrong += [
            f"{probe['text']}: {days(found, substance)}"
            for substance, wanted in probe["days"].items()
            if days(found, substance) != wanted
        ]
    assert len(PROBES) >= 60
    assert len(wrong) <= 0.1 * len(PROBES), wrong


@pytest.mark.parametrize(
    ("text", "mg", "per_day", "day"),
    [
        ("He gave me 10mg tablets. I take them three times a day.", 10, 3, 30),
        ("The 20 mg was prescribed at bedtime.", 20, 1, 20),
        ("I use 10 mg for the cramps in my feet twice a day.", 10, 2, 20),
        ("1 5mg tab in am, and 1 5mg tab in pm.", 5, 2, 10),
        ("20mg in the morning 20mg in the evening.", 20, 2, 40),
        ("10 mg. at bed time and no spasms.", 10, 1, 10),
        ("5 mg prior to going to bed.", 5, 1, 5),
        ("Taking 10mg fout times a day.", 10, 4, 40),
        ("10 mg for spasms, no more than 3 times a day.", 10, 3, None),
    ],
)
def test_how_often_is_found_where_it_stands_apart_from_the_amount(
    engine: Language, text: str, mg: float, per_day: float, day: float | None
) -> None:
    (found,) = doses(engine, text)
    assert (found["mg"], found["per_day"]) == ([mg, mg], per_day)
    assert found["mg_per_day"] == ([day, day] if day else [mg, mg * per_day])


@pytest.mark.parametrize(
    ("text", "wanted"),
    [
        ("I started at 5 mg, then 10 mg and now 15 mg.", [[5, 5], [10, 10], [15, 15]]),
        ("I was taking 10 mg for two weeks and then increased to 20 mg.", [[10, 10], [20, 20]]),
        ("I got to 30 mg on Friday, then 40, then 50.", [[30, 30], [40, 40], [50, 50]]),
        ("They bumped me up to 45 from 30.", [[30, 30], [45, 45]]),
        ("5mg on day one, 10mg on day two.", [[5, 5], [10, 10]]),
        ("I reached a dose of 70 mg and the spasms went.", [[70, 70]]),
        ("At the lower 15mg dosage I could drive.", [[15, 15]]),
        ("I've been stable at 60 mg.", [[60, 60]]),
    ],
)
def test_doses_strung_together_are_days_totals(engine: Language, text: str, wanted: list[list[float]]) -> None:
    assert days(doses(engine, text), "baclofen") == wanted


def test_what_is_taken_in_one_breath_shares_how_often(engine: Language) -> None:
    found = doses(engine, "I was taking 40mg Paxil and 2mg Xanax daily.", None)
    assert days(found, "paroxetine") == [[40, 40]]
    assert days(found, "alprazolam") == [[2, 2]]


@pytest.mark.parametrize("text", ["I cut back 10mg every week.", "Going up in 5 mg increments.", "Raised it by 10 mg."])
def test_an_amount_by_which_the_dose_changes_is_no_dose(engine: Language, text: str) -> None:
    assert not doses(engine, text)


@pytest.mark.parametrize(
    ("text", "mg"),
    [("I take Norco 10/325.", 10), ("Norco 10mg/325mg helps a bit.", 10), ("I take one Norco 7.5/750 at night.", 7.5)],
)
def test_the_first_number_of_a_combined_tablet_is_the_dose(engine: Language, text: str, mg: float) -> None:
    assert [d["mg"] for d in doses(engine, text, None)] == [[mg, mg]]


def test_what_is_sold_is_not_the_author_s_dose(engine: Language) -> None:
    assert [d["status"] for d in doses(engine, "A guy I know sells 10 mg Norco and I am scared of it.", None)] != [
        "taken"
    ]


def test_a_father_s_dose_is_his_where_the_author_takes_another(engine: Language) -> None:
    found = doses(engine, "My dad has been on 2mg Klonopin 3 times a day. I myself am on 1mg Ativan.", None)
    assert [(d["substance"], d["status"]) for d in found] == [("clonazepam", "other"), ("lorazepam", "taken")]
