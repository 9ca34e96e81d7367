"""What was made from the same input is known; what is other, missing or changed by hand is made again."""

import json
from pathlib import Path

import pytest

from pipeline import collect, corpus, made, study, tables
from pipeline.home import Home
from pipeline.study import Study

CHOSEN = study.load("baclofen")


def taken_in(home: Home, folder: Path, *texts: str) -> None:
    file = folder / "posts.jsonl"
    lines = ({"id": str(n), "text": text} for n, text in enumerate(texts))
    file.write_text("".join(json.dumps(line) + "\n" for line in lines), encoding="utf-8")
    collect.import_files(CHOSEN, home, [file], "file")


@pytest.fixture
def home(tmp_path: Path) -> Home:
    made_ = Home(tmp_path / "home").make()
    with corpus.writing(made_) as con:
        corpus.publish(con, CHOSEN)
    taken_in(made_, tmp_path, "Baclofen helped.")
    return made_


def published(home: Home, asked: Study = CHOSEN) -> str:
    with corpus.writing(home) as con:
        corpus.publish(con, asked)
    of = made.inputs(home, asked)
    made.note(home, "tables", of, tables.write_all(home))
    return of


def test_the_same_posts_and_study_are_the_same_input(home: Home, tmp_path: Path) -> None:
    before = made.inputs(home, CHOSEN)
    taken_in(home, tmp_path, "Baclofen helped.")
    assert made.inputs(home, CHOSEN) == before
    taken_in(home, tmp_path, "Baclofen helped.", "Naltrexone did not.")
    assert made.inputs(home, CHOSEN) != before
    assert made.inputs(home, study.load("semaglutide")) != made.inputs(home, CHOSEN)


def test_tables_that_were_made_are_known_until_one_is_changed(home: Home) -> None:
    assert not made.is_made(home, CHOSEN, "tables", made.inputs(home, CHOSEN))
    of = published(home)
    assert made.is_made(home, CHOSEN, "tables", made.inputs(home, CHOSEN))
    assert not made.is_made(home, CHOSEN, "report", of)
    (home.tables / "flow.csv").write_text("changed by hand\n", encoding="utf-8")
    assert not made.is_made(home, CHOSEN, "tables", of)


def test_tables_of_another_study_are_not_taken_for_ours(home: Home) -> None:
    of = published(home)
    published(home, study.load("semaglutide"))
    assert not made.is_made(home, CHOSEN, "tables", of)
