"""Probes written for this: ages, sexes, roles and headings, and what looks like one of them and is none."""

import json
from pathlib import Path
from typing import Any

import nlp

PROBES: list[dict[str, Any]] = [
    json.loads(line)
    for line in (Path(__file__).parent / "probes_person.jsonl").read_text(encoding="utf-8").splitlines()
    if line.strip()
]


def test_age_and_sex_are_read_right_in_nineteen_of_twenty_probes() -> None:
    posts = [{"id": str(n), "text": p["text"]} for n, p in enumerate(PROBES)]
    read = nlp.read(nlp.load(), posts)
    wrong = [
        (p["text"], r.person)
        for p, r in zip(PROBES, read, strict=True)
        if (r.person.age, r.person.sex) != (p["age"], p["sex"])
    ]
    assert len(PROBES) >= 60
    assert 1 - len(wrong) / len(PROBES) >= 0.95, wrong
