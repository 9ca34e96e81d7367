"""The views, on posts whose records are known: every number below was counted by hand."""

from pathlib import Path
from typing import Any

import pytest
from statsmodels.stats.proportion import proportion_confint

from pipeline import batches, corpus, extract, staging, study, tables
from pipeline.door import Door
from pipeline.home import Home
from pipeline.post import Batch, Post
from pipeline.staging import SourceRow
from tests.pipeline.simulated import Told, write

KEY = b"0123456789abcdef0123456789abcdef"


def told(effect: str = "unclear", *, substance: str = "baclofen", stopped: bool | None = None) -> dict[str, Any]:
    return {"substance": substance, "status": "taken", "effect": effect, "stopped": stopped,
            "duration_days": None, "duration_quote": None}  # fmt: skip


def dose(mg: float, *, status: str = "taken") -> dict[str, Any]:
    return {
        "substance": "baclofen",
        "quote": "q",
        "mg": None,
        "per_day": None,
        "mg_per_day": [mg, mg],
        "status": status,
    }


def outcome(domain: str, direction: str) -> dict[str, Any]:
    return {"substance": "baclofen", "domain": domain, "direction": direction, "quote": "q"}


def effect(concept: str, *, present: bool) -> dict[str, Any]:
    return {"substance": "baclofen", "concept": concept, "present": present, "quote": "q"}


def record(
    *treatments: dict[str, Any], reporter: str = "self", conditions: tuple[str, ...] = (), **lists: Any
) -> dict[str, Any]:
    empty: dict[str, Any] = {"doses": [], "outcomes": [], "side_effects": [], "notes": ""}
    return {"reporter": reporter, "conditions": list(conditions), "treatments": list(treatments), **empty, **lists}


# Author, day, record: heron tells of three months, wren and owl once each, two authors are unknown.
TOLD: list[tuple[str | None, int, dict[str, Any]]] = [
    ("heron", 1, record(told(), conditions=("alcohol_use",), doses=[dose(30)])),
    ("heron", 2, record(told("no_effect"), conditions=("alcohol_use",), doses=[dose(60)], outcomes=[outcome("craving", "unchanged")])),
    ("heron", 3, record(told("worked", stopped=False), conditions=("alcohol_use",), doses=[dose(120), dose(300, status="advised")],
                        outcomes=[outcome("craving", "improved")], side_effects=[effect("somnolence", present=True)])),
    ("wren", 1, record(told("harmful", stopped=True), doses=[dose(25)], side_effects=[effect("somnolence", present=False)])),
    ("owl", 1, record(told("partly"), told("no_effect", substance="naltrexone"), outcomes=[outcome("craving", "worsened")])),
    ("owl", 2, record(told("no_effect"), reporter="caregiver")),
    ("owl", 3, record(reporter="none")),
    (None, 1, record(told("worked"))),
    (None, 2, record(told("unclear"))),
]  # fmt: skip


@pytest.fixture(scope="module")
def home(tmp_path_factory: pytest.TempPathFactory) -> Home:
    made = Home(tmp_path_factory.mktemp("views"))
    posts = tuple(
        Post(str(n), "q", author=a, posted_at=corpus.now().replace(year=2020, month=1, day=d))
        for n, (a, d, _) in enumerate(TOLD)
    )
    with staging.Staging(made, SourceRow("board", "board", "board"), Door(KEY)) as aside:
        aside.add(Batch(posts=(*posts, Post("gone", "", status="deleted"))))
    staging.merge(made)
    lines = [
        {"post_id": f"board:{n}", "text_sha256": "", "version": "1", "extracted_at": corpus.now().isoformat(), "language": "en",
         "excluded": None, "age_years": None, "sex": None, "record": r, "mentions": []}
        for n, (_, _, r) in enumerate(TOLD)
    ]  # fmt: skip
    with corpus.writing(made) as con:
        corpus.publish(con, study.load("baclofen"))
        extract.merge_bytes(con, b"".join(map(batches.flat, lines)))
    return made


def table(home: Home, name: str, **where: object) -> list[dict[str, Any]]:
    names, rows = tables.rows(home, name)
    found = [dict(zip(names, row, strict=True)) for row in rows]
    return [r for r in found if all(r[k] == v for k, v in where.items())]


def test_a_person_counts_once_with_the_effect_they_last_stated(home: Home) -> None:
    (row,) = table(home, "outcome_by_treatment", condition="any", substance="baclofen")
    # heron worked (after no_effect), wren harmful, owl partly, owl's other person no_effect, one unknown worked, one unclear
    assert (row["persons"], row["posts"]) == (6, 8)
    assert (row["worked"], row["partly"], row["no_effect"], row["harmful"], row["missing"]) == (2, 1, 1, 1, 1)
    assert (row["benefit"], row["denominator"], row["contradicted"], row["stopped"]) == (3, 5, 1, 1)


def test_a_condition_and_a_comparator_have_rows_of_their_own(home: Home) -> None:
    (row,) = table(home, "outcome_by_treatment", condition="alcohol_use", substance="baclofen")
    assert (row["persons"], row["benefit"], row["denominator"]) == (1, 1, 1)
    (row,) = table(home, "outcome_by_treatment", condition="any", substance="naltrexone")
    assert (row["persons"], row["benefit"], row["denominator"]) == (1, 0, 1)


def test_every_interval_is_wilsons(home: Home) -> None:
    rows = [*table(home, "outcome_by_treatment"), *table(home, "outcome_by_domain"), *table(home, "outcome_by_dose")]
    checked = 0
    for row in rows:
        k, n = row.get("benefit", row.get("improved")), row["denominator"]
        if n:
            low, high = proportion_confint(k, n, method="wilson")
            assert row["low"] == pytest.approx(low, abs=1e-9)
            assert row["high"] == pytest.approx(high, abs=1e-9)
            checked += 1
    assert checked > 5


def test_a_domain_takes_the_last_post_and_counts_who_said_nothing(home: Home) -> None:
    (row,) = table(home, "outcome_by_domain", substance="baclofen", domain="craving")
    assert (row["improved"], row["unchanged"], row["worsened"]) == (1, 0, 1)
    assert (row["denominator"], row["missing"], row["persons"]) == (2, 4, 6)


def test_a_person_is_in_the_band_of_the_highest_dose_they_took_not_of_one_advised(home: Home) -> None:
    rows = {r["dose_band"]: r for r in table(home, "outcome_by_dose", substance="baclofen", domain="effect")}
    assert {band: (r["persons"], r["improved"], r["denominator"]) for band, r in rows.items()} == {
        "0-30 mg": (1, 0, 1),
        "80-150 mg": (1, 1, 1),
    }


def test_side_effects_are_of_all_who_took_it_and_denials_are_kept_apart(home: Home) -> None:
    (row,) = table(home, "side_effect_rate", substance="baclofen", concept="somnolence")
    assert (row["persons_present"], row["denied"], row["denominator"], row["not_said"]) == (1, 1, 6, 4)


def test_the_flow_adds_up(home: Home) -> None:
    rows = {(r["stage"], r["reason"]): r["posts"] for r in table(home, "flow")}
    assert rows["seen", ""] == 10
    assert rows["left out", "deleted at its source"] == 1
    assert rows["kept", ""] == 9
    assert rows["left out", "nobody's experience is reported"] == 1
    assert rows["with a report of an experience", ""] == 8
    assert rows["with a first-person report", ""] == 7
    assert rows["with an outcome", ""] == 6


def test_evidence_has_a_row_for_every_claim(home: Home) -> None:
    names, rows = tables.rows(home, "evidence")
    claims = sum(len(r[k]) for _, _, r in TOLD for k in ("treatments", "doses", "outcomes", "side_effects"))
    assert len(rows) == claims
    assert "context" in names


def test_how_severe_a_side_effect_was_is_kept_and_counted_by_person(tmp_path: Path) -> None:
    home, nausea = Home(tmp_path), (("nausea", True),)
    write(
        home,
        [
            ("heron", Told(0, side_effects=nausea, details=(("nausea", "mild"),))),
            ("heron", Told(9, side_effects=nausea, details=(("nausea", "severe, went away"),))),
            ("wren", Told(0, side_effects=nausea, details=(("nausea", "mild"),))),
            ("owl", Told(0, side_effects=nausea)),
        ],
    )
    (row,) = table(home, "side_effect_rate")
    assert (row["persons_present"], row["severe"], row["mild"], row["went_away"]) == (3, 1, 1, 1)
    names, rows = tables.rows(home, "evidence")
    details = [dict(zip(names, r, strict=True))["detail"] for r in rows]
    assert sorted(d for d in details if d) == ["mild", "mild", "severe, went away"]
    assert {r["detail"] for r in table(home, "mention")} == {"mild", "severe, went away"}
