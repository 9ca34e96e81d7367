"""Posts without a heading: who takes what, and what for."""

import pytest
from spacy.language import Language

import nlp


@pytest.fixture(scope="module")
def engine() -> Language:
    return nlp.load()


def status(engine: Language, text: str) -> dict[str, str]:
    [reading] = nlp.read(engine, [{"id": "1", "text": text}])
    return {t["substance"]: t["status"] for t in reading.record["treatments"]}


@pytest.mark.parametrize(
    "text",
    [
        "My current meds:\n* Zoloft\n* Klonopin 1 mg\n\nDoes anybody know how they get on?",
        "Zoloft, Klonopin, Seroquel, I've tried a lot of them.",
        "I asked about the Zoloft and Klonopin I took yesterday.",
        "All I was prescribed was Zoloft and Klonopin.",
        "Even with Zoloft and Klonopin I panic.",
    ],
)
def test_medicines_of_a_list_are_taken(engine: Language, text: str) -> None:
    said = status(engine, text)
    assert said["sertraline"] == said["clonazepam"] == "taken"


@pytest.mark.parametrize(
    "text",
    [
        "Walking helps my panic attacks. I go out every day. Stay away from Xanax.",
        "Using Xanax to stop a bad trip?",
        "It felt like a light dose of Xanax, a nice tea.",
    ],
)
def test_a_medicine_of_general_talk_is_only_mentioned(engine: Language, text: str) -> None:
    assert status(engine, text)["alprazolam"] == "mentioned"


@pytest.mark.parametrize(
    "text",
    [
        "I don't take naltrexone.",
        "I dont use naltrexone, my sister does.",
        "I don't take naltrexone and never will.",
        "I don't take naltrexone because it is too expensive.",
        "I don't take naltrexone for a reason.",
        "It is hard because I don't take naltrexone.",
    ],
)
def test_what_one_does_not_take_is_not_taken(engine: Language, text: str) -> None:
    assert status(engine, text)["naltrexone"] == "mentioned"


@pytest.mark.parametrize(
    "text",
    [
        "I don't take naltrexone every day.",
        "I don't take naltrexone on weekends.",
        "I don't take naltrexone until I go out to drink.",
        "If I don't take naltrexone I drink.",
        "I don't take naltrexone anymore.",
    ],
)
def test_what_one_does_not_take_always_or_any_more_is_taken(engine: Language, text: str) -> None:
    assert status(engine, text)["naltrexone"] == "taken"


def test_going_back_on_a_medicine_means_that_it_was_taken(engine: Language) -> None:
    assert status(engine, "I don't want to have to go back on Celexa.")["citalopram"] == "taken"


def test_a_friend_s_treatment_is_reported_by_a_caregiver(engine: Language) -> None:
    text = "I have a friend that started taking Wellbutrin last month. He sleeps badly. Is that normal?"
    [reading] = nlp.read(engine, [{"id": "1", "text": text}])
    assert reading.record["reporter"] == "caregiver"


def test_a_condition_that_the_medicine_is_not_for_is_no_reason(engine: Language) -> None:
    text = "Zoloft keeps my depression away. I lost friends when I stopped drinking."
    [reading] = nlp.read(engine, [{"id": "1", "text": text}])
    assert reading.record["conditions"] == ["depression"]


def test_each_thing_of_a_heading_is_a_reason(engine: Language) -> None:
    post = {"id": "1", "text": "Works.", "drug": "baclofen", "condition": "Fibromyalgia and muscle spasm"}
    [reading] = nlp.read(engine, [post])
    assert set(reading.record["conditions"]) == {"pain", "muscle_spasm"}


def test_bac_beside_another_medicine_or_a_switch_is_the_medicine_and_beside_a_level_is_not(engine: Language) -> None:
    assert "baclofen" in status(
        engine, "Three weeks of nal did nothing for my drinking, so I switched to bac and never looked back."
    )
    assert "baclofen" not in status(
        engine, "I switched to beer but my bac was still over the legal limit when I was tested."
    )


@pytest.mark.parametrize(
    "text",
    [
        "Today I was recommended to get a prescription of Lexapro by a doctor who takes Lexapro himself.",
        "My options are mirtazapine or trazodone. I have not decided.",
        "My doctor recommended it over Klonopin, which I know nothing of.",
        "I wonder if the naloxone found in Suboxone could stop an overdose.",
        "Would I be fine if I were to add Soma to it?",
    ],
)
def test_what_is_only_weighed_is_not_taken(engine: Language, text: str) -> None:
    said = status(engine, text)
    assert said
    assert "taken" not in said.values()


def test_what_one_was_sent_home_with_is_taken(engine: Language) -> None:
    assert status(engine, "The ER sent me home with some lorazepam for the shakes.") == {"lorazepam": "taken"}


@pytest.mark.parametrize(
    ("text", "status"),
    [
        ("I start my Suboxone program on Thursday and groups on Tuesday.", "considered"),
        ("I'm starting Suboxone tomorrow, any tips?", "considered"),
        ("I started Suboxone on Monday and I feel great.", "taken"),
        ("I start every morning with 8 mg of Suboxone.", "taken"),
    ],
)
def test_what_begins_on_a_day_to_come_is_not_taken_yet(engine: Language, text: str, status: str) -> None:
    (reading,) = nlp.read(engine, [{"id": "1", "text": text}])
    assert [t["status"] for t in reading.record["treatments"]] == [status]


@pytest.mark.parametrize(
    "text",
    [
        "Since starting gabapentin on Thursday my pain is gone.",
        "Starting Suboxone on Friday saved my life.",
    ],
)
def test_what_was_begun_on_a_day_that_is_over_is_taken(engine: Language, text: str) -> None:
    assert set(status(engine, text).values()) == {"taken"}


@pytest.mark.parametrize(
    ("text", "stopped"),
    [
        ("My doctor d/c'd it after a week, baclofen was not for me.", True),
        ("I took baclofen and DCed it on Monday.", True),
        ("From Richmond through DC, Maryland and on. Still on baclofen.", False),
        ("I quit drinking in May. It stopped. Stopped it.", None),
    ],
)
def test_d_c_is_discontinued_and_dc_a_city_and_where_nothing_is_taken_nothing_is_stopped(
    engine: Language, text: str, stopped: bool | None
) -> None:
    [reading] = nlp.read(engine, [{"id": "1", "text": text}])
    said = [t["stopped"] for t in reading.record["treatments"]]
    assert said == ([] if stopped is None else [stopped])
    assert bool(stopped) == any(m.kind == "stop" for m in reading.mentions)
