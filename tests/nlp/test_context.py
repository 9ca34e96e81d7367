"""What all the words around a side effect say, held against the cues."""

import json
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st
from spacy.language import Language

import nlp
from nlp import component, context, reading
from nlp.context_words import BUCKETS, Masked, keys, places
from nlp.types import EFFECTS, Reading

PROBES = Path(nlp.__file__).parent / "training" / "probes"


@pytest.fixture(scope="module")
def engine() -> Language:
    return nlp.load()


def read(engine: Language, text: str) -> Reading:
    return next(iter(nlp.read(engine, [{"id": "1", "text": text, "drug": "Baclofen", "condition": "Other"}])))


def found(engine: Language, text: str) -> dict[str, set[bool]]:
    out: dict[str, set[bool]] = {}
    for effect in read(engine, text).record["side_effects"]:
        out.setdefault(effect["concept"], set()).add(effect["present"])
    return out


def probes() -> list[dict[str, Any]]:
    lines = [line for path in sorted(PROBES.glob("*.jsonl")) for line in path.read_text(encoding="utf-8").splitlines()]
    return [probe for probe in map(json.loads, lines) if "side_effect" in probe]


def right(engine: Language, asked: list[dict[str, Any]]) -> float:
    posts = [{"id": str(n), "text": p["text"], "drug": "Baclofen", "condition": "Other"} for n, p in enumerate(asked)]
    wanted: dict[str, set[bool]] = {"present": {True}, "denied": {False}, "none": set()}
    good = 0
    for probe, said in zip(asked, nlp.read(engine, posts), strict=True):
        effects = [e for e in said.record["side_effects"] if e["substance"] == "baclofen"]
        good += {e["present"] for e in effects if e["concept"] == probe["side_effect"]} == wanted[probe["expect"]]
    return good / len(asked)


def test_the_words_around_put_right_what_the_cues_get_wrong(engine: Language, monkeypatch: pytest.MonkeyPatch) -> None:
    asked = probes()  # they taught it: this shows that it is in force, not how well it does on others (data/models)
    weighed = right(engine, asked)
    monkeypatch.setattr(context, "load", lambda: None)
    by_cues = right(engine, asked)
    assert len(asked) > 1500
    assert weighed > by_cues + 0.06


def test_without_the_model_the_cues_stand(engine: Language, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(context, "load", lambda: None)
    assert found(engine, "No nausea, but it made me very dizzy.") == {"nausea": {False}, "dizziness": {True}}


@pytest.mark.parametrize(
    ("text", "concept", "present"),
    [
        ("It made me very dizzy.", "dizziness", {True}),
        ("I had a terrible headache every day on it.", "headache", {True}),
        ("No nausea at all.", "nausea", {False}),
        ("My wife says I am sleepy all day since I take it.", "somnolence", {True}),
        ("My toddler started vomiting on this drug.", "vomiting", {True}),
        ("My brother was exhausted on it.", "fatigue", {True}),
        ("Our son gets dizzy from his pump.", "dizziness", {True}),
    ],
)
def test_what_is_told_plainly_stays(engine: Language, text: str, concept: str, present: set[bool]) -> None:
    assert found(engine, text)[concept] == present


def test_a_cue_is_words_of_the_post(engine: Language) -> None:
    for probe in probes()[::7]:
        for m in read(engine, probe["text"]).mentions:
            assert m.cue is None or m.cue == probe["text"][m.cue_start : m.cue_end]


@given(st.lists(st.sampled_from("no nausea , . baclofen I my sister had dizzy ? 20 never but before it".split())))
def test_all_that_counts_has_its_place(words: list[str]) -> None:
    text = " ".join(words)
    doc = reading.read_doc(nlp.load(), {"id": "1", "text": text, "drug": "Baclofen"}, before="context")
    d = component.draft(doc)
    masked = Masked(d)
    for m in d.mentions:
        if m.kind in EFFECTS:
            around = masked.around(m)
            counted = {(b, k) for b, some in zip(BUCKETS, keys(around), strict=True) for k in some if b != "is"}
            shown = places(around)
            assert {(bucket, key) for bucket, key, _, _ in shown} == counted
            assert all(0 <= first < last <= len(d.words) for _, _, first, last in shown)
