"""Probes of stopping, written for this: what a review says of its drug being given up, of going on, and of how long."""

import json
from pathlib import Path
from typing import Any

import pytest
from spacy.language import Language

import nlp

HERE = Path(__file__).parent


@pytest.fixture(scope="module")
def engine() -> Language:
    return nlp.load()


def stopped(engine: Language, text: str) -> dict[str, bool | None]:
    """Give, for each medicine of a review of baclofen, whether it was stopped."""
    reading = next(iter(nlp.read(engine, [{"id": "1", "text": text, "drug": "Baclofen", "condition": "Other"}])))
    return {t["substance"]: t["stopped"] for t in reading.record["treatments"]}


def lasted(engine: Language, text: str) -> list[float] | None:
    """Give for how many days, at least and at most, a review's own drug was taken."""
    reading = next(iter(nlp.read(engine, [{"id": "1", "text": text, "drug": "Baclofen", "condition": "Other"}])))
    return next((t["duration_days"] for t in reading.record["treatments"] if t["substance"] == "baclofen"), None)


def test_stopping_and_going_on_are_told_apart(engine: Language) -> None:
    lines = (HERE / "probes_stopped.jsonl").read_text(encoding="utf-8").splitlines()
    probes: list[dict[str, Any]] = [json.loads(line) for line in lines if line.strip()]
    wrong = [p["text"] for p in probes if bool(stopped(engine, p["text"]).get("baclofen")) != p["stopped"]]
    assert len(probes) >= 100
    assert len(wrong) <= 0.05 * len(probes), wrong


def test_a_medicine_beside_the_one_of_the_review_is_over_or_goes_on(engine: Language) -> None:
    lines = (HERE / "probes_given_up.jsonl").read_text(encoding="utf-8").splitlines()
    probes: list[dict[str, Any]] = [json.loads(line) for line in lines if line.strip()]
    posts = [{"id": str(n), "text": p["text"], "drug": p["drug"]} for n, p in enumerate(probes)]
    wrong: list[str] = []
    for probe, reading in zip(probes, nlp.read(engine, posts), strict=True):
        told = {t["substance"]: t["stopped"] for t in reading.record["treatments"]}
        if bool(told.get(probe["substance"])) != probe["stopped"]:
            wrong.append(probe["text"])
    assert len(probes) >= 60
    assert len(wrong) <= 0.2 * len(probes), wrong


def test_a_sister_s_stopping_is_not_the_author_s(engine: Language) -> None:
    assert not stopped(engine, "My sister had to stop it because of a rash, but I have been fine on it.")["baclofen"]


def test_whoever_cannot_recommend_it_enough_goes_on(engine: Language) -> None:
    assert not stopped(engine, "I take it daily. Cannot recommend it enough!")["baclofen"]


def test_had_it_worked_it_would_still_be_taken(engine: Language) -> None:
    assert stopped(engine, "If it had worked I'd still be on it.")["baclofen"]


def test_the_time_of_taking_is_told_from_other_times(engine: Language) -> None:
    lines = (HERE / "probes_duration.jsonl").read_text(encoding="utf-8").splitlines()
    probes: list[dict[str, Any]] = [json.loads(line) for line in lines if line.strip()]
    wrong = [p["text"] for p in probes if lasted(engine, p["text"]) != p["days"]]
    assert len(probes) >= 90
    assert len(wrong) <= 0.05 * len(probes), wrong


def test_two_medicines_taken_together_share_their_time(engine: Language) -> None:
    text = "I spent three years taking Soma and Norco for my shoulder. Now I take baclofen."
    reading = next(iter(nlp.read(engine, [{"id": "1", "text": text, "drug": "Baclofen", "condition": "Other"}])))
    days = {t["substance"]: t["duration_days"] for t in reading.record["treatments"]}
    assert days == {"baclofen": None, "carisoprodol": [1095, 1095], "hydrocodone": [1095, 1095]}


def test_a_medicine_whose_help_is_past_is_over(engine: Language) -> None:
    told = stopped(engine, "Norflex gave me an hour of peace. Baclofen works every time.")
    assert told["orphenadrine"] is True
    assert not told["baclofen"]


def test_what_another_took_the_place_of_is_over(engine: Language) -> None:
    told = stopped(engine, "I was on tizanidine, then my doctor switched me to baclofen. It works.")
    assert told["tizanidine"] is True
    assert not told["baclofen"]


def test_a_medicine_that_is_taken_too_is_not_over(engine: Language) -> None:
    assert stopped(engine, "I take tizanidine too. Baclofen works every time.")["tizanidine"] is False


def test_spasms_that_stopped_are_no_medicine_that_did(engine: Language) -> None:
    assert not stopped(engine, "My back spasms have stopped, and I take it every day.")["baclofen"]


def test_what_a_wife_says_of_the_author_is_the_author_s(engine: Language) -> None:
    post = {"id": "1", "text": "my wife says I'm calmer on baclofen", "drug": "Baclofen", "condition": "Other"}
    assert next(iter(nlp.read(engine, [post]))).record["reporter"] == "self"
