"""What was fetched, when, as whom and under which terms: the ledgers, crawl by crawl, as the table `crawl`."""

import json
from collections import Counter
from collections.abc import Iterable
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from pipeline import corpus, ledger
from pipeline.home import Home

_TEXT = (
    "source_id", "crawl_id", "kind", "approval", "approval_date", "terms", "terms_sha256", "user_agent", "started_at",
    "first_request_at", "last_request_at", "ended", "chain", "answers",
)  # fmt: skip
_STATE = "crawl_state"  # key of meta: a fingerprint of what the ledgers said when table `crawl` was written


@dataclass(slots=True)
class Crawl:
    """One crawl of one source. Times: ISO 8601, UTC; answers: by status, "0" for requests that got none."""

    source: str
    crawl_id: str
    told: dict[str, Any] = field(default_factory=dict[str, Any])
    started_at: str | None = None
    first: str | None = None
    last: str | None = None
    terms_sha256: str | None = None
    robots: dict[str, None] = field(default_factory=dict[str, None])
    answers: Counter[str] = field(default_factory=Counter[str])
    refused: int = 0
    bytes: int = 0
    posts: int | None = None
    ended: str | None = None

    def add(self, row: dict[str, Any]) -> None:
        """Take in one line of its ledger."""
        kind = row.get("kind")
        if kind == "crawl started":
            self.told, self.started_at = row, row.get("at")
        elif kind == "terms":
            self.terms_sha256 = row.get("sha256") or self.terms_sha256
        elif kind == "robots" and row.get("sha256"):
            self.robots[str(row["sha256"])] = None
        elif kind == "crawl finished":
            self.ended, self.posts = str(row.get("end")), row.get("posts")
        elif kind == "request" and "refused" in row:
            self.refused += 1
        elif kind == "request":
            self.first = self.first or row.get("at")
            self.last = row.get("at")
            self.answers[str(row.get("status"))] += 1
            self.bytes += int(row.get("bytes") or 0)

    def row(self, chain: str) -> dict[str, Any]:
        """Give its row of table `crawl`."""
        approval = self.told.get("approval") or {}
        return {
            "source_id": self.source,
            "crawl_id": self.crawl_id,
            "kind": self.told.get("source_kind"),
            "approval": approval.get("basis"),
            "approval_date": approval.get("date"),
            "terms": self.told.get("terms"),
            "terms_sha256": self.terms_sha256,
            "robots_sha256": list(self.robots),
            "user_agent": self.told.get("user_agent"),
            "requests": self.answers.total(),
            "answers": json.dumps(dict(sorted(self.answers.items()))),
            "refused": self.refused,
            "bytes": self.bytes,
            "posts": self.posts,
            "started_at": self.started_at,
            "first_request_at": self.first,
            "last_request_at": self.last,
            "ended": self.ended or "not finished",
            "chain": chain,
        }


def crawls(source: str, rows: Iterable[dict[str, Any]]) -> list[Crawl]:
    """Give the crawls that a ledger tells of, oldest first."""
    found: dict[str, Crawl] = {}
    for row in rows:
        crawl_id = str(row.get("crawl"))
        found.setdefault(crawl_id, Crawl(source, crawl_id)).add(row)
    return list(found.values())


def ledgers(home: Home) -> list[Path]:
    """Give the paths of all ledgers of a home."""
    return sorted((home.root / "ledger").glob("*.ndjson"))


def fault(home: Home, path: Path) -> ledger.Fault | None:
    """Give where a ledger was changed after it was written, by its own chain and by what the corpus remembers of it."""
    return ledger.verify(path, _remembered(home, path.stem))


def refresh(home: Home) -> None:
    """Write table `crawl` anew from the ledgers, and remember where each ends, so that a rewritten one shows."""
    rows: list[dict[str, Any]] = []
    ends: dict[str, str] = {}
    for path in ledgers(home):
        wrong = fault(home, path)
        chain = f"line {wrong.line} {wrong.what}" if wrong else "ok"
        rows += [crawl.row(chain) for crawl in crawls(path.stem, ledger.rows(path))]
        end = ledger.end(path)
        if end and not wrong:
            ends[f"ledger:{path.stem}"] = f"{end[0]} {end[1]}"
    if not home.corpus.exists() and not rows:
        return
    said = corpus.fingerprint(rows, ends)
    if home.corpus.exists() and not _news(home, rows, said):
        return  # to open a large corpus to write takes a second
    import pyarrow as pa

    schema: Any = pa.schema(
        [
            *((name, pa.string()) for name in _TEXT),
            ("robots_sha256", pa.list_(pa.string())),
            *((name, pa.int64()) for name in ("requests", "refused", "bytes", "posts")),
        ]
    )
    with corpus.writing(home) as con:
        con.register("told_crawl", pa.Table.from_pylist(rows, schema=schema))
        con.execute("truncate crawl")
        con.execute("insert into crawl by name select * from told_crawl")
        con.unregister("told_crawl")
        for key, value in {**ends, _STATE: said}.items():
            con.execute("insert or replace into meta values (?, ?)", [key, value])


def _news(home: Home, rows: list[dict[str, Any]], said: str) -> bool:
    """Tell whether the ledgers say anything else than when they were last written into the corpus."""
    with corpus.reading(home) as con:
        held = con.execute(f"select value from meta where key = '{_STATE}'").fetchone()
        there = con.execute("select count(*) from crawl").fetchone()
    return there != (len(rows),) or (bool(rows) and held != (said,))


def _remembered(home: Home, source: str) -> tuple[int, str] | None:
    if not home.corpus.exists():
        return None
    with corpus.reading(home) as con:
        rows = con.execute("select key, value from meta").fetchall()  # without a parameter, which would load pandas
    lines, _, own = dict(rows).get(f"ledger:{source}", "").partition(" ")
    return (int(lines), own) if lines.isdigit() else None
