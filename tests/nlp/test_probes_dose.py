"""Probes of daily doses, of stopping and of how long: phrases of forum prose, and numbers that are no dose.

A dose probe says `days`, the mg per day that were taken, and `mg`, the single amounts; or `none`, that no dose is
named. A course probe says `stopped` and `days`, how long the medicine was taken, null if that is not said.
"""

import json
from pathlib import Path
from typing import Any

import pytest
from spacy.language import Language

import nlp
from nlp.types import Reading

HERE = Path(__file__).parent


@pytest.fixture(scope="module")
def engine() -> Language:
    return nlp.load()


def readings(engine: Language, kind: str) -> list[tuple[dict[str, Any], Reading]]:
    """Read each probe's text as a review of its drug."""
    lines = (HERE / f"probes_{kind}.jsonl").read_text(encoding="utf-8").splitlines()
    probes: list[dict[str, Any]] = [json.loads(line) for line in lines if line.strip()]
    posts = [{"id": str(n), "text": p["text"], "drug": p.get("drug", "Baclofen")} for n, p in enumerate(probes)]
    return list(zip(probes, nlp.read(engine, posts), strict=True))


def ranges(doses: list[dict[str, Any]], field: str) -> list[list[float]]:
    """Give the different values of a field of the doses, in order of size."""
    return [list(pair) for pair in sorted({tuple(round(x, 4) for x in d[field]) for d in doses if d[field]})]


def of_doses(probe: dict[str, Any], reading: Reading) -> str | None:
    """Give what was misread of the doses, None if nothing was."""
    doses = reading.record["doses"]
    taken = ranges([d for d in doses if d["status"] == "taken"], "mg_per_day")
    once = ranges(doses, "mg")
    if probe.get("none") and doses:
        return f"{probe['text']}: doses {taken} {once}"
    if "days" in probe and taken != sorted(probe["days"]):
        return f"{probe['text']}: mg a day {taken}"
    if "mg" in probe and once != sorted(probe["mg"]):
        return f"{probe['text']}: mg {once}"
    return None


def of_course(probe: dict[str, Any], reading: Reading) -> str | None:
    """Give what was misread of stopping or of the length of time, None if nothing was."""
    own = next((t for t in reading.record["treatments"] if t["substance"] == "baclofen"), None)
    if own is None or own["status"] != "taken":
        return f"{probe['text']}: not taken"
    if "stopped" in probe and bool(own["stopped"]) != probe["stopped"]:
        return f"{probe['text']}: stopped {own['stopped']}"
    if "days" in probe and not near(own["duration_days"], probe["days"]):
        return f"{probe['text']}: {own['duration_days']} days"
    return None


def near(found: list[float] | None, wanted: list[float] | None) -> bool:
    """Say whether two lengths of time are the same to a day."""
    if found is None or wanted is None:
        return found is wanted
    return all(abs(a - b) <= 1 for a, b in zip(found, wanted, strict=True))


@pytest.mark.parametrize(("kind", "least"), [("dose", 60), ("course", 30)])
def test_doses_and_courses_are_read_right_in_nineteen_of_twenty_probes(engine: Language, kind: str, least: int) -> None:
    read = readings(engine, kind)
    judge = of_doses if kind == "dose" else of_course
    wrong = [said for probe, reading in read if (said := judge(probe, reading))]
    assert len(read) >= least
    assert len(wrong) <= len(read) * 0.05, "\n".join(wrong)
