"""What was run, and by which rules: versions, hashes, study, thresholds; and how good the reading of posts is."""

import hashlib
import json
import re
from dataclasses import dataclass
from functools import cache
from importlib.metadata import PackageNotFoundError, metadata
from pathlib import Path
from typing import Any

import duckdb

import data
import nlp.version
from pipeline import corpus

_README = Path(__file__).resolve().parents[2] / "README.md"
_CHAPTER = re.compile(r"^## How good is it$(.*?)(?=^## |\Z)", re.MULTILINE | re.DOTALL)
_BLOCK = re.compile(r"```text\n(.*?)```", re.DOTALL)
_LINE = re.compile(r"^(\S.*?)\s{2,}(\S+)\s+(\S+)\s+(\S+)\s+(\d+)\s*$", re.MULTILINE)


@dataclass(frozen=True, slots=True)
class Ran:
    """What was run. readers: extractor versions whose records are in the corpus, with their posts; current: today's.

    files: hash of each lexicon and model; settings: the study as it was used, key and value as JSON; day: of the newest
    capture, UTC.
    """

    product: str
    readers: tuple[tuple[str, int], ...]
    current: str
    views: str
    files: tuple[tuple[str, str], ...]
    settings: tuple[tuple[str, str], ...]
    day: str
    first: str
    last: str


@dataclass(frozen=True, slots=True)
class Score:
    """One line of the table of how well posts are read. precision, recall: "" for an accuracy."""

    field: str
    precision: str
    recall: str
    value: str
    n: int


def ran(con: duckdb.DuckDBPyConnection) -> Ran:
    """Read what was run from the corpus and the installation."""
    readers = con.execute("select version, count(*) from extraction group by version order by 2 desc, 1").fetchall()
    days = con.execute(
        "select strftime(max(captured_at), '%Y-%m-%d'), strftime(min(posted_at), '%Y-%m-%d'), "
        "strftime(max(posted_at), '%Y-%m-%d') from post"
    ).fetchone() or (None, None, None)
    held = con.execute("select settings from study").fetchone()
    settings: dict[str, Any] = json.loads(held[0]) if held else {}
    return Ran(
        corpus.product_version(),
        tuple((str(v), int(n)) for v, n in readers),
        nlp.version.VERSION,
        corpus.views_hash(),
        files(),
        tuple(
            (k, json.dumps(v, ensure_ascii=False, sort_keys=True))
            for k, v in settings.items()
            if v not in ([], {}, None)
        ),
        *(str(d or "") for d in days),
    )


@cache
def files() -> tuple[tuple[str, str], ...]:
    """Give each lexicon, model and benchmark file with the first twelve digits of its SHA-256."""
    found = [p for folder in ("lexicons", "models") for p in sorted(data.path(folder).iterdir()) if p.is_file()]
    found = [p for p in found if p.suffix != ".md"] + [data.path("benchmarks.toml")]
    return tuple((p.name, hashlib.sha256(p.read_bytes()).hexdigest()[:12]) for p in found)


def scores() -> list[tuple[str, list[Score]]]:
    """Give the tables of the README's chapter on how good the reading is, each with the words before it."""
    chapter = _CHAPTER.search(_readme())
    if chapter is None:
        return []
    made: list[tuple[str, list[Score]]] = []
    text, at = chapter.group(1), 0
    for block in _BLOCK.finditer(text):
        lines = [
            Score(field, _figure(precision), _figure(recall), _figure(value), int(n))
            for field, precision, recall, value, n in _LINE.findall(block.group(1))
        ]
        words = re.sub(r"<!--.*?-->|\*\*|`", "", text[at : block.start()], flags=re.DOTALL)
        at = block.end()
        if lines:
            made.append((" ".join(words.split()), lines))
    return made


def _figure(text: str) -> str:
    return "" if text == "nan" else text


def _readme() -> str:
    if _README.is_file():
        return _README.read_text(encoding="utf-8")
    try:
        told: Any = metadata("doselore")
    except PackageNotFoundError:
        return ""
    return str(told.get_payload() or "")
