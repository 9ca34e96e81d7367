"""A corpus of known truth: persons with known courses, written into the records of posts, not into text."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from typing import Any

from pipeline import batches, corpus, extract, staging, study
from pipeline.door import Door
from pipeline.home import Home
from pipeline.post import Batch, Post
from pipeline.staging import SourceRow

KEY = b"0123456789abcdef0123456789abcdef"
START = datetime(2020, 1, 1, tzinfo=UTC)


@dataclass(frozen=True)
class Told:
    """One report of a person: day since the first, and what is told of one treatment. mg: per day, None: not said."""

    day: int
    substance: str = "baclofen"
    effect: str = "unclear"
    mg: float | None = None
    stopped: bool | None = None
    days: float | None = None
    conditions: tuple[str, ...] = ("alcohol_use",)
    outcomes: tuple[tuple[str, str], ...] = ()
    side_effects: tuple[tuple[str, bool], ...] = ()
    reporter: str = "self"
    details: tuple[tuple[str, str], ...] = ()  # concept of a side effect, and how severe it was or how it went

    def mentions(self) -> list[dict[str, Any]]:
        """Give the mentions that carry the details."""
        there = {"cue": None, "cue_start": None, "cue_end": None, "role": None, "derivation": None, "whose": "self"}
        return [
            {**there, "kind": "side_effect", "concept": c, "substance": self.substance, "quote": c, "span_start": 0,
             "span_end": 1, "assertion": "present", "detail": detail}
            for c, detail in self.details
        ]  # fmt: skip

    def record(self) -> dict[str, Any]:
        s = self.substance
        treatment = {"substance": s, "status": "taken", "effect": self.effect, "stopped": self.stopped,
                     "duration_days": None if self.days is None else [self.days] * 2, "duration_quote": None}  # fmt: skip
        dose = {
            "substance": s,
            "quote": "q",
            "mg": None,
            "per_day": None,
            "mg_per_day": [self.mg] * 2,
            "status": "taken",
        }
        return {
            "reporter": self.reporter,
            "conditions": list(self.conditions),
            "treatments": [treatment],
            "doses": [] if self.mg is None else [dose],
            "outcomes": [{"substance": s, "domain": d, "direction": w, "quote": "q"} for d, w in self.outcomes],
            "side_effects": [{"substance": s, "concept": c, "present": p, "quote": c} for c, p in self.side_effects],
            "notes": "",
        }


def write(home: Home, told: Sequence[tuple[str | None, Told]], first: int = 0, source: str = "board") -> None:
    """Write reports into the corpus as if posts had been collected and read; `first`: number of the first post."""
    posts = tuple(
        Post(str(n), "q", author=who, posted_at=START + timedelta(days=t.day)) for n, (who, t) in enumerate(told, first)
    )
    with staging.Staging(home, SourceRow(source, "board", "board"), Door(KEY)) as aside:
        aside.add(Batch(posts=posts))
    staging.merge(home)
    lines = [
        {"post_id": f"{source}:{n}", "text_sha256": "", "version": "1", "extracted_at": corpus.now().isoformat(),
         "language": "en", "excluded": None, "age_years": None, "sex": None, "record": t.record(), "mentions": t.mentions()}
        for n, (_, t) in enumerate(told, first)
    ]  # fmt: skip
    with corpus.writing(home) as con:
        corpus.publish(con, study.load("baclofen"))
        extract.merge_bytes(con, b"".join(map(batches.flat, lines)))


def ask(home: Home, sql: str) -> list[dict[str, Any]]:
    with corpus.reading(home) as con:
        cursor = con.execute(sql)
        names = [d[0] for d in cursor.description or []]
        return [dict(zip(names, row, strict=True)) for row in cursor.fetchall()]
