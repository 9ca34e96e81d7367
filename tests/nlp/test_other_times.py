"""Lengths of time that are those of taking, and those of a step, a break, a plan, a symptom or a life."""

import json
from pathlib import Path
from typing import Any

import pytest
from spacy.language import Language

import nlp


@pytest.fixture(scope="module")
def engine() -> Language:
    return nlp.load()


def lasted(engine: Language, text: str, drug: str = "Baclofen") -> list[float] | None:
    """Give for how many days, at least and at most, a review's own drug was taken."""
    reading = next(iter(nlp.read(engine, [{"id": "1", "text": text, "drug": drug}])))
    return next((t["duration_days"] for t in reading.record["treatments"] if t["duration_days"]), None)


def near(a: list[float] | None, b: list[float] | None) -> bool:
    if a is None or b is None:
        return a is b
    return 0.75 * a[0] - 1 <= 1.25 * b[1] + 1 and 0.75 * b[0] - 1 <= 1.25 * a[1] + 1


def test_how_long_it_was_taken_is_told_from_other_times(engine: Language) -> None:
    lines = (Path(__file__).parent / "probes_how_long.jsonl").read_text(encoding="utf-8").splitlines()
    probes: list[dict[str, Any]] = [json.loads(line) for line in lines]
    wrong = [p["text"] for p in probes if not near(lasted(engine, p["text"], p["drug"]), p["days"])]
    assert len(probes) >= 80
    assert len(wrong) <= 0.08 * len(probes), wrong


@pytest.mark.parametrize(
    "text",
    [
        "I began with 5 mg for two weeks and then went to 10 mg.",
        "Within two weeks I noticed that my legs were looser.",
        "The dizziness went away after a few days.",
        "I took a break for three months and went back on it.",
        "My doctor wants me to stay on this for a year.",
        "It took about ten days until it started to work.",
        "They raised me to 60 mg after five weeks.",
        "A headache lasted for three days on this pill.",
        "I weaned myself off it. It's been two years now and I am fine.",
    ],
)
def test_a_step_a_break_a_plan_or_a_symptom_is_no_time_of_taking(engine: Language, text: str) -> None:
    assert lasted(engine, text) is None


@pytest.mark.parametrize(
    ("text", "days"),
    [
        ("I was on it from 2003 to 2009 and it helped.", [2190, 2190]),
        ("Duration of treatment: 6 weeks.", [42, 42]),
        ("They took me off it after ten months.", [300, 300]),
        ("10 mg at night for five months, no trouble.", [150, 150]),
        ("I have been using baclofen since my accident 3 years ago.", [1095, 1095]),
        ("I only needed it for ten days.", [10, 10]),
        ("I used it for four days, then again for two years.", [730, 730]),
        ("I had been taking 20 mgs. for three weeks when I fell.", [21, 21]),
    ],
)
def test_years_named_totals_and_ends_give_how_long(engine: Language, text: str, days: list[float]) -> None:
    assert lasted(engine, text) == days
