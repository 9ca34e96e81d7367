"""Doses beside names that no table of medicines holds, and of posts that name more than one medicine."""

from typing import Any

import pytest
from spacy.language import Language

import nlp


@pytest.fixture(scope="module")
def engine() -> Language:
    return nlp.load()


def doses(engine: Language, text: str, drug: str | None = None) -> list[tuple[Any, ...]]:
    """Give each dose of a post as substance, milligrams at once or a day, and status."""
    post = {"id": "1", "text": text, **({"drug": drug} if drug else {})}
    record = next(iter(nlp.read(engine, [post]))).record
    return [(d["substance"], (d["mg"] or d["mg_per_day"])[0], d["status"]) for d in record["doses"]]


@pytest.mark.parametrize(
    "text",
    [
        "I take Xanax now and then. An hour before I swallow 400 mg of cimetidine with juice.",
        "I take Xanax now and then, and Ramipril (5 mg a day) for my heart.",
        "I take Xanax now and then and 600 mg of willow bark every morning.",
        "My Xanax is for sleep. My supplements:\n\n* Bacopa - 500 mg\n* Wild Yam: 300mg\n",
        "I take Xanax at night. In the morning it is 300mg Meclofenoxate, 420mg [Zelvarine](x) and coffee.",
        "I use Xanax for flying. Last month I took 100 mg of MDMA at a party.",
    ],
)
def test_the_dose_of_a_medicine_that_is_not_counted_is_not_given_to_another(engine: Language, text: str) -> None:
    assert doses(engine, text) == []


@pytest.mark.parametrize(
    "text",
    [
        "I take Xanax. The pills are 2 mg Three of them knock me out.",
        "COMMENTS: 2 mg Xanax before I fly",
        "I take 2 mg of the generic Xanax.",
        "Xanax 2 mg Nothing else works for me.",
        "I was put on Xanax. Prescribed 2 mg of it.",
    ],
)
def test_a_word_of_daily_language_beside_a_dose_is_no_name(engine: Language, text: str) -> None:
    assert [dose[:2] for dose in doses(engine, text)] == [("alprazolam", 2)]


def test_a_dose_far_from_a_name_said_once_is_of_what_the_post_is_about(engine: Language) -> None:
    text = (
        "Klonopin is my friend. Klonopin lets me leave the house. My mother wants me to try Lexapro. I said no. "
        "She has no idea how it feels. Anyway. I started with 0.5 mg and now need 2 mg."
    )
    assert {dose[0] for dose in doses(engine, text)} == {"clonazepam"}


@pytest.mark.parametrize(
    ("text", "status"),
    [
        ("I take Ambien. My question is, would 20 mg of Ambien be too much?", "advised"),
        ("I have Ambien. If I take 20 mg of Ambien with wine, will I wake up?", "advised"),
        ("I took Ambien once. Would 20 mg of Ambien do harm?", "advised"),
        ("I took Ambien once. Could anything above 20 mg do harm?", "advised"),
        ("I took Ambien once. If I take 20 mg of Ambien I sleep like a log.", "taken"),
        ("I take Ambien. I was on the maximum dose of 10 mg for years.", "taken"),
    ],
)
def test_a_dose_that_is_only_asked_about_is_not_taken(engine: Language, text: str, status: str) -> None:
    assert [dose[2] for dose in doses(engine, text)] == [status]


def test_a_dose_that_another_drug_is_compared_to_was_not_taken(engine: Language) -> None:
    assert doses(engine, "I take tramadol. It feels like 15 mg of Vicodin to me.") == [("hydrocodone", 15, "other")]


def test_what_one_is_also_on_is_the_day_s_total(engine: Language) -> None:
    text = "She started me on 25 mg of Seroquel and I am also on 300 mg of Wellbutrin."
    record = next(iter(nlp.read(engine, [{"id": "1", "text": text}]))).record
    assert [(d["mg"], d["mg_per_day"]) for d in record["doses"]] == [(None, [25, 25]), (None, [300, 300])]


def test_once_every_six_hours_is_four_times_a_day(engine: Language) -> None:
    text = "He prescribed me Percocet 10 mg to take once every 6 hours."
    record = next(iter(nlp.read(engine, [{"id": "1", "text": text}]))).record
    assert [(d["per_day"], d["mg_per_day"]) for d in record["doses"]] == [(4, [40, 40])]


@pytest.mark.parametrize(
    ("text", "dose"),
    [
        ("Aygestin stopped the bleeding. Now I take 2.5 mg of Aygestin and Rapaflo 8 mg.", ("aygestin", 2.5, "taken")),
        ("I started off on 5 mg of Aygestin.", ("aygestin", 5, "taken")),
        ("I decided to go up to 10 mg and it was a mistake.", ("aygestin", 10, "taken")),
        ("I have decided to go up to 10 mg.", ("aygestin", 10, "advised")),
        ("Worked my way up over a year to the max dose of 15 mg.", ("aygestin", 15, "taken")),
        ("It helps some. Do not start with 10 mg.", ("aygestin", 10, "other")),
    ],
)
def test_a_review_s_own_doses_are_told_by_what_stands_around_them(
    engine: Language, text: str, dose: tuple[Any, ...]
) -> None:
    assert doses(engine, text, "Aygestin") == [dose]


@pytest.mark.parametrize("text", ["Baclofen calms me. My pulse is in the low 60's now.", "My BP is in the 120's."])
def test_the_rate_of_a_heart_is_no_tablet(engine: Language, text: str) -> None:
    assert doses(engine, text, "baclofen") == []


def test_the_paracetamol_of_a_combined_tablet_is_no_dose_of_its_opioid(engine: Language) -> None:
    assert doses(engine, "I take Vicodin, the 325 mg Vicodin that is.") == []


@pytest.mark.parametrize("when", ["as needed throughout the day", "during the day if it was bad"])
def test_what_is_taken_over_the_day_at_need_has_no_total(engine: Language, when: str) -> None:
    text = f"I take 10 mg of Valium {when}."
    record = next(iter(nlp.read(engine, [{"id": "1", "text": text}]))).record
    assert [(d["mg"], d["mg_per_day"]) for d in record["doses"]] == [([10, 10], None)]


def test_a_dose_behind_this_med_after_another_medicine_is_the_review_s(engine: Language) -> None:
    text = "Soma made me ill. This med is good, 10 mg at night."
    [reading] = nlp.read(engine, [{"id": "1", "text": text, "drug": "Baclofen", "condition": "Pain"}])
    assert reading.exclusion is None
    assert [(d["substance"], d["mg"]) for d in reading.record["doses"]] == [("baclofen", [10, 10])]
