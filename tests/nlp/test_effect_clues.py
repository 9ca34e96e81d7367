"""What makes a symptom an effect of the treatment, or none, beside the cues of its sentence."""

import pytest
from spacy.language import Language

import nlp


@pytest.fixture(scope="module")
def engine() -> Language:
    return nlp.load()


def side_effects(engine: Language, text: str, drug: str = "Zoloft", condition: str = "Depression") -> set[str]:
    post = {"id": "1", "text": text, "drug": drug, "condition": condition}
    found = next(iter(nlp.read(engine, [post]))).record["side_effects"]
    return {("" if s["present"] else "no ") + s["concept"] for s in found}


@pytest.mark.parametrize(
    ("text", "relieved"),
    [
        ("It helped with the nausea and headaches.", {"nausea", "headache"}),
        ("Stopped chest pain, heart palpitations and sweating.", {"chest_pain", "palpitations", "sweating"}),
        ("Relief from cramps and vomiting.", {"vomiting"}),
        ("My tremor was completely eliminated.", {"tremor"}),
        ("I am less jittery now.", {"restlessness"}),
    ],
)
def test_what_the_treatment_took_away_is_no_side_effect(engine: Language, text: str, relieved: set[str]) -> None:
    assert not side_effects(engine, text, condition="Other") & relieved


def test_what_nothing_helps_with_is_still_there(engine: Language) -> None:
    assert "constipation" in side_effects(engine, "Nothing helps with the constipation Zoloft gives me.")


def test_what_the_heading_names_is_the_reason(engine: Language) -> None:
    assert "rash" not in side_effects(engine, "My acne is much clearer now.", "Doxycycline", "Acne")


def test_a_bare_list_is_one_of_side_effects_even_of_what_looks_like_the_illness(engine: Language) -> None:
    found = side_effects(engine, "Works fine. Some mild nausea, dry mouth, loss of motivation, anxiety at first.")
    assert {"nausea", "dry_mouth", "emotional_blunting", "anxiety"} <= found


def test_also_goes_on_with_what_was_told_before(engine: Language) -> None:
    found = side_effects(engine, "Gave me hives. I have also had trouble sleeping.", "Baclofen", "Back pain")
    assert {"rash", "insomnia"} <= found


def test_a_medicine_blamed_behind_the_symptom_ties_it(engine: Language) -> None:
    assert "insomnia" in side_effects(engine, "I couldn't sleep as a result of taking Zoloft.")


def test_two_losses_in_one_breath_are_two_effects(engine: Language) -> None:
    found = side_effects(engine, "Loss of appetite and sex drive.")
    assert {"appetite_decreased", "libido_decreased"} <= found


def test_one_may_be_addicted_to_a_medicine(engine: Language) -> None:
    assert "dependence" in side_effects(engine, "I became addicted to Zoloft.", condition="Other")


@pytest.mark.parametrize(
    "text",
    [
        "Calmed me right down. None. One pill a day.",
        "Calmed me right down. None that I noticed. One pill a day.",
        "It cleared the fog None I take it each night",
        "SIDE EFFECTS: None yet.\nCOMMENTS: Works.",
        "Works, and I tolerate it very well.",
        "It is well tolerated.",
    ],
)
def test_an_answer_without_its_question_denies_side_effects(engine: Language, text: str) -> None:
    assert "no any" in side_effects(engine, text)


def test_none_at_the_start_of_a_review_is_no_benefit(engine: Language) -> None:
    assert "no any" not in side_effects(engine, "None. It made me sick.")


def test_a_denial_stands_beside_an_effect_told_elsewhere(engine: Language) -> None:
    found = side_effects(engine, "No side effects at all. After a year I stopped it cold turkey and got brain zaps.")
    assert {"no any", "paresthesia", "withdrawal"} <= found


@pytest.mark.parametrize("text", ["I am not sad any more.", "It makes me not depressed."])
def test_an_illness_that_is_gone_is_no_effect_denied(engine: Language, text: str) -> None:
    assert "no depression" not in side_effects(engine, text)


def test_a_symptom_with_its_own_not_is_not_denied(engine: Language) -> None:
    found = side_effects(engine, "Since starting it I have not slept in days.", "Baclofen", "Other")
    assert "insomnia" in found
    assert "no insomnia" not in found


@pytest.mark.parametrize(
    "text",
    [
        "I went off it last fall, tried it again in May and got a rash.",
        "The alcohol withdrawal was over by then.",
        "I did not take this every day, but it made me dizzy.",
        "If I forget a dose the muscle spasms come back.",
    ],
)
def test_what_is_no_sequel_of_stopping_is_no_withdrawal(engine: Language, text: str) -> None:
    assert "withdrawal" not in side_effects(engine, text, "Baclofen", "Muscle spasms")


@pytest.mark.parametrize(
    "text",
    [
        "I ran out of it for four days and had terrible vertigo.",
        "When I ceased taking it I had hallucinations.",
        "I quit cold turkey last week. Day three I was very dizzy. I had chills too.",
    ],
)
def test_what_comes_when_it_is_missing_is_withdrawal(engine: Language, text: str) -> None:
    assert "withdrawal" in side_effects(engine, text, "Baclofen", "Other")


@pytest.mark.parametrize(
    "text",
    [
        "No side effects. I did feel tired, itchy, nauseous and a bit dizzy.",
        "No major side effects. I did feel tired and a bit dizzy.",
        "No side effects until May. Since then it makes me tired and dizzy.",
        "Nothing at all. Well, I felt tired for a week.",
    ],
)
def test_a_denial_does_not_stand_beside_effects_that_are_told(engine: Language, text: str) -> None:
    assert "no any" not in side_effects(engine, text)


def test_a_denial_stands_beside_one_effect_told_apart_from_it(engine: Language) -> None:
    found = side_effects(engine, "There were no side effects to speak of. The first night I felt tired.")
    assert found == {"no any", "fatigue"}
    found = side_effects(engine, "I did not notice any side effects with it. It did make me tired and dizzy at first.")
    assert found == {"no any", "fatigue", "dizziness"}


def test_who_denies_side_effects_told_of_the_illness_before(engine: Language) -> None:
    text = "I was shaky, had a racing heart and felt nauseous before each speech. None of that now. No side effects."
    assert side_effects(engine, text, "Propranolol", "Other") == {"no any"}
    text = "Calm at last. None. It made me dizzy once."
    assert side_effects(engine, text, "Propranolol", "Other") == {"dizziness"}


def test_none_is_a_denial_whatever_stands_around_it(engine: Language) -> None:
    assert side_effects(engine, "Helped with my sleep. none really. I take it at ten.", "Trazodone") == {"no any"}


def test_relief_ends_at_a_semicolon_and_at_without(engine: Language) -> None:
    text = "Reduced cravings; loss of appetite; dry mouth"
    assert {"appetite_decreased", "dry_mouth"} <= side_effects(engine, text, "Topiramate", "Alcohol")
    text = "It took the pain away without nausea."
    assert "no nausea" in side_effects(engine, text, "Tramadol", "Pain")


def test_what_one_is_free_of_ends_at_a_comma(engine: Language) -> None:
    assert {"rash", "dizziness"} <= side_effects(engine, "I am free of tics, my rash and dizziness stay though.")


@pytest.mark.parametrize(
    "text",
    [
        "It works, but if you miss a dose for a day it can cause dizziness.",
        "I get a lot of dizziness if I forget my dose.",
        "For two weeks after my final 20mg I had dizziness.",
        "I tried to get off it but the dizziness was too much.",
        "Never stop taking it all at once, you get dizziness.",
        "I went a week without my prescription and had terrible dizziness.",
        "There was dizziness when I was coming off the meds.",
    ],
)
def test_what_comes_of_leaving_or_missing_it_is_withdrawal(engine: Language, text: str) -> None:
    post = {"id": "1", "text": text, "drug": "Zoloft", "condition": "Depression"}
    found = next(iter(nlp.read(engine, [post]))).mentions
    assert [m.detail for m in found if m.concept == "dizziness"] == ["on stopping"] or [
        m.detail for m in found if m.concept == "dizziness"
    ] == ["severe, on stopping"]


@pytest.mark.parametrize(
    "text",
    [
        "I just had a hard time coming off of it.",
        "It is very hard to stop taking it.",
        "Coming off this was absolute hell.",
        "I can always tell if I skip a dose.",
        "I would never have guessed the withdrawal would be so bad.",
    ],
)
def test_leaving_it_is_told_to_be_hard_in_many_ways(engine: Language, text: str) -> None:
    assert "withdrawal" in side_effects(engine, text)


def test_what_made_one_stop_is_no_withdrawal(engine: Language) -> None:
    assert "withdrawal" not in side_effects(engine, "I became dizzy after about six weeks so I had to discontinue.")


def test_a_loss_that_is_an_effect_takes_nothing_else_away(engine: Language) -> None:
    assert {"libido_decreased", "fatigue"} <= side_effects(engine, "Reduced libido, fatigue.")


def test_i_will_is_not_ill(engine: Language) -> None:
    assert "malaise" not in side_effects(engine, "It made me dizzy so I'll try half of it.")


def test_a_symptom_of_everyday_talk_is_tied_by_a_missed_dose(engine: Language) -> None:
    assert {"irritability", "withdrawal"} <= side_effects(engine, "Lack of patience if I skip several doses.")


def test_working_well_takes_nothing_away_that_a_new_clause_tells(engine: Language) -> None:
    assert "nausea" in side_effects(engine, "It worked well for me, just had nausea.", condition="Other")


def test_words_that_belong_to_another_saying_are_no_effect_and_deny_none(engine: Language) -> None:
    assert "confusion" in side_effects(engine, "I get confused easily, and that's not me.")
    assert "restlessness" not in side_effects(engine, "It made me shake all over and I wound up in hospital.")
    found = side_effects(engine, "It left me with no feelings in my hands.", condition="Other")
    assert "paresthesia" in found
    assert "emotional_blunting" not in found


def test_a_free_phrase_inside_a_longer_one_of_the_same_effect_counts(engine: Language) -> None:
    found = side_effects(engine, "I have really weird dreams now.", "Baclofen", "Muscle Spasm")
    assert "abnormal_dreams" in found
