import copy
import tomllib
from collections import defaultdict
from pathlib import Path
from typing import Any

import pyarrow.parquet as pq
from hypothesis import given, settings
from hypothesis import strategies as st

import data
from pipeline.release import build, singles
from pipeline.release.describe import Table
from tests.pipeline.release import corpora

POST = ["post_id", "author_id", "source_id", "posted_at", "rating", "drug", "condition", "language", "status"]
REPORT = ["post_id", "reporter", "conditions", "age_years", "sex"]
EFFECT = ["post_id", "substance", "concept", "present"]
DOSE = ["post_id", "substance", "quote", "mg", "per_day", "mg_per_day", "status", "role"]
KNOWN: list[str] = tomllib.loads(data.path("disclosure.toml").read_text(encoding="utf-8"))["rows"]["known"]


def tables(
    posts: list[list[Any]], reports: list[list[Any]], effects: list[list[Any]], doses: list[list[Any]]
) -> list[Table]:
    named = {
        "post": (POST, posts),
        "report": (REPORT, reports),
        "side_effect": (EFFECT, effects),
        "dose": (DOSE, doses),
    }
    return [Table(n, "", columns, ["VARCHAR"] * len(columns), rows) for n, (columns, rows) in named.items()]


def known(held: list[Table]) -> list[tuple[Any, tuple[Any, ...]]]:
    """Give person and what can be known of each post."""
    post, report = held[0], {r[0]: dict(zip(REPORT, r, strict=True)) for r in held[1].rows}
    rows = [dict(zip(POST, r, strict=True)) for r in post.rows]
    both = [{**r, **report.get(r["post_id"], {})} for r in rows]
    return [(r["author_id"] or r["post_id"], tuple(str(r.get(c) or "") for c in KNOWN)) for r in both]


SOME = st.sampled_from
made = st.lists(
    st.tuples(
        SOME([None, "a", "b", "c", "d", "e"]),
        SOME(["board", "reviews"]),
        SOME(["2020-01", "2020-02", None]),
        SOME([None, 1.0, 5.0]),
        SOME([None, "x", "y"]),
        SOME([None, 20, 60]),
        SOME([None, "m", "f"]),
        SOME(["nausea", "rash"]),
        st.booleans(),
    ),
    max_size=40,
)


def built(rows: list[tuple[Any, ...]]) -> list[Table]:
    ids = [f"{n:013x}" for n in range(len(rows))]
    posts = [[i, r[0], r[1], r[2], r[3], r[4], None, "en", "live"] for i, r in zip(ids, rows, strict=True)]
    reports = [
        [i, "self", ["pain"] if r[8] else [], r[5], r[6]] for i, r in zip(ids, rows, strict=True) if r[7] != "rash"
    ]
    effects = [[i, "baclofen", r[7], r[8]] for i, r in zip(ids, rows, strict=True)]
    doses = [[i, "baclofen", "q", [r[3], r[3]], 1.0, None, "taken", None] for i, r in zip(ids, rows, strict=True)]
    return tables(posts, reports, effects, doses)


@settings(max_examples=60, deadline=None)
@given(made, st.integers(2, 4))
def test_what_is_known_of_a_post_is_shared_by_enough_persons(rows: list[tuple[Any, ...]], least: int) -> None:
    held = built(rows)
    before = copy.deepcopy(held)
    done = singles.guard(held, least)
    sharing = defaultdict[tuple[Any, ...], set[Any]](set)
    for person, combination in known(held):
        sharing[combination].add(person)
    assert not [c for c, who in sharing.items() if any(c) and len(who) < least]
    person_of = {r[0]: r[1] or r[0] for r in held[0].rows}
    claims = defaultdict[tuple[Any, ...], set[Any]](set)
    amounts = defaultdict[tuple[Any, ...], set[Any]](set)
    for r in held[2].rows:
        claims[tuple(r[1:])].add(person_of[r[0]])
    for r in held[3].rows:
        if r[3] is not None:
            amounts[r[1], str(r[3])].add(person_of[r[0]])
    assert all(len(who) >= least for who in [*claims.values(), *amounts.values()])
    assert len(before[2].rows) + len(before[3].rows) - len(held[2].rows) - len(held[3].rows) == done.withheld
    # No value becomes another: it stays, is cut short, or goes.
    for (_, old), (_, new) in zip(known(before), known(held), strict=True):
        assert all(o.startswith(n) for o, n in zip(old, new, strict=True))


@settings(max_examples=30, deadline=None)
@given(made, st.randoms(use_true_random=False))
def test_the_order_of_the_rows_decides_nothing(rows: list[tuple[Any, ...]], dice: Any) -> None:
    one, two = built(rows), built(rows)
    for table in two:
        dice.shuffle(table.rows)
    assert singles.guard(one, 3) == singles.guard(two, 3)
    for a, b in zip(one, two, strict=True):
        assert sorted(map(str, a.rows)) == sorted(map(str, b.rows))


def test_what_many_share_stays_as_it_is() -> None:
    rows = [(name, "board", "2020-01", 5.0, "x", 20, "m", "nausea", True) for name in "abcde"] * 2
    held = built(rows)
    before = copy.deepcopy(held)
    assert singles.guard(held, 5) == singles.NOTHING
    assert [t.rows for t in held] == [t.rows for t in before]


def test_a_lone_old_writer_and_a_lone_side_effect_do_not_leave(tmp_path: Path) -> None:
    texts = ["I took baclofen 30 mg a day for my drinking. It made me dizzy. My cravings are gone."] * 8
    texts.append("I am a 71 year old man. I took baclofen 35 mg a day for my drinking. It gave me hiccups.")
    done = build.export(corpora.made(tmp_path / "home", texts), tmp_path / "out", "shareable")
    held = {
        name: pq.read_table(tmp_path / "out" / "data" / f"{name}.parquet").to_pylist()
        for name in ("report", "side_effect", "dose", "note_nlp")
    }
    assert {r["concept"] for r in held["side_effect"]} == {"dizziness"}
    assert {r["age_years"] for r in held["report"]} == {None}
    assert {str(r["mg_per_day"]) for r in held["dose"]} == {"[30.0, 30.0]", "None"}
    assert not [r for r in held["note_nlp"] if "hiccups" in r["term_modifiers"]]
    assert sorted(r["note_nlp_id"] for r in held["note_nlp"]) == list(range(1, len(held["note_nlp"]) + 1))
    assert min(done.guarded) > 0
    assert str(done.guarded.withheld) in (tmp_path / "out" / "DATASHEET.md").read_text(encoding="utf-8")
