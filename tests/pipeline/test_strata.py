"""Strata, bias and their persons on a corpus small enough to count by hand: every number below was."""

from pathlib import Path
from typing import Any

import pytest

from pipeline import corpus
from pipeline.home import Home
from tests.pipeline.simulated import Told, ask, write

CRAVING = (("craving", "improved"),)
WORSE = (("craving", "worsened"),)
# Board a: heron, three reports in two years; wren, one; an unknown author, one. Board b: owl, one; crow is on naltrexone.
A: list[tuple[str | None, Told]] = [
    ("heron", Told(0, effect="no_effect", mg=20, outcomes=WORSE)),
    ("heron", Told(10, effect="worked", mg=100, outcomes=CRAVING, conditions=("alcohol_use", "anxiety"))),
    ("heron", Told(400, conditions=())),
    ("wren", Told(0, effect="harmful", mg=40, conditions=(), stopped=True)),
    (None, Told(0, effect="partly", outcomes=CRAVING)),
]
B: list[tuple[str | None, Told]] = [
    ("owl", Told(500, mg=25, outcomes=CRAVING, conditions=("anxiety",))),
    ("crow", Told(500, substance="naltrexone", effect="worked")),
]
PERSONS = {"a:1": (44, "male"), "a:3": (17, None), "b:0": (60, "female")}  # age and sex as the report states them


@pytest.fixture(scope="module")
def home(tmp_path_factory: pytest.TempPathFactory) -> Home:
    made = Home(tmp_path_factory.mktemp("strata"))
    write(made, A, source="a")
    write(made, B, source="b")
    with corpus.writing(made) as con:
        for post, (age, sex) in PERSONS.items():
            con.execute("update report set age_years = ?, sex = ? where post_id = ?", [age, sex, post])
            con.execute("insert into stale_post values (?)", [post])
        con.execute("update post set language = 'fr' where post_id = 'b:0'")
        con.execute("update post set text = 'My doctor gave me the book.' where post_id = 'a:0'")
        con.execute("insert into stale_post values ('a:0')")
    return made


def strata(home: Home, stratum: str, domain: str) -> dict[str, tuple[Any, ...]]:
    rows = ask(
        home,
        "select value, improved, denominator, missing, persons from outcome_by_stratum "
        f"where substance = 'baclofen' and stratum = '{stratum}' and domain = '{domain}'",
    )
    return {r["value"]: tuple(r.values())[1:] for r in rows}


def test_who_stands_in_which_stratum(home: Home) -> None:
    # improved, denominator, missing, persons; heron, wren, the unknown one, owl (who says nothing of the whole)
    assert strata(home, "source", "effect") == {"a": (2, 3, 0, 3), "b": (0, 0, 1, 1)}
    assert strata(home, "source", "craving") == {"a": (2, 2, 1, 3), "b": (1, 1, 0, 1)}
    assert strata(home, "year", "effect") == {"2020": (2, 3, 0, 3), "2021": (0, 0, 1, 1)}
    assert strata(home, "sex", "craving") == {"male": (1, 1, 0, 1), "female": (1, 1, 0, 1), "not said": (1, 1, 1, 2)}
    assert strata(home, "age", "effect") == {
        "0-17": (0, 1, 0, 1), "30-44": (1, 1, 0, 1), "60+": (0, 0, 1, 1), "not said": (1, 1, 0, 1),
    }  # fmt: skip
    assert strata(home, "condition", "effect") == {
        "alcohol_use": (2, 2, 0, 2), "anxiety": (1, 1, 1, 2), "not said": (0, 1, 0, 1),
    }  # fmt: skip


def test_bands_of_dose_are_strata_of_those_who_state_one(home: Home) -> None:
    assert strata(home, "dose_band", "craving") == {"0-30 mg": (1, 1, 0, 1), "80-150 mg": (1, 1, 0, 1)}
    assert strata(home, "dose_band", "effect") == {
        "0-30 mg": (0, 0, 1, 1), "30-80 mg": (0, 1, 0, 1), "80-150 mg": (1, 1, 0, 1),
    }  # fmt: skip


def test_persons_behind_a_stratum_are_those_it_counts(home: Home) -> None:
    counted = {
        (r["stratum"], r["value"]): r["persons"]
        for r in ask(
            home, "select distinct stratum, value, persons from outcome_by_stratum where substance = 'baclofen'"
        )
    }
    behind = "select stratum, value, count(*) as n from person_stratum where substance = 'baclofen' group by all"
    assert {(r["stratum"], r["value"]): r["n"] for r in ask(home, behind)} == counted


def test_what_makes_writers_differ_from_takers_is_counted(home: Home) -> None:
    found = {(r["kind"], r["group"]): (r["numerator"], r["denominator"], r["missing"]) for r in ask(home, "from bias")}
    # Known persons: heron with three reports; wren, owl and crow with one each.
    assert found["prolific", "the most prolific 1 % of persons"] == (3, 6, 1)
    assert found["prolific", "the ten most prolific persons"] == (6, 6, 1)
    assert found["newcomers", "persons with a single report"] == (3, 4, 1)
    # Five courses: the unknown one and crow tell of success alone, heron and wren do not, owl says nothing.
    assert found["survivors", "persons who write of success only"] == (2, 4, 1)
    assert found["contradictions", "courses that contradict themselves"] == (1, 5, 0)
    assert found["topic", "book"] == (1, 7, 0)
    assert found["topic", "doctor"] == (1, 7, 0)
    assert (found["source", "a"], found["source", "b"]) == ((5, 7, 0), (2, 7, 0))
    assert (found["year", "2020"], found["year", "2021"]) == ((4, 7, 0), (3, 7, 0))
    assert (found["language", "en"], found["language", "fr"]) == ((6, 7, 0), (1, 7, 0))
    assert found["reporter", "self"] == (7, 7, 0)
    assert {k[1]: v for k, v in found.items() if k[0] == "unknown"} == {
        "author": (1, 7, 0), "time of the post": (0, 7, 0), "sex": (3, 5, 0), "age": (2, 5, 0), "dose": (2, 5, 0),
        "effect": (1, 5, 0), "when it was started": (5, 5, 0), "whether it was stopped": (4, 5, 0),
    }  # fmt: skip


def test_no_count_of_any_table_is_wider_than_a_bigint(home: Home) -> None:
    wide = "select table_name, column_name from duckdb_columns() where data_type like '%HUGEINT%' and not internal"
    assert ask(home, wide) == []


def test_a_median_of_an_even_number_lies_between_the_two_in_the_middle(tmp_path: Path) -> None:
    home = Home(tmp_path)
    write(home, [(f"sample_{n}", Told(0, mg=mg)) for n, mg in enumerate((32, 40, 50, 70, 90, 120, 120))])
    rows = ask(home, "select dose_band, persons, median_mg_per_day from outcome_by_dose")
    assert [tuple(r.values()) for r in rows] == [("30-80 mg", 4, 45.0), ("80-150 mg", 3, 120.0)]
