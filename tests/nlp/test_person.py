import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from nlp.person import author, other

AUTHOR = [
    ("I am a 71 year old man. I took baclofen.", 71, "male"),
    ("45M here, on baclofen for a month.", 45, "male"),
    ("I (28F) took it.", 28, "female"),
    ("32/f, two kids", 32, "female"),
    ("Im a 40 yo guy on baclofen", 40, "male"),
    ("As a married mother of two, I take it at night.", None, "female"),
    ("I've had MS for 23 years and am 51 years old.", 51, None),
    ("Female, 35. It works", 35, "female"),
    ("I am fifty-two years old and take it", 52, None),
    ("I'm a retired nurse, 66 years old, and it helped", 66, None),
    ("I am 45, and I drank for 20 years", 45, None),
    ("My backstory: 33 yo, drinking since school", 33, None),
    ("Age: 60\nIt helped.", 60, None),
    ("I just turned 50 and take it daily", 50, None),
    ("65yr old female with spasms", 65, "female"),
    ("I stopped while pregnant", None, "female"),
    ("Since my vasectomy I take it", None, "male"),
]
NOBODY = [
    "I am 30 days sober, 60 mg a day",
    "I'm 5 weeks in and 20 pounds lighter",
    "I was 25 when I began",
    "When I am 60 I will stop",
    "it took 45M to work, and it was 80F outside",
    "My wife says I am calmer",
    "I am on 40 mg; I'm 100% better",
    "My 14 year old daughter asked",
    "I am a man's best friend's doctor? I am my wife's carer",
    "a 30 year old whisky",
    "I'm 6 mg down, I'm 2 for 2",
]
OTHER = [
    ("my 12 year old son takes it for his spasms", 12, "male"),
    ("my husband is 44 and takes it", 44, "male"),
    ("my wife, 61, was put on it", 61, "female"),
    ("it helped my mother", None, "female"),
    ("it helped a friend", None, None),
]


@pytest.mark.parametrize(("text", "age", "sex"), AUTHOR)
def test_the_author_s_age_and_sex_are_read(text: str, age: int | None, sex: str | None) -> None:
    found = author(text, text.lower())
    assert (found.age, found.sex) == (age, sex)


@pytest.mark.parametrize("text", NOBODY)
def test_what_tells_of_nobody_s_age_tells_none(text: str) -> None:
    found = author(text, text.lower())
    assert (found.age, found.sex) == (None, None)


@pytest.mark.parametrize(("text", "age", "sex"), OTHER)
def test_the_other_s_age_and_sex_are_read(text: str, age: int | None, sex: str | None) -> None:
    found = other(text)
    assert (found.age, found.sex) == (age, sex)


@settings(max_examples=200, deadline=None)
@given(st.text(alphabet="0123456789 imafyo/()'.,-", max_size=80))
def test_no_text_breaks_it_and_no_age_is_beyond_a_life(text: str) -> None:
    for found in (author(text, text.lower()), other(text.lower())):
        assert found.age is None or 0 <= found.age <= 104
