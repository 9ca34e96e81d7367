"""Probes written for this: forum denials, other people's experiences, and what was before or may yet be."""

import json
from pathlib import Path
from typing import Any

import pytest
from spacy.language import Language

import nlp
from nlp.types import Reading

HERE = Path(__file__).parent
KINDS = ("negation", "experiencer", "time")


def probes(kind: str) -> list[dict[str, Any]]:
    lines = (HERE / f"probes_{kind}.jsonl").read_text(encoding="utf-8").splitlines()
    return [json.loads(line) for line in lines if line.strip()]


@pytest.fixture(scope="module")
def engine() -> Language:
    return nlp.load()


def holds(reading: Reading, probe: dict[str, Any]) -> bool:
    """Say whether the record of a review with the probe's text says what the probe expects."""
    expect = probe["expect"]
    if "outcome" in probe:
        directions = {o["direction"] for o in reading.record["outcomes"] if o["domain"] == probe["outcome"]}
        return expect.removeprefix("not ") not in directions if expect.startswith("not ") else expect in directions
    found = [s["present"] for s in reading.record["side_effects"] if s["concept"] == probe["side_effect"]]
    if expect in ("present", "counted", "mine", "other"):
        if expect == "other":
            mentions = [m for m in reading.mentions if m.kind == "side_effect" and m.concept == probe["side_effect"]]
            return True in found and any(m.whose == "other" for m in mentions)
        return True in found
    if expect == "denied":
        return found == [False]
    return True not in found


def result(engine: Language, kind: str) -> tuple[float, list[str]]:
    asked = probes(kind)
    posts = [{"id": str(n), "text": p["text"], "drug": "Baclofen", "condition": "Other"} for n, p in enumerate(asked)]
    wrong = [p["text"] for p, r in zip(asked, nlp.read(engine, posts), strict=True) if not holds(r, p)]
    return 1 - len(wrong) / len(asked), wrong


@pytest.mark.parametrize("kind", KINDS)
def test_forum_prose_is_read_right_in_nineteen_of_twenty_probes(engine: Language, kind: str) -> None:
    share, wrong = result(engine, kind)
    assert len(probes(kind)) >= 25
    assert share >= 0.95, wrong
