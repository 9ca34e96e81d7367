"""The effect's model: what decides, whatever the order; and what is done without it."""

import pytest

import nlp
from nlp import effect_model

POSTS = [
    {"id": "1", "text": "Baclofen 20 mg three times a day took my spasms away. A miracle, I would not be without it.", "drug": "baclofen"},
    {"id": "2", "text": "Baclofen did absolutely nothing for my spasms. A waste of money, I stopped it.", "drug": "baclofen"},
    {"id": "3", "text": "I start baclofen tomorrow. I take gabapentin for nerve pain and it works well.", "drug": "gabapentin"},
]  # fmt: skip


def effects() -> list[dict[str, str | None]]:
    engine = nlp.load()
    return [{t["substance"]: t["effect"] for t in r.record["treatments"]} for r in nlp.read(engine, POSTS)]


def test_plain_cases_come_out_as_a_reader_would_say() -> None:
    first, second, third = effects()
    assert first == {"baclofen": "worked"}
    assert second == {"baclofen": "no_effect"}
    assert third["gabapentin"] == "worked"


def test_without_the_model_the_rules_decide(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(effect_model, "load", lambda: None)
    first, second, _ = effects()
    assert first == {"baclofen": "worked"}
    assert second == {"baclofen": "no_effect"}


def test_the_bundled_model_is_small_and_whole() -> None:
    model = effect_model.load()
    assert model is not None
    assert set(model.classes) == {"worked", "partly", "no_effect", "harmful", "unclear"}
    assert len(model.weights) == len(model.biases) == 5
    assert {len(row) for row in model.weights} == {len(model.features)}
    assert {len(row) for row in model.words.weights.values()} == {len(effect_model.SCORES)}
    assert all(isinstance(w, int) for row in model.words.weights.values() for w in row)  # sums free of any order


def test_ngrams_are_of_one_to_three_words() -> None:
    assert effect_model.ngrams("did not help me!") == {
        "did", "not", "help", "me", "!", "did not", "not help", "help me", "me !", "did not help", "not help me", "help me !",
    }  # fmt: skip
