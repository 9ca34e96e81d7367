"""Effects of a treatment are told from the illness, from what was before, from others and from denials."""

from typing import Any

import pytest
from spacy.language import Language

import nlp
from nlp.effect import effect
from nlp.types import Mention


@pytest.fixture(scope="module")
def engine() -> Language:
    return nlp.load()


def record(engine: Language, text: str, condition: str = "Muscle Spasms") -> dict[str, Any]:
    post = {"id": "1", "text": text, "drug": "Baclofen", "condition": condition}
    return dict(next(iter(nlp.read(engine, [post]))).record)


def side_effects(engine: Language, text: str, condition: str = "Muscle Spasms") -> set[tuple[str, bool]]:
    return {(s["concept"], s["present"]) for s in record(engine, text, condition)["side_effects"]}


def outcomes(engine: Language, text: str, condition: str = "Muscle Spasms") -> set[tuple[str, str]]:
    return {(o["domain"], o["direction"]) for o in record(engine, text, condition)["outcomes"]}


@pytest.mark.parametrize(
    "text",
    [
        "My herniated disc causes spasms in my back.",
        "My doctor gave me baclofen for the spasms.",
        "I have arthritis, fibromyalgia, stiffness. Baclofen is what I take.",
        "It made my spasms worse.",
    ],
)
def test_what_the_illness_does_is_no_side_effect(engine: Language, text: str) -> None:
    assert ("muscle_spasm", True) not in side_effects(engine, text)


def test_a_heading_answered_by_none_denies_side_effects(engine: Language) -> None:
    assert ("any", False) in side_effects(engine, "SIDE EFFECTS: None\nCOMMENTS: Works for me.")


def test_side_effects_named_outweigh_their_denial(engine: Language) -> None:
    found = side_effects(engine, "No major side effects. It made me thirsty at first.")
    assert ("any", False) not in found
    assert ("dry_mouth", True) in found


def test_the_reason_of_stopping_is_no_withdrawal(engine: Language) -> None:
    assert ("withdrawal", True) not in side_effects(engine, "I discontinued it as I could not tolerate the dry mouth.")


def test_what_follows_on_stopping_is_withdrawal(engine: Language) -> None:
    assert ("withdrawal", True) in side_effects(engine, "I quit it cold turkey and got hallucinations.")


def test_an_effect_on_a_sister_is_not_the_author_s(engine: Language) -> None:
    assert side_effects(engine, "It works for me. My sister took it and got a rash.") == set()


def test_better_after_stopping_is_no_benefit(engine: Language) -> None:
    assert outcomes(engine, "I stopped it. Back to normal within a week.") == set()


def test_worse_before_the_treatment_is_not_its_doing(engine: Language) -> None:
    text = "Last spring my back pain became worse. Then I was put on baclofen."
    assert ("pain", "worsened") not in outcomes(engine, text)


def test_help_that_is_asked_for_is_no_outcome(engine: Language) -> None:
    assert outcomes(engine, "I take baclofen. Any help would be appreciated.") == set()


def test_a_section_of_benefits_that_names_none_tells_no_effect(engine: Language) -> None:
    told = outcomes(engine, "BENEFITS: none\nSIDE EFFECTS: sleepy\nCOMMENTS: took it a week")
    assert {direction for _, direction in told} == {"unchanged"}


@pytest.mark.parametrize(
    ("direction", "harm", "verdict", "expected"),
    [
        ("improved", False, False, "worked"),
        ("improved", False, True, "partly"),
        ("unchanged", False, False, "no_effect"),
        ("worsened", False, False, "harmful"),
        ("", True, True, "harmful"),
        ("", False, True, "no_effect"),
        ("", False, False, "unclear"),
    ],
)
def test_the_rules_weigh_outcomes_harm_and_verdict(*, direction: str, harm: bool, verdict: bool, expected: str) -> None:
    told: list[Mention] = []
    if direction:
        told.append(Mention("outcome", "spasm", 0, 4, "better", 0, direction=direction))
    if harm:
        told.append(Mention("side_effect", "rash", 10, 14, "rash", 0, present=True))
    if verdict:
        told.append(Mention("outcome", "overall", 20, 30, "worst drug", 1, direction="worsened", detail="verdict"))
    assert effect(told, stopped=False) == expected


@pytest.mark.parametrize(
    ("text", "concept"),
    [
        ("Took 10mg. It knocked me on my back.", "somnolence"),
        ("After a week I was running on fumes.", "fatigue"),
        ("It plugged me up something awful.", "constipation"),
        ("Killed my appetite completely.", "appetite_decreased"),
        ("Soreness at the injection site for two days.", "injection_site_reaction"),
        ("It made me so sad.", "depression"),
        ("After two days I had zero energy.", "fatigue"),
    ],
)
def test_what_a_treatment_does_is_known_in_many_ways_of_speaking(engine: Language, text: str, concept: str) -> None:
    assert (concept, True) in side_effects(engine, text)


@pytest.mark.parametrize(
    ("text", "concept"),
    [
        ("Years of nausea caused by two surgeries. This helps.", "nausea"),
        ("A rash on my arm. That is when I stopped taking it.", "withdrawal"),
    ],
)
def test_what_has_another_cause_is_no_side_effect(engine: Language, text: str, concept: str) -> None:
    assert (concept, True) not in side_effects(engine, text)


@pytest.mark.parametrize(
    ("text", "concept"),
    [
        ("Works well for me. Loss of libido.", "libido_decreased"),
        ("Side effects: can't get it up.", "sexual_dysfunction"),
    ],
)
def test_what_two_lines_of_the_table_might_name_is_named_by_the_right_one(
    engine: Language, text: str, concept: str
) -> None:
    assert {c for c, _ in side_effects(engine, text)} == {concept}


@pytest.mark.parametrize(
    ("text", "concept", "present"),
    [
        ("I slept like a log all afternoon once I took it.", "somnolence", True),
        ("I felt like I was wading through treacle on this stuff.", "fatigue", True),
        ("The floor was tilting under me on these tablets.", "vertigo", True),
        ("Twice I ended up falling on it.", "fall", True),
        ("My mouth tasted of metal while on baclofen.", "taste_change", True),
        ("She couldn't face eating and refuses to eat on this medicine.", "appetite_decreased", True),
        ("I was eating non stop on it.", "appetite_increased", True),
        ("By now I am 25 pounds heavier on this drug.", "weight_gain", True),
        ("My trousers keep falling off since I started it.", "weight_loss", True),
        ("It made my head throb.", "headache", True),
        ("My dad was grabbing at things in the air on baclofen.", "hallucination", True),
        ("I was sure that my phone was tapped on it.", "psychosis", True),
        ("I hate the way it makes me feel.", "malaise", True),
        ("No memory loss with it.", "memory_impairment", False),
        ("It has not affected my appetite.", "appetite_decreased", False),
        ("I haven't been dizzy.", "dizziness", False),
        ("I've never been so tired as on this med.", "fatigue", True),
    ],
)
def test_an_effect_told_in_a_whole_clause_is_found(engine: Language, text: str, concept: str, present: bool) -> None:
    assert (concept, present) in side_effects(engine, text)


def test_what_one_takes_behind_a_common_word_of_illness_makes_it_an_effect(engine: Language) -> None:
    assert ("fatigue", True) in side_effects(engine, "I'm knackered all day on these tablets.")
    assert not side_effects(engine, "I'm knackered all day and take these tablets for my back.")
    assert ("heartburn", True) in side_effects(engine, "I have terrible reflux since I started it.", "Reflux")


@pytest.mark.parametrize(
    "text",
    [
        "I took 20 mg and ibuprofen at the same time.",
        "A very speedy recovery from surgery.",
        "My back was so sore I had to put ice on it.",
    ],
)
def test_everyday_talk_is_no_side_effect(engine: Language, text: str) -> None:
    assert not side_effects(engine, text)


@pytest.mark.parametrize(("drug", "counted"), [("Penicillin", True), ("Augmentin", False), ("Baclofen", False)])
def test_another_medicine_is_blamed_only_where_the_review_is_not_of_it(
    engine: Language, drug: str, *, counted: bool
) -> None:
    post = {"id": "1", "text": "Penicillin gave me hives and nausea.", "drug": drug}
    found = {s["concept"] for s in next(iter(nlp.read(engine, [post]))).record["side_effects"]}
    assert ({"rash", "nausea"} <= found) is counted
