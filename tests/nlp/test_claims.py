"""Which outcomes and side effects count, when the rest of a post is known; and what is done without the weights."""

from typing import Any

import pytest

import nlp
from nlp import claims, logistic

POSTS: list[dict[str, Any]] = [
    {"id": "1", "text": "Baclofen 20 mg tid works great for my back spasms. It makes me sleepy.", "drug": "baclofen"},
    {"id": "2", "text": "I took baclofen for my drinking. The cravings are gone.", "condition": "Alcohol Dependence"},
    {"id": "3", "text": "Did nothing for my leg cramps.", "drug": "baclofen", "condition": "Muscle Spasm"},
]  # fmt: skip


def records() -> list[dict[str, Any]]:
    return [dict(reading.record) for reading in nlp.read(nlp.load(), POSTS)]


def told(record: dict[str, Any]) -> set[str]:
    return {f"{o['domain']} {o['direction']}" for o in record["outcomes"]}


def test_plain_claims_count() -> None:
    first, second, third = records()
    assert told(first) == {"spasm improved"}
    assert [s["concept"] for s in first["side_effects"]] == ["somnolence"]
    assert told(second) == {"craving improved"}
    assert told(third) == {"spasm unchanged"}


def test_without_the_weights_the_rules_stand(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(logistic, "load", lambda _name: None)  # pyright: ignore[reportUnknownLambdaType]
    assert told(records()[1]) == {"craving improved"}


def test_a_claim_that_does_not_hold_loses_its_treatment_and_keeps_its_words(monkeypatch: pytest.MonkeyPatch) -> None:
    never = logistic.Logistic({}, -1.0, 0.0)
    monkeypatch.setattr(logistic, "load", lambda _name: {"outcomes": never, "side_effects": never})  # pyright: ignore[reportUnknownLambdaType]
    (reading,) = nlp.read(nlp.load(), POSTS[:1])
    assert reading.record["outcomes"] == reading.record["side_effects"] == []
    assert {m.kind for m in reading.mentions if m.substance is None} >= {"outcome", "side_effect"}


def test_what_is_claimed_has_its_words_in_the_post() -> None:
    always = logistic.Logistic({}, 1.0, 0.0)
    engine = nlp.load()
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(logistic, "load", lambda _name: {"outcomes": always, "side_effects": always})  # pyright: ignore[reportUnknownLambdaType]
        readings = list(nlp.read(engine, POSTS))
    for post, reading in zip(POSTS, readings, strict=True):
        assert reading.record["outcomes"]
        assert all(o["quote"] in post["text"] for o in reading.record["outcomes"])
        assert len(told(dict(reading.record))) == len(reading.record["outcomes"])


def test_the_bundled_weights_are_there_for_both() -> None:
    models = logistic.load(claims.MODEL)
    assert models is not None
    assert set(models) == {"outcomes", "side_effects"}
    assert all(model.weights for model in models.values())
