"""Doses whose amount, schedule or sense is told elsewhere than right beside each other."""

from typing import Any

import pytest
from spacy.language import Language

import nlp


@pytest.fixture(scope="module")
def engine() -> Language:
    return nlp.load()


def doses(engine: Language, text: str, drug: str | None = "Baclofen") -> list[tuple[Any, ...]]:
    """Give each dose of a post as milligrams at once, milligrams a day, and status."""
    post = {"id": "1", "text": text, **({"drug": drug} if drug else {})}
    record = next(iter(nlp.read(engine, [post]))).record
    return [(d["mg"] and d["mg"][-1], d["mg_per_day"] and tuple(d["mg_per_day"]), d["status"]) for d in record["doses"]]


@pytest.mark.parametrize(
    ("text", "again"),
    [
        ("Prescribed 20 mg 4 times a day but I only take it once at night.", (20, (20, 20), "taken")),
        ("I went from 5mg twice a day to three times a day last spring.", (5, (15, 15), "taken")),
        ("Was on 15 mg 3 times daily, went down to 1-2 times a day as needed.", (15, (15, 30), "taken")),
        ("10 mg bid at first. My doctor upped me to qid.", (10, (40, 40), "taken")),
        ("The label says 10 mg 3 times a day but I just take 2 at bedtime.", (20, (20, 20), "taken")),
    ],
)
def test_the_same_tablet_at_another_schedule_is_a_dose_of_its_own(
    engine: Language, text: str, again: tuple[Any, ...]
) -> None:
    assert doses(engine, text)[-1] == again
    assert len(doses(engine, text)) == 2


@pytest.mark.parametrize(
    "text",
    [
        "I take 10 mg 3 times a day. I wake up twice a night all the same.",
        "I take 10 mg 3 times a day although I was told not to take it at night.",
        "10mg as needed, 3 times a day. Others write that they take it at night.",
    ],
)
def test_how_often_something_else_happens_is_no_dose(engine: Language, text: str) -> None:
    assert len(doses(engine, text)) == 1


@pytest.mark.parametrize(
    ("text", "dose"),
    [
        ("I take 40mg 3 times a day (120 mg) and still spasm.", (40, (120, 120), "taken")),
        ("2 tablets, 4 times a day (80 mg total), and my legs are calm.", (20, (80, 80), "taken")),
        ("20mg four times daily for a total of 80 mg a day.", (20, (80, 80), "taken")),
    ],
)
def test_a_total_in_brackets_is_of_the_dose_before_it(engine: Language, text: str, dose: tuple[Any, ...]) -> None:
    assert doses(engine, text) == [dose]


@pytest.mark.parametrize(
    ("text", "dose"),
    [
        ("I take 10 mg once or twice a day.", (10, (10, 20), "taken")),
        ("5mg twice, sometimes three times a day does it.", (5, (10, 15), "taken")),
        ("I take 10mg an hour before bedtime.", (10, (10, 10), "taken")),
        ("20 mg 30 minutes before I go to bed and I am out.", (20, (20, 20), "taken")),
        ("10mg morning noon and night keeps me upright.", (10, (30, 30), "taken")),
        ("Half a 10 three times a day is all I can handle.", (5, (15, 15), "taken")),
        ("I cut the 20 mg tablets in half and it still floors me.", (10, None, "taken")),
        ("It is cheap, $4 for 90 tablets of 10 mg, and I take it three times a day.", (10, (30, 30), "taken")),
    ],
)
def test_schedules_and_halves_are_read(engine: Language, text: str, dose: tuple[Any, ...]) -> None:
    assert doses(engine, text) == [dose]


def test_small_steps_of_a_titration_go_on_from_one_another(engine: Language) -> None:
    said = doses(engine, "Started with 1.5mg then 3 then 4.5 over three months.", "naltrexone")
    assert [d[1] for d in said] == [(1.5, 1.5), (3, 3), (4.5, 4.5)]


@pytest.mark.parametrize(
    ("text", "drug", "dose"),
    [
        ("Celexa 60mg from 2007 to 2008 did little for my mood.", "Celexa", (None, (60, 60), "taken")),
        ("Just reached my 100mg of Topamax and my head is clearer.", "Topamax", (None, (100, 100), "taken")),
        ("I use Seroquel as needed. 50mg still works for me.", "Seroquel", (50, None, "taken")),
        ("One Prozac 20 mg pill upset my stomach.", "Prozac", (20, None, "taken")),
        ("10 mg of this made me feel drunk.", "Baclofen", (10, None, "taken")),
    ],
)
def test_of_what_is_taken_for_years_a_mere_amount_is_the_day_s(
    engine: Language, text: str, drug: str, dose: tuple[Any, ...]
) -> None:
    assert doses(engine, text, drug) == [dose]


@pytest.mark.parametrize(
    "gap", ["&nbsp;", "\u200b", " \u200b", "\u202f", "\ufeff", "&amp;nbsp;", "&#160;", "&#x200B; "]
)
def test_a_space_that_is_not_seen_parts_a_number_from_its_unit(engine: Language, gap: str) -> None:
    text = f"I take 10{gap}mg three times a day."
    record = next(iter(nlp.read(engine, [{"id": "1", "text": text, "drug": "Baclofen"}]))).record
    assert [(d["mg_per_day"], d["quote"]) for d in record["doses"]] == [([30, 30], f"10{gap}mg three times a day")]


def test_interfering_with_sleep_is_no_interferon(engine: Language) -> None:
    record = next(iter(nlp.read(engine, [{"id": "1", "text": "It did not interfere with sleep.", "drug": "Lyrica"}])))
    assert [t["substance"] for t in record.record["treatments"]] == ["pregabalin"]
