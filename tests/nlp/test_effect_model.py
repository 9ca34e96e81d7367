"""The effect's model: what decides, whatever the order; and what is done without it."""

import pytest

import nlp
from nlp import effect, effect_model, reading, tense

POSTS = [
    {"id": "1", "text": "Baclofen 20 mg three times a day took my spasms away. A miracle, I would not be without it.", "drug": "baclofen"},
    {"id": "2", "text": "Baclofen did absolutely nothing for my spasms. A waste of money, I stopped it.", "drug": "baclofen"},
    {"id": "3", "text": "I start baclofen tomorrow. I take gabapentin for nerve pain and it works well.", "drug": "gabapentin"},
]  # fmt: skip


def effects() -> list[dict[str, str | None]]:
    engine = nlp.load()
    return [{t["substance"]: t["effect"] for t in r.record["treatments"]} for r in nlp.read(engine, POSTS)]


def test_plain_cases_come_out_as_a_reader_would_say() -> None:
    first, second, third = effects()
    assert first == {"baclofen": "worked"}
    assert second == {"baclofen": "no_effect"}
    assert third["gabapentin"] == "worked"


def test_what_is_told_as_over_was_stopped_though_nobody_says_so() -> None:
    texts = (
        "Took it for three days. Horrible! Hallucinations, could not walk. I would rather have the spasms.",
        "I have been taking it for three years now and it still helps with my spasms every day.",
    )
    posts = [{"id": str(i), "text": text, "drug": "baclofen"} for i, text in enumerate(texts)]
    over, goes_on = [reading.record["treatments"][0]["stopped"] for reading in nlp.read(nlp.load(), posts)]
    assert over is True
    assert goes_on is False


def test_without_the_model_the_rules_decide(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(effect_model, "load", lambda: None)
    first, second, _ = effects()
    assert first == {"baclofen": "worked"}
    assert second == {"baclofen": "no_effect"}


def test_the_bundled_model_is_small_and_whole() -> None:
    model = effect_model.load()
    assert model is not None
    classes, marks = len(effect_model.CLASSES), len(effect_model.MARKS)
    assert {len(row) for row in (*model.signs.values(), model.biases)} == {classes + 1}  # the last: stopped
    held = model.words.rows.values()
    assert all(isinstance(row, int) for row in held)  # sums free of any order
    masses = [effect_model.columns(row, marks, marks + 1)[0] for row in held]
    assert min(masses) >= 0
    assert effect_model.packed(effect_model.columns(max(held), 0, marks + 2 + classes)) == max(held)


def test_rows_of_numbers_add_up_as_one_number() -> None:
    rows = [[1, -2, 3], [-40_000, 50_000, 0], [7, 7, -9]]
    total = sum(map(effect_model.packed, rows))
    assert effect_model.columns(total, 0, 3) == [sum(column) for column in zip(*rows, strict=True)]
    assert effect_model.columns(total, 1, 2) == [50_005]


def test_a_long_text_s_words_weigh_no_more_than_a_short_one_s() -> None:
    row = [1000, 500, 0, 0, 0, 0, 0]
    words = effect_model.Words.of({"great": row, "good": row, "fine": row, "nice": row}, {}, [0, 0, 0, 0], 1 / 1000)
    assert words.of_text({"great"})[0] == 0.5
    assert words.of_text(words.known({"great", "good", "fine", "nice", "unheard"}))[0] == 1.0
    assert words.of_text(words.known({"unheard"})) == [0.0] * 6


def test_names_give_way_to_which_medicine_they_are() -> None:
    post = {"id": "1", "text": "Flexeril was useless. Baclofen beats gabapentin. I sleep now.", "drug": "baclofen"}
    d = reading.drafted(nlp.load(), post)

    def told(substance: str) -> list[list[str]]:
        return [s.split() for s in effect_model.masked(d, effect_model.about(d, substance), substance)]

    assert told("baclofen") == [["xdrug", "beats", "xother", "."], ["i", "sleep", "now."]]
    assert told("cyclobenzaprine") == [["xdrug", "was", "useless."]]


def test_signs_tell_the_post_s_own_medicine_from_one_named_beside() -> None:
    post = {
        "id": "1",
        "text": "Baclofen helps my spasms. I stopped gabapentin because of dizziness.",
        "drug": "baclofen",
    }
    d = reading.drafted(nlp.load(), post, before="effect")
    told = effect.settle(d)
    own, _ = effect.features(d, d.treatments["baclofen"], told.get("baclofen", []))
    other, _ = effect.features(d, d.treatments["gabapentin"], told.get("gabapentin", []))
    assert own["heading"]
    assert own["any better"]
    assert own["better alone"]
    assert "stopped" not in own
    assert other["not of heading"]
    assert other["beside: stopped"]
    assert other["another better"]
    assert "any better" not in other


def test_ngrams_are_of_one_to_three_words() -> None:
    assert effect_model.ngrams("did not help me!") == {
        "did", "not", "help", "me", "!", "did not", "not help", "help me", "me !", "did not help", "not help me", "help me !",
    }  # fmt: skip


@pytest.mark.parametrize(
    ("text", "past", "present"),
    [
        ("Baclofen made me sick. I took it twice and hated it.", 3, 0),
        ("I take it daily, it helps and I'm glad.", 0, 3),
        ("It worked. Now it doesn't.", 1, 1),
        ("I am tired, red and in bed.", 0, 1),  # no verbs of the past, though they end as such
    ],
)
def test_the_tense_of_what_is_told_is_counted(text: str, past: int, present: int) -> None:
    d = reading.drafted(nlp.load(), {"id": "1", "text": text, "drug": "baclofen"})
    found = tense.tenses(d, range(len(d.sentences)), "baclofen")
    assert round(found.get("tense past", 0) * 6) == past
    assert round(found.get("tense present", 0) * 6) == present
    assert ("tense past alone" in found, "tense present alone" in found) == (not present, not past)
