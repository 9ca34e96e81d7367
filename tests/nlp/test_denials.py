"""What a denial reaches: sentences in the manner of a clinic's notes, written for this, and lists of a forum post."""

import json
from pathlib import Path
from typing import Any

import pytest
from spacy.language import Language
from spacy.tokens import Doc

import nlp
from nlp import component
from nlp.types import Post

HERE = Path(__file__).parent


@pytest.fixture(scope="module")
def engine() -> Language:
    return nlp.load()


def denied(engine: Language, text: str) -> bool:
    """Say whether the finding in brackets is denied."""
    start, end = text.index("["), text.index("]") - 1
    doc = Doc(engine.vocab)
    draft = component.start(doc, Post("1", text.replace("[", "").replace("]", ""), "Baclofen", None, None))
    for name in ("clean", "sentences"):
        engine.get_pipe(name)(doc)
    draft.exclusion = None
    draft.add("side_effect", "finding", start, end)
    engine.get_pipe("assertion")(doc)
    return draft.mentions[0].assertion == "negated"


def side_effects(engine: Language, text: str) -> dict[str, bool]:
    reading = next(iter(nlp.read(engine, [{"id": "1", "text": text, "drug": "Baclofen", "condition": "Muscle Spasm"}])))
    return {s["concept"]: s["present"] for s in reading.record["side_effects"]}


def test_clinical_notes_are_read_right_in_nineteen_of_twenty_sentences(engine: Language) -> None:
    lines = (HERE / "probes_clinical.jsonl").read_text(encoding="utf-8").splitlines()
    probes: list[dict[str, Any]] = [json.loads(line) for line in lines if line.strip()]
    hits = wrong = missed = 0
    for probe in probes:
        said = denied(engine, probe["text"])
        hits += said and probe["denied"]
        wrong += said and not probe["denied"]
        missed += probe["denied"] and not said
    assert len(probes) >= 200
    assert 2 * hits / (2 * hits + wrong + missed) >= 0.95


def test_a_denial_runs_to_the_end_of_a_list_that_ends_in_or(engine: Language) -> None:
    assert denied(engine, "Extremities: no clubbing, cyanosis, or [edema].")
    assert not denied(engine, "No clubbing, and I had [edema] for a week.")


def test_a_list_of_what_is_lacking_and_what_is_there_is_told_apart(engine: Language) -> None:
    assert not denied(engine, "I had a lack of balance, blurred vision, and [swelling].")


def test_a_question_asked_back_is_passed_over_for_its_answer(engine: Language) -> None:
    assert side_effects(engine, "Nausea? Me? Not even once.") == {"nausea": False}


@pytest.mark.parametrize(
    ("text", "concept"),
    [
        ("Terrible headaches, they gave me Tylenol.", "headache"),
        ("Drowsiness and dizziness. Someone told me it would pass.", "dizziness"),
        ("Dry mouth and dizziness. Not for me.", "dizziness"),
        ("The nausea kept me home from work.", "nausea"),
        ("Vomiting and dizziness all day, stayed home.", "vomiting"),
        ("The dry mouth is the least of my worries.", "dry_mouth"),
        ("Severe nausea and vomiting. I said no to another dose.", "nausea"),
        ("I had no idea how dizzy it would make me.", "dizziness"),
    ],
)
def test_words_that_only_sound_like_an_answer_deny_nothing(engine: Language, text: str, concept: str) -> None:
    assert side_effects(engine, text)[concept]


def test_a_denial_that_holds_a_verb_of_its_own_denies(engine: Language) -> None:
    assert side_effects(engine, "I didn't see any weight gain with it.") == {"weight_gain": False}
