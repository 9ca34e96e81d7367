"""Sentences in the manner of forums and reviews, by kind of saying, with every dose that a careful reader takes from them.

A probe has its `kind`, its `text`, the `drug` of its heading (baclofen if not given, null: a post without heading) and its `doses`: `mg` at once,
`mg_per_day`, `status`, and where it matters `substance` and `role`.
"""

import json
from collections import Counter
from pathlib import Path
from typing import Any

import pytest
from spacy.language import Language

import nlp

PROBES: list[dict[str, Any]] = [
    json.loads(line)
    for line in (Path(__file__).parent / "probes_dosing.jsonl").read_text(encoding="utf-8").splitlines()
]
WHOLE, AMOUNT, DAY, KIND = 0.95, 0.97, 0.96, 0.8  # least F1, and least share of the probes of a kind
GENERIC = {"Vivitrol": "naltrexone", "Oxycontin": "oxycodone", "Ozempic": "semaglutide"}
Key = tuple[str, tuple[float, ...] | None, tuple[float, ...] | None, bool]


@pytest.fixture(scope="module")
def read(engine: Language) -> list[tuple[dict[str, Any], set[Key], set[Key], set[str | None]]]:
    """Give each probe with the doses it names, those that are read, and the roles that are read."""
    posts = [{"id": str(n), "text": p["text"], "drug": p.get("drug", "Baclofen")} for n, p in enumerate(PROBES)]
    out: list[tuple[dict[str, Any], set[Key], set[Key], set[str | None]]] = []
    for probe, reading in zip(PROBES, nlp.read(engine, posts), strict=True):
        own = GENERIC.get(probe.get("drug") or "", "baclofen")
        roles = {str(m.role) if m.role else None for m in reading.mentions if m.kind == "dose"}
        out.append((probe, keys(probe["doses"], own), keys(reading.record["doses"], own), roles))
    return out


@pytest.fixture(scope="module")
def engine() -> Language:
    return nlp.load()


def keys(doses: list[dict[str, Any]], own: str) -> set[Key]:
    """Give what a dose is compared by: whose, at once, a day, taken or not."""
    return {(d.get("substance", own), pair(d["mg"]), pair(d["mg_per_day"]), d["status"] == "taken") for d in doses}


def pair(value: list[float] | None) -> tuple[float, ...] | None:
    """Give a range to a thousandth of a milligram."""
    return None if value is None else tuple(round(float(x), 3) for x in value)


def f1(wanted: list[set[Any]], found: list[set[Any]]) -> float:
    """Give the micro F1 of sets, probe by probe."""
    hits = sum(len(a & b) for a, b in zip(wanted, found, strict=True))
    return 2 * hits / (sum(map(len, wanted)) + sum(map(len, found)))


def test_whole_doses_of_forum_prose_are_read_as_a_careful_reader_does(read: Any) -> None:
    wrong = [f"{p['kind']}: {p['text']} {sorted(found, key=str)}" for p, wanted, found, _ in read if wanted != found]
    assert f1([wanted for _, wanted, _, _ in read], [found for _, _, found, _ in read]) >= WHOLE, "\n".join(wrong)


def test_amounts_of_forum_prose_are_read_as_a_careful_reader_does(read: Any) -> None:
    wanted, found = ([{(s, mg or day) for s, mg, day, _ in row[n]} for row in read] for n in (1, 2))
    assert f1(wanted, found) >= AMOUNT


def test_milligrams_a_day_of_forum_prose_are_those_that_were_taken(read: Any) -> None:
    wanted, found = ([{(s, day) for s, _, day, taken in row[n] if taken and day} for row in read] for n in (1, 2))
    assert f1(wanted, found) >= DAY


def test_no_kind_of_saying_is_lost(read: Any) -> None:
    right, all_of = Counter[str](), Counter[str]()
    for probe, wanted, found, _ in read:
        all_of[probe["kind"]] += 1
        right[probe["kind"]] += wanted == found
    lost = {kind: right[kind] / n for kind, n in all_of.items() if right[kind] < KIND * n}
    assert not lost


def test_roles_are_told_from_the_words_around_a_dose(read: Any) -> None:
    told = [(p["text"], d["role"], roles) for p, _, _, roles in read for d in p["doses"] if "role" in d]
    wrong = [row for row in told if row[1] not in row[2]]
    assert len(told) >= 10
    assert len(wrong) <= 0.2 * len(told), wrong


@pytest.mark.parametrize(
    "text",
    [
        "I take 10 mg twice a day. Over 50 and still working.",
        "Started on 10 mg twice a day and my pulse dropped, 150, 140 and then 120.",
    ],
)
def test_ages_and_pulses_are_no_dose(engine: Language, text: str) -> None:
    [reading] = nlp.read(engine, [{"id": "1", "text": text, "drug": "Baclofen"}])
    assert [d["mg_per_day"] for d in reading.record["doses"]] == [[20, 20]]
