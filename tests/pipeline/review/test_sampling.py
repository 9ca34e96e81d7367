"""Which claims are drawn: evenly by confidence, and where rules and model disagree."""

import json
from collections import Counter
from pathlib import Path

import pytest

from pipeline import corpus, extract, staging, study
from pipeline.door import Door, key
from pipeline.home import Home
from pipeline.post import Batch, Post
from pipeline.review import doubt, items
from pipeline.staging import SourceRow

TEXTS = [
    "I took baclofen 25 mg three times a day for my drinking. My cravings are gone.",
    "Baclofen. It works. I hate it, never again, worst months of my life, wish I had never started.",
    "I was on naltrexone and baclofen. Slept badly. The doctor says it helps.",
    "Been on baclofen 30 mg for a month, I think it does something maybe, hard to say. Dizzy at first.",
    "Baclofen made me sick for weeks and I stopped, though I did drink less on it, oddly enough.",
    "Took baclofen. Zero effect on cravings at first, then at 80 mg it was a miracle, then nothing again.",
    "My husband takes baclofen 10 mg for spasms. He says he is fine. I hope so.",
    "Disulfiram did nothing. Then baclofen 20 mg: less craving, but so tired that I gave up.",
]


@pytest.fixture(scope="module")
def home(tmp_path_factory: pytest.TempPathFactory) -> Home:
    where = Home(tmp_path_factory.mktemp("s") / "home").make()
    with staging.Staging(where, SourceRow("board", "board", "board"), Door(key(where.key))) as aside:
        aside.add(Batch(posts=tuple(Post(str(n), text, author=f"a{n}") for n, text in enumerate(TEXTS))))
    staging.merge(where)
    with corpus.writing(where) as con:
        corpus.publish(con, study.load("baclofen"))
    extract.new_posts(where, study.load("baclofen"))
    return where


def test_the_model_s_opinion_is_what_the_tables_hold(home: Home) -> None:
    posts = [{"id": f"board:{n}", "text": text} for n, text in enumerate(TEXTS)]
    found = list(doubt.opinions(extract.engine(study.load("baclofen")), posts))
    with corpus.reading(home) as con:
        held = con.execute("select post_id, substance, effect from treatment where status = 'taken'").fetchall()
    assert {(o.post_id, o.substance, o.model) for o in found} == set(held)
    assert all(0.2 <= o.share <= 1 for o in found)  # of five classes the likeliest has a fifth at least


def test_a_disagreement_sample_holds_the_treatments_on_which_rules_and_model_part(home: Home) -> None:
    posts = [{"id": f"board:{n}", "text": text} for n, text in enumerate(TEXTS)]
    engine = extract.engine(study.load("baclofen"))
    parted = {(o.post_id, o.substance) for o in doubt.opinions(engine, posts) if o.rules != o.model}
    with corpus.reading(home) as con:
        drawn = items.draw(con, "disagreement", 99, study=study.load("baclofen"))
        again = items.draw(con, "disagreement", 99, study=study.load("baclofen"))
    assert parted, "the texts above are meant to part them"
    assert len(parted) < len(posts)
    assert {(i.post_id, json.loads(i.claim)["substance"]) for i in drawn} == parted
    assert {i.field for i in drawn} <= {"treatments", "outcomes"}
    assert drawn == again


def test_a_stratified_sample_takes_every_kind_at_every_confidence_before_any_twice(home: Home) -> None:
    with corpus.reading(home) as con:
        every = items.draw(con, "random", 999)
        levels = items.confidence(con, every)
        strata = {(i.field, items._kind(i), levels[i.item]) for i in every}
        drawn = items.draw(con, "stratified", len(strata))
    assert {"high", "middle"} <= set(levels.values()) <= set(doubt.LEVELS)
    assert Counter((i.field, items._kind(i), levels[i.item]) for i in drawn) == Counter(strata)


@pytest.mark.parametrize(
    ("quote", "level"), [("so tired", "high"), ("dizzy", "middle"), ("slept badly", "low"), ("not there", "low")]
)
def test_how_sure_a_claim_is_goes_by_where_its_substance_stands(quote: str, level: str) -> None:
    text = "On baclofen so tired. Also dizzy. With naltrexone slept badly."
    named = [(text.find(s), text.find(s) + len(s), s) for s in ("baclofen", "naltrexone")]
    start = text.find(quote)
    place = (start, start + len(quote)) if start >= 0 else (None, None)
    assert doubt.of_place(text, *place, "baclofen", named) == level


def test_of_an_empty_corpus_nothing_is_drawn(tmp_path: Path) -> None:
    empty = Home(tmp_path / "home").make()
    with corpus.writing(empty) as con:
        corpus.publish(con, study.load("baclofen"))
    with corpus.reading(empty) as con, pytest.raises(items.ReviewError, match="doselore extract"):
        items.draw(con, "random", 5)
