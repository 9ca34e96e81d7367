"""Courses of persons whose truth is known, and what is kept of them after later posts."""

import tempfile
from itertools import pairwise
from pathlib import Path
from typing import Any

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from pipeline import corpus, derive
from pipeline.home import Home
from tests.pipeline.simulated import Told, ask, write

EFFECTS = ("unclear", "no_effect", "partly", "worked", "harmful")
BENEFIT = ("partly", "worked")


def told_by_one() -> st.SearchStrategy[list[Told]]:
    one = st.builds(
        Told,
        day=st.integers(0, 400),
        effect=st.sampled_from(EFFECTS),
        mg=st.none() | st.sampled_from([10.0, 30.0, 60.0, 120.0, 270.0]),
        stopped=st.sampled_from([None, False, True]),
        conditions=st.sampled_from([(), ("alcohol_use",)]),
        outcomes=st.sampled_from(
            [(), (("craving", "improved"),), (("craving", "worsened"),), (("craving", "unchanged"),)]
        ),
        side_effects=st.sampled_from([(), (("nausea", True),), (("nausea", False),)]),
    )
    return st.lists(one, min_size=1, max_size=6, unique_by=lambda t: t.day).map(
        lambda ts: sorted(ts, key=lambda t: t.day)
    )


def truth(posts: list[Told]) -> dict[str, Any]:
    """Work the course out in plain Python, as its comment says."""
    doses = [(t.day, t.mg) for t in posts if t.mg is not None]
    effects = [t.effect for t in posts if t.effect != "unclear"]
    good = [t for t in posts if t.effect in BENEFIT or ("craving", "improved") in t.outcomes]
    stops = [t.day for t in posts if t.stopped]
    start, end = posts[0].day, posts[-1].day
    said: dict[str, set[object]] = {}  # each domain and concept, and all that is told of it
    for name, value in (pair for t in posts for pair in (*t.outcomes, *t.side_effects)):
        said.setdefault(name, set()).add(value)
    before = [mg for day, mg in doses if good and day <= good[0].day]
    return {
        "posts": len(posts),
        "first_mg_per_day": doses[0][1] if doses else None,
        "last_mg_per_day": doses[-1][1] if doses else None,
        "peak_mg_per_day": max((mg for _, mg in doses), default=None),
        "effective_mg_per_day": before[-1] if before else None,
        "steps_up": sum(b > a for (_, a), (_, b) in pairwise(doses)),
        "steps_down": sum(b < a for (_, a), (_, b) in pairwise(doses)),
        "effect": effects[-1] if effects else "unclear",
        "contradicted": len(set(effects)) > 1,
        "contradictions": (len(set(effects)) > 1) + sum(len(told) > 1 for told in said.values()),
        "effect_observed": bool(good),
        "days_to_effect": (good[0].day - start or None) if good else (end - start or None),
        "stopped": next((t.stopped for t in reversed(posts) if t.stopped is not None), None),
        "stop_observed": bool(stops),
        "days_on_treatment": (stops[0] if stops else end) - start or None,
        "follow_up_days": end - start,
    }  # fmt: skip


@settings(max_examples=8, deadline=None, derandomize=True, suppress_health_check=[HealthCheck.too_slow])
@given(st.lists(told_by_one(), min_size=1, max_size=25))
def test_courses_of_a_simulated_corpus_are_recovered_exactly(persons: list[list[Told]]) -> None:
    with tempfile.TemporaryDirectory() as folder:
        home = Home(Path(folder))
        told = [(f"sample_{n}", t) for n, posts in enumerate(persons) for t in posts]
        write(home, told)
        rows = ask(
            home,
            "select c.*, (select min(native_id::int) from post where author_id = person_id) as first_post "
            "from course c where condition = 'any'",
        )
        expected, at = {}, 0
        for posts in persons:
            expected[at] = truth(posts)
            at += len(posts)
        found = {r["first_post"]: {k: r[k] for k in next(iter(expected.values()))} for r in rows}
        assert found == expected


def test_later_posts_change_only_their_writer_and_leave_what_a_full_rebuild_would(tmp_path: Path) -> None:
    home = Home(tmp_path)
    write(home, [("heron", Told(0, mg=30)), ("wren", Told(0, effect="no_effect", mg=60))])
    write(home, [("heron", Told(50, effect="worked", mg=120, side_effects=(("nausea", True),)))], first=2)
    names = ", ".join(c for c in ("person_id", "posts", "effect", "peak_mg_per_day", "days_to_effect", "side_effects"))
    kept = {n: ask(home, f"select * from {n} order by all") for n in derive.KEPT}
    assert [
        (r["posts"], r["effect"])
        for r in ask(home, f"select {names} from course where condition = 'any' order by posts")
    ] == [
        (1, "no_effect"),
        (2, "worked"),
    ]
    with corpus.writing(home) as con:
        assert derive.refresh(con, full=True)
    assert {n: ask(home, f"select * from {n} order by all") for n in derive.KEPT} == kept


def test_nothing_is_worked_out_again_when_nothing_changed(tmp_path: Path) -> None:
    home = Home(tmp_path)
    write(home, [("heron", Told(0, effect="worked"))])
    with corpus.writing(home) as con:
        assert not derive.refresh(con)


def test_what_is_deleted_leaves_the_courses_too(tmp_path: Path) -> None:
    home = Home(tmp_path)
    write(home, [("heron", Told(0, effect="worked")), ("wren", Told(0, effect="worked"))])
    with corpus.writing(home) as con:
        for name in ("post", "extraction", "report", "treatment"):
            con.execute(f"delete from {name} where post_id = 'board:0'")
    assert len(ask(home, "from course where condition = 'any'")) == 1
    assert ask(home, "select persons from outcome_by_treatment where condition = 'any'") == [{"persons": 1}]


def test_a_report_that_names_no_condition_counts_for_the_one_the_person_named_elsewhere(tmp_path: Path) -> None:
    home = Home(tmp_path)
    first, second = Told(0), Told(9, effect="worked", conditions=())
    other = Told(20, effect="harmful", conditions=("anxiety",))
    write(home, [("heron", t) for t in (first, second, other)])
    rows = ask(home, "select condition, posts, effect from course order by condition")
    assert [tuple(r.values()) for r in rows] == [
        ("alcohol_use", 2, "worked"),
        ("anxiety", 2, "harmful"),
        ("any", 3, "harmful"),
    ]


def test_a_stated_duration_moves_the_start_back(tmp_path: Path) -> None:
    home = Home(tmp_path)
    write(home, [("heron", Told(0, effect="worked", days=90))])
    (row,) = ask(home, "from course where condition = 'any'")
    assert (row["start_basis"], row["days_to_effect"], row["follow_up_days"]) == ("stated", 90, 90)


def test_why_it_was_stopped_is_what_the_report_of_stopping_tells(tmp_path: Path) -> None:
    home = Home(tmp_path)
    write(
        home,
        [
            ("heron", Told(0, stopped=True, side_effects=(("nausea", True),))),
            ("wren", Told(0, stopped=True, effect="no_effect")),
            ("owl", Told(0, stopped=True)),
            ("lark", Told(0)),
        ],
    )
    rows = ask(home, "select stopped_with from course where condition = 'any' order by 1")
    assert [r["stopped_with"] for r in rows] == ["no_effect", "not said", "side effects", None]


@pytest.mark.parametrize(
    "name", ["course", "dose_trajectory", "comparison", "bias", "benchmark", "disproportionality", "time_to_effect"]
)
def test_a_table_of_an_empty_corpus_is_there_and_has_no_numbers_of_its_own(tmp_path: Path, name: str) -> None:
    home = Home(tmp_path)
    with corpus.writing(home):
        pass
    assert all(not r.get("numerator") for r in ask(home, f'from "{name}"'))
