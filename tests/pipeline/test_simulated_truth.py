"""A wide corpus of known truth is recovered exactly: who wrote unknown, of somebody else, on several treatments and for
several conditions, with contradictions, and with doses, effects and durations left out."""

import random
from collections import Counter, defaultdict
from pathlib import Path
from typing import Any

import pytest

from pipeline.home import Home
from tests.pipeline.simulated import Told, ask, write
from tests.pipeline.test_course import truth

CONDITIONS = ("alcohol_use", "anxiety", "spasticity")
Key = tuple[frozenset[int], str, str]  # the person's reports, treatment, condition


def corpus_of(seed: int) -> list[tuple[str | None, Told]]:
    rng = random.Random(seed)
    told: list[tuple[str | None, Told]] = []
    for n in range(90):
        for day in sorted(rng.sample(range(400), rng.randint(1, 6))):
            one = Told(
                day,
                rng.choice(["baclofen", "baclofen", "naltrexone", "acamprosate"]),
                rng.choice(["unclear", "no_effect", "partly", "worked", "harmful"]),
                rng.choice([None, None, 10.0, 30.0, 60.0, 120.0, 270.0]),
                rng.choice([None, None, False, True]),
                conditions=rng.choice([(), (), ("alcohol_use",), ("anxiety",), ("alcohol_use", "spasticity")]),
                outcomes=rng.choice([(), (("craving", "improved"),), (("craving", "worsened"),), (("craving", "unchanged"),)]),
                side_effects=rng.choice([(), (("nausea", True),), (("nausea", False),), (("nausea", True), ("dizziness", False))]),
                reporter=rng.choice(["self", "self", "self", "caregiver", "none"]),
            )  # fmt: skip
            told.append((None if rng.random() < 0.15 else f"sample_{n}", one))
    return told


def courses_of(told: list[tuple[str | None, Told]]) -> dict[Key, list[Told]]:
    """Give the reports of every course, in their order."""
    persons: dict[Any, list[int]] = defaultdict(list)
    for n, (author, one) in enumerate(told):
        if one.reporter != "none":
            persons[author or n, one.reporter].append(n)
    found: dict[Key, list[Told]] = {}
    for posts in persons.values():
        for substance in {told[n][1].substance for n in posts}:
            mine = [told[n][1] for n in posts if told[n][1].substance == substance]
            found[frozenset(posts), substance, "any"] = mine
            for condition in {c for t in mine for c in t.conditions}:
                counts = [t for t in mine if not t.conditions or condition in t.conditions]
                found[frozenset(posts), substance, condition] = counts
    return found


@pytest.fixture(scope="module", params=[1, 2])
def simulated(
    request: pytest.FixtureRequest, tmp_path_factory: pytest.TempPathFactory
) -> tuple[Home, dict[Key, list[Told]]]:
    home, told = Home(tmp_path_factory.mktemp("truth")), corpus_of(request.param)
    write(home, told)
    return home, courses_of(told)


def test_every_course_is_recovered(simulated: tuple[Home, dict[Key, list[Told]]]) -> None:
    home, courses = simulated
    posts: dict[str, list[int]] = defaultdict(list)
    for r in ask(home, "select person_id, native_id::int as n from kept_report join post using (post_id)"):
        posts[r["person_id"]].append(r["n"])
    expected = {key: truth(reports) for key, reports in courses.items()}
    columns = list(next(iter(expected.values())))
    found = {
        (frozenset(posts[r["person_id"]]), r["substance"], r["condition"]): {k: r[k] for k in columns}
        for r in ask(home, "from course")
    }
    assert len(expected) > 300
    assert found.keys() == expected.keys()
    assert found == expected


def test_every_count_of_the_outcome_table_is_recovered(simulated: tuple[Home, dict[Key, list[Told]]]) -> None:
    home, courses = simulated
    expected: dict[tuple[str, str], Counter[str]] = defaultdict(Counter)
    for (_, substance, condition), reports in courses.items():
        made = truth(reports)
        line = expected[condition, substance]
        line.update({"persons": 1, "posts": len(reports), made["effect"]: 1})
        line.update({"stopped": bool(made["stopped"]), "contradicted": made["contradicted"]})
        line.update({"benefit": made["effect"] in ("worked", "partly"), "denominator": made["effect"] != "unclear"})
    rows = ask(home, "from outcome_by_treatment")
    assert {(r["condition"], r["substance"]) for r in rows} == expected.keys()
    for row in rows:
        line = expected[row["condition"], row["substance"]]
        assert row["missing"] == line.pop("unclear", 0)
        assert {k: row[k] for k in line} == dict(line)


def test_every_count_of_side_effects_is_recovered(simulated: tuple[Home, dict[Key, list[Told]]]) -> None:
    home, courses = simulated
    takers: Counter[str] = Counter()
    present: Counter[tuple[str, str]] = Counter()
    denied: Counter[tuple[str, str]] = Counter()
    both: Counter[tuple[str, str]] = Counter()
    for (_, substance, condition), reports in courses.items():
        if condition != "any":
            continue
        takers[substance] += 1
        said: dict[str, set[bool]] = defaultdict(set)
        for concept, there in (s for t in reports for s in t.side_effects):
            said[concept].add(there)
        for concept, told in said.items():
            present[substance, concept] += True in told
            denied[substance, concept] += told == {False}
            both[substance, concept] += len(told) == 2
    rows = ask(home, "from side_effect_rate")
    assert {(r["substance"], r["concept"]) for r in rows} == present.keys()
    for row in rows:
        key = row["substance"], row["concept"]
        assert (row["persons_present"], row["denied"], row["contradicted"]) == (present[key], denied[key], both[key])
        assert row["denominator"] == takers[row["substance"]]
        assert row["not_said"] == row["denominator"] - row["persons_present"] - row["denied"]


def test_who_is_on_two_treatments_is_compared_as_they_say(simulated: tuple[Home, dict[Key, list[Told]]]) -> None:
    home, courses = simulated
    order = ("harmful", "no_effect", "partly", "worked")
    expected: dict[tuple[str, str], Counter[str]] = defaultdict(Counter)
    for (person, substance, condition), reports in courses.items():
        index = courses.get((person, "baclofen", condition))
        if substance == "baclofen" or index is None:
            continue
        line = expected[substance, condition]
        line["persons"] += 1
        a, b = (truth(r)["effect"] for r in (index, reports))
        if "unclear" in (a, b):
            line["missing"] += 1
        else:
            gap = order.index(a) - order.index(b)
            line["index_better" if gap > 0 else "comparator_better" if gap < 0 else "equal"] += 1
    rows = ask(home, "from comparison where kind = 'same person'")
    names = ("persons", "missing", "index_better", "comparator_better", "equal")
    assert {(r["comparator"], r["condition"]): [r[n] for n in names] for r in rows} == {
        key: [line[n] for n in names] for key, line in expected.items()
    }


def test_bands_hold_the_persons_of_their_highest_dose(simulated: tuple[Home, dict[Key, list[Told]]]) -> None:
    home, courses = simulated
    bands = ask(home, "select label, low, coalesce(high, 1e9) as high from dose_band where substance = 'baclofen'")
    persons: Counter[str] = Counter()
    improved: Counter[str] = Counter()
    for (_, substance, condition), reports in courses.items():
        made = truth(reports)
        if (substance, condition) != ("baclofen", "any") or made["peak_mg_per_day"] is None:
            continue
        label = next(b["label"] for b in bands if b["low"] < made["peak_mg_per_day"] <= b["high"])
        persons[label] += 1
        improved[label] += made["effect"] in ("worked", "partly")
    rows = ask(home, "from outcome_by_dose where substance = 'baclofen' and domain = 'effect'")
    assert {r["dose_band"]: (r["persons"], r["improved"]) for r in rows} == {
        k: (v, improved[k]) for k, v in persons.items()
    }


def test_the_flow_says_what_became_of_every_post(tmp_path: Path) -> None:
    home, told = Home(tmp_path), corpus_of(3)
    write(home, told)
    flow = {(r["stage"], r["reason"]): r["posts"] for r in ask(home, "from flow")}
    kinds = Counter(t.reporter for _, t in told)
    assert flow["seen", ""] == flow["kept", ""] == len(told)
    assert flow["left out", "nobody's experience is reported"] == kinds["none"]
    assert flow["with a report of an experience", ""] == kinds["self"] + kinds["caregiver"]
    assert flow["with a first-person report", ""] == kinds["self"]
