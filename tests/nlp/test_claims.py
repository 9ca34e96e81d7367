"""Which outcomes and side effects count, when the rest of a post is known; and what is done without the weights."""

from typing import Any

import pytest

import nlp
from nlp import claims, logistic
from nlp.reading import read_doc
from nlp.side_effect_cases import EffectWeights

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


PASSED_OVER = {"id": "1", "text": "I have fibromyalgia, headaches and a bad back. Baclofen helps.", "drug": "baclofen"}


@pytest.mark.parametrize("bias", [1.0, -1.0, None])
def test_a_symptom_that_the_rules_pass_over_is_a_side_effect_only_if_the_weights_say_so(
    monkeypatch: pytest.MonkeyPatch, bias: float | None
) -> None:
    model = logistic.Logistic({}, bias or 0.0, 0.0)
    models = None if bias is None else {"outcomes": model, "side_effects": model}
    monkeypatch.setattr(logistic, "load", lambda _name: models)  # pyright: ignore[reportUnknownLambdaType]
    (reading,) = nlp.read(nlp.load(), [PASSED_OVER])
    found = [s["concept"] for s in reading.record["side_effects"]]
    assert found == (["headache", "back_pain"] if bias == 1.0 else [])
    assert "symptom" not in {m.kind for m in reading.mentions}


def test_the_words_around_a_side_effect_are_weighed(monkeypatch: pytest.MonkeyPatch) -> None:
    model = logistic.Logistic({"< made": -9.0, ">0 yesterday": 9.0}, 0.0, 0.0)
    monkeypatch.setattr(logistic, "load", lambda _name: {"outcomes": model, "side_effects": model})  # pyright: ignore[reportUnknownLambdaType]
    posts = [{"id": str(n), "text": t, "drug": "baclofen"} for n, t in enumerate(
        ["It made me dizzy.", "It made me dizzy yesterday, twice."]
    )]  # fmt: skip
    first, second = (reading.record["side_effects"] for reading in nlp.read(nlp.load(), posts))
    assert first == []
    assert [s["concept"] for s in second] == ["dizziness"]


def test_a_side_effect_weighs_as_much_as_its_features_by_name_that_the_weights_were_learned_from() -> None:
    models = logistic.load(claims.MODEL)
    assert models is not None
    weights, bias = models["side_effects"].weights, models["side_effects"].bias
    text = (
        "I have fibromyalgia, headaches and a bad back. I took baclofen and it made me dizzy, then sleepy, in 2 days."
    )
    doc = read_doc(nlp.load(), {"id": "1", "text": text, "drug": "baclofen"}, before=claims.MODEL)
    found = [features for _, features in claims.side_effects(doc, {"baclofen"})]
    assert {features.told for features in found} == {True, False}
    for features in found:
        score = bias + sum(weights.get(name, 0.0) * value for name, value in features.named().items())
        for off, holds in ((-1e-6, True), (1e-6, False)):
            assert EffectWeights(logistic.Logistic(weights, bias, score + off)).holds(features) is holds


def test_no_symptom_is_left_where_claims_are_not_decided_on() -> None:
    engine = nlp.load()
    engine.disable_pipe("claims")
    (reading,) = nlp.read(engine, [PASSED_OVER])
    assert "symptom" not in {m.kind for m in reading.mentions}
    assert "symptom" not in engine(PASSED_OVER["text"]).spans


def test_a_symptom_of_before_or_of_another_is_no_side_effect_whatever_the_weights(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    always = logistic.Logistic({}, 1.0, 0.0)
    monkeypatch.setattr(logistic, "load", lambda _name: {"outcomes": always, "side_effects": always})  # pyright: ignore[reportUnknownLambdaType]
    texts = ["I had a history of rashes, then came baclofen. It works.", "My sister has headaches. Baclofen helps me."]
    posts = [{"id": str(n), "text": text, "drug": "baclofen"} for n, text in enumerate(texts)]
    assert [reading.record["side_effects"] for reading in nlp.read(nlp.load(), posts)] == [[], []]
