"""What was made from the same input is known; what is other, missing or changed by hand is made again."""

import json
import re
from pathlib import Path

import pytest

from pipeline import collect, corpus, made, sample, study, tables
from pipeline.home import Home
from pipeline.made import Inputs
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


def published(home: Home, asked: Study = CHOSEN) -> Inputs:
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
    assert made.why_anew(home, CHOSEN, "tables", made.inputs(home, CHOSEN)) == "none there yet"
    of = published(home)
    assert made.why_anew(home, CHOSEN, "tables", made.inputs(home, CHOSEN)) == ""
    assert made.why_anew(home, CHOSEN, "report", of)
    (home.tables / "flow.csv").write_text("changed by hand\n", encoding="utf-8")
    assert made.why_anew(home, CHOSEN, "tables", of) == "tables/flow.csv changed"
    (home.tables / "flow.csv").unlink()
    assert made.why_anew(home, CHOSEN, "tables", of) == "tables/flow.csv changed"


def test_tables_of_another_study_are_not_taken_for_ours(home: Home) -> None:
    of = published(home)
    published(home, study.load("semaglutide"))
    assert made.why_anew(home, CHOSEN, "tables", of) == "study changed"


def test_it_is_told_which_inputs_changed(home: Home, tmp_path: Path) -> None:
    published(home)
    taken_in(home, tmp_path, "Baclofen helped.", "Naltrexone did not.", "")
    assert made.why_anew(home, CHOSEN, "tables", made.inputs(home, CHOSEN)) == "exclusion, post changed"


def test_a_note_of_an_earlier_version_means_that_all_is_made_anew(home: Home) -> None:
    of = published(home)
    (home.root / "made" / "tables.json").write_text(json.dumps({"of": of.key, "files": {}}), encoding="utf-8")
    assert made.why_anew(home, CHOSEN, "tables", of) == "none there yet"


def test_a_board_that_tells_times_by_hours_ago_and_errors_in_other_words_has_not_changed(home: Home) -> None:
    with corpus.writing(home) as con:
        con.execute("insert into thread values ('f:1', 'f', '1', 'T', 'http://f.example/1', null, now())")
        con.execute("insert into exclusion values ('f', 'u', 'collect', 'gone', 'after 3 s', now())")
    before = made.inputs(home, CHOSEN)
    with corpus.writing(home) as con:
        con.execute("update thread set last_post_at = last_post_at + interval 1 hour")
        con.execute("update exclusion set detail = 'after 4 s'")
    assert made.inputs(home, CHOSEN) == before


def test_the_invented_board_is_kept_under_its_own_addresses_though_another_run_holds_its_port(tmp_path: Path) -> None:
    invented, home = study.load("sample"), Home(tmp_path).make()

    def run() -> Inputs:
        with collect.served(invented) as ready:
            assert [c.error for c in collect.collect(ready, home)] == [None, None]
        return made.inputs(home, invented)

    first = run()
    with sample.serve():
        assert run() == first
    with corpus.reading(home) as con:
        kept = con.execute(
            "from (select url from post union all from (select url from thread)) where url ~ '.*127[.]0.*'"
        )
        assert {row[0].split("/")[2] for row in kept.fetchall()} == {f"{sample.HOST}:{sample.PORT}"}


def test_all_that_the_tables_and_the_report_read_is_an_input() -> None:
    told = [text for _, text in corpus.views()]
    told += [f.read_text("utf-8") for room in ("report", "summary", "kept") for f in (corpus.SQL / room).glob("*.sql")]
    read = {name for text in told for name in re.findall(r"\b(?:from|join)\s+(\w+)", text)}
    tables = set(re.findall(r"create table if not exists (\w+)", corpus.sql("schema")))
    # Not inputs: worked out of them, or brought up to date by every run (crawl: the view `coverage`).
    derived = {"study", "study_treatment", "dose_band", "published", "copy", "stale_post", "crawl"}
    assert read & tables - derived <= set(made.INPUTS)
    assert len(read & tables) > 8
