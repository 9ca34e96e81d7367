"""The record of the gold form: what one post says of the treatments of its author, or of one other person."""

from typing import Any

from spacy.language import Language
from spacy.tokens import Doc

from nlp.component import Component, draft
from nlp.types import EFFECTS, Draft, Mention, Range, Treatment

_THEIRS = (*EFFECTS, "outcome")


class Report(Component):
    """Writes the record from what the other components found."""

    def __call__(self, doc: Doc) -> Doc:
        """Write Draft.record, and put the mentions in order of place."""
        d = draft(doc)
        told = [m for m in d.mentions if m.kind != "symptom"]  # with `claims` disabled nobody has decided on them
        if d.reporter == "caregiver":
            # "My wife takes it. Very drowsy all day": theirs, though no word of the sentence says so.
            told = [m._replace(whose="other") if m.whose == "self" and m.kind in _THEIRS else m for m in told]
        d.mentions = sorted(told, key=lambda m: (m.start, m.end, m.kind, m.concept))
        d.record = record(d) if not d.exclusion else empty_record(d.post.id)
        return doc


def empty_record(post_id: str) -> dict[str, Any]:
    """Give the record of a post that says nothing of any treatment."""
    return {
        "id": post_id,
        "reporter": "none",
        "conditions": [],
        "treatments": [],
        "doses": [],
        "outcomes": [],
        "side_effects": [],
        "notes": "",
    }


def record(d: Draft) -> dict[str, Any]:
    """Give the record: one line for each distinct dose, each substance x domain x direction, x effect x presence."""
    taken = {t.substance for t in d.treatments.values() if t.status == "taken"}
    return {
        "id": d.post.id,
        "reporter": d.reporter,
        "conditions": list(d.conditions),
        "treatments": [_treatment(t) for t in d.treatments.values()],
        "doses": _once(
            [
                _dose(m)
                for m in distinct([m for m in d.of("dose") if m.substance in d.treatments and m.detail != "increment"])
            ],
            ("substance", "mg", "mg_per_day", "status"),
        ),
        "outcomes": _once(
            [_outcome(m) for m in d.of("outcome") if m.substance in taken and counts(m)],
            ("substance", "domain", "direction"),
        ),
        "side_effects": _once(
            [_side_effect(m) for m in d.of("side_effect") if m.substance in taken and counts(m)],
            ("substance", "concept", "present"),
        ),
        "notes": "",
    }


def distinct(doses: list[Mention]) -> list[Mention]:
    """Give the doses without those that say again, and less fully, what another one says: "20 mg tid (60 mg a day)"."""
    kept: list[Mention] = []
    whole: set[tuple[str | None, bool, Range | None]] = set()  # single amounts whose daily total is known
    once: set[tuple[str | None, bool, Range | None]] = set()  # daily totals whose single amount is known
    first: dict[tuple[str | None, bool, Range | None], int] = {}
    totals: dict[tuple[str | None, bool, Range | None], int] = {}  # where a day's total is first said as such
    for m in doses:
        owner = (m.substance, m.status == "taken")
        if m.mg_per_day:
            whole.add((*owner, m.mg))
            day: tuple[str | None, bool, Range | None] = (*owner, m.mg_per_day)
            first[day] = min(m.start, first.get(day, m.start))
            if m.mg:
                once.add(day)
            else:
                totals.setdefault(day, m.start)
    taken = {(m.substance, m.mg, m.mg_per_day) for m in doses if m.status == "taken"}
    for m in doses:
        owner = (m.substance, m.status == "taken")
        if m.status != "taken" and (m.substance, m.mg, m.mg_per_day) in taken:
            continue  # "10 mg twice a day is what he told me to take, and 10 mg twice a day I took"
        day = (*owner, m.mg_per_day)
        if m.mg and m.mg_per_day is None and totals.get((*owner, m.mg), m.start) < m.start:
            continue  # "until I was taking 10,000 mg a day; yes, 10,000 mg"
        part = m.mg is not None and m.mg_per_day is None and (*owner, m.mg) in whole
        total = m.mg is None and (day in once or first.get(day, m.start) < m.start)
        if not (part or total):
            kept.append(m)
    return kept


def counts(m: Mention) -> bool:
    """Say whether an outcome or side effect is told as fact of the person that the post tells of."""
    return m.assertion != "hypothetical" and m.whose in ("self", "other")


def _treatment(t: Treatment) -> dict[str, Any]:
    return {
        "substance": t.substance,
        "status": t.status,
        "effect": (t.effect or "unclear") if t.status == "taken" else None,
        "stopped": t.stopped if t.status == "taken" else None,
        "duration_days": _pair(t.duration_days) if t.status == "taken" else None,
        "duration_quote": t.duration_quote if t.status == "taken" and t.duration_days else None,
    }


def _dose(m: Mention) -> dict[str, Any]:
    return {
        "substance": m.substance,
        "quote": m.quote,
        "mg": _pair(m.mg),
        "per_day": _number(m.per_day),
        "mg_per_day": _pair(m.mg_per_day),
        "status": m.status or "other",
    }


def _outcome(m: Mention) -> dict[str, Any]:
    return {"substance": m.substance, "domain": m.concept, "direction": m.direction, "quote": m.quote}


def _side_effect(m: Mention) -> dict[str, Any]:
    return {"substance": m.substance, "concept": m.concept, "present": bool(m.present), "quote": m.quote}


def _once(rows: list[dict[str, Any]], key: tuple[str, ...]) -> list[dict[str, Any]]:
    seen: set[str] = set()
    out: list[dict[str, Any]] = []
    for row in rows:
        mark = repr([row[k] for k in key])
        if mark not in seen:
            seen.add(mark)
            out.append(row)
    return out


def _pair(value: Range | None) -> list[float | int] | None:
    return None if value is None else [_whole(value[0]), _whole(value[1])]


def _number(value: float | None) -> float | int | None:
    return None if value is None else _whole(value)


def _whole(value: float) -> float | int:
    value = round(value, 4)
    return int(value) if value == int(value) else value


Language.factory("doselore_report", func=Report)
