"""What answers for a symptom that was only asked about or foretold, and what is so although a denial stands there."""

import pytest
from spacy.language import Language

import nlp


@pytest.fixture(scope="module")
def engine() -> Language:
    return nlp.load()


def read(engine: Language, text: str) -> set[str]:
    """Give the side effects of a review's text, "no" before what is denied, and its changes as "pain improved"."""
    record = next(iter(nlp.read(engine, [{"id": "1", "text": text, "drug": "Baclofen", "condition": "Other"}]))).record
    effects = {s["concept"] if s["present"] else f"no {s['concept']}" for s in record["side_effects"]}
    return effects | {f"{o['domain']} {o['direction']}" for o in record["outcomes"]}


@pytest.mark.parametrize(
    ("text", "told"),
    [
        ("They told me my hair would fall out. Well, it did.", "hair_loss"),
        ("They told me my hair would fall out. Well, it hasn't.", "no hair_loss"),
        ("My doctor asks do I get dizzy on it and I say no every time.", "no dizziness"),
        ("My doctor asks do I get dizzy on it and I say yes every time.", "dizziness"),
        ("Drowsy? Me? Not in the slightest, and I take 40 a day.", "no somnolence"),
        ("It is no use to me if it makes me nauseous, and it does.", "nausea"),
        ("I never thought it would help my pain but it did.", "pain improved"),
        ("I was told this would take away the cravings. It hasn't.", "craving unchanged"),
    ],
)
def test_a_short_clause_answers_for_what_was_foretold_or_asked(engine: Language, text: str, told: str) -> None:
    assert told in read(engine, text)


def test_what_someone_else_does_answers_for_nothing_of_the_authors(engine: Language) -> None:
    assert "nausea" not in read(engine, "I was told I would be nauseous. My brother was.")
    assert "nausea" not in read(engine, "I was told I would be nauseous. I was not before.")


@pytest.mark.parametrize(
    ("text", "told", "not_told"),
    [
        ("I have never been so tired as on this.", "fatigue", "no fatigue"),
        ("It didn't just make me dizzy, it made me sick too.", "dizziness", "no dizziness"),
        ("No gum on earth helps the dry mouth it gives me.", "dry_mouth", "no dry_mouth"),
        ("I wasn't expecting to be this confused.", "confusion", "no confusion"),
        ("I had every side effect on the list except the rash.", "no rash", "rash"),
        ("No side effects except a rash.", "rash", "no rash"),
        ("Whoever says it doesn't make you dizzy is lying.", "dizziness", "no dizziness"),
        ("It isn't that it makes me dizzy, I just dislike pills.", "no dizziness", "dizziness"),
    ],
)
def test_what_looks_denied_or_claimed_and_is_not(engine: Language, text: str, told: str, not_told: str) -> None:
    found = read(engine, text)
    assert told in found
    assert not_told not in found


def test_nothing_is_told_of_a_change_that_it_would_be_untrue_to_tell_of(engine: Language) -> None:
    assert "pain improved" not in read(engine, "To say that it helped my pain would be untrue.")
    assert "spasm improved" not in read(engine, "It's not as if it stopped my spasms.")
