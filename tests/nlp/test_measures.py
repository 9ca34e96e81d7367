"""What a mention keeps beside the record: numbers of an outcome, comparisons, how bad a side effect was and how it went."""

import pytest
from spacy.language import Language

import nlp
from nlp.types import Mention


@pytest.fixture(scope="module")
def engine() -> Language:
    return nlp.load()


def mentions(engine: Language, text: str, kind: str, condition: str = "Alcohol Dependence") -> list[Mention]:
    post = {"id": "1", "text": text, "drug": "Baclofen", "condition": condition}
    return [m for m in next(iter(nlp.read(engine, [post]))).mentions if m.kind == kind]


@pytest.mark.parametrize(
    ("text", "detail"),
    [
        ("I am 60 days sober on it.", "sober 60 days"),
        ("Three weeks without a drink, thanks to this.", "sober 21 days"),
        ("I've been sober for 4 months now.", "sober 120 days"),
        ("I went from 12 beers a day to 2.", "drinks 12 to 2 a day"),
    ],
)
def test_days_sober_and_drinks_are_kept_with_the_outcome(engine: Language, text: str, detail: str) -> None:
    assert detail in [m.detail for m in mentions(engine, text, "outcome") if m.concept == "use"]


@pytest.mark.parametrize(
    ("text", "detail"),
    [
        ("It works better than naltrexone.", "better than naltrexone"),
        ("For me baclofen helps, far better than Campral did.", "better than acamprosate"),
    ],
)
def test_what_it_was_better_than_is_kept(engine: Language, text: str, detail: str) -> None:
    assert detail in [m.detail for m in mentions(engine, text, "outcome")]


def test_a_comparison_with_nothing_named_is_none(engine: Language) -> None:
    assert not [m for m in mentions(engine, "It works better than before.", "outcome") if "than" in (m.detail or "")]


@pytest.mark.parametrize(
    ("text", "detail"),
    [
        ("It gave me severe nausea.", "severe"),
        ("I get mild headaches from it.", "mild"),
        ("It made me dizzy but that went away after a week.", "went away"),
        ("I stopped taking it cold turkey and had tremors.", "on stopping"),
    ],
)
def test_how_bad_a_side_effect_was_and_how_it_went_is_kept(engine: Language, text: str, detail: str) -> None:
    assert any(detail in (m.detail or "") for m in mentions(engine, text, "side_effect", "Muscle Spasm"))
