"""Age and sex of a person: as the text says, else as the review's own columns say."""

import pytest

from pipeline import corpus, extract, staging, study
from pipeline.door import Door
from pipeline.home import Home
from pipeline.post import Batch, Post
from pipeline.staging import SourceRow
from tests.pipeline.simulated import KEY, ask

TEXT = "I took baclofen 25 mg a day for my drinking. My cravings are gone."


@pytest.fixture(scope="module")
def home(tmp_path_factory: pytest.TempPathFactory) -> Home:
    where = Home(tmp_path_factory.mktemp("stated") / "home").make()
    posts = (
        Post("1", TEXT, author="a", extra={"age": "45", "sex": "Female"}),
        Post("2", f"I am a 30 year old man. {TEXT}", author="b", extra={"age": "31", "sex": "F"}),
        Post("3", TEXT, author="c", extra={"age": "45-54", "sex": " m "}),
        Post("4", TEXT, author="d", extra={"age": "1985", "sex": "prefer not to say"}),
        Post("5", TEXT, author="e"),
    )
    with staging.Staging(where, SourceRow("reviews", "file", "reviews"), Door(KEY)) as aside:
        aside.add(Batch(posts=posts))
    staging.merge(where)
    with corpus.writing(where) as con:
        corpus.publish(con, study.load("baclofen"))
    extract.new_posts(where, study.load("baclofen"))
    return where


def test_the_text_comes_before_the_columns_and_a_range_is_no_age(home: Home) -> None:
    rows = ask(home, "select post_id, age_years, sex from person_report order by 1")
    assert [(r["age_years"], r["sex"]) for r in rows] == [
        (45, "female"),
        (30, "male"),
        (None, "male"),
        (None, None),
        (None, None),
    ]


def test_the_strata_of_age_and_sex_count_them(home: Home) -> None:
    rows = ask(
        home,
        "select stratum, value, persons from outcome_by_stratum where substance = 'baclofen' and domain = 'craving' "
        "and stratum in ('sex', 'age') order by all",
    )
    assert [(r["stratum"], r["value"], r["persons"]) for r in rows] == [
        ("age", "30-44", 1),
        ("age", "45-59", 1),
        ("age", "not said", 3),
        ("sex", "female", 1),
        ("sex", "male", 2),
        ("sex", "not said", 2),
    ]
