"""Amounts in a run, spelt numbers, limits of a day, medicines taken together, and steps told by the week."""

import pytest
from spacy.language import Language

import nlp


@pytest.fixture(scope="module")
def engine() -> Language:
    return nlp.load()


def doses(engine: Language, text: str, drug: str) -> list[tuple[str, list[float] | None, list[float] | None]]:
    """Give substance, mg at once and mg a day of each dose of a review."""
    reading = next(iter(nlp.read(engine, [{"id": "1", "text": text, "drug": drug}])))
    return [(x["substance"], x["mg"], x["mg_per_day"]) for x in reading.record["doses"]]


def days(engine: Language, text: str, drug: str) -> list[float]:
    return [day[1] for _, _, day in doses(engine, text, drug) if day]


@pytest.mark.parametrize(
    ("drug", "text", "expected"),
    [
        ("Seroquel", "25 mg at first, then 50, 100, 150 and finally 200 mg.", [25, 50, 100, 150, 200]),
        ("Paxil", "I tapered from 40 mg down to 30, 20, 10 over three months.", [40, 30, 20, 10]),
        ("Zoloft", "Began at 25mg, went to 50mg a week later, and am now at 100mg.", [25, 50, 100]),
        ("Celexa", "They upped me from 20 to 40 in May and I yawned all day.", [20, 40]),
        ("Vyvanse", "Started on 30 moved to 50 and now 70mg every morning", [30, 50, 70]),
        ("Lyrica", "My doctor wanted me at 300mg a day but I never got past 150.", [300, 150]),
        ("Prozac", "I doubled my 20 mg to 40 mg.", [20, 40]),
        ("Baclofen", "My total daily dose is 45mg.", [45]),
        ("Lexapro", "The first three months my dosage was 20 mg.", [20]),
    ],
)
def test_each_amount_of_a_titration_is_a_day_s_total(
    engine: Language, drug: str, text: str, expected: list[float]
) -> None:
    assert days(engine, text, drug) == expected


@pytest.mark.parametrize(
    ("drug", "text", "mg", "day"),
    [
        ("Neurontin", "I take three hundred mg twice a day.", [300, 300], [600, 600]),
        ("Ultram", "two 50 mg tablets every 4-6 hours (no more than 8 a day)", [100, 100], [400, 400]),
        ("Ativan", "1mg 3-times daily", [1, 1], [3, 3]),
        ("Buspar", "15 mg/twice daily", [15, 15], [30, 30]),
        ("Percocet", "10/325 four times a day", [10, 10], [40, 40]),
        ("Trazodone", "50 mg taken with water directly before bed works.", [50, 50], [50, 50]),
        ("Topamax", "I worked up to 4 x 25mg per day.", [25, 25], [100, 100]),
        ("Baclofen", "25mg in the morning and again in the evening", [25, 25], [50, 50]),
        ("Ultram", "I take two 50mg in the morning and two more around supper.", [100, 100], [200, 200]),
        ("Soma", "a 350 mg tablet three times a day and one before bed", [350, 350], [1400, 1400]),
        ("Antabuse", "half of a 500 mg tablet a day", [250, 250], [250, 250]),
        ("Chantix", "one 0.5 mg tablet daily for 3 days then one tablet twice a day", [0.5, 0.5], [1, 1]),
        ("Oxycontin", "7.5 mg for up to 6 times a day", [7.5, 7.5], [7.5, 45]),
        ("Prozac", "I take 20 mg of it with my vitamins. For years I took 40 mg every other day.", [40, 40], [20, 20]),
    ],
)
def test_how_often_and_at_most_are_read(
    engine: Language, drug: str, text: str, mg: list[float], day: list[float]
) -> None:
    assert (mg, day) in [(once, total) for _, once, total in doses(engine, text, drug)]


def test_what_is_taken_together_is_taken_as_often(engine: Language) -> None:
    found = doses(engine, "I take 400 mg gabapentin with 1000 mg paracetamol 4 times daily", "Neurontin")
    assert ("gabapentin", [400, 400], [1600, 1600]) in found


def test_a_dose_behind_a_medicine_named_aside_is_of_the_review_s_drug(engine: Language) -> None:
    found = doses(engine, "I take 100 mg three times a day, with hydrocodone, and 300 mg at night.", "Neurontin")
    assert {name for name, *_ in found} == {"gabapentin"}


def test_decades_of_a_life_are_no_tablets(engine: Language) -> None:
    assert doses(
        engine, "I feel like I am in my 30's instead of my 50's. I take two 50 mg tabs twice a day.", "Ultram"
    ) == [("tramadol", [100, 100], [200, 200])]


@pytest.mark.parametrize(
    ("text", "day"),
    [
        ("10 mg, two tablets every 4 hours, no more than 2 an hour.", [120, 120]),
        ("10 mg, two tablets every 4 hours, no more than 8 in 24 hours.", [80, 80]),
        ("I take two hundred mg a day.", [200, 200]),
    ],
)
def test_the_most_a_day_is_no_most_an_hour(engine: Language, text: str, day: list[int]) -> None:
    [reading] = nlp.read(engine, [{"id": "1", "text": text, "drug": "Baclofen"}])
    assert [d["mg_per_day"] for d in reading.record["doses"]] == [day]


def test_twenty_hundred_is_no_dose_of_a_hundred(engine: Language) -> None:
    [reading] = nlp.read(engine, [{"id": "1", "text": "I took 20 hundred mg once.", "drug": "Baclofen"}])
    assert [100, 100] not in [d["mg"] for d in reading.record["doses"]]


def test_amounts_of_a_run_are_derived_in_the_unit_that_is_written(engine: Language) -> None:
    post = {"id": "1", "text": "The pump ran at 25 mcg, then 50, 75 and then 100 mcg a day.", "drug": "Baclofen"}
    [reading] = nlp.read(engine, [post])
    said = [m.derivation for m in reading.mentions if m.kind == "dose"]
    assert said == ["25 mcg a day", "50 mcg a day", "75 mcg a day", "100 mcg a day"]
